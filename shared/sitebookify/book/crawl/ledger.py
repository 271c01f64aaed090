"""The ledger: what was decided about every URL that was tried."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from sitebookify.book.crawl.copies import Copies
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.visit import Lost, why_lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.model import FetchedPage
from sitebookify.jobs import Stage

_FAILED = "failed"
"""The decision of rows in states that were written before there was a list of failures."""
_LONGEST_TITLE = 200
"""Characters kept of a page's title."""


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

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(**{**data, "decision": Decision(data["decision"])})


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Pages kept in order, their sketches, other URLs of theirs, and a row for every other URL tried.

    ``failures`` are the bench's, so they are no part of the ledger's JSON. ``titles`` are what the pages call
    themselves, by URL, to be shown before they are extracted.
    """

    failures: list[PageFailure]
    pages: list[FetchedPage] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    copies: Copies = field(default_factory=Copies)

    def keep(
        self, page: FetchedPage, sketch: Sketch, status: int | None, *, title: str = "", after: str | None = None
    ) -> None:
        """A page of the book, behind all others, or right after the page with the URL ``after``; "": before all."""
        self.pages.insert(self._place_after(after), page)
        self.titles[page.url] = title[:_LONGEST_TITLE]
        self.copies.add(page.url, sketch)
        self.rows.append(Row(url=page.url, status=status, decision=Decision.KEPT))

    def turn_down(self, row: Row) -> None:
        """A URL that is no page of the book; a duplicate's becomes another name of the page it repeats."""
        self.rows.append(row)
        if row.same_as:
            self.aliases[row.url] = row.same_as

    def fail(self, url: str, status: int | None, reason: str) -> None:
        """A page that could not be fetched or is none."""
        message = why_lost(reason, status)
        self.failures.append(PageFailure(url=url, stage=Stage.CRAWL, status=status, reason=reason, message=message))

    def drop(self, url: str, reason: str) -> None:
        """A page that was kept and is, now that all are known, not wanted."""
        self.pages = [page for page in self.pages if page.url != url]
        self.rows = [
            Row(url=url, status=row.status, decision=Decision.DUPLICATE, reason=reason) if row.url == url else row
            for row in self.rows
        ]

    def leave_out(self, reasons: Mapping[str, str]) -> list[str]:
        """Skip pages that were kept, each for its reason; answer their copies, which may be pages of the book now."""
        self.pages = [page for page in self.pages if page.url not in reasons]
        for url in reasons:
            self.copies.forget(url)
        copies = [row.url for row in self.rows if row.same_as in reasons and row.reason == Lost.SAME_CONTENT]
        gone = {*reasons, *copies}
        self.rows = [row for row in self.rows if row.url not in gone]
        self.rows += [Row(url=url, decision=Decision.SKIPPED, reason=reason) for url, reason in reasons.items()]
        for copy in copies:
            self.aliases.pop(copy, None)
        return copies

    def final_aliases(self) -> dict[str, str]:
        """Other URL to page URL, chains resolved, for pages that were kept."""
        pages = {page.url for page in self.pages}
        resolved = {url: self._resolve(url) for url in self.aliases}
        return {url: page for url, page in resolved.items() if page in pages and url not in pages}

    def titles_of_pages(self) -> dict[str, str]:
        """The titles of the pages that are kept, by URL."""
        return {page.url: self.titles.get(page.url, "") for page in self.pages}

    def report(self) -> bytes:
        """The rows as gzip-compressed JSON lines."""
        lines = (json.dumps(row.to_json(), ensure_ascii=False) + "\n" for row in self.rows)
        return gzip.compress("".join(lines).encode("utf-8", "replace"), mtime=0)

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON."""
        return {
            "pages": [page.to_json() for page in self.pages],
            "titles": self.titles_of_pages(),
            "aliases": self.aliases.copy(),
            "rows": [row.to_json() for row in self.rows],
            "sketches": [self.copies.by_url[page.url].to_json() for page in self.pages],
            "failed": len(self.failures),  # for versions that count them here
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], failures: list[PageFailure]) -> Self:
        """The inverse of `to_json`."""
        ledger = cls(
            failures=failures,
            pages=[FetchedPage.from_json(page) for page in data["pages"]],
            titles=dict(data.get("titles", {})),
            aliases=dict(data["aliases"]),
            rows=[Row.from_json(row) for row in data["rows"] if row["decision"] != _FAILED],
        )
        for page, sketch in zip(ledger.pages, data["sketches"], strict=True):
            ledger.copies.add(page.url, Sketch.from_json(sketch))
        for row in data["rows"]:
            if row["decision"] == _FAILED:
                ledger.fail(row["url"], row["status"], row["reason"])
        return ledger

    def _place_after(self, url: str | None) -> int:
        if url == "":
            return 0
        places = (place for place, page in enumerate(self.pages, start=1) if page.url == url)
        return len(self.pages) if url is None else next(places, len(self.pages))

    def _resolve(self, url: str) -> str:
        passed: set[str] = set()
        while url in self.aliases and url not in passed:
            passed.add(url)
            url = self.aliases[url]
        return url
