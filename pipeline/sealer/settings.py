"""The seal service's own configuration: who may ask, who may sign, where the key is. Only its administrator writes it.

Secrets never stand here: the PIN or passphrase comes as a systemd credential or from a prompt.
"""

from __future__ import annotations

import pwd
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError, model_validator

from pipeline import settings
from pipeline.errors import ConfigurationError, NotFoundError
from pipeline.sealer.values import Release
from pipeline.signatures.authority import Signatory
from pipeline.signatures.values import FileKey, TokenKey


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeySettings(_Part):
    """A PKCS#12 file (small sites), or a token; `certificate` pins what the token must hold."""

    file: Path | None = None
    module: Path | None = None
    token: str = ""
    label: str = ""
    certificate: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> KeySettings:
        if (self.file is None) == (self.module is None):
            raise ValueError("file | module + token + label")
        if self.module is not None and not (self.token and self.label):
            raise ValueError("module + token + label")
        return self

    @property
    def source(self) -> FileKey | TokenKey:
        if self.file is not None:
            return FileKey(self.file)
        assert self.module is not None  # noqa: S101 - checked above
        return TokenKey(self.module, self.token, self.label, self.certificate)


class SignatorySettings(_Part):
    """A leader by the SHA-256 of the certificate; an authorisation (TUQ.) ends on its `last_day`."""

    sha256: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")]
    name: str
    competences: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    @property
    def signatory(self) -> Signatory:
        return Signatory(self.sha256.lower(), self.name, self.competences, self.first_day, self.last_day)


class SealSettings(_Part):
    """Everything the seal service goes by."""

    socket: Path
    state: Path  # its journal and the sealed files; nobody else may write here
    workspace: Path  # whose register it reads
    trust: Path | None = None  # its own store of roots; None: the workspace's
    officers: Annotated[tuple[str, ...], Field(min_length=1)]  # login names
    clients: Annotated[tuple[str, ...], Field(min_length=1)]  # the watching service's login name
    key: KeySettings
    organ: str = ""  # the agency's name on copies and digitised paper; "": as its certificate has it
    signatories: Annotated[tuple[SignatorySettings, ...], Field(min_length=1)]
    release: Release = Release.EACH
    order_minutes: PositiveInt = 720  # how long a release waits for the watching service
    unlock_hours: PositiveFloat = 8.0  # at most
    unlocks_an_hour: PositiveInt = 6
    max_file_mb: PositiveInt = 500
    check_online: bool = True  # ask the authorities whether the leader's certificate was revoked
    credential: str = "pin"  # the name of the systemd credential with the PIN
    signing: settings.Signing = settings.Signing()

    def users(self, role: Literal["officers", "clients"]) -> dict[int, str]:
        """uid → login name. Raises ConfigurationError for a name that this system does not know."""
        names: tuple[str, ...] = getattr(self, role)
        try:
            return {pwd.getpwnam(name).pw_uid: name for name in names}
        except KeyError as error:
            raise ConfigurationError("config-invalid", [(role, str(error.args[0]))], path=self.socket) from error


def load_seal_settings(path: Path) -> SealSettings:
    """Read a seal.toml; relative paths are relative to it. Raises ConfigurationError (all problems), NotFoundError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFoundError("seal-config-missing", path=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError("config-unreadable", [("toml", str(error))], path=path) from error
    try:
        return SealSettings.model_validate(_absolute(data, path.absolute().parent))
    except ValidationError as error:
        problems = [(".".join(str(part) for part in e["loc"]), e["msg"]) for e in error.errors()]
        raise ConfigurationError("config-invalid", problems, path=path) from error


def _absolute(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    def resolve(section: dict[str, Any], *names: str) -> dict[str, Any]:
        return {key: str(folder / value) if key in names and value else value for key, value in section.items()}

    data = resolve(data, "socket", "state", "workspace", "trust")
    for name, keys in (("key", ("file", "module", "certificate")), ("signing", ("seal_picture",))):
        if isinstance(data.get(name), dict):
            data[name] = resolve(data[name], *keys)
    return data
