"""A second opinion on a signature by another hand: OpenSSL over the very bytes that the file says were signed.

It knows nothing of PDF: whether later revisions were allowed is judged elsewhere. What it rules out is that our own
library takes for whole what nobody else does.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from pipeline.errors import DependencyError

SECONDS = 60.0
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Opinion:
    """What OpenSSL says of one signature: it verifies with its chain, or why not."""

    field: str
    valid: bool
    said: str


def verify_with_openssl(path: Path, roots: Sequence[bytes], others: Sequence[bytes] = ()) -> tuple[Opinion, ...]:
    """Every signature and document time stamp of our own file, in order (certificates DER).

    Expired certificates count as of the signing time, which a verifier takes from the time stamp; here they only must
    lead to a root. Raises DependencyError without OpenSSL.
    """
    program = shutil.which("openssl")
    if program is None:
        raise DependencyError("openssl-missing", path=path)
    with path.open("rb") as stream, TemporaryDirectory(prefix="vanthu-openssl-") as name:
        folder = Path(name)
        _write(folder / "roots.pem", roots)
        _write(folder / "others.pem", others)
        reader = PdfFileReader(stream, strict=False)
        return tuple(_opinion(program, folder, path, signature) for signature in reader.embedded_signatures)


def _opinion(program: str, folder: Path, path: Path, signature: EmbeddedPdfSignature) -> Opinion:
    _signed_bytes(path, [int(part) for part in signature.byte_range], folder / "content")
    (folder / "cms.der").write_bytes(signature.pkcs7_content)
    stamp = str(signature.sig_object.get("/SubFilter", "")) == "/ETSI.RFC3161"
    trusted = ["-CAfile", str(folder / "roots.pem"), "-no-CApath", "-no-CAstore"]
    if (folder / "others.pem").stat().st_size:
        trusted += ["-untrusted" if stamp else "-certfile", str(folder / "others.pem")]
    if stamp:
        command = [
            "ts",
            "-verify",
            "-data",
            str(folder / "content"),
            "-in",
            str(folder / "cms.der"),
            "-token_in",
            *trusted,
        ]
        command = [part for part in command if part not in {"-no-CApath", "-no-CAstore"}]
    else:
        command = [
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", str(folder / "cms.der"), "-purpose", "any",
            "-content", str(folder / "content"), "-out", "/dev/null", *trusted,
        ]  # fmt: skip
    done: Any = subprocess.run(
        [program, *command], capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
    )  # fmt: skip
    return Opinion(signature.field_name, done.returncode == 0, (done.stdout + done.stderr).strip()[-400:])


def _signed_bytes(path: Path, byte_range: Sequence[int], target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as out:
        for start, length in zip(byte_range[::2], byte_range[1::2], strict=True):
            source.seek(start)
            left = length
            while left > 0 and (chunk := source.read(min(CHUNK, left))):
                out.write(chunk)
                left -= len(chunk)


def _write(path: Path, certificates: Sequence[bytes]) -> None:
    path.write_bytes(b"".join(pem.armor("CERTIFICATE", certificate) for certificate in certificates))
