"""What the language knows against what a reader made of print: changes only where the evidence is far better."""

from __future__ import annotations

import pytest

from pipeline.document import Box, TextSource, Word
from pipeline.metadata.proofreading import Proof, proofread
from pipeline.metadata.usage import packed, unpacked, usage
from tests.decree_pages import Draft

NOWHERE = Box(0, 0, 1, 1)


def proofs(line: str, confidence: float = 0.96) -> list[Proof]:
    return proofread([Word(word, NOWHERE, confidence) for word in line.split()])


def text(line: str, confidence: float = 0.96) -> str:
    return " ".join(proof.text for proof in proofs(line, confidence))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Về việc nộp họe phí năm học", "Về việc nộp học phí năm học"),
        ("tham gia BHYT năm 2020 (Đọt 2)", "tham gia BHYT năm 2020 (Đợt 2)"),
        ("có hiệu lực thi hành kế từ ngày ký", "có hiệu lực thi hành kể từ ngày ký"),
        ("Tố chức thưc hiên nhiêm vu", "Tổ chức thực hiện nhiệm vụ"),
        ("VỀ VIỆC SỬA ĐỐI, BỔ SUNG", "VỀ VIỆC SỬA ĐỔI, BỔ SUNG"),
        ("công tác phòng, chông dịch bệnh", "công tác phòng, chống dịch bệnh"),
    ],
)
def test_slips_of_the_reader_are_mended(read: str, printed: str) -> None:
    assert text(read) == printed


@pytest.mark.parametrize(
    "line",
    [
        "đồng chí Hồ Thị Hường, Nguyễn Văn Hiên và Lò Văn Pọng",
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ",
        "phần mềm Microsoft Windows cho UBND xã Bản Hồ",
        "Lưu: VT, TCKT, NTThủy (02b)",
        "đơn vị Công ty TNHH Samsung Electronics",
        "bệnh viện đa khoa và các khoa dược",
    ],
)
def test_names_numbers_abbreviations_and_foreign_words_stay(line: str) -> None:
    assert text(line) == line


def test_a_reading_that_its_neighbours_confirm_is_surer_than_its_reader() -> None:
    (_, word, _) = proofs("Ủy ban nhân", 0.7)
    assert word.chance > 0.99


def test_a_word_that_stands_badly_is_doubted() -> None:
    assert min(proof.chance for proof in proofs("quyền hạn và Hủ ơ cấu tổ chức")) < 0.5


def test_what_a_change_is_worth_depends_on_the_evidence() -> None:
    changed = [proof for proof in proofs("nộp họe phí") if proof.changed]
    assert [proof.text for proof in changed] == ["học"]
    assert 0.9 < changed[0].chance < 1.0


def test_counts_come_back_as_they_were_packed() -> None:
    known = unpacked(packed(["|", "a", "b"], [7, 5, 3], [[(1, 4)], [(0, 1), (2, 9)], []]))
    assert known.count("a") == 5
    assert known.pair("a", "b") > known.pair("a", "|") > known.pair("b", "a") == 0.0


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="usage"):
        unpacked(b"something else")


def test_the_shipped_counts_know_the_language() -> None:
    known = usage()
    assert known.pair("ủy", "ban") > 1000
    assert known.count("học") > known.count("họe") == 0
    assert known.between("nộp", "học", "phí") > known.between("nộp", "hóc", "phí") + 5


def test_born_digital_text_stays_as_it_is_even_with_slips() -> None:
    found = Draft(subject=("Về việc nộp họe phí",)).read()
    assert found.fields["subject"].value == "Về việc nộp họe phí"


def test_a_subject_misread_with_high_confidence_is_mended() -> None:
    found = Draft(subject=("Về việc nộp họe phí năm học 2025",), source=TextSource.OCR, confidence=0.96).read()
    assert found.fields["subject"].value == "Về việc nộp học phí năm học 2025"
    assert "subject" not in found.review
