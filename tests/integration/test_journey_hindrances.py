"""What stands in a journey's way for a while, or is broken beside it, never leaves a document without an end."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import intake
from pipeline.database.tables import DocumentRow
from pipeline.engine import Failure, Step
from pipeline.errors import DatabaseError, ReadingError, StorageError
from pipeline.journeys import Office, arriving, aside, cancel_number, open_office, retry, serve, service
from pipeline.journeys.desk import Desk
from pipeline.reading import Reader
from tests.paper import letter
from tests.workspaces import make_workspace, run_once

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Path:
    """Tries twice, quickly."""
    settings = make_workspace(tmp_path / "office", database_url)
    config = settings.workspace / "vanthu.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("attempts = 6", "attempts = 2").replace(
        "first_pause_seconds = 2.0", "first_pause_seconds = 0.1"
    )
    config.write_text(text, encoding="utf-8")
    return settings.workspace


def states(office: Office) -> dict[str, str]:
    with office.database.read() as session:
        return {row.id[-5:]: row.state for row in session.scalars(select(DocumentRow))}


def only_id(office: Office) -> str:
    with office.database.read() as session:
        return session.scalars(select(DocumentRow.id)).one()


def raising(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


def papers(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.pdf"))


def test_a_disk_too_full_to_quarantine_ends_in_quarantine_once_there_is_room(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_office(workspace) as office:
        letter(office.incoming / "a.pdf")
        with monkeypatch.context() as full:
            full.setattr(Reader, "read", raising(ReadingError("nothing-readable", path="a.pdf")))
            full.setattr(aside, "copy_durably", raising(StorageError("disk-full", path="can-xem-lai", reason="full")))
            with pytest.raises(StorageError):
                run_once(office)
        assert states(office) == {"00001": "received"}
        run_once(office)
        assert states(office) == {"00001": "quarantined"}
        assert papers(office.settings.folder("review")) != []
        retry(office, only_id(office), "thủ thư")
        run_once(office)
        assert states(office) == {"00001": "filed"}


def test_a_bag_carried_off_holds_up_neither_its_twin_nor_the_same_bytes_again(workspace: Path) -> None:
    with open_office(workspace) as office:
        letter(office.incoming / "a.pdf", number=15)
        run_once(office)
        again = next((office.settings.private / "received").rglob("a.pdf")).read_bytes()
        shutil.rmtree(next(office.archive.glob("*/den-*-00001")))
        letter(office.incoming / "b.pdf", number=15, subject="báo cáo khác của cùng một số")
        (office.incoming / "c.pdf").write_bytes(again)
        run_once(office)
        assert states(office) == {"00001": "filed", "00002": "filed"}
        assert papers(office.incoming) == []
        assert papers(office.settings.private / "staged") == []


def test_a_database_that_is_away_for_a_look_does_not_end_the_service(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()

    def away(*_: object) -> None:
        looked.set()
        raise DatabaseError("database-unavailable", url="x", reason="locked")

    with open_office(workspace) as office:
        stop, filed = threading.Event(), threading.Event()
        thread = threading.Thread(
            target=serve, args=(office, stop), kwargs={"listener": lambda p: p.stage == "cleared" and filed.set()}
        )
        with monkeypatch.context() as broken:
            broken.setattr(service.Service, "_received", away)
            thread.start()
            assert looked.wait(60)
        try:
            letter(office.incoming / "a.pdf")
            assert filed.wait(60)
        finally:
            stop.set()
            thread.join(60)
        assert states(office) == {"00001": "filed"}


def test_a_claim_that_meets_a_bug_stops_neither_the_others_nor_the_next_start(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = intake.secure

    def buggy(claim: intake.Claim, *rest: Any, **more: Any) -> Any:
        if claim.name == "a.pdf":
            raise ZeroDivisionError
        return secure(claim, *rest, **more)

    with open_office(workspace) as office:
        letter(office.incoming / "a.pdf", number=15)
        intake.claim(office.incoming / "a.pdf", office.incoming)  # by a service that was killed
        letter(office.incoming / "b.pdf", number=16)
        with monkeypatch.context() as broken:
            broken.setattr(intake, "secure", buggy)
            run_once(office)
        assert states(office) == {"00001": "filed"}
        run_once(office)
        assert states(office) == {"00001": "filed", "00002": "filed"}


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@pytest.fixture
def secret(workspace: Path) -> Any:
    """A desk, and the id of a secret document that was taken in and read."""
    with open_office(workspace) as office, Reader(office.settings.reading, office.settings.intake) as reader:
        desk = Desk(office, reader, lambda _: None)
        path = letter(office.incoming / "a.pdf", mark="MẬT")
        document_id = arriving.accept(desk, intake.claim(path, office.incoming))
        assert document_id is not None
        yield desk, document_id


def go(desk: Desk, document_id: str, *, until: str = "") -> None:
    for step in arriving.steps(desk):
        if step.run(document_id) or step.name == until:
            return


def step(desk: Desk, name: str) -> Step:
    return next(one for one in arriving.steps(desk) if one.name == name)


def only_among_the_secret(desk: Desk) -> bool:
    found = papers(desk.office.settings.workspace)
    return [path.split("/")[:2] for path in found] == [[".vanthu", "secret"]]


@pytest.mark.parametrize(
    "where", ["move_durably", "_commit_secret", "archive.tombstone", "write_durably", "forget_secret_receipt"]
)
def test_cut_off_while_setting_a_secret_document_aside_it_goes_on(
    secret: tuple[Desk, str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, document_id = secret
    go(desk, document_id, until="read")
    with monkeypatch.context() as killing:
        killing.setattr(f"pipeline.journeys.aside.{where}", raising(Killed()))
        with pytest.raises(Killed):
            step(desk, "described").run(document_id)
    assert step(desk, "described").run(document_id)  # a restart knows that it was read, and begins here
    assert desk.row(document_id).state == "secret"
    assert only_among_the_secret(desk)
    assert not desk.office.work(document_id).exists()


def test_a_secret_document_whose_number_was_cancelled_by_hand_is_set_aside_all_the_same(
    secret: tuple[Desk, str],
) -> None:
    desk, document_id = secret
    cancel_number(desk.office, document_id, "Gửi nhầm cơ quan", "thủ thư")
    go(desk, document_id)
    assert desk.row(document_id).state == "secret"


def test_what_an_earlier_quarantine_showed_of_a_secret_document_goes(secret: tuple[Desk, str]) -> None:
    desk, document_id = secret
    aside.quarantine(desk, document_id, Failure("unexpected", {"reason": "x"}))
    assert papers(desk.office.settings.folder("review")) != []
    retry(desk.office, document_id, "thủ thư")
    go(desk, document_id)
    assert only_among_the_secret(desk)


def test_a_secret_document_that_cannot_be_set_aside_is_not_shown_in_quarantine(
    secret: tuple[Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, document_id = secret
    full = StorageError("disk-full", path="secret", reason="full")
    monkeypatch.setattr(aside, "move_durably", raising(full))
    with pytest.raises(StorageError):
        go(desk, document_id)
    aside.quarantine(desk, document_id, Failure(full.code, full.detail))
    assert desk.row(document_id).state == "quarantined"
    assert papers(desk.office.settings.folder("review")) == []


def test_a_secret_document_dropped_again_leaves_no_open_copy(secret: tuple[Desk, str]) -> None:
    desk, document_id = secret
    again = desk.staged(desk.row(document_id)).read_bytes()
    go(desk, document_id)
    (desk.office.incoming / "b.pdf").write_bytes(again)
    assert arriving.accept(desk, intake.claim(desk.office.incoming / "b.pdf", desk.office.incoming)) is None
    assert only_among_the_secret(desk)
