"""The store: one bag a document under `<archive>/<year>/<document id>`, readable without this program.

data/original/<name>      byte for byte as it arrived          data/text.txt       plain UTF-8, pages end in \\f
data/reading-copy.pdf     the same pages with a text layer     data/words.json     pages, lines, words, boxes
data/metadata.json        what the machine proposed            data/report.json    receipts, register, engines
data/signatures.json      what its signatures are worth      data/events/NNNN-….json   what people did since
data/copies/<row>.pdf     copies made of it (sao y …)    data/attachments/<row>…  its attachments, signed
data/digitised/<row>.pdf  its paper, digitised and signed
data/upgraded/<level>-<sha256>-<name>   the original with proofs added that a service could not give when it was signed
"""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.archive import bag
from pipeline.database.tables import EntryRow, ReceiptRow, StampRow
from pipeline.document import FIELD_NAMES, Finding, Kind, Metadata, Original, Page, Reading, SecondLook
from pipeline.errors import IntegrityError, NotFoundError
from pipeline.files import storage_errors

FORMAT = 1
READING_COPY = "data/reading-copy.pdf"
SIGNATURES = "data/signatures.json"
STAMPED, COPY_CHANGED, STAMP_UPGRADED = "stamped", "copy-register-changed", "stamp-upgraded"  # kinds of events
SEVERAL_DOCUMENTS = "several-documents"  # the finding that proposes a split
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filing:
    """All that goes into the bag of one document. `register` is `entry_to_json`, each receipt `receipt_to_json`."""

    document_id: str
    original: Original
    reading: Reading
    metadata: Metadata
    reading_copy: Path | None
    register: Json
    receipts: Sequence[Json]
    filed_at: datetime
    organization: str = ""
    urgency: int = 0
    signatures: Json | None = None  # the report on its digital signatures, `verdict` among it
    signature_accepted: bool = False  # by a person, although they are not valid
    part_of: Json | None = None  # {"document_id", "pages"}: cut out of the file of another document


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A bag opened: what the report says, what the machine proposed, what people did since."""

    bag: Path
    report: Json
    proposal: Metadata | None  # None: a tombstone, a number without content
    events: tuple[Json, ...] = ()

    @property
    def document_id(self) -> str:
        return str(self.report["document_id"])

    @property
    def is_tombstone(self) -> bool:
        return self.proposal is None

    @property
    def original(self) -> Path | None:
        found = self.report.get("original")
        return self.bag / found["path"] if found and "path" in found else None

    @property
    def upgraded(self) -> tuple[str, Path] | None:
        """(level, file): the original with what its signatures lacked on the day of signing; None: never needed."""
        event = next((event for event in reversed(self.events) if event["kind"] == "upgraded"), None)
        return (str(event["level"]), self.bag / event["file"]) if event else None

    @property
    def reading_copy(self) -> Path | None:
        path = self.bag / READING_COPY
        return path if path.is_file() else None

    @property
    def stamped(self) -> list[Json]:
        """Events of what the agency signed with a line (copies, attachments, digitised paper), as they stand now.

        A copy's `entry` (`entry_to_json`) with what was done to its number since; `file`, `sha256` and `upgraded` (the
        level) of the file with the proofs that were added later.
        """
        found = {event["stamp"]["row_name"]: dict(event) for event in self.events if event["kind"] == STAMPED}
        for event in self.events:
            if event["kind"] == COPY_CHANGED:
                found[event["document"]]["entry"] = event["entry"]
            elif event["kind"] == STAMP_UPGRADED:
                one = found[event["row_name"]]
                one |= {"file": event["file"], "sha256": event["sha256"], "upgraded": event["level"]}
                one["stamp"] = {**one["stamp"], "level": event["level"]}
        return list(found.values())

    @property
    def register(self) -> dict[str, Any]:
        """The number's row (`entry_to_json`) as it was filed, with what was done to it since."""
        facts = dict(self.report["register"])
        for event in self.events:
            if event["kind"] == "register-changed":
                facts |= event["entry"]
            elif event["kind"] == "number-cancelled":
                facts |= {"cancelled_at": event["at"], "cancel_reason": event["reason"]}
        return facts

    @property
    def receipts(self) -> list[Json]:
        """Every receipt of these bytes (`receipt_to_json`), the later ones too."""
        again = [event["receipt"] for event in self.events if event["kind"] == "received-again"]
        return [*self.report["receipts"], *again]

    @property
    def corrections(self) -> dict[str, Any]:
        """Field name → the last value that a person gave it and did not take back."""
        merged: dict[str, Any] = {}
        for event in self.events:
            merged |= event.get("corrections", {})
            if event["kind"] == "withdrawn":
                merged = {name: value for name, value in merged.items() if name not in event["fields"]}
        return merged

    @property
    def metadata(self) -> Metadata:
        """The proposal with all corrections; what a split left in doubt is to review too."""
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in self.corrections.items()}
        proposal = self.proposal or Metadata()
        doubted = self.split.get("doubted", ()) if self.split else ()
        review = tuple(name for name in FIELD_NAMES if name in proposal.review or name in doubted)
        return replace(proposal, review=review).corrected(values)

    @property
    def split(self) -> Json | None:
        """How its file was divided among several documents: `pages` that stayed, `parts` that became others."""
        return next((event for event in reversed(self.events) if event["kind"] == "split"), None)

    @property
    def part_of(self) -> Json | None:
        """The document out of whose file this one was cut, and the pages there."""
        found: Json | None = self.report.get("part_of")
        return found

    @property
    def batch(self) -> str:
        """Was it proposed that the file holds several documents, and what did a person say? As `DocumentRow.batch`."""
        if self.split is not None:
            return "split"
        if any(event["kind"] == "kept-whole" for event in self.events):
            return "kept"
        findings = self.proposal.findings if self.proposal else ()
        return "proposed" if any(finding.code == SEVERAL_DOCUMENTS for finding in findings) else ""

    @property
    def signatures(self) -> Json | None:
        """The report on its digital signatures; None where it has none or nobody judged it. Raises IntegrityError."""
        path = self.bag / SIGNATURES
        return dict(_read_json(path)) if path.is_file() else None

    @property
    def signature(self) -> tuple[str, bool]:
        """(verdict, "" where nobody judged; taken in by a person nevertheless)."""
        known = self.report.get("signatures") or {}
        return str(known.get("verdict", "")), bool(known.get("accepted", False))

    def pages(self) -> tuple[Page, ...]:
        """The words of all pages of the file, with their boxes. Raises IntegrityError."""
        if self.is_tombstone:
            return ()
        return tuple(Page.from_json(page) for page in _read_json(self.bag / "data/words.json")["pages"])

    def own_pages(self) -> tuple[Page, ...]:
        """The pages that are this document's: those of the file that a split left it. Raises IntegrityError."""
        pages = self.pages()
        if self.split is None:
            return pages
        first, last = page_range(self.split["pages"])
        return tuple(page for page in pages if first <= page.number <= last)

    def second_looks(self) -> tuple[SecondLook, ...]:
        """What was seen where the first reading was in doubt. Raises IntegrityError."""
        if self.is_tombstone:
            return ()
        looks = _read_json(self.bag / "data/words.json").get("second_looks", ())
        return tuple(SecondLook.from_json(look) for look in looks)


