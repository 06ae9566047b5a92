"""The seal service through its own socket: what it seals, what it refuses, and that a row has one seal."""

from __future__ import annotations

import json
import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdfium2 import PdfDocument

from pipeline.database import Database
from pipeline.database.tables import EventRow, OutgoingRow
from pipeline.errors import ConfigurationError, RefusedError, SigningError, UsageError, VanthuError
from pipeline.files import sha256_of
from pipeline.sealer import SealClient, Sealed, protocol, service
from pipeline.sealer.journal import Journal
from pipeline.sealer.rules import WrongSecretError
from pipeline.settings import Signing
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import sealing, signed_papers
from tests.pki import Pki
from tests.sealing import ME, registered, seal_settings, serving, signatory, signed_file

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with Pki(tmp_path_factory.mktemp("pki")) as made:
        yield made


@pytest.fixture(scope="module")
def paper(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the leader signed: only looked at."""
    return signed_file(tmp_path_factory.mktemp("paper"), pki)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Database]:
    database = sealing.new_register(tmp_path)
    yield database
    database.close()


def release(client: SealClient, signed: sealing.Signed, nonce: str = "n1") -> None:
    client.authorise(signed.row, signed.sha256, nonce)


def code_of(caught: pytest.ExceptionInfo[VanthuError]) -> str:
    return caught.value.code


def test_a_released_document_is_numbered_and_sealed_as_the_register_says(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper, issued=date(2026, 11, 24))
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        sealed = client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")

    assert sealed.officer == ME
    assert (tmp_path / "out.pdf").read_bytes().startswith(paper.read_bytes())
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        values = {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields if "/FT" in field}
    assert (values["SoVanBan"], values["NgayVanBan"], values["ThangVanBan"]) == ("01", "24", "11")
    report = judge(tmp_path / "out.pdf", signed_papers.anchors(pki), sealed.at, online=True)
    assert report.verdict is Verdict.VALID
    assert len(PdfDocument(tmp_path / "out.pdf")) == 1


def test_nothing_is_sealed_that_no_officer_released(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client, pytest.raises(RefusedError) as caught:
        client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(caught) == "not-released"
    assert not (tmp_path / "out.pdf").exists()


def test_a_row_is_sealed_once_and_gives_the_same_bytes_again(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    settings = seal_settings(tmp_path, pki)
    with serving(pki, settings, register) as client:
        release(client, signed)
        first = client.seal(signed.row, signed.sha256, signed.path, tmp_path / "a.pdf")
    with serving(pki, settings, register) as client:  # started anew: what counts is the journal
        again = client.seal(signed.row, signed.sha256, signed.path, tmp_path / "b.pdf")
    assert again == first
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_sealed_file_gets_no_second_number(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        client.seal(signed.row, signed.sha256, signed.path, tmp_path / "a.pdf")
        with register.write() as session:  # a register that somebody tampered with
            session.query(OutgoingRow).delete()
        other = registered(register, paper)
        with pytest.raises(RefusedError) as caught:
            release(client, other, "n2")
    assert code_of(caught) == "file-sealed-already"


def test_a_release_is_good_for_its_own_file_only(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    signed = registered(register, paper)
    other = signed_file(tmp_path, pki, "other")
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        with pytest.raises(RefusedError) as under_its_name:
            client.seal(signed.row, signed.sha256, other, tmp_path / "out.pdf")
        with pytest.raises(RefusedError) as under_its_own:
            client.seal(signed.row, sha256_of(other), other, tmp_path / "out.pdf")
    assert code_of(under_its_name) == "file-differs"
    assert code_of(under_its_own) == "row-of-another-file"


def test_a_release_is_good_for_what_the_register_said_then(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    """The watching service may write into the register, too: an officer's release must not carry another date."""
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        with register.write() as session:
            session.query(OutgoingRow).one().issued_date = date(2020, 1, 1)
        with pytest.raises(RefusedError) as caught:
            client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(caught) == "row-changed"


@pytest.mark.parametrize("change", ["cancelled", "unknown"])
def test_the_register_is_believed_and_not_the_caller(
    change: str, pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    from pipeline import registers

    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        row = signed.row
        if change == "cancelled":
            with register.write() as session:
                registers.cancel(session, "di", row.year, row.number, "nhầm", datetime.now(UTC))
        else:
            row = replace(row, number=7)
        with pytest.raises(RefusedError) as caught:
            client.seal(row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(caught) == f"row-{change}"


def test_a_release_that_was_used_or_repeated_is_no_release(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        release(client, signed)
        with pytest.raises(RefusedError) as caught:
            release(client, signed)
    assert code_of(caught) == "order-replayed"


def test_only_officers_release_and_only_clients_hand_in(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    stranger = "daemon" if ME != "daemon" else "root"
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki, officers=[stranger]), register) as client:
        for act in (lambda: release(client, signed), lambda: client.unlock(1), client.lock):
            with pytest.raises(RefusedError) as caught:
                act()
            assert code_of(caught) == "not-an-officer"
    with (
        serving(pki, seal_settings(tmp_path, pki, clients=[stranger]), register) as client,
        pytest.raises(RefusedError) as caught,
    ):
        client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(caught) == "not-a-client"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"last_day": date(2026, 1, 1)}, "leader-out-of-term"),
        ({"sha256": "0" * 64}, "leader-not-allowed"),
    ],
)
def test_the_leader_must_be_one_who_may(
    changed: dict[str, Any], reason: str, pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    settings = seal_settings(tmp_path, pki, signatories=[{**signatory(pki), **changed}])
    with serving(pki, settings, register) as client:
        release(client, signed)
        with pytest.raises(RefusedError) as caught:
            client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(caught) == "leader-not-accepted"
    assert reason in caught.value.detail["reasons"]


def test_an_unsigned_or_changed_file_is_not_sealed(pki: Pki, register: Database, tmp_path: Path) -> None:
    path = signed_file(tmp_path, pki)
    signed_papers.add_words(path)
    signed = registered(register, path)
    unsigned = registered(register, tmp_path / "signed.prepared.pdf")
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        for number, document in enumerate((signed, unsigned)):
            release(client, document, f"n{number}")
            with pytest.raises(RefusedError) as caught:
                client.seal(document.row, document.sha256, document.path, tmp_path / "out.pdf")
            assert code_of(caught) == "leader-not-accepted"


def test_while_an_officer_has_it_unlocked_everything_that_passes_is_sealed(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki, release="unlocked", unlocks_an_hour=2), register) as client:
        with pytest.raises(RefusedError) as locked:
            client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
        client.unlock(2)
        assert client.status().unlocked_by == ME
        sealed = client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
        client.lock()
        assert client.status().unlocked_until is None
        with pytest.raises(UsageError):
            client.unlock(100)
        client.unlock(1)
        with pytest.raises(RefusedError) as often:
            client.unlock(1)
    assert code_of(locked) == "not-released"
    assert sealed.officer == ME
    assert code_of(often) == "unlocked-too-often"


