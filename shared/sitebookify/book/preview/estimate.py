"""The numbers of the preview, from what a look at the site found; and how one is ordered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import islice
from statistics import mean
from typing import Any

from sitebookify.book.crawl.choices import Choice
from sitebookify.book.crawl.contents_menus import candidates, table_of_contents
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.sister_pages import Sister, own_pages
from sitebookify.book.crawl.start import Start
from sitebookify.book.crawl.url_markers import Axis
from sitebookify.book.edit.budget import TokenPrices
from sitebookify.book.edit.scripts import tokens_of
from sitebookify.book.extract.book_title import first_title
from sitebookify.book.model import Link
from sitebookify.book.preview.chapter_estimates import ChapterEstimate, chapter_estimates
from sitebookify.book.preview.model_estimate import ModelOrder, model_estimate
from sitebookify.book.scope import Patterns, Scope
from sitebookify.book.urls import identity
from sitebookify.messages import Message
from sitebookify.spec import BookScope

MOST_CHAPTERS = 50
MOST_CONTENTS = 500
_SAMPLE_URLS = 10
_MOST_LINKS = 0.8
"""Share of the links in the start page's text that a list among them has where it is the table of contents."""
_MOST_FEEDS = 5
_MOST_SISTERS = 50


class Source(StrEnum):
    """Where the estimate comes from."""

    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"
    LINKS = "links"


class SiteKind(StrEnum):
    """What a site, or its start page, is."""

    DOCUMENTATION = "documentation"
    BLOG = "blog"
    WIKI = "wiki"
    FORUM = "forum"
    ARTICLE = "article"
    WEBSITE = "website"
    SCRIPTS = "scripts"
    """Scripts draw its pages: they hold no text."""
    LOGIN = "login"
    CHALLENGE = "challenge"


