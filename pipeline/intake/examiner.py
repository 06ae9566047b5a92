"""The process that looks into hostile files: it forks a limited child for each one and never parses anything itself.

Started by `examination` with `python -I` and without our environment. A fork of this warm
process costs some milliseconds where a fresh Python with its parsers costs a third of a second, and still no file
ever meets memory that another file has touched. The answers are JSON, never pickles: a child that was taken over
can lie about its own file, and nothing more.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any, BinaryIO

from pipeline.document import Finding, Kind, Severity
from pipeline.errors import RefusedError
from pipeline.intake import images, kinds, office, pdfs, rtf
from pipeline.intake.limits import REQUEST_BYTES, Limits

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def look_into(file: BinaryIO, limits: Limits) -> dict[str, Any]:
    """Examine an open file here, in this process: kind, pages, findings; RefusedError with the reason's code."""
    size = os.fstat(file.fileno()).st_size
    sniffed = kinds.sniff(file.read(kinds.HEAD))
    if sniffed.refusal:
        raise RefusedError(sniffed.refusal)
    pages, findings = None, []
    kind = sniffed.kind
    if sniffed.junk:
        findings.append(Finding("junk-before-pdf", Severity.NOTE, detail={"bytes": str(sniffed.junk)}))
    if sniffed.container == "zip":
        kind = office.kind_of_zip(file, size)
    elif sniffed.container == "ole":
        kind = office.kind_of_ole(file)
    elif kind is Kind.PDF:
        pages, noticed = pdfs.check_pdf(file, size, limits.max_pages, limits.max_pixels)
        findings += noticed
    elif kind is Kind.RTF:
        rtf.check_rtf(file)
    elif kind is not None:
        pages = images.check_image(file, kind, size, limits.max_pages, limits.max_pixels)
    return {"kind": str(kind), "pages": pages, "findings": [finding.to_json() for finding in findings]}


def serve(channel: socket.socket) -> None:
    """One request at a time until the other side closes: limits and two files come in, how it ended goes out."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, REQUEST_BYTES, 2)
        if not message or len(descriptors) != 2:
            return
        document, answer = descriptors
        limits = Limits(**json.loads(message))
        child = os.fork()
        if child == 0:
            _be_the_child(document, answer, limits)
        os.close(document)
        os.close(answer)
        channel.sendall(json.dumps(_wait(child, limits.wall_seconds, channel)).encode() + b"\n")


def _wait(child: int, seconds: float, channel: socket.socket) -> dict[str, Any]:
    """Wait for the child; kill its whole group when its time is over or nobody waits for it any more."""
    with os.fdopen(os.pidfd_open(child)) as handle:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(channel, select.POLLHUP | select.POLLRDHUP)
        ready = [descriptor for descriptor, _ in poll.poll(seconds * 1000)]
        late = handle.fileno() not in ready
        # Before it is reaped, its number and its group's cannot belong to anyone else.
        _kill_group(child)
    _, status = os.waitpid(child, 0)
    return {"late": late, "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}


def _kill_group(child: int) -> None:
    for kill in (os.killpg, os.kill):  # it may be killed before it has made its group
        try:
            kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _be_the_child(document: int, answer: int, limits: Limits) -> None:
    """Never returns."""
    code = 1
    try:
        os.setsid()
        _limit(document, limits)
        try:
            with os.fdopen(document, "rb") as file:
                said = look_into(file, limits)
        except RefusedError as error:
            said = {"refused": error.code, "detail": error.detail}
        except (MemoryError, RecursionError):
            said = {"refused": "examine-limits", "detail": {}}
        os.write(answer, json.dumps(said).encode())
        code = 0
    finally:
        os._exit(code)


def _limit(document: int, limits: Limits) -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    size = os.fstat(document).st_size
    for what, value in (
        (resource.RLIMIT_AS, limits.memory + size),  # the file itself is mapped
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (value, value))


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us by closing the channel
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        serve(channel)
