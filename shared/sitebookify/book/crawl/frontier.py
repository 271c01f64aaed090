"""The frontier: which URLs wait to be fetched, in which order, and which were seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.post_lists import is_continuation, is_grouping
from sitebookify.book.crawl.service_pages import Service, revised_page, service_of
from sitebookify.book.crawl.traps import Trap, TrapWatch, trap_of
from sitebookify.book.crawl.variants import Variants
from sitebookify.book.scope import Scope
from sitebookify.book.urls import identity

MOST_LEFT_OUT = 10_000
MOST_CHARACTERS = 16_000_000
"""Of all URLs together: 50,000 of 320 characters each."""
_MOST_SETTLED = 20_000
"""Links that are not looked at again: a menu has the same ones on each page. What was learned of stays so, whatever the
scope becomes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL to fetch, ``depth`` links away from the start.

    Where its server failed before: ``tries`` counts the rounds, ``reason`` and ``status`` are those of the last one,
    and ``after`` is the page after which it belongs.
    """

    url: str
    depth: int
    tries: int = 0
    reason: str = ""
    status: int | None = None
    after: str = ""

    def failed(self, reason: str, status: int | None, after: str) -> Self:
        """The entry after another failure; its place stays what it was at the first one."""
        place = self.after if self.tries else after
        return replace(self, tries=self.tries + 1, reason=reason, status=status, after=place)

    def to_json(self) -> list[Any]:
        """Its values in order; those of a URL that has not failed are left out."""
        values = [self.url, self.depth]
        return [*values, self.tries, self.reason, self.status, self.after] if self.tries else values


class Frontier:
    """Breadth first, each identity once; lists of posts by tag or month come when nothing else is left.

    Bounded: it learns of at most ``limit`` URLs in all, and of 16 MB of them; what is found beyond that is
    counted in ``overflow`` and forgotten. URLs of the site that are not to be fetched, each with the reason, are in
    ``left_out``, the first 10,000; of further ones ``unlisted`` is the number of times that they were met.
    """

    def __init__(self, *, limit: int) -> None:
        self.overflow = 0
        self.unlisted = 0
        self.left_out: dict[str, str] = {}
        self._limit = limit
        self._characters = 0
        self._queue: deque[Entry] = deque()
        self._late: deque[Entry] = deque()
        self._seen: dict[str, str] = {}
        self._spellings: dict[str, str] = {}
        self._settled: set[str] = set()
        self.traps = TrapWatch()
        self.variants: Variants | None = None

    def __len__(self) -> int:
        return len(self._queue) + len(self._late)

    @property
    def ready(self) -> bool:
        """True while something other than lists of posts waits."""
        return bool(self._queue)

    @property
    def urls(self) -> Collection[str]:
        """The URLs learned of so far."""
        return self._seen.values()

    def add(self, urls: Iterable[str], scope: Scope, depth: int) -> None:
        """Queue those of the URLs (normalized) that are in scope, unseen, in no trap and no service pages."""
        for link in urls:
            if link in self._settled:
                continue
            url = scope.home(link)
            if not scope.contains(url):
                self._leave_out(url, Lost.OUT_OF_SCOPE, scope)
                continue
            key = identity(url)
            if key not in self._seen:
                if scope.chosen(url):
                    self._learn(key, url, depth)
                else:
                    self._leave_out(url, Lost.EXCLUDED, scope)
            elif self._seen[key] != url:
                self._spellings.setdefault(key, url)
            elif len(self._settled) < _MOST_SETTLED:
                self._settled.add(link)

    def leave_out(self, urls: Iterable[str], reason: Service, scope: Scope) -> None:
        """Take note of URLs (normalized) of which a link says that they are no pages to read."""
        for url in map(scope.home, urls):
            if scope.contains(url) and self.see(url):
                self._record(url, reason)

    def add_too_deep(self, urls: Iterable[str], scope: Scope) -> None:
        """Take note of URLs (normalized) that are too many links away from the start, as far as is known now."""
        for url in map(scope.home, urls):
            if url in self.left_out or self.seen(url):
                continue
            if not scope.contains(url):
                self._leave_out(url, Lost.OUT_OF_SCOPE, scope)
            elif not scope.chosen(url):
                self._leave_out(url, Lost.EXCLUDED, scope)
            else:
                self._leave_out(url, Lost.MAX_DEPTH, scope)

    def note(self, url: str, says: frozenset[int]) -> tuple[str, ...]:
        """Take note of what the URL (normalized) showed; what only repeats other pages is left.

        Answers the pages without a word of their own that were visited before that was known.
        """
        barren = self.traps.read(url, says)
        for entry in self.clear() if barren else ():
            if self.traps.is_barren(entry.url):
                self._record(entry.url, trap_of(entry.url))
            else:
                self._wait(entry)
        return barren

    def rest(self) -> Iterator[tuple[str, str]]:
        """The URLs in ``left_out`` that no shorter way led to, each with the reason."""
        for url, reason in self.left_out.items():
            if reason != Lost.MAX_DEPTH or not self.seen(url):
                yield url, reason

    def seen(self, url: str) -> bool:
        """True where this URL, or another spelling of it, was learned of."""
        return identity(url) in self._seen

    def settled(self) -> Callable[[str], bool]:
        """Tells of a URL whether it was learned of and does not wait here now."""
        waiting = {entry.url for entry in (*self._queue, *self._late)}
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

    def append(self, entries: Iterable[Entry]) -> None:
        """Put entries to the end of the queue, also of URLs that were visited."""
        for entry in entries:
            self._wait(entry)

    def clear(self) -> list[Entry]:
        """Take all entries out."""
        entries = [*self._queue, *self._late]
        self._queue.clear()
        self._late.clear()
        return entries

    def revise(self, scope: Scope) -> dict[str, str]:
        """Take URLs in the scope's spelling from now on, and answer how those known so far are spelled.

        Those that were out of scope by their spelling are queued.
        """
        waiting = self.clear()
        unvisited = {entry.url for entry in waiting}
        visited = {identity(scope.home(url)) for url in self._seen.values() if url not in unvisited}
        for url in list(self._seen.values()):
            self._seen.setdefault(identity(scope.home(url)), url)
        for entry in waiting:
            url = scope.home(entry.url)
            if identity(url) not in visited:
                visited.add(identity(url))
                self._wait(replace(entry, url=url))
        strays = [url for url, reason in self.left_out.items() if reason == Lost.OUT_OF_SCOPE]
        for url in strays:
            if scope.contains(scope.home(url)):
                del self.left_out[url]
                self.add((url,), scope, 1)
        homes = {url: scope.home(url) for url in (*self._seen.values(), *strays)}
        return {url: home for url, home in homes.items() if url != home}

    def pop(self) -> Entry:
        """The next entry."""
        return self._queue.popleft() if self._queue else self._late.popleft()

    def push_back(self, entries: Iterable[Entry]) -> None:
        """Put entries that were popped back to the front, in their order."""
        self._queue.extendleft(reversed(list(entries)))

    def to_json(self, popped: Iterable[Entry] = ()) -> dict[str, Any]:
        """Everything, as plain JSON; ``popped`` entries count as still queued."""
        queue = [*popped, *self._queue, *self._late]
        waiting = {entry.url for entry in queue}
        return {
            "queue": [entry.to_json() for entry in queue],
            "seen": [url for url in self._seen.values() if url not in waiting],
            "spellings": self._spellings.copy(),
            "left_out": self.left_out.copy(),
            "unlisted": self.unlisted,
            "queries": self.traps.to_json(),
            "overflow": self.overflow,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], *, limit: int) -> Self:
        """The inverse of `to_json`."""
        frontier = cls(limit=limit)
        queue = [Entry(*values) for values in data["queue"]]
        for url in [*data["seen"], *(entry.url for entry in queue)]:
            frontier.see(url)
        frontier.append(queue)
        frontier._spellings = dict(data["spellings"])
        frontier.left_out = dict(data["left_out"])
        frontier.unlisted = data["unlisted"]
        frontier.traps.restore(data["queries"])
        frontier.overflow = data["overflow"]
        return frontier

    def _learn(self, key: str, url: str, depth: int) -> None:
        self.left_out.pop(url, None)  # it was out of scope before a list of posts named it
        if len(self._seen) >= self._limit or self._characters >= MOST_CHARACTERS:
            self.overflow += 1
            return
        reason = self._mark(key, url) or self._variant(url)
        if reason is None:
            self._wait(Entry(url, depth))
        else:
            self._record(url, reason)

    def _leave_out(self, url: str, reason: str, scope: Scope) -> None:
        """Note why a URL of the site is left out; those of other sites are among the links of their pages."""
        if url not in self.left_out and any(url.startswith(area.origin + "/") for area in scope.areas):
            self._record(url, reason)

    def _record(self, url: str, reason: str) -> None:
        if len(self.left_out) >= MOST_LEFT_OUT or self._characters >= MOST_CHARACTERS:
            self.unlisted += 1
            return
        self._characters += len(url)
        self.left_out[url] = reason

    def _wait(self, entry: Entry) -> None:
        queue = self._late if is_grouping(entry.url) and not is_continuation(entry.url) else self._queue
        queue.append(entry)

    def _variant(self, url: str) -> Lost | None:
        """Why the URL is another variant of the site's, as far as that is known."""
        if self.variants is None:
            return None
        self.variants.learn(url)
        other = self.variants.why(url)
        if other:
            self.variants.leave_out(url)
        return other

    def _mark(self, key: str, url: str) -> Trap | Service | None:
        """Mark the URL as seen; the reason not to fetch it, if the URL itself gives one."""
        self._seen[key] = url
        self._characters += len(url)
        page = revised_page(url)
        if page and self.seen(page):
            return Service.HISTORY
        return service_of(url) or self.traps.check(url)
