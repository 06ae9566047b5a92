"""From words with boxes to the fields of Decree 30/2020: asks each topic's rule and gathers what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.document import (
    FIELD_NAMES,
    Clues,
    Field,
    Finding,
    Metadata,
    Page,
    Reading,
    SecondLook,
    Severity,
    TextSource,
)  # fmt: skip
from pipeline.metadata import code as numbers
from pipeline.metadata import issued as dates
from pipeline.metadata.batches import find_starts, first_document, first_page, several_documents
from pipeline.metadata.calibration import Calibration
from pipeline.metadata.code import Code, find_code_row, read_code
from pipeline.metadata.doctype import TO, Heading, decide_type, find_heading
from pipeline.metadata.evidence import Evidence
from pipeline.metadata.issued import Issued, find_issued
from pipeline.metadata.language import find_language
from pipeline.metadata.layout import Header, Row, find_header
from pipeline.metadata.marks import Marks, find_marks
from pipeline.metadata.measured import MEASURED
from pipeline.metadata.organ import Organs, find_organs
from pipeline.metadata.recipients import find_recipients
from pipeline.metadata.review import EXPECTED, LOOK_BELOW, to_review
from pipeline.metadata.signatory import ABOUT_SIGNATORY, Signatory, find_signatory, find_signature_page
from pipeline.metadata.signers import Signers
from pipeline.metadata.spelling import Body
from pipeline.metadata.subject import subject_of_letter, subject_under
from pipeline.settings import MetadataSettings

NO_CLUES = Clues()
_OF_ANY_PAPER = {"language", "page_amount", "secrecy", "priority"}
_FOREIGN = 0.5
_BODY_PAGES = 8  # enough to learn how a document spells its names


def extract(
    reading: Reading, settings: MetadataSettings, clues: Clues = NO_CLUES, *, calibration: Calibration = MEASURED
) -> Metadata:
    """The fields of one document, each with page, box, rule and confidence; the doubtful ones in `review`.

    `clues` only confirm or cast doubt, they never give a value. Pure and deterministic. A reading without words
    gives the page amount only and everything expected to review.
    """
    fields: dict[str, Field] = {"page_amount": Field(str(len(reading.pages)), 0.99, None, None, "count")}
    written = [page for page in reading.pages if page.source in {TextSource.TEXT_LAYER, TextSource.OCR} and page.lines]
    doubted: list[str] = []
    findings: list[Finding] = []
    if not written or any(page.source is TextSource.UNREAD for page in reading.pages):
        doubted += ["parent_organ_name", "competence"]
    if written:
        starts = find_starts(reading)
        later = [page for page in written if page.number in {start.page for start in starts}]
        written = list(first_document(written, starts))
        findings += several_documents(starts)
        first = first_page(written)
        covers, main = written[: written.index(first)], written[written.index(first) :]
        _put(fields, "language", find_language(" ".join(page.text for page in written[:5])))
        body = Body(tuple(main[:_BODY_PAGES]), clues.confirmed)
        evidence = Evidence.of(reading, first, main, clues)
        _read_header(find_header(first), body, evidence, reading.second_looks, fields, doubted)
        _look_at_covers(covers, fields, doubted)
        _look_at_covers(later, fields, doubted)
        _read_ending(main, body, reading.second_looks, fields, doubted)
        fields = Signers.of(main, clues.signers).weigh(fields)
        if "secrecy" in doubted:
            findings.append(Finding("secrecy-doubtful", Severity.WARNING, first.number))
    fields = _of_a_foreign_paper(calibration.applied(fields))
    unmeasured = min(settings.review_below, LOOK_BELOW)
    below = {name: settings.review_below if name in calibration.shifts else unmeasured for name in fields}
    review = to_review(fields, doubted, below, EXPECTED)
    ordered = {name: fields[name] for name in FIELD_NAMES if name in fields}
    return Metadata(ordered, tuple(name for name in FIELD_NAMES if name in review), tuple(findings))


def _of_a_foreign_paper(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The rules know the forms of Vietnamese offices alone: what they find on other papers, a person looks at."""
    language = fields.get("language")
    if language is None or language.value == "vi":
        return dict(fields)
    return {
        name: replace(field, confidence=min(field.confidence, _FOREIGN)) if name not in _OF_ANY_PAPER else field
        for name, field in fields.items()
    }


def _put(fields: dict[str, Field], name: str, field: Field | None) -> None:
    if field is not None:
        fields[name] = field


