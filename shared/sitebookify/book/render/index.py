"""Where the book's links lead, from the surveys of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sitebookify.book.ahead import read_ahead
from sitebookify.book.links import PageIndex, Target, anchor_name, fragment_in
from sitebookify.book.objects import read, unpack
from sitebookify.book.render.page_survey import Survey
from sitebookify.ports import ObjectStore

MOST_BYTES = 48_000_000
"""Of the places in pages that links lead to: a quarter of a million of them."""
_BYTES_OF_PLACE = 150
"""Besides its name: an entry in two dictionaries, in bytes."""


class BookIndex:
    """Every page's slug, and those of its ids that links in the book lead to.

    ``cut`` counts links to places in pages for which there was no room: they lead to the page.
    """

    def __init__(
        self, slugs: Mapping[str, str], aliases: Mapping[str, str], store: ObjectStore, surveyed: Sequence[str]
    ) -> None:
        """Read the surveys twice: first for the fragments that links lead to, then for the ids that exist.

        ``surveyed`` are the names of the objects with the surveys, one for each batch of pages.
        """
        self._slugs = slugs
        self._pages = PageIndex(slugs, aliases)
        self._store = store
        self._surveyed = surveyed
        self._batch = lru_cache(maxsize=2)(self._read)
        self._ids: dict[str, dict[str, int]] = {}
        fragments, self.cut = _fragments(self._pages, self._surveys())
        for survey in self._surveys():
            self._ids[survey.url] = _ids_in(survey, fragments.pop(survey.url, set()))

    def slug(self, url: str) -> str:
        """The page's short name."""
        return self._slugs[url]

    def ids(self, url: str) -> Mapping[str, int]:
        """The page's ids that links lead to, each with the number of its part."""
        return self._ids[url]

    def survey(self, batch: int, url: str) -> Survey:
        """The survey of a page of the batch."""
        return next(survey for survey in self._batch(self._surveyed[batch]) if survey.url == url)

    def _surveys(self) -> Iterator[Survey]:
        for _, surveys in read_ahead(self._read, self._surveyed, ahead=2):
            yield from surveys

    def _read(self, name: str) -> list[Survey]:
        return [*map(Survey.from_json, unpack(read(self._store, name)))]

    def targets(self, links: tuple[str, ...]) -> dict[str, Target]:
        """The links that lead into the book, with their targets."""
        targets: dict[str, Target] = {}
        for link in links:
            match = self._pages.find(link)
            if match is not None:
                targets[link] = self._target(*match)
        return targets

    def _target(self, url: str, fragment: str) -> Target:
        slug = self._slugs[url]
        ids = self._ids[url]
        name = fragment_in(ids, fragment)
        if name is None:
            return Target(slug=slug)
        return Target(slug=slug, part=ids[name], anchor=anchor_name(name))


def _fragments(pages: PageIndex, surveys: Iterable[Survey]) -> tuple[dict[str, set[str]], int]:
    """The fragments that links lead to, by page, and the number of those for which there was no room."""
    fragments: dict[str, set[str]] = {}
    room = MOST_BYTES
    cut = 0
    for survey in surveys:
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
