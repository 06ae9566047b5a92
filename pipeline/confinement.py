"""What a child process that parses hostile files may use, and that nothing of it outlives its parent."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import warnings
from multiprocessing import connection
from threading import Thread

PR_SET_PDEATHSIG = 1
NICENESS = 5

_libc = ctypes.CDLL(None, use_errno=True)


def confine(memory_mb: int) -> None:
    """Limit this process: address space, no core dumps, politer than the service, killed when the service dies."""
    die_with_parent()
    Thread(target=_die_with_service, daemon=True).start()
    warnings.simplefilter("ignore")  # what a parser mutters about a file is not the service's log
    limit = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's business: it stops us in order


def _die_with_service() -> None:
    """The kernel's signal comes from the fork server, which outlives a killed service as long as we live."""
    service = multiprocessing.parent_process()
    if service is not None:
        connection.wait([service.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL at the death of the thread that started this process (Linux).

    Also what a program started by a reading process runs before its exec, so Tesseract goes with its page.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_program(memory_mb: int) -> None:
    """What a foreign program runs before its exec: it dies with its parent, gets no more memory, dumps no core."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kill_group(leader: int) -> None:
    """Kill a whole process group; one that is gone already is what we wanted."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def share_imports(*modules: str) -> None:
    """The children of this process's pools start with these modules: imported once by their server, not by each child.

    Before the first child is started; a module that cannot be imported is imported by who needs it.
    """
    multiprocessing.set_forkserver_preload(["__main__", *modules])
