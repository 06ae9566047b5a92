"""How long a search takes beside one SELECT by primary key: 20 000 synthetic documents, SQLite and PostgreSQL.

.venv/bin/python bench/search.py [documents]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline import archive
from pipeline.database import Database, open_database
from pipeline.database.tables import DocumentRow
from pipeline.document import Box, Field, Line, Metadata, Page, TextSource, Word
from tests.postgresql import find_binaries, running_cluster

ROUNDS = 60
Ask = Callable[[random.Random, Database], None]
TEXT = (
    "kế hoạch cải cách hành chính nước sạch nông thôn đẩy mạnh phòng chống lụt bão báo cáo quyết định thông báo ban "
    "quản lý khu kinh tế ủy nhân dân tỉnh huyện xã giao dịch đất đai xây dựng dự án đầu tư công tác tổ chức cán bộ đào "
    "tạo chuyển đổi số ứng dụng công nghệ thông tin y tế giáo dục văn hóa thể thao du lịch môi trường an ninh quốc "
    "phòng tài chính ngân sách thuế hải quan thương mại công nghiệp nông nghiệp thủy lợi giao thông vận tải"
)
SYLLABLES = TEXT.split()
TYPES = (("Kế hoạch", "KH"), ("Quyết định", "QĐ"), ("Báo cáo", "BC"), ("Thông báo", "TB"))


def documents(amount: int) -> Iterator[tuple[DocumentRow, Metadata, Page]]:
    """Documents of about 400 syllables; a syllable's frequency falls with its rank, as in real text."""
    chance = random.Random(7)
    rare = [f"{a}{b}" for a in SYLLABLES[:120] for b in "xyzkq"]
    weights = [1 / (rank + 3) for rank in range(len(SYLLABLES) + len(rare))]
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for n in range(1, amount + 1):
        words = chance.choices(SYLLABLES + rare, weights, k=400)
        name, abbreviation = chance.choice(TYPES)
        day = date(2016, 1, 1) + timedelta(days=chance.randrange(3900))
        found = {
            "type_name": name, "code_number": str(chance.randrange(1, 4000)), "issued_date": day.isoformat(),
            "code_notation": f"{abbreviation}-BQL", "organ_name": f"Sở {chance.choice(SYLLABLES)}",
            "subject": " ".join(words[:15]), "signatory_name": f"Nguyễn Văn {chance.choice(SYLLABLES)}",
        }  # fmt: skip
        lines = tuple(Line(tuple(Word(w, Box(0, 0, 1, 1)) for w in words[k : k + 10])) for k in range(0, 400, 10))
        row = DocumentRow(
            id=f"den-2026-{n:05d}", sha256=f"{n:064d}", state="filed", received_at=now, name="a.pdf", raw_name=b"a.pdf",
            kind="application/pdf", size=1,
        )  # fmt: skip
        metadata = Metadata({key: Field(value, 1.0, 1, None, "bench") for key, value in found.items()})
        yield row, metadata, Page(1, 595, 842, TextSource.OCR, lines)


def fill(database: Database, amount: int) -> None:
    begun = time.perf_counter()
    with database.write() as session:
        for row, metadata, page in documents(amount):
            session.add(row)
            session.flush()
            archive.put(session, row, metadata, [page])
    if not database.is_sqlite:
        with database.write() as session:
            session.execute(text("ANALYZE"))
    print(f"  {amount} documents indexed in {time.perf_counter() - begun:.0f} s")


def measure(database: Database, ask: Ask) -> tuple[float, float]:
    """(p50, p95) in milliseconds."""
    chance = random.Random(3)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask(chance, database)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def by_key(chance: random.Random, database: Database) -> None:
    with database.read() as session:
        session.execute(
            text("SELECT subject FROM documents WHERE id = :id"), {"id": f"den-2026-{chance.randrange(1, 999):05d}"}
        ).one()


def searching(
    query: Callable[[random.Random], str], order: str | None = None
) -> Callable[[random.Random, Database], None]:
    def ask(chance: random.Random, database: Database) -> None:
        with database.read() as session:
            archive.search(session, query(chance), order=order)

    return ask


def _some(chance: random.Random, amount: int) -> str:
    start = chance.randrange(len(SYLLABLES) - amount)
    return " ".join(SYLLABLES[start : start + amount])


QUESTIONS: dict[str, Ask] = {
    "SELECT by primary key": by_key,
    "number 15/KH-BQL": searching(lambda c: f"{c.randrange(1, 4000)}/KH-BQL"),
    "field số:15/KH": searching(lambda c: f"số:{c.randrange(1, 4000)}/KH"),
    "phrase of 2": searching(lambda c: f'"{_some(c, 2)}"'),
    "phrase of 2, newest": searching(lambda c: f'"{_some(c, 2)}"', "newest"),
    "2 words, newest": searching(lambda c: _some(c, 2), "newest"),
    "4 words, tiers": searching(lambda c: _some(c, 4)),
    "2 words, type, year": searching(lambda c: f"{_some(c, 2)} loại:KH năm:{c.randrange(2016, 2026)}"),
    "signer, newest": searching(lambda c: f'ký:"nguyễn văn {c.choice(SYLLABLES)}"'),
}


def report(name: str, url: str, amount: int) -> None:
    print(f"{name}:")
    database = open_database(url)
    fill(database, amount)
    base = 0.0
    for question, ask in QUESTIONS.items():
        measure(database, ask)  # warm
        p50, p95 = measure(database, ask)
        base = base or p50
        print(f"  {question:<24} p50 {p50:8.2f} ms   p95 {p95:8.2f} ms   x{p50 / base:7.1f}")
    database.close()


def main() -> None:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vanthu-bench-"))
        report("SQLite", f"sqlite:///{folder}/bench.sqlite", amount)
        binaries = find_binaries()
        if binaries is None:
            print("PostgreSQL is not installed here")
            return
        cluster = stack.enter_context(running_cluster(binaries))
        report("PostgreSQL", cluster.url(cluster.create()), amount)


if __name__ == "__main__":
    main()
