"""What a script of one afternoon gets: every page at 300 dpi through Tesseract, the fields by regular expressions.

    python bench/afternoon.py [FOLDER] [--truth FILE] [--manifest FILE] [--processes N] [--json]

Scored by the same program as our own reading (bench/reading), on the same papers. It knows no doubt: whatever it does
not find or finds wrong is a mistake that nobody sees.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pypdfium2
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.reading import tables
from bench.reading.judging import Prediction, Value, body_error, judged
from bench.reading.papers import Paper, from_folder, from_samples
from bench.reading.passes import Pass

DPI = 300
PAGES = 12  # of a document; the others hold nothing that is asked for
TYPES = ("Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn",
         "Chương trình", "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng",
         "Công điện", "Bản ghi nhớ", "Bản thỏa thuận", "Giấy ủy quyền", "Giấy mời", "Giấy giới thiệu",
         "Giấy nghỉ phép", "Phiếu gửi", "Phiếu chuyển", "Phiếu báo", "Thông tư", "Nghị định")  # fmt: skip
CODE = re.compile(r"Số\s*:?\s*(\d+)\s*(?:/\d{4})?\s*/\s*([A-ZĐƯa-z]+(?:\s*[-–]\s*[A-ZĐƯ&]+)*)")
PLACE = r"((?:[A-ZĐÀ-Ỹ][\w.]*\s?){1,4})"
DATE = re.compile(PLACE + r",\s*ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})")
SUBJECT = re.compile(r"(V/v.+?|Về việc.+?)\n\s*\n", re.DOTALL)
POSITION = re.compile(r"^.*?((?:PHÓ |KT\. )?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG).*)$",
                      re.MULTILINE)  # fmt: skip
NAME = re.compile(r"^\s*((?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+\s?){2,5})\s*$", re.MULTILINE)
COMPETENCE = re.compile(r"\b(TM|KT|TL|TUQ|Q)\.")
RECIPIENTS = re.compile(r"Nơi nhận\s*:?(.+?)(?:\n\s*\n|Lưu[^\n]*)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        if arguments.folder:
            truth = arguments.truth or arguments.folder / "truth.json"
            papers = from_folder(arguments.folder, truth, arguments.manifest or arguments.folder / "manifest.json")
        else:
            papers = from_samples(Path(folder))
        with ProcessPoolExecutor(arguments.processes, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(scored, papers))
    if arguments.json:
        print(json.dumps(tables.measured([result for result, _, _ in results]), ensure_ascii=False, indent=1))
        return
    print("\n".join(tables.printed([result for result, _, _ in results], 0)))
    pages = sum(amount for _, amount, _ in results)
    print(f"CPU seconds a page: {sum(seconds for _, _, seconds in results) / max(pages, 1):.2f} ({pages} pages)")


def scored(paper: Paper) -> tuple[tables.Result, int, float]:
    """Its judgements, the pages that were read, the CPU seconds."""
    before = _cpu()
    pages = texts(paper.path)
    prediction = Prediction({name: (value, None) for name, value in fields(pages).items()}, pages=pages)
    seconds = _cpu() - before
    judgements = tuple(judged(paper.truth, prediction))
    return tables.Result(paper, judgements, body_error(paper.truth, prediction), Pass(None)), len(pages), seconds


def texts(path: Path) -> dict[int, str]:
    """The text of every page, by number."""
    read = {}
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as folder:
        picture = Path(folder) / "page.png"
        for number, image in enumerate(_images(path), 1):
            image.save(picture, dpi=(DPI, DPI), compress_level=1)
            done = subprocess.run(
                ["tesseract", str(picture), "-", "-l", "vie"],
                capture_output=True, text=True, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
            read[number] = done.stdout
    return read


def _images(path: Path) -> list[Image.Image]:
    if path.suffix == ".pdf" and path.read_bytes()[:4] == b"%PDF":
        with pypdfium2.PdfDocument(path) as document:
            return [document[i].render(scale=DPI / 72).to_pil() for i in range(min(len(document), PAGES))]
    with Image.open(path) as image:
        return [image.convert("RGB")]


def fields(pages: dict[int, str]) -> dict[str, Value]:
    """The fields that the expressions find, the first match of each."""
    first, everything = pages.get(1, ""), "\n\n".join(pages.values())
    found: dict[str, Value] = {}
    if code := CODE.search(first):
        found["code_number"], found["code_notation"] = code[1], code[2]
    if date := DATE.search(first):
        found["issued_place"] = date[1].strip()
        found["issued_date"] = f"{date[4]}-{int(date[3]):02d}-{int(date[2]):02d}"
    found["type_name"] = next((name for name in TYPES if f"\n{name.upper()}" in first), "Công văn")
    head = [line.strip() for line in first.splitlines() if line.strip()]
    if head:
        found["organ_name"] = head[0].split("CỘNG")[0].strip()
    if subject := SUBJECT.search(first):
        found["subject"] = " ".join(subject[1].split())
    if positions := POSITION.findall(everything):
        found["signatory_position"] = positions[-1].strip()
    if names := NAME.findall(everything):
        found["signatory_name"] = names[-1].strip()
    if competence := COMPETENCE.findall(everything):
        found["competence"] = " ".join(f"{prefix}." for prefix in dict.fromkeys(competence))
    if recipients := RECIPIENTS.search(everything):
        lines = (line.strip(" -;.–") for line in recipients[0].split("\n")[1:])
        found["recipients"] = [line for line in lines if line]
    return {name: value for name, value in found.items() if value}


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in used)


if __name__ == "__main__":
    main()