_KINDS = {
    "NEEDS_JAVASCRIPT": SiteKind.SCRIPTS,
    "NEEDS_LOGIN": SiteKind.LOGIN,
    "BLOCKED": SiteKind.CHALLENGE,
    "blog": SiteKind.BLOG,
    "wiki": SiteKind.WIKI,
    "forum": SiteKind.FORUM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOrder:
    """What to look at, and how.

    ``allow_private`` and ``user_agent`` are for `Egress`; ``prices`` are those of a language model, where one would be
    used, and ``model`` is what it would do.
    """

    url: str
    allow_private: bool = False
    user_agent: str = ""
    ignore_robots: bool = False
    prices: TokenPrices | None = None
    scope: BookScope = BookScope.AUTO
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    model: ModelOrder = ModelOrder()  # noqa: RUF009 - it is frozen, so all may share it


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a book could be: a scope, in words, and how many pages it would have."""

    scope: BookScope
    description: Message
    pages: int

    def to_json(self) -> dict[str, Any]:
        """With its words in English."""
        return {"scope": self.scope, "description": str(self.description), "pages": self.pages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An estimate; every number is a guess from a few sampled pages.

    ``scope`` is what the book would contain, one of the ``offers``. ``at_least``: the site may have more pages than
    were counted. ``contents`` are entries (URL or "", title, depth) of the site's own table of contents, at most 500.
    ``sisters`` are the start page in other languages and versions: a book of one of them is ordered by its URL.
    ``feeds``, ``sitemaps``, ``llms_txt`` and ``markdown`` (the start page in Markdown) are URLs, "" for none.
    ``crawl_delay`` is what robots.txt asks for, in seconds. ``estimated_cost`` to ``estimated_cost_max`` is what a
    language model would take for what it was to do, in US dollars, None where no prices are set. ``notes`` say what
    limits the guess.
    """

    url: str
    title: str
    kind: SiteKind
    generator: str
    language: str
    scope: BookScope
    offers: tuple[Offer, ...]
    source: Source
    estimated_pages: int
    at_least: bool
    estimated_chapters: int
    chapters: tuple[ChapterEstimate, ...]
    contents: tuple[Link, ...]
    sisters: tuple[Sister, ...]
    sample_urls: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    llms_txt: str
    markdown: str
    crawl_delay: float
    notes: tuple[Message, ...]
    total_characters: int
    estimated_input_tokens: int
    estimated_output_tokens: int
    estimated_cost: float | None = None
    estimated_cost_max: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer of ``GET /preview``, in camelCase."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {
            "choices": list(map(Offer.to_json, values.pop("offers"))),
            "chapters": [{"title": chapter.title, "pages": chapter.pages} for chapter in self.chapters],
            "contents": [{"url": url, "title": title, "depth": depth} for url, title, depth in self.contents],
            "languages": self._sisters(Axis.LANGUAGE),
            "versions": self._sisters(Axis.VERSION),
            "crawl_delay": f"{self.crawl_delay:g}s",
            "notes": [str(note) for note in self.notes],
            "estimated_cost_usd": values.pop("estimated_cost"),
            "estimated_cost_max_usd": values.pop("estimated_cost_max"),
        }
        del values["sisters"]
        return {_camel(name): value for name, value in values.items()}

    def _sisters(self, axis: Axis) -> list[dict[str, str]]:
        return [{"name": sister.name, "url": sister.url} for sister in self.sisters if sister.axis is axis]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a look at the site found.

    ``pages`` are the site's, by their identities, the start page first; ``choices`` what the start page may stand for,
    ``choice`` what it stands for; ``characters`` the lengths of the sampled pages.
    """

    start: Start
    choice: Choice
    patterns: Patterns
    choices: list[Choice] = field(default_factory=list)
    source: Source = Source.LINKS
    at_least: bool = True
    pages: dict[str, str] = field(default_factory=dict)
    characters: list[int] = field(default_factory=list)
    sisters: tuple[Sister, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    llms_txt: str = ""
    crawl_delay: float = 0.0
    notes: list[Message] = field(default_factory=list)

    def within(self, choice: Choice) -> list[str]:
        """The pages of a choice, the start page first."""
        return self.chosen(self.pages.values(), choice)

    def chosen(self, urls: Iterable[str], choice: Choice) -> list[str]:
        """Those of the URLs that are the start page, or in the choice and in the start page's language and version."""
        scope = Scope(areas=(choice.area,), patterns=self.patterns)
        start = self.start.url
        chosen = []
        for url in own_pages(start, self.sisters, urls):
            home = scope.home(url)
            if url == start or (scope.contains(home) and scope.chosen(home)):
                chosen.append(url)
        return chosen


def estimate(findings: Findings, prices: TokenPrices | None, order: ModelOrder) -> Preview:
    """The preview of a book of these findings; ``order`` is what a language model would do."""
    start = findings.start
    landing = start.landing
    pages = findings.within(findings.choice)
    contents = contents_of(findings, pages)
    chapters = chapter_estimates(pages, contents, _titles(landing), start.section)
    total = round(mean(findings.characters) * len(pages)) if findings.characters else 0
    tokens = tokens_of(total, landing.language)
    model = model_estimate(order, tokens=tokens, pages=len(pages), source=landing.language, prices=prices)
    alone = findings.choice.scope is BookScope.PAGE
    return Preview(
        url=start.url,
        title=first_title(landing.title, one_book=landing.one_book),
        kind=kind_of(start, findings.choice),
        generator=landing.generator,
        language=landing.language,
        scope=findings.choice.scope,
        offers=tuple(_offers(findings)),
        source=findings.source,
        estimated_pages=len(pages),
        at_least=findings.at_least and not alone,
        estimated_chapters=len(chapters),
        chapters=tuple(chapters[:MOST_CHAPTERS]),
        contents=tuple(islice(filter(_has_title, contents), MOST_CONTENTS)),
        sisters=findings.sisters[:_MOST_SISTERS],
        sample_urls=tuple(pages[:_SAMPLE_URLS]),
        feeds=findings.feeds[:_MOST_FEEDS],
        sitemaps=findings.sitemaps,
        llms_txt=findings.llms_txt,
        markdown=landing.twin,
        crawl_delay=findings.crawl_delay,
        notes=tuple(_notes(findings, len(pages))),
        total_characters=total,
        estimated_input_tokens=model.input_tokens,
        estimated_output_tokens=model.output_tokens,
        estimated_cost=model.cost,
        estimated_cost_max=model.cost_max,
    )


