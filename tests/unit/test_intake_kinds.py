"""What a file is, by its first bytes alone."""

from __future__ import annotations

import pytest

from pipeline.document import Kind
from pipeline.intake.kinds import kind_of_name, sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", Kind.PDF),
        (b"II*\0\x08\0\0\0", Kind.TIFF),
        (b"MM\0*\0\0\0\x08", Kind.TIFF),
        (b"II+\0\x08\0\0\0", Kind.TIFF),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Kind.PNG),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Kind.HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Kind.HEIC),
        (b"{\\rtf1\\ansi", Kind.RTF),
    ],
)
def test_content_decides_the_kind(head: bytes, kind: Kind) -> None:
    assert sniff(head).kind is kind


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty-file"),
        (b"\x7fELF\x02\x01\x01", "executable"),
        (b"MZ\x90\0\x03", "executable"),
        (b"\xcf\xfa\xed\xfe\x07", "executable"),
        (b"#!/bin/sh\nrm -rf /\n", "executable"),
        (b"Rar!\x1a\x07\x01\0", "archive-file"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "archive-file"),
        (b"\x1f\x8b\x08\0", "archive-file"),
        (bytes(257) + b"ustar\0", "archive-file"),
        (b"GIF89a", "other-image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "other-image"),
        (b"BM" + (1000).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little") + b"\x28\0\0\0\0", "other-image"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "other-image"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "unknown-kind"),
        (b"<!DOCTYPE html><html>", "web-page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><note/>", "web-page"),
        (b"<?xml version='1.0'?><edXML:edXMLEnvelope xmlns:edXML='x'>", "edxml-later"),
        ("Kính gửi: Ủy ban nhân dân".encode(), "plain-text"),
        ("Kính gửi".encode("utf-16"), "plain-text"),
        (b"BMW la mot hang xe, khong phai anh bitmap", "plain-text"),
        (bytes(range(256)), "unknown-kind"),
    ],
)
def test_everything_else_is_refused_with_its_own_reason(head: bytes, code: str) -> None:
    assert sniff(head).refusal == code


@pytest.mark.parametrize(
    ("head", "container"), [(b"PK\x03\x04\x14\0", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole")]
)
def test_a_container_is_left_to_its_members(head: bytes, container: str) -> None:
    assert sniff(head).container == container


def test_junk_before_a_pdf_is_counted_up_to_1024_bytes() -> None:
    assert (sniff(b"\r\n" * 512 + b"%PDF-1.4").kind, sniff(b"\r\n" * 512 + b"%PDF-1.4").junk) == (Kind.PDF, 1024)
    assert sniff(b"\r\n" * 513 + b"%PDF-1.4").kind is None


@pytest.mark.parametrize("head", [b"MZ\x90\0%PDF-1.4", b"\x7fELF%PDF-1.4", b"#!/bin/sh\n%PDF-1.4"])
def test_what_can_run_is_no_pdf_whatever_follows(head: bytes) -> None:
    assert sniff(head).refusal == "executable"


@pytest.mark.parametrize("name", ["15.KH-BQL", "cong van", "a.b.c", ".pdf"])
def test_an_ending_that_claims_nothing_claims_nothing(name: str) -> None:
    assert kind_of_name(name) is None


def test_an_ending_claims_its_kind_in_any_case() -> None:
    assert [kind_of_name(name) for name in ("a.PDF", "a.Tif", "a.jpeg", "a.HEIF")] == [
        Kind.PDF, Kind.TIFF, Kind.JPEG, Kind.HEIC,
    ]  # fmt: skip
