"""Copies, attachments and digitised paper: asked for, released, numbered, signed with their line, filed, given out."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pytest

from pipeline import archive
from pipeline.archive import bags, load, verify
from pipeline.cli.app import run
from pipeline.database import audit, open_database
from pipeline.database.tables import CounterRow, DocumentRow, StampRow
from pipeline.document import StampKind
from pipeline.errors import RefusedError, UsageError, VanthuError
from pipeline.files import sha256_of
from pipeline.journeys import Office, cancel_number, forward, open_office, outgoing, rebuild, stamping, status
from pipeline.journeys.copying import Request
from pipeline.sealer import SealClient, load_seal_settings
from pipeline.signatures.judging import judge
from pipeline.signatures.report import Verdict
from tests import copying, filings, reading_papers, sealing, signed_papers
from tests.copying import asked, brought_forward, copy_numbers, filed_scan, in_bag, stamp_rows
from tests.pki import Pki
from tests.sealing import ME, serving
from tests.workspaces import run_once

pytestmark = pytest.mark.acceptance
YEAR = datetime.now(UTC).year


class Told(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def office(tmp_path: Path, pki: Pki) -> Iterator[Office]:
    folder = tmp_path / "office"
    sealing.leaving_workspace(folder, pki)
    with open_office(folder) as opened:
        yield opened


@pytest.fixture
def seal(office: Office, pki: Pki) -> Iterator[SealClient]:
    configured = load_seal_settings(office.settings.workspace / "seal.toml")
    with serving(pki, configured, office.database) as client:
        yield client


@pytest.fixture
def vanthu(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """The command line without a process of its own. Not with capsys: the engine's log would keep its stream."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(office.settings.workspace)

    def call(*arguments: str) -> Told:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(list(arguments))
        return Told(code, out.getvalue(), err.getvalue())

    return call


def issued(office: Office) -> list[str]:
    return sorted(path.name for path in outgoing.folder(office, "da-phat-hanh").iterdir())


def code_of(caught: pytest.ExceptionInfo[VanthuError]) -> str:
    return caught.value.code


def assert_signed(pki: Pki, path: Path) -> None:
    report = judge(path, signed_papers.anchors(pki), datetime.now(UTC), online=True)
    assert report.verdict is Verdict.VALID
    assert [one.facts.field for one in report.signatures] == ["ChuKyCoQuan"]


def test_from_a_dropped_scan_to_the_book_of_copies(
    office: Office, pki: Pki, seal: SealClient, vanthu: Callable[..., Told]
) -> None:
    paper = copying.scan(office.incoming / "Quyết định.pdf").read_bytes()
    run_once(office)
    told = vanthu("copy", "sao-y", "1", "--to", "UBND xã An Bình", "--approved-by", "Chánh Văn phòng", "--json")
    assert told.returncode == 0
    line = json.loads(told.stdout)
    assert (line["row"], line["code"], line["state"]) == (f"sao-{YEAR}-00001", "01/SY-BQL", "released")
    run_once(office)

    copied = outgoing.folder(office, "da-phat-hanh") / "01-SY-BQL Quyết định.pdf"
    assert_signed(pki, copied)
    bag = office.archive / str(YEAR) / f"den-{YEAR}-00001"
    assert copied.read_bytes().startswith((bag / "data" / "reading-copy.pdf").read_bytes())
    assert next((bag / "data" / "original").iterdir()).read_bytes() == paper
    kept = in_bag(office, f"den-{YEAR}-00001")[f"sao-{YEAR}-00001"]
    assert sha256_of(kept) == sha256_of(copied)
    assert [finding for finding in verify(bag) if finding.severity != "note"] == []
    assert stamp_rows(office)[0].detail["line"].startswith("SAO Y; Ban Quản lý Khu kinh tế; ")

    book = json.loads(vanthu("register", "sao", "--json").stdout)
    assert (book["code"], book["form"]) == ("01/SY-BQL", "Sao y")
    assert (book["recipient"], book["approved_by"]) == ("UBND xã An Bình", "Chánh Văn phòng")
    shown = vanthu("register", "sao")
    assert "SỔ BẢN SAO" in shown.stdout
    assert "01/SY-BQL" in shown.stdout
    for name in ("1", f"sao-{YEAR}-1"):
        assert "01/SY-BQL · Sao y" in vanthu("show", name).stdout
    assert vanthu("open", f"sao {YEAR} 1", "--path").stdout.strip() == str(kept)
    assert [one["row"] for one in json.loads(vanthu("show", "1", "--json").stdout)["stamps"]] == [f"sao-{YEAR}-00001"]


