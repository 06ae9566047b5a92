"""One commented TOML file becomes one frozen `Settings`, whose small parts are handed to the rooms that need them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError, field_validator
from rapidfuzz import process

from pipeline.errors import ConfigurationError, NotFoundError

CONFIG_NAME = "vanthu.toml"
Fraction = Annotated[float, Field(ge=0, le=1)]
FolderName = Annotated[str, Field(pattern=r"^[^/\0]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Agency(_Part):
    """Who keeps this records office."""

    name: str = "BAN QUẢN LÝ KHU KINH TẾ"
    parent: str = ""
    notation: str = "BQL"  # in "15/KH-BQL"
    organ_id: Annotated[str, Field(max_length=35)] = ""  # mã định danh, Decision 20/2020/QĐ-TTg


class Folders(_Part):
    """Where things lie; relative paths are relative to the workspace."""

    incoming: str = "van-ban-den"
    outgoing: str = "van-ban-di"
    review: str = "can-xem-lai"
    refused: str = "khong-nhan"
    archive: str = "luu-tru"
    private: str = ".vanthu"  # database, claims, work in progress, what was taken in


class Intake(_Part):
    """When a dropped file is whole, and what is not taken."""

    mode: Literal["auto", "native", "polling"] = "auto"
    rescan_seconds: PositiveFloat = 10.0
    quiet_seconds: PositiveFloat = 3.0
    quiet_seconds_network: PositiveFloat = 10.0
    urgent_folders: tuple[str, ...] = ("hoa-toc", "thuong-khan", "khan")  # in this order of urgency
    ignore: tuple[str, ...] = ()  # added to the built-in patterns of scanner litter, never replacing them
    max_file_mb: PositiveInt = 500
    max_pages: PositiveInt = 2000
    max_megapixels: PositiveInt = 250  # of one page image
    disk_reserve_mb: PositiveInt = 512
    keep_received_days: PositiveInt = 30  # the dropped file itself, after its document is filed and checked


class Reading(_Part):
    """How pages are read."""

    languages: Annotated[str, Field(pattern=r"^[A-Za-z_/]+(\+[A-Za-z_/]+)*$")] = "vie"  # as `tesseract -l`
    processes: Annotated[int, Field(ge=0)] = 0  # 0: one for each core
    page_seconds: PositiveInt = 120
    memory_mb: PositiveInt = 2048  # of one reading process
    blank_ink: Fraction = 0.0005  # a page with less ink than this share is blank
    office_seconds: PositiveInt = 120


class MetadataSettings(_Part):
    """When a field is doubtful enough to ask a person."""

    review_below: Fraction = 0.95


class Signatures(_Part):
    """How the signatures of arriving documents are judged."""

    online: bool = True  # ask the authorities for the status of certificates; without it most stay undecided
    seconds: PositiveInt = 120  # for one document
    memory_mb: PositiveInt = 1536  # of one judging process


class Signing(_Part):
    """How signatures are made. Secrets never stand here: a PIN comes by prompt, systemd credential or descriptor."""

    level: Literal["B-B", "B-T", "B-LT", "B-LTA"] = "B-LTA"  # of the agency's seal
    leader_level: Literal["B-B", "B-T", "B-LT"] = "B-LT"  # B-LTA's time stamp would stand before number and date
    tsa: Annotated[str, Field(pattern=r"^(https?://.*)?$")] = ""  # without a time stamp service the level is B-B
    when_unavailable: Literal["degrade", "require"] = "degrade"
    seconds: PositiveFloat = 20.0  # for one answer of a service
    seal_mm: PositiveFloat = 36.0  # diameter of the seal
    seal_picture: str = ""  # transparent PNG
    signature_picture: str = ""  # transparent PNG of the leader's signature
    key: str = ""  # PKCS#12 file of who signs with `vanthu sign`; or a token:
    token_module: str = ""
    token: str = ""
    token_label: str = ""


class Outgoing(_Part):
    """What stands where in drafts. Anchors are words on the page: "leader" for the signature, "seal" for the seal."""

    anchors: Mapping[str, Literal["leader", "seal"]] = {"#ChuKyLanhDao": "leader"}
    seal: str = ""  # the seal service's configuration (seal.toml); without one nothing is taken from da-ky/

    @field_validator("anchors")
    @classmethod
    def _with_a_leader(cls, anchors: Mapping[str, str]) -> Mapping[str, str]:
        if "leader" not in anchors.values() or any(len("".join(word.split())) < 3 for word in anchors):
            raise ValueError('"#ChuKyLanhDao" = "leader"')
        return anchors


class Registers(_Part):
    """The books. Numbers restart at 01 on 1 January in this time zone."""

    timezone: str = "Asia/Ho_Chi_Minh"
    recipient: str = ""  # "Đơn vị hoặc người nhận" when nobody says otherwise

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"không có múi giờ này - unknown time zone: {name!r}") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Database(_Part):
    """Empty: SQLite in the private folder. A PostgreSQL password belongs in ~/.pgpass or PGPASSFILE, never here."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        if url and not re.match(r"^(sqlite:///|postgresql(\+psycopg)?://)", url):
            raise ValueError("sqlite:/// | postgresql://")
        if re.match(r"^[^/]+://[^/@]*:[^/@]+@", url):
            raise ValueError("mật khẩu phải để trong ~/.pgpass - a password belongs in ~/.pgpass")
        return url


class Journey(_Part):
    """The durable engine: how many documents at once, how often again."""

    documents_at_once: PositiveInt = 3
    attempts: PositiveInt = 6
    first_pause_seconds: PositiveFloat = 2.0
    pause_factor: Annotated[float, Field(ge=1)] = 4.0
    poll_seconds: PositiveFloat = 0.5


class Settings(_Part):
    """Everything, and the workspace it belongs to."""

    workspace: Path
    language: Literal["vi", "en", ""] = ""  # "": from LANG
    agency: Agency = Agency()
    folders: Folders = Folders()
    intake: Intake = Intake()
    reading: Reading = Reading()
    metadata: MetadataSettings = MetadataSettings()
    signatures: Signatures = Signatures()
    signing: Signing = Signing()
    outgoing: Outgoing = Outgoing()
    registers: Registers = Registers()
    database: Database = Database()
    journey: Journey = Journey()

    def folder(self, name: str) -> Path:
        """The absolute path of a folder by its key in [folders]."""
        return (self.workspace / str(getattr(self.folders, name))).absolute()

    @property
    def private(self) -> Path:
        return self.folder("private")

    @property
    def database_url(self) -> str:
        """SQLAlchemy's URL; PostgreSQL always through psycopg 3."""
        if not self.database.url:
            return f"sqlite:///{self.private / 'vanthu.sqlite'}"
        return re.sub(r"^postgresql://", "postgresql+psycopg://", self.database.url)


@lru_cache
def data_folder() -> Path:
    """Where `config/` lies: in the wheel beside the package, in a checkout beside `pipeline/`."""
    for candidate in (Path(__file__).with_name("config"), Path(__file__).parent.parent / "config"):
        if (candidate / CONFIG_NAME).is_file():
            return candidate
    raise ConfigurationError("config-data-missing", path=Path(__file__).parent)


def find_workspace(start: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The workspace that VANTHU_WORKSPACE names, or the nearest folder upwards with a vanthu.toml and its folders."""
    if named := environment.get("VANTHU_WORKSPACE"):
        return Path(named).absolute()
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / CONFIG_NAME).is_file() and folder.name != "config":
            return folder
    raise NotFoundError("workspace-not-found", path=start.absolute())


def load_settings(workspace: Path) -> Settings:
    """Read a workspace's vanthu.toml; ConfigurationError names every problem at once, with the nearest known key."""
    path = workspace / CONFIG_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFoundError("workspace-not-found", path=workspace) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError("config-unreadable", [("toml", str(error))], path=path) from error
    settings = settings_from(data, workspace, path)
    problems = overlapping_folders(settings)
    if problems:
        raise ConfigurationError("folders-overlap", problems, path=path)
    return settings


def settings_from(data: Mapping[str, Any], workspace: Path, path: Path | None = None) -> Settings:
    """Build and check settings from parsed TOML. TOML has lists where we keep tuples."""
    try:
        return Settings.model_validate({**_tuples(data), "workspace": workspace.absolute()})
    except ValidationError as error:
        problems = [(".".join(str(p) for p in e["loc"]), _sentence(e, e["loc"])) for e in error.errors()]
        raise ConfigurationError("config-invalid", problems, path=path or workspace) from error


def overlapping_folders(settings: Settings) -> list[tuple[str, str]]:
    """Pairs of folders where one lies in the other: what goes out would come in again."""
    names = list(Folders.model_fields)
    paths = {name: settings.folder(name).resolve() for name in names}
    problems = []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            inner, outer = (a, b) if paths[a].is_relative_to(paths[b]) else (b, a)
            if paths[inner].is_relative_to(paths[outer]):
                problems.append((f"folders.{inner}", f"{paths[inner]} ⊆ folders.{outer} {paths[outer]}"))
    return problems


def _tuples(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


_WANTED = {
    "literal_error": "= {expected}", "greater_than": "> {gt}", "greater_than_equal": "≥ {ge}",
    "less_than_equal": "≤ {le}",
    "int_type": "= 1, 2, 3 …", "float_type": "= 0.5, 1.0 …", "string_type": '= "…"', "tuple_type": '= ["…", "…"]',
    "string_too_long": "≤ {max_length}", "string_pattern_mismatch": "~ {pattern}", "value_error": "{error}",
    "model_type": "= [ ]",
}  # fmt: skip
"""What a key wants, by pydantic's kind of error, in signs that need no language: the sentence around them has one."""


def _sentence(error: Any, location: tuple[int | str, ...]) -> str:
    if error["type"] != "extra_forbidden":
        wanted: str = _WANTED.get(error["type"], error["msg"])
        return wanted.format(**error.get("ctx", {}))
    part: Any = Settings
    for key in location[:-1]:
        fields = {field.alias or name: field for name, field in part.model_fields.items()}
        part = fields[str(key)].annotation
    known = [field.alias or name for name, field in part.model_fields.items() if name != "workspace"]
    nearest = process.extractOne(str(location[-1]), known)
    return f"? → {nearest[0]}" if nearest else "?"
