"""An OpenDocument text as it is meant: words in Unicode instead of old encodings, tracked changes accepted.

LibreOffice turns Word's files into such a text with every run's font still named, which its PDF no longer does: the
old fonts are on no machine of today, and a PDF made with others shows "Céng hoµ" and drops each ư (a soft hyphen).
OpenDocument 1.3, part 3: sections 7 (text), 16 (styles) and 19.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading import tracked
from pipeline.reading.legacy import Encoding, decode, font_of_name
from pipeline.reading.legacy_fonts import Decoder, Verdict, judge
from pipeline.reading.tasks import Rewriting

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _STYLE, _TEXT, _DRAW = (f"{{{_ODF}{part}:1.0}}" for part in ("office", "style", "text", "drawing"))
_FAMILY, _FO_FAMILY = f"{{{_ODF}svg-compatible:1.0}}font-family", f"{{{_ODF}xsl-fo-compatible:1.0}}font-family"
_LABELS = (
    f"{_STYLE}num-prefix", f"{_STYLE}num-suffix",
    "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format",
)  # fmt: skip
_PARAGRAPHS = {f"{_TEXT}p", f"{_TEXT}h"}
_TWO_CODES = {Encoding.VNI, Encoding.BKHCM2}
_XML = ("content.xml", "styles.xml")
_MOST_BYTES = 200 << 20  # of one XML member
_DEEPEST = 200  # of nested elements; LibreOffice writes about 30
_SANS = re.compile(r"(?i)arial|helve|avant|univers|franklin|swiss|sans|aptima|tahoma|verdana")


def rewrite(source: Path, target: Path) -> Rewriting:
    """Write the OpenDocument text `source` to `target` in Unicode and with its changes accepted; nothing is written
    of a text that had neither. Raises ReadingError.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            parts = {name: _Part.of(_unpacked(archive, archive.getinfo(name))) for name in _XML}
            changes = sum(tracked.accept(part.root) for part in parts.values())
            fonts = {name: family for part in parts.values() for name, family in part.faces()}
            common = parts["styles.xml"].styles(f"{_OFFICE}styles")
            nodes = [node for part in parts.values() for node in _Walk(part, fonts, common).nodes()]
            verdicts = judge(_texts(nodes))
            done = Rewriting(_decode(nodes, verdicts), changes)
            if done:
                for part in parts.values():
                    part.replace_fonts(verdicts)
                _write(archive, parts, target)
    except (zipfile.BadZipFile, ET.ParseError, KeyError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise ReadingError("office-conversion-failed", path=source, reason=error) from error
    return done


@dataclass(slots=True)
class _Node:
    """One stretch of text: an element's text, its tail, or an attribute of it."""

    element: ET.Element
    place: str  # "text", "tail", or an attribute's name
    font: str
    paragraph: int

    @property
    def value(self) -> str:
        if self.place in {"text", "tail"}:
            return getattr(self.element, self.place) or ""
        return self.element.get(self.place, "")

    @value.setter
    def value(self, text: str) -> None:
        if self.place in {"text", "tail"}:
            setattr(self.element, self.place, text)
        else:
            self.element.set(self.place, text)


@dataclass(slots=True)
class _Part:
    """One XML member; `prefixes` are all that it declares: values of attributes may use them too."""

    root: ET.Element
    prefixes: Mapping[str, str]

    @classmethod
    def of(cls, data: bytes) -> _Part:
        prefixes: dict[str, str] = {}
        depth = 0
        parser: Any = ET.XMLPullParser(["start-ns", "start", "end"])
        parser.feed(data)
        root: ET.Element | None = None
        for event, item in parser.read_events():
            if event == "start-ns":
                prefixes.setdefault(*item)
            elif event == "start":
                root = item if root is None else root
                depth += 1
                if depth > _DEEPEST:
                    raise ValueError("elements too deep")
            else:
                depth -= 1
        parser.close()
        if root is None:
            raise ValueError("no element")
        return cls(root, prefixes)

    def faces(self) -> Iterator[tuple[str, str]]:
        for face in self.root.iter(f"{_STYLE}font-face"):
            yield face.get(f"{_STYLE}name", ""), face.get(_FAMILY, "").strip("'\" ")

    def styles(self, *sections: str) -> dict[tuple[str, str], ET.Element]:
        """The styles of these sections by family and name; the default of a family has the name ""."""
        found = {}
        for section in sections:
            for style in self.root.iterfind(f"{section}/*"):
                found[style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")] = style
        return found

    def replace_fonts(self, verdicts: Mapping[str, Verdict]) -> None:
        old = {name for name, verdict in verdicts.items() if verdict.encoding and name}
        for element in self.root.iter():  # styles name the family once more, and that name goes before the face's
            for name in (_FAMILY, _FO_FAMILY):
                family = element.get(name, "").strip("'\" ")
                if family and (family in old or font_of_name(family)):
                    element.set(name, "Arial" if _SANS.search(family) else "'Times New Roman'")
                    element.attrib.pop(f"{_STYLE}font-charset", None)

    def to_bytes(self) -> bytes:
        for prefix, uri in self.prefixes.items():
            if prefix and not re.fullmatch(r"ns\d+", prefix):
                ET.register_namespace(prefix, uri)
        used = {name[1:].partition("}")[0] for element in self.root.iter() for name in (element.tag, *element.attrib)}
        for prefix, uri in self.prefixes.items():
            if prefix and uri not in used:
                self.root.set(f"xmlns:{prefix}", uri)
        made: bytes = ET.tostring(self.root, encoding="UTF-8", xml_declaration=True)
        return made


@dataclass(slots=True)
class _Walk:
    """Goes through a part and finds the font of every stretch of text."""

    part: _Part
    fonts: Mapping[str, str]
    common: Mapping[tuple[str, str], ET.Element]
    own: Mapping[tuple[str, str], ET.Element] = field(init=False)
    paragraph: int = 0

    def __post_init__(self) -> None:
        self.own = self.part.styles(f"{_OFFICE}automatic-styles")

    def nodes(self) -> Iterator[_Node]:
        for section in (f"{_OFFICE}body", f"{_OFFICE}master-styles"):
            for element in self.part.root.iterfind(section):
                yield from self._within(element, "")
        for level in self.part.root.iter():
            for label in _LABELS:
                if level.get(label):
                    self.paragraph += 1
                    own = level.find(f"{_STYLE}text-properties")
                    font = self._font(own) or self._styled("text", level.get(f"{_TEXT}style-name", ""))
                    yield _Node(level, label, font, self.paragraph)

    def _within(self, element: ET.Element, font: str) -> Iterator[_Node]:
        name = element.get(f"{_TEXT}style-name", "")
        if element.tag in _PARAGRAPHS:
            font = self._styled("paragraph", name) or font or self._styled("paragraph", "")
            self.paragraph += 1
        elif element.tag == f"{_TEXT}span":
            font = self._styled("text", name) or font
        elif element.tag.startswith(_DRAW):
            font = self._styled("graphic", element.get(f"{_DRAW}style-name", ""), default=False)
        if element.text:
            yield _Node(element, "text", font, self.paragraph)
        for child in element:
            paragraph = self.paragraph
            yield from self._within(child, font)
            if child.tail:
                self.paragraph = paragraph if child.tag not in _PARAGRAPHS else self.paragraph
                yield _Node(child, "tail", font, self.paragraph)

    def _styled(self, family: str, name: str, *, default: bool = True) -> str:
        """The font family of a style or of those it is made from, "" when none says."""
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            style = self.own.get((family, name)) if name else None
            style = style if style is not None else self.common.get((family, name))
            if style is None and (not name or not default):
                return ""
            if style is not None and (font := self._font(style.find(f"{_STYLE}text-properties"))):
                return font
            name = style.get(f"{_STYLE}parent-style-name", "") if style is not None else ""
            if not name and (family == "text" or not default):
                return ""
        return ""

    def _font(self, properties: ET.Element | None) -> str:
        if properties is None:
            return ""
        named = self.fonts.get(properties.get(f"{_STYLE}font-name", ""), "")
        return named or properties.get(_FO_FAMILY, "").strip("'\" ")


def _texts(nodes: list[_Node]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for (_, font), stretch in groupby(nodes, key=lambda node: (node.paragraph, node.font)):
        texts.setdefault(font, []).append("".join(node.value for node in stretch))
    return texts


def _decode(nodes: list[_Node], verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    found = set()
    before: _Node | None = None
    for node in nodes:
        decoder = verdicts[node.font].decoder
        if decoder.font and decoder.font.encoding in _TWO_CODES and before and before.paragraph == node.paragraph:
            _bring_mark(before, node, decoder)
        before = node
    for node in nodes:
        verdict = verdicts[node.font]
        decoded = verdict.decoder(node.value)
        if decoded != node.value:
            node.value = decoded
            found.add(str(verdict.encoding))
    return tuple(sorted(found))


def _bring_mark(before: _Node, node: _Node, decoder: Decoder) -> None:
    """A letter and its mark may stand in two runs: "a" and a bold "ù"."""
    pair = before.value[-1:] + node.value[:1]
    if len(pair) == 2 and decoder.font and len(decode(pair, decoder.font)) == 1:
        before.value, node.value = before.value + node.value[0], node.value[1:]


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MOST_BYTES:
        raise ValueError(f"{entry.filename} is too big")
    return archive.read(entry)


def _write(archive: zipfile.ZipFile, parts: Mapping[str, _Part], target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in archive.infolist():
            if entry.filename in parts:
                made.writestr(entry.filename, parts[entry.filename].to_bytes())
                continue
            with archive.open(entry) as old, made.open(zipfile.ZipInfo(entry.filename), "w") as new:
                while chunk := old.read(1 << 20):
                    new.write(chunk)
