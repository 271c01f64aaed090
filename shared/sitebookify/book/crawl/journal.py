"""The journal: finished visits, a few to an object together with their texts, so that a crash repeats hardly any.

A checkpoint holds all that a crawl knows and grows with the site, so it cannot be written after every page. What cannot
be recovered without asking the site again is little: the pages' texts, and a line for each visit with its outcome.
An object holds the texts of some visits, then their lines, then how long these are. The next attempt reads the lines,
and takes the pages that no checkpoint knows as if they had just been fetched.

An attempt that was cut off may still add visits while the next one is at work; they are as true as any.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sitebookify.book.crawl.crawl_tasks import packed_document
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.visit import Outcome
from sitebookify.book.objects import pack, piece_name, read, unpack
from sitebookify.book.packs import Pack
from sitebookify.book.stage import Workbench
from sitebookify.errors import TooComplex
from sitebookify.ports import ObjectInfo, ObjectStore

BATCH = 4
"""Visits to an object. With c visits at once, at most c + 2 * (BATCH - 1) that ended are not yet on record."""
_LENGTH = struct.Struct(">Q")
SUFFIX = ".visits"
_AT_ONCE = 32
"""Objects that are read at a time."""
_USUAL = 16 * 1024
"""Bytes of an object's end that are read first: as a rule, all lines are in them."""


_FIELDS = ("asked", "url", "status", "reason", "blob", "hops", "twin")
"""Of an outcome, that are stored as they are."""


class Journal:
    """Lines of finished visits, by the URL that was asked for; those of earlier attempts are there after `open`."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._folder = bench.shared("visited/")
        nonce = secrets.token_hex(8)
        self._pack = Pack(bench.store, lambda number: f"{self._folder}{nonce}-{number:06}{SUFFIX}", tail=self._tail)
        self._buffer: list[Outcome] = []
        self._lines: dict[str, dict[str, Any]] = {}
        bench.before_saving(self.flush)

    async def open(self, settled: Callable[[str], bool]) -> None:
        """Find what earlier attempts wrote; lines of URLs that are ``settled`` are of no use any more."""
        objects = await asyncio.to_thread(lambda: list(self._bench.store.list(self._folder)))
        places = asyncio.Semaphore(_AT_ONCE)

        async def lines(info: ObjectInfo) -> list[dict[str, Any]]:
            async with places:
                return await asyncio.to_thread(read_visits, self._bench.store, info)

        for batch in await asyncio.gather(*map(lines, objects)):
            self._lines.update((line["asked"], line) for line in batch if not settled(line["asked"]))

    def keep(self, data: bytes) -> str:
        """Have a page's text stored with the visits that end next; its name."""
        return self._pack.add(data)

    async def flush(self) -> None:
        """Store what was not yet: a checkpoint that names it is being written."""
        await self._pack.flush()

    async def recall(self, url: str) -> Outcome | None:
        """What an earlier attempt's visit to the URL came to, or None where there is no record of one."""
        line = self._lines.get(url)
        return await self._restore(line) if line else None

    async def add(self, outcome: Outcome) -> None:
        """Record a visit that ended; one that may go better another time, or never reached the site, is left out."""
        if outcome.passing or outcome.status is None:
            return
        self._buffer.append(outcome)
        if len(self._buffer) >= BATCH or self._pack.full:
            await self._pack.flush()

    def taken(self, url: str) -> None:
        """The visit is part of the crawl's state from now on."""
        self._lines.pop(url, None)

    def _tail(self) -> bytes:
        batch, self._buffer = self._buffer, []
        if not batch and self._pack.empty:
            return b""
        lines = pack([_line(outcome) for outcome in batch])
        return lines + _LENGTH.pack(len(lines))

    async def _restore(self, line: dict[str, Any]) -> Outcome:
        fields = {**line, "hops": tuple(line["hops"]), "directives": frozenset(line["directives"])}
        encoding = fields.pop("encoding")
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
    line = {name: getattr(outcome, name) for name in _FIELDS}
    encoding = outcome.document.encoding if outcome.document else "utf-8"
    return {**line, "encoding": encoding, "directives": sorted(outcome.directives)}


def read_visits(store: ObjectStore, info: ObjectInfo) -> list[dict[str, Any]]:
    """The lines of an object of the journal."""
    start = max(0, info.size - _USUAL)
    end = read(store, piece_name(info.name, start, info.size - start))
    (length,) = _LENGTH.unpack(end[-_LENGTH.size :])
    first = info.size - _LENGTH.size - length
    if first < start:
        end = read(store, piece_name(info.name, first, info.size - first))
    lines: list[dict[str, Any]] = unpack(end[-_LENGTH.size - length : -_LENGTH.size])
    return lines
