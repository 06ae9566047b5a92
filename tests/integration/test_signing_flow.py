"""A draft on its whole way: prepared, signed by the leader, numbered and sealed; judged by others than who made it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from asn1crypto import x509
from PIL import Image, ImageChops
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pipeline.errors import RefusedError, SigningError
from pipeline.signatures import (
    FileKey,
    Issue,
    Level,
    Plan,
    Signed,
    Terms,
    TokenKey,
    attachment_line,
    load_picture,
    open_key,
    prepare,
    seal,
    sign_leader,
    stamp,
    upgrade,
    verify_with_openssl,
)
from tests import signing_papers as papers
from tests.pki import PASSPHRASE, Pki, Token

pytestmark = pytest.mark.integration

ISSUE = Issue("15", date(2026, 11, 24))
AT = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)
Make = Callable[[Path], Path]
PAGES: dict[str, Make] = {
    "A4": lambda folder: papers.draft(folder / "a4.pdf"),
    "20 pages": lambda folder: papers.draft(folder / "p20.pdf", pages=20),
    "A3": lambda folder: papers.draft(folder / "a3.pdf", width=841.89, height=1190.55),
    "landscape": lambda folder: papers.draft(folder / "land.pdf", width=841.89, height=595.28),
    "turned 90": lambda folder: papers.turned(papers.draft(folder / "a4.pdf"), folder / "r.pdf", 90),
    "turned 180": lambda folder: papers.turned(papers.draft(folder / "a4.pdf"), folder / "r.pdf", 180),
    "turned 270": lambda folder: papers.turned(papers.draft(folder / "a4.pdf"), folder / "r.pdf", 270),
    "shifted": lambda folder: papers.shifted(papers.draft(folder / "a4.pdf"), folder / "s.pdf"),
    "cropped": lambda folder: papers.shifted(papers.draft(folder / "a4.pdf"), folder / "s.pdf", crop=20),
    "cropped and turned": lambda folder: papers.turned(
        papers.shifted(papers.draft(folder / "a4.pdf"), folder / "s.pdf", crop=20), folder / "r.pdf", 90
    ),
}


def terms_of(pki: Pki, level: Level = Level.B_B) -> Terms:
    return Terms(level, pki.tsa_url if level else "", roots=(pki.der("root"),), others=(pki.der("interm"),))


def leader_signs(pki: Pki, source: Path, target: Path, level: Level = Level.B_B, name: str = "leader") -> Signed:
    picture = load_picture(papers.signature_picture(source.with_suffix(".hand.png")), 170)
    with open_key(FileKey(pki.pfx(name)), PASSPHRASE) as key:
        return sign_leader(source, target, key, terms_of(pki, level), at=datetime.now(UTC), picture=picture)


def agency_seals(pki: Pki, source: Path, target: Path, terms: Terms, issue: Issue = ISSUE) -> Signed:
    picture = load_picture(papers.seal_picture(source.with_suffix(".seal.png")), 102.05)
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        return seal(source, target, key, terms, issue=issue, at=datetime.now(UTC), picture=picture)


def judged(pki: Pki, path: Path) -> dict[str, object]:
    """Each signature by pyHanko's own default policy: its status by field."""
    root = x509.Certificate.load(pki.der("root"))
    with path.open("rb") as stream:
        signatures = PdfFileReader(stream).embedded_regular_signatures
        return {s.field_name: validate_pdf_signature(s, ValidationContext(trust_roots=[root])) for s in signatures}


def seen(path: Path, page: int = -1, dpi: int = 144) -> Image.Image:
    """A page (the last one by default) as poppler shows it, cropped and turned as a reader sees it."""
    with pdfium.PdfDocument(path) as document:
        number = str(page + 1 if page >= 0 else len(document))
    target = path.with_suffix(f".{dpi}")
    command = ["pdftoppm", "-png", "-singlefile", "-cropbox", "-r", str(dpi), "-f", number, "-l", number]
    subprocess.run([*command, path, target], check=True)
    with Image.open(f"{target}.png") as image:
        return image.convert("RGB")


