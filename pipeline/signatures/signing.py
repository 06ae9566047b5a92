"""Makes signatures: the leader's, the agency's seal with number and date, the line on copies; and what comes later.

A signed file only grows: what was there is copied byte for byte and the signature written behind it, in place, so
memory stays flat whatever the size. The target appears whole or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pkcs11 import PKCS11Error
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from pipeline.document import Box, Finding, Severity
from pipeline.errors import RefusedError, SigningError
from pipeline.files import CHUNK, durable_path
from pipeline.signatures.appearances import LineStyle, Picture, PictureStyle
from pipeline.signatures.geometry import COVERED, Frame, upright
from pipeline.signatures.growing import Beginning, copy_beginning
from pipeline.signatures.keys import Key, token_fault
from pipeline.signatures.services import DIGEST, Backend, Help, certificate_fault, gather
from pipeline.signatures.values import (
    DAY_FIELD,
    LEADER_FIELD,
    MONTH_FIELD,
    NUMBER_FIELD,
    SEAL_FIELD,
    STAMP_FIELD,
    YEAR_FIELD,
    Issue,
    Level,
    Signed,
    Terms,
)
from pipeline.signatures.wording import VIETNAM
from pipeline.signatures.workarounds import HashedOnce, Ink, Slot, fill

STAMP_SIZE = 10.0  # points of type (Decree 30, Appendix I)
STAMP_MARGIN, STAMP_TOP = 28.0, 18.0  # points from the right and the top edge of the page
DESCENT = 0.25  # as in `preparing`: where the base line stands in a text field, in sizes
SPARE_BYTES = 1024  # what two time stamps of one service may differ by


def sign_leader(
    source: Path, target: Path, key: Key, terms: Terms, *, at: datetime, picture: Picture | None = None
) -> Signed:
    """The authorised person signs in person: certifies the document and allows only filling in and more signatures.

    Raises SigningError (key, certificate, services when `terms.required`), RefusedError for a file without the field.
    """
    meta = {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS}
    return _sign(_Job(source, target, key, terms, at, LEADER_FIELD, picture=picture, meta=meta))


def seal(
    source: Path, target: Path, key: Key, terms: Terms, *,
    issue: Issue, at: datetime, picture: Picture | None = None,
) -> Signed:  # fmt: skip
    """Number and date are filled in and the agency signs, in one revision; no field may change after that.

    Raises RefusedError: `field-missing`, `field-filled`, `date-disagrees` with what was typed into the draft,
    `number-too-long`; SigningError as `sign_leader`.
    """
    number, issued = issue.number, issue.issued
    values = {
        NUMBER_FIELD: number, DAY_FIELD: f"{issued.day:02d}",
        MONTH_FIELD: f"{issued.month:02d}" if issued.month < 3 else str(issued.month), YEAR_FIELD: str(issued.year),
    }  # fmt: skip

    def before(writer: IncrementalPdfFileWriter) -> None:
        _agree(writer, issued, source)
        _fill(writer, values, source)

    return _sign(_Job(source, target, key, terms, at, SEAL_FIELD, picture=picture, before=before))


def stamp(source: Path, target: Path, key: Key, terms: Terms, line: str, *, at: datetime) -> Signed:
    """The agency signs with one line of text at the top right of page 1 (box 14): attachments, copies, digitised paper.

    `line` from `wording`, with the same `at`. Raises RefusedError for a page without room, SigningError.
    """
    return _sign(_Job(source, target, key, terms, at, STAMP_FIELD, line=line))


# --- one signature ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Job:
    source: Path
    target: Path
    key: Key
    terms: Terms
    at: datetime
    field: str
    picture: Picture | None = None
    line: str = ""
    meta: Mapping[str, Any] = default(default_factory=dict)
    before: Callable[[IncrementalPdfFileWriter], None] | None = None


class _TimedSigner(PdfSigner):
    """Signs at a moment that we give: the page, the register and the signature name the same one."""

    def __init__(self, at: datetime, beginning: Beginning, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at = at.astimezone(VIETNAM).replace(microsecond=0)
        self._beginning = beginning

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        session.cms_writer = HashedOnce(session.cms_writer, self._beginning)
        return session


def _sign(job: _Job) -> Signed:
    with durable_path(job.target) as temporary:
        beginning, level, findings = run(_attempts(job, temporary))
        size = temporary.stat().st_size
        with temporary.open("rb") as signed:
            digest = beginning.digest(signed, (beginning.size, size)).hex()
    return Signed(job.target, digest, size, job.field, job.key.holder, job.at, level, job.terms.wanted, findings)


async def _attempts(job: _Job, temporary: Path) -> tuple[Beginning, Level, tuple[Finding, ...]]:
    """At the level that the services allow; a service that dies on the way costs another try, one level lower."""
    most, said = Level.B_LTA, tuple[Finding, ...]()
    backend = Backend(job.terms) if job.terms.wanted >= Level.B_LT else None
    try:
        while True:
            help_ = await gather(job.key, job.terms, most, backend)
            findings = (*said, *help_.findings)
            if help_.level < job.terms.wanted and job.terms.required:
                raise SigningError("service-unavailable", retry=True, path=job.source.name, level=job.terms.wanted)
            beginning = copy_beginning(job.source, temporary)
            try:
                await _write(job, help_, temporary, beginning)
            except TimestampRequestError:
                most = Level.B_B
                said = (*findings, Finding("tsa-unavailable", Severity.WARNING, detail={"tsa": job.terms.tsa}))
                continue
            return beginning, help_.level, findings
    finally:
        if backend is not None:
            await backend.close()


async def _write(job: _Job, help_: Help, temporary: Path, beginning: Beginning) -> None:
    try:
        with temporary.open("r+b") as out:
            writer = IncrementalPdfFileWriter(out)
            if job.before:
                job.before(writer)
            signer = _signer(job, help_, writer, beginning)
            reserved = await _reserved(job.key, help_)
            await signer.async_sign_pdf(
                writer, existing_fields_only=not job.line, bytes_reserved=reserved, in_place=True, chunk_size=CHUNK
            )  # fmt: skip
    except PKCS11Error as error:
        raise token_fault("", error) from error
    except TimestampRequestError:
        raise
    except (PyHankoSigningError, PdfError, ValidationError, PathBuildingError) as error:
        raise _fault(job, error) from error
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, IndexError) as error:
        raise RefusedError("sign-unreadable", path=job.source.name, reason=str(error)[:200]) from error


def _fault(job: _Job, error: Exception) -> Exception:
    cause = error.__cause__
    if isinstance(cause, TimestampRequestError):
        return cause
    if isinstance(cause, (ValidationError, PathBuildingError)):
        return certificate_fault(job.key, cause)
    if isinstance(cause, PKCS11Error):
        return token_fault("", cause)
    text = str(error)
    for part, code in (
        ("forbids all changes", "sign-certified-against"), ("must be the first", "sign-signed-already"),
        ("filled already", "field-filled"), ("already", "field-filled"), ("hybrid", "sign-hybrid-xref"),
        ("No empty signature field", "field-missing"), ("not exist", "field-missing"), ("not found", "field-missing"),
        ("encrypt", "sign-encrypted"),
    ):  # fmt: skip
        if part in text:
            return RefusedError(code, path=job.source.name, field=job.field)
    return RefusedError("sign-unreadable", path=job.source.name, reason=text[:200])


async def _reserved(key: Key, help_: Help) -> int:
    """Hexadecimal digits to keep for the container; pyHanko's own way would build the whole of it twice."""
    size = key.weight
    if help_.stamper is not None:
        size += len((await help_.stamper.async_dummy_response(DIGEST)).dump()) + SPARE_BYTES
    return 2 * size