def _read_header(
    header: Header,
    body: Body,
    evidence: Evidence,
    looks: Sequence[SecondLook],
    fields: dict[str, Field],
    doubted: list[str],
) -> None:
    issued = find_issued(header, body)
    code_row = find_code_row(header)
    bare = issued.row is None and code_row is None and not (header.national or header.party)
    edge = max((row.base for row in (issued.row, code_row) if row is not None), default=header.top + 30 * (not bare))
    heading = find_heading(header, edge)
    agencies_end = _agencies_end(code_row, issued, heading, header)
    organs = find_organs(header, agencies_end, body, looks)
    names = [str(f.value) for f in (organs.organ, organs.parent) if f is not None]
    code = read_code(header, code_row, heading.type if heading else None, names, body)
    about, about_rows = subject_of_letter(header, edge - 5, body) if heading is None else (None, [])
    notation = str(code.notation.value) if code.notation else ""
    code = numbers.with_second_look(code, evidence)
    issued = dates.with_second_look(issued, header, evidence, notation, code.year)
    kind, _ = decide_type(header, heading, notation, [*about_rows, *_addressed(header, edge)])
    subject = about if about is not None else (subject_under(header, heading, body) if heading else None)
    marks = find_marks(header, _body_begins(header, heading, subject, about_rows))
    _gather(fields, doubted, issued, code, organs, marks)
    _cross_check(fields, code.year)
    _put(fields, "type_name", kind)
    _put(fields, "subject", subject)


def _agencies_end(code_row: Row | None, issued: Issued, heading: Heading | None, header: Header) -> float:
    if code_row is not None:
        return code_row.base
    if issued.row is not None:
        return issued.row.base
    return heading.row.base if heading else header.top + 60


def _addressed(header: Header, edge: float) -> list[Row]:
    return [
        row for row in header.rows if row.base > edge and TO.match(row.folded) and row.base < 0.6 * header.page.height
    ][:1]


def _body_begins(header: Header, heading: Heading | None, subject: Field | None, about: Sequence[Row]) -> float:
    """Stamps stand above this: under the subject there may be a mark yet, hence some lines more."""
    if subject is not None and subject.box is not None:
        return subject.box.bottom + (90 if about else 45)
    return heading.row.base + 60 if heading else 0.4 * header.page.height


def _gather(
    fields: dict[str, Field], doubted: list[str], issued: Issued, code: Code, organs: Organs, marks: Marks
) -> None:
    _put(fields, "issued_place", issued.place)
    _put(fields, "issued_date", issued.date)
    _put(fields, "organ_name", organs.organ)
    _put(fields, "parent_organ_name", organs.parent)
    _put(fields, "code_number", code.number)
    _put(fields, "code_notation", code.notation)
    _put(fields, "priority", marks.priority)
    _put(fields, "secrecy", marks.secrecy)
    doubted.extend(marks.doubted)
    if organs.doubtful or organs.organ is None or organs.organ.confidence < 0.85:
        doubted.append("parent_organ_name")


def _look_at_covers(pages: Sequence[Page], fields: dict[str, Field], doubted: list[str]) -> None:
    """A cover tells nothing else, but a mark of secrecy on it counts like one on the first page.

    So does one on the first page of another document in the same file.
    """
    for page in pages:
        marks = find_marks(find_header(page), page.height)
        if marks.secrecy is not None and "secrecy" not in fields:
            fields["secrecy"] = marks.secrecy
        doubted.extend(name for name in marks.doubted if name == "secrecy")


def _read_ending(
    pages: Sequence[Page], body: Body, looks: Sequence[SecondLook], fields: dict[str, Field], doubted: list[str]
) -> None:
    about = [look for look in looks if look.zone.about == ABOUT_SIGNATORY]
    place = find_signature_page(pages, about)
    if place is None:
        doubted.append("competence")
        return
    signatory: Signatory = find_signatory(place, about)
    _put(fields, "competence", signatory.competence)
    _put(fields, "signatory_position", signatory.position)
    _put(fields, "signatory_name", signatory.name)
    doubted.extend(signatory.doubted)
    if "issued_date" not in fields and signatory.top is not None:
        _put(fields, "issued_date", dates.issued_at_end(place.page, place.rows, signatory.top).date)
    _put(fields, "recipients", find_recipients(place, signatory, pages, body, looks))


def _cross_check(fields: dict[str, Field], year: str) -> None:
    """A year in the code must be the date's year; where they differ, the date is doubted."""
    issued = fields.get("issued_date")
    if year and issued is not None and not str(issued.value).startswith(year):
        fields["issued_date"] = replace(issued, confidence=round(issued.confidence * 0.6, 3))