def test_what_was_electronic_is_sent_on_and_not_copied(office: Office, seal: SealClient, tmp_path: Path) -> None:
    signed = filed_scan(office, tmp_path)
    born = filed_scan(office, tmp_path, name="b.pdf")
    with office.database.write() as session:
        session.get_one(DocumentRow, signed).signature = "valid"
    reading_papers.born_digital(tmp_path / "text.pdf")
    bag = office.archive / born.split("-")[1] / born / "data" / "reading-copy.pdf"
    bag.chmod(0o640)
    with pikepdf.open(tmp_path / "text.pdf") as pdf:
        pdf.save(bag, force_version="1.5")
    for document, kind, code in (
        (signed, StampKind.TRUE_COPY, "copy-of-electronic"), (signed, StampKind.COPY_OF_COPY, "copy-of-electronic"),
        (signed, StampKind.DIGITISED, "digitise-electronic"), (born, StampKind.TRUE_COPY, "copy-not-a-scan"),
    ):  # fmt: skip
        with pytest.raises(RefusedError) as caught:
            asked(office, Request(kind, document))
        assert code_of(caught) == code
    assert stamp_rows(office) == []
    assert list((office.settings.private / "stamps").iterdir()) == []


@pytest.mark.parametrize(("how", "code"), [({"dpi": 100}, "scan-coarse"), ({"mode": "L"}, "scan-without-colour")])
def test_paper_that_was_scanned_badly_is_no_copy_until_it_is_scanned_again(
    how: dict[str, object], code: str, office: Office, tmp_path: Path
) -> None:
    document = filed_scan(office, tmp_path, **how)
    with pytest.raises(RefusedError) as caught:
        asked(office, Request(StampKind.TRUE_COPY, document))
    assert (code_of(caught), caught.value.detail["path"]) == (code, document)
    fresh = copying.scan(tmp_path / "quét lại.pdf")
    row = asked(office, Request(StampKind.TRUE_COPY, document, fresh))
    assert (row.state, row.sha256, row.name) == ("waiting", sha256_of(fresh), "quét lại.pdf")


def test_a_scan_whose_text_layer_was_believed_has_no_reading_copy_and_is_copied_itself(
    office: Office, tmp_path: Path
) -> None:
    paper = copying.scan(tmp_path / "scan.pdf").read_bytes()
    document = filings.file_and_index(
        office.database, office.settings.workspace, filings.fields(**copying.FIELDS), filings.page(1, "QUYẾT ĐỊNH"),
        content=paper,
    )  # fmt: skip
    assert load(office.archive / archive.folder_of(document)).reading_copy is None
    row = asked(office, Request(StampKind.TRUE_COPY, document))
    assert row.sha256 == hashlib.sha256(paper).hexdigest()


def test_of_a_file_with_several_documents_nothing_is_copied_whole(office: Office, tmp_path: Path) -> None:
    document = filed_scan(office, tmp_path)
    with office.database.write() as session:
        session.get_one(DocumentRow, document).batch = "proposed"
    with pytest.raises(RefusedError) as caught:
        asked(office, Request(StampKind.TRUE_COPY, document))
    assert code_of(caught) == "copy-of-several"


def test_a_copy_of_a_copy_needs_a_copy(office: Office, pki: Pki, seal: SealClient, tmp_path: Path) -> None:
    plain = filed_scan(office, tmp_path)
    with pytest.raises(RefusedError) as caught:
        asked(office, Request(StampKind.COPY_OF_COPY, plain))
    assert code_of(caught) == "copy-source-no-copy"
    of_copy = filed_scan(office, tmp_path, "Như Điều 3", "SAO Y", "Số: 07/SY-UBND", name="sao.pdf")
    row = asked(office, Request(StampKind.COPY_OF_COPY, of_copy))
    stamping.release(office, row.id, ME)
    brought_forward(office)
    assert issued(office) == ["01-SL-BQL sao.pdf"]
    assert stamp_rows(office)[0].detail["line"].startswith("SAO LỤC; ")


