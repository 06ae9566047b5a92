"""Faults that raise: each carries its exit code, whether a retry makes sense, and the name of its message.

    VanthuError
    ├── UsageError            2   the command was given something it cannot use
    ├── ConfigurationError    3   the configuration is wrong; carries every problem at once
    ├── NotFoundError         4   no such document, file or workspace
    ├── RefusedError          5   this file is not taken in; carries the reason's code
    ├── ReadingError          6   the file was taken but could not be read
    ├── DatabaseError         7   the database cannot be used now
    ├── StorageError          8   disk full, not writable, damaged
    ├── DependencyError       9   an external program or its data is missing
    ├── BusyError            10   another service holds this workspace
    ├── IntegrityError       11   what is stored is not what was stored
    └── SigningError         14   a signature could not be made: key, certificate, or a service that it needs

Exit codes are stable and documented in docs/exit-codes.md; 0 is success, 1 is "nothing found" or "something is
wrong" of `search`, `status` and `doctor`, 70 an error of ours, 130 an interrupt. A document's own flaws are not
faults: they are `document.Finding`s and are returned.
"""

from __future__ import annotations

from collections.abc import Sequence


class VanthuError(Exception):
    """A fault that a person is told of in words: the message `error-<code>` of the catalogue, filled with `detail`.

    The message says what happened, to which file, and what to do now.
    """

    exit_code = 70
    retry = False  # does trying the same again later make sense?

    def __init__(self, code: str, *, retry: bool | None = None, **detail: object) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = {name: str(value) for name, value in detail.items()}
        if retry is not None:
            self.retry = retry

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value}" for name, value in self.detail.items())
        return f"{self.code}: {filled}" if filled else self.code

    def __reduce__(self) -> tuple[object, ...]:  # errors cross process borders from the parsing children
        return _rebuild, (type(self), self.code, self.retry, self.detail)


def _rebuild(cls: type[VanthuError], code: str, retry: bool, detail: dict[str, str]) -> VanthuError:
    error = cls.__new__(cls)
    Exception.__init__(error, code, detail)
    error.code, error.retry, error.detail = code, retry, detail
    return error


class UsageError(VanthuError):
    exit_code = 2


class ConfigurationError(VanthuError):
    """Every problem of a configuration at once: (key's path, message code, detail) of each."""

    exit_code = 3

    def __init__(self, code: str, problems: Sequence[tuple[str, str]] = (), **detail: object) -> None:
        listed = "\n".join(f"  {key}: {problem}" for key, problem in problems)
        super().__init__(code, **{"problems": listed, **detail})  # type: ignore[arg-type]


class NotFoundError(VanthuError):
    exit_code = 4


class RefusedError(VanthuError):
    """The file stays out; its code has a reason `error-<code>` for the clerk and goes into the reason file."""

    exit_code = 5


class ReadingError(VanthuError):
    exit_code = 6


class DatabaseError(VanthuError):
    exit_code = 7
    retry = True


class StorageError(VanthuError):
    exit_code = 8
    retry = True


class DependencyError(VanthuError):
    exit_code = 9


class BusyError(VanthuError):
    exit_code = 10
    retry = True


class IntegrityError(VanthuError):
    exit_code = 11


class SigningError(VanthuError):
    """Nothing was signed; `retry` says whether the same may succeed later. A wrong PIN is never tried again."""

    exit_code = 14
