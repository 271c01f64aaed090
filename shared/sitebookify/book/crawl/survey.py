"""The survey: everything a crawl knows, and what it makes of each visit. It is stored as `survey_state` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from yarl import URL

from sitebookify.book.crawl.choices import Choice, scope_of
from sitebookify.book.crawl.copies import FEWEST_PARTS
from sitebookify.book.crawl.frontier import Entry, Frontier
from sitebookify.book.crawl.index_pages import groups_posts, lists_posts, names_known_pages, service_shown, widened
from sitebookify.book.crawl.indexing import NOFOLLOW, NOINDEX
from sitebookify.book.crawl.ledger import Decision, Ledger, Row
from sitebookify.book.crawl.list_urls import is_continuation
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.post_lists import MOST_BESIDE_LINKS, MOST_OF_IT, PostDays, is_menu, may_only_name
from sitebookify.book.crawl.reading import Document
from sitebookify.book.crawl.service_pages import Service
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.traps import trap_of
from sitebookify.book.crawl.variants import Variants
from sitebookify.book.crawl.visit import Lost, Outcome
from sitebookify.book.failures import PageFailure
from sitebookify.book.model import FetchedPage
from sitebookify.book.scope import Scope
from sitebookify.book.urls import differ_in_case, identity, path_of
from sitebookify.egress import Reason
from sitebookify.messages import NOTHING, Message
from sitebookify.spec import JobSpec

MOST_URLS = 50_000
_MOST_BANNERS = 100
_WEIGHTS: dict[str, int] = {Lost.EMPTY: 0, Lost.RATE_LIMITED: 5, Lost.ROBOTS_UNREADABLE: 5, Reason.TIMEOUT: 5}
"""In a row of failures, where one has taken the time of five, or says nothing of the server."""
_SKIPPED = frozenset({Lost.NOT_HTML, Lost.ROBOTS_DISALLOWED, Lost.OUT_OF_SCOPE, Lost.EMPTY})


@dataclass(slots=True, kw_only=True)
class Survey:
    """What is known of the site.

    ``starts`` are the pages that the start URLs led to, ``choices`` what each of them stands for; ``missing`` the
    sketch of what the site shows for a URL that does not exist, where it shows a page; ``seeded`` is True once sitemaps
    and feeds were read; ``listed``: the start pages are lists, in the order of which pages come that say nothing of
    theirs; ``plain``: pages of Markdown and text are pages, ``markdown`` that of a site that scripts draw;
    ``percent`` never falls. The frontier learns of at most 50,000 URLs, or twice ``max_pages`` where that is more.

    ``posts`` are the posts named by lists and feeds. ``title`` is that of the first start page, and ``start_lists`` is
    True where that page is a list; ``framed``: it is a set of frames, so pages of nothing but links are the menus in
    them, and those of next to no words in small frames, the ``banners``, no pages either; ``insets`` are its inline
    frames, and ``menu`` the page in one of them that is none of the book and names pages: its URL and blob.
    ``obeys_noindex`` is False where a start page says ``noindex``: it is meant for search engines then.
    ``odd_case`` is a page whose URL seems to have another spelling elsewhere, until that is ``case_settled``.

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

    def take(self, entry: Entry, outcome: Outcome) -> None:
        """Decide about the visited page; must be called in the order of the frontier.

        What the visit met on its way is judged by what is known now, not by what was known when it started:
        so it makes no difference how many visits were under way at once.
        """
        self.streak = self.streak + _WEIGHTS.get(outcome.reason, 1) if outcome.passing else 0
        if not outcome.passing and entry.tries:
            self.recovered += 1
        refused = next((hop for hop in outcome.hops if self.refusal(entry, hop) is Lost.REDIRECT), None)
        other = self.variants.why(entry.url)
        if other:
            self._leave_out(entry.url, other)
        elif refused:
            self._is_known(outcome, Lost.REDIRECT, self.scope.home(refused))
        elif outcome.passing:
            self.postponed.append(entry.failed(outcome.reason, outcome.status, self.ledger.last))
        elif outcome.reason:
            self._turn_down(entry, outcome.reason, outcome.status)
            self.frontier.respell(entry)
        else:
            self.stalls = 0
            self.frontier.see(self.scope.home(outcome.url))
            self._consider(entry, outcome)

    def _leave_out(self, url: str, reason: str) -> None:
        self.variants.leave_out(url)
        self._skip(url, reason)

    def date_posts(self, days: Iterable[tuple[str, str]]) -> None:
        """Take note of the days that a feed states of its posts."""
        for url, day in days:
            self.posts.note(self.scope.home(url), day)

    def _compare_case(self, url: str, *others: str) -> None:
        if not self.case_settled and any(differ_in_case(url, other) for other in others if other):
            self.odd_case = url

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
            self._skip(entry.url, reason, status)
        else:
            self.ledger.fail(entry.url, status, reason)

    def _skip(self, url: str, reason: str, status: int | None = None) -> None:
        self.ledger.turn_down(Row(url=url, status=status, decision=Decision.SKIPPED, reason=reason))

    def _is_known(self, outcome: Outcome, reason: Lost, page: str) -> None:
        status = None if reason is Lost.REDIRECT else outcome.status
        row = Row(url=outcome.asked, status=status, decision=Decision.DUPLICATE, reason=reason, same_as=page)
        self.ledger.turn_down(row)

    def _consider(self, entry: Entry, outcome: Outcome) -> None:
        document = outcome.document
        if document is None:
            raise AssertionError("an outcome without a reason has a document")
        self._read_variants(entry, outcome, document)
        other = self.variants.why(entry.url) or self.variants.why(self.scope.home(outcome.url))
        if other:
            self._leave_out(entry.url, other)
            return
        copies = self.ledger.copies
        copy = copies.original(document.sketch)
        self._compare_case(self.scope.home(outcome.url), copy or "", self.scope.home(document.canonical))
        if self.missing and copies.is_missing_page(document.sketch, self.missing):
            self.ledger.fail(entry.url, outcome.status, Lost.SOFT_404)
        elif copy:
            self._is_known(outcome, Lost.SAME_CONTENT, copy)
            if self.variants.note_copy(entry.url, copy):
                self._drop_variants()
        elif self._unwanted(entry, outcome, document):
            self._skip(entry.url, Lost.NOINDEX, outcome.status)
            self._note_menu(outcome, document)
        elif (service := service_shown(entry.url, document)) and entry.url not in self.starts:
            self._skip(entry.url, service, outcome.status)
            self._follow(entry, document)
        elif self._is_listing(entry, document):
            self._skip(entry.url, Lost.LISTING, outcome.status)
            self._note_menu(outcome, document)
            self._note_canonical(document.canonical, self.scope.home(outcome.url))
            self._follow(entry, document)
        else:
            self._keep(entry, outcome, document)
            self._note_canonical(document.canonical, self.scope.home(outcome.url))
            self._follow(entry, document)
        self._leave_out_barren(self.frontier.note(outcome.asked, copy=copy is not None, says=document.says))

    def _leave_out_barren(self, urls: Iterable[str]) -> None:
        reasons = {url: trap_of(url) for url in urls if url in self.ledger.copies.by_url and url not in self.starts}
        for copy in self.ledger.leave_out(reasons):
            self._skip(copy, trap_of(copy))

    def _read_variants(self, entry: Entry, outcome: Outcome, document: Document) -> None:
        """Take note of what the page says of its variants; pages kept before may turn out to be others' variants."""
        url = self.scope.home(outcome.url)
        if entry.url == self.start:
            self.variants.begin(url, document)
            self.title = self.title or document.title
            self.framed, self.insets = document.framed, document.insets
            self.listed |= document.framed
            self.start_lists = len(document.entries.posts) >= FEWEST_PARTS and document.entries.share >= MOST_OF_IT
        if self.framed and document.banners:
            self.banners = (*self.banners, *document.banners)[:_MOST_BANNERS]
        if self.variants.read(url, document):
            self._drop_variants()

    def _drop_variants(self) -> None:
        pages = self.ledger.copies.by_url
        reasons = {url: self.variants.why(url) for url in self.variants.take_doubtful() if url in pages}
        others = {url: reason for url, reason in reasons.items() if reason}
        if not others:
            return
        for url in others:
            self.variants.leave_out(url)
        self.frontier.again(self.ledger.leave_out(others))

    def _unwanted(self, entry: Entry, outcome: Outcome, document: Document) -> bool:
        """True for a page that says ``noindex``; its links are followed unless it says ``nofollow`` too."""
        directives = document.directives | outcome.directives
        if NOINDEX not in directives:
            return False
        self.obeys_noindex &= entry.url not in self.starts
        if not self.obeys_noindex:
            return False
        if NOFOLLOW not in directives:
            self._follow(entry, document)
        return True

    def _note_menu(self, outcome: Outcome, document: Document) -> None:
        """All pages of a book by mdBook show its contents in a frame, which is a page of its own."""
        if not self.menu and outcome.asked in self.insets and len(document.links) > 1:
            self.menu = (outcome.url, outcome.blob)

    def _is_listing(self, entry: Entry, document: Document) -> bool:
        """True for a page that does little but list posts or pages, which is none itself."""
        if self.framed and not document.framed and self._is_framed_menu(entry.url, document):
            return True
        self._widen(entry.url, document)
        if entry.url not in self.starts and (
            self._is_view(entry.url, document) or self._names_others(entry.url, document)
        ):
            return True
        return lists_posts(entry.url, document, self.scope, self.posts)

    def _is_framed_menu(self, url: str, document: Document) -> bool:
        banner = url in self.banners and may_only_name(url, document.beside_links)
        return banner or is_menu(document.links, document.beside_links)

    def _is_view(self, url: str, document: Document) -> bool:
        return document.beside_links <= MOST_BESIDE_LINKS and self.frontier.is_view(url, document.says)

    def _names_others(self, url: str, document: Document) -> bool:
        if groups_posts(url, document, self.scope):
            return True
        return names_known_pages(url, document, self.scope, self.frontier.seen, self.posts)

    def _widen(self, url: str, document: Document) -> None:
        """Take the posts into the book that a list of the start page's blog names."""
        areas = [widened(choice.area, url, document) for choice in self.choices]
        if any(area is not choice.area for area, choice in zip(areas, self.choices, strict=True)):
            pairs = zip(self.choices, areas, strict=True)
            self.choices = tuple(replace(choice, area=area) for choice, area in pairs)
            self.scope = self.scope.with_areas(areas)

    def _follow(self, entry: Entry, document: Document) -> None:
        if self.scope.respells:
            homes = ((link, self.scope.home(link)) for link in document.links)
            inside = ((link, home) for link, home in homes if home != link and self.scope.contains(home))
            self.ledger.add_spellings(inside)
        elif entry.url in self.starts and self.scope.has_strays(document.links):
            self.odd_case = "" if self.case_settled else entry.url
        self.frontier.leave_out(document.prints, Service.PRINT_VIEW, self.scope)
        # The pages of a list are as far from the start as its first one: the oldest posts are not deeper.
        further = [link for link in document.links if is_continuation(link)] if document.entries.posts else []
        self.frontier.add(further, self.scope, entry.depth)
        if entry.depth < self.spec.max_depth:
            self.frontier.add((*document.links, document.canonical), self.scope, entry.depth + 1)
        else:
            if document.next:
                # A chain of pages, each linked by the one before alone, is as long as it is.
                self.frontier.add((document.next,), self.scope, entry.depth)
            self.frontier.add_too_deep(document.links, self.scope)
        if self.frontier.variants_changed:
            self.frontier.variants_changed = False
            self._drop_variants()

    def _keep(self, entry: Entry, outcome: Outcome, document: Document) -> None:
        url = self.scope.home(outcome.url)
        if url != entry.url:
            self.ledger.aliases[entry.url] = url
        if outcome.twin:
            self.frontier.see(outcome.twin)
            self.ledger.aliases[outcome.twin] = url
        part = self.scope.area_of(url) or 0
        page = FetchedPage(url=url, blob=outcome.blob, depth=entry.depth, encoding=document.encoding, part=part)
        after = entry.after if entry.tries else None
        self.ledger.keep(page, document.sketch, outcome.status, title=document.title, after=after)
        self.ledger.copies.remember(url, document.blocks)
        if self.variants.keep(url, self.ledger.copies.by_url):
            self._drop_variants()

    def _note_canonical(self, canonical: str, url: str) -> None:
        """Believe a canonical link only where it differs by its query: a wrong one would hide a real page.

        Others are followed like any link, and the copies recognised by their content.
        """
        other = self.scope.home(canonical) if canonical else url
        if other != url and path_of(other) == path_of(url) and self.frontier.see(other):
            self.ledger.aliases[other] = url


def most_urls(spec: JobSpec) -> int:
    """How many URLs the frontier learns of."""
    return max(MOST_URLS, 2 * spec.max_pages)
