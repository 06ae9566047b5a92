"""Numbers are gapless and unique whoever asks for them, on both databases."""

from __future__ import annotations

import contextlib
import multiprocessing
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from pipeline import registers
from pipeline.database import Database, open_database
from pipeline.database.tables import CounterRow, DocumentRow, EntryRow
from pipeline.errors import NotFoundError, UsageError
from pipeline.settings import Registers

pytestmark = pytest.mark.integration

SETTINGS = Registers(recipient="Phòng Hành chính")
NOON = datetime(2026, 3, 15, 5, 0, tzinfo=UTC)


def _enter(database: Database, at: datetime = NOON, register: str = "den") -> str:
    with database.write() as session:
        return registers.enter(session, register, at, SETTINGS).document_id


def _enter_and_fail(database: Database, at: datetime = NOON) -> None:
    with contextlib.suppress(ZeroDivisionError), database.write() as session:
        assert registers.enter(session, "den", at, SETTINGS).number / 0


def _numbers(database: Database, year: int = 2026, register: str = "den") -> list[int]:
    with database.read() as session:
        return [row.number for row in registers.book(session, register, year)]


def test_numbers_follow_each_other_from_one(database: Database) -> None:
    assert [_enter(database) for _ in range(3)] == ["den-2026-00001", "den-2026-00002", "den-2026-00003"]


def test_registers_have_series_of_their_own(database: Database) -> None:
    _enter(database)
    assert _enter(database, register="di") == "di-2026-00001"


def test_number_restarts_each_year_in_the_offices_zone(database: Database) -> None:
    before = datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Hà Nội
    assert _enter(database, before) == "den-2025-00001"
    assert _enter(database, before + timedelta(seconds=1)) == "den-2026-00001"
    assert _enter(database, before) == "den-2025-00002"  # the year of the frozen moment, not of the clock


def test_a_rollback_gives_the_number_back(database: Database) -> None:
    _enter(database)
    _enter_and_fail(database)
    assert _enter(database) == "den-2026-00002"


def test_the_default_recipient_is_written_in_the_book(database: Database) -> None:
    _enter(database)
    with database.read() as session:
        assert registers.book(session, "den", 2026)[0].printed("recipient") == "Phòng Hành chính"


def test_a_cancelled_number_stays_with_its_reason_and_is_not_given_again(database: Database) -> None:
    for _ in range(3):
        _enter(database)
    with database.write() as session:
        registers.cancel(session, "den", 2026, 3, " Ghi nhầm sổ ", NOON)
    assert _enter(database) == "den-2026-00004"
    with database.read() as session:
        rows = registers.book(session, "den", 2026)
        assert registers.missing_numbers(session, "den", 2026) == []
    assert [row.cancelled for row in rows] == [False, False, True, False]
    assert rows[2].printed("note") == "Số đã hủy: Ghi nhầm sổ"


@pytest.mark.parametrize(
    ("number", "reason", "error"),
    [(9, "lý do", NotFoundError), (1, "  ", UsageError), (2, "lần nữa", UsageError)],
    ids=["never-given", "no-reason", "cancelled-before"],
)
def test_what_cannot_be_cancelled_is_refused(
    database: Database, number: int, reason: str, error: type[Exception]
) -> None:
    _enter(database)
    _enter(database)
    with database.write() as session:
        registers.cancel(session, "den", 2026, 2, "lần đầu", NOON)
    with pytest.raises(error), database.write() as session:
        registers.cancel(session, "den", 2026, number, reason, NOON)


def test_an_unknown_register_is_refused(database: Database) -> None:
    with pytest.raises(UsageError), database.write() as session:
        registers.enter(session, "mật", NOON, SETTINGS)


def test_forwarding_and_notes_stand_in_their_columns(database: Database) -> None:
    document = _enter(database)
    with database.write() as session:
        registers.forward(session, document, "Phòng Tài chính", date(2026, 3, 5))
        registers.note(session, document, "Thiếu phụ lục")
        registers.note(session, document, "Thiếu phụ lục")
        registers.note(session, document, "Đã bổ sung")
    with database.read() as session:
        row = registers.book(session, "den", 2026)[0]
    printed = {key: row.printed(key) for key in ("recipient", "forwarded_date", "note")}
    assert printed == {
        "recipient": "Phòng Tài chính",
        "forwarded_date": "05/03/2026",
        "note": "Thiếu phụ lục; Đã bổ sung",
    }


def test_of_a_secret_document_the_book_shows_only_the_number(database: Database) -> None:
    document = _enter(database)
    with database.write() as session:
        session.add(
            DocumentRow(
                id=document, sha256="a" * 64, state="secret", received_at=NOON, name="kế hoạch mật.pdf", raw_name=b"k",
                kind="application/pdf", size=1, subject="Nội dung mật", organ_name="Cơ quan A", code_number="1",
            )
        )  # fmt: skip
    with database.read() as session:
        row = registers.book(session, "den", 2026)[0]
    assert row.printed("arrival_number") == "01"
    assert [row.printed(key) for key in ("subject", "organ_name", "code")] == ["", "", ""]


PROCESSES, EACH = 8, 12


def _take_numbers(url: str, seed: int) -> None:
    database = open_database(url)
    for i in range(EACH):
        if (seed + i) % 5 == 0:
            _enter_and_fail(database)
        else:
            _enter(database)
    database.close()


def test_eight_processes_leave_no_gap_and_no_double(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_take_numbers, args=(database_url, seed)) for seed in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    kept = sum((seed + i) % 5 != 0 for seed in range(PROCESSES) for i in range(EACH))
    database = open_database(database_url)
    assert _numbers(database) == list(range(1, kept + 1))
    database.close()


class Numbering(RuleBasedStateMachine):
    """Whatever is entered, rolled back and cancelled in whatever order: the book is 1, 2, 3 … of each year."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[int, list[int]] = {2025: [], 2026: []}
        self.cancelled: set[tuple[int, int]] = set()
        with self.database.write() as session:
            session.execute(delete(CounterRow))
            session.execute(delete(EntryRow))

    @rule(year=st.sampled_from([2025, 2026]))
    def enter(self, year: int) -> None:
        _enter(self.database, NOON.replace(year=year))
        self.given[year].append(len(self.given[year]) + 1)

    @rule(year=st.sampled_from([2025, 2026]))
    def enter_and_fail(self, year: int) -> None:
        _enter_and_fail(self.database, NOON.replace(year=year))

    @precondition(lambda self: any(self.given.values()))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        year, number = data.draw(st.sampled_from([(y, n) for y, numbers in self.given.items() for n in numbers]))
        if (year, number) not in self.cancelled:
            with self.database.write() as session:
                registers.cancel(session, "den", year, number, "lý do", NOON)
            self.cancelled.add((year, number))

    @invariant()
    def the_book_is_whole(self) -> None:
        with self.database.read() as session:
            for year, numbers in self.given.items():
                rows = registers.book(session, "den", year)
                assert [row.number for row in rows] == numbers
                assert {(year, row.number) for row in rows if row.cancelled} == {
                    entry for entry in self.cancelled if entry[0] == year
                }
                assert registers.missing_numbers(session, "den", year) == []


def test_numbering_is_whole_after_any_story(database: Database) -> None:
    Numbering.database = database
    run_state_machine_as_test(
        Numbering,
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