def _signer(job: _Job, help_: Help, writer: IncrementalPdfFileWriter, beginning: Beginning) -> PdfSigner:
    meta = PdfSignatureMetadata(
        field_name=job.field, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES,
        validation_context=help_.context, embed_validation_info=help_.level >= Level.B_LT,
        use_pades_lta=help_.level >= Level.B_LTA, signer_key_usage=job.key.usage, **job.meta,
    )  # fmt: skip
    spec, style = None, None
    if job.line:
        spec, style = _stamp_place(writer, job)
    else:
        style = PictureStyle(
            border_width=0, picture=job.picture, rotation=_rotation(writer, job.field, job.source),
            left=COVERED if job.field == LEADER_FIELD else 0.5,
        )  # fmt: skip
    return _TimedSigner(
        job.at,
        beginning,
        meta,
        signer=job.key.signer,
        timestamper=help_.stamper,
        stamp_style=style,
        new_field_spec=spec,
    )


def run(work: Awaitable[Any]) -> Any:
    """One document's work with the services. Not to be called inside a running event loop."""

    async def main() -> Any:
        return await work

    return asyncio.run(main())


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(writer: IncrementalPdfFileWriter) -> dict[str, Any]:
    """Name → reference of the form's own fields (ours have no kids)."""
    array = _value(_value(writer.root, "/AcroForm"), "/Fields")
    if not isinstance(array, generic.ArrayObject):
        return {}
    references = [array.raw_get(index) for index in range(len(array))]
    return {
        str(_value(reference.get_object(), "/T")): reference
        for reference in references
        if isinstance(reference, generic.IndirectObject)
    }