def test_one_wrong_secret_ends_the_service(pki: Pki, register: Database, tmp_path: Path) -> None:
    faults: list[BaseException] = []
    with serving(pki, seal_settings(tmp_path, pki), register, secret="wrong", faults=faults):
        pass
    assert isinstance(faults[0], WrongSecretError)
    faults.clear()
    with serving(pki, seal_settings(tmp_path, pki), register, secret=None, faults=faults) as client:
        assert not client.status().key_open
        with pytest.raises(SigningError) as caught:
            client.open_key("wrong")
    assert code_of(caught) == "key-secret-wrong"
    assert isinstance(faults[0], WrongSecretError)
    assert "wrong" not in (tmp_path / "seal" / "journal.sqlite").read_bytes().decode("latin-1").replace(
        "secret-wrong", ""
    )


def test_a_wrong_secret_of_the_system_is_not_tried_again_before_a_person_gave_the_right_one(
    pki: Pki, register: Database, tmp_path: Path
) -> None:
    """The service may be started again and again; a token locks after a few wrong PINs."""
    settings = seal_settings(tmp_path, pki)
    with serving(pki, settings, register, secret="wrong", faults=[]):
        pass
    with serving(pki, settings, register, secret="wrong") as client:
        assert not client.status().key_open
        client.open_key(sealing.SECRET)
    with serving(pki, settings, register) as client:
        assert client.status().key_open


