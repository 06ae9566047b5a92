"""What is filed is found, in the order a clerk expects, alike on both databases."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import archive, registers
from pipeline.database import Database
from pipeline.database.tables import DocumentRow
from pipeline.document import Page
from pipeline.errors import UsageError
from tests.filings import START, fields, file_and_index, page, register

pytestmark = pytest.mark.integration

Filed = Callable[..., str]


@pytest.fixture
def filed(database: Database, tmp_path: Path) -> Filed:
    """Files a document with these fields and lines of its first page (or whole pages); returns its id."""

    def file(*text: str | Page, **values: str) -> str:
        pages = [part for part in text if isinstance(part, Page)] or [page(1, *(str(part) for part in text))]
        return file_and_index(database, tmp_path, fields(**values), *pages, content=repr((text, values)).encode())

    return file


@pytest.fixture
def ids(database: Database) -> Callable[..., list[str]]:
    """The ids that a query finds, in order."""

    def find(query: str, order: str | None = None) -> list[str]:
        with database.read() as session:
            return [hit.document_id for hit in archive.search(session, query, order=order).hits]

    return find


Ids = Callable[..., list[str]]


@pytest.fixture
def plan(filed: Filed) -> str:
    return filed(
        "BAN QUẢN LÝ KHU KINH TẾ", "Số: 15/KH-BQL", "KẾ HOẠCH", "Về việc đẩy mạnh cải cách hành chính năm 2021",
        type_name="Kế hoạch", code_number="15", code_notation="KH-BQL", issued_date="2021-03-15",
        organ_name="BAN QUẢN LÝ KHU KINH TẾ", subject="Đẩy mạnh cải cách hành chính năm 2021",
        signatory_name="Nguyễn Văn An",
    )  # fmt: skip


@pytest.fixture
def decree(filed: Filed) -> str:
    return filed(
        "CHÍNH PHỦ", "NGHỊ ĐỊNH", "Quy định về đo đạc", "Căn cứ Kế hoạch số 15/KH-BQL",
        type_name="Nghị định", code_number="28", code_notation="2021/NĐ-CP", issued_date="2021-11-20",
        organ_name="CHÍNH PHỦ", subject="Quy định về đo đạc và bản đồ", signatory_name="Trần Thị Bình",
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "15/KH-BQL", "15 kh bql", "so 15", "số 15/kh", "15/kh", "kế hoạch 15 năm 2021", "kh 15", "015/kh-bql",
        "số:15/KH", "đẩy mạnh", "day manh cai cach", "DAY MANH", '"cải cách hành chính"', "“cai cach”",
        "cai cach* manh", "hanh chin*",
        "loại:KH", "loai:'ke hoach'".replace("'", '"'), "type:kh năm:2021", "năm:2020..2021 loại:KH", "ngày:15/03/2021",
        "date:03/2021", "từ:01/03/2021 đến:31/03/2021", "ký:an", 'ký:"nguyễn văn an"',
        'signer:"Nguyễn Văn An"', "cq:bql",
        'agency:"ban quản lý" đẩy', "td:cải", 'trích yếu:"cải cách"', "cải -đạc", '-"đo đạc"', "-loại:NĐ", "số đến:1",
        "trạng thái:filed loại:kh",
    ],
)  # fmt: skip
def test_the_plan_is_found_first(plan: str, decree: str, ids: Ids, query: str) -> None:
    assert ids(query)[:1] == [plan]


@pytest.mark.parametrize(
    "query",
    ["đo đạc bản đồ", "28/2021/NĐ-CP", "28 2021 nd cp", "28/2021", "loại:nghị định".replace("nghị định", '"nghị định"'),
     "ký:bình", "cq:cp", "-loại:KH", "trần thị bình", "nghi dinh 28", "chính phủ -cải"],
)  # fmt: skip
def test_the_decree_is_found_first(plan: str, decree: str, ids: Ids, query: str) -> None:
    assert ids(query)[:1] == [decree]


@pytest.mark.parametrize(
    "query", ["xe đạp", "td:bql", '"hành cải"', "16/KH-BQL loại:KH", "năm:2019", "ký:nguyen loại:NĐ", "???"]
)
def test_what_is_not_there_is_not_found(plan: str, decree: str, ids: Ids, query: str) -> None:
    assert ids(query) == []


def test_a_documents_own_number_comes_before_its_mention_in_a_newer_one(plan: str, decree: str, ids: Ids) -> None:
    assert ids("15/KH-BQL") == [plan, decree]


def test_adjacent_words_come_before_near_before_scattered(filed: Filed, ids: Ids) -> None:
    """The older the better placed here, so that age cannot be the reason."""
    together = filed("phòng chống lụt bão", issued_date="2019-01-01")
    near = filed("phòng bão và chống lụt", issued_date="2020-01-01")
    far = " chữ khác" * 10
    apart = filed(f"phòng họp{far} chống{far} lụt{far} bão", issued_date="2021-01-01")
    assert ids("phòng chống lụt bão") == [together, near, apart]
    assert ids("phòng chống lụt bão", order="newest") == [apart, near, together]
    assert ids("phòng chống lụt bão xếp:cũ") == [together, near, apart]


def test_inside_a_tier_the_newest_comes_first_and_one_without_date_by_its_arrival(filed: Filed, ids: Ids) -> None:
    old = filed("nước sạch nông thôn", issued_date="2019-05-05")
    undated = filed("nước sạch nông thôn hai")
    new = filed("nước sạch nông thôn ba", issued_date="2025-05-05")
    assert ids("nước sạch") == [undated, new, old]  # it arrived in March 2026


def test_the_accents_that_were_typed_come_first(filed: Filed, ids: Ids) -> None:
    folded = filed("bán đất hoang", issued_date="2024-01-01")
    exact = filed("bàn dát hoàng", issued_date="2020-01-01")
    assert ids("bàn dát") == [exact, folded]
    assert ids("ban dat") == [folded, exact]


def test_old_and_new_tone_placement_are_one_word(filed: Filed, ids: Ids) -> None:
    other = filed("hoa bình", issued_date="2024-01-01")
    old_style = filed("hoà bình", issued_date="2020-01-01")
    assert ids("hòa bình") == [old_style, other]


def test_a_phrase_does_not_run_from_the_title_into_the_text(filed: Filed, ids: Ids) -> None:
    filed("bắt đầu văn bản", subject="trích yếu kết thúc")
    assert ids('"kết thúc bắt đầu"') == []
    assert len(ids("kết thúc bắt đầu")) == 1


def test_hits_tell_of_the_document_and_show_the_passage(database: Database, plan: str) -> None:
    with database.read() as session:
        (hit,) = archive.search(session, "cai cach").hits
    assert (hit.document_id, hit.code, hit.type_name, hit.arrival_number, hit.page) == (
        plan,
        "15/KH-BQL",
        "Kế hoạch",
        1,
        1,
    )
    assert [text for text, highlighted in hit.snippet if highlighted] == ["cải cách"]
    assert "đẩy mạnh " in "".join(text for text, _ in hit.snippet)


LONG = 9000  # words: three pieces


@pytest.fixture
def long(filed: Filed) -> str:
    words = [f"tu{n}" for n in range(LONG)]
    pages = [page(n + 1, *(" ".join(words[k : k + 10]) for k in range(n * 450, (n + 1) * 450, 10))) for n in range(20)]
    return filed(*pages, subject="Báo cáo dài")


@pytest.mark.parametrize(
    ("query", "page_number"),
    [
        ("tu8990", 20),
        ("tu5", 1),
        ("tu5 tu8990", 1),
        ("tu8990 tu5 báo", 1),
        ('"tu3999 tu4000 tu4001"', 9),
        ('"tu449 tu450"', 1),
    ],
)
def test_a_long_document_is_found_once_by_words_pages_apart(
    database: Database, long: str, query: str, page_number: int
) -> None:
    with database.read() as session:
        results = archive.search(session, query)
    assert [(hit.document_id, hit.page) for hit in results.hits] == [(long, page_number)]
    assert results.total == 1


@pytest.mark.parametrize("query", ["tu5 -tu8990", 'tu5 -"tu8990 tu8991"', '-"tu8990 tu8991"', '"tu5 tu8990"'])
def test_an_exclusion_counts_for_the_whole_long_document(long: str, ids: Ids, query: str) -> None:
    assert ids(query) == []


def test_paging_shows_each_hit_once_in_one_order(
    database: Database, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["pipeline.archive.search"], "WINDOW", 3)
    made = []
    for n in range(7):
        made.append(filed(f"báo cáo tuần {n}", issued_date=f"2021-01-{n + 1:02d}"))
        made.append(filed(f"cáo trạng và báo động {n}", issued_date=f"2022-01-{n + 1:02d}"))
        made.append(filed(f"bao cao khong dau {n}", issued_date=f"2023-01-{n + 1:02d}"))
    seen: list[str] = []
    mark = None
    with database.read() as session:
        whole = [hit.document_id for hit in archive.search(session, "báo cáo", limit=100).hits]
        while True:
            results = archive.search(session, "báo cáo", limit=4, after=mark)
            assert results.total == len(made)
            seen += [hit.document_id for hit in results.hits]
            mark = results.next
            if mark is None:
                break
    assert seen == whole
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("mark", ["", "x", "!!", "WzEsMl0", "W251bGwsMSwxXQ", "WzAsLTEsMF0", "é"])
def test_a_strange_mark_is_refused(database: Database, mark: str) -> None:
    with pytest.raises(UsageError), database.read() as session:
        archive.search(session, "báo", after=mark)


def test_a_blank_query_shows_all_the_newest_first(plan: str, decree: str, ids: Ids) -> None:
    assert ids(" ") == [decree, plan]


def test_documents_with_doubts_are_found(database: Database, tmp_path: Path, plan: str, ids: Ids) -> None:
    doubtful = file_and_index(database, tmp_path, fields(("subject",), subject="Mờ"), page(1, "chữ mờ"))
    assert ids("xem lại:có") == [doubtful]
    assert ids("review:no") == [plan]


def test_secret_and_removed_documents_are_never_found(database: Database, plan: str, decree: str, ids: Ids) -> None:
    with database.write() as session:
        session.get_one(DocumentRow, plan).state = "secret"
        archive.remove_text(session, decree)
    for query in ("15/KH-BQL", "cải cách", "loại:KH", "", "số đến:1", "đo đạc"):
        assert plan not in ids(query)
    assert ids("bản đồ") == []
    assert ids("28/2021") == [decree]  # its fields still answer


def test_a_document_on_its_way_is_found_by_its_arrival_number(database: Database, ids: Ids) -> None:
    waiting = register(database, at=START + timedelta(days=1))
    assert ids("số đến:1") == [waiting]
    assert ids("trạng thái:chờ") == [waiting]


def test_a_correction_is_found_and_what_it_replaced_is_not(database: Database, plan: str, ids: Ids) -> None:
    with database.write() as session:
        row = session.get_one(DocumentRow, plan)
        corrected = fields(subject="Chuyển đổi số", code_number="16", code_notation="KH-BQL", issued_date="2022-01-01")
        archive.put_fields(session, row, corrected)
    assert ids("td:chuyển") == ids("16/KH-BQL") == ids("năm:2022") == [plan]
    assert ids("số:15/KH-BQL") == ids("td:cải") == ids("năm:2021") == []
    assert ids("đẩy mạnh") == [plan]  # so it stands on the page


def test_putting_a_document_twice_changes_nothing(database: Database, plan: str, ids: Ids) -> None:
    with database.write() as session:
        row = session.get_one(DocumentRow, plan)
        archive.put(session, row, fields(subject="Khác"), [page(1, "lời khác hẳn")])
        archive.put(session, row, fields(subject="Khác"), [page(1, "lời khác hẳn")])
    with database.read() as session:
        assert archive.search(session, "lời khác hẳn").total == 1
    assert ids("cải cách") == []


def test_values_longer_than_their_columns_are_kept_short(database: Database, filed: Filed, ids: Ids) -> None:
    made = filed("x", code_number="9" * 500, code_notation="KH" * 500, organ_name="Ủy ban " * 900, type_name="t" * 300,
                 signatory_name="An " * 2000, subject="\0dài " * 3000)  # fmt: skip
    assert ids("dài") == [made]


def test_two_documents_of_one_agency_with_one_number_are_noticed(database: Database, plan: str, filed: Filed) -> None:
    twin = filed("khác", code_number="015", code_notation="KH-BQL", organ_name="Ban Quản lý Khu kinh tế")
    filed("nữa", code_number="15", code_notation="KH-BQL", organ_name="Cơ quan khác")
    with database.read() as session:
        assert [row.id for row in archive.same_code(session, session.get_one(DocumentRow, twin))] == [plan]


@pytest.mark.parametrize("token", ["1e8d", "5e48e5", "0x1f", "15a", "a1b2", "00015", "1e5", "http"])
def test_words_with_digits_are_one_word_on_both_databases(filed: Filed, ids: Ids, token: str) -> None:
    made = filed(f"mã {token} đây")
    assert ids(token) == ids(f'"mã {token} đây"') == [made]


def test_the_total_counts_documents_of_all_tiers(database: Database, plan: str, decree: str) -> None:
    with database.read() as session:
        results = archive.search(session, "15/KH-BQL", limit=1)
        assert (len(results.hits), results.total) == (1, 2)
        assert archive.search(session, "năm:2021", limit=1).total == 2
        assert archive.search(session, "kế hoạch năm:2021", limit=1).total == 2


def test_numbers_are_shown_by_the_register(database: Database, plan: str) -> None:
    with database.read() as session:
        assert registers.entry_of(session, plan).number == archive.search(session, "cải cách").hits[0].arrival_number
