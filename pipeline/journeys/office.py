"""An opened workspace: its settings, its database, its folders and its clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.database import Database, open_database
from pipeline.files import storage_errors
from pipeline.messages import Messages, catalogue, language_of
from pipeline.settings import CONFIG_NAME, Folders, Settings, data_folder, load_settings

DRAFTS, SUBMITTED, SIGNED, ISSUED, RETURNED = LEAVING = ("du-thao", "trinh-ky", "da-ky", "da-phat-hanh", "tra-lai")
"""Below the folder of leaving documents, in the order in which a document passes through them; or it goes back."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a journey needs to know about where it happens. Cheap to open: no engine, no reader."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = now

    @property
    def messages(self) -> Messages:
        return catalogue(self.settings.language or language_of())

    @property
    def archive(self) -> Path:
        return self.settings.folder("archive")

    @property
    def incoming(self) -> Path:
        return self.settings.folder("incoming")

    @property
    def refused(self) -> Path:
        return self.settings.folder("refused")

    def staged(self, receipt_id: str) -> Path:
        """Where the safe copy of an accepted file lies until its document is filed."""
        return self.settings.private / "staged" / receipt_id

    def work(self, document_id: str) -> Path:
        """What the steps of a journey hand to each other."""
        return self.settings.private / "work" / document_id

    def received(self, at: datetime) -> Path:
        """Where a dropped file goes once its copy is safe and committed; one folder a day of the office."""
        return self.settings.private / "received" / f"{at.astimezone(self.settings.registers.zone):%Y-%m-%d}"

    def secret(self, document_id: str) -> Path:
        """Documents with a secrecy mark, out of everybody's sight but the service's user."""
        return self.settings.private / "secret" / document_id

    def review(self, document_id: str) -> Path:
        """What a person must look at: a copy of the original and the reason."""
        return self.settings.folder("review") / document_id

    @property
    def scratch(self) -> Path:
        """What reading makes on the way and throws away."""
        return self.settings.private / "scratch"

    @property
    def heartbeat(self) -> Path:
        return self.settings.private / "heartbeat.json"


def init_workspace(folder: Path) -> Settings:
    """Make a workspace, or complete one: folders, commented configuration, database. What is there stays as it is."""
    config = folder / CONFIG_NAME
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not config.exists():
            shutil.copyfile(data_folder() / CONFIG_NAME, config)
    settings = load_settings(folder)
    with storage_errors(folder):
        for name in Folders.model_fields:
            settings.folder(name).mkdir(parents=True, exist_ok=True)
        for name in LEAVING:
            (settings.folder("outgoing") / name).mkdir(exist_ok=True)
        for urgent in settings.intake.urgent_folders:
            (settings.folder("incoming") / urgent).mkdir(exist_ok=True)
        settings.private.chmod(0o700)
    open_database(settings.database_url).close()
    return settings


@contextmanager
def open_office(workspace: Path) -> Iterator[Office]:
    """Open a workspace that `init_workspace` made. Raises ConfigurationError, NotFoundError, DatabaseError."""
    settings = load_settings(workspace)
    database = open_database(settings.database_url)
    try:
        yield Office(settings, database)
    finally:
        database.close()