def page_range(pages: str) -> tuple[int, int]:
    """ "4-6" → (4, 6): how the pages of a part are written everywhere."""
    first, _, last = pages.partition("-")
    return int(first), int(last or first)


def folder_of(document_id: str) -> str:
    """ "2026/den-2026-00015": where a document lies, relative to the archive."""
    return f"{document_id.split('-')[1]}/{document_id}"


def file_document(archive: Path, filing: Filing) -> Path:
    """File a document: build its bag aside, make it durable, have it judged, rename it into place.

    Bears being killed anywhere and called again. A whole bag of the same original that lies there already is
    returned as it is. Raises StorageError, IntegrityError (another content under this number; a changed original).
    """
    target = archive / folder_of(filing.document_id)
    if target.exists():
        return _same_or_refused(target, filing.original.sha256)
    original = f"data/original/{safe_name(filing.original.name, filing.original.kind)}"
    with bag.Builder(target) as builder:
        with storage_errors(Path(filing.original.path)), Path(filing.original.path).open("rb") as source:
            sums = builder.add(original, source)
        if sums["sha256"] != filing.original.sha256:
            raise IntegrityError("original-changed", path=filing.original.path, document=filing.document_id)
        if filing.reading_copy is not None:
            with storage_errors(filing.reading_copy), filing.reading_copy.open("rb") as source:
                builder.add(READING_COPY, source)
        words = {
            "pages": [page.to_json() for page in filing.reading.pages],
            "second_looks": [look.to_json() for look in filing.reading.second_looks],
        }
        builder.add("data/words.json", io.BytesIO(_dense(words)))
        builder.add("data/text.txt", io.BytesIO(_text(filing.reading)))
        builder.add("data/metadata.json", io.BytesIO(_pretty(filing.metadata.to_json())))
        if filing.signatures and filing.signatures["verdict"] != "unsigned":
            builder.add(SIGNATURES, io.BytesIO(_pretty(filing.signatures)))
        builder.add("data/report.json", io.BytesIO(_pretty(_report(filing, original))))
        return builder.publish(_info(filing))


