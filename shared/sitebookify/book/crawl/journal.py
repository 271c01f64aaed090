"""The journal: visits since the last checkpoint, a few to an object, so that a crash repeats hardly any of them.

A checkpoint holds all that a crawl knows and grows with the site, so it cannot be written after every page. What cannot
be had again without asking the site is little: which page answered, and under which name its text is stored. The next
attempt finds those lines, reads the texts again and takes the pages as if they had just been fetched.

An attempt that was cut off may still add lines while the next one is at work; they are as true as any.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sitebookify.book.crawl.digest import packed_document
from sitebookify.book.crawl.visit import Lost, Outcome
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.stage import Workbench
from sitebookify.errors import StoreError, TooComplex, TransientError

BATCH = 4
"""Visits to an object. With c visits at once, at most c + 2 * (BATCH - 1) that ended are not yet on record."""


class Journal:
    """Lines of finished visits, by the URL that was asked for; those of earlier attempts are there after `open`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._folder = bench.shared("visits/")
        self._nonce = secrets.token_hex(8)
        self._count = 0
        self._writing = asyncio.Lock()
        self._buffer: list[Outcome] = []
        self._lines: dict[str, dict[str, Any]] = {}
        self._objects: dict[str, set[str]] = {}
        self._untaken: set[str] = set()
        self._spent: list[str] = []

    async def open(self, settled: Callable[[str], bool]) -> None:
        """Find what earlier attempts wrote; lines of URLs that are ``settled`` are of no use any more."""
        store = self._bench.store
        names = [info.name for info in await asyncio.to_thread(lambda: list(store.list(self._folder)))]
        objects = await asyncio.gather(*(asyncio.to_thread(read, store, name) for name in names))
        for name, data in zip(names, objects, strict=True):
            useful = {line["asked"]: line for line in unpack(data) if not settled(line["asked"])}
            self._lines.update(useful)
            self._objects[name] = set(useful)
        self._untaken.update(self._lines)
        self.mark()
        await self.sweep()

    async def recall(self, url: str) -> Outcome | None:
        """What an earlier attempt's visit to the URL came to, or None where there is no record of one."""
        line = self._lines.get(url)
        return await self._restore(line) if line else None

    async def add(self, outcome: Outcome) -> None:
        """Record a visit that ended; one that may go better another time, or never reached the site, is left out."""
        if outcome.passing or outcome.status is None:
            return
        self._untaken.add(outcome.asked)
        self._buffer.append(outcome)
        if len(self._buffer) >= BATCH:
            async with self._writing:
                await self._write()

    def taken(self, url: str) -> None:
        """The visit is part of the crawl's state from now on."""
        self._lines.pop(url, None)
        self._untaken.discard(url)

    def mark(self) -> None:
        """A checkpoint is being made: what it holds whole can go once it is written."""
        self._spent = [name for name, urls in self._objects.items() if urls.isdisjoint(self._untaken)]

    async def sweep(self) -> None:
        """Remove what the last checkpoint made needless, if there was one."""
        spent, self._spent = self._spent, []
        for name in spent:
            del self._objects[name]
        with contextlib.suppress(StoreError, TransientError):  # what stays behind goes with the job
            await asyncio.gather(*(asyncio.to_thread(self._bench.store.delete, name) for name in spent))

    async def _write(self) -> None:
        batch, self._buffer = self._buffer, []
        if not batch:
            return
        self._count += 1
        name = f"{self._folder}{self._nonce}-{self._count:06}.json.gz"
        await asyncio.to_thread(self._bench.store.put, name, pack([_line(outcome) for outcome in batch]))
        self._objects[name] = {outcome.asked for outcome in batch}

    async def _restore(self, line: dict[str, Any]) -> Outcome:
        fields = {**line, "hops": tuple(line["hops"]), "directives": frozenset(line.get("directives", ()))}
        encoding = fields.pop("encoding", "utf-8")  # lines of earlier versions have none
        outcome = Outcome(**fields)
        if not outcome.blob:
            return outcome
        packed = await asyncio.to_thread(read, self._bench.store, outcome.blob)
        try:
            document = await self._bench.compute(packed_document, packed, outcome.url, encoding)
        except TooComplex:
            return replace(outcome, reason=Lost.TOO_COMPLEX, blob="")
        return replace(outcome, document=document)


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "asked": outcome.asked,
        "url": outcome.url,
        "status": outcome.status,
        "reason": outcome.reason,
        "blob": outcome.blob,
        "encoding": outcome.document.encoding if outcome.document else "utf-8",
        "hops": outcome.hops,
        "twin": outcome.twin,
        "directives": sorted(outcome.directives),
    }
