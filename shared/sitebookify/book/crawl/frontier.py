"""The frontier: which URLs wait to be fetched, in which order, and which were seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from sitebookify.book.crawl.traps import Trap, TrapWatch
from sitebookify.book.scope import Scope
from sitebookify.book.urls import identity

MOST_TRAPPED = 200
MOST_CHARACTERS = 16_000_000
"""Of all URLs together: 50,000 of 320 characters each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL to fetch, ``depth`` links away from the start."""

    url: str
    depth: int


class Frontier:
    """Breadth first, each identity once.

    Bounded: it learns of at most ``limit`` URLs in all, and of 16 MB of them; what is found beyond that is
    counted in ``overflow`` and forgotten. Of URLs in traps the first 200 are kept for the report.
    """

    def __init__(self, *, limit: int) -> None:
        self.overflow = 0
        self.trapped: dict[str, str] = {}
        self._limit = limit
        self._characters = 0
        self._queue: deque[Entry] = deque()
        self._seen: dict[str, str] = {}
        self._spellings: dict[str, str] = {}
        self._traps = TrapWatch()

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def known(self) -> int:
        """URLs learned of so far."""
        return len(self._seen)

    def add(self, urls: Iterable[str], scope: Scope, depth: int) -> None:
        """Queue those of the URLs (normalized) that are in scope, unseen and in no trap."""
        for found in urls:
            url = scope.home(found)
            if not scope.contains(url):
                continue
            key = identity(url)
            if key not in self._seen:
                if scope.chosen(url):
                    self._learn(key, url, depth)
            elif self._seen[key] != url:
                self._spellings.setdefault(key, url)

    def seen(self, url: str) -> bool:
        """True where this URL, or another spelling of it, was learned of."""
        return identity(url) in self._seen

    def settled(self) -> Callable[[str], bool]:
        """Tells of a URL whether it was learned of and does not wait here now."""
        waiting = {entry.url for entry in self._queue}
        return lambda url: self.seen(url) and url not in waiting

    def see(self, url: str) -> bool:
        """Mark the URL as seen without queueing it; False where it was seen before."""
        key = identity(url)
        if key in self._seen:
            return False
        self._mark(key, url)
        return True

    def respell(self, entry: Entry) -> None:
        """Queue another spelling of a URL that was not found: ``/a/index.html`` may be there where ``/a/`` is not."""
        other = self._spellings.pop(identity(entry.url), entry.url)
        if other != entry.url:
            self._queue.append(Entry(other, entry.depth))

    def pop(self) -> Entry:
        """The next entry."""
        return self._queue.popleft()

    def push_back(self, entries: Iterable[Entry]) -> None:
        """Put entries that were popped back to the front, in their order."""
        self._queue.extendleft(reversed(list(entries)))

    def to_json(self, popped: Iterable[Entry] = ()) -> dict[str, Any]:
        """Everything, as plain JSON; ``popped`` entries count as still queued."""
        queue = [*popped, *self._queue]
        waiting = {entry.url for entry in queue}
        return {
            "queue": [[entry.url, entry.depth] for entry in queue],
            "seen": [url for url in self._seen.values() if url not in waiting],
            "spellings": self._spellings.copy(),
            "trapped": self.trapped.copy(),
            "overflow": self.overflow,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], *, limit: int) -> Self:
        """The inverse of `to_json`."""
        frontier = cls(limit=limit)
        for url in [*data["seen"], *(url for url, _ in data["queue"])]:
            frontier.see(url)
        frontier._queue.extend(Entry(url, depth) for url, depth in data["queue"])
        frontier._spellings = dict(data["spellings"])
        frontier.trapped = dict(data["trapped"])
        frontier.overflow = data["overflow"]
        return frontier

    def _learn(self, key: str, url: str, depth: int) -> None:
        if len(self._seen) >= self._limit or self._characters >= MOST_CHARACTERS:
            self.overflow += 1
            return
        trap = self._mark(key, url)
        if trap is None:
            self._queue.append(Entry(url, depth))
        elif len(self.trapped) < MOST_TRAPPED:
            self.trapped[url] = trap

    def _mark(self, key: str, url: str) -> Trap | None:
        self._seen[key] = url
        self._characters += len(url)
        return self._traps.check(url)
