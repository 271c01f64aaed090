"""The survey: everything a crawl knows, and what it makes of each visit. It is the stage's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

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
from sitebookify.jobs import JobSpec
from sitebookify.messages import NOTHING, Message

MOST_URLS = 50_000
_WEIGHTS: dict[str, int] = {Lost.RATE_LIMITED: 5}  # each has been waited for, a minute or so
_SKIPPED = frozenset({Lost.NOT_HTML, Lost.ROBOTS_DISALLOWED, Lost.OUT_OF_SCOPE, Lost.EMPTY})


@dataclass(slots=True, kw_only=True)
class Survey:
    """What is known of the site.

    ``starts`` are the pages that the start URLs led to, ``choices`` what each of them stands for; ``missing`` the
    sketch of what the site shows for a URL that does not exist, where it shows a page; ``seeded`` is True once sitemaps
    and feeds were read; ``plain``: pages of Markdown and text are pages;
    ``percent`` never falls. The frontier learns of at most 50,000 URLs, or twice ``max_pages``
    where that is more.
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
    streak: int = 0
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
        known = next((hop for hop in outcome.hops if self.refusal(entry, hop) is Lost.REDIRECT), None)
        if known:
            self._is_known(outcome, Lost.REDIRECT, self.scope.home(known))
        elif outcome.reason:
            self._turn_down(entry, outcome)
        else:
            self.frontier.see(self.scope.home(outcome.url))
            self._consider(entry, outcome)

    def _turn_down(self, entry: Entry, outcome: Outcome) -> None:
        if outcome.reason in _SKIPPED:
            row = Row(url=entry.url, status=outcome.status, decision=Decision.SKIPPED, reason=outcome.reason)
            self.ledger.turn_down(row)
        else:
            self.ledger.fail(entry.url, outcome.status, outcome.reason)
        self.frontier.respell(entry)

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
        if self.missing and copies.is_missing_page(document.sketch, self.missing):
            self.ledger.fail(entry.url, outcome.status, Lost.SOFT_404)
        elif copy:
            self._is_known(outcome, Lost.SAME_CONTENT, copy)
        else:
            self._keep(entry, outcome, document)
            self._note_canonical(document.canonical, self.scope.home(outcome.url))
            if entry.depth < self.spec.max_depth:
                self.frontier.add((*document.links, document.canonical), self.scope, entry.depth + 1)
            elif document.next:
                # A chain of pages, each linked by the one before alone, is as long as it is.
                self.frontier.add((document.next,), self.scope, entry.depth)

    def _keep(self, entry: Entry, outcome: Outcome, document: Document) -> None:
        url = self.scope.home(outcome.url)
        if url != entry.url:
            self.ledger.aliases[entry.url] = url
        part = self.scope.area_of(url) or 0
        page = FetchedPage(url=url, blob=outcome.blob, depth=entry.depth, encoding=document.encoding, part=part)
        self.ledger.keep(page, document.sketch, outcome.status)
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
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], spec: JobSpec, failures: list[PageFailure]) -> Self:
        """The inverse of `to_json`."""
        choices = tuple(map(Choice.from_json, data["choices"]))
        scope = _scope(spec, choices)
        scope.patterns.unused = set(data["unused"])
        return cls(
            spec=spec,
            starts=tuple(data["starts"]),
            choices=choices,
            scope=scope,
            frontier=Frontier.from_json(data["frontier"], limit=_limit(spec)),
            ledger=Ledger.from_json(data["ledger"], failures),
            missing=Sketch.from_json(data["missing"]) if data["missing"] else None,
            feeds=tuple(data["feeds"]),
            plain=data["plain"],
            seeded=data["seeded"],
            percent=data["percent"],
        )


def _scope(spec: JobSpec, choices: tuple[Choice, ...]) -> Scope:
    areas = tuple(choice.area for choice in choices)
    return Scope(areas=areas, patterns=Patterns(spec.include, spec.exclude))


def _limit(spec: JobSpec) -> int:
    return max(MOST_URLS, 2 * spec.max_pages)
