"""The issuing agency and the one above it: capitals in the left column above the number (Appendix I, II.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.document import Box, Field, Look, SecondLook, TextSource, Word, Zone
from pipeline.metadata.crumbs import is_odd, of_a_name
from pipeline.metadata.layout import Header, Row
from pipeline.metadata.lexicons import begins_with, lexicons, vouched
from pipeline.metadata.proofreading import Proof, without_crumbs
from pipeline.metadata.reread import reread
from pipeline.metadata.review import found
from pipeline.metadata.spelling import Body, agency_words, spell_agency
from pipeline.metadata.syllables import is_syllable, without_tone
from pipeline.vietnamese import fold, nfc

_UNRANKED = 9
_PHRASE = 0.995  # chance of a word in a known phrase
_ODD = 0.7  # of a name with a sign that no name has
_DISPUTED = 0.7  # of a name that the document spells otherwise elsewhere
ABOUT_ORGANS = "organ_name"
_MARGIN = 10.0  # points around a block that is read again


@dataclass(frozen=True)
class Organs:
    """Issuing agency, its parent, and whether the block leaves open which is which."""

    organ: Field | None = None
    parent: Field | None = None
    doubtful: bool = True


def find_organs(header: Header, below: float, body: Body, looks: Sequence[SecondLook] = ()) -> Organs:
    """Agencies between the header's top and the number line at `below` (the y of its middle)."""
    block = [row for row in header.left if _in_block(row, header, below)]
    about = [look for look in looks if look.zone.about == ABOUT_ORGANS and look.zone.page == header.page.number]
    if about:
        block = reread(block, about, lambda words: [proof.chance for proof in body.proofs(words)])
    rows = [cleaned for row in block for cleaned in (_cleaned(row, header),) if cleaned is not None]
    names = _names(rows)
    if not names:
        return Organs()
    illegible = any(len(row.plain) > 4 and row not in rows and _cleaned(row, header) is None for row in block)
    doubtful = illegible or len(names) > 2 or not _begins_agency(names[-1][0])
    fields = [_field(header, name, body, doubtful) for name in names[-2:]]
    return Organs(fields[-1], fields[0] if len(fields) > 1 else None, doubtful)


def organ_zone(header: Header, below: float) -> Zone | None:
    """The block, to be read again as print; None where there is none."""
    rows = [row for row in header.left if _in_block(row, header, below)]
    if not rows:
        return None
    box = Box.around([row.box for row in rows])
    left, right = max(box.left - _MARGIN, 0.0), min(box.right + _MARGIN, header.gutter)
    top, bottom = max(box.top - _MARGIN, 0.0), min(box.bottom + _MARGIN / 2, below)
    if right <= left or bottom <= top:
        return None
    return Zone(header.page.number, Box(left, top, right, bottom), Look.PRINT, ABOUT_ORGANS)


def _in_block(row: Row, header: Header, below: float) -> bool:
    return header.top - row.height <= row.base < below - 0.5 * row.height and row.box.left < header.gutter


def _cleaned(row: Row, header: Header) -> Row | None:
    """A row of the agency block without specks at its ends; None when it is none."""
    words = list(row.words)
    while words and _speck(words[0], row):
        words.pop(0)
    while words and words[-1].text not in "-–" and _speck(words[-1], row):
        words.pop()
    if not words:
        return None
    kept = Row(row.page, tuple(words), row.bold)
    lettered = len(re.findall(r"[a-z]", kept.folded))
    if lettered < 3 or kept.capitals < 0.75 or min(w.box.left for w in words) > header.gutter:
        return None
    mean = sum(w.confidence for w in words) / len(words)
    return kept if mean > 0.3 else None


def _speck(word: Word, row: Row) -> bool:
    letters = [c for c in word.text if c.isalnum()]
    if not letters:
        return True
    small = word.box.height < 0.5 * row.height
    short = len(letters) <= 2
    return small or (short and ("".join(letters).islower() or (word.confidence < 0.5 and not is_syllable(word.text))))


def _names(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows gathered into names: a row that begins like an agency of no higher rank begins a new one."""
    names: list[list[Row]] = []
    for row in rows:
        if names and not _begins_new(names[-1], row):
            names[-1].append(row)
        else:
            names.append([row])
    return names


def _begins_new(name: Sequence[Row], row: Row) -> bool:
    known, previous = lexicons(), name[-1]
    plain = re.sub(r"^\W+", "", row.folded)
    rank = _rank(plain)
    if previous.text.rstrip().endswith(("-", "–", ",", "&")) or plain[:1] in "-&":
        return False
    if previous.bold is False and row.bold is True and rank < _UNRANKED:
        return True
    if any(previous.plain == word or previous.plain.endswith(" " + word) for word in known.ends_open):
        return rank < _UNRANKED and _rank(previous.plain) < rank and previous.plain not in known.ends_open
    if any(begins_with(plain, word) for word in known.continues):
        return False
    return rank < _UNRANKED and rank >= _rank(re.sub(r"^\W+", "", name[0].folded))


def _rank(folded: str) -> int:
    """The rank of an agency by the longest known beginning of its name."""
    matching = [(len(phrase), rank) for phrase, rank in lexicons().agency_ranks.items() if begins_with(folded, phrase)]
    return max(matching)[1] if matching else _UNRANKED


def _begins_agency(row: Row) -> bool:
    return _rank(re.sub(r"^\W+", "", row.folded)) < _UNRANKED


def _field(header: Header, rows: Sequence[Row], body: Body, doubtful: bool) -> Field:
    digital = header.page.source is TextSource.TEXT_LAYER
    words = [word for row in rows for word in (row.words if digital else without_crumbs(row.words))]
    proofs = [Proof(nfc(word.text), 1.0) for word in words] if digital else body.proofs(words)
    proofs = [
        replace(proof, text=nfc(word.text), chance=_DISPUTED) if proof.changed else proof  # names stay as printed
        for proof, word in zip(proofs, words, strict=True)
    ]
    read_as = [proof.text for proof in proofs]
    if not digital:
        read_as = of_a_name(read_as)
    printed = re.sub(r"\s*-{2,}\s*", " - ", " ".join(read_as)).strip(" .,;:*'\"“”‘’`|-–—")
    name, confirmed = spell_agency(printed, body)
    confidence = 0.97 if digital else 0.96 if confirmed else 0.97 * _chance(proofs, body)
    if not _begins_agency(rows[0]):
        confidence *= 0.85
    if doubtful:
        confidence *= 0.8
    if not digital and is_odd(name):
        confidence *= _ODD
    return found(name, confidence, rows, "agency-block")


def _chance(proofs: Sequence[Proof], body: Body) -> float:
    """The chance that every word of a name is right: known phrases are, other words as far as they were read."""
    lettered = [proof for proof in proofs if any(c.isalnum() for c in proof.text)]
    texts = [proof.text for proof in lettered]
    known = vouched(texts, agency_words())
    chance = 1.0
    for proof, own in zip(lettered, known, strict=True):
        chance *= max(proof.chance, _PHRASE) if own else proof.chance
    own_names = [text for text, own in zip(texts, known, strict=True) if not own]
    return chance * (_DISPUTED if body.disputed(own_names) else 1.0)


def initials(name: str) -> str:
    """First letters as notations use them, without joining words: "BỘ GIÁO DỤC VÀ ĐÀO TẠO" → "BGDĐT"."""
    words = [word for word in re.findall(r"\w+", name) if fold(word) not in {"va", "cua"}]
    return "".join(word if word.isdigit() else without_tone(word[0].upper()) for word in words)
