"""Signatures per CPU second at each level, against plain pyHanko calls in the same run; memory from 5 to 200 MB.

    python bench/signing.py [--repeat 20] [--no-memory]

A toy certification authority answers on loopback, in a process of its own: its time is not counted. "plain" is what
pyHanko's documentation shows: `SimpleSigner.load_pkcs12` once, `PdfSigner.sign_pdf` for each document, output opened
"wb"; ours is `signing.stamp` without a visible line's cost left out - the same invisible field for both.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from pipeline.signatures import FileKey, Level, Terms, open_key, sign_leader
from pipeline.signatures.values import LEADER_FIELD
from tests.pki import PASSPHRASE, Pki
from tests.signing_papers import draft, scan

LEVELS = (Level.B_B, Level.B_T, Level.B_LTA)
KEYS = ("leader", "leader3072", "leader-ec")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--no-memory", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ask, child = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder / "pki", child), daemon=True)
        server.start()
        facts = ask.recv()
        papers = {
            "1 page": _with_field(draft(folder / "1.pdf")), "20 pages": _with_field(draft(folder / "20.pdf", pages=20)),
            "5 MB scan": _with_field(scan(folder / "s.pdf", megabytes=5, pages=2)),
        }  # fmt: skip
        print(f"{'paper':10} {'level':6} {'key':11} {'plain ms':>9} {'ours ms':>8} {'times':>6} {'ours/s':>7}")
        for label, paper in papers.items():
            for level in LEVELS:
                for key in KEYS if level is Level.B_B else KEYS[:1]:
                    _row(label, paper, level, key, facts, arguments.repeat)
        if not arguments.no_memory:
            _memory(folder, facts)
        ask.send("end")


def _row(label: str, paper: Path, level: Level, name: str, facts: dict[str, Any], repeat: int) -> None:
    target = paper.with_name("out.pdf")
    terms = _terms(level, facts)
    stamper = HTTPTimeStamper(facts["tsa"]) if level else None
    signer = signers.SimpleSigner.load_pkcs12(facts["pfx"][name], passphrase=PASSPHRASE)
    roots, others = ([x509.Certificate.load(facts[which])] for which in ("root", "interm"))

    def plain() -> None:
        long = level > Level.B_T
        context = ValidationContext(trust_roots=roots, other_certs=others, allow_fetching=True) if long else None
        meta = signers.PdfSignatureMetadata(
            field_name=LEADER_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
            validation_context=context, embed_validation_info=long, use_pades_lta=long,
        )  # fmt: skip
        with paper.open("rb") as source, target.open("wb") as out:
            writer = IncrementalPdfFileWriter(source)
            signers.PdfSigner(meta, signer=signer, timestamper=stamper).sign_pdf(
                writer, output=out, existing_fields_only=True
            )  # fmt: skip

    with open_key(FileKey(Path(facts["pfx"][name])), PASSPHRASE) as key:

        def ours() -> None:
            sign_leader(paper, target, key, terms, at=datetime.now(UTC))

        slow, fast = _milliseconds((plain, ours), repeat)
    print(f"{label:10} {level!s:6} {name:11} {slow:9.1f} {fast:8.1f} {slow / fast:6.1f} {1000 / fast:7.0f}", flush=True)


def _milliseconds(works: Sequence[Callable[[], None]], repeat: int) -> list[float]:
    """Median CPU time of one call of each, the first (caches) left out; in turns: a busy machine slows all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeat + 1):
        for work, taken in zip(works, times, strict=True):
            begun = time.process_time()
            work()
            taken.append(time.process_time() - begun)
    return [statistics.median(taken[1:]) * 1000 for taken in times]


def _memory(folder: Path, facts: dict[str, Any]) -> None:
    print("\nmemory of signing (B-B), MB above the process before it")
    context = multiprocessing.get_context("spawn")
    for megabytes in (5, 50, 200):
        paper = _with_field(scan(folder / f"{megabytes}.pdf", megabytes=megabytes, pages=4))
        ours, child = context.Pipe()
        process = context.Process(target=_weigh, args=(paper, facts, child))
        process.start()
        size, grown = ours.recv()
        process.join()
        paper.unlink()
        print(f"  {size:6.0f} MB file: {grown:5.1f} MB")


def _weigh(paper: Path, facts: dict[str, Any], answer: Any) -> None:
    """In a fresh process: the most memory that it ever had, after a small file and after the big one."""
    with open_key(FileKey(Path(facts["pfx"]["leader"])), PASSPHRASE) as key:
        small = _with_field(draft(paper.with_name("small.pdf")))
        sign_leader(small, paper.with_name("out.pdf"), key, Terms(), at=datetime.now(UTC))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sign_leader(paper, paper.with_name("out.pdf"), key, Terms(), at=datetime.now(UTC))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.send((paper.stat().st_size / 1e6, (after - before) / 1024))


def _terms(level: Level, facts: dict[str, Any]) -> Terms:
    roots = (facts["root"],) if level > Level.B_T else ()
    return Terms(level, facts["tsa"] if level else "", roots=roots, others=(facts["interm"],))


def _with_field(paper: Path) -> Path:
    """The same paper with an invisible signature field: neither side draws anything."""
    with pikepdf.open(paper, allow_overwriting_input=True) as pdf:
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T=pikepdf.String(LEADER_FIELD),
            F=132, Rect=[0, 0, 0, 0], P=pdf.pages[0].obj,
        )  # fmt: skip
        reference = pdf.make_indirect(field)
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([reference])
        pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=[reference], SigFlags=0)
        pdf.save(paper, compress_streams=False)
    return paper


def _serve(folder: Path, pipe: Any) -> None:
    with Pki(folder) as pki:
        pipe.send(
            {
                "tsa": pki.tsa_url, "root": pki.der("root"), "interm": pki.der("interm"),
                "pfx": {name: str(pki.pfx(name)) for name in KEYS},
            }
        )  # fmt: skip
        pipe.recv()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
