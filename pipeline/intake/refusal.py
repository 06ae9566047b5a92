"""Puts a refused file where the clerk finds it, with the reason beside it in words and for programs."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import files
from pipeline.errors import RefusedError, StorageError
from pipeline.intake.claims import Claim, forget_folder
from pipeline.intake.moving import clear_temporaries, move_anything
from pipeline.intake.names import joined, numbered

WORDS_ENDING = b".ly-do.txt"
DATA_ENDING = b".ly-do.json"
MOST_OF_ONE_NAME = 10_000
HASH_UP_TO = 4 << 30  # bytes; a sparse file of terabytes must not keep us reading zeros


def refuse(claim: Claim, folder: Path, error: RefusedError, sentences: Sequence[str], at: datetime) -> Path:
    """Move a claimed file to `folder`/<its name>, never over another; return its new path.

    The reason is written first (<name>.ly-do.json, then <name>.ly-do.txt), so there is no refused file without
    one; the receipt id in it lets a second try after a kill go on under the same name. Raises StorageError.
    """
    with files.storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        clear_temporaries(folder)
        for count in range(1, MOST_OF_ONE_NAME):
            target = folder / os.fsdecode(numbered(claim.raw_name, count))
            begun = _owner(target) == claim.id  # by us, before a kill
            if begun and os.path.lexists(target) and _already_there(claim, target):
                return target
            if _is_free(target) or (begun and not os.path.lexists(target)):
                return _put(claim, target, _facts(claim, error, at), sentences)
    raise StorageError("too-many-of-one-name", path=folder, name=claim.name)


def fingerprint(path: Path) -> tuple[int, str | None]:
    """(bytes, SHA-256); no digest for what is not a regular file that we can read."""
    size = 0
    try:
        facts = path.lstat()
        size = facts.st_size
        if not stat.S_ISREG(facts.st_mode) or size > HASH_UP_TO:
            return size, None
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 - a descriptor
            return size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return size, None


def reason_paths(target: Path) -> tuple[Path, Path]:
    """(in words, for programs): where the reasons of a refused file stand; the name is cut when it is too long."""
    raw = os.fsencode(target.name)
    return tuple(target.with_name(os.fsdecode(_beside(raw, ending))) for ending in (WORDS_ENDING, DATA_ENDING))  # type: ignore[return-value]


def _beside(raw: bytes, ending: bytes) -> bytes:
    """Two long names that differ only at their ends keep different reasons: the cut part is hashed in."""
    name = raw + ending
    if len(name) <= 255:
        return name
    return joined(raw, b"~" + hashlib.sha256(raw).hexdigest()[:8].encode() + ending)


def _already_there(claim: Claim, target: Path) -> bool:
    """Was it moved before the kill? Between file systems both may stand there: then ours goes, if it is the same."""
    if os.path.lexists(claim.path):
        if fingerprint(claim.path) != fingerprint(target):
            return False
        claim.path.unlink()
    forget_folder(claim)
    return True


def _is_free(target: Path) -> bool:
    return not any(os.path.lexists(path) for path in (target, *reason_paths(target)))


def _owner(target: Path) -> str | None:
    try:
        data = json.loads(reason_paths(target)[1].read_bytes())
    except (OSError, ValueError):
        return None
    return str(data.get("receipt")) if isinstance(data, dict) else None


def _put(claim: Claim, target: Path, facts: dict[str, Any], sentences: Sequence[str]) -> Path:
    words, data = reason_paths(target)
    if not words.exists():  # a second try after a kill may know less of the reason than the first
        files.write_json_durably(data, facts)
        files.write_durably(words, "".join(f"{sentence}\n" for sentence in sentences).encode())
    move_anything(claim.path, target)
    forget_folder(claim)
    return target


def _facts(claim: Claim, error: RefusedError, at: datetime) -> dict[str, Any]:
    size, digest = fingerprint(claim.path)
    return {
        "receipt": claim.id, "code": error.code, "detail": error.detail, "name": claim.name,
        "raw_name_base64": base64.b64encode(claim.raw_name).decode(), "size": size, "sha256": digest,
        "urgency": claim.urgency, "received_at": claim.claimed_at.isoformat(), "refused_at": at.isoformat(),
    }  # fmt: skip
