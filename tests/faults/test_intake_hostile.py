"""Files made to hang, to swell or to break what reads them: refused within limits, and the service goes on."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import RefusedError
from pipeline.intake import examiner
from pipeline.intake.examination import Examiner, examine
from pipeline.intake.limits import Limits
from pipeline.settings import Intake
from tests import intake_files as made

pytestmark = pytest.mark.faults
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def many_pages(amount: int, said: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(amount))
    return made.raw_pdf([CATALOGUE, b"<</Type/Pages/Count %d/Kids[%s]>>" % (said, kids), *[PAGE] * amount])


def tree_that_explodes(depth: int) -> bytes:
    """Ten times the same child at each level: 10**depth pages in a thousand bytes."""
    inner = [b"<</Type/Pages/Count 1/Kids[%s]>>" % b" ".join([b"%d 0 R" % (n + 3)] * 10) for n in range(depth)]
    return made.raw_pdf([CATALOGUE, *inner, PAGE])


def inner_nodes_only(amount: int) -> bytes:
    kids = b" ".join([b"3 0 R"] * amount)
    return made.raw_pdf([CATALOGUE, b"<</Type/Pages/Count 1/Kids[%s]>>" % kids, b"<</Type/Pages/Count 0/Kids[]>>"])


def deep_chain(depth: int) -> bytes:
    inner = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (n + 3) for n in range(depth)]
    return made.raw_pdf([CATALOGUE, *inner, PAGE])


def swelling_table(megabytes: int) -> bytes:
    """A compressed cross-reference stream of zeros."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    start = b"%PDF-1.7\n1 0 obj\n" + CATALOGUE + b"\nendobj\n"
    table = b"<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(data)
    return start + b"5 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, data, len(start))


def endless_tiff() -> bytes:
    """A directory whose next directory is itself."""
    return b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0" + bytes(100)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: many_pages(1, 1_000_000), {"too-many-pages"}),
        (lambda: many_pages(100_000, 100_000), {"too-many-pages"}),
        (lambda: many_pages(100_000, 1), {"too-many-pages"}),
        (lambda: tree_that_explodes(12), {"too-many-pages"}),
        (lambda: inner_nodes_only(100_000), {"too-many-pages"}),
        (lambda: deep_chain(20_000), {"damaged-pdf"}),
        (lambda: made.raw_pdf([CATALOGUE, b"<</Type/Pages/Count 1/Kids[2 0 R 2 0 R]>>"]), {"damaged-pdf"}),
        (lambda: made.raw_pdf([CATALOGUE, b"<</Type/Pages/Count 1/Kids 7>>"]), {"no-pages", "damaged-pdf"}),
        (lambda: b"%PDF-1.4\n1 0 obj\n" + b"[" * 1_000_000 + b"\n%%EOF", {"damaged-pdf"}),
        (lambda: swelling_table(150), {"damaged-pdf", "examine-limits"}),
        (made.pixel_bomb, {"too-many-pixels"}),
        (endless_tiff, {"damaged-image", "no-pages"}),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000, {"damaged-image"}),
        (lambda: b"PK\x03\x04" + os.urandom(10_000), {"damaged-office"}),
        (lambda: made.ole("WordDocument")[:512] + b"\1\0\0\0" * 256, {"unknown-kind", "damaged-office"}),
    ],
)
def test_what_is_made_to_harm_is_refused_and_the_next_file_is_taken(
    tmp_path: Path, make: Callable[[], bytes], codes: set[str]
) -> None:
    with pytest.raises(RefusedError) as refused:
        examine(made.drop(tmp_path, "bomb.pdf", make()), Intake())
    assert refused.value.code in codes
    assert examine(made.drop(tmp_path, "good.pdf", made.pdf(2)), Intake()).page_amount == 2


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """Examine bytes under limits of the test's own."""
    with Examiner() as asked:

        def answer(data: bytes, **limits: float) -> dict[str, Any]:
            path = made.drop(tmp_path, "a.pdf", data)
            with path.open("rb") as file:
                return asked.ask(file.fileno(), Limits(2000, 250_000_000, **limits))  # type: ignore[arg-type]

        yield answer


def test_a_child_past_its_time_is_killed_and_the_next_lives(ask: Callable[..., dict[str, Any]]) -> None:
    assert ask(swelling_table(150), wall_seconds=0.01) == {"refused": "examine-limits"}
    assert ask(made.pdf())["pages"] == 1


def test_a_child_past_its_memory_is_refused_and_the_next_lives(ask: Callable[..., dict[str, Any]]) -> None:
    said = ask(many_pages(100_000, 1), memory=50 << 20)
    assert said["refused"] in {"examine-limits", "examine-crashed"}
    assert ask(made.pdf())["pages"] == 1


def in_the_child(data: Path, limits: Limits) -> tuple[int, bytes]:
    """Run the child's own body in a fork whose parser is taken over; return its exit status and what it said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with data.open("rb") as file:
            examiner._be_the_child(os.dup(file.fileno()), write, limits)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        answer = said.read()
    return os.waitpid(child, 0)[1], answer


@pytest.mark.parametrize("crime", ["write a file", "eat the processor", "eat memory"])
def test_a_parser_that_was_taken_over_stays_within_its_limits(
    tmp_path: Path, crime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(2000, 250_000_000, memory=2 << 30, cpu_seconds=1)

    def take_over(*_: object) -> None:
        if crime == "write a file":
            (tmp_path / "loot").write_bytes(b"x" * 10)
        elif crime == "eat the processor":
            while True:
                pass
        hoard = []
        while True:
            hoard.append(bytes(64 << 20))

    monkeypatch.setattr(examiner, "look_into", take_over)
    status, said = in_the_child(made.drop(tmp_path, "a.pdf", made.pdf()), limits)
    if crime == "eat memory":
        assert b"examine-limits" in said
    if crime == "eat the processor":
        assert os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
    if crime == "write a file":
        assert (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXFSZ) or os.WEXITSTATUS(status) == 1
        assert not (tmp_path / "loot").exists() or (tmp_path / "loot").stat().st_size == 0
