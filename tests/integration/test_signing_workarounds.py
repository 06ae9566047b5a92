"""Each of pyHanko's flaws that we go around is still there, and is not in what we make."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import misc
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pipeline.errors import DependencyError
from pipeline.files import sha256_of
from pipeline.signatures import FileKey, Issue, Level, Plan, Terms, open_key, prepare, seal, sign_leader, signing, stamp
from pipeline.signatures.later_changes import DIFF_POLICY
from pipeline.signatures.signing import _fill
from pipeline.signatures.workarounds import EM, FOLDERS, CachedKeySigner, Ink, typeface
from samples.fonts import serif
from tests import signing_papers as papers
from tests.pki import PASSPHRASE, Pki

pytestmark = pytest.mark.integration


def test_the_key_is_parsed_once_and_not_for_every_signature(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    real = serialization.load_der_private_key

    def counting(*arguments: Any, **named: Any) -> Any:
        parsed.append(1)
        return real(*arguments, **named)

    monkeypatch.setattr("pyhanko.sign.signers.pdf_cms.serialization.load_der_private_key", counting)
    plain = SimpleSigner.load_pkcs12(pki.pfx("leader"), passphrase=PASSPHRASE)
    del parsed[:]
    for _ in range(3):
        plain.sign_raw(b"x", "sha256")
    assert len(parsed) >= 3  # pyHanko does; when this fails, the workaround can go
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key:
        assert isinstance(key.signer, CachedKeySigner)
        assert key.signer.sign_raw(b"x", "sha256") == plain.sign_raw(b"x", "sha256")
        del parsed[:]
        key.signer.sign_raw(b"x", "sha256")
    assert not parsed


def test_what_was_hashed_when_it_was_copied_is_not_read_again(
    tmp_path: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    real = misc.chunked_digest

    def counting(buffer: bytearray, stream: Any, digest: Any, max_read: int) -> None:
        hashed.append(max_read)
        real(buffer, stream, digest, max_read=max_read)

    monkeypatch.setattr("pyhanko.pdf_utils.misc.chunked_digest", counting)
    source = papers.scan(tmp_path / "scan.pdf", megabytes=1)
    plain = PdfSigner(
        PdfSignatureMetadata(field_name="A"),
        signer=SimpleSigner.load_pkcs12(pki.pfx("leader"), passphrase=PASSPHRASE),
    )
    with source.open("rb") as stream, (tmp_path / "plain.pdf").open("w+b") as out:
        plain.sign_pdf(IncrementalPdfFileWriter(stream), output=out)
    assert sum(hashed) > source.stat().st_size  # pyHanko does; when this fails, the workaround can go
    del hashed[:]
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        signed = stamp(source, tmp_path / "out.pdf", key, Terms(), "x", at=datetime.now(UTC))
    assert not hashed
    assert signed.sha256 == sha256_of(tmp_path / "out.pdf")
    assert _status(tmp_path / "out.pdf", pki, "ChuKyCoQuan").bottom_line


def _widths(font: bytes, tmp_path: Path, rescaled: bool) -> list[float]:
    """The widths that a PDF with a drawn "0" gives: one of them is the digit's, which is half an em in Times."""
    source = papers.draft(tmp_path / "draft.pdf")
    writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()))
    (tmp_path / "font.ttf").write_bytes(font)
    if rescaled:
        ink = Ink(writer, 13)
        ink.operators("0")
        assert ink.resources
    else:
        engine = GlyphAccumulatorFactory(str(tmp_path / "font.ttf")).create_font_engine(writer)
        engine.shape("0")
        engine.as_resource()
    out = io.BytesIO()
    writer.write(out)
    with pikepdf.open(out) as pdf:
        font_objects = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary)
                        and found.get("/Subtype") in {pikepdf.Name.CIDFontType2, pikepdf.Name.CIDFontType0}
                        and "Serif" in str(found.get("/BaseFont"))]  # fmt: skip
        return [float(width) for found in font_objects for entry in found["/W"]
                  if isinstance(entry, pikepdf.Array) for width in entry]  # fmt: skip


