"""The health checks: each a small function that looks at one thing and returns what it saw. Nothing is printed."""

from __future__ import annotations

import os
import pwd
import secrets
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.database import MIGRATIONS, Database
from pipeline.errors import ConfigurationError, NotFoundError, VanthuError
from pipeline.settings import Folders, Settings, load_settings, settings_from

if TYPE_CHECKING:
    from pipeline.sealer import SealerStatus, SealSettings

BUILT_IN = 2026  # a clock before the year this was written stands wrong
LATEST = 2100
SOON = timedelta(days=30)  # a new certificate takes that long
OFFICE_FONTS = ("Liberation Serif", "Times New Roman", "Tinos", "FreeSerif")
NEEDED_TESSERACT = 5


class Health(StrEnum):
    GOOD = "good"
    POOR = "poor"  # works, but something is missing that may be wanted
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `code` has messages `doctor-<code>` (what is the matter); `remedy` is a shell command."""

    name: str
    health: Health = Health.GOOD
    code: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    remedy: str = ""


def examine(workspace: Path | None) -> Iterator[Check]:
    """Every check in order; without a workspace only those of the machine."""
    settings = None
    if workspace is not None:
        configuration, settings = check_configuration(workspace)
        yield configuration
    reading = (settings or settings_from({}, Path.cwd())).reading
    yield check_tesseract(_run)
    yield check_languages(_run, reading.languages)
    yield check_fonts(_run)
    yield check_office_program(shutil.which("soffice") or shutil.which("libreoffice"))
    yield check_poppler(shutil.which("pdftocairo"))
    yield check_clock(datetime.now(UTC), _run)
    yield check_zone(settings.registers.timezone if settings else "Asia/Ho_Chi_Minh")
    if settings is not None and (stranger := check_user(settings, os.geteuid())):
        yield stranger  # whose repairs would take the folders away from the service
        return
    if settings is not None:
        yield from (check_folder(settings, name) for name in Folders.model_fields)
        yield check_same_file_system(settings)
        yield check_disk(settings, shutil.disk_usage(settings.workspace).free)
        yield check_database(settings)
        if settings.outgoing.seal:
            yield from check_seal(settings, datetime.now(UTC))


def check_configuration(workspace: Path) -> tuple[Check, Settings | None]:
    try:
        return Check("configuration"), load_settings(workspace)
    except ConfigurationError as error:
        remedy = f"${{EDITOR:-nano}} {shlex.quote(str(workspace / 'vanthu.toml'))}"
        return Check("configuration", Health.BAD, "configuration", error.detail, remedy), None
    except NotFoundError:
        remedy = f"vanthu init {shlex.quote(str(workspace))}"
        return Check("configuration", Health.BAD, "workspace", {"path": str(workspace)}, remedy), None


Run = Callable[[list[str]], str | None]
"""Runs a program and gives what it printed, None when it is not there or fails."""


def check_tesseract(run: Run) -> Check:
    remedy = "sudo apt-get install -y tesseract-ocr"
    printed = run(["tesseract", "--version"])
    if printed is None:
        return Check("tesseract", Health.BAD, "tesseract-missing", {}, remedy)
    words = printed.split()
    version = words[1].lstrip("v") if len(words) > 1 else "?"
    major = version.partition(".")[0]
    if not major.isdecimal() or int(major) < NEEDED_TESSERACT:
        return Check("tesseract", Health.BAD, "tesseract-old", {"version": version}, remedy)
    return Check("tesseract", detail={"version": version})


def check_languages(run: Run, wanted: str) -> Check:
    """`wanted` as `tesseract -l`: "vie+eng"."""
    there = (run(["tesseract", "--list-langs"]) or "").split()
    missing = [language for language in wanted.split("+") if language not in there]
    if not missing:
        return Check("languages", detail={"languages": wanted})
    packages = " ".join(f"tesseract-ocr-{language.lower().replace('_', '-')}" for language in missing)
    detail = {"languages": ", ".join(missing)}
    return Check("languages", Health.BAD, "languages-missing", detail, f"sudo apt-get install -y {packages}")


def check_fonts(run: Run) -> Check:
    """Word documents are set in Times New Roman or a font as wide; without one their lines break elsewhere."""
    there = run(["fc-list", ":lang=vi", "family"]) or ""
    found = next((font for font in OFFICE_FONTS if font in there), "")
    if found:
        return Check("fonts", detail={"font": found})
    return Check("fonts", Health.POOR, "fonts-missing", {}, "sudo apt-get install -y fontconfig fonts-liberation")


def check_office_program(path: str | None) -> Check:
    if path:
        return Check("office", detail={"path": path})
    remedy = "sudo apt-get install -y --no-install-recommends libreoffice-writer-nogui"
    return Check("office", Health.POOR, "office-missing", {}, remedy)


def check_poppler(path: str | None) -> Check:
    if path:
        return Check("poppler", detail={"path": path})
    return Check("poppler", Health.POOR, "poppler-missing", {}, "sudo apt-get install -y poppler-utils")


def check_clock(now: datetime, run: Run) -> Check:
    """The day of arrival is a legal fact."""
    detail = {"now": f"{now:%Y-%m-%d %H:%M} UTC"}
    if not BUILT_IN <= now.year < LATEST:
        return Check("clock", Health.BAD, "clock-wrong", detail, "sudo timedatectl set-ntp true")
    if (run(["timedatectl", "show", "--property=NTPSynchronized", "--value"]) or "").strip() == "no":
        return Check("clock", Health.POOR, "clock-not-synchronised", detail, "sudo timedatectl set-ntp true")
    return Check("clock", detail=detail)


def check_zone(name: str) -> Check:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return Check("zone", Health.BAD, "zone-missing", {"zone": name}, "sudo apt-get install -y tzdata")
    return Check("zone", detail={"zone": name})


def check_user(settings: Settings, uid: int) -> Check | None:
    """A login that is neither the service's nor root's sees little, and mends nothing."""
    try:
        owner = settings.private.stat().st_uid
    except OSError:
        return None
    if uid in {0, owner}:
        return None
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    command = f"sudo -u {shlex.quote(name)} vanthu doctor -w {shlex.quote(str(settings.workspace))}"
    return Check("user", Health.POOR, "other-user", {"name": name}, command)


def check_folder(settings: Settings, name: str) -> Check:
    """It is there, nobody else can read the private one, and a file can be written in it, renamed and removed."""
    folder, title = settings.folder(name), f"folder-{name}"
    detail, quoted = {"path": str(folder)}, shlex.quote(str(folder))
    if not folder.is_dir():
        return Check(title, Health.BAD, "folder-missing", detail, f"mkdir -p {quoted}")
    reason = _probe(folder)
    if reason:
        remedy = f'sudo chown -R "$USER" {quoted} && chmod -R u+rwX {quoted}'
        return Check(title, Health.BAD, "folder-not-writable", {**detail, "reason": reason}, remedy)
    if name == "private" and folder.stat().st_mode & 0o077:
        return Check(title, Health.BAD, "folder-open-to-others", detail, f"chmod 700 {quoted}")
    return Check(title, detail=detail)


def check_same_file_system(settings: Settings) -> Check:
    """A dropped file is moved into the private folder by a rename, which does not cross file systems."""
    incoming, private = settings.folder("incoming"), settings.private
    if not (incoming.is_dir() and private.is_dir()) or incoming.stat().st_dev == private.stat().st_dev:
        return Check("file-system")
    detail = {"incoming": str(incoming), "private": str(private)}
    remedy = f"findmnt -T {shlex.quote(str(incoming))}; findmnt -T {shlex.quote(str(private))}"
    return Check("file-system", Health.BAD, "file-systems-differ", detail, remedy)


def check_disk(settings: Settings, free: int) -> Check:
    """`free` in bytes."""
    reserve = settings.intake.disk_reserve_mb
    detail = {"free": str(free >> 20), "reserve": str(reserve)}
    if free >> 20 > 2 * reserve:
        return Check("disk", detail={"free": f"{free >> 20} MB"})
    remedy = f"du -xh --max-depth=2 {shlex.quote(str(settings.workspace))} | sort -h | tail"
    return Check("disk", Health.BAD if free >> 20 < reserve else Health.POOR, "disk-low", detail, remedy)


def check_database(settings: Settings) -> Check:
    """It answers, and its tables have this version's shape. Nothing is changed."""
    workspace = shlex.quote(str(settings.workspace))
    remedy = f"vanthu init {workspace}"
    if not settings.database.url and not (settings.private / "vanthu.sqlite").is_file():
        return Check("database", Health.BAD, "database-missing", {}, remedy)
    database = Database(settings.database_url)
    try:
        there, wanted = _versions(database)
    except VanthuError as error:
        if not settings.database.url:
            remedy = f"ls -l {shlex.quote(str(settings.private))}; df -h {workspace}"
        else:
            remedy = f"psql {shlex.quote(database.url.set(drivername='postgresql').render_as_string())} -c 'SELECT 1'"
        return Check("database", Health.BAD, "database-unreachable", error.detail, remedy)
    finally:
        database.close()
    if there != wanted:
        return Check("database", Health.BAD, "database-old", {"there": there or "-", "wanted": wanted}, remedy)
    return Check("database", detail={"version": there})


