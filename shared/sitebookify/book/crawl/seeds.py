"""URLs that no link led to: sitemaps and feeds."""

from __future__ import annotations

from sitebookify.book.crawl.robots import Robots
from sitebookify.book.crawl.sitemaps import MOST_FILES, Reader, read_sitemaps
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.urls import join
from sitebookify.egress.fetcher import Fetcher

_MOST_FEEDS = 5
_MOST_SECONDS = 120.0  # well within a slice, or one that is cut short would begin again for ever
_DEPTH = 1  # of what they name: as if the start page linked to it


async def read_seeds(survey: Survey, fetcher: Fetcher, robots: Robots, compute: Reader) -> None:
    """Queue what sitemaps and feeds name and no link led to, after everything that was found by links.

    Changes nothing before its end, so that it can be cancelled and begun again.
    """
    if survey.spec.max_depth >= _DEPTH:
        places: list[str] = []
        for start in survey.starts:
            rules = await robots.rules(start)
            places += sitemap_places(start, rules.sitemaps)
        places += survey.feeds[:_MOST_FEEDS]
        named = await read_sitemaps(
            fetcher, places, allow=robots.allow_for_sure, compute=compute, most_seconds=_MOST_SECONDS
        )
        survey.frontier.add(named.pages, survey.scope, _DEPTH)
    survey.seeded = True


def sitemap_places(start: str, announced: tuple[str, ...]) -> list[str]:
    """Where sitemaps may be: where robots.txt says, else in the start page's directory and at the root."""
    said = [url for place in announced[:MOST_FILES] if (url := join(start, place))]
    usual = [url for place in ("sitemap.xml", "/sitemap.xml", "/sitemap_index.xml") if (url := join(start, place))]
    return list(dict.fromkeys(said or usual))
