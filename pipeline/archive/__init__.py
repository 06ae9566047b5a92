"""Where documents are kept for good and found again: bags on disk, and an index that can be made anew from them."""

from pipeline.archive.confirmed import confirmed, keep_confirmed
from pipeline.archive.index import put, put_fields, remove_text, same_code
from pipeline.archive.rebuild import RebuildReport, rebuild
from pipeline.archive.search import COUNTED, Hit, Results, search
from pipeline.archive.store import (
    COPY_CHANGED,
    SEVERAL_DOCUMENTS,
    STAMP_UPGRADED,
    STAMPED,
    Filing,
    Json,
    StoredDocument,
    bags,
    clean,
    entry_to_json,
    file_document,
    folder_of,
    load,
    page_range,
    receipt_to_json,
    record_event,
    repair,
    safe_name,
    stamp_to_json,
    tombstone,
    verify,
)

__all__ = [
    "COPY_CHANGED", "COUNTED", "SEVERAL_DOCUMENTS", "STAMPED", "STAMP_UPGRADED", "Filing", "Hit", "Json",
    "RebuildReport", "Results", "StoredDocument", "bags", "clean", "confirmed", "entry_to_json", "file_document",
    "folder_of", "keep_confirmed", "load", "page_range", "put", "put_fields", "rebuild", "receipt_to_json",
    "record_event", "remove_text", "repair", "safe_name", "same_code", "search", "stamp_to_json", "tombstone", "verify",
]  # fmt: skip
