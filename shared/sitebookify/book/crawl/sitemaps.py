"""Sitemaps, sitemap indexes and feeds: XML that names URLs, read without trusting it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog
from lxml import etree

from sitebookify.book.html.charset import text_of_file
from sitebookify.book.html.days import day_of_feed
from sitebookify.book.limits import limited
from sitebookify.book.urls import join, normalize
from sitebookify.egress import FetchError, Response
from sitebookify.egress.fetcher import Fetcher
from sitebookify.errors import TooComplex

log = structlog.get_logger()

MAX_BYTES = 10 * 1024 * 1024
MOST_FILES = 500
MOST_URLS = 50_000
_PIECE = 64 * 1024
_LONGEST = 10_000
"""Characters of a URL; longer ones are none."""
_GZIP = b"\x1f\x8b"
_NAMING = frozenset({"loc", "link"})
_DATES = frozenset({"pubDate", "published", "date", "issued"})
_CHANGES = frozenset({"updated", "modified"})
_ENTRIES = frozenset({"item", "entry"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one file names, normalized: ``pages`` to read and further ``sitemaps`` to look into.

    ``days`` are those on which a feed's entries were published (page, YYYY-MM-DD), ``changes`` those on which they were
    changed, as far as the feed says.
    """

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str], ...] = ()


class Reader(Protocol):
    """Runs `read_packed`, in a worker process or here."""

    async def __call__(
        self, function: Callable[[bytes, str, int], Named], body: bytes, url: str, max_bytes: int, /
    ) -> Named:
        """Its result.

        Raises:
            TooComplex: it went beyond its limits.
        """
        ...


async def read_here(function: Callable[[bytes, str, int], Named], body: bytes, url: str, max_bytes: int, /) -> Named:
    """In a thread, for a process that is bounded as a whole."""
    return await asyncio.to_thread(function, body, url, max_bytes)


async def read_sitemaps(
    fetcher: Fetcher,
    places: Iterable[str],
    *,
    allow: Callable[[str], Awaitable[bool]],
    compute: Reader,
    most_files: int = MOST_FILES,
    max_bytes: int = MAX_BYTES,
    most_seconds: float = math.inf,
) -> Named:
    """All pages named by the sitemaps at these places (normalized URLs) and by those that they name in turn.

    At most 500 files of 10 MiB and 50,000 URLs, no new file after ``most_seconds``; a file that cannot be had or
    read counts as empty. ``sitemaps`` of the answer are those that named something.
    """
    end = time.monotonic() + most_seconds
    waiting = deque(dict.fromkeys(places))
    seen = set(waiting)
    pages: dict[str, None] = {}
    days: dict[str, str] = {}
    useful: list[str] = []
    for _ in range(most_files):
        if not waiting or len(pages) >= MOST_URLS or time.monotonic() >= end:
            break
        url = waiting.popleft()
        named = await _read(fetcher, url, allow, max_bytes, compute)
        pages.update(dict.fromkeys(named.pages))
        days.update(named.days)
        for place in named.sitemaps[:most_files]:
            if place not in seen:
                seen.add(place)
                waiting.append(place)
        if named != Named():
            useful.append(url)
    return Named(pages=tuple(pages)[:MOST_URLS], sitemaps=tuple(useful), days=tuple(days.items()))


async def _read(
    fetcher: Fetcher, url: str, allow: Callable[[str], Awaitable[bool]], max_bytes: int, compute: Reader
) -> Named:
    if not await allow(url):
        return Named()
    try:
        answer = await fetcher.fetch(url, max_bytes=max_bytes, truncate=True, follow=allow, body_if=_is_there)
    except FetchError:
        return Named()
    if not answer.body:
        return Named()
    try:
        return await compute(read_packed, answer.body, normalize(answer.url) or url, max_bytes)
    except TooComplex as error:
        log.warning("sitemap.too_complex", url=url, why=str(error))
        return Named()


