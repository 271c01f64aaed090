"""Where every link of the book leads, from the surveys of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Protocol, Self

from sitebookify.book.links import PageIndex, Target, anchor_name, fragment_in
from sitebookify.book.render.page_survey import Survey


class Surveys(Protocol):
    """The surveys of the book's pages, in batches."""

    def __iter__(self) -> Iterator[list[Survey]]: ...

    def __getitem__(self, batch: int, /) -> list[Survey]: ...


class BookIndex:
    """Keeps, for every page, its slug and those of its ids that some link in the book names."""

    def __init__(
        self, slugs: Mapping[str, str], pages: PageIndex, ids: Mapping[str, Mapping[str, int]], surveys: Surveys
    ) -> None:
        self._slugs = slugs
        self._pages = pages
        self._ids = ids
        self._batch = lru_cache(maxsize=4)(surveys.__getitem__)

    @classmethod
    def build(cls, slugs: Mapping[str, str], aliases: Mapping[str, str], surveys: Surveys) -> Self:
        """Read the surveys twice: first for what links name, then for which of it there is."""
        pages = PageIndex(slugs, aliases)
        named: dict[str, set[str]] = {}
        for batch in surveys:
            for survey in batch:
                for link in survey.links:
                    if (found := pages.find(link)) and found[1]:
                        named.setdefault(found[0], set()).add(found[1])
        ids: dict[str, dict[str, int]] = {}
        for batch in surveys:
            for survey in batch:
                there = dict(survey.ids)
                names = (fragment_in(there, fragment) for fragment in sorted(named.pop(survey.url, ())))
                ids[survey.url] = {name: there[name] for name in names if name is not None}
        return cls(slugs, pages, ids, surveys)

    def slug(self, url: str) -> str:
        """The page's short name."""
        return self._slugs[url]

    def ids(self, url: str) -> Mapping[str, int]:
        """The page's ids that links name, with the part each stands in."""
        return self._ids[url]

    def survey(self, batch: int, url: str) -> Survey:
        """The survey of a page of the batch."""
        return next(survey for survey in self._batch(batch) if survey.url == url)

    def targets(self, links: tuple[str, ...]) -> dict[str, Target]:
        """Those of the links that lead into the book, with their places."""
        return {link: target for link in links if (target := self._target(link))}

    def _target(self, link: str) -> Target | None:
        found = self._pages.find(link)
        if found is None:
            return None
        url, fragment = found
        name = fragment_in(self._ids[url], fragment)
        if name is None:
            return Target(slug=self._slugs[url])
        return Target(slug=self._slugs[url], part=self._ids[url][name], anchor=anchor_name(name))
