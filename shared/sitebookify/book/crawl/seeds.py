"""URLs that no link led to: sitemaps and feeds."""

from __future__ import annotations

from sitebookify.book.crawl.robots import Robots
from sitebookify.book.crawl.survey import Survey
from sitebookify.egress.client import Fetcher


async def read_seeds(survey: Survey, fetcher: Fetcher, robots: Robots) -> None:
    """Queue what sitemaps and feeds name."""
    survey.seeded = True
