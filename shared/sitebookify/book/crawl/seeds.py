"""URLs that no link led to: sitemaps and feeds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain, starmap

from sitebookify.book.crawl.patience import LONGEST_STREAK
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.sitemaps import MOST_FILES
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Visitor
from sitebookify.book.urls import join

MOST_FEEDS = 5
_MOST_SECONDS = 120.0  # well within a slice, or one that is cut short would begin again for ever
_DEPTH = 1  # of what they name: as if the start page linked to it


async def read_seeds(survey: Survey, visitor: Visitor, robots: Robots) -> None:
    """Queue what sitemaps and feeds name and no link led to, after everything that was found by links.

    Changes nothing before its end, so that it can be cancelled and begun again. Where robots.txt cannot be read, it
    only notes that the site fails.
    """
    if survey.spec.max_depth >= _DEPTH:
        try:
            announced = {start: (await robots.rules(start)).sitemaps for start in survey.starts}
        except RobotsUnreachable:
            survey.streak = LONGEST_STREAK
            return
        pages, days = await _named(survey, visitor, announced)
        survey.date_posts(days.items())
        survey.frontier.add(pages, survey.scope, _DEPTH)
    survey.seeded = True


async def _named(
    survey: Survey, visitor: Visitor, announced: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The pages that sitemaps and feeds name, and the feeds' days; sitemaps are ``announced`` for start pages."""
    end = time.monotonic() + _MOST_SECONDS
    days: dict[str, str] = {}

    async def pages(places: Iterable[str]) -> tuple[str, ...]:
        named = await visitor.sitemaps(places, most_seconds=end - time.monotonic())
        days.update(named.days)
        return named.pages

    found = await pages(chain.from_iterable(starmap(sitemap_places, announced.items())))
    if not found and any(announced.values()):  # what robots.txt announces may be long gone
        found = await pages(chain.from_iterable(map(_usual_places, survey.starts)))
    return found + await pages(survey.feeds[:MOST_FEEDS]), days


def sitemap_places(start: str, announced: tuple[str, ...]) -> list[str]:
    """Where sitemaps may be: where robots.txt says, else in the start page's directory and at the root."""
    return _joined(start, announced[:MOST_FILES]) or _usual_places(start)


def _usual_places(start: str) -> list[str]:
    return _joined(start, ("sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"))


def _joined(base: str, references: Iterable[str]) -> list[str]:
    urls = (join(base, reference) for reference in references)
    return list(dict.fromkeys(filter(None, urls)))
