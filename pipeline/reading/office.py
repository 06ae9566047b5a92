"""Office documents become PDFs through LibreOffice: private profile, own process group, limits of time and memory,
no macros.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from pipeline.confinement import kill_group, limit_program
from pipeline.document import Kind
from pipeline.errors import DependencyError, ReadingError

PDF_A_2 = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
LOCKED = (
    # Macros and active content are off …
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    # … links are not followed …
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    # … and what asks for the network all the same gets a dead proxy.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one conversion may use. LibreOffice took up to 0.55 GB of addresses for texts of 100 pages."""

    seconds: float
    memory_mb: int


def to_pdf(path: Path, kind: Kind, folder: Path, limits: Limits) -> Path:
    """Convert into `folder` (private, removed by the caller). Raises DependencyError, ReadingError."""
    return _made(path, kind, folder, limits, "pdf", PDF_A_2)


def to_odt(path: Path, kind: Kind, folder: Path, limits: Limits) -> Path:
    """Convert into an OpenDocument text in `folder`. Raises DependencyError, ReadingError."""
    return _made(path, kind, folder, limits, "odt", "odt")


def _made(path: Path, kind: Kind, folder: Path, limits: Limits, ending: str, target: str) -> Path:
    program = find_office()
    if program is None:
        raise DependencyError("libreoffice-missing", path=path)
    profile = folder / "profile"
    if not profile.exists():
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    source = folder / f"document{kind.suffix}"  # LibreOffice trusts names: ours tells the kind that was found
    shutil.copyfile(path, source)
    results = folder / ending
    results.mkdir(exist_ok=True)
    _convert([program, f"-env:UserInstallation={profile.as_uri()}"], source, results, target, limits)
    made = results / f"document.{ending}"
    if not made.is_file() or not made.stat().st_size:
        raise ReadingError("office-conversion-failed", path=path)
    return made


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in LOCKED
    )
    names = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {names}>{items}</oor:items>\n'


def find_office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@lru_cache
def version() -> str:
    """As LibreOffice names itself, "" when it is not installed or does not answer."""
    program = find_office()
    if program is None:
        return ""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().removeprefix("LibreOffice ").split(" ")[0]


def _convert(program: list[str], source: Path, folder: Path, target: str, limits: Limits) -> None:
    command = [
        *program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
        "--convert-to", target, "--outdir", str(folder), str(source),
    ]  # fmt: skip
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8", "TMPDIR": str(folder)}
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment, cwd=folder, process_group=0, preexec_fn=partial(limit_program, limits.memory_mb),  # noqa: PLW1509
    )  # fmt: skip
    try:
        child.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise ReadingError("office-timeout", path=source, seconds=round(limits.seconds)) from error
    finally:
        kill_group(child.pid)  # also what it left running
        child.wait()
