"""Signed PDFs made with pyHanko itself, good ones and those that somebody changed afterwards."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from pipeline.signatures.trust import Anchors
from tests.pki import PASSPHRASE, Pki


def anchors(pki: Pki) -> Anchors:
    """What an office that trusts this authority judges by."""
    root, issuer = pki.der("root"), pki.der("interm")
    return Anchors((root,), (root,), (issuer,))


def form(path: Path, *, text_fields: Sequence[str] = ("SoVanBan",), signature_fields: Sequence[str] = ()) -> Path:
    """One page with empty fields."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 400))
    page.Contents = pdf.make_stream(b"0 0 0 rg 40 300 200 10 re f")
    made = []
    for place, name in enumerate((*text_fields, *signature_fields)):
        low = 20 + 40 * place
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, T=name, F=4,
            FT=pikepdf.Name.Tx if name in text_fields else pikepdf.Name.Sig, Rect=[40, low, 200, low + 30], P=page.obj,
        )  # fmt: skip
        if name in text_fields:
            field.DA = pikepdf.String("/Helv 12 Tf 0 g")
        made.append(pdf.make_indirect(field))
    page.Annots = pikepdf.Array(made)
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(made)))
    pdf.save(path)
    return path


def sign(
    pki: Pki, path: Path, who: str = "leader", *, field: str = "ChuKy", certify: int = 0, stamped: bool = False,
    long_term: bool = False, archival: bool = False, digest: str = "sha256",
) -> Path:  # fmt: skip
    """Sign in place, in a field of this name (made where there is none). `certify`: the DocMDP level, 0 for none."""
    signer = signers.SimpleSigner.load_pkcs12(str(pki.pfx(who)), passphrase=PASSPHRASE)
    assert signer is not None
    context = None
    if long_term:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(pki.der("root"))],
            other_certs=[x509.Certificate.load(pki.der("interm"))], allow_fetching=True, revocation_mode="hard-fail",
        )  # fmt: skip
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm=digest, subfilter=SigSeedSubFilter.PADES, certify=bool(certify),
        docmdp_permissions=MDPPerm(certify or 2), validation_context=context, embed_validation_info=long_term,
        use_pades_lta=archival,
        signer_key_usage={"digital_signature"},
    )  # fmt: skip
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    stamper = HTTPTimeStamper(pki.tsa_url) if stamped or long_term else None
    out = io.BytesIO()
    maker = signers.PdfSigner(meta, signer=signer, timestamper=stamper)
    asyncio.run(maker.async_sign_pdf(writer, output=out))
    path.write_bytes(out.getvalue())
    return path


def fill(path: Path, name: str, value: str) -> Path:
    """Fill a text field in a revision of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field.get("/T") == name:
            field["/V"] = pdf_string(value)
            writer.update_container(field)
    return _written(writer, path)


def add_words(path: Path, words: bytes = b"0 0 1 rg 40 330 300 20 re f") -> Path:
    """Something new on the page, in a revision of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=words)))
    return _written(writer, path)


def add_note(path: Path) -> Path:
    """An annotation that covers the page's words."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Square"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (30, 280, 300, 340))),
            pdf_name("/IC"): generic.ArrayObject(map(generic.NumberObject, (1, 1, 1))),
            pdf_name("/F"): generic.NumberObject(4),
        }
    )  # fmt: skip
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))
    return _written(writer, path)


def swap_shown_object(path: Path) -> Path:
    """The shadow attack "hide and replace": the page's content becomes another object that was there all along."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"1 0 0 rg 40 100 300 200 re f"))
    writer.update_container(page)
    return _written(writer, path)


def paste_signature(path: Path) -> Path:
    """A second field that shows the first one's signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    known = writer.root["/AcroForm"]["/Fields"]
    signed = next(f.get_object() for f in known if "/V" in f.get_object())
    fields.append_signature_field(writer, SigFieldSpec("GiaMao"))
    copied = next(f.get_object() for f in writer.root["/AcroForm"]["/Fields"] if f.get_object()["/T"] == "GiaMao")
    copied["/V"] = signed.raw_get("/V")
    writer.update_container(copied)
    return _written(writer, path)


def forget_form(path: Path) -> Path:
    """The signature is still in the file, but no field shows it any more."""
    writer = IncrementalPdfFileWriter(io.BytesIO(path.read_bytes()))
    del writer.root["/AcroForm"]
    writer.update_root()
    return _written(writer, path)


def flip(path: Path, within: bytes) -> Path:
    """One byte of the signed part is another one; the file's structure stays."""
    data = bytearray(path.read_bytes())
    place = data.index(within)
    data[place] ^= 1
    path.write_bytes(data)
    return path


def _written(writer: IncrementalPdfFileWriter, path: Path) -> Path:
    out = io.BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return path