def tombstone(
    archive: Path, entry: Json, reason: str, *, document: Json | None = None, receipts: Sequence[Json] = ()
) -> Path:
    """File that a number was given and cancelled, and why: no content, no name. Idempotent.

    `entry` is `entry_to_json`. `document` may say what can be told (state, sha256, size, kind), so that the same
    bytes are known when they come again after a rebuild. Raises StorageError.
    """
    target = archive / folder_of(entry["document_id"])
    if target.exists():
        return target
    report = {
        "format": FORMAT, "document_id": entry["document_id"], "vanthu": __version__, "tombstone": True,
        "reason": reason, "register": dict(entry), "receipts": list(receipts), "document": dict(document or {}),
    }  # fmt: skip
    with bag.Builder(target) as builder:
        builder.add("data/report.json", io.BytesIO(_pretty(report)))
        return builder.publish(
            {
                "Bagging-Date": str(entry.get("cancelled_at") or entry["entered_at"])[:10],
                "External-Identifier": entry["document_id"], "External-Description": reason,
            }
        )  # fmt: skip


def record_event(archive: Path, document_id: str, event: Json, *, file: Path | None = None) -> None:
    """Add an event (JSON with `kind`, `at`, `actor` and its facts) to a bag, durably; the bag is whole afterwards.

    The same event twice stands there once. `file` comes in with it, as what the event's `file` names (`data/...`);
    what was there before stays as it is. Kinds that `rebuild` understands: "corrected" (corrections),
    "withdrawn" (fields), "number-cancelled" (reason), "received-again" (receipt), "register-changed" (entry),
    "split" (pages, parts, corrections, doubted), "kept-whole", "upgraded" (level, file), "stamped" (`stamp_to_json`,
    file, for copies entry), "copy-register-changed" (document, entry), "stamp-upgraded" (row_name, level, file).
    Raises NotFoundError, StorageError, IntegrityError.
    """
    folder = archive / folder_of(document_id)
    if not folder.is_dir():
        raise NotFoundError("bag-not-found", document=document_id, path=folder)
    data = _pretty(event)
    kind = re.sub(r"[^a-z0-9-]", "-", str(event["kind"]).lower())[:40]
    with bag.held(folder):
        bag.redo(folder)
        known = _event_files(folder)
        if any(path.read_bytes() == data for path in known):
            return
        if file is not None and (folder / str(event["file"])).exists():
            raise IntegrityError("bag-holds-another", path=folder / str(event["file"]), document=document_id)
        number = max(map(_event_number, known), default=0) + 1
        added = None if file is None else (str(event["file"]), file)
        bag.add_to_bag(folder, f"data/events/{number:04d}-{kind}.json", data, file=added)


def repair(folder: Path) -> bool:
    """Finish what a crash cut off in this bag; True when there was something."""
    with bag.held(folder):
        return bag.redo(folder)


def clean(archive: Path) -> int:
    """Tidy up after crashes: half-built bags go, half-recorded events are finished; return how many of both.

    Only while nothing is being filed: at the start of the service, by the one who holds the workspace.
    """
    years = [path for path in archive.glob("[0-9][0-9][0-9][0-9]") if path.is_dir()]
    return sum(bag.clean(year) for year in years) + sum(repair(folder) for folder in bags(archive))


def load(folder: Path) -> StoredDocument:
    """Open a bag. Raises IntegrityError when it cannot be understood; `verify` says whether it is whole."""
    report = _read_json(folder / "data/report.json")
    if not isinstance(report, dict) or "document_id" not in report or report.get("format") != FORMAT:
        raise IntegrityError("bag-damaged", path=folder, reason="data/report.json")
    events = tuple(_read_json(path) for path in _event_files(folder))
    if report.get("tombstone"):
        return StoredDocument(folder, report, None, events)
    try:
        proposal = Metadata.from_json(_read_json(folder / "data/metadata.json"))
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError("bag-damaged", path=folder, reason="data/metadata.json") from error
    return StoredDocument(folder, report, proposal, events)


def verify(folder: Path) -> list[Finding]:
    """What is wrong with a bag: files changed, missing or extra. Empty: it is what was stored."""
    return bag.damage(folder)


def bags(archive: Path) -> Iterator[Path]:
    """Every bag of the archive, years and numbers rising."""
    return bag.bags_in(archive)


