"""URLs that no link led to: sitemaps and feeds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain

from sitebookify.book.crawl.patience import LONGEST_STREAK
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.sitemaps import MOST_FILES, Reader, read_sitemaps
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.urls import join
from sitebookify.egress.fetcher import Fetcher

MOST_FEEDS = 5
_MOST_SECONDS = 120.0  # well within a slice, or one that is cut short would begin again for ever
_DEPTH = 1  # of what they name: as if the start page linked to it


async def read_seeds(survey: Survey, fetcher: Fetcher, robots: Robots, compute: Reader) -> None:
    """Queue what sitemaps and feeds name and no link led to, after everything that was found by links.

    Changes nothing before its end, so that it can be cancelled and begun again.
    """
    if survey.spec.max_depth >= _DEPTH:
        try:
            rules = {start: await robots.rules(start) for start in survey.starts}
        except RobotsUnreachable:
            survey.streak = LONGEST_STREAK
            return
        end = time.monotonic() + _MOST_SECONDS
        days: dict[str, str] = {}

        async def read(places: Iterable[str]) -> tuple[str, ...]:
            left = end - time.monotonic()
            named = await read_sitemaps(
                fetcher, places, allow=robots.allow_for_sure, compute=compute, most_seconds=left
            )
            days.update(named.days)
            return named.pages

        announced = any(each.sitemaps for each in rules.values())
        pages = await read(chain.from_iterable(sitemap_places(start, each.sitemaps) for start, each in rules.items()))
        if announced and not pages:  # what robots.txt announces may be long gone
            pages = await read(chain.from_iterable(map(_usual_places, survey.starts)))
        pages += await read(survey.feeds[:MOST_FEEDS])
        survey.date_posts(days.items())
        survey.frontier.add(pages, survey.scope, _DEPTH)
    survey.seeded = True


def sitemap_places(start: str, announced: tuple[str, ...]) -> list[str]:
    """Where sitemaps may be: where robots.txt says, else in the start page's directory and at the root."""
    places = [url for place in announced[:MOST_FILES] if (url := join(start, place))]
    return list(dict.fromkeys(places)) or _usual_places(start)


def _usual_places(start: str) -> list[str]:
    places = (join(start, place) for place in ("sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"))
    return list(dict.fromkeys(filter(None, places)))
