"""Sitemaps, sitemap indexes and feeds: XML that names URLs, read without trusting it."""

from __future__ import annotations

import contextlib
import math
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import structlog

from sitebookify.book.crawl.crawl_tasks import Compute
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


async def read_sitemaps(
    fetcher: Fetcher,
    places: Iterable[str],
    *,
    allow: Callable[[str], Awaitable[bool]],
    compute: Compute,
    most_files: int = MOST_FILES,
    max_bytes: int = MAX_BYTES,
    most_seconds: float = math.inf,
) -> Named:
    """All pages named by the sitemaps at these places (normalized URLs) and by those that they name in turn.

    At most 500 files of 10 MiB and 50,000 URLs, no new file after ``most_seconds``; a file that cannot be
    fetched or read counts as empty. The answer's ``sitemaps`` are the files that named something.
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
        new = [place for place in named.sitemaps[:most_files] if place not in seen]
        seen.update(new)
        waiting.extend(new)
        if named != Named():
            useful.append(url)
    return Named(pages=tuple(pages)[:MOST_URLS], sitemaps=tuple(useful), days=tuple(days.items()))


async def _read(
    fetcher: Fetcher, url: str, allow: Callable[[str], Awaitable[bool]], max_bytes: int, compute: Compute
) -> Named:
    if not await allow(url):
        return Named()
    try:
        answer = await fetcher.fetch(url, max_bytes=max_bytes, truncate=True, follow=allow, body_if=_is_there)
        if not answer.body:
            return Named()  # which costs no task: most sites lack most of these files
        return await compute(read_packed, answer.body, normalize(answer.url) or url, max_bytes)
    except FetchError:
        return Named()
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
    from lxml import etree  # noqa: PLC0415 - most sites have none, and all load this module

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
    lines = text_of_file(text).splitlines()[:MOST_URLS]
    return filter(None, (normalize(line.strip()) for line in lines))


@dataclass(slots=True)
class _Item:
    """What an entry of a feed says of itself."""

    page: str = ""
    day: str = ""
    changed: str = ""
    guid: str = ""


class _Entries:
    """Takes the parser's events and keeps the URLs, in the order of the file."""

    def __init__(self, url: str) -> None:
        self.pages: dict[str, None] = {}
        self.sitemaps: dict[str, None] = {}
        self.days: dict[str, str] = {}
        self.changes: dict[str, str] = {}
        self._item = _Item()
        self._url = url
        self._bases = [url]
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._length = 0

    @property
    def full(self) -> bool:
        """True when no more URLs are needed."""
        return len(self.pages) + len(self.sitemaps) >= MOST_URLS

    def start(self, tag: str | bytes, attributes: Mapping[str | bytes, str | bytes]) -> None:
        """An element begins."""
        name = str(tag).rpartition("}")[2]
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        self._bases.append(self._base(attributes))
        self._length = 0
        self._text = None
        if name in _ENTRIES:
            self._item = _Item()
        if not _is_of_use(name, parent, attributes):
            return
        href = attributes.get("href") if name == "link" else None
        if href:
            self._keep(str(href), parent)
        else:
            self._text = []

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
        parent = self._path[-1] if self._path else ""
        if self._text is not None:
            self._take_text(name, "".join(self._text), parent)
            self._text = None
        if name in _ENTRIES:
            self._end_entry(name)

    def close(self) -> None:
        """The file ends."""

    def _take_text(self, name: str, text: str, parent: str) -> None:
        if name in _DATES:
            self._item.day = day_of_feed(text.strip())
        elif name in _CHANGES:
            self._item.changed = day_of_feed(text.strip())
        elif name == "guid":
            self._item.guid = text.strip()
        else:
            self._keep(text, parent)

    def _end_entry(self, name: str) -> None:
        item = self._item
        if name == "item" and item.guid.startswith("http") and not item.page:
            self._keep(item.guid, name)
        if item.page and item.day:
            self.days.setdefault(item.page, item.day)
        if item.page and item.changed:
            self.changes.setdefault(item.page, item.changed)

    def _base(self, attributes: Mapping[str | bytes, str | bytes]) -> str:
        """What references in this element are relative to."""
        above = self._bases[-1]
        stated = attributes.get(_BASE)
        return (join(above, str(stated)[:_LONGEST]) or above) if stated else above

    def _keep(self, reference: str, parent: str) -> None:
        """Take note of what is named in an element, or in an entry that ends."""
        if self.full or len(reference) > _LONGEST:
            return
        url = join(self._bases[-1], reference.strip())
        if url is None:
            return
        if parent in _ENTRIES and not self._item.page:
            self._item.page = url
        if url != self._url:
            urls = self.sitemaps if parent == "sitemap" else self.pages
            urls[url] = None


def _is_of_use(name: str, parent: str, attributes: Mapping[str | bytes, str | bytes]) -> bool:
    """True for an element that names a page or sitemap, or says when an entry was written."""
    if name == "loc":
        return parent in ("url", "sitemap")
    if name == "guid":
        return parent == "item" and attributes.get("isPermaLink", "true") == "true"
    if name == "link" and parent == "entry":
        return attributes.get("rel", "alternate") == "alternate"
    return parent in _ENTRIES and (name == "link" or name in _DATES or name in _CHANGES)