def words(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def recognised(image: Path, segmentation: int) -> str:
    command = ["tesseract", image, "-", "-l", "vie", "--psm", str(segmentation)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("make", PAGES.values(), ids=list(PAGES))
def test_a_draft_goes_through_and_both_signatures_hold(make: Make, tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(make(tmp_path), tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki))

    statuses = judged(pki, tmp_path / "sealed.pdf")
    assert list(statuses) == ["ChuKyLanhDao", "ChuKyCoQuan"]
    assert all(status.bottom_line for status in statuses.values())  # type: ignore[attr-defined]
    text = words(tmp_path / "sealed.pdf")
    assert "#ChuKyLanhDao" not in text
    _number_stands_on_the_line(tmp_path / "sealed.pdf", tmp_path / "signed.pdf")
    _seal_covers_a_third_at_real_size(tmp_path / "sealed.pdf")


def test_a_page_that_counts_in_units_of_its_own_looks_the_same(tmp_path: Path, pki: Pki) -> None:
    source = papers.in_units(papers.draft(tmp_path / "a4.pdf"), tmp_path / "units.pdf", 2)
    prepared = prepare(source, tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki))
    _number_stands_on_the_line(tmp_path / "sealed.pdf", tmp_path / "signed.pdf", unit=2)
    _seal_covers_a_third_at_real_size(tmp_path / "sealed.pdf", unit=2)


def _number_stands_on_the_line(sealed: Path, bare: Path, unit: int = 1) -> None:
    """What the seal's revision put into the header: upright digits whose feet stand where the words' feet stand.

    Neither poppler nor pdfium knows `unit`, points a unit of the page.
    """
    after, before = seen(sealed, 0, 144 * unit), seen(bare, 0, 144 * unit)
    header = (0, 0, after.width // 2 - 60, after.height * 2 // 5)
    box = ImageChops.difference(after, before).convert("L").crop(header).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert 18 < bottom - top < 26  # as high as the digits of 13 points beside them
    assert right - left < 36
    assert right - left > bottom - top  # two digits side by side and not above each other
    beside = before.crop((left - 120, top - 12, left, bottom + 3)).convert("L").point(lambda v: 255 * (v < 110))
    ink = beside.getbbox()  # "Số:"
    assert ink is not None
    assert abs(ink[3] + top - 12 - bottom) <= 2


def _seal_covers_a_third_at_real_size(sealed: Path, unit: int = 1) -> None:
    """36 mm and the left third of the signature's strokes (Article 33.1.b), whichever program shows the page."""
    for image in (seen(sealed, dpi=144 * unit), shown_by_pdfium(sealed, 144 * unit)):
        pixels = np.asarray(image).astype(int)
        red = _solid((pixels[..., 0] > 150) & (pixels[..., 1] < 90) & (pixels[..., 2] < 90))
        blue = _solid((pixels[..., 2] > 130) & (pixels[..., 0] < 90) & (pixels[..., 1] < 110))
        (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0)
        assert abs((right - left + 2) / 144 * 25.4 - 36) < 0.5
        assert abs((bottom - top + 2) / 144 * 25.4 - 36) < 0.5
        begin, end = blue[:, 1].min(), blue[:, 1].max()
        assert 0.28 < (right - begin) / (end - begin) < 0.38
        assert abs((top + bottom) / 2 - (blue[:, 0].min() + blue[:, 0].max()) / 2) < 6


def _solid(mask: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Where pixels stand close together: the coloured edges of smoothed letters are one wide."""
    return np.argwhere(mask[:-1, :-1] & mask[1:, :-1] & mask[:-1, 1:])


def shown_by_pdfium(path: Path, dpi: int = 144) -> Image.Image:
    """The last page with its form fields."""
    with pdfium.PdfDocument(path) as document:
        document.init_forms()
        return document[len(document) - 1].render(scale=dpi / 72).to_pil().convert("RGB")


def test_a_narrow_signature_is_covered_by_a_third_too(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    picture = load_picture(papers.signature_picture(tmp_path / "hand.png", narrow=True), 170)
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key:
        sign_leader(prepared.path, tmp_path / "signed.pdf", key, terms_of(pki), at=datetime.now(UTC), picture=picture)
    agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki))
    _seal_covers_a_third_at_real_size(tmp_path / "sealed.pdf")


def test_a_picture_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    Image.new("RGBA", (60, 30), (255, 0, 0, 9)).save(tmp_path / "empty.png")
    with pytest.raises(SigningError, match="picture-empty"):
        load_picture(tmp_path / "empty.png", 100)


def test_long_term_levels_with_a_token_pass_openssl_too(tmp_path: Path, pki: Pki, token: Token) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    first = leader_signs(pki, prepared.path, tmp_path / "signed.pdf", Level.B_LT)
    source = TokenKey(token.module, token.label, "agency", pki.certificate("agency"))
    with open_key(source, token.pin, chain=(pki.der("interm"),)) as key:
        second = seal(
            tmp_path / "signed.pdf", tmp_path / "sealed.pdf", key, terms_of(pki, Level.B_LTA), issue=ISSUE,
            at=datetime.now(UTC),
        )  # fmt: skip

    assert (first.level, second.level) == (Level.B_LT, Level.B_LTA)
    statuses = judged(pki, tmp_path / "sealed.pdf")
    assert all(status.bottom_line for status in statuses.values())  # type: ignore[attr-defined]
    assert statuses["ChuKyCoQuan"].modification_level is ModificationLevel.LTA_UPDATES  # type: ignore[attr-defined]
    opinions = verify_with_openssl(tmp_path / "sealed.pdf", [pki.der("root")], [pki.der("interm")])
    assert len(opinions) == 3  # both signatures and the document's time stamp
    assert all(opinion.valid for opinion in opinions), opinions


def test_openssl_says_no_to_a_changed_byte(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    data = bytearray((tmp_path / "signed.pdf").read_bytes())
    data[data.index(b"/Kids")] ^= 1
    (tmp_path / "changed.pdf").write_bytes(data)

    good = verify_with_openssl(tmp_path / "signed.pdf", [pki.der("root")], [pki.der("interm")])
    strange = verify_with_openssl(tmp_path / "signed.pdf", [pki.der("tsa")])
    assert [opinion.valid for opinion in good] == [True]
    assert [opinion.valid for opinion in strange] == [False]


@pytest.mark.parametrize("name", ["agency", "agency-ec", "leader"])
def test_every_kind_of_key_on_a_token_signs(name: str, tmp_path: Path, pki: Pki, token: Token) -> None:
    with open_key(TokenKey(token.module, token.label, name), token.pin) as key:
        stamp(papers.scan(tmp_path / "scan.pdf"), tmp_path / "out.pdf", key, terms_of(pki), "Số: 15/QĐ-BQL", at=AT)
    assert judged(pki, tmp_path / "out.pdf")["ChuKyCoQuan"].bottom_line  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["leader", "leader3072", "leader-ec"])
def test_every_kind_of_key_in_a_file_signs(name: str, tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf", name=name)
    assert judged(pki, tmp_path / "signed.pdf")["ChuKyLanhDao"].bottom_line  # type: ignore[attr-defined]


def test_a_wrong_pin_is_told_and_not_tried_again(tmp_path: Path, pki: Pki, token: Token) -> None:
    with pytest.raises(SigningError) as caught, open_key(TokenKey(token.module, token.label, "agency"), "111111"):
        pass
    assert (caught.value.code, caught.value.retry) == ("pin-wrong", False)
    with open_key(TokenKey(token.module, token.label, "agency"), token.pin) as key:
        assert key.holder.name == "Ban Quản lý Khu kinh tế"


def test_a_token_that_is_not_there_may_come_back(token: Token) -> None:
    with pytest.raises(SigningError) as caught, open_key(TokenKey(token.module, "không-có", "agency"), token.pin):
        pass
    assert (caught.value.code, caught.value.retry) == ("token-unavailable", True)


def test_a_wrong_passphrase_is_told(pki: Pki) -> None:
    with pytest.raises(SigningError) as caught, open_key(FileKey(pki.pfx("leader")), "wrong"):
        pass
    assert caught.value.code == "key-secret-wrong"


@pytest.mark.parametrize(("name", "code"), [("revoked", "certificate-revoked"), ("expired", "certificate-expired")])
def test_who_must_not_sign_cannot(name: str, code: str, tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    with pytest.raises(SigningError) as caught:
        leader_signs(pki, prepared.path, tmp_path / "signed.pdf", Level.B_LT, name=name)
    assert caught.value.code == code
    assert not (tmp_path / "signed.pdf").exists()


def test_a_certificate_of_nobody_we_trust_does_not_sign(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    strange = replace(terms_of(pki), roots=(pki.der("tsa"),), others=())
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key, pytest.raises(SigningError) as caught:
        sign_leader(prepared.path, tmp_path / "signed.pdf", key, strange, at=AT)
    assert caught.value.code == "certificate-untrusted"


@pytest.mark.parametrize(("down", "level", "finding"), [
    (("tsa",), Level.B_B, "tsa-unavailable"), (("ocsp", "crls"), Level.B_T, "revocation-unavailable"),
])  # fmt: skip
def test_an_outage_lowers_the_level_and_heals(
    down: tuple[str, ...], level: Level, finding: str, tmp_path: Path, pki: Pki
) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    with pki.outage(*down):
        leader = leader_signs(pki, prepared.path, tmp_path / "signed.pdf", Level.B_LT)
        sealed = agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki, Level.B_LTA))
    assert (leader.level, sealed.level, sealed.degraded) == (level, level, True)
    assert finding in {found.code for found in sealed.findings}

    upgraded = upgrade(tmp_path / "sealed.pdf", tmp_path / "healed.pdf", terms_of(pki, Level.B_LTA))
    assert upgraded.level is Level.B_LTA
    assert (tmp_path / "healed.pdf").read_bytes().startswith((tmp_path / "sealed.pdf").read_bytes())
    statuses = judged(pki, tmp_path / "healed.pdf")
    assert all(status.bottom_line for status in statuses.values())  # type: ignore[attr-defined]
    with (tmp_path / "healed.pdf").open("rb") as stream:
        reader = PdfFileReader(stream)
        assert len(reader.embedded_timestamp_signatures) == 1
        assert len(reader.root["/DSS"]["/VRI"]) >= 2


def test_policy_require_waits_and_signs_nothing(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    strict = replace(terms_of(pki, Level.B_LTA), required=True)
    with (
        pki.outage("tsa"), pytest.raises(SigningError) as caught,
        open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key,
    ):  # fmt: skip
        sign_leader(prepared.path, tmp_path / "signed.pdf", key, strict, at=AT)
    assert (caught.value.code, caught.value.retry) == ("service-unavailable", True)
    assert not (tmp_path / "signed.pdf").exists()


def test_an_upgrade_waits_while_the_service_is_down(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    with pki.outage("tsa"), pytest.raises(SigningError) as caught:
        upgrade(tmp_path / "signed.pdf", tmp_path / "healed.pdf", terms_of(pki, Level.B_LTA))
    assert caught.value.retry
    assert not (tmp_path / "healed.pdf").exists()


def test_a_service_that_dies_between_two_stamps_costs_a_level_and_not_the_document(tmp_path: Path, pki: Pki) -> None:
    """The client knows how big a stamp is and does not ask again: the failure comes after the key was used."""
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    with open_key(FileKey(pki.pfx("leader")), PASSPHRASE) as key:
        sign_leader(prepared.path, tmp_path / "one.pdf", key, terms_of(pki, Level.B_T), at=AT)
        with pki.outage("tsa"):
            signed = sign_leader(prepared.path, tmp_path / "two.pdf", key, terms_of(pki, Level.B_T), at=AT)
    assert signed.level is Level.B_B
    assert judged(pki, tmp_path / "two.pdf")["ChuKyLanhDao"].bottom_line  # type: ignore[attr-defined]


# --- number and date --------------------------------------------------------------------------------------------------


def test_the_seal_refuses_another_month_than_the_one_on_the_page(tmp_path: Path, pki: Pki) -> None:
    source = papers.draft(tmp_path / "draft.pdf", date="An Bình, ngày         tháng 12 năm 2026")
    prepared = prepare(source, tmp_path / "prepared.pdf", Plan())
    assert (prepared.typed_month, prepared.typed_year) == (12, 2026)
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    with pytest.raises(RefusedError) as caught:
        agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki))
    assert caught.value.code == "date-disagrees"
    agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki), Issue("15", date(2026, 12, 1)))


def test_nothing_is_sealed_twice(tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf"), tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    agency_seals(pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki))
    with pytest.raises(RefusedError) as caught:
        agency_seals(pki, tmp_path / "sealed.pdf", tmp_path / "again.pdf", terms_of(pki))
    assert caught.value.code == "field-filled"


def test_what_was_not_prepared_is_not_sealed(tmp_path: Path, pki: Pki) -> None:
    with pytest.raises(RefusedError) as caught:
        agency_seals(pki, papers.draft(tmp_path / "draft.pdf"), tmp_path / "sealed.pdf", terms_of(pki))
    assert caught.value.code == "field-missing"


def test_a_number_without_room_is_not_squeezed_beyond_reading(tmp_path: Path, pki: Pki) -> None:
    source = papers.draft(tmp_path / "draft.pdf", number="Số:     /QĐ-BQL")
    prepared = prepare(source, tmp_path / "prepared.pdf", Plan())
    leader_signs(pki, prepared.path, tmp_path / "signed.pdf")
    with pytest.raises(RefusedError) as caught:
        agency_seals(
            pki, tmp_path / "signed.pdf", tmp_path / "sealed.pdf", terms_of(pki), Issue("1234567", date(2026, 11, 24))
        )
    assert caught.value.code == "number-too-long"


# --- one line at the top right ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["A4", "A3", "turned 90", "turned 270", "cropped and turned"])
def test_the_line_of_an_attachment_is_read_back_at_the_top_right(page: str, tmp_path: Path, pki: Pki) -> None:
    line = attachment_line("15/KH-BQL", AT)
    assert line == "Số: 15/KH-BQL; 24/11/2026; 10:04:05 +07:00"
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        signed = stamp(PAGES[page](tmp_path), tmp_path / "out.pdf", key, terms_of(pki), line, at=AT)
    assert judged(pki, tmp_path / "out.pdf")["ChuKyCoQuan"].bottom_line  # type: ignore[attr-defined]
    assert signed.size > 0
    image = seen(tmp_path / "out.pdf", 0, dpi=300)
    corner = image.crop((image.width // 2, 0, image.width, round(42 / 72 * 300)))
    corner.save(tmp_path / "corner.png")
    read = subprocess.run(
        ["tesseract", tmp_path / "corner.png", "-", "-l", "vie", "--psm", "6"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert line.replace(" ", "") in read.replace(" ", "")


def test_vietnamese_letters_survive_in_the_line(tmp_path: Path, pki: Pki) -> None:
    line = "SAO Y; ỦY BAN NHÂN DÂN XÃ ĐỒNG ƯỚC; 24/11/2026; 10:04:05 +07:00"
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        stamp(papers.draft(tmp_path / "draft.pdf"), tmp_path / "out.pdf", key, terms_of(pki), line, at=AT)
    image = seen(tmp_path / "out.pdf", 0, dpi=300)
    image.crop((image.width // 4, round(14 / 72 * 300), image.width, round(36 / 72 * 300))).save(tmp_path / "line.png")
    read = recognised(tmp_path / "line.png", 7)
    assert "ỦY BAN NHÂN DÂN XÃ ĐỒNG ƯỚC" in read


# --- only ever appended -----------------------------------------------------------------------------------------------


FORMS = ("classic", "object streams", "linearised", "turned", "updated before")


def _in_form(draft: Path, source: Path, form: str) -> bytes:
    """The same pages written in one of FORMS; its bytes."""
    with pikepdf.open(draft) as pdf:
        modes = pikepdf.ObjectStreamMode
        if form == "turned":
            pdf.pages[0].obj["/Rotate"] = 90
        pdf.save(
            source, linearize=form == "linearised",
            object_stream_mode=modes.generate if form == "object streams" else modes.disable,
        )  # fmt: skip
    if form == "updated before":
        with source.open("r+b") as stream:
            writer = IncrementalPdfFileWriter(stream)
            writer.update_root()
            writer.write_in_place()
    return source.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_what_was_there_stays_byte_for_byte_under_a_line(form: str, tmp_path: Path, pki: Pki) -> None:
    source = tmp_path / "source.pdf"
    before = _in_form(papers.draft(tmp_path / "draft.pdf", pages=3), source, form)
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        stamp(source, tmp_path / "out.pdf", key, terms_of(pki, Level.B_LTA), "Số: 15/QĐ-BQL", at=AT)
    assert source.read_bytes() == before
    assert (tmp_path / "out.pdf").read_bytes().startswith(before)
    assert judged(pki, tmp_path / "out.pdf")["ChuKyCoQuan"].bottom_line  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_there_stays_byte_for_byte_from_leader_to_upgrade(form: str, tmp_path: Path, pki: Pki) -> None:
    prepared = prepare(papers.draft(tmp_path / "draft.pdf", pages=2), tmp_path / "prepared.pdf", Plan())
    whole = [_in_form(prepared.path, tmp_path / "source.pdf", form)]
    steps: list[Callable[[Path, Path], object]] = [
        lambda source, target: leader_signs(pki, source, target, Level.B_LT),
        lambda source, target: agency_seals(pki, source, target, terms_of(pki)),
        lambda source, target: upgrade(source, target, terms_of(pki, Level.B_LTA)),
    ]
    source = tmp_path / "source.pdf"
    for number, step in enumerate(steps):
        target = tmp_path / f"{number}.pdf"
        step(source, target)
        assert source.read_bytes() == whole[-1]
        whole.append(target.read_bytes())
        assert whole[-1].startswith(whole[-2])
        assert len(whole[-1]) > len(whole[-2])
        source = target
    statuses = judged(pki, source)
    assert list(statuses) == ["ChuKyLanhDao", "ChuKyCoQuan"]
    assert all(status.bottom_line for status in statuses.values())  # type: ignore[attr-defined]


def test_signing_at_a_moment_writes_that_moment_in_vietnams_time(tmp_path: Path, pki: Pki) -> None:
    with open_key(FileKey(pki.pfx("agency")), PASSPHRASE) as key:
        stamp(papers.scan(tmp_path / "scan.pdf"), tmp_path / "out.pdf", key, terms_of(pki), "x", at=AT)
    with (tmp_path / "out.pdf").open("rb") as stream:
        signature = PdfFileReader(stream).embedded_regular_signatures[0]
        assert str(signature.sig_object["/M"]) == "D:20261124100405+07'00'"
        assert signature.self_reported_timestamp == AT
