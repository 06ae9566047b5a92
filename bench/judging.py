"""Judge every PDF under folders: verdicts, time, memory. Nothing is filed.

    python bench/judging.py FOLDER … --certificates FOLDER [--recorded signatures.json] [--believe] [--jsonl FILE]

`--certificates` holds PEM or DER files that the program's own pins name (roots, issuers). `--recorded` is a list of
{"file", "signatures": [{"field", "pyhanko_at_signing_time": {"bottom_line", …}}]} to compare verdicts with.
`--believe` takes every certificate that a file embeds for a root: what is judged is the file alone, not the signer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.settings import data_folder
from pipeline.signatures.judging import Judge
from pipeline.signatures.report import Change, Coverage, JudgedSignature, SignatureReport
from pipeline.signatures.trust import Anchors, TrustStore, load_pins, read_certificates


def main() -> None:
    arguments = _arguments()
    pins = load_pins(data_folder() / "trust")
    anchors = anchors_of(arguments.certificates, pins) if arguments.certificates else Anchors()
    now = datetime.fromisoformat(arguments.at).astimezone(UTC) if arguments.at else datetime.now(UTC)
    recorded = _recorded(arguments.recorded) if arguments.recorded else {}
    verdicts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    whole: list[str] = []
    differ: list[str] = []
    slowest = (0.0, "")
    lines = arguments.jsonl.open("w", encoding="utf-8") if arguments.jsonl else None
    with Judge(processes=2, memory_mb=arguments.memory_mb, seconds=arguments.seconds) as judge:
        for path in files(arguments.folders):
            begun = time.monotonic()
            report = judge.judge(path, believed(path) if arguments.believe else anchors, now, online=arguments.online)
            slowest = max(slowest, (time.monotonic() - begun, str(path)))
            verdicts[report.verdict.value + (f" ({report.failure})" if report.failure else "")] += 1
            codes.update(f"{one.facts.kind}: {one.verdict.value} {one.code}" for one in report.signatures)
            if report.verdict.value == "valid" or is_whole(report):
                whole.append(f"{path.parent.name}/{path.name}: {report.verdict.value}")
            differ += _differences(path.name, report, recorded.get(path.name, {}))
            if lines:
                lines.write(json.dumps({"file": str(path), **report.to_json()}, ensure_ascii=False) + "\n")
    print("documents", dict(verdicts.most_common()))
    print("signatures", dict(codes.most_common()))
    print("valid, or whole in itself:", *whole, sep="\n  ")
    if recorded:
        print("different from what was recorded:", *differ, sep="\n  ")
    print(f"slowest {slowest[0]:.1f} s {slowest[1]}; no child had more than {arguments.memory_mb} MB")


def files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else [folder]


def anchors_of(folder: Path, pins: Any) -> Anchors:
    """The pinned certificates of a folder, as a workspace's store would give them."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        store = TrustStore(Path(place), pins)
        for path in sorted(folder.iterdir()):
            if path.suffix in {".cer", ".crt", ".pem", ".der"}:
                for certificate in read_certificates(path):
                    store.add(certificate)
        return store.anchors()


def believed(path: Path) -> Anchors:
    """All that the file brings along: its own chains hold, so only what was done to the file is judged."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    found: set[bytes] = set()
    try:
        with path.open("rb") as stream:
            for signature in PdfFileReader(stream, strict=False).embedded_signatures:
                found |= {one.dump() for one in [signature.signer_cert, *signature.other_embedded_certs]}
    except Exception:  # noqa: BLE001 - a file that cannot be opened has nothing to believe
        return Anchors()
    every = tuple(found)
    return Anchors(every, every, every)


def is_whole(report: SignatureReport) -> bool:
    """Nothing speaks against the file itself, whoever signed it."""
    return bool(report.signatures) and all(
        one.verdict.value != "invalid" and one.facts.intact and one.facts.genuine and not one.facts.failure
        and one.facts.coverage is not Coverage.LESS and one.facts.change not in {Change.ANNOTATIONS, Change.OTHER}
        and one.facts.changes_allowed and not one.facts.shared and one.code != "filled-after"
        for one in report.signatures
    )  # fmt: skip


def _recorded(path: Path) -> dict[str, dict[str, Any]]:
    return {one["file"]: {s["field"]: s for s in one["signatures"]} for one in json.loads(path.read_text("utf-8"))}


def _differences(name: str, report: SignatureReport, recorded: dict[str, Any]) -> list[str]:
    """Recorded "good at the signing time" against ours without the question of revocation."""
    found = []
    ours = {one.facts.field: one for one in report.signatures}
    for field, known in recorded.items():
        then, now = known.get("pyhanko_at_signing_time", {}), ours.get(field)
        if now is None:
            found.append(f"{name} {field}: not seen ({report.failure})")
        elif bool(then.get("bottom_line")) != _good(now):
            found.append(f"{name} {field}: recorded {then}, judged {now.verdict} {now.code} {now.facts.failure}")
    return found


def _good(one: JudgedSignature) -> bool:
    facts = one.facts
    return one.verdict.value != "invalid" and facts.intact and facts.genuine and bool(facts.chain) and not facts.trouble


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--certificates", type=Path)
    parser.add_argument("--recorded", type=Path)
    parser.add_argument("--believe", action="store_true")
    parser.add_argument("--online", action="store_true")
    parser.add_argument("--at", default="")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--memory-mb", type=int, default=1536)
    parser.add_argument("--jsonl", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
