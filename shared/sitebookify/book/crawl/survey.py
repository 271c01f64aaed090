"""The survey: everything a crawl knows, and what it makes of each visit. It is the stage's state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from yarl import URL

from sitebookify.book.crawl.choices import Choice
from sitebookify.book.crawl.frontier import Entry, Frontier
from sitebookify.book.crawl.ledger import Decision, Ledger, Row
from sitebookify.book.crawl.reading import Document
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.visit import Lost, Outcome
from sitebookify.book.failures import PageFailure
from sitebookify.book.model import FetchedPage
from sitebookify.book.scope import Patterns, Scope
from sitebookify.book.urls import identity, path_of
from sitebookify.egress import Reason
from sitebookify.jobs import JobSpec, Stage
from sitebookify.messages import NOTHING, Message

MOST_URLS = 50_000
_WEIGHTS: dict[str, int] = {Lost.EMPTY: 0, Lost.RATE_LIMITED: 5, Lost.ROBOTS_UNREADABLE: 5, Reason.TIMEOUT: 5}
"""In a row of failures, where one has taken the time of five, or says nothing of the server."""
_SKIPPED = frozenset({Lost.NOT_HTML, Lost.ROBOTS_DISALLOWED, Lost.OUT_OF_SCOPE, Lost.EMPTY})


@dataclass(slots=True, kw_only=True)
class Survey:
    """What is known of the site.

    ``starts`` are the pages that the start URLs led to, ``choices`` what each of them stands for; ``missing`` the
    sketch of what the site shows for a URL that does not exist, where it shows a page; ``seeded`` is True once sitemaps
    and feeds were read; ``plain``: pages of Markdown and text are pages; ``percent`` never falls. The frontier learns
    of at most 50,000 URLs, or twice ``max_pages`` where that is more.

    Pages whose server failed in a way that may pass are ``postponed``, and tried again in ``rounds`` once all others
    were visited; the last one ``recovered`` so many. ``streak`` weighs the latest failures that followed each other;
    ``trouble`` is what the whole site answers while it is waited for: after so many ``stalls`` without a page between
    them, and so many seconds ``waited``.
    """

    spec: JobSpec
    starts: tuple[str, ...]
    choices: tuple[Choice, ...]
    scope: Scope
    frontier: Frontier
    ledger: Ledger
    missing: Sketch | None = None
    feeds: tuple[str, ...] = ()
    plain: bool = False
    seeded: bool = False
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
        frontier = Frontier(limit=_limit(spec))
        for start in starts:
            frontier.see(start)
        ledger = Ledger(failures=failures)
        scope = _scope(spec, choices)
        return cls(spec=spec, starts=starts, choices=choices, scope=scope, frontier=frontier, ledger=ledger)

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
        return len(self.ledger.pages) >= self.spec.max_pages

    def refusal(self, entry: Entry, target: str) -> Lost | None:
        """Why a redirect of the entry may not lead to ``target`` (normalized), or None where it may."""
        url = self.scope.home(target)
        if not self.scope.contains(url) or not self.scope.chosen(url):
            return Lost.OUT_OF_SCOPE
        same = identity(url) == identity(entry.url)
        return Lost.REDIRECT if self.frontier.seen(url) and not same else None

    def take(self, entry: Entry, outcome: Outcome) -> None:
        """Decide about the visited page; must be called in the order of the frontier.

        What the visit met on its way is judged by what is known now, not by what was known when it started:
        so it makes no difference how many visits were under way at once.
        """
        self.streak = self.streak + _WEIGHTS.get(outcome.reason, 1) if outcome.passing else 0
        if not outcome.passing and entry.tries:
            self.recovered += 1
        known = next((hop for hop in outcome.hops if self.refusal(entry, hop) is Lost.REDIRECT), None)
        if known:
            self._is_known(outcome, Lost.REDIRECT, self.scope.home(known))
        elif outcome.passing:
            after = self.ledger.pages[-1].url if self.ledger.pages else ""
            self.postponed.append(entry.failed(outcome.reason, outcome.status, after))
        elif outcome.reason:
            self._turn_down(entry, outcome.reason, outcome.status)
            self.frontier.respell(entry)
        else:
            self.stalls = 0
            self.frontier.see(self.scope.home(outcome.url))
            self._consider(entry, outcome)

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
            self._turn_down(entry, entry.reason, entry.status)
        self.postponed = []
        return len(self.ledger.failures) - before

    def _turn_down(self, entry: Entry, reason: str, status: int | None) -> None:
        if reason in _SKIPPED:
            row = Row(url=entry.url, status=status, decision=Decision.SKIPPED, reason=reason)
            self.ledger.turn_down(row)
        else:
            self.ledger.fail(entry.url, status, reason)

    def _is_known(self, outcome: Outcome, reason: Lost, page: str) -> None:
        status = None if reason is Lost.REDIRECT else outcome.status
        row = Row(url=outcome.asked, status=status, decision=Decision.DUPLICATE, reason=reason, same_as=page)
        self.ledger.turn_down(row)

    def _consider(self, entry: Entry, outcome: Outcome) -> None:
        document = outcome.document
        if document is None:
            raise AssertionError("an outcome without a reason has a document")
        copies = self.ledger.copies
        copy = copies.original(document.sketch)
        self.frontier.note(outcome.asked, copy=copy is not None)
        if self.missing and copies.is_missing_page(document.sketch, self.missing):
            self.ledger.fail(entry.url, outcome.status, Lost.SOFT_404)
        elif copy:
            self._is_known(outcome, Lost.SAME_CONTENT, copy)
        else:
            self._keep(entry, outcome, document)
            self._note_canonical(document.canonical, self.scope.home(outcome.url))
            if entry.depth < self.spec.max_depth:
                self.frontier.add((*document.links, document.canonical), self.scope, entry.depth + 1)
                return
            if document.next:
                # A chain of pages, each linked by the one before alone, is as long as it is.
                self.frontier.add((document.next,), self.scope, entry.depth)
            self.frontier.add_too_deep(document.links, self.scope)

    def _keep(self, entry: Entry, outcome: Outcome, document: Document) -> None:
        url = self.scope.home(outcome.url)
        if url != entry.url:
            self.ledger.aliases[entry.url] = url
        part = self.scope.area_of(url) or 0
        page = FetchedPage(url=url, blob=outcome.blob, depth=entry.depth, encoding=document.encoding, part=part)
        self.ledger.keep(page, document.sketch, outcome.status, after=entry.after if entry.tries else None)
        self.ledger.copies.remember(url, document.blocks)

    def _note_canonical(self, canonical: str, url: str) -> None:
        """Believe a canonical link only where it differs by its query: a wrong one would hide a real page.

        Others are followed like any link, and the copies recognised by their content.
        """
        other = self.scope.home(canonical) if canonical else url
        if other != url and path_of(other) == path_of(url) and self.frontier.see(other):
            self.ledger.aliases[other] = url

    def to_json(self, running: list[Entry]) -> dict[str, Any]:
        """The stage's state; ``running`` are the entries being visited, which will be visited again."""
        return {
            "starts": list(self.starts),
            "choices": [choice.to_json() for choice in self.choices],
            "unused": sorted(self.scope.patterns.unused),
            "frontier": self.frontier.to_json(running),
            "ledger": self.ledger.to_json(),
            "missing": self.missing.to_json() if self.missing else None,
            "feeds": list(self.feeds),
            "plain": self.plain,
            "seeded": self.seeded,
            "percent": self.percent,
            "postponed": [entry.to_json() for entry in self.postponed],
            "rounds": self.rounds,
            "recovered": self.recovered,
            "streak": self.streak,
            "trouble": self.trouble.to_json(),
            "stalls": self.stalls,
            "waited": self.waited,
        }

    def retry_state(self) -> dict[str, Any] | None:
        """The state from which another crawl fetches what this one could not; None where there is nothing to fetch."""
        waiting = [entry for entry in self.postponed if entry.reason != Lost.EMPTY]
        if self.full or not (waiting or (self.incomplete and self.frontier)):
            return None
        anew = {"postponed": [], "rounds": 0, "recovered": 0, "streak": 0, "stalls": 0, "waited": 0.0, "percent": 0}
        return {**self.to_json(waiting), **anew, "trouble": NOTHING.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any], spec: JobSpec, failures: list[PageFailure]) -> Self:
        """The inverse of `to_json`; what is to be fetched again is no failure any more."""
        choices = tuple(map(Choice.from_json, data["choices"]))
        scope = _scope(spec, choices)
        scope.patterns.unused = set(data["unused"])
        frontier = Frontier.from_json(data["frontier"], limit=_limit(spec))
        settled = frontier.settled()
        failures[:] = [each for each in failures if each.stage is not Stage.CRAWL or settled(each.url)]
        return cls(
            spec=spec,
            starts=tuple(data["starts"]),
            choices=choices,
            scope=scope,
            frontier=frontier,
            ledger=Ledger.from_json(data["ledger"], failures),
            missing=Sketch.from_json(data["missing"]) if data["missing"] else None,
            feeds=tuple(data["feeds"]),
            plain=data["plain"],
            seeded=data["seeded"],
            percent=data["percent"],
            postponed=[Entry(*values) for values in data["postponed"]],
            rounds=data["rounds"],
            recovered=data["recovered"],
            streak=data["streak"],
            trouble=Message.from_json(data["trouble"]),
            stalls=data["stalls"],
            waited=data["waited"],
        )


def _scope(spec: JobSpec, choices: tuple[Choice, ...]) -> Scope:
    areas = tuple(choice.area for choice in choices)
    return Scope(areas=areas, patterns=Patterns(spec.include, spec.exclude))


def _limit(spec: JobSpec) -> int:
    return max(MOST_URLS, 2 * spec.max_pages)
