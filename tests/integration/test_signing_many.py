"""Many files signed in one run: one result each, stopped and started again, none twice; on the command line too."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.cli.app import run
from pipeline.errors import BusyError, RefusedError
from pipeline.signatures import FileKey, Holder, Level, Plan, Signed, prepare
from pipeline.signatures.many import JOURNAL, STAGE, Outcome, sign_many
from tests import signing_papers as papers
from tests.pki import PASSPHRASE, Pki, Token

AT = datetime(2026, 11, 24, tzinfo=UTC)
HOLDER = Holder("A", "B", "C", "1", "ab" * 32, AT, AT)


class Pen:
    """Counts signatures; breaks where a test says so."""

    def __init__(self) -> None:
        self.signed: list[str] = []
        self.breaks = ""

    def __call__(self, source: Path, target: Path) -> Signed:
        if source.read_bytes() == b"bad":
            raise RefusedError("field-missing", path=source.name, field="x")
        self.signed.append(source.name)
        target.write_bytes(source.read_bytes() + b" signed")
        return Signed(target, "", 1, "x", HOLDER, AT, Level.B_B, Level.B_B)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{name}.pdf" for name in ("a", "b", "c")]
    for path in made:
        path.write_bytes(path.name.encode())
    return made


def test_each_file_has_its_result_and_a_bad_one_stops_nobody(files: list[Path], tmp_path: Path) -> None:
    files[1].write_bytes(b"bad")
    pen = Pen()
    results = list(sign_many([*files, tmp_path / "gone.pdf"], tmp_path / "out", "ab", pen))
    assert [result.outcome.value for result in results] == ["signed", "failed", "signed", "failed"]
    assert [result.error.code for result in results if result.error] == ["field-missing", "file-gone"]
    assert (tmp_path / "out" / "c.pdf").read_bytes() == b"c.pdf signed"


def test_run_again_nothing_is_signed_twice_even_when_the_results_were_taken_away(
    files: list[Path], tmp_path: Path
) -> None:
    pen = Pen()
    list(sign_many(files, tmp_path / "out", "ab", pen))
    (tmp_path / "out" / "a.pdf").unlink()
    again = list(sign_many(files, tmp_path / "out", "ab", pen))
    assert {result.outcome for result in again} == {Outcome.ALREADY}
    assert pen.signed == ["a.pdf", "b.pdf", "c.pdf"]


def test_the_same_file_under_two_names_is_signed_once(files: list[Path], tmp_path: Path) -> None:
    files[1].write_bytes(files[0].read_bytes())
    pen = Pen()
    results = list(sign_many(files, tmp_path / "out", "ab", pen))
    assert [result.outcome.value for result in results] == ["signed", "already", "signed"]


def test_another_person_may_sign_the_same_file(files: list[Path], tmp_path: Path) -> None:
    pen = Pen()
    list(sign_many(files[:1], tmp_path / "out", "a" * 16, pen))
    other = list(sign_many(files[:1], tmp_path / "out", "b" * 16, pen))
    assert [result.outcome for result in other] == [Outcome.SIGNED]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.pdf")) == ["a-2.pdf", "a.pdf"]


@pytest.mark.parametrize("moment", ["after the signature", "after the note"])
def test_a_run_that_was_killed_goes_on_without_a_second_signature(
    moment: str, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed: an exception that nothing catches, at the two places where a power cut would hurt."""
    from pipeline.signatures import many

    class KilledError(BaseException):
        pass

    def die(*_: object) -> None:
        raise KilledError

    pen = Pen()
    with monkeypatch.context() as patch:
        if moment == "after the signature":
            patch.setattr(many._Journal, "note", die)
        else:
            patch.setattr(many, "_publish", die)
        with pytest.raises(KilledError):
            list(sign_many(files, tmp_path / "out", "ab", pen))
    assert not (tmp_path / "out" / "a.pdf").exists()
    results = list(sign_many(files, tmp_path / "out", "ab", pen))
    assert [result.outcome.value for result in results] == ["already", "signed", "signed"]
    assert pen.signed == ["a.pdf", "b.pdf", "c.pdf"]
    assert (tmp_path / "out" / "a.pdf").read_bytes() == b"a.pdf signed"


def test_a_line_that_a_crash_cut_off_hides_no_other(files: list[Path], tmp_path: Path) -> None:
    pen = Pen()
    list(sign_many(files[:1], tmp_path / "out", "ab", pen))
    with (tmp_path / "out" / STAGE / JOURNAL).open("ab") as journal:
        journal.write(b'\n{"file": "12')
    list(sign_many(files, tmp_path / "out", "ab", pen))
    list(sign_many(files, tmp_path / "out", "ab", pen))
    assert pen.signed == ["a.pdf", "b.pdf", "c.pdf"]


