"""The contents of a book as a person has edited them: ``toc.yaml``, in the form that `package.listings` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from sitebookify.book.model import Chapter, PageRef, Section, chapter_id

_DEEPEST = 100


class _Loader(yaml.SafeLoader):
    """Without merge keys (``<<``): a few lines of them that merge each other twice make millions of entries."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave a merge key where it is; no constructor knows it, so it is refused."""


class ContentsError(ValueError):
    """The file is no table of contents of this book; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedContents:
    """The book's ``title`` and ``language``, "" where the file has none, its chapters, and pages that are left out.

    ``intents`` are each chapter's ``intent`` and ``reader_gains``, by its id, where the file has them.
    """

    title: str
    language: str
    chapters: tuple[Chapter, ...]
    left_out: tuple[str, ...]
    intents: Mapping[str, Mapping[str, Any]]


def read_contents(text: str, pages: Mapping[str, PageRef]) -> EditedContents:
    """Read the file; ``pages`` are the book's, by URL.

    A section without a title has its page's, a chapter without one that of its first section.

    Raises:
        ContentsError: it is not YAML of this form, or it names a page that the book does not have, or one twice.
    """
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # the last of a day or number that is none
        raise ContentsError(f"not YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("chapters"), list):
        raise ContentsError("there is no list named chapters")
    if not data["chapters"]:
        raise ContentsError("there are no chapters")
    numbered = list(enumerate(data["chapters"], 1))
    reader = _Reader(pages)
    chapters = [reader.chapter(entry, number) for number, entry in numbered]
    return EditedContents(
        title=_text(data, "title", "the book"),
        language=_text(data, "language", "the book"),
        chapters=tuple(chapters),
        left_out=tuple(url for url in pages if url not in reader.used),
        intents={chapter_id(number): _intent(entry, number) for number, entry in numbered},
    )


class _Reader:
    """Makes chapters, and remembers the pages that they use."""

    def __init__(self, pages: Mapping[str, PageRef]) -> None:
        self.used: set[str] = set()
        self._pages = pages

    def chapter(self, entry: Any, number: int) -> Chapter:
        place = f"chapter {number}"
        if not isinstance(entry, dict):
            raise ContentsError(f"{place} has no title and no sections")
        sections = tuple(self._sections(entry.get("sections"), place, 0))
        if not sections:
            raise ContentsError(f"{place} has no sections; remove it, or give it one")
        title = _text(entry, "title", place) or sections[0].title
        return Chapter(id=chapter_id(number), title=title, part=_text(entry, "part", place), sections=sections)

    def _sections(self, entries: Any, place: str, level: int) -> Iterator[Section]:
        if entries is None:
            return
        if not isinstance(entries, list) or level > _DEEPEST:
            raise ContentsError(f"the sections of {place} are no list, or nested too deep")
        for number, entry in enumerate(entries, 1):
            where = f"section {number} of {place}"
            yield self._section(entry, where, level)
            yield from self._sections(entry.get("sections"), where, level + 1)

    def _section(self, entry: Any, place: str, level: int) -> Section:
        url = _text(entry, "url", place) if isinstance(entry, dict) else ""
        if not url:
            raise ContentsError(f"{place} has no url")
        ref = self._pages.get(url)
        if ref is None:
            raise ContentsError(f"{place}: the book has no page {url}")
        if url in self.used:
            raise ContentsError(f"{place}: {url} is in the contents twice")
        self.used.add(url)
        return ref.section(level, number=_text(entry, "number", place), title=_text(entry, "title", place))


def _intent(entry: Mapping[str, Any], number: int) -> dict[str, Any]:
    place = f"chapter {number}"
    gains = entry.get("reader_gains")
    if not isinstance(gains, list):
        gains = []
    return {
        "intent": _text(entry, "intent", place),
        "reader_gains": [_plain(gain, "reader_gains", place) for gain in gains],
    }


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    return _plain(entry.get(key), key, place)


def _plain(value: Any, key: str, place: str) -> str:
    """The value as text; never that of a list, whose aliases may stand for a billion others."""
    if value is None:
        return ""
    if isinstance(value, (dict, list, tuple, set)):
        raise ContentsError(f"the {key} of {place} is no text")
    try:
        return str(value).strip()
    except ValueError as error:  # a number of thousands of digits, written in hexadecimal
        raise ContentsError(f"the {key} of {place} is no text") from error
