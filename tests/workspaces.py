"""Workspaces for tests: quick to settle, on the database of the test."""

from __future__ import annotations

import threading
from pathlib import Path

from pipeline.journeys import Office, init_workspace, serve
from pipeline.settings import Settings


def make_workspace(folder: Path, database_url: str = "") -> Settings:
    """A workspace whose files count as whole after a fifth of a second."""
    init_workspace(folder)
    config = folder / "vanthu.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace('url = ""', f'url = "{database_url}"').replace("quiet_seconds = 3.0", "quiet_seconds = 0.2")
    config.write_text(text, encoding="utf-8")
    return init_workspace(folder)


def run_once(office: Office) -> None:
    """Empty the folder and the queue, in this process."""
    serve(office, threading.Event(), once=True)
