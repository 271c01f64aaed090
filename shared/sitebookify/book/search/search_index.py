"""The index of a book for the reader and for book.html, of which a search loads only the parts that it needs.

For the reader it is a zip beside book.epub, so that it needs no place in the job's record; book.html holds its members
itself. They are, each JSON:

- ``texts.json``: ``[[file name, title, [[heading, id], …]], …]`` in reading order, loaded with the first search;
- ``shards.json``: the first term of each shard, in order;
- ``N.json``: a shard, ``{term: postings}``. A posting is a number for each text that has the term, in reading order:
  four times the distance from the text before (from -1), plus how much the text has of the term: 0 once, 1 up to
  three times, 2 more often, 3 in its title or a heading.

Of a made-up book of the size of PostgreSQL's manual (1,169 texts, 13 MB of XHTML) it has 1.0 MB: 56 shards, some 16 KB
each to transfer, and 85 KB of titles and headings. In book.html, packed, it is 7 % of the file.
"""

from __future__ import annotations

import json
import zipfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from itertools import chain, islice
from typing import Self

from msgspec import Struct, convert

from sitebookify.book.limits import limited
from sitebookify.book.objects import unpack_lines
from sitebookify.book.search.text_words import terms_of

TEXTS, SHARDS = "texts.json", "shards.json"
SUFFIX = ".search.zip"
"""What the index is called after the name of the EPUB's object."""
_SHARD_CHARACTERS = 48_000
"""Of JSON: parsed within 2 ms on a phone, and a fifth of it to transfer."""
MOST_TERMS = 250_000
"""Of a book: five times what a manual of a thousand pages has. A term takes 220 bytes while it is collected."""
MOST_POSTINGS = 6_000_000
_MOST_HEADINGS = 100
_LONGEST_HEADING = 200
_MOST_CHARACTERS = 8_000_000
"""Of all headings of a book: a reader loads them with the first search. Those beyond are found as text."""
_LEVEL = 5
"""Of zlib, as in the EPUB."""
_OFTEN = 4
_IN_HEADING = 3
_EPOCH = (1980, 1, 1, 0, 0, 0)


class TextTerms(Struct, frozen=True, array_like=True):
    """A text: its headings with their ids, and its terms with how much it has of each, as in a posting."""

    headings: tuple[tuple[str, str], ...]
    weights: Mapping[str, int]

    @classmethod
    def of(cls, text: str, headings: Iterable[tuple[str, str]]) -> Self:
        """What the index says of a text with these headings."""
        listed = tuple((title[:_LONGEST_HEADING], own) for title, own in headings)[:_MOST_HEADINGS]
        weights = {term: (count > 1) + (count >= _OFTEN) for term, count in terms_of(text).items()}
        for title, _ in listed:
            weights.update(dict.fromkeys(terms_of(title), _IN_HEADING))
        return cls(listed, weights)

    @classmethod
    def joined(cls, texts: Sequence[Self]) -> Self:
        """What the index says of several texts as one."""
        headings = islice(chain.from_iterable(text.headings for text in texts), _MOST_HEADINGS)
        weights: dict[str, int] = {}
        for text in texts:
            for term, weight in text.weights.items():
                weights[term] = max(weight, weights.get(term, 0))
        return cls(tuple(headings), weights)


def index_name(epub: str) -> str:
    """The name of the index's object, by that of the EPUB's."""
    return epub + SUFFIX


def script() -> str:
    """The module that searches an index."""
    return files("sitebookify.book.search").joinpath("index.js").read_text(encoding="utf-8")


class SearchIndex:
    """Collects the terms of a book's texts; postings are held as numbers, some 4 bytes each.

    ``full``: the book has more terms or postings than an index may have. It needs one least of all: what it says
    can be no text that anybody has written.
    """

    def __init__(self) -> None:
        self.full = False
        self._characters = 0
        self._count = 0
        self._texts: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []
        self._postings: dict[str, array[int]] = {}
        self._last: dict[str, int] = {}

    def add(self, name: str, title: str, terms: TextTerms) -> None:
        """The next text in reading order: its file name, and the title under which it is in the contents."""
        place = len(self._texts)
        self._texts.append((name, title, self._listed(terms.headings)))
        weights = dict(terms.weights)
        weights.update(dict.fromkeys(terms_of(title), _IN_HEADING))
        self._count += len(weights)
        if self._count > MOST_POSTINGS or len(self._postings) + len(weights) > MOST_TERMS:
            self.full = True
        if self.full:
            return
        for term, weight in weights.items():
            distance = place - self._last.get(term, -1)
            self._postings.setdefault(term, array("I")).append(4 * distance + weight)
            self._last[term] = place

    def _listed(self, headings: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """The headings of the next text, or none where the book has had too many."""
        characters = sum(len(title) + len(own) for title, own in headings)
        if self._characters + characters > _MOST_CHARACTERS:
            return ()
        self._characters += characters
        return headings

    def members(self) -> Iterator[tuple[str, str]]:
        """The index's members by name, each JSON; the same for the same book."""
        firsts = []
        for number, shard in enumerate(_batches(self._lines())):
            firsts.append(shard[0][0])
            yield f"{number}.json", "{" + ",".join(line for _, line in shard) + "}"
        yield SHARDS, _json(firsts)
        yield TEXTS, _json(self._texts)

    def zipped(self) -> bytes:
        """The index as it is stored; the same bytes for the same book."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, text in self.members():
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED, _LEVEL)
        return out.getvalue()

    def _lines(self) -> Iterator[tuple[str, str]]:
        """The terms in the order that scripts compare strings in, each with what a shard says of it."""
        for term in sorted(self._postings, key=lambda term: term.encode("utf-16-be")):
            yield term, f"{_json(term)}:[{','.join(map(str, self._postings[term]))}]"


def terms_in(batches: Iterable[bytes]) -> Iterator[list[TextTerms]]:
    """What the texts of each page say, out of lines of JSON (`pack_lines`), one for each page."""
    for line in chain.from_iterable(map(unpack_lines, batches)):
        yield convert(line, list[TextTerms])


@limited(seconds=60)
def index_packed(pages: Iterable[tuple[str, Sequence[str]]], batches: Iterable[bytes]) -> bytes | None:
    """The index as it is stored; None where the book has more terms than an index may have.

    Of every page in reading order, the title in the contents and the names of its texts; ``batches`` say what is in
    these, see `terms_in`.
    """
    index = SearchIndex()
    for (title, names), texts in zip(pages, terms_in(batches), strict=True):
        for name, terms in zip(names, texts, strict=True):
            index.add(name, title, terms)
        if index.full:
            return None
    return index.zipped()


def _batches(lines: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    batch: list[tuple[str, str]] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[1])
        if size >= _SHARD_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
