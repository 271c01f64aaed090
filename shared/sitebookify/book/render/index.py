"""Where the book's links lead, from the surveys of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Protocol, Self

from sitebookify.book.links import PageIndex, Target, anchor_name, fragment_in
from sitebookify.book.render.page_survey import Survey

MOST_BYTES = 48_000_000
"""Of the places in pages that links lead to: a quarter of a million of them."""
_BYTES_OF_PLACE = 150
"""Besides its name: an entry in two dictionaries, in bytes."""


class Surveys(Protocol):
    """The surveys of the book's pages, in batches."""

    def __iter__(self) -> Iterator[list[Survey]]: ...

    def __getitem__(self, batch: int, /) -> list[Survey]: ...


class BookIndex:
    """Every page's slug, and those of its ids that links in the book lead to.

    ``cut`` counts links to places in pages for which there was no room: they lead to the page.
    """

    def __init__(
        self,
        slugs: Mapping[str, str],
        pages: PageIndex,
        ids: Mapping[str, Mapping[str, int]],
        surveys: Surveys,
        cut: int = 0,
    ) -> None:
        self.cut = cut
        self._slugs = slugs
        self._pages = pages
        self._ids = ids
        self._batch = lru_cache(maxsize=2)(surveys.__getitem__)

    @classmethod
    def build(cls, slugs: Mapping[str, str], aliases: Mapping[str, str], surveys: Surveys) -> Self:
        """Read the surveys twice: first for the fragments that links lead to, then for the ids that exist."""
        pages = PageIndex(slugs, aliases)
        fragments, cut = _fragments(pages, surveys)
        ids: dict[str, dict[str, int]] = {}
        for survey in chain.from_iterable(surveys):
            ids[survey.url] = _ids_in(survey, fragments.pop(survey.url, set()))
        return cls(slugs, pages, ids, surveys, cut)

    def slug(self, url: str) -> str:
        """The page's short name."""
        return self._slugs[url]

    def ids(self, url: str) -> Mapping[str, int]:
        """The page's ids that links lead to, each with the number of its part."""
        return self._ids[url]

    def survey(self, batch: int, url: str) -> Survey:
        """The survey of a page of the batch."""
        return next(survey for survey in self._batch(batch) if survey.url == url)

    def targets(self, links: tuple[str, ...]) -> dict[str, Target]:
        """The links that lead into the book, with their targets."""
        targets: dict[str, Target] = {}
        for link in links:
            target = self._target(link)
            if target is not None:
                targets[link] = target
        return targets

    def _target(self, link: str) -> Target | None:
        match = self._pages.find(link)
        if match is None:
            return None
        url, fragment = match
        slug = self._slugs[url]
        ids = self._ids[url]
        name = fragment_in(ids, fragment)
        if name is None:
            return Target(slug=slug)
        return Target(slug=slug, part=ids[name], anchor=anchor_name(name))


def _fragments(pages: PageIndex, surveys: Surveys) -> tuple[dict[str, set[str]], int]:
    """The fragments that links lead to, by page, and the number of those for which there was no room."""
    fragments: dict[str, set[str]] = {}
    room = MOST_BYTES
    cut = 0
    for survey in chain.from_iterable(surveys):
        for link in survey.links:
            page, fragment = pages.find(link) or ("", "")
            if not fragment or fragment in fragments.get(page, ()):
                continue
            if room <= 0:
                cut += 1
                continue
            room -= _BYTES_OF_PLACE + len(fragment)
            fragments.setdefault(page, set()).add(fragment)
    return fragments, cut


def _ids_in(survey: Survey, fragments: Iterable[str]) -> dict[str, int]:
    """The page's ids that the fragments name, each with the number of its part."""
    parts = dict(survey.ids)
    ids: dict[str, int] = {}
    for fragment in sorted(fragments):
        name = fragment_in(parts, fragment)
        if name is not None:
            ids[name] = parts[name]
    return ids