def test_all_forms_of_copies_have_one_series(office: Office, pki: Pki, seal: SealClient, tmp_path: Path) -> None:
    paper = filed_scan(office, tmp_path)
    electronic = filed_scan(office, tmp_path, name="b.pdf")
    with office.database.write() as session:
        session.get_one(DocumentRow, electronic).signature = "valid"
    part = reading_papers.born_digital(tmp_path / "trích.pdf")
    with pytest.raises(UsageError) as caught:
        asked(office, Request(StampKind.EXTRACT, electronic))
    assert code_of(caught) == "extract-without-file"
    for request in (Request(StampKind.EXTRACT, electronic, part), Request(StampKind.TRUE_COPY, paper)):
        stamping.release(office, asked(office, request).id, ME)
    brought_forward(office)
    assert issued(office) == ["01-TrS-BQL trích.pdf", "02-SY-BQL quyết định.pdf"]
    assert copy_numbers(office) == [1, 2]
    for name in issued(office):
        assert_signed(pki, outgoing.folder(office, "da-phat-hanh") / name)


def test_nobody_but_an_officer_releases_and_what_waits_is_listed(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path, vanthu: Callable[..., Told],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    document = filed_scan(office, tmp_path)
    monkeypatch.setattr("pipeline.cli.copying.actor", lambda: "thu-ky")
    told = vanthu("copy", "sao-y", document, document)  # the same twice is one request
    assert told.returncode == 0
    assert [row.state for row in stamp_rows(office)] == ["waiting"]
    assert copy_numbers(office) == []
    handle = stamping.waiting(office)[0].handle
    assert f"vanthu release {handle}" in told.stdout
    with pytest.raises(RefusedError) as caught:
        stamping.release(office, stamp_rows(office)[0].id, "thu-ky")
    assert code_of(caught) == "release-not-officer"
    assert status(office).to_release == 1
    listed = vanthu("release")
    assert "…/SY-BQL" in listed.stdout
    assert "Quyết định 15/QĐ-UBND" in listed.stdout
    assert vanthu("release", handle).returncode == 0
    brought_forward(office)
    assert issued(office) == ["01-SY-BQL quyết định.pdf"]
    assert status(office).to_release == 0


def test_without_the_seal_service_a_request_waits(
    office: Office, pki: Pki, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:
    document = filed_scan(office, tmp_path)
    assert vanthu("copy", "sao-y", document).returncode == 0
    assert [row.state for row in stamp_rows(office)] == ["waiting"]
    assert vanthu("release", "--reject", stamping.waiting(office)[0].handle, "--reason", "Không cần").returncode == 0
    assert [row.state for row in stamp_rows(office)] == ["set-aside"]
    assert list((office.settings.private / "stamps").iterdir()) == []


def test_digitised_paper_lies_beside_the_untouched_original_and_is_signed_once(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:
    document = filed_scan(office, tmp_path)
    before = sha256_of(next((office.archive / document.split("-")[1] / document / "data" / "original").iterdir()))
    assert vanthu("digitise", document).returncode == 0
    brought_forward(office)
    made = in_bag(office, document)[f"{document}.sh"]
    assert made.parent.name == "digitised"
    assert_signed(pki, made)
    assert stamp_rows(office)[0].detail["line"].startswith("Ban Quản lý Khu kinh tế; ")
    assert sha256_of(next((made.parents[1] / "original").iterdir())) == before
    assert issued(office) == []
    assert copy_numbers(office) == []
    again = vanthu("digitise", document)
    assert (again.returncode, "một lần" in again.stdout) == (5, True)


def leaving_document(office: Office, tmp_path: Path) -> str:
    """A filed leaving document, as the archive knows it; returns its id."""
    paper = filed_scan(office, tmp_path, name="Quyết định.pdf")
    document = paper.replace("den-", "di-")
    source = load(office.archive / paper.split("-")[1] / paper)
    from pipeline import registers

    with office.database.write() as session:
        entry = registers.enter(session, "di", datetime(2026, 3, 15, tzinfo=UTC), office.settings.registers)
        assert entry.document_id == document
    page = filings.page(1, "QUYẾT ĐỊNH")
    made = filings.filing(tmp_path / "di", document, filings.fields(**copying.FIELDS), page, content=b"%PDF-1.7 di",
                          entry=archive.entry_to_json(entry))  # fmt: skip
    archive.file_document(office.archive, made)
    with office.database.write() as session:
        of = session.get_one(DocumentRow, paper)
        session.add(
            DocumentRow(
                id=document, sha256=made.original.sha256, state="filed", received_at=of.received_at, name=of.name,
                raw_name=of.raw_name, kind=of.kind, size=1, folder=archive.folder_of(document), signature="valid",
                code_number="15", code_notation="QĐ-BQL", type_name="Quyết định", review=[], corrections={},
            )
        )  # fmt: skip
    assert source.document_id == paper
    return document


def test_attachments_bear_number_and_notation_of_their_document(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:
    document = leaving_document(office, tmp_path)
    first = reading_papers.born_digital(tmp_path / "Phụ lục I.pdf")
    second = reading_papers.born_digital(tmp_path / "Phụ lục II.pdf", (("Phụ lục II",),))
    assert vanthu("attach", document, str(first), str(second)).returncode == 0
    brought_forward(office)
    assert issued(office) == ["Phụ lục I.pdf", "Phụ lục II.pdf"]
    kept = in_bag(office, document)
    assert [path.name for path in kept.values()] == [
        f"{document}.pl1-Phu-luc-I.pdf", f"{document}.pl2-Phu-luc-II.pdf",
    ]  # fmt: skip
    for path in kept.values():
        assert_signed(pki, path)
    assert [row.detail["line"].split(";")[0] for row in stamp_rows(office)] == ["Số: 01/QĐ-BQL"] * 2
    again = vanthu("attach", document, str(first))
    assert (again.returncode, "đã là phụ lục" in again.stdout) == (5, True)
    paper = vanthu("attach", document.replace("di-", "den-"), str(first))
    assert (paper.returncode, "không phải văn bản đi" in paper.stdout) == (5, True)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_attachment_may_be_a_word_file(
    office: Office, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:  # fmt: skip
    document = leaving_document(office, tmp_path)
    (tmp_path / "Biểu mẫu.rtf").write_text(r"{\rtf1\ansi Bieu mau so 1\par}")
    assert vanthu("attach", document, str(tmp_path / "Biểu mẫu.rtf")).returncode == 0  # waits: no seal service here
    row = stamp_rows(office)[0]
    assert (row.name, row.state) == ("Biểu mẫu.pdf", "waiting")
    source = office.settings.private / "stamps" / row.id / "source.pdf"
    assert sha256_of(source) == row.sha256
    with pikepdf.open(source) as pdf:
        assert len(pdf.pages) == 1


def prepared_with_attachment(office: Office, pki: Pki, tmp_path: Path, vanthu: Callable[..., Told]) -> None:
    prepared = sealing.drop_draft(office)
    run_once(office)
    annex = reading_papers.born_digital(tmp_path / "Phụ lục I.pdf")
    told = vanthu("attach", outgoing.open_documents(office)[0].handle, str(annex))
    assert (told.returncode, "duyệt cùng văn bản chính" in told.stdout) == (0, True)
    alone = vanthu("release", stamping.waiting(office)[0].handle)
    assert (alone.returncode, "chưa được cấp số" in alone.stdout) == (5, True)
    sealing.leader_signs(office, pki, prepared)
    run_once(office)


def test_an_attachment_that_came_with_the_draft_is_released_with_it_and_signed_after_it(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:
    prepared_with_attachment(office, pki, tmp_path, vanthu)
    assert vanthu("release", outgoing.waiting(office)[0].handle).returncode == 0
    document = f"di-{YEAR}-00001"
    assert [(row.row_name, row.state) for row in stamp_rows(office)] == [(f"{document}.pl1", "released")]
    brought_forward(office)  # the document is not issued yet
    assert [row.state for row in stamp_rows(office)] == ["released"]
    run_once(office)
    run_once(office)
    assert issued(office) == ["Phụ lục I.pdf", "Quyết định.pdf"]
    kept = in_bag(office, document)[f"{document}.pl1"]
    assert_signed(pki, kept)
    assert stamp_rows(office)[0].detail["line"].startswith("Số: 01/QĐ-BQL; ")


def test_attachments_of_what_is_not_issued_are_not_signed(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path, vanthu: Callable[..., Told]
) -> None:
    prepared_with_attachment(office, pki, tmp_path, vanthu)
    one = outgoing.waiting(office)[0]
    outgoing.number(office, one.id, ME, "held")  # and the command was cut off
    stamping.release(office, stamping.waiting(office)[0].id, ME)
    cancel_number(office, f"di-{YEAR}-00001", "Lãnh đạo rút lại", ME)
    run_once(office)
    assert [(row.state, row.reason) for row in stamp_rows(office)] == [("set-aside", "number-cancelled")]
    assert issued(office) == []


def test_a_dangerous_or_signed_file_is_no_attachment(office: Office, pki: Pki, tmp_path: Path) -> None:
    document = leaving_document(office, tmp_path)
    signed = signed_papers.sign(pki, signed_papers.form(tmp_path / "ký rồi.pdf"))
    with pytest.raises(RefusedError) as caught:
        asked(office, Request(StampKind.ATTACHMENT, document, signed))
    assert caught.value.detail["path"] == "ký rồi.pdf"
    assert code_of(caught).startswith("sign-")
    assert stamp_rows(office) == []


def test_numbers_of_copies_are_cancelled_with_a_reason_and_passed_on_on_both_databases(
    database_url: str, pki: Pki, tmp_path: Path
) -> None:
    config = sealing.leaving_workspace(tmp_path / "office", pki, url=database_url)
    with open_office(tmp_path / "office") as office, serving(pki, load_seal_settings(config), office.database):
        cancelled_and_passed_on(office, tmp_path)


def cancelled_and_passed_on(office: Office, tmp_path: Path) -> None:
    document = filed_scan(office, tmp_path)
    held = asked(office, Request(StampKind.TRUE_COPY, document))
    stamping.number(office, held.id, ME)  # the command was cut off here
    made = asked(office, Request(StampKind.TRUE_COPY, document, recipient="UBND xã"))
    stamping.release(office, made.id, ME)
    with pytest.raises(UsageError):
        cancel_number(office, f"sao-{YEAR}-00002", "Nhầm", ME)  # the seal service may have it in hand
    brought_forward(office)
    for _ in range(2):  # the command was cut off, and is given again
        cancel_number(office, f"sao-{YEAR}-00001", "Không cần nữa", ME)
    cancel_number(office, f"sao-{YEAR}-00002", "Sao nhầm văn bản", ME)
    forward(office, f"sao-{YEAR}-00002", "UBND phường", datetime(2026, 12, 1, tzinfo=UTC).date(), ME)
    with pytest.raises(RefusedError):
        stamping.release(office, held.id, ME)
    assert [load(bag).is_tombstone for bag in bags(office.archive)] == [False, True]
    assert_rebuilt(office, tmp_path)


def assert_rebuilt(office: Office, tmp_path: Path) -> None:
    """The database made anew from the folders says the same of every copy."""
    from pipeline import registers

    anew = replace(office, database=open_database(f"sqlite:///{tmp_path / 'anew.sqlite'}"))
    report = rebuild(anew)
    assert report.findings == ()
    books = []
    for one in (office, anew):
        with one.database.read() as session:
            books.append([dict(row.values) | {"id": row.document_id, "cancelled": row.cancelled}
                          for row in registers.book(session, "sao", YEAR)])  # fmt: skip
            assert session.get_one(CounterRow, ("sao", YEAR)).last == len(books[-1])
            assert list(audit.broken_links(session)) == []
    assert [row["cancelled"] for row in books[1]] == [row["cancelled"] for row in books[0]]
    assert [row["id"] for row in books[1]] == [row["id"] for row in books[0]]
    filed = [row for row in zip(*books, strict=True) if row[0]["code"] and "Không cần nữa" not in str(row[0]["note"])]
    for old, new in filed:
        assert new == old
    assert filed
    with office.database.read() as old, anew.database.read() as new:
        known = {row.row_name: row.stamped_sha256 for row in old.query(StampRow) if row.state == "filed"}
        assert {row.row_name: row.stamped_sha256 for row in new.query(StampRow)} == known
    anew.database.close()


def test_a_number_on_its_way_is_not_given_again_when_the_database_is_lost(
    office: Office, pki: Pki, seal: SealClient, tmp_path: Path
) -> None:
    document = filed_scan(office, tmp_path)
    row = asked(office, Request(StampKind.TRUE_COPY, document))
    stamping.number(office, row.id, ME)
    with office.database.write() as session:
        session.get_one(StampRow, row.id).state = "released"  # no order: the service is refused, and holds it
    brought_forward(office)
    assert [(row.state, row.reason) for row in stamp_rows(office)] == [("held", "not-released")]
    anew = replace(office, database=open_database(f"sqlite:///{tmp_path / 'anew.sqlite'}"))
    rebuild(anew)
    with anew.database.read() as session:
        assert session.get_one(CounterRow, ("sao", YEAR)).last == 1
    anew.database.close()
    stamping.release(office, row.id, ME)
    brought_forward(office)
    assert (copy_numbers(office), issued(office)) == ([1], ["01-SY-BQL quyết định.pdf"])