def _is_there(answer: Response) -> bool:
    return answer.status == 200


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    """The file inside a ``.gz`` that was served as it is, as far as it can be read, bounded."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, max_bytes)
    except zlib.error:
        return b""


@limited(seconds=20, wall=180, mebibytes=192)
def read_packed(body: bytes, url: str, max_bytes: int = MAX_BYTES) -> Named:
    """`read_named` on a file as it was served, at most so many bytes of it; ``url`` is normalized."""
    return read_named(_unpacked(body, max_bytes), url)


def read_named(xml: bytes, url: str) -> Named:
    """What a sitemap, a sitemap index, an RSS or Atom feed, or a plain list of URLs names; never raises.

    No tree is built: a file of 10 MiB of empty elements would be one of half a gigabyte.
    """
    if not xml.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return Named(pages=tuple(_listed(xml)))
    entries = _Entries(url)
    parser = etree.XMLParser(
        target=entries, resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    with contextlib.suppress(etree.LxmlError, ValueError):
        for start in range(0, len(xml), _PIECE):
            if entries.full:
                break
            parser.feed(xml[start : start + _PIECE])
    return Named(
        pages=tuple(entries.pages),
        sitemaps=tuple(entries.sitemaps),
        days=tuple(entries.days.items()),
        changes=tuple(entries.changes.items()),
    )


def _listed(text: bytes) -> Iterator[str]:
    for line in text_of_file(text).splitlines()[:MOST_URLS]:
        if url := normalize(line.strip()):
            yield url


class _Entries:
    """Takes the parser's events and keeps the URLs, in the order of the file."""

    def __init__(self, url: str) -> None:
        self.pages: dict[str, None] = {}
        self.sitemaps: dict[str, None] = {}
        self.days: dict[str, str] = {}
        self.changes: dict[str, str] = {}
        self._entry = ("", "")
        self._change = ""
        self._guid = ""
        self._url = url
        self._bases = [url]
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._length = 0

    @property
    def full(self) -> bool:
        """True where no more URLs are wanted."""
        return len(self.pages) + len(self.sitemaps) >= MOST_URLS

    def start(self, tag: str | bytes, attributes: Mapping[str | bytes, str | bytes]) -> None:
        """An element begins."""
        name = str(tag).rpartition("}")[2]
        within = self._path[-1] if self._path else ""
        self._path.append(name)
        self._bases.append(self._base(attributes))
        self._text = None
        if name in _ENTRIES:
            self._entry = ("", "")
            self._guid = self._change = ""
        if name in _DATES | _CHANGES and within in _ENTRIES:
            self._text = []
            self._length = 0
        if name == "guid" and within == "item" and attributes.get("isPermaLink", "true") == "true":
            self._text = []
            self._length = 0
        if name not in _NAMING:
            return
        if name == "loc" and within in ("url", "sitemap"):
            self._text = []
        elif name == "link" and within in _ENTRIES:
            if within == "entry" and attributes.get("rel", "alternate") != "alternate":
                return
            if href := attributes.get("href"):
                self._keep(str(href), within)
            else:
                self._text = []
        self._length = 0

    def data(self, data: str | bytes) -> None:
        """Text of the innermost element."""
        if self._text is not None and self._length <= _LONGEST:
            self._text.append(str(data))
            self._length += len(data)

    def comment(self, text: str | bytes) -> None:
        """Says nothing."""

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002 - lxml passes it
        """An element ends."""
        name = self._path.pop()
        self._bases.pop()
        within = self._path[-1] if self._path else ""
        if self._text is not None and name in _DATES:
            self._entry = (self._entry[0], day_of_feed("".join(self._text).strip()))
        elif self._text is not None and name in _CHANGES:
            self._change = day_of_feed("".join(self._text).strip())
        elif self._text is not None and name == "guid":
            self._guid = "".join(self._text).strip()
        elif self._text is not None:
            self._keep("".join(self._text), within)
        if name == "item" and self._guid.startswith("http") and not self._entry[0]:
            self._keep(self._guid, name)
        if name in _ENTRIES and all(self._entry):
            self.days.setdefault(*self._entry)
        if name in _ENTRIES and self._entry[0] and self._change:
            self.changes.setdefault(self._entry[0], self._change)
        self._text = None

    def close(self) -> None:
        """The file ends."""

    def _base(self, attributes: Mapping[str | bytes, str | bytes]) -> str:
        """What references in this element are relative to."""
        above = self._bases[-1]
        stated = attributes.get(_BASE)
        return (join(above, str(stated)[:_LONGEST]) or above) if stated else above

    def _keep(self, reference: str, within: str) -> None:
        """Take note of what is named in an element, or in an entry that ends."""
        named = join(self._bases[-1], reference.strip()) if len(reference) <= _LONGEST and not self.full else None
        if named and within in _ENTRIES and not self._entry[0]:
            self._entry = (named, self._entry[1])
        if named and named != self._url:
            (self.sitemaps if within == "sitemap" else self.pages).setdefault(named)
