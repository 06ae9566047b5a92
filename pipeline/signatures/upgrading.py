"""Gives a signed file later what a service could not give at signing: certificates' status and a time stamp over all.

PAdES allows both behind a signature that is there (ETSI EN 319 142-1, 5.4-5.5): the signature itself is not touched,
and a seal that locks every field bears them. A signature without a time stamp of its own gets its proof of time from
the document's.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathBuildingError, ValidationError

from pipeline.errors import RefusedError, SigningError
from pipeline.files import durable_path, sha256_of
from pipeline.signatures.services import DIGEST, Backend, online, stamper_of
from pipeline.signatures.signing import run
from pipeline.signatures.values import Level, Terms


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The same signatures, at a higher level."""

    path: Path
    sha256: str
    size: int
    level: Level


def upgrade(source: Path, target: Path, terms: Terms) -> Upgraded:
    """Bring all signatures of a file to the level of `terms`; also renews the time stamp of a B-LTA file.

    Raises SigningError: `service-unavailable` (retry) while a service is out of order, `certificate-untrusted` when
    its answer is that a signer must not be trusted; RefusedError for a file without a signature.
    """
    with durable_path(target) as temporary:
        shutil.copyfile(source, temporary)
        run(_upgrade(temporary, source, terms))
        size, digest = temporary.stat().st_size, sha256_of(temporary)
    return Upgraded(target, digest, size, terms.wanted)


async def _upgrade(temporary: Path, source: Path, terms: Terms) -> None:
    stamper = stamper_of(None, terms)
    if stamper is None or terms.wanted < Level.B_T:
        raise SigningError("tsa-not-configured", path=source.name)
    backend = Backend(terms)
    try:
        with temporary.open("r+b") as out:
            context = None
            if terms.wanted >= Level.B_LT:
                context = await _status(out, source, terms, backend)
            if terms.wanted in {Level.B_T, Level.B_LTA} or not _stamped(out):
                writer = IncrementalPdfFileWriter(out)
                await PdfTimeStamper(stamper).async_timestamp_pdf(
                    writer, DIGEST, validation_context=context, in_place=True
                )  # fmt: skip
    except (TimestampRequestError, InsufficientRevinfoError) as error:
        raise SigningError("service-unavailable", retry=True, path=source.name, level=terms.wanted) from error
    except (ValidationError, PathBuildingError) as error:
        raise SigningError(
            "certificate-untrusted", holder=source.name, until="", reason=str(error)[:300]
        ) from error  # fmt: skip
    except (PyHankoSigningError, PdfError, ValueError, TypeError, KeyError) as error:
        raise RefusedError("sign-unreadable", path=source.name, reason=str(error)[:200]) from error
    finally:
        await backend.close()


async def _status(out: object, source: Path, terms: Terms, backend: Backend):  # type: ignore[no-untyped-def]
    """Write what is known of every signer's certificates into the document security store."""
    context = online(terms, backend)
    reader = PdfFileReader(out)
    signatures = reader.embedded_regular_signatures
    if not signatures:
        raise RefusedError("sign-unsigned", path=source.name)
    for signature in signatures:
        paths = await collect_validation_info(signature, context)
        contents = signature.pkcs7_content.hex().encode("ascii")
        DocumentSecurityStore.add_dss(out, contents, paths=paths, validation_context=context)
    return context


def _stamped(out: object) -> bool:
    """Does the last signature carry a proof of its time, its own or the document's?"""
    reader = PdfFileReader(out)
    if reader.embedded_timestamp_signatures:
        return True
    last = reader.embedded_regular_signatures[-1]
    return any(
        attribute["type"].native == "signature_time_stamp_token" for attribute in last.signer_info["unsigned_attrs"]
    )
