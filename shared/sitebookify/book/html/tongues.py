"""Which legacy encoding a text is in, by the language that it makes sense in.

Any bytes can be read in any single-byte encoding, and a few sentences are too little for statistics of letters. But a
language has its letters and its small words: read wrongly, "és" and "hogy" keep a neighbour such as "õ", which no
Hungarian word has. So the text is read in each encoding, and each language says how much of it is its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from webencodings import lookup  # type: ignore[import-untyped]  # it has no annotations

MOST_CHARACTERS = 12_000
"""Of a page, that are looked at."""
_LEAST_OWN = 0.9
"""Share of the letters beyond ASCII that are the language's own in a text that is read rightly: names are foreign."""
_LEAST_WORDS = 0.05
"""Share of a text's words that are among the language's commonest: in running text a fifth and more."""
_FEWEST_WORDS = 2
"""Common words below which a text says nothing."""
_NAMED = 0.1
"""What it counts that the page names the language, in shares of words."""
_WORD = re.compile(r"(?:[^\W\d_]|[\x80-\x9f])+")
"""Controls in a word come from a wrong encoding: they do not make two words of it."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language: the encodings of its pages before UTF-8, commonest first, letters beyond ASCII, commonest words."""

    encodings: tuple[str, ...]
    letters: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def _tongues() -> Mapping[str, _Tongue]:
    """Languages by their codes.

    The words were written down by hand: articles, pronouns, prepositions, and verbs such as "is" and "has".
    """
    rows = json.loads(files(__package__).joinpath("tongues.json").read_text("utf-8"))
    tongues = {}
    for code, row in rows.items():
        encodings = tuple(row["encodings"].split())
        tongues[code] = _Tongue(encodings, frozenset(row["letters"]), frozenset(row["words"].split()))
    return tongues


@dataclass(frozen=True, slots=True)
class Reading:
    """How well a text makes sense in an encoding: the share of its words that are the language's, and that encoding."""

    encoding: str
    language: str
    score: float


def best_reading(text: bytes, *, language: str = "", among: Iterable[str] = ()) -> Reading | None:
    """The encoding and language in which the text, ASCII aside, makes most sense; None where it makes little in any.

    Args:
        text: without tags; the first 12,000 bytes are looked at.
        language: what the page says that it is in, such as ``hu`` or ``pt-BR``, or "".
        among: encodings to look at; all that are known where there are none.
    """
    encodings = frozenset(among)
    named = language.lower().partition("-")[0]
    texts: dict[str, _Text] = {}
    best: Reading | None = None
    for code, tongue in _tongues().items():
        for encoding in tongue.encodings:
            if encodings and encoding not in encodings:
                continue
            if encoding not in texts:
                texts[encoding] = _Text.read(text, encoding)
            score = texts[encoding].score(tongue, named=code == named)
            if score >= _LEAST_WORDS and (best is None or score > best.score):
                best = Reading(encoding, code, score)
    return best


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as an encoding has it: its words in lower case, and its characters beyond ASCII, with their number."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    odd: int

    @classmethod
    def read(cls, body: bytes, encoding: str) -> _Text:
        text = body[:MOST_CHARACTERS].decode(lookup(encoding).codec_info.name, "replace")
        words = _WORD.findall(text)
        beyond = [character for character in text if character > "\x7f"]
        letters = tuple(character.lower() for character in beyond if character.isalpha())
        odd = sum(map(_is_odd, beyond)) + sum(map(_changes_case, words))
        return cls(tuple(word.lower() for word in words), letters, odd)

    def score(self, tongue: _Tongue, *, named: bool) -> float:
        """The share of the words that are the language's, and more if it is ``named``; 0 if its letters are foreign."""
        if not self.words or not self.letters:
            return 0.0
        own = sum(map(tongue.letters.__contains__, self.letters))
        own_share = own / (len(self.letters) + self.odd)
        if own_share < _LEAST_OWN:
            return 0.0
        common = sum(map(tongue.words.__contains__, self.words))
        if common < _FEWEST_WORDS and not named:
            return 0.0
        return common / len(self.words) * own_share**2 + (_NAMED * own_share if named else 0.0)


_TYPOGRAPHY = frozenset("\xa0«»„“”‘’‚‹›–—…·•°§©®™€£¿¡№")  # noqa: RUF001 - quotation marks are meant


def _is_odd(character: str) -> bool:
    """True for what stands in texts that are read in a wrong encoding: controls, fractions, signs of currencies."""
    return not character.isalpha() and character not in _TYPOGRAPHY


def _changes_case(word: str) -> bool:
    """True for a capital letter inside a word, as KOI8 read as windows-1251 has them."""
    return not word.islower() and not word.isupper() and not word[1:].islower()
