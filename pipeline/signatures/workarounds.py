"""What pyHanko 0.38 does not do well enough for us, each with its reason and a test that fails without it.

1. `CachedKeySigner`: `SimpleSigner.sign_raw` parses the private key anew for every signature, and OpenSSL checks it
   each time: 80 ms instead of 11 for a document under RSA-2048 (sign/signers/pdf_cms.py).
2. `typeface`: `GlyphAccumulator` writes glyph widths in the font's own units where PDF wants thousandths of the type
   size (ISO 32000-1, 9.7.4.3), so with the usual 2048 units digits stand twice too far apart and PDF/A is broken
   (pdf_utils/font/opentype.py, `_build_type0_font_from_cidfont`). A face of 1000 units is right.
3. `fill`: fields are filled on the writer that is signed then. In a revision of their own, followed by the seal that
   locks all fields and by anything after that (an archival time stamp), pyHanko's own default policy calls the seal
   illegal (sign/diff_analysis/rules/form_field_rules.py, `_allow_in_place_appearance_update` asks for == where the
   appearance may be older).
4. `later_changes.DIFF_POLICY`: the same line reports fields as changed that were not; judging uses a policy without it.
5. `HashedOnce`: `PdfByteRangeDigest.fill` reads and hashes all of a file that was hashed when it was copied, a quarter
   of the time for a scan of 5 MB; there is no place to hand in what is known already (sign/signers/pdf_byterange.py).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.scaleUpem import scale_upem
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from pipeline.errors import DependencyError
from pipeline.signatures.growing import Beginning

EM = 1000
FACES = {False: "LiberationSerif-Regular.ttf", True: "LiberationSerif-Italic.ttf"}  # Times' metric twins
FOLDERS = tuple(
    Path(root) / name
    for root in ("/usr/share/fonts/truetype", "/usr/share/fonts", "/usr/local/share/fonts")
    for name in ("liberation2", "liberation", "liberation-serif", "liberation-serif-fonts")
)  # fmt: skip
VIETNAMESE = "ẾỆỘỮƯƠĂĐỈẢảạắằẵặấầậẹếềễệịọốồộớờợủứừữựỳỷỹỵôơưđ–…"  # version 1 of the fonts lacks some of these
RANGES = ((0x20, 0x24F), (0x300, 0x323), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x20AB, 0x20AB))
SQUEEZED = 0.72  # narrower, a number is not put into its gap


class CachedKeySigner(SimpleSigner):
    """A signer that holds its key ready to use; RSA (PKCS #1 v1.5) and ECDSA."""

    def __init__(self, key: Any, certificate: Any, registry: Any) -> None:
        super().__init__(signing_cert=certificate, signing_key=None, cert_registry=registry)
        self._key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        digest = get_pyca_cryptography_hash(digest_algorithm)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(digest))
        raise TypeError(type(self._key).__name__)


class HashedOnce:
    """Stands before pyHanko's generator that puts a signature into a file, signed in place with SHA-256."""

    def __init__(self, inner: Generator[Any, Any, Any], beginning: Beginning) -> None:
        self._inner = inner
        self._beginning = beginning

    def send(self, value: Any) -> Any:
        if isinstance(value, SigObjSetup):
            signature: Any = value.sig_placeholder
            signature.fill = partial(_fill_hashed_once, signature, self._beginning)
        return self._inner.send(value)


def _fill_hashed_once(
    signature: Any, beginning: Beginning, writer: IncrementalPdfFileWriter, *_: Any, **__: Any
) -> Generator[Any, Any, None]:
    """As `PdfByteRangeDigest.fill`, which see."""
    writer.digest_aware_write = True
    output = writer.prev.stream
    writer.write_in_place()
    end = output.tell()
    first, second = signature.contents.offsets
    signature.byte_range.fill_offsets(output, first, second, end)
    digest = beginning.digest(output, (beginning.size, first), (second, end))
    prepared = PreparedByteRangeDigest(digest, first, second)
    container = yield prepared, output
    yield prepared.fill_with_cms(output, container)


# --- text -------------------------------------------------------------------------------------------------------------


@lru_cache
def typeface(*, italic: bool = False, folders: Sequence[Path] = FOLDERS) -> bytes:
    """A TrueType file with every Vietnamese letter, 1000 units a type size. Raises DependencyError without one.

    Made once a process, in a fifth of a second.
    """
    for folder in folders:
        try:
            font = TTFont(folder / FACES[italic], lazy=False)
        except (OSError, TTLibError):
            continue
        letters = font.getBestCmap()
        if all(ord(letter) in letters for letter in VIETNAMESE):
            return _rescaled(font)
    raise DependencyError("typeface-missing", path=FACES[italic])


def _rescaled(font: TTFont) -> bytes:
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    if font["head"].unitsPerEm != EM:
        scale_upem(font, EM)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


class Ink:
    """One embedded font of one writer at one size, for texts of one line. Not for a second document."""

    def __init__(self, writer: IncrementalPdfFileWriter, size: float, *, italic: bool = False) -> None:
        self.size = size
        self._engine = GlyphAccumulator(writer, BytesIO(typeface(italic=italic)), font_size=size)

    def operators(self, text: str) -> tuple[bytes, float]:
        """(text showing operators, width in points) of a text in NFC."""
        shaped = self._engine.shape(unicodedata.normalize("NFC", text))
        return shaped.graphics_ops, shaped.x_advance * self.size

    @property
    def resources(self) -> generic.DictionaryObject:
        fonts = generic.DictionaryObject({pdf_name("/F0"): self._engine.as_resource()})
        return generic.DictionaryObject({pdf_name("/Font"): fonts})


def form_xobject(
    writer: IncrementalPdfFileWriter,
    content: bytes,
    width: float,
    height: float,
    matrix: Sequence[float],
    resources: Any,
) -> Any:
    """A form XObject as an appearance; returns its reference."""
    numbers = [generic.FloatObject(round(value, 3)) for value in (0, 0, width, height)]
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(numbers),
            pdf_name("/Matrix"): generic.ArrayObject([generic.FloatObject(value) for value in matrix]),
            pdf_name("/Resources"): resources,
        },
        stream_data=content,
    )  # fmt: skip
    return writer.add_object(stream)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a text goes: a field's size as seen, its base line above its foot, against its left (0) or right (1)."""

    width: float
    height: float
    baseline: float
    matrix: Sequence[float]
    against: float = 0.5


def fill(writer: IncrementalPdfFileWriter, field: Any, text: str, ink: Ink, slot: Slot) -> bool:
    """Give a text field its value and its looks on a writer that will be signed; False when the text has no room."""
    width, height = slot.width, slot.height
    shown, advance = ink.operators(text)
    stretch = min(1.0, width / advance) if advance else 1.0
    if stretch < SQUEEZED:
        return False
    left = (width - advance * stretch) * slot.against
    content = b"/Tx BMC q BT 0 g /F0 %.2f Tf %.1f Tz %.3f %.3f Td " % (ink.size, stretch * 100, left, slot.baseline)
    content += shown + b" ET Q EMC"
    appearance = form_xobject(writer, content, width, height, slot.matrix, ink.resources)
    dictionary = field.get_object()
    dictionary[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): appearance})
    dictionary[pdf_name("/V")] = generic.TextStringObject(unicodedata.normalize("NFC", text))
    dictionary[pdf_name("/Ff")] = generic.NumberObject(1)
    writer.mark_update(field)
    return True
