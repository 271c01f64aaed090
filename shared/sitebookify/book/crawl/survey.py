"""The survey: everything a crawl knows. `intake` adds to it what visits bring.

It passes as plain JSON from one slice to the next, and to another crawl that fetches what this one could not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
from yarl import URL

from sitebookify.book.crawl.choices import Choice, scope_of
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.frontier import Entry, Frontier
from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.post_lists import PostDays
from sitebookify.book.crawl.variants import Variants
from sitebookify.book.failures import PageFailure
from sitebookify.book.scope import Scope
from sitebookify.book.urls import identity
from sitebookify.jobs import Stage
from sitebookify.messages import NOTHING, Message
from sitebookify.spec import JobSpec

MOST_URLS = 50_000
_PLAIN = (
    "plain seeded listed obeys_noindex start_lists framed case_settled title banners insets menu odd_case percent "
    "rounds recovered streak stalls waited"
).split()
"""Fields that are stored as they are."""
_SKIPPED = frozenset({Lost.NOT_HTML, Lost.ROBOTS_DISALLOWED, Lost.OUT_OF_SCOPE, Lost.EMPTY})


@dataclass(slots=True, kw_only=True)
class Survey:
    """What is known of the site.

    Attributes:
        starts: the pages that the start URLs led to.
        choices: what each of them stands for.
        frontier: learns of at most 50,000 URLs, or twice ``max_pages`` where that is more.
        posts: those named by lists and feeds.
        title: of the first start page.
        start_lists: that page is a list.
        framed: it is a set of frames, so pages of nothing but links are the menus in them.
        banners: the pages in small frames; those with hardly any words are no pages of the book either.
        insets: the start page's inline frames.
        menu: the page in one of them that names pages and is none of the book: its URL and blob.
        missing: the sketch of the page that the site shows for a URL that does not exist, if it shows one.
        plain: pages of Markdown and text are pages.
        markdown: that of a site that scripts draw.
        seeded: sitemaps and feeds were read.
        listed: the start pages are lists; pages that say nothing of their order come in that of the lists.
        obeys_noindex: False where a start page says ``noindex``, which then is meant for search engines.
        odd_case: a page whose URL seems to have another spelling elsewhere, until that is ``case_settled``.
        percent: never falls.
        postponed: pages whose server failed in a way that may pass; tried again once all others were visited.
        rounds: how often they were tried again.
        recovered: how many of them the last round brought.
        streak: weighs the latest failures that followed each other.
        trouble: what the whole site answers while it is waited for.
        stalls: how often it was waited for without a page since.
        waited: for how many seconds.
        incomplete: what the book lacks of the site, and why.
    """

    spec: JobSpec
    starts: tuple[str, ...]
    choices: tuple[Choice, ...]
    scope: Scope
    frontier: Frontier
    ledger: Ledger
    variants: Variants
    posts: PostDays = field(default_factory=PostDays)
    title: str = ""
    start_lists: bool = False
    framed: bool = False
    banners: Sequence[str] = ()
    insets: Sequence[str] = ()
    menu: Sequence[str] = ()
    missing: Sketch | None = None
    feeds: tuple[str, ...] = ()
    plain: bool = False
    markdown: MarkdownSite | None = None
    seeded: bool = False
    listed: bool = False
    obeys_noindex: bool = True
    odd_case: str = ""
    case_settled: bool = False
    percent: int = 0
    postponed: list[Entry] = field(default_factory=list)
    rounds: int = 0
    recovered: int = 0
    streak: int = 0
    trouble: Message = NOTHING
    stalls: int = 0
    waited: float = 0.0
    incomplete: Message = NOTHING

    @classmethod
    def begin(
        cls, spec: JobSpec, starts: tuple[str, ...], choices: tuple[Choice, ...], failures: list[PageFailure]
    ) -> Self:
        """The survey of a site of which only the start pages are known."""
        frontier = Frontier(limit=most_urls(spec))
        scope = scope_of(choices, spec)
        for start in starts:
            frontier.see(start)
            scope.chosen(start)  # a pattern that matches nothing else is in use all the same
        frontier.variants = variants = Variants(starts=starts)
        return cls(
            spec=spec,
            starts=starts,
            choices=choices,
            scope=scope,
            frontier=frontier,
            ledger=Ledger(failures=failures),
            variants=variants,
        )

    @property
    def start(self) -> str:
        """The first start page."""
        return self.starts[0]

    @property
    def host(self) -> str:
        """The name of the first start page's host."""
        return URL(self.start, encoded=True).raw_host or ""

    @property
    def full(self) -> bool:
        """True where no further page is wanted."""
        return self.ledger.count >= self.spec.max_pages

    def refusal(self, entry: Entry, target: str) -> Lost | None:
        """Why a redirect of the entry may not lead to ``target`` (normalized), or None where it may."""
        url = self.scope.home(target)
        if not self.scope.contains(url) or not self.scope.chosen(url):
            return Lost.OUT_OF_SCOPE
        same = identity(url) == identity(entry.url)
        return Lost.REDIRECT if self.frontier.seen(url) and not same else None

    def date_posts(self, days: Iterable[tuple[str, str]]) -> None:
        """Take note of the days that a feed states of its posts."""
        for url, day in days:
            self.posts.note(self.scope.home(url), day)

    def begin_round(self) -> None:
        """Queue the postponed pages once more."""
        self.rounds += 1
        self.recovered = self.streak = 0
        self.frontier.append(self.postponed)
        self.postponed = []

    def end_round(self) -> None:
        """Give the round up: what still waits for another try stays postponed."""
        waiting = self.frontier.clear()
        self.postponed += [entry for entry in waiting if entry.tries]
        self.frontier.append(entry for entry in waiting if not entry.tries)

    def settled(self) -> Callable[[str], bool]:
        """Tells of a URL whether it was learned of and waits for no visit now."""
        settled = self.frontier.settled()
        postponed = {entry.url for entry in self.postponed}
        return lambda url: settled(url) and url not in postponed

    def turn_down_postponed(self) -> int:
        """Report the pages that stay postponed as lost; the number of those whose server failed."""
        before = len(self.ledger.failures)
        for entry in self.postponed:
            self.give_up(entry.url, entry.reason, entry.status)
        self.postponed = []
        return len(self.ledger.failures) - before

    def give_up(self, url: str, reason: str, status: int | None) -> None:
        """Report a URL that brought no page: as skipped, or as a failure."""
        if reason in _SKIPPED:
            self.ledger.skip(url, reason, status)
        else:
            self.ledger.fail(url, status, reason)


