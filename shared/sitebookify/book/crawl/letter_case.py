"""Servers to which ``/Docs/A.aspx`` and ``/docs/a.aspx`` are one page, as those of Windows are.

A page that shows what another spelling of its URL shows, or names another spelling as its canonical URL, raises the
question; so does a start page whose links leave its section only by their case. One request answers it: the page asked
for with all its letters' cases changed. A wiki, whose redirects look alike, has no page there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Follow, Outcome, within_origin
from sitebookify.book.urls import differ_in_case, identity, origin_of

log = structlog.get_logger()


async def settle_case(survey: Survey, visit: Callable[[str, Follow], Awaitable[Outcome]]) -> None:
    """Find out whether the site ignores the case of letters, and from then on take URLs so; asked once a crawl."""
    url, survey.odd_case = survey.odd_case, ""
    survey.case_settled = True
    origin = origin_of(url)
    swapped = origin + url.removeprefix(origin).swapcase()
    if swapped == url:
        return  # it has no letters, and would show itself
    outcome = await visit(swapped, within_origin(url))
    original = survey.ledger.copies.original(outcome.document.sketch) if outcome.document else None
    if not original or (identity(original) != identity(url) and not differ_in_case(original, url)):
        return
    log.info("crawl.case_ignored", start=survey.start)
    survey.scope = survey.scope.ignoring_case()
    survey.ledger.aliases.update(survey.frontier.revise(survey.scope))
    homes = ((page.url, survey.scope.home(page.url)) for page in survey.ledger.pages)
    survey.ledger.aliases.update((home, url) for url, home in homes if home != url)