def _titles(landing: Landing) -> dict[str, str]:
    """What the start page's links call other pages, by their identities; menus have the last word."""
    titles: dict[str, str] = {}
    for entries in (landing.links, *(menu.entries for menu in landing.menus)):
        for url, text, _ in entries:
            if url:
                titles[identity(url)] = text
    return titles


def _has_title(entry: Link) -> bool:
    """False for the page of a list that is folded away: only the list's name is shown."""
    return entry[1] != ""


def contents_of(findings: Findings, pages: Sequence[str]) -> tuple[Link, ...]:
    """The book's contents as far as the start page names them: its list of posts, its menu, or the links in its text.

    Posts come oldest first where their days are known, as in the book.
    """
    start = findings.start
    identities = set(map(identity, pages))
    links = [link for link in start.landing.links if not link[0] or identity(link[0]) in identities]
    days = {identity(url): day for url, day in start.posts}
    if days:
        return _posts(links, days)
    menu = table_of_contents(start)
    if candidates(start) or _pages_in(menu) >= _MOST_LINKS * _pages_in(links):
        named = [url for url, _, _ in menu if url]
        chosen = {"", *findings.chosen(named, findings.choice)}
        links = [entry for entry in menu if entry[0] in chosen]
    return tuple(_without_empty_headings(links))


def _posts(links: Iterable[Link], days: Mapping[str, str]) -> tuple[Link, ...]:
    """The posts among the links, by their days if all of them are known."""
    posts: list[tuple[str, Link]] = []
    for url, text, _ in links:
        if url and identity(url) in days:
            posts.append((days[identity(url)], (url, text, 0)))
    if all(day for day, _ in posts):
        posts.sort(key=lambda post: post[0])
    return tuple(link for _, link in posts)


def _pages_in(links: Iterable[Link]) -> int:
    """How many of the entries are pages."""
    return sum(bool(url) for url, _, _ in links)


def _without_empty_headings(links: Sequence[Link]) -> Iterator[Link]:
    """The entries without the headings that have no page below them."""
    headings: list[Link] = []
    for url, text, depth in links:
        if not url:
            headings = [*(each for each in headings if each[2] < depth), (url, text, depth)]
            continue
        yield from headings
        headings = []
        yield url, text, depth


def kind_of(start: Start, choice: Choice) -> SiteKind:
    """What the site is, by its start page."""
    landing = start.landing
    kind = _KINDS.get(landing.emptiness) or _KINDS.get(landing.kind)
    if kind:
        return kind
    if start.posts or choice.area.posts:
        return SiteKind.BLOG
    if landing.kind or choice.scope is BookScope.DOCS:
        return SiteKind.DOCUMENTATION
    if choice.scope is BookScope.PAGE and landing.article:
        return SiteKind.ARTICLE
    return SiteKind.DOCUMENTATION if table_of_contents(start) else SiteKind.WEBSITE


def _offers(findings: Findings) -> list[Offer]:
    """The choices that differ in their pages, from the smallest."""
    offers: list[Offer] = []
    for choice in findings.choices:
        pages = len(findings.within(choice))
        if all(pages != offer.pages for offer in offers) or choice.scope is findings.choice.scope:
            offers.append(Offer(scope=choice.scope, description=choice.message, pages=pages))
    return offers


def _notes(findings: Findings, pages: int) -> Sequence[Message]:
    notes = list(findings.notes)
    delay = findings.crawl_delay
    if delay > 1:
        minutes = max(1, round(delay * pages / 60))
        notes.append(Message("preview.note.crawl_delay", seconds=f"{delay:g}", pages=pages, minutes=minutes))
    return notes
