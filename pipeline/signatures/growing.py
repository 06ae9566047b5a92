"""A signed file only grows: what it begins with is read once, copied and hashed in one go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

PIECE = 1 << 18  # bytes that stay in the processor's cache between reading, hashing and writing


@dataclass(frozen=True, slots=True)
class Beginning:
    """So many bytes of a file that may grow behind them, and the state of SHA-256 after them."""

    size: int
    state: Any

    def digest(self, file: BinaryIO, *spans: tuple[int, int]) -> bytes:
        """SHA-256 of the beginning and of spans (first byte, byte after the last) that stand behind it."""
        state = self.state.copy()
        for first, end in spans:
            file.seek(first)
            left = end - first
            while left and (piece := file.read(min(PIECE, left))):
                state.update(piece)
                left -= len(piece)
        return bytes(state.digest())


def copy_beginning(source: Path, target: Path) -> Beginning:
    """Copy a file over `target`, new or not, and keep what is known of its bytes."""
    state, size = hashlib.sha256(), 0
    with source.open("rb", buffering=0) as read, target.open("wb", buffering=0) as written:
        space = memoryview(bytearray(PIECE))
        while amount := read.readinto(space):
            state.update(space[:amount])
            done = 0
            while done < amount:
                done += written.write(space[done:amount])
            size += amount
    return Beginning(size, state)
