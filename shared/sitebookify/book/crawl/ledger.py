"""The ledger: what was decided about every URL that was tried."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any, Self

import msgspec

from sitebookify.book.crawl.copies import Copies
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.model import FetchedPage
from sitebookify.jobs import Stage

_LONGEST_TITLE = 200
"""Characters kept of a page's title."""
_MOST_SPELLINGS = 50_000
"""Each link of each page may be in a spelling of its own."""


class Decision(StrEnum):
    """What became of a URL; those that failed are in `book.failures`."""

    KEPT = "kept"
    SKIPPED = "skipped"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the report.

    ``status`` is None where no answer came, and for redirects; ``same_as`` the page a duplicate repeats.
    """

    url: str
    status: int | None = None
    decision: Decision
    reason: str = ""
    same_as: str = ""

    def to_json(self) -> dict[str, Any]:
        """The line; ``same_as`` only where it says something."""
        row = {"url": self.url, "status": self.status, "decision": self.decision, "reason": self.reason}
        return {**row, "same_as": self.same_as} if self.same_as else row


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Pages kept in order, their sketches, other URLs of theirs, and a row for every other URL tried.

    ``failures`` are the bench's, so they are no part of the ledger's JSON. ``titles`` are what the pages call
    themselves, by URL, to be shown before they are extracted.

    Pages and rows are found by their URLs: a site may have thousands of pages that are left out one after another.
    """

    failures: list[PageFailure]
    titles: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    copies: Copies = field(default_factory=Copies)
    _pages: dict[str, FetchedPage] = field(default_factory=dict)
    _rows: dict[str, Row] = field(default_factory=dict)
    _copies_of: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def pages(self) -> list[FetchedPage]:
        """The pages kept, in their order."""
        return list(self._pages.values())

    @property
    def count(self) -> int:
        """How many pages are kept."""
        return len(self._pages)

    @property
    def last(self) -> str:
        """The URL of the last page, "" where there is none."""
        return next(reversed(self._pages), "")

    def keep(
        self, page: FetchedPage, sketch: Sketch, status: int | None, *, title: str = "", after: str | None = None
    ) -> None:
        """Add a page of the book, behind all others, or right after the page with the URL ``after``; "": before all."""
        if after == "" or after in self._pages:
            pages = self.pages
            pages.insert(list(self._pages).index(after) + 1 if after else 0, page)
            self._pages = {each.url: each for each in pages}
        else:
            self._pages[page.url] = page
        self.titles[page.url] = title[:_LONGEST_TITLE]
        self.copies.add(page.url, sketch)
        self._note(Row(url=page.url, status=status, decision=Decision.KEPT))

    def skip(self, url: str, reason: str, status: int | None = None) -> None:
        """Report a URL that is no page of the book."""
        self._note(Row(url=url, status=status, decision=Decision.SKIPPED, reason=reason))

    def add_duplicate(self, url: str, page: str, reason: str, status: int | None = None) -> None:
        """Report a URL that repeats a page, and make it another name of that page."""
        self._note(Row(url=url, status=status, decision=Decision.DUPLICATE, reason=reason, same_as=page))
        self.aliases[url] = page

    def add_spellings(self, spellings: Iterable[tuple[str, str]]) -> None:
        """Add other spellings of URLs, and other captures of a page; a link in one too many leads outside."""
        self.aliases.update(islice(spellings, max(0, _MOST_SPELLINGS - len(self.aliases))))

    def fail(self, url: str, status: int | None, reason: str) -> None:
        """Report a page that could not be fetched or is none."""
        message = why_lost(reason, status)
        self.failures.append(PageFailure(url=url, stage=Stage.CRAWL, status=status, reason=reason, message=message))

    def drop(self, url: str, reason: str) -> None:
        """Leave out a page that repeats others, as is known at the end."""
        del self._pages[url]
        self._rows[url] = replace(self._rows[url], decision=Decision.DUPLICATE, reason=reason)

    def leave_out(self, reasons: Mapping[str, str]) -> list[str]:
        """Skip pages that were kept, each for its reason; answer their copies, which may be pages of the book now."""
        copies: list[str] = []
        for url, reason in reasons.items():
            self._pages.pop(url, None)
            self.copies.forget(url)
            copies += self._copies_of.pop(url, ())
            self.skip(url, reason)
        for copy in copies:
            self._rows.pop(copy, None)
            self.aliases.pop(copy, None)
        return copies

    def _note(self, row: Row) -> None:
        """The latest decision about a URL is the one that counts, and stands last."""
        before = self._rows.pop(row.url, None)
        if before and before.same_as:
            self._copies_of[before.same_as].pop(row.url, None)
        self._rows[row.url] = row
        if row.same_as and row.reason == Lost.SAME_CONTENT:
            self._copies_of[row.same_as][row.url] = None

    def final_aliases(self) -> dict[str, str]:
        """Other URL to page URL, chains resolved, for pages that were kept."""
        resolved: dict[str, str] = {}
        for url in self.aliases:
            self._resolve(url, resolved)
        return {url: page for url, page in resolved.items() if page in self._pages and url not in self._pages}

    def titles_of_pages(self) -> dict[str, str]:
        """The titles of the pages that are kept, by URL."""
        return {url: self.titles.get(url, "") for url in self._pages}

    def report(self) -> bytes:
        """The rows as gzip-compressed JSON lines."""
        lines = (json.dumps(row.to_json(), ensure_ascii=False) + "\n" for row in self._rows.values())
        return gzip.compress("".join(lines).encode("utf-8", "replace"), mtime=0)

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON."""
        return {
            "pages": [page.to_json() for page in self._pages.values()],
            "titles": self.titles_of_pages(),
            "aliases": self.aliases.copy(),
            "rows": [row.to_json() for row in self._rows.values()],
            "sketches": [self.copies.by_url[url].to_json() for url in self._pages],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], failures: list[PageFailure]) -> Self:
        """The inverse of `to_json`."""
        ledger = cls(failures=failures, titles=dict(data["titles"]), aliases=dict(data["aliases"]))
        for fields, sketch in zip(data["pages"], data["sketches"], strict=True):
            page = FetchedPage.from_json(fields)
            ledger._pages[page.url] = page
            ledger.copies.add(page.url, Sketch.from_json(sketch))
        for row in data["rows"]:
            ledger._note(msgspec.convert(row, Row))
        return ledger

    def _resolve(self, url: str, resolved: dict[str, str]) -> None:
        """Add where the chain from the URL ends, for all of its links: thousands of redirects may make one chain."""
        passed: dict[str, None] = {}
        while url in self.aliases and url not in passed and url not in resolved:
            passed[url] = None
            url = self.aliases[url]
        resolved |= dict.fromkeys(passed, resolved.get(url, url))
