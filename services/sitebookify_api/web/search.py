"""Searching a book: titles and headings that hold the words first, then texts with the phrase, then all others.

The reader finds texts in the book's index and asks this module for the excerpts. For a book without an index, every
text is read at each search, until a time limit; the hits up to then are ranked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sitebookify.book.search.text_words import XHTML, plain_text
from sitebookify_api.web.book import Book, Line
from sitebookify_api.web.draft import Draft
from sitebookify_api.web.screen import BadText, parse

MOST_ASKED = 40
"""Texts that are named in one request."""
_SECONDS = 5.0
_MOST_HITS = 200
_MOST_HEADINGS = 20
_MOST_WORDS = 12
_AROUND = 60
_LONG_WORD = 20
_EQUAL, _BEGINS, _HOLDS = 3, 2, 1
"""How well a title fits the words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of the book: how often its text holds the words, and the first time with what stands around it.

    ``place`` is a text's file name, with the fragment of a heading where the heading itself holds the words; such a hit
    has no count and no excerpt.
    """

    place: str
    title: str
    count: int
    before: str
    match: str
    after: str


def search(book: Book | Draft, query: str, only: Sequence[str] = ()) -> tuple[list[Hit], bool]:
    """Places that hold the words, the best first; False where there was more than time or room allowed.

    Words of a text may stand apart, but all must be there; a text that has them side by side, in order, is better.
    Where a script has no spaces, its words are looked for as they were entered. ``only`` names the texts to look in;
    headings are no hits of their own then.
    """
    words = _folded(query).split()[:_MOST_WORDS]
    if not words:
        return [], True
    fits = {line.place: _fit(line.text, words) for line in book.contents}
    ranked: list[tuple[tuple[int, int, int], Hit]] = []
    for line in book.contents:
        if not only and "#" in line.place and fits[line.place]:
            ranked.append(((-fits[line.place], 1, len(ranked)), Hit(line.place, line.text, 0, "", "", "")))
    ranked = sorted(ranked)[:_MOST_HEADINGS]
    complete = True
    end = time.monotonic() + _SECONDS
    for index, (name, title) in enumerate(_titled(book.spine, book.contents)):
        if only and name not in only:
            continue
        if time.monotonic() > end:
            complete = False
            break
        fit = fits.get(name, 0)
        phrase, hit = _hit(words, name, title, _plain(book, name))
        if hit or fit:
            ranked.append(((-fit, 0 if fit or phrase else 2, index), hit or Hit(name, title, 0, "", "", "")))
    ranked.sort(key=lambda each: each[0])
    return [hit for _, hit in ranked[:_MOST_HITS]], complete and len(ranked) <= _MOST_HITS


def _fit(title: str, words: Sequence[str]) -> int:
    """How well the title fits: it is the words, begins with them, or holds them all; 0 where it does not."""
    folded = " ".join(_folded(title).split())
    phrase = " ".join(words)
    if folded == phrase:
        return _EQUAL
    if folded.startswith(phrase):
        return _BEGINS
    return _HOLDS if all(word in folded for word in words) else 0


def _titled(spine: Sequence[str], contents: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Each text with its title: its own, or that of the text before which has one."""
    titles = {line.place.partition("#")[0]: line.text for line in reversed(contents)}
    title = ""
    for name in spine:
        title = titles.get(name, title)
        yield name, title


def _plain(book: Book | Draft, name: str) -> str:
    """The words of a text, see `plain_text`."""
    try:
        body = parse(book.read_text(name)).find(f"{XHTML}body")
    except BadText:
        return ""
    return "" if body is None else plain_text(body)


def _hit(words: Sequence[str], name: str, title: str, text: str) -> tuple[bool, Hit | None]:
    """Whether the text has the words side by side, and the hit, None where a word is missing.

    Blanks of the text are single, and each of its blocks is a line. A pattern would try each place as far as the words
    go, and a page that says the same again and again has many.
    """
    folded = _folded(text)
    phrase = " ".join(words)
    together = phrase in folded
    if not together and not all(word in folded for word in words):
        return False, None
    match = phrase if together else max(words, key=folded.count)
    heading_end = folded.find("\n") + 1
    start = folded.find(match, heading_end)  # a hit shows its title already
    if start < 0:
        start = folded.find(match)
    end = start + len(match)
    before, after = _part_before(text[:start][-_AROUND:]), _part_before(text[end : end + _AROUND][::-1])[::-1]
    return together, Hit(name, title, folded.count(match), before, text[start:end], after)


def _folded(text: str) -> str:
    """The text without capitals, character by character, so that places in it are those of the text."""
    one_for_one = text.replace("İ", "I").lower()  # the one letter that would become two
    return one_for_one.replace("ς", "σ")  # noqa: RUF001 - Greek, whose last letter of a word has a form of its own


def _part_before(text: str) -> str:
    """What stands before a match, from the beginning of its block or of a word on."""
    _, newline, part = text.rpartition("\n")
    return part if newline or len(text) < _AROUND else _from_a_word(part)


def _from_a_word(text: str) -> str:
    """Without the rest of a word that was cut; text that is written without spaces stays as it is."""
    head, space, rest = text.partition(" ")
    return rest if space and len(head) < _LONG_WORD else text
