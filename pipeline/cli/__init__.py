"""The command line: parse, call, print. No rule lives here."""

from __future__ import annotations

from pipeline.cli.app import main

__all__ = ["main"]