def check_seal(settings: Settings, now: datetime) -> Iterator[Check]:
    """The seal service answers with its key open, its people are known here, and nobody's term has ended."""
    from pipeline.sealer import SealClient, load_seal_settings

    path = settings.workspace / settings.outgoing.seal
    edit = f"sudo ${{EDITOR:-nano}} {shlex.quote(str(path))}"
    try:
        configured = load_seal_settings(path)
    except VanthuError as error:
        yield Check("seal", Health.BAD, "seal-configuration", {"path": str(path), **error.detail}, edit)
        return
    try:
        yield check_seal_key(SealClient(configured.socket).status(), now)
    except VanthuError as error:
        detail = {"path": str(configured.socket), "reason": str(error)}
        yield Check("seal", Health.BAD, "seal-away", detail, "sudo systemctl restart vanthu-seal")
    yield check_seal_people(configured, edit)
    yield check_signatories(configured, now.astimezone(settings.registers.zone).date(), edit)
    yield from check_certificates(configured, _certificates_seen(settings), now)
    if configured.trust is not None:
        yield check_roots(settings.private / "trust", configured.trust)


def check_seal_key(status: SealerStatus, now: datetime) -> Check:
    if not status.key_open or status.valid_until is None:
        return Check("seal", Health.BAD, "seal-key-closed", {}, "vanthu seal open")
    detail = {"holder": status.holder, "until": f"{status.valid_until:%d/%m/%Y}"}
    if status.valid_until < now:
        return Check("seal", Health.BAD, "seal-certificate-expired", detail)
    if status.valid_until < now + SOON:
        return Check("seal", Health.POOR, "seal-certificate-ends", detail)
    return Check("seal", detail=detail)


