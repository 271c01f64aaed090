"""What a crawl makes of each visit: a page of the book, a copy, a variant, a list, or a failure; and its links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from sitebookify.book.crawl.copies import FEWEST_PARTS
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.index_pages import groups_posts, lists_posts, names_known_pages, service_shown, widened
from sitebookify.book.crawl.indexing import NOFOLLOW, NOINDEX
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.post_lists import MOST_BESIDE_LINKS, MOST_OF_IT, is_continuation, is_menu, may_only_name
from sitebookify.book.crawl.service_pages import Service
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.traps import trap_of
from sitebookify.book.crawl.visit import Outcome
from sitebookify.book.model import FetchedPage
from sitebookify.book.urls import differ_in_case, path_of
from sitebookify.egress import Reason

_MOST_BANNERS = 100
_WEIGHTS: dict[str, int] = {Lost.EMPTY: 0, Lost.RATE_LIMITED: 5, Lost.ROBOTS_UNREADABLE: 5, Reason.TIMEOUT: 5}
"""In a row of failures, where one has taken the time of five, or says nothing of the server."""


class _Page(NamedTuple):
    """A page that a visit brought; it is at home at ``url``, maybe another one than was asked for."""

    entry: Entry
    outcome: Outcome
    document: Document
    url: str
    directives: frozenset[str]


def take(survey: Survey, entry: Entry, outcome: Outcome) -> None:
    """Decide about the visited page; must be called in the order of the frontier.

    Redirects and the like are judged by what is known now, not by what was known when the visit started, so the
    result does not depend on how many visits run at once.
    """
    survey.streak = survey.streak + _WEIGHTS.get(outcome.reason, 1) if outcome.passing else 0
    if not outcome.passing and entry.tries:
        survey.recovered += 1
    refused = next((hop for hop in outcome.hops if survey.refusal(entry, hop) is Lost.REDIRECT), None)
    other = survey.variants.why(entry.url)
    if other:
        _leave_out(survey, entry.url, other)
    elif refused:
        survey.ledger.add_duplicate(outcome.asked, survey.scope.home(refused), Lost.REDIRECT)
    elif outcome.passing:
        survey.postponed.append(entry.failed(outcome.reason, outcome.status, survey.ledger.last))
    elif outcome.reason:
        survey.give_up(entry.url, outcome.reason, outcome.status)
        survey.frontier.respell(entry)
    else:
        survey.stalls = 0
        _consider(survey, entry, outcome)


def _consider(survey: Survey, entry: Entry, outcome: Outcome) -> None:
    document = outcome.page
    directives = document.directives | outcome.directives
    page = _Page(entry, outcome, document, survey.scope.home(outcome.url), directives)
    survey.frontier.see(page.url)
    if entry.url == survey.start:
        _note_start(survey, page)
    if survey.framed and document.banners:
        survey.banners = (*survey.banners, *document.banners)[:_MOST_BANNERS]
    survey.variants.read(page.url, document)
    _drop_variants(survey)
    other = survey.variants.why(entry.url) or survey.variants.why(page.url)
    if other:
        _leave_out(survey, entry.url, other)
        return
    _place(survey, page)
    _leave_out_barren(survey, survey.frontier.note(outcome.asked, document.says))


def _place(survey: Survey, page: _Page) -> None:
    """Tell a page of the site from copies, and from what it shows for pages that do not exist."""
    copies, sketch, asked = survey.ledger.copies, page.document.sketch, page.entry.url
    original = copies.original(sketch)
    spellings = (original, survey.scope.home(page.document.canonical))
    if not survey.case_settled and any(differ_in_case(page.url, other) for other in spellings if other):
        survey.odd_case = page.url
    if survey.missing and copies.is_missing_page(sketch, survey.missing):
        survey.ledger.fail(asked, page.outcome.status, Lost.SOFT_404)
    elif original:
        survey.ledger.add_duplicate(page.outcome.asked, original, Lost.SAME_CONTENT, page.outcome.status)
        survey.variants.note_copy(asked, original)
        _drop_variants(survey)
    else:
        _take_page(survey, page)


def _note_start(survey: Survey, page: _Page) -> None:
    document = page.document
    survey.variants.begin(page.url, document)
    survey.title = survey.title or document.title
    survey.framed, survey.insets = document.framed, document.insets
    survey.listed |= document.framed
    survey.start_lists = len(document.entries.posts) >= FEWEST_PARTS and document.entries.share >= MOST_OF_IT


def _take_page(survey: Survey, page: _Page) -> None:
    """Keep the page, or skip it where it is none to read; and follow its links."""
    reason = _why_skipped(survey, page)
    if reason is None:
        _keep(survey, page)
    else:
        survey.ledger.skip(page.entry.url, reason, page.outcome.status)
    is_inset = page.outcome.asked in survey.insets and len(page.document.links) > 1
    if reason in (Lost.NOINDEX, Lost.LISTING) and is_inset and not survey.menu:
        # all pages of a book by mdBook show its contents in a frame, which is a page of its own
        survey.menu = (page.outcome.url, page.outcome.blob)
    if reason in (None, Lost.LISTING):
        _note_canonical(survey, page)
    if reason != Lost.NOINDEX or NOFOLLOW not in page.directives:
        _follow(survey, page)


def _why_skipped(survey: Survey, page: _Page) -> Lost | Service | None:
    url = page.entry.url
    if NOINDEX in page.directives:
        survey.obeys_noindex &= url not in survey.starts
        if survey.obeys_noindex:
            return Lost.NOINDEX
    service = None if url in survey.starts else service_shown(url, page.document)
    if service:
        return service
    return Lost.LISTING if _is_listing(survey, url, page.document) else None


def _is_listing(survey: Survey, url: str, document: Document) -> bool:
    """True for a page that does little but list posts or pages, which is none itself."""
    beside = document.beside_links
    if survey.framed and not document.framed:
        is_banner = url in survey.banners and may_only_name(url, beside)
        if is_banner or is_menu(document.links, beside):
            return True
    _widen(survey, url, document)
    if url not in survey.starts:
        if beside <= MOST_BESIDE_LINKS and survey.frontier.traps.is_view(url, document.says):
            return True
        if groups_posts(url, document, survey.scope):
            return True
        if names_known_pages(url, document, survey.scope, survey.frontier.seen, survey.posts):
            return True
    return lists_posts(url, document, survey.scope, survey.posts)


def _widen(survey: Survey, url: str, document: Document) -> None:
    """Take the posts into the book that a list of the start page's blog names."""
    choices = tuple(replace(choice, area=widened(choice.area, url, document)) for choice in survey.choices)
    if choices != survey.choices:
        survey.choices = choices
        survey.scope = survey.scope.with_areas(choice.area for choice in choices)