def state_of(survey: Survey, running: list[Entry]) -> dict[str, Any]:
    """The stage's state; ``running`` are the entries being visited, which will be visited again."""
    return {
        **{name: getattr(survey, name) for name in _PLAIN},
        "starts": list(survey.starts),
        "choices": msgspec.to_builtins(survey.choices, order="deterministic"),
        "caseless": survey.scope.caseless,
        "unused": sorted(survey.scope.patterns.unused),
        "frontier": survey.frontier.to_json(running),
        "ledger": survey.ledger.to_json(),
        "missing": survey.missing.to_json() if survey.missing else None,
        "feeds": list(survey.feeds),
        "markdown": msgspec.to_builtins(survey.markdown),
        "variants": survey.variants.to_json(),
        "posts": survey.posts.days.copy(),
        "posts_beyond": survey.posts.beyond,
        "postponed": [entry.to_json() for entry in survey.postponed],
        "trouble": survey.trouble.to_json(),
    }


def retry_state(survey: Survey) -> dict[str, Any] | None:
    """The state from which another crawl fetches what this one could not; None where there is nothing to fetch."""
    waiting = [entry for entry in survey.postponed if entry.reason != Lost.EMPTY]
    if survey.full or not (waiting or (survey.incomplete and survey.frontier)):
        return None
    anew = {"postponed": [], "rounds": 0, "recovered": 0, "streak": 0, "stalls": 0, "waited": 0.0, "percent": 0}
    return {**state_of(survey, waiting), **anew, "trouble": NOTHING.to_json()}


def survey_of(data: dict[str, Any], spec: JobSpec, failures: list[PageFailure]) -> Survey:
    """The inverse of `state_of`; what is to be fetched again is no failure any more."""
    choices = msgspec.convert(data["choices"], tuple[Choice, ...])
    scope = scope_of(choices, spec)
    scope = scope.ignoring_case() if data["caseless"] else scope
    scope.patterns.unused = set(data["unused"])
    starts = tuple(data["starts"])
    frontier = Frontier.from_json(data["frontier"], limit=most_urls(spec))
    variants = Variants.from_json(data["variants"], starts, frontier.urls)
    frontier.variants = variants
    ledger = Ledger.from_json(data["ledger"], failures)
    for page in ledger.pages:
        variants.keep(page.url)
    settled = frontier.settled()
    failures[:] = [each for each in failures if each.stage is not Stage.CRAWL or settled(each.url)]
    return Survey(
        spec=spec,
        starts=starts,
        choices=choices,
        scope=scope,
        frontier=frontier,
        variants=variants,
        ledger=ledger,
        missing=Sketch.from_json(data["missing"]) if data["missing"] else None,
        feeds=tuple(data["feeds"]),
        markdown=msgspec.convert(data["markdown"], MarkdownSite | None),
        posts=PostDays.of(data["posts"], data["posts_beyond"]),
        postponed=[Entry(*values) for values in data["postponed"]],
        trouble=Message.from_json(data["trouble"]),
        **{name: data[name] for name in _PLAIN if name in data},
    )


def most_urls(spec: JobSpec) -> int:
    """How many URLs the frontier learns of."""
    return max(MOST_URLS, 2 * spec.max_pages)
