"""Servers to which ``/Docs/A.aspx`` and ``/docs/a.aspx`` are one page, as those of Windows are.

A page that shows what another spelling of its URL shows, or names another spelling as its canonical URL, raises the
question; so does a start page whose links leave its section only by their case. One request answers it: the page asked
for with all its letters' cases changed. A wiki, whose redirects look alike, has no page there.
"""

from __future__ import annotations

import structlog

from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Visitor
from sitebookify.book.urls import differ_in_case, identity, origin_of

log = structlog.get_logger()


async def settle_case(survey: Survey, visitor: Visitor) -> None:
    """Find out whether the site ignores the case of letters, and from then on take URLs so; asked once a crawl."""
    url, survey.odd_case = survey.odd_case, ""
    survey.case_settled = True
    head, slash, path = url.partition(origin_of(url) + "/")
    swapped = f"{head}{slash}{path.swapcase()}"
    if swapped == url:
        return

    async def stay(goal: str) -> Lost | None:
        return None if origin_of(goal) == origin_of(url) else Lost.OUT_OF_SCOPE

    try:
        outcome = await visitor.visit(swapped, stay)
    except RobotsUnreachable:
        return
    original = survey.ledger.copies.original(outcome.document.sketch) if outcome.document else None
    if original and (identity(original) == identity(url) or differ_in_case(original, url)):
        _ignore_case(survey)


def _ignore_case(survey: Survey) -> None:
    """Take URLs that differ in their letters' case alone for one page from now on."""
    log.info("crawl.case_ignored", start=survey.start)
    survey.scope = survey.scope.ignoring_case()
    survey.ledger.aliases.update(survey.frontier.revise(survey.scope))
    homes = ((page.url, survey.scope.home(page.url)) for page in survey.ledger.pages)
    survey.ledger.aliases.update((home, url) for url, home in homes if home != url)
