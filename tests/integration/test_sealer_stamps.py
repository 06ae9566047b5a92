"""Copies, attachments and digitised paper through the seal service's own socket: what it signs and what not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import text

from pipeline import registers, settings
from pipeline.database import Database
from pipeline.database.tables import DocumentRow, EntryRow, OutgoingRow, StampRow
from pipeline.document import StampKind
from pipeline.errors import RefusedError, SigningError, VanthuError
from pipeline.files import sha256_of
from pipeline.sealer import SealClient, StampRef, protocol
from pipeline.sealer.journal import Journal
from pipeline.sealer.stamp_journal import StampJournal
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import copying, filings, sealing, signed_papers, signing_papers
from tests.pki import PIN, Pki, Token
from tests.sealing import ME, registered, seal_settings, serving, signed_file

pytestmark = pytest.mark.integration
AT = datetime(2026, 3, 15, 2, tzinfo=UTC)
PAPER = "den-2026-00001"
Change = Callable[[Database, Path], None]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan that is fit to be copied: only looked at."""
    return copying.scan(tmp_path_factory.mktemp("paper") / "scan.pdf")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Database]:
    """With one arriving document of paper and one leaving document, both filed."""
    database = sealing.new_register(tmp_path)
    with database.write() as session:
        for book, signature in (("den", "unsigned"), ("di", "valid")):
            entry = registers.enter(session, book, AT, settings.Registers())
            session.add(
                DocumentRow(
                    id=entry.document_id, sha256=book * 20, state="filed", received_at=AT, name="a.pdf", raw_name=b"a",
                    kind="application/pdf", size=1, signature=signature, code_number="15", code_notation="QĐ-BQL",
                    review=[], corrections={},
                )
            )  # fmt: skip
    yield database
    database.close()


def stamp_row(database: Database, path: Path, kind: StampKind, parent: str = PAPER, name: str = "") -> StampRef:
    """The row of a request after its release; a copy with its number."""
    with database.write() as session:
        if kind.is_copy:
            name = registers.enter(session, "sao", AT, settings.Registers()).document_id
        session.add(
            StampRow(
                id=name, row_name=name, kind=kind.value, parent_id=parent, name="a.pdf", state="released",
                created_at=AT, sha256=sha256_of(path), detail={},
            )
        )  # fmt: skip
    return StampRef(name)


def released(client: SealClient, ref: StampRef, path: Path, nonce: str = "n1") -> None:
    client.authorise_stamp(ref, sha256_of(path), nonce)


def code_of(caught: pytest.ExceptionInfo[VanthuError]) -> str:
    return caught.value.code


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ((StampKind.TRUE_COPY, PAPER), "SAO Y; Ban Quản lý Khu kinh tế; "),
        ((StampKind.COPY_OF_COPY, PAPER), "SAO LỤC; Ban Quản lý Khu kinh tế; "),
        ((StampKind.EXTRACT, "di-2026-00001"), "TRÍCH SAO; Ban Quản lý Khu kinh tế; "),
        ((StampKind.ATTACHMENT, "di-2026-00001", "di-2026-00001.pl1"), "Số: 01/QĐ-BQL; "),
        ((StampKind.DIGITISED, PAPER, f"{PAPER}.sh"), "Ban Quản lý Khu kinh tế; "),
    ],
)
def test_form_number_and_agency_come_from_the_register_and_the_time_from_the_service(
    row: tuple[Any, ...], line: str, pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    ref = stamp_row(register, paper, *row)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        released(client, ref, paper)
        stamped = client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
    assert stamped.line.startswith(line)
    assert datetime.strptime(stamped.line[len(line) :], "%d/%m/%Y; %H:%M:%S %z") == stamped.at.replace(microsecond=0)
    assert stamped.line.endswith("+07:00")
    assert stamped.officer == ME
    assert (tmp_path / "out.pdf").read_bytes().startswith(paper.read_bytes())
    report = judge(tmp_path / "out.pdf", signed_papers.anchors(pki), stamped.at, online=True)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].facts.signed_at == stamped.at.replace(microsecond=0)