def entry_to_json(entry: EntryRow) -> dict[str, Any]:
    """A register's row as the bags keep it."""
    return {
        "register": entry.register, "year": entry.year, "number": entry.number, "document_id": entry.document_id,
        "entered_at": entry.entered_at.isoformat(), "recipient": entry.recipient,
        "forwarded_date": entry.forwarded_date.isoformat() if entry.forwarded_date else None, "note": entry.note,
        "cancelled_at": entry.cancelled_at.isoformat() if entry.cancelled_at else None,
        "cancel_reason": entry.cancel_reason,
    }  # fmt: skip


def receipt_to_json(receipt: ReceiptRow) -> dict[str, Any]:
    """A receipt as the bags keep it; the raw name in Base64."""
    return {
        "id": receipt.id, "received_at": receipt.received_at.isoformat(), "name": receipt.name,
        "raw_name": base64.b64encode(receipt.raw_name).decode(), "size": receipt.size, "sha256": receipt.sha256,
        "state": receipt.state, "reason": receipt.reason,
    }  # fmt: skip


def stamp_to_json(stamp: StampRow) -> dict[str, Any]:
    """A copy, attachment or digitised paper as the bag of its document keeps it."""
    return {
        "id": stamp.id, "row_name": stamp.row_name, "kind": stamp.kind, "parent_id": stamp.parent_id,
        "name": stamp.name, "detail": stamp.detail, "created_at": stamp.created_at.isoformat(), "sha256": stamp.sha256,
        "released_by": stamp.released_by,
        "released_at": stamp.released_at.isoformat() if stamp.released_at else None,
        "stamped_sha256": stamp.stamped_sha256, "level": stamp.level, "wanted": stamp.wanted,
    }  # fmt: skip


def safe_name(name: str, kind: Kind) -> str:
    """An ASCII name that every system can carry, with the suffix of what the file is: "Ke-hoach-so-5.pdf"."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", re.sub(r"[\u0300-\u036f]", "", plain))
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", plain).strip("-._")[:80].strip("-._")
    return (
        f"{stem}" if stem and not re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", stem) else "van-ban"
    ) + kind.suffix


def _same_or_refused(target: Path, sha256: str) -> Path:
    repair(target)
    bag.validate(target)
    stored = load(target)
    if stored.is_tombstone or stored.report["original"]["sha256"] != sha256:
        raise IntegrityError("bag-holds-another", path=target, document=stored.document_id)
    return target


def _report(filing: Filing, path: str) -> dict[str, Any]:
    original = filing.original
    return {
        "format": FORMAT,
        "document_id": filing.document_id,
        "vanthu": __version__,
        "filed_at": filing.filed_at.isoformat(),
        "urgency": filing.urgency,
        "original": {
            "path": path, "name": original.name, "raw_name": base64.b64encode(original.raw_name).decode(),
            "kind": original.kind.value, "size": original.size, "sha256": original.sha256,
            "received_at": original.received_at.isoformat(),
            "findings": [finding.to_json() for finding in original.findings],
        },
        "reading": {
            "engine": filing.reading.engine, "signed": filing.reading.signed,
            "page_amount": len(filing.reading.pages),
            "findings": [finding.to_json() for finding in filing.reading.findings],
        },
        "register": dict(filing.register),
        "receipts": list(filing.receipts),
        **({"part_of": dict(filing.part_of)} if filing.part_of else {}),
        **({"signatures": _verdict(filing)} if filing.signatures else {}),
    }  # fmt: skip


def _verdict(filing: Filing) -> dict[str, Any]:
    """What the index needs of the report; the whole of it stands in its own file."""
    return {"verdict": (filing.signatures or {})["verdict"], "accepted": filing.signature_accepted}


def _info(filing: Filing) -> dict[str, str]:
    described = filing.metadata.text("subject") or filing.original.name
    return {
        **({"Source-Organization": filing.organization} if filing.organization else {}),
        "Bagging-Date": filing.filed_at.date().isoformat(),
        "External-Identifier": filing.document_id,
        "External-Description": described[:500],
        "Bag-Software-Agent": f"vanthu {__version__}",
    }


def _text(reading: Reading) -> bytes:
    return (reading.text + "\n").encode("utf-8", "replace")


def _pretty(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace") + b"\n"


def _dense(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IntegrityError("bag-damaged", path=path.parent.parent, reason=error) from error


def _event_files(folder: Path) -> list[Path]:
    found = (folder / "data/events").glob("[0-9][0-9][0-9][0-9]*-*.json")
    return sorted((path for path in found if path.name.split("-")[0].isdecimal()), key=_event_number)


def _event_number(path: Path) -> int:
    return int(path.name.split("-")[0])
