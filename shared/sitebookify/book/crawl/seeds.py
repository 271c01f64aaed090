"""URLs that no link led to: sitemaps and feeds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain, starmap

from sitebookify.book.crawl.computing import Compute
from sitebookify.book.crawl.patience import LONGEST_STREAK
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.sitemaps import MOST_FILES, read_sitemaps
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.urls import join
from sitebookify.egress.fetcher import Fetcher

MOST_FEEDS = 5
_MOST_SECONDS = 120.0  # well within a slice, or one that is cut short would begin again for ever
_DEPTH = 1  # of what they name: as if the start page linked to it


async def read_seeds(survey: Survey, fetcher: Fetcher, robots: Robots, compute: Compute) -> None:
    """Queue what sitemaps and feeds name and no link led to, after everything that was found by links.

    Changes nothing before its end, so that it can be cancelled and begun again. Where robots.txt cannot be read, it
    only notes that the site fails.
    """
    if survey.spec.max_depth < _DEPTH:
        survey.seeded = True
        return
    try:
        announced = {start: (await robots.rules(start)).sitemaps for start in survey.starts}
    except RobotsUnreachable:
        survey.streak = LONGEST_STREAK
        return
    reader = _Seeds(fetcher, robots, compute)
    pages = await reader.pages(chain.from_iterable(starmap(sitemap_places, announced.items())))
    if not pages and any(announced.values()):  # what robots.txt announces may be long gone
        pages = await reader.pages(chain.from_iterable(map(_usual_places, survey.starts)))
    pages += await reader.pages(survey.feeds[:MOST_FEEDS])
    survey.date_posts(reader.days.items())
    survey.frontier.add(pages, survey.scope, _DEPTH)
    survey.seeded = True


class _Seeds:
    """Sitemaps and feeds, read in a limited time; ``days`` are those of the feeds' pages."""

    def __init__(self, fetcher: Fetcher, robots: Robots, compute: Compute) -> None:
        self.days: dict[str, str] = {}
        self._end = time.monotonic() + _MOST_SECONDS
        self._fetcher = fetcher
        self._allow = robots.allow_for_sure
        self._compute = compute

    async def pages(self, places: Iterable[str]) -> tuple[str, ...]:
        """The pages that the files at these URLs name."""
        seconds = self._end - time.monotonic()
        named = await read_sitemaps(
            self._fetcher, places, allow=self._allow, compute=self._compute, most_seconds=seconds
        )
        self.days.update(named.days)
        return named.pages


def sitemap_places(start: str, announced: tuple[str, ...]) -> list[str]:
    """Where sitemaps may be: where robots.txt says, else in the start page's directory and at the root."""
    return _joined(start, announced[:MOST_FILES]) or _usual_places(start)


def _usual_places(start: str) -> list[str]:
    return _joined(start, ("sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"))


def _joined(base: str, references: Iterable[str]) -> list[str]:
    urls = (join(base, reference) for reference in references)
    return list(dict.fromkeys(filter(None, urls)))
