"""A toy certification authority for tests: root, intermediate, leaders, an agency, time stamps, and what goes wrong.

`Pki` makes its keys and certificates in a folder and serves time stamps, OCSP, CRLs and certificates on loopback, as
the Government's authority does on the Internet (http, addresses inside the certificates). Services fail when a test
says so. `Token` is a SoftHSM token that holds one of its keys.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from asn1crypto import ocsp, pem, tsp
from certomancer.registry import CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PASSPHRASE = b"secret"
PIN = "246810"
ARCHITECTURE = "vn"
SOFTHSM = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
)
TERM = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2045-01-01T00:00:00+0000"}
PEOPLE: dict[str, dict[str, str]] = {
    "leader": {"common-name": "Nguyễn Văn Ả", "title": "Trưởng ban"},
    "leader3072": {"common-name": "Đỗ Thị Kiều Oanh", "title": "Phó Trưởng ban"},
    "leader-ec": {"common-name": "Phạm Hữu Ước", "title": "Phó Trưởng ban"},
    "clerk": {"common-name": "Lê Thị Bưởi", "title": "Văn thư"},
    "agency": {"common-name": "Ban Quản lý Khu kinh tế"},
    "agency-ec": {"common-name": "Ban Quản lý Khu kinh tế"},
    "revoked": {"common-name": "Trịnh Quốc Thu Hồi", "title": "Trưởng ban"},
    "expired": {"common-name": "Vũ Hết Hạn", "title": "Trưởng ban"},
}
"""Who may sign, and who may not any more. All hold a certificate of the intermediate."""
RSA_BITS = {"root": 2048, "interm": 2048, "leader": 2048, "leader3072": 3072, "agency": 2048}


class Pki:
    """The authority with its services running; a context manager. Certificates: root, interm, tsa and PEOPLE."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.down: set[str] = set()  # of "tsa", "ocsp", "crls", "certs": these answer with 503
        self.served: list[str] = []  # what was asked of us, in order
        self._holding: dict[str, tuple[threading.Event, threading.Event]] = {}
        self.talking = threading.Event()
        self.talking.set()
        folder.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._make_keys()
        config = CertomancerConfig(_configuration(self.url), key_search_dir=str(folder))
        self.architecture: Any = config.get_pki_arch(ARCHITECTURE)  # certomancer's own, for the unusual test

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/{ARCHITECTURE}/tsa/tsa"

    def der(self, name: str) -> bytes:
        der: bytes = self.architecture.get_cert(name).dump()
        return der

    def certificate(self, name: str) -> Path:
        """A PEM file with one certificate."""
        return self._kept(f"{name}.crt", lambda: _pem("CERTIFICATE", self.der(name)))

    def pfx(self, name: str) -> Path:
        """A PKCS#12 file with key, certificate and chain, locked with PASSPHRASE."""
        return self._kept(f"{name}.pfx", lambda: self.architecture.package_pkcs12(name, password=PASSPHRASE))

    def key(self, name: str) -> Path:
        """The private key, PEM (PKCS#8), not locked."""
        return self.folder / f"{name}.key"

    @cached_property
    def chain(self) -> tuple[Path, ...]:
        """What stands above everybody's certificate: the intermediate. The root is `certificate("root")`."""
        return (self.certificate("interm"),)

    @contextmanager
    def outage(self, *services: str) -> Iterator[None]:
        """While this lasts, "tsa", "ocsp", "crls" or "certs" are out of order."""
        self.down |= set(services)
        try:
            yield
        finally:
            self.down -= set(services)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """While this lasts, whoever asks waits for an answer."""
        self.talking.clear()
        try:
            yield
        finally:
            self.talking.set()

    @contextmanager
    def held(self, service: str) -> Iterator[threading.Event]:
        """While this lasts, who asks this service waits for an answer; the event says that somebody does."""
        self._holding[service] = (asked := threading.Event(), go_on := threading.Event())
        try:
            yield asked
        finally:
            del self._holding[service]
            go_on.set()

    def answer(self, path: str, body: bytes) -> tuple[bytes, str] | None:
        """(content, media type) of a service, None where it is down or unknown."""
        self.talking.wait()
        parts = path.strip("/").split("/")
        service = parts[1] if len(parts) > 2 else ""
        if service in self.down:
            return None
        self.served.append(service)
        if held := self._holding.get(service):
            held[0].set()
            held[1].wait()
        services, now = self.architecture.service_registry, datetime.now(UTC)
        if service == "tsa":
            stamper = services.summon_timestamper(parts[2], now)
            return stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump(), "application/timestamp-reply"
        if service == "ocsp":
            responder = services.summon_responder(parts[2], now)
            request = ocsp.OCSPRequest.load(body)
            return responder.build_ocsp_response(request).dump(), "application/ocsp-response"
        if service == "crls":
            return services.get_crl(parts[2], now).dump(), "application/pkix-crl"
        if service == "certs":
            return self.der(parts[2]), "application/pkix-cert"
        return None

    def _make_keys(self) -> None:
        for name in ("root", "interm", "interm-ocsp", "tsa", *PEOPLE):
            key: Any
            if name in RSA_BITS:
                key = rsa.generate_private_key(65537, RSA_BITS[name])
            else:
                key = ec.generate_private_key(ec.SECP256R1())
            clear = serialization.NoEncryption()
            pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, clear)
            self.key(name).write_bytes(pem)

    def _kept(self, name: str, make: Any) -> Path:
        path = self.folder / name
        if not path.exists():
            path.write_bytes(make())
        return path


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, pki: Pki, *arguments: Any) -> None:
        self.pki = pki
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._give(self.pki.answer(self.path, b""))

    def do_POST(self) -> None:
        self._give(self.pki.answer(self.path, self.rfile.read(int(self.headers["Content-Length"]))))

    def _give(self, answer: tuple[bytes, str] | None) -> None:
        content, kind = answer or (b"", "text/plain")
        self.send_response(200 if answer else 503)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked was stopped meanwhile
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def _pem(label: str, der: bytes) -> bytes:
    armored: bytes = pem.armor(label, der)
    return armored