def test_two_runs_into_one_folder_do_not_mix(files: list[Path], tmp_path: Path) -> None:
    first = sign_many(files, tmp_path / "out", "ab", Pen())
    next(first)
    with pytest.raises(BusyError):
        next(sign_many(files, tmp_path / "out", "ab", Pen()))
    first.close()


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "van-ban-di" / "trinh-ky"
    folder.mkdir(parents=True)
    for name in ("mot.pdf", "hai.pdf"):
        draft = papers.draft(
            tmp_path / name, date=papers.DATE if name == "mot.pdf" else papers.DATE.replace("2026", "2027")
        )
        prepare(draft, folder / name, Plan())
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def descriptor() -> Iterator[int]:
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE + b"\n")
    os.close(writing)
    yield reading
    os.close(reading)


@pytest.mark.integration
def test_a_batch_signs_a_folder_and_says_so_line_by_line(
    submitted: Path, descriptor: int, pki: Pki, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(
        ["sign", "batch", str(submitted), "--key", str(pki.pfx("leader")), "--secret-fd", str(descriptor), "--json"]
    )
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert code == 0
    assert [line["outcome"] for line in lines] == ["signed", "signed"]
    assert {line["signer"] for line in lines} == {"Nguyễn Văn Ả"}
    assert sorted(path.name for path in (submitted.parent / "da-ky").glob("*.pdf")) == ["hai.pdf", "mot.pdf"]


@pytest.mark.integration
@pytest.mark.parametrize(("names", "code"), [(["mot.pdf", "none.pdf"], 3), (["none.pdf"], 4)])
def test_the_exit_code_of_a_batch_counts(
    names: list[str], code: int, submitted: Path, descriptor: int, pki: Pki, capfd: pytest.CaptureFixture[str]
) -> None:
    listed = submitted / "list.txt"
    listed.write_text("\n".join(names) + "\n", encoding="utf-8")
    assert run(
        ["sign", "batch", str(listed), "--key", str(pki.pfx("leader")), "--secret-fd", str(descriptor), "--json"]
    ) == code  # fmt: skip
    assert len(capfd.readouterr().out.splitlines()) == len(names)


@pytest.mark.integration
def test_a_dangerous_file_is_not_signed(
    submitted: Path, descriptor: int, pki: Pki, capfd: pytest.CaptureFixture[str]
) -> None:
    import pikepdf

    with pikepdf.open(submitted / "mot.pdf", allow_overwriting_input=True) as pdf:
        pdf.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))
        pdf.save()
    code = run(["sign", "leader", str(submitted / "mot.pdf"), "--key", str(pki.pfx("leader")),
                "--secret-fd", str(descriptor), "--json"])  # fmt: skip
    assert code == 5
    assert json.loads(capfd.readouterr().out)["error"]["code"] == "sign-javascript"


@pytest.mark.integration
def test_a_wrong_pin_ends_the_command(submitted: Path, token: Token, capfd: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"000000")
    os.close(writing)
    code = run([
        "--lang", "vi", "sign", "leader", str(submitted / "mot.pdf"), "--module", str(token.module),
        "--token", token.label, "--label", "leader", "--secret-fd", str(reading),
    ])  # fmt: skip
    os.close(reading)
    assert code == 14
    assert "PIN" in capfd.readouterr().err


def test_without_a_terminal_the_secret_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.pdf").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
    assert run(["--lang", "en", "sign", "leader", "x.pdf", "--key", "k.p12"]) == 2
    assert "--secret-fd" in capfd.readouterr().err


def test_a_systemd_credential_is_taken(tmp_path: Path) -> None:
    from pipeline.cli.face import Face
    from pipeline.cli.signing import secret
    from pipeline.messages import catalogue

    (tmp_path / "vanthu-sign").write_text("bí mật\n", encoding="utf-8")
    assert secret(Face(catalogue("vi")), -1, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "bí mật"


def test_the_key_comes_from_options_or_configuration(tmp_path: Path) -> None:
    from pipeline.cli.signing import key_source
    from pipeline.errors import UsageError
    from pipeline.settings import settings_from

    none = {"to": "", "key": "", "module": "", "token": "", "label": "", "picture": ""}
    configured = settings_from({"signing": {"key": "ca-nhan.p12"}}, tmp_path)
    assert key_source(configured, none) == FileKey(tmp_path / "ca-nhan.p12")
    assert key_source(configured, {**none, "key": "x.p12"}) == FileKey(Path("x.p12"))
    with pytest.raises(UsageError, match="token-incomplete"):
        key_source(configured, {**none, "token": "t"})
    with pytest.raises(UsageError, match="key-not-named"):
        key_source(settings_from({}, tmp_path), none)