def _keep(survey: Survey, page: _Page) -> None:
    entry, outcome, document, url, _ = page
    if url != entry.url:
        survey.ledger.aliases[entry.url] = url
    if outcome.twin:
        survey.frontier.see(outcome.twin)
        survey.ledger.aliases[outcome.twin] = url
    part = survey.scope.area_of(url) or 0
    kept = FetchedPage(url=url, blob=outcome.blob, depth=entry.depth, encoding=document.encoding, part=part)
    after = entry.after if entry.tries else None
    survey.ledger.keep(kept, document.sketch, outcome.status, title=document.title, after=after)
    survey.ledger.copies.remember(url, document.blocks)
    survey.variants.keep(url, survey.ledger.copies.by_url)
    _drop_variants(survey)


def _note_canonical(survey: Survey, page: _Page) -> None:
    """Believe a canonical link only where it differs by its query: a wrong one would hide a real page.

    Others are followed like any link, and the copies recognised by their content.
    """
    canonical = survey.scope.home(page.document.canonical or page.url)
    if canonical != page.url and path_of(canonical) == path_of(page.url) and survey.frontier.see(canonical):
        survey.ledger.aliases[canonical] = page.url


def _follow(survey: Survey, page: _Page) -> None:
    entry, document = page.entry, page.document
    _note_spellings(survey, page)
    survey.frontier.leave_out(document.prints, Service.PRINT_VIEW, survey.scope)
    if document.entries.posts:
        # The pages of a list are as far from the start as its first one: the oldest posts are not deeper.
        survey.frontier.add(filter(is_continuation, document.links), survey.scope, entry.depth)
    if entry.depth < survey.spec.max_depth:
        survey.frontier.add((*document.links, document.canonical), survey.scope, entry.depth + 1)
    else:
        if document.next:
            # A chain of pages, each linked by the one before alone, is as long as it is.
            survey.frontier.add((document.next,), survey.scope, entry.depth)
        survey.frontier.add_too_deep(document.links, survey.scope)
    _drop_variants(survey)


def _note_spellings(survey: Survey, page: _Page) -> None:
    """Take note of links that are spelled otherwise than their pages at home."""
    links = page.document.links
    if survey.scope.respells:
        homes = ((link, survey.scope.home(link)) for link in links)
        spelled = ((link, home) for link, home in homes if home != link and survey.scope.contains(home))
        survey.ledger.add_spellings(spelled)
    elif page.entry.url in survey.starts and not survey.case_settled and survey.scope.has_strays(links):
        survey.odd_case = page.entry.url


def _drop_variants(survey: Survey) -> None:
    """Leave out kept pages that turned out to be in other languages or versions."""
    pages = survey.ledger.copies.by_url
    reasons: dict[str, str] = {}
    for url in survey.variants.take_doubtful():
        reason = survey.variants.why(url) if url in pages else None
        if reason:
            reasons[url] = reason
            survey.variants.leave_out(url)
    if reasons:
        copies = survey.ledger.leave_out(reasons)
        survey.frontier.append(Entry(url, 1) for url in copies)


def _leave_out(survey: Survey, url: str, reason: str) -> None:
    survey.variants.leave_out(url)
    survey.ledger.skip(url, reason)


def _leave_out_barren(survey: Survey, urls: Iterable[str]) -> None:
    kept = (url for url in urls if url in survey.ledger.copies.by_url and url not in survey.starts)
    reasons = {url: trap_of(url) for url in kept}
    for copy in survey.ledger.leave_out(reasons):
        survey.ledger.skip(copy, trap_of(copy))
