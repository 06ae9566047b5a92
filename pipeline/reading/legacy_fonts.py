"""Which fonts of a document hold text in an encoding from before Unicode: told by their names *and* by their words.

A font called .VnTime whose text is Unicode must stay as it is, and a nameless one whose text is TCVN3 must not: the
words decide, the name says where to begin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.reading.legacy import Encoding, LegacyFont, decode, font_of_name
from pipeline.vietnamese import is_syllable, nfc

CODE_PAGES = ("cp1252", "cp1258")  # Word and LibreOffice choose by the font's character set
ENOUGH_WORDS = 8  # with codes, to judge a font whose name says nothing
MOST_WORDS = 3000  # more say no more
SURE, HARDLY = 0.85, 0.4  # shares of syllables after and before decoding where only the words speak
READABLE = 0.7  # share of syllables below which a named font's text was not understood

_SYMBOLS = re.compile(r"(?i)symbol|dingbats|wingdings|webdings|marlett|mt extra|monotype sorts")  # pictures, no letters
_TOKEN = re.compile(r"[^\s\u00a0!-/:-@\[-`{-~\d]+")
_PUNCTUATION = set("“”‘’–—…•«»°§·©®†‡™€\u00ad\u2212\u2219")


@dataclass(frozen=True, slots=True)
class Decoder:
    """How one font's characters become Unicode. Without a font they are Unicode already."""

    font: LegacyFont | None = None
    code_page: str = "cp1252"

    def __call__(self, text: str) -> str:
        """Text of this font as Unicode; a stretch of it that can only be Unicode already stays as it is."""
        if self.font is None or _is_unicode(text, self):
            return text
        return decode(text, self.font, code_page=self.code_page)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`doubtful`: the name claims an old encoding, and the words make sense in none."""

    decoder: Decoder
    doubtful: bool = False

    @property
    def encoding(self) -> Encoding | None:
        return self.decoder.font.encoding if self.decoder.font else None


def judge(texts: Mapping[str, Iterable[str]]) -> dict[str, Verdict]:
    """For each font name of a document or page: what its text is. Fonts of one claimed encoding are judged together."""
    words = {name: _words(stretches) for name, stretches in texts.items()}
    claims = {name: font_of_name(name) for name in texts}
    verdicts: dict[str, Verdict] = {}
    for encoding in Encoding:
        named = [name for name, font in claims.items() if font and font.encoding is encoding]
        verdicts |= _judge_named(encoding, named, [word for name in named for word in words[name]], claims)
    verdicts |= {name: Verdict(Decoder()) for name in texts if _SYMBOLS.search(name)}
    nameless = [name for name, font in claims.items() if font is None and name not in verdicts]
    for name in nameless:
        verdicts[name] = Verdict(_by_words(words[name]))
    found = {verdict.decoder for verdict in verdicts.values() if verdict.encoding}
    for name in nameless:  # too little text to judge by itself: as the others are, where that makes sense of it
        if len(words[name]) < ENOUGH_WORDS and not verdicts[name].encoding:
            verdicts[name] = Verdict(_as_the_others(words[name], found))
    return verdicts


def _judge_named(
    encoding: Encoding, names: Sequence[str], words: Sequence[str], claims: Mapping[str, LegacyFont | None]
) -> dict[str, Verdict]:
    plain = _share(words, Decoder())
    share, code_page = max(((_share(words, Decoder(LegacyFont(encoding), page)), page) for page in CODE_PAGES),
                           key=lambda pair: pair[0])  # fmt: skip
    verdicts = {}
    for name in names:
        unicode = plain > 0 and plain >= share
        decoder = Decoder() if unicode else Decoder(claims[name], code_page if share else CODE_PAGES[0])
        enough = len(words) >= ENOUGH_WORDS
        verdicts[name] = Verdict(decoder, doubtful=enough and max(plain, share) < READABLE)
    if words and max(plain, share) < READABLE and (other := _by_words(words)).font:
        return dict.fromkeys(names, Verdict(other))  # it calls itself VNI and is TCVN3
    return verdicts


def _by_words(words: Sequence[str]) -> Decoder:
    """The encoding in which these words are Vietnamese, where they are not so as they stand."""
    if len(words) < ENOUGH_WORDS or _share(words, Decoder()) > HARDLY:
        return Decoder()
    decoders = [Decoder(LegacyFont(encoding), page) for encoding in Encoding for page in CODE_PAGES]
    best = max(decoders, key=lambda decoder: _share(words, decoder))
    return best if _share(words, best) >= SURE else Decoder()


def _as_the_others(words: Sequence[str], found: Iterable[Decoder]) -> Decoder:
    plain = _share(words, Decoder())
    for decoder in sorted(found, key=str):
        if decoder.font and plain <= HARDLY and _share(words, decoder) >= SURE:
            return Decoder(LegacyFont(decoder.font.encoding), decoder.code_page)
    return Decoder()


def _words(stretches: Iterable[str]) -> list[str]:
    """The words with characters beyond ASCII: only they tell one encoding from another."""
    words = []
    for stretch in stretches:
        words += [word for word in _TOKEN.findall(stretch) if not word.isascii() and set(word) - _PUNCTUATION]
        if len(words) >= MOST_WORDS:
            break
    return words


def _share(words: Sequence[str], decoder: Decoder) -> float:
    return sum(is_syllable(_read(word, decoder)) for word in words) / len(words) if words else 0.0


def _read(word: str, decoder: Decoder) -> str:
    return decode(word, decoder.font, code_page=decoder.code_page) if decoder.font else nfc(word)


def _is_unicode(text: str, decoder: Decoder) -> bool:
    """Is this stretch Vietnamese as it stands, and less so when it is decoded? Old fonts hold such patches."""
    words = _words([text])
    if not words:
        return False
    only_unicode = any(_beyond_codes(character, decoder.code_page) for character in unicodedata.normalize("NFC", text))
    return (only_unicode or len(words) > 1) and _share(words, Decoder()) > _share(words, decoder)


def _beyond_codes(character: str, code_page: str) -> bool:
    """A letter that no one-byte code can have become."""
    if not character.isalpha() or character.isascii() or 0xE000 <= ord(character) <= 0xF8FF:
        return False
    try:
        character.encode(code_page)
    except UnicodeEncodeError:
        return True
    return False
