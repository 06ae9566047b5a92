"""Signed documents on their way: judged, kept, found; what fails waits to be returned."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509
from sqlalchemy import select

from pipeline import archive
from pipeline.archive import search
from pipeline.cli.record import load_record
from pipeline.database.tables import DocumentRow, EventRow
from pipeline.journeys import Office, open_office, rebuild, retry
from pipeline.journeys.judging import trust
from tests import signed_papers as papers
from tests.paper import letter
from tests.pki import Pki
from tests.workspaces import make_workspace, run_once

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def office_that_trusts(folder: Path, pki: Pki) -> None:
    make_workspace(folder)
    with open_office(folder) as office:
        for name in ("root", "interm"):
            sha256 = x509.Certificate.load(pki.der(name)).sha256.hex()
            trust(office, pki.certificate(name), "quản trị", accepted=sha256)


def signed_letter(path: Path, pki: Pki, *, number: int, mark: str = "") -> Path:
    letter(path, number=number, mark=mark)
    return papers.sign(pki, path, stamped=True)


def found(office: Office, query: str) -> set[str]:
    with office.database.read() as session:
        return {hit.document_id for hit in search(session, query).hits}


def by_name(office: Office) -> dict[str, str]:
    with office.database.read() as session:
        return {row.name: row.id for row in session.scalars(select(DocumentRow))}


def test_signed_documents_are_judged_kept_and_found(tmp_path: Path, pki: Pki) -> None:
    folder = tmp_path / "office"
    office_that_trusts(folder, pki)
    with open_office(folder) as office:
        signed_letter(office.incoming / "tot.pdf", pki, number=1)
        papers.flip(signed_letter(office.incoming / "hong.pdf", pki, number=2), b"/MediaBox")
        letter(office.incoming / "khong-ky.pdf", number=3)
        run_once(office)
        ids = by_name(office)
        good, broken, unsigned = ids["tot.pdf"], ids["hong.pdf"], ids["khong-ky.pdf"]
        assert found(office, "chữ-ký:hợp-lệ") == found(office, "chu-ky:hop-le") == {good}
        assert found(office, "chữ-ký:không-hợp-lệ") == found(office, 'chữ ký:"không hợp lệ"') == {broken}
        assert found(office, "chữ-ký:không-có") == found(office, "signature:unsigned") == {unsigned}
        assert found(office, "chữ-ký:không-xác-định") == set()

        # What fails waits to be returned, with the words to send along.
        back = office.review(broken) / "tra-lai"
        assert (back / "hong.pdf").is_file()
        assert "Điều 21" in (back / "thong-bao.txt").read_text(encoding="utf-8")
        assert "--accept-signature" in (office.review(broken) / "ly-do.txt").read_text(encoding="utf-8")
        kept = load_record(office, broken)
        assert kept.state == "quarantined"
        assert kept.signatures is not None
        assert "Nội dung đã ký bị thay đổi" in kept.reason_words(office.messages)

        # A person may take it in: by name, and visible ever after.
        retry(office, broken, "chị Lan")
        run_once(office)
        assert load_record(office, broken).state == "quarantined"
        retry(office, broken, "chị Lan", accept_signature=True)
        run_once(office)
        record = load_record(office, broken)
        assert record.state == "filed"
        assert record.row is not None
        assert record.row.signature_accepted
        with office.database.read() as session:
            last = session.scalars(select(EventRow).where(EventRow.kind == "retried")).all()[-1]
        assert (last.actor, last.detail["accept_signature"]) == ("chị Lan", True)

        stored = archive.load(office.archive / archive.folder_of(good))
        assert stored.signatures is not None
        assert stored.signatures["signatures"][0]["signer"]["common_name"] == "Nguyễn Văn Ả"
        assert archive.verify(stored.bag) == []
        assert archive.load(office.archive / archive.folder_of(unsigned)).signatures is None
        private = office.settings.private
    shutil.rmtree(private)
    make_workspace(folder)
    with open_office(folder) as office:  # everything from the bags alone
        assert rebuild(office).findings == ()
        assert found(office, "chữ-ký:hợp-lệ") == {good}
        assert found(office, "chữ-ký:không-hợp-lệ") == {broken}
        assert found(office, "chữ-ký:không-có") == {unsigned}
        again = load_record(office, broken)
        assert again.row is not None
        assert again.row.signature_accepted
        assert again.signatures is not None


def test_a_secret_document_with_a_broken_signature_is_shown_to_nobody(tmp_path: Path, pki: Pki) -> None:
    """Judged first, but set aside for its sender only when it is known not to be secret."""
    folder = tmp_path / "office"
    office_that_trusts(folder, pki)
    with open_office(folder) as office:
        papers.flip(signed_letter(office.incoming / "mat.pdf", pki, number=1, mark="MẬT"), b"/MediaBox")
        run_once(office)
        document_id = by_name(office)[""]  # a name can tell what is in it
        assert load_record(office, document_id).state == "secret"
        assert not list(office.review(document_id).rglob("*.pdf"))
        assert found(office, "chữ-ký:không-hợp-lệ") == set()


def test_the_page_is_compared_with_the_certificate(tmp_path: Path, pki: Pki) -> None:
    folder = tmp_path / "office"
    office_that_trusts(folder, pki)
    with open_office(folder) as office:
        signed_letter(office.incoming / "a.pdf", pki, number=1)  # dated February 2026, signed today
        run_once(office)
        record = load_record(office, by_name(office)["a.pdf"])
        assert "date-differs-from-signing-time" in [finding.code for finding in record.findings]


def test_nobody_trusted_and_nobody_asked_is_undecided_and_filed(tmp_path: Path, pki: Pki) -> None:
    make_workspace(tmp_path / "office")
    with open_office(tmp_path / "office") as office:
        signed_letter(office.incoming / "a.pdf", pki, number=1)
        run_once(office)
        (document_id,) = by_name(office).values()
        assert found(office, "chữ-ký:không-xác-định") == {document_id}
        report = json.loads(
            (office.archive / archive.folder_of(document_id) / "data/signatures.json").read_text(encoding="utf-8")
        )
        assert report["signatures"][0]["code"] == "no-chain"
        with pikepdf.open(archive.load(office.archive / archive.folder_of(document_id)).original or "") as pdf:
            assert "/AcroForm" in pdf.Root
