"""The exit codes that are not a fault's own (those stand in `pipeline.errors`); all of them in docs/exit-codes.md."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    NOTHING = 1  # nothing found; or something is wrong (status, doctor, verify)
    USAGE = 2  # as errors.UsageError
    SOME_FAILED = 12  # inspect: some files could not be read
    ALL_FAILED = 13  # inspect: no file could be read
    SIGNATURE_INVALID = 20  # validate: a signature is not valid
    SIGNATURE_UNDECIDED = 21  # validate: none is invalid, of some it cannot be said
    UNSIGNED = 22  # validate: some files have no signature, the others are valid
    BUG = 70
    INTERRUPT = 130
    PIPE = 141  # the reader of our output has gone
