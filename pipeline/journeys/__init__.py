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
    from pipeline.journeys.reviewing import Answer, Decision, Question, Sight, decide, queue
    from pipeline.journeys.service import serve
    from pipeline.journeys.splitting import Plan, keep_whole, plan_split, split
    from pipeline.journeys.standing import Status, status

_ROOMS = {
    "Answer": "reviewing", "Decision": "reviewing", "Inspection": "inspecting", "Office": "office", "Plan": "splitting",
    "Progress": "desk", "Question": "reviewing", "Sight": "reviewing", "Status": "standing",
    "cancel_number": "correcting", "decide": "reviewing", "edit": "correcting", "forward": "correcting",
    "init_workspace": "office", "inspect": "inspecting", "keep_whole": "splitting", "open_office": "office",
    "plan_split": "splitting", "queue": "reviewing", "rebuild": "correcting", "retry": "correcting",
    "serve": "service", "split": "splitting", "status": "standing",
}  # fmt: skip

__all__ = [
    "Answer", "Decision", "Inspection", "Office", "Plan", "Progress", "Question", "Sight", "Status", "cancel_number",
    "decide", "edit", "forward", "init_workspace", "inspect", "keep_whole", "open_office", "plan_split", "queue",
    "rebuild", "retry", "serve", "split", "status",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(name)