def _configuration(url: str) -> dict[str, Any]:
    names = ("root", "interm", "interm-ocsp", "tsa", *PEOPLE)
    organ = {"country-name": "VN", "organization-name": "Ban Quản lý Khu kinh tế tỉnh An Bình"}
    authority = {"country-name": "VN", "organization-name": "Ban Cơ yếu thử nghiệm"}
    return {
        "external-url-prefix": url,
        "keysets": {ARCHITECTURE: {"keys": {name: {"path": f"{name}.key"} for name in names}}},
        "pki-architectures": {
            ARCHITECTURE: {
                "keyset": ARCHITECTURE,
                "entities": {
                    "root": {**authority, "common-name": "RootCA thử nghiệm"},
                    "interm": {**authority, "common-name": "CA phục vụ thử nghiệm"},
                    "interm-ocsp": {**authority, "common-name": "OCSP thử nghiệm"},
                    "tsa": {**authority, "common-name": "Dấu thời gian thử nghiệm"},
                    **{name: {**organ, **person} for name, person in PEOPLE.items()},
                },
                "certs": _certificates(),
                "services": {
                    "ocsp": {
                        "interm": {
                            "for-issuer": "interm", "responder-cert": "interm-ocsp", "signing-key": "interm-ocsp",
                        },
                    },
                    "crl-repo": {
                        "root": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P90D"},
                        "interm": {
                            "for-issuer": "interm", "signing-key": "interm", "simulated-update-schedule": "P30D",
                        },
                    },
                    "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                },
            }
        },
    }  # fmt: skip


def _certificates() -> dict[str, Any]:
    """Explicit serials for the authorities: certomancer counts per issuer, and equal serials confuse verifiers."""
    crl = {
        "id": "crl_distribution_points",
        "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["root"]}},
    }
    stamping = [
        {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
        {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
        crl,
    ]  # fmt: skip
    signer = {"issuer": "interm", "profiles": [{"id": "digsig-commitment"}], "validity": TERM}
    signer["extensions"] = [
        {"id": "crl_distribution_points",
         "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["interm"]}}},
        {"id": "authority_information_access",
         "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["interm"]}}},
    ]  # fmt: skip
    people: dict[str, Any] = {name: {**signer, "subject": name, "subject-key": name} for name in PEOPLE}
    people["revoked"]["revocation"] = {"revoked-since": "2025-01-01T00:00:00+0000", "reason": "key_compromise"}
    people["expired"]["validity"] = {**TERM, "valid-to": "2025-01-01T00:00:00+0000"}
    return {
        "root": {
            "serial": 5000, "subject": "root", "issuer": "root", "validity": TERM,
            "profiles": [{"id": "simple-ca", "params": {"crl-repo": "root"}}],
        },
        "interm": {
            "serial": 5001, "subject": "interm", "issuer": "root", "validity": TERM, "extensions": [crl],
            "profiles": [
                {"id": "simple-ca", "params": {"max-path-len": 0, "crl-repo": "interm", "ocsp-service": "interm"}},
            ],
        },
        "interm-ocsp": {
            "serial": 5003, "subject": "interm-ocsp", "issuer": "interm", "validity": TERM,
            "profiles": ["ocsp-responder"],
        },
        "tsa": {"serial": 5002, "subject": "tsa", "issuer": "root", "validity": TERM, "extensions": stamping},
        **people,
    }  # fmt: skip


# --- tokens -----------------------------------------------------------------------------------------------------------


def find_softhsm() -> Path | None:
    return next((path for path in SOFTHSM if path.is_file() and shutil.which("softhsm2-util")), None)


@dataclass(frozen=True)
class Token:
    """A SoftHSM token with keys under their names in the PKI. `module` is the PKCS#11 library."""

    module: Path
    label: str
    pin: str = PIN


def make_token(pki: Pki, names: Sequence[str] = ("agency",), *, label: str = "") -> Token:
    """A new token with the keys and certificates of `names`; SOFTHSM2_CONF must name a file of this process's own.

    The library reads its configuration once a process, so all tokens of a run share one (`softhsm_configuration`).
    """
    module = find_softhsm()
    if module is None:
        raise FileNotFoundError("libsofthsm2.so")
    label = label or f"coquan-{secrets.token_hex(4)}"
    tool = ["softhsm2-util", "--module", str(module)]
    _run(*tool, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "13579024")
    for number, name in enumerate(names, 1):
        _run(
            *tool,
            "--import",
            str(pki.key(name)),
            "--token",
            label,
            "--label",
            name,
            "--id",
            f"{number:02d}",
            "--pin",
            PIN,
        )
    _write_certificates(pki, module, label, names)
    return Token(module, label)


def softhsm_configuration(folder: Path) -> Path:
    """Write a configuration whose tokens lie in `folder`; name it in SOFTHSM2_CONF before the library is loaded."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True, exist_ok=True)
    path = folder / "softhsm2.conf"
    path.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8"
    )
    return path


def _write_certificates(pki: Pki, module: Path, label: str, names: Sequence[str]) -> None:
    """In a process of its own: a library that is loaded already would not see the token that was just made."""
    script = (
        "import sys, pkcs11\n"
        "from pathlib import Path\n"
        "from pkcs11.util.x509 import decode_x509_certificate\n"
        "module, label, pin, *rest = sys.argv[1:]\n"
        "token = pkcs11.lib(module).get_token(token_label=label)\n"
        "with token.open(rw=True, user_pin=pin) as session:\n"
        "    for number, (name, file) in enumerate(zip(rest[::2], rest[1::2]), 1):\n"
        "        attributes = decode_x509_certificate(Path(file).read_bytes())\n"
        "        attributes |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: name,\n"
        "                       pkcs11.Attribute.ID: bytes([number])}\n"
        "        session.create_object(attributes)\n"
    )
    files = []
    for name in names:
        der = pki.folder / f"{name}.der"
        der.write_bytes(pki.der(name))
        files += [name, str(der)]
    _run(sys.executable, "-c", script, str(module), label, PIN, *files)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
