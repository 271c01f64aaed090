"""The contents of a book as a person has edited them: ``toc.yaml``, in the form that `package.listings` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from sitebookify.book.model import Chapter, PageRef, Section

_DEEPEST = 100


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
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # the last of a day or number that is none
        raise ContentsError(f"not YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("chapters"), list):
        raise ContentsError("there is no list named chapters")
    reader = _Reader(pages)
    chapters = [reader.chapter(entry, number) for number, entry in enumerate(data["chapters"], 1)]
    if not chapters:
        raise ContentsError("there are no chapters")
    return EditedContents(
        title=_text(data, "title", "the book"),
        language=_text(data, "language", "the book"),
        chapters=tuple(chapters),
        left_out=tuple(url for url in pages if url not in reader.used),
        intents={chapter.id: _intent(entry) for chapter, entry in zip(chapters, data["chapters"], strict=True)},
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
        return Chapter(id=f"chapter-{number:03}", title=title, part=_text(entry, "part", place), sections=sections)

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
        title = _text(entry, "title", place) or ref.title
        return Section(url=url, blob=ref.blob, title=title, level=level, words=ref.words, sha256=ref.sha256)


def _intent(entry: Mapping[str, Any]) -> dict[str, Any]:
    gains = entry.get("reader_gains")
    intent = {"intent": str(entry.get("intent") or "").strip()}
    return {**intent, "reader_gains": [str(gain).strip() for gain in gains] if isinstance(gains, list) else []}


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise ContentsError(f"the {key} of {place} is no text")
    return str(value).strip()
