"""What a text of the book says, and the terms by which it is found.

Terms are words in small letters without accents. Scripts that write no spaces between words give pairs of neighbouring
characters instead, and each run's last character, so that a search for one character finds it wherever it stands.
``index.js`` of the reader makes the same terms of what somebody types.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.html.vocabulary import PHRASING

XHTML = "{http://www.w3.org/1999/xhtml}"
LONGEST_TERM = 40
"""Characters; what is longer is a hash or a path, and found by its beginning."""
_INLINE = PHRASING - {"br"}
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACELESS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Chinese and Japanese
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_SPACELESS}]+|[^\\W{_SPACELESS}]+")
_FIRST_SPACELESS = re.compile(f"[{_SPACELESS}]")
_APART = "\0"
"""No XML has it."""
_PARTS = re.compile("[^_]+")


def folded(text: str) -> str:
    """The text without capitals, accents and compatibility forms such as wide letters."""
    if text.isascii():
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain.lower())


def terms_of(text: str) -> Counter[str]:
    """How often each term stands in a text."""
    terms: Counter[str] = Counter()
    for run, count in Counter(_RUN.findall(folded(text))).items():
        if run.isascii() and "_" not in run:
            terms[run[:LONGEST_TERM]] += count
            continue
        for term in _terms(run):
            terms[term] += count
    return terms


def _terms(run: str) -> Iterator[str]:
    if _FIRST_SPACELESS.match(run):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
        yield run[-1]
        return
    yield run[:LONGEST_TERM]
    if "_" in run:
        yield from (part[:LONGEST_TERM] for part in _PARTS.findall(run))


def plain_text(body: Element) -> str:
    """The words of a body, a line for each block; blanks are single, and parts of a word are not told apart."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if str(element.tag).removeprefix(XHTML) not in _INLINE:
            pieces.append(_APART)
        text = element.text if event == "start" else element.tail
        if text:
            pieces.append(text)
    lines = [" ".join(line.split()) for line in "".join(pieces).split(_APART)]
    return "\n".join(filter(None, lines))
