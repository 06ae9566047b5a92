"""One question, one answer on a Unix socket that keeps messages whole; files travel as open descriptors.

A path would be looked up again by the other side, and might be another file by then.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any

from pipeline import errors
from pipeline.errors import SigningError, VanthuError

MOST_BYTES = 64 * 1024
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid (Linux, SO_PEERCRED)


def new_socket() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)


def peer_uid(connection: socket.socket) -> int:
    """Who speaks, by the kernel's word."""
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(data)[1])


def send(connection: socket.socket, message: Mapping[str, Any], handle: int | None = None) -> None:
    """Raises OSError."""
    data = json.dumps(message, ensure_ascii=False).encode()
    socket.send_fds(connection, [data], [] if handle is None else [handle])


def receive(connection: socket.socket) -> tuple[dict[str, Any], int | None]:
    """A message and the descriptor that came along (the caller closes it).

    Raises ValueError for what is no message, OSError; EOFError when the other side has gone.
    """
    data, handles, flags, _ = socket.recv_fds(connection, MOST_BYTES, 1)
    handle = handles[0] if handles else None
    try:
        return _message(data, flags), handle
    except BaseException:
        if handle is not None:
            os.close(handle)
        raise


def _message(data: bytes, flags: int) -> dict[str, Any]:
    if not data:
        raise EOFError
    if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
        raise ValueError("too long")
    message = json.loads(data)
    if not isinstance(message, dict):
        raise ValueError("not an object")  # noqa: TRY004 - what is no message, whatever it is
    return message


def fault_to_json(error: VanthuError) -> dict[str, Any]:
    return {"fault": type(error).__name__, "code": error.code, "retry": error.retry, "detail": error.detail}


def fault_from_json(data: Mapping[str, Any]) -> VanthuError:
    """The fault that the other side raised; of a class that we do not know, a SigningError."""
    kind = getattr(errors, str(data.get("fault")), SigningError)
    if not (isinstance(kind, type) and issubclass(kind, VanthuError)):
        kind = SigningError
    detail = {
        str(key): str(value) for key, value in dict(data.get("detail", {})).items() if key not in {"code", "retry"}
    }
    error: VanthuError = kind.__new__(kind)  # its own constructor may want more than what came over
    VanthuError.__init__(error, str(data.get("code", "unexpected")), retry=bool(data.get("retry")), **detail)
    return error