def _value(dictionary: Any, key: str) -> Any:
    """What a dictionary holds, references followed (pyHanko's `get` does not); None where there is nothing."""
    return dictionary[key] if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None


def _rotation(writer: IncrementalPdfFileWriter, name: str, source: Path) -> int:
    reference = _fields(writer).get(name)
    if reference is None:
        raise RefusedError("field-missing", path=source.name, field=name)
    widget = reference.get_object()
    if "/V" in widget:
        raise RefusedError("field-filled", path=source.name, field=name)
    return _turned(widget)


def _turned(widget: Any) -> int:
    rotation = int(_value(_value(widget, "/MK"), "/R") or 0) % 360
    return rotation if rotation in {90, 180, 270} else 0


def _fill(writer: IncrementalPdfFileWriter, values: Mapping[str, str], source: Path) -> None:
    fields = _fields(writer)
    inks: dict[tuple[float, bool], Ink] = {}
    for name in (NUMBER_FIELD, DAY_FIELD):
        if name not in fields:
            raise RefusedError("field-missing", path=source.name, field=name)
    for name, text in values.items():
        if name not in fields:
            continue
        widget = fields[name].get_object()
        if _value(widget, "/V"):
            raise RefusedError("field-filled", path=source.name, field=name)
        size, italic = _type(str(_value(widget, "/DA") or ""))
        if (size, italic) not in inks:
            inks[size, italic] = Ink(writer, size, italic=italic)
        left, bottom, right, top = (float(side) for side in widget["/Rect"])
        rotation = _turned(widget)
        width, height = (top - bottom, right - left) if rotation % 180 else (right - left, top - bottom)
        against = 1.0 if name == NUMBER_FIELD else 0.5  # "15/QĐ-BQL" is one word
        slot = Slot(width, height, DESCENT * size, upright(rotation), against)
        if not fill(writer, fields[name], text, inks[size, italic], slot):
            raise RefusedError("number-too-long", path=source.name, number=text)


def _type(appearance: str) -> tuple[float, bool]:
    """(size, italic) of a default appearance string, "/VanthuItalic 13.00 Tf 0 g"."""
    words = appearance.split()
    try:
        return float(words[1]), "Italic" in words[0]
    except (IndexError, ValueError):
        return 13.0, False


def _agree(writer: IncrementalPdfFileWriter, issued: date, source: Path) -> None:
    """Month and year that the draft brought along must be those of the day of issue."""
    private = _value(_value(_value(writer.root, "/PieceInfo"), "/Vanthu"), "/Private")
    for key, value in (("/Month", issued.month), ("/Year", issued.year)):
        typed = _value(private, key)
        if typed is not None and int(typed) != value:
            raise RefusedError("date-disagrees", path=source.name, typed=int(typed), issued=issued.isoformat())


def _stamp_place(writer: IncrementalPdfFileWriter, job: _Job) -> tuple[SigFieldSpec, BaseStampStyle]:
    try:
        frame = _frame(writer)
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError("page-without-shape", path=job.source.name, page=1) from error
    box = Box(STAMP_MARGIN, STAMP_TOP, max(frame.width - STAMP_MARGIN, STAMP_MARGIN + 1), STAMP_TOP + 1.5 * STAMP_SIZE)
    if not frame.holds(box):
        raise RefusedError("page-too-small", path=job.source.name, page=1)
    if job.field in _fields(writer):
        raise RefusedError("field-filled", path=job.source.name, field=job.field)
    spec = SigFieldSpec(
        job.field, on_page=0, box=tuple(round(side, 3) for side in frame.rectangle(box)),  # type: ignore[arg-type]
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
    )  # fmt: skip
    return spec, LineStyle(border_width=0, line=job.line, size=STAMP_SIZE / frame.unit, rotation=frame.rotation)


def _frame(writer: IncrementalPdfFileWriter) -> Frame:
    """The visible part of page 1, with what it inherits."""
    reference, _ = writer.find_page_for_modification(0)
    found: dict[str, Any] = {}
    node: Any = reference.get_object()
    for _ in range(50):
        for key in ("/MediaBox", "/CropBox", "/Rotate"):
            if key not in found and key in node:
                found[key] = node[key]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    page = reference.get_object()
    media = tuple(float(side) for side in found["/MediaBox"])
    crop = tuple(float(side) for side in found["/CropBox"]) if "/CropBox" in found else None
    return Frame.of(media, crop, float(found.get("/Rotate", 0)), float(_value(page, "/UserUnit") or 1))
