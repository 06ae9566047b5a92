"""One key at a time from a terminal, without Enter and without an echo."""

from __future__ import annotations

import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

END = "\x04"  # Ctrl-D, Ctrl-C; also what a terminal that has gone away says
ESCAPE = "\x1b"


class Keys:
    """A context manager: meanwhile the terminal gives every key at once, afterwards it is as it was."""

    def __init__(self) -> None:
        self._handle = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._handle)

    def __enter__(self) -> Self:
        tty.setcbreak(self._handle, termios.TCSADRAIN)
        return self

    def __exit__(self, *_: object) -> None:
        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)

    @contextmanager
    def whole_lines(self) -> Iterator[None]:
        """For an editor of lines, which shows what is typed only where the terminal would."""
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()

    def forget_typed(self) -> None:
        """Throw away what was typed so far: nobody answers a question that he has not seen."""
        termios.tcflush(self._handle, termios.TCIFLUSH)

    def next(self) -> str:
        """The next key; "" for an arrow and for what a terminal says by itself."""
        try:
            typed = os.read(self._handle, 64).decode("utf-8", "ignore")
        except KeyboardInterrupt:
            return END
        if not typed:
            return END
        return "" if typed.startswith(ESCAPE) else typed[0]