def check_seal_people(configured: SealSettings, edit: str) -> Check:
    """Who releases must not be who watches: a dropped file would then be as good as an order."""
    try:
        officers, clients = configured.users("officers"), configured.users("clients")
    except ConfigurationError as error:
        return Check("seal-people", Health.BAD, "seal-people-unknown", error.detail, edit)
    if both := officers.keys() & clients.keys():
        name = ", ".join(officers[uid] for uid in sorted(both))
        return Check("seal-people", Health.POOR, "seal-people-same", {"name": name}, edit)
    return Check("seal-people", detail={"officers": ", ".join(officers.values())})


def check_signatories(configured: SealSettings, today: date, edit: str) -> Check:
    """Authorisations (TUQ.) end; who has none left cannot have anything sealed."""
    ended = [one.name for one in configured.signatories if one.last_day is not None and one.last_day < today]
    if not ended:
        return Check("signatories", detail={"names": ", ".join(one.name for one in configured.signatories)})
    health = Health.BAD if len(ended) == len(configured.signatories) else Health.POOR
    return Check("signatories", health, "signatories-ended", {"names": ", ".join(ended)}, edit)


def check_certificates(configured: SealSettings, seen: Mapping[str, datetime], now: datetime) -> Iterator[Check]:
    """Leaders' certificates that end soon, as far as one of their documents has shown them (`seen`: until when)."""
    for one in configured.signatories:
        until = seen.get(one.sha256.lower())
        if until is not None and until < now + SOON:
            detail = {"name": one.name, "until": f"{until:%d/%m/%Y}"}
            code = "certificate-ended" if until < now else "certificate-ends"
            yield Check("signatories", Health.POOR, code, detail)


def check_roots(ours: Path, seals: Path) -> Check:
    """The seal service goes by its own copy of the roots: what was added here only, it does not believe."""
    there = shlex.quote(str(seals))
    remedy = f"sudo cp -r {shlex.quote(str(ours))}/. {there}/ && sudo chmod -R a+rX {there}"
    try:
        missing = [path.name for path in sorted(ours.glob("*.crt")) if not (seals / path.name).is_file()]
        for path in seals.iterdir():
            path.read_bytes()
    except OSError as error:
        detail = {"path": str(seals), "reason": error.strerror or str(error)}
        return Check("seal-roots", Health.BAD, "seal-roots-unreadable", detail, remedy)
    if missing:
        detail = {"path": str(seals), "count": str(len(missing))}
        return Check("seal-roots", Health.BAD, "seal-roots-missing", detail, remedy)
    return Check("seal-roots")


def _certificates_seen(settings: Settings) -> dict[str, datetime]:
    """SHA-256 of leaders' certificates, each with its end, from the documents that they signed."""
    from sqlalchemy import select

    from pipeline.database.tables import OutgoingRow

    database = Database(settings.database_url)
    try:
        with database.read() as session:
            details = list(session.scalars(select(OutgoingRow.detail).where(OutgoingRow.signed_sha256.is_not(None))))
    except VanthuError:
        return {}  # `check_database` has told of it
    finally:
        database.close()
    return {
        str(detail["certificate"]): datetime.fromisoformat(detail["certificate_until"])
        for detail in details
        if "certificate_until" in detail
    }


def _versions(database: Database) -> tuple[str, str]:
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    wanted = ScriptDirectory.from_config(config).get_current_head() or ""
    with database.read() as session:
        there = MigrationContext.configure(session.connection()).get_current_revision() or ""
    return there, wanted


def _probe(folder: Path) -> str:
    """The reason why no file can be made, renamed and removed in a folder; "" when it can."""
    probe = folder / f".tmp-{secrets.token_hex(6)}"
    renamed = probe.with_name(probe.name + "-2")
    try:
        probe.write_bytes(b"vanthu doctor")
        probe.rename(renamed)
        renamed.unlink()
    except OSError as error:
        return error.strerror or str(error)
    finally:
        for left in (probe, renamed):
            if left.exists():
                left.unlink()
    return ""


def _run(command: list[str]) -> str | None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