def test_the_agency_may_be_named_shorter_than_in_its_certificate(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    ref = stamp_row(register, paper, StampKind.TRUE_COPY)
    with serving(pki, seal_settings(tmp_path, pki, organ="BQL KKT An Bình"), register) as client:
        released(client, ref, paper)
        stamped = client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
    assert stamped.line.startswith("SAO Y; BQL KKT An Bình; ")


def test_a_key_on_a_token_stamps_too(
    pki: Pki, token: Token, paper: Path, register: Database, tmp_path: Path
) -> None:  # fmt: skip
    ref = stamp_row(register, paper, StampKind.TRUE_COPY)
    key = {"module": token.module, "token": token.label, "label": "agency", "certificate": pki.certificate("agency")}
    with serving(pki, seal_settings(tmp_path, pki, key=key), register, secret=PIN) as client:
        released(client, ref, paper)
        stamped = client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
    report = judge(tmp_path / "out.pdf", signed_papers.anchors(pki), stamped.at, online=True)
    assert report.verdict is Verdict.VALID


def test_a_row_is_stamped_once_and_gives_the_same_bytes_again(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    ref, digest = stamp_row(register, paper, StampKind.TRUE_COPY), sha256_of(paper)
    configured = seal_settings(tmp_path, pki)
    with serving(pki, configured, register) as client:
        released(client, ref, paper)
        first = client.stamp(ref, digest, paper, tmp_path / "a.pdf")
    with serving(pki, configured, register) as client:  # started anew: what counts is the journal
        again = client.stamp(ref, digest, paper, tmp_path / "b.pdf")
        assert again == first
        assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
        other = copying.scan(tmp_path / "other.pdf", rotate=180)
        with register.write() as session:  # a register that somebody tampered with
            session.query(StampRow).one().sha256 = sha256_of(other)
        with pytest.raises(RefusedError) as caught:
            released(client, ref, other, "n2")
    assert code_of(caught) == "row-sealed-already"
    journal = Journal(configured.state / "journal.sqlite")
    with journal.database.read() as session:
        kinds = [kind for (kind,) in session.execute(text("SELECT kind FROM events ORDER BY id"))]
    assert [kind for kind in kinds if kind.startswith("stamp")] == ["stamp-ordered", "stamped"]
    assert journal.broken_links() == []
    journal.close()


def test_the_same_paper_may_be_copied_twice_under_two_numbers(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        for nonce in ("n1", "n2"):
            ref = stamp_row(register, paper, StampKind.TRUE_COPY)
            released(client, ref, paper, nonce)
            client.stamp(ref, sha256_of(paper), paper, tmp_path / f"{nonce}.pdf")
    assert (tmp_path / "n1.pdf").read_bytes() != (tmp_path / "n2.pdf").read_bytes()


def test_nothing_is_stamped_that_no_officer_released_nor_in_an_unlocked_hour(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    ref = stamp_row(register, paper, StampKind.TRUE_COPY)
    with serving(pki, seal_settings(tmp_path, pki, release="unlocked"), register) as client:
        client.unlock(1)
        with pytest.raises(RefusedError) as caught:
            client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
        assert code_of(caught) == "not-released"
        released(client, ref, paper)
        with pytest.raises(RefusedError) as replayed:
            released(client, ref, paper)
        assert code_of(replayed) == "order-replayed"
        other = copying.scan(tmp_path / "other.pdf", rotate=180)
        with pytest.raises(RefusedError) as under_its_name:
            client.stamp(ref, sha256_of(paper), other, tmp_path / "out.pdf")
    assert code_of(under_its_name) == "file-differs"
    assert not (tmp_path / "out.pdf").exists()


def _cancel(database: Database, _: Path) -> None:
    with database.write() as session:
        registers.cancel(session, "sao", 2026, 1, "nhầm", AT)


def _forget(database: Database, _: Path) -> None:
    with database.write() as session:
        session.query(EntryRow).filter_by(register="sao").delete()


def _lay_aside(database: Database, _: Path) -> None:
    with database.write() as session:
        session.get_one(DocumentRow, PAPER).state = "secret"


def _made_electronic(database: Database, _: Path) -> None:
    with database.write() as session:
        session.get_one(DocumentRow, PAPER).signature = "valid"


def _of_another_file(database: Database, _: Path) -> None:
    with database.write() as session:
        session.query(StampRow).one().sha256 = "0" * 64


def _called_an_attachment(database: Database, _: Path) -> None:
    with database.write() as session:
        session.query(StampRow).one().kind = "attachment"


@pytest.mark.parametrize(("change", "code"), [
    (_cancel, "row-cancelled"), (_forget, "row-unknown"), (_lay_aside, "row-unknown"),
    (_made_electronic, "copy-form-not-allowed"), (_of_another_file, "row-of-another-file"),
    (_called_an_attachment, "row-unknown"),
])  # fmt: skip
def test_the_register_is_believed_and_not_the_caller(
    change: Change, code: str, pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    ref = stamp_row(register, paper, StampKind.TRUE_COPY)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        released(client, ref, paper)
        change(register, paper)
        with pytest.raises(RefusedError) as caught:
            client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
    assert code_of(caught) == code


def test_a_name_that_is_none_is_not_understood(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    configured = seal_settings(tmp_path, pki)
    question = {"do": "authorise-stamp", "row": "../../etc/passwd", "sha256": sha256_of(paper), "nonce": "n1"}
    with serving(pki, configured, register), protocol.new_socket() as connection:
        connection.settimeout(10)
        connection.connect(str(configured.socket))
        protocol.send(connection, question)
        answer, _ = protocol.receive(connection)
    assert answer["code"] == "seal-question"


def _grey(path: Path) -> Path:
    return copying.scan(path, mode="L")


def _coarse(path: Path) -> Path:
    return copying.scan(path, dpi=100)


def _scripted(path: Path) -> Path:
    with pikepdf.open(copying.scan(path), allow_overwriting_input=True) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.save(path)
    return path


@pytest.mark.parametrize(("make", "code"), [
    (_grey, "scan-without-colour"), (_coarse, "scan-coarse"), (_scripted, "sign-javascript"),
    (signing_papers.draft, "scan-old-version"),
])  # fmt: skip
def test_what_is_no_fit_scan_is_not_stamped_whoever_released_it(
    make: Callable[[Path], Path], code: str, pki: Pki, register: Database, tmp_path: Path
) -> None:
    path = make(tmp_path / "scan.pdf")
    ref = stamp_row(register, path, StampKind.TRUE_COPY)
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        released(client, ref, path)
        with pytest.raises(RefusedError) as caught:
            client.stamp(ref, sha256_of(path), path, tmp_path / "out.pdf")
    assert code_of(caught) == code


def test_an_attachment_is_released_with_its_document_and_signed_when_that_is_filed(
    pki: Pki, paper: Path, register: Database, tmp_path: Path
) -> None:
    with register.write() as session:
        session.get_one(DocumentRow, "di-2026-00001").state = "received"
        session.add(
            OutgoingRow(
                id="a", name="a.pdf", state="released", created_at=AT, prepared_sha256="0" * 64, prepared_size=1,
                year=2026, number=1, proposal=filings.fields(code_notation="QĐ-BQL").to_json(),
            )
        )  # fmt: skip
    ref = stamp_row(register, paper, StampKind.ATTACHMENT, "di-2026-00001", "di-2026-00001.pl1")
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        released(client, ref, paper)
        with pytest.raises(SigningError) as caught:
            client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf")
        assert (code_of(caught), caught.value.retry) == ("attachment-before-filed", True)
        with register.write() as session:
            session.get_one(DocumentRow, "di-2026-00001").state = "filed"
        assert client.stamp(ref, sha256_of(paper), paper, tmp_path / "out.pdf").line.startswith("Số: 01/QĐ-BQL; ")


def test_a_signed_file_is_not_stamped_as_an_attachment(pki: Pki, register: Database, tmp_path: Path) -> None:
    path = signed_papers.sign(pki, signed_papers.form(tmp_path / "signed.pdf"))
    ref = stamp_row(register, path, StampKind.ATTACHMENT, "di-2026-00001", "di-2026-00001.pl1")
    with serving(pki, seal_settings(tmp_path, pki), register) as client:
        released(client, ref, path)
        with pytest.raises(RefusedError) as caught:
            client.stamp(ref, sha256_of(path), path, tmp_path / "out.pdf")
    assert code_of(caught).startswith("sign-")


def test_a_journal_of_before_opens_and_goes_on(pki: Pki, paper: Path, register: Database, tmp_path: Path) -> None:
    """Made as it was before there were copies: without their tables, with a seal in it."""
    configured = seal_settings(tmp_path, pki)
    signed = registered(register, signed_file(tmp_path, pki))
    with serving(pki, configured, register) as client:
        client.authorise(signed.row, signed.sha256, "n1")
        before = client.seal(signed.row, signed.sha256, signed.path, tmp_path / "a.pdf")
    journal = Journal(configured.state / "journal.sqlite")
    with journal.database.write() as session:
        for table in ("stamps", "stamp_orders"):
            session.execute(text(f"DROP TABLE {table}"))
    journal.close()
    ref = stamp_row(register, paper, StampKind.TRUE_COPY)
    with serving(pki, configured, register) as client:
        released(client, ref, paper)
        client.stamp(ref, sha256_of(paper), paper, tmp_path / "b.pdf")
        assert client.seal(signed.row, signed.sha256, signed.path, tmp_path / "c.pdf") == before
    journal = Journal(configured.state / "journal.sqlite")
    assert journal.broken_links() == []
    assert StampJournal(journal).stamped(ref, sha256_of(paper)) is not None
    journal.close()


def test_what_travels_survives_json() -> None:
    from pipeline.sealer.values import Stamped

    stamped = Stamped(StampRef("sao-2026-00001"), "0" * 64, 1, ME, AT, "B-B", "B-LTA", "SAO Y; …")
    assert Stamped.from_json(json.loads(json.dumps(stamped.to_json()))) == stamped