def test_a_stranger_is_sent_away_before_he_is_listened_to(pki: Pki, register: Database, tmp_path: Path) -> None:
    stranger = "daemon" if ME != "daemon" else "root"
    settings = seal_settings(tmp_path, pki, officers=[stranger], clients=[stranger])
    with serving(pki, settings, register), protocol.new_socket() as connection:
        connection.settimeout(10)
        connection.connect(str(settings.socket))  # and nothing is said
        answer, _ = protocol.receive(connection)
    assert answer["code"] == "not-a-client"


def test_officers_do_not_wait_for_the_time_stamp_of_a_seal_that_is_being_made(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signing = Signing(level="B-T", tsa=pki.tsa_url)
    first, second = registered(register, paper), registered(register, signed_file(tmp_path, pki))
    with serving(pki, seal_settings(tmp_path, pki, signing=signing), register) as client:
        release(client, first)
        made: list[Sealed] = []
        target = tmp_path / "sealed.pdf"
        sealing_one = threading.Thread(
            target=lambda: made.append(client.seal(first.row, first.sha256, first.path, target))
        )
        with pki.held("tsa") as asked:
            sealing_one.start()
            assert asked.wait(60)
            assert client.status().key_open
            release(client, second, "n2")
            assert sealing_one.is_alive()  # else the answers came after the seal
        sealing_one.join()
        assert [one.row for one in made] == [first.row]


def test_what_waits_is_in_the_trail_once(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register, secret=None) as client:
        release(client, signed)
        for _ in range(3):
            with pytest.raises(SigningError):
                client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert trail(tmp_path) == ["ordered", "delayed"]


def test_what_a_kill_left_half_done_is_cleared_away(pki: Pki, register: Database, tmp_path: Path) -> None:
    (tmp_path / "seal" / "seal-abc").mkdir(parents=True)
    (tmp_path / "seal" / "seal-abc" / "source.pdf").write_bytes(b"half")
    (tmp_path / "seal" / "sealed").mkdir()
    for name in ("di-2026-00001.new", ".tmp-0123456789ab", "di-2026-00002.pdf"):
        (tmp_path / "seal" / "sealed" / name).write_bytes(b"half")
    with serving(pki, seal_settings(tmp_path, pki), register):
        pass
    left = sorted(path.name for path in (tmp_path / "seal").rglob("*") if path.suffix in {".new", ".pdf", ""})
    assert left == ["di-2026-00002.pdf", "sealed"]


@pytest.mark.parametrize("kind", [VanthuError, *VanthuError.__subclasses__()])
def test_every_fault_comes_over_the_socket_as_it_was(kind: type[VanthuError]) -> None:
    problems = {"problems": [("key", "wrong")]} if kind is ConfigurationError else {}
    fault = kind("some-code", retry=True, path="x", **problems)
    came = protocol.fault_from_json(json.loads(json.dumps(protocol.fault_to_json(fault))))
    assert (type(came), came.code, came.retry, came.detail["path"]) == (kind, "some-code", True, "x")


def trail(folder: Path) -> list[str]:
    journal = Journal(folder / "seal" / "journal.sqlite")
    try:
        assert journal.broken_links() == []
        with journal._database.read() as session:
            return [event.kind for event in session.query(EventRow).order_by(EventRow.id)]
    finally:
        journal.close()


def test_an_officer_brings_the_secret_to_a_service_that_has_none(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register, secret=None) as client:
        release(client, signed)
        with pytest.raises(SigningError) as closed:
            client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
        assert client.open_key("secret").key_open
        client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert code_of(closed) == "key-not-opened"
    assert closed.value.retry


def test_orders_refusals_and_seals_are_in_a_chained_trail(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    signed = registered(register, paper)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        with pytest.raises(RefusedError):
            client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
        release(client, signed)
        client.seal(signed.row, signed.sha256, signed.path, tmp_path / "out.pdf")
    assert trail(tmp_path) == ["key-opened", "refused", "ordered", "sealed"]


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[1]", b'{"do": "seal"}', b'{"do": "fly"}', b"\xff" * 70_000])
def test_rubbish_on_the_socket_does_no_harm(rubbish: bytes, pki: Pki, register: Database, tmp_path: Path) -> None:
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        with protocol.new_socket() as connection:
            connection.connect(str(client.socket))
            connection.send(rubbish)
            connection.shutdown(socket.SHUT_WR)
        assert client.status().key_open


@pytest.mark.parametrize("what", ["pipe", "folder", "device", "socket", "memory", "endless", "for-writing", "path"])
def test_what_is_no_ordinary_file_is_not_taken(what: str, pki: Pki, register: Database, tmp_path: Path) -> None:
    settings = seal_settings(tmp_path, pki, max_file_mb=1)
    with serving(pki, settings, register) as client, odd(what, tmp_path) as handle, protocol.new_socket() as connection:
        connection.settimeout(30)
        connection.connect(str(client.socket))
        protocol.send(connection, {"do": "seal", "year": 2026, "number": 1, "sha256": "0" * 64}, handle)
        answer, _ = protocol.receive(connection)
        assert client.status().key_open
    assert answer["code"] == "seal-file-unfit"
    assert not list(settings.state.glob("seal-*/"))


@contextmanager
def odd(what: str, folder: Path) -> Iterator[int]:
    """An open descriptor that a hostile caller may hand over."""
    with ExitStack() as opened:
        if what == "pipe":
            reading, writing = os.pipe()
            opened.callback(os.close, writing)
        elif what == "socket":
            own, other = socket.socketpair()
            opened.callback(other.close)
            reading = own.detach()
        elif what == "for-writing":
            reading = os.open(folder / "mine", os.O_WRONLY | os.O_CREAT)
        else:
            paths = {"folder": "/", "device": "/dev/zero", "memory": "/proc/self/mem", "endless": "/proc/self/pagemap"}
            flags = os.O_PATH if what == "path" else os.O_RDONLY
            reading = os.open(paths.get(what, __file__), flags)
        opened.callback(os.close, reading)
        yield reading


def test_a_client_who_keeps_silent_on_every_line_does_not_keep_officers_out(
    pki: Pki, register: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.SealSettings, "users", lambda _, role: {} if role == "officers" else {os.getuid(): ME})
    with serving(pki, seal_settings(tmp_path, pki), register) as client, ExitStack() as opened:
        lines = [opened.enter_context(protocol.new_socket()) for _ in range(service.MOST_CALLERS + 4)]
        for line in lines:
            line.settimeout(10)
            line.connect(str(client.socket))
        silent, answers = set(lines), []
        while len(silent) > service.MOST_OF_ONE:  # which lines are held is decided by who comes first
            answered, _, _ = select.select(silent, [], [], 30)
            assert answered
            answers += [protocol.receive(line)[0]["code"] for line in answered]
            silent -= set(answered)
        for line in silent:
            line.shutdown(socket.SHUT_RDWR)
    assert answers == ["seal-service-away"] * (len(lines) - service.MOST_OF_ONE)


def test_nobody_there_is_told_as_something_that_passes(tmp_path: Path) -> None:
    with pytest.raises(SigningError) as caught:
        SealClient(tmp_path / "nowhere.sock").status()
    assert code_of(caught) == "seal-service-away"
    assert caught.value.retry