def test_digits_are_as_wide_as_pdf_counts_and_not_as_the_font_does(tmp_path: Path) -> None:
    assert 1024 in _widths(serif()[""].read_bytes(), tmp_path, rescaled=False)  # when this fails, rescaling can go
    widths = _widths(b"", tmp_path, rescaled=True)
    assert 500 in widths
    assert 1024 not in widths


def test_the_typeface_has_every_vietnamese_letter_and_a_thousand_units() -> None:
    from fontTools.ttLib import TTFont

    for italic in (False, True):
        with TTFont(io.BytesIO(typeface(italic=italic))) as font:
            letters = font.getBestCmap()
            assert font["head"].unitsPerEm == EM
        assert not [code for code in range(0x1EA0, 0x1EFA) if code not in letters]


def test_a_typeface_without_vietnamese_is_passed_over(tmp_path: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    poor = tmp_path / "poor"
    poor.mkdir()
    with TTFont(serif()[""]) as font:
        subsetter = subset.Subsetter()
        subsetter.populate(unicodes=range(0x20, 0x7F))
        subsetter.subset(font)
        font.save(poor / "LiberationSerif-Regular.ttf")
    with pytest.raises(DependencyError, match="typeface-missing"):
        typeface(folders=(poor,))
    assert len(typeface(folders=(poor, *FOLDERS))) == len(typeface())


def _sealed(folder: Path, pki: Pki, *, one_revision: bool) -> Path:
    """Leader, number and date, seal and archival time stamp; number and date in the seal's revision or before it."""
    terms = Terms(Level.B_LTA, pki.tsa_url, roots=(pki.der("root"),), others=(pki.der("interm"),))
    prepared = prepare(papers.draft(folder / "draft.pdf"), folder / "prepared.pdf", Plan())
    now = datetime.now(UTC)
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key:
        sign_leader(prepared.path, folder / "signed.pdf", key, Terms(), at=now)
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        if one_revision:
            seal(folder / "signed.pdf", folder / "sealed.pdf", key, terms, issue=Issue("15", date(2026, 1, 5)), at=now)
            return folder / "sealed.pdf"
        with (folder / "signed.pdf").open("r+b") as stream:
            writer = IncrementalPdfFileWriter(stream)
            _fill(writer, {"SoVanBan": "15", "NgayVanBan": "05", "ThangVanBan": "01"}, folder / "signed.pdf")
            writer.write_in_place()
        signing._sign(signing._Job(folder / "signed.pdf", folder / "sealed.pdf", key, terms, now, "ChuKyCoQuan"))
        return folder / "sealed.pdf"


def _status(path: Path, pki: Pki, field: str, **policy: Any) -> Any:
    root = x509.Certificate.load(pki.der("root"))
    with path.open("rb") as stream:
        for signature in PdfFileReader(stream).embedded_regular_signatures:
            if signature.field_name == field:
                return validate_pdf_signature(signature, ValidationContext(trust_roots=[root]), **policy)
    raise AssertionError(field)


def test_number_and_seal_stand_in_one_revision_because_two_are_called_illegal(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = _sealed(tmp_path / "one", pki, one_revision=True), _sealed(tmp_path / "two", pki, one_revision=False)
    assert not _status(two, pki, "ChuKyCoQuan").docmdp_ok  # when this fails, the workaround can go
    assert _status(one, pki, "ChuKyCoQuan").bottom_line
    assert _status(one, pki, "ChuKyLanhDao").bottom_line


def test_our_policy_sees_the_seal_of_two_revisions_as_it_is(tmp_path: Path, pki: Pki) -> None:
    two = _sealed(tmp_path, pki, one_revision=False)
    assert not _status(two, pki, "ChuKyCoQuan").bottom_line
    assert _status(two, pki, "ChuKyCoQuan", diff_policy=DIFF_POLICY).bottom_line
