"""The story that `script/demo` tells, through the same commands that a clerk would type."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

import samples  # noqa: E402
from pipeline.messages import language_of  # noqa: E402

VANTHU = str(Path(sys.executable).with_name("vanthu"))
WORKSPACE = HOME / "demo"
DROPPED = WORKSPACE / ".da-tha.json"  # names of the samples that this demonstration has dropped
LOG = WORKSPACE / "demo.log"
URGENT = {"11-cong-dien.pdf": "hoa-toc"}  # dropped into the folder that overtakes
PHRASE, CODE = '"so hoa tai lieu luu tru"', "15/KH-BQL"
PATIENCE_SECONDS = 900

WORDS: Mapping[str, tuple[str, str]] = {
    "samples": ("Tạo văn bản mẫu …", "Making the sample documents …"),
    "workspace": ("Mở cơ quan mẫu tại {path}", "Opening a sample office at {path}"),
    "watching": ("Bật dịch vụ theo dõi thư mục van-ban-den/", "Starting the watcher on van-ban-den/"),
    "dropping": ("Thả {amount} tệp vào van-ban-den/", "Dropping {amount} files into van-ban-den/"),
    "working": ("Đang xử lý", "Working"),
    "there": ("Mọi văn bản mẫu đã được thả trước đây, không thả lại.", "All samples were dropped before; not again."),
    "done": (
        "Đã lưu {filed}, tách riêng vì có dấu mật {secret}, cần người xem {quarantined}, không nhận {refused}.",
        "Filed {filed}, set aside as secret {secret}, for a person to look at {quarantined}, refused {refused}.",
    ),
    "refused": ("Không nhận (lý do nằm cạnh từng tệp trong khong-nhan/):", "Refused (reasons beside the files):"),
    "phrase": ("Tìm theo cụm từ, không gõ dấu:", "Search for a phrase, typed without diacritics:"),
    "code": ("Tìm theo số, ký hiệu:", "Search for a number:"),
    "register": ("Sổ đăng ký văn bản đến:", "The register of arriving documents:"),
    "next": (
        "Thử tiếp: .venv/bin/vanthu -w demo search … | show … | inspect TỆP   (xóa thư mục demo/ để làm lại từ đầu)",
        "Go on: .venv/bin/vanthu -w demo search … | show … | inspect FILE   (remove demo/ to begin anew)",
    ),
    "dead": ("Dịch vụ đã dừng bất thường; nhật ký: {path}", "The watcher has stopped unexpectedly; its log: {path}"),
    "late": ("Quá lâu không xong; nhật ký: {path}", "It takes too long; the log: {path}"),
    "not-found": ("Không tìm thấy văn bản mẫu cần tìm.", "The sample to be found was not found."),
}
talk = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> int:
    say("samples")
    made = samples.make(HOME / "samples" / "made")
    if not (WORKSPACE / "vanthu.toml").is_file():
        say("workspace", path=WORKSPACE)
        init()
    already = set(json.loads(DROPPED.read_text(encoding="utf-8"))) if DROPPED.is_file() else set()
    fresh = [sample for sample in made if sample.name not in already]
    if fresh or busy(stock()):
        with watcher():
            drop(fresh, already)
            wait()
    else:
        say("there")
    return tell()


def say(key: str, **detail: object) -> None:
    vietnamese, english = WORDS[key]
    talk.print((english if language_of() == "en" else vietnamese).format(**detail), style="bold")


def init() -> None:
    """Make the workspace; what `init` says about next steps is our part here, unless it fails."""
    done = subprocess.run([VANTHU, "init", str(WORKSPACE)], cwd=HOME, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)


def run(*arguments: str) -> int:
    """Run one command of `vanthu`, shown as a person would type it; its output goes where ours goes."""
    shown = " ".join(f"'{a}'" if " " in a or '"' in a else a for a in arguments)
    talk.print(f"\n$ vanthu -w demo {shown}", style="cyan")
    return subprocess.run([VANTHU, "-w", str(WORKSPACE), *arguments], cwd=HOME, check=False).returncode


def stock() -> dict[str, Any]:
    """What `vanthu status --json` says; its exit code (1: something is wrong) does not matter here."""
    command = [VANTHU, "-w", str(WORKSPACE), "status", "--json"]
    answer = subprocess.run(command, cwd=HOME, check=False, capture_output=True, text=True)
    if not answer.stdout.strip():
        raise SystemExit(answer.stderr)
    return dict(json.loads(answer.stdout))


def busy(state: Mapping[str, Any]) -> bool:
    return bool(state["in_folder"] or state["waiting"])


def settled(state: Mapping[str, Any]) -> int:
    return int(state["filed"] + state["secret"] + len(state["quarantined"]) + state["refused"])


@contextmanager
def watcher() -> Iterator[None]:
    """The service in the background, unless one is running already; stopped politely at the end."""
    if stock()["watcher"]["alive"]:
        yield
        return
    say("watching")
    with LOG.open("ab") as log:
        command = [sys.executable, "watch.py", "-w", str(WORKSPACE)]
        service = subprocess.Popen(command, cwd=HOME, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not stock()["watcher"]["alive"]:
            if service.poll() is not None or time.monotonic() > deadline:
                give_up("dead")
            time.sleep(0.5)
        yield
    finally:
        service.send_signal(signal.SIGTERM)
        try:
            service.wait(60)
        except subprocess.TimeoutExpired:
            service.kill()


def drop(fresh: Sequence[samples.Sample], already: set[str]) -> None:
    """Copy the samples into the watched folder, as a scanner or a clerk does."""
    if not fresh:
        return
    say("dropping", amount=len(fresh))
    for sample in fresh:
        folder = WORKSPACE / "van-ban-den" / URGENT.get(sample.name, "")
        folder.mkdir(exist_ok=True)
        shutil.copyfile(sample.path, folder / sample.name)
        already.add(sample.name)
    DROPPED.write_text(json.dumps(sorted(already), ensure_ascii=False), encoding="utf-8")


def wait() -> None:
    """Watch the queue until nothing is left; a bar on a terminal, a line a change elsewhere."""
    total = len(json.loads(DROPPED.read_text(encoding="utf-8")))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    deadline, quiet, last = time.monotonic() + PATIENCE_SECONDS, 0, -1
    with Progress(*columns, console=talk, disable=not talk.is_terminal) as bar:
        vietnamese, english = WORDS["working"]
        task = bar.add_task(english if language_of() == "en" else vietnamese, total=total)
        while quiet < 2:  # between the claim and the register a file is in neither
            state = stock()
            if not state["watcher"]["alive"]:
                give_up("dead")
            if time.monotonic() > deadline:
                give_up("late")
            done = settled(state)
            quiet = quiet + 1 if not busy(state) and done >= total else 0
            bar.update(task, completed=min(done, total))
            if done != last and not talk.is_terminal:
                talk.print(f"  {done}/{total}")
            last = done
            time.sleep(1)


def give_up(key: str) -> None:
    say(key, path=LOG)
    if LOG.is_file():
        talk.print(
            "".join(LOG.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-20:]), markup=False
        )
    raise SystemExit(1)


def tell() -> int:
    """The register, what was refused and why, and two searches; 1 when a search does not find its sample."""
    state = stock()
    say("register")
    run("register", "den")
    say("done", **{**state, "quarantined": len(state["quarantined"])})
    reasons = sorted((WORKSPACE / "khong-nhan").glob("*.ly-do.txt"))
    if reasons:
        say("refused")
        for path in reasons:
            lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            talk.print(f"  {path.name.removesuffix('.ly-do.txt')}: {lines[0] if lines else ''}", markup=False)
    say("phrase")
    failed = run("search", PHRASE)
    say("code")
    failed |= run("search", CODE)
    if failed:
        say("not-found")
        return 1
    say("next")
    return 0


if __name__ == "__main__":
    os.environ.pop("VANTHU_WORKSPACE", None)
    sys.exit(main())
