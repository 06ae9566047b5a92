"""What happens to a document, in order, for each direction; the only room that knows all the others.

The faces call what is named here. Nothing is loaded before it is used: `vanthu --help` does not wait for an engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.journeys.correcting import cancel_number, edit, forward, rebuild, retry
    from pipeline.journeys.desk import Progress
    from pipeline.journeys.inspecting import Inspection, inspect
    from pipeline.journeys.office import Office, init_workspace, open_office
    from pipeline.journeys.service import serve
    from pipeline.journeys.standing import Status, status

_ROOMS = {
    "Inspection": "inspecting", "Office": "office", "Progress": "desk", "Status": "standing",
    "cancel_number": "correcting", "edit": "correcting", "forward": "correcting", "init_workspace": "office",
    "inspect": "inspecting", "open_office": "office", "rebuild": "correcting", "retry": "correcting",
    "serve": "service", "status": "standing",
}  # fmt: skip

__all__ = [
    "Inspection", "Office", "Progress", "Status", "cancel_number", "edit", "forward", "init_workspace", "inspect",
    "open_office", "rebuild", "retry", "serve", "status",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(name)
