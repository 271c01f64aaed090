"""Sitemaps, sitemap indexes and feeds: XML that names URLs, read without trusting it."""

from __future__ import annotations

import contextlib
import math
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import structlog

from sitebookify.book.crawl.crawl_tasks import Compute
from sitebookify.book.html.charset import text_of_file
from sitebookify.book.html.days import day_of_feed
from sitebookify.book.limits import limited
from sitebookify.book.urls import join, normalize
from sitebookify.egress import FetchError
from sitebookify.egress.fetcher import Fetcher
from sitebookify.errors import TooComplex

if TYPE_CHECKING:
    from sitebookify.book.tree import Element

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
_MAPS = frozenset({"url", "sitemap"})
_OF_USE = _DATES | _CHANGES | {"loc", "link", "guid"}
"""Children of an entry."""
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
        answer = await fetcher.fetch(
            url, max_bytes=max_bytes, truncate=True, follow=allow, body_if=lambda head: head.status == 200
        )
        if not answer.body:
            return Named()  # which costs no task: most sites lack most of these files
        return await compute(read_packed, answer.body, normalize(answer.url) or url, max_bytes)
    except FetchError:
        return Named()
    except TooComplex as error:
        log.warning("sitemap.too_complex", url=url, why=str(error))
        return Named()


@limited(seconds=20, wall=180, mebibytes=192)
def read_packed(body: bytes, url: str, max_bytes: int = MAX_BYTES) -> Named:
    """`read_named` on a file as it was served, a ``.gz`` too, at most so many bytes of it; ``url`` is normalized."""
    if not body.startswith(_GZIP):
        return read_named(body, url)
    try:
        return read_named(zlib.decompressobj(wbits=31).decompress(body, max_bytes), url)
    except zlib.error:
        return Named()


def read_named(xml: bytes, url: str) -> Named:
    """What a sitemap, a sitemap index, an RSS or Atom feed, or a plain list of URLs names; never raises."""
    if not xml.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return Named(pages=tuple(_listed(xml)))
    entries = _Entries(url)
    from lxml import etree  # noqa: PLC0415 - most sites have none, and all load this module

    parser = etree.XMLPullParser(
        ("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    with contextlib.suppress(etree.LxmlError, ValueError):
        for start in range(0, len(xml), _PIECE):
            if entries.full:
                break
            parser.feed(xml[start : start + _PIECE])
            for _, element in parser.read_events():
                entries.take(cast("Element", element))
    return Named(
        pages=tuple(entries.pages),
        sitemaps=tuple(entries.sitemaps),
        days=tuple(entries.days.items()),
        changes=tuple(entries.changes.items()),
    )


def _listed(text: bytes) -> Iterator[str]:
    lines = text_of_file(text).splitlines()[:MOST_URLS]
    return filter(None, (normalize(line.strip()) for line in lines))


class _Entries:
    """Takes elements as they end, and keeps what entries name, in the order of the file.

    Of the tree there is never more than an entry: a file of 10 MiB of empty elements would be one of half a gigabyte.
    """

    def __init__(self, url: str) -> None:
        self.pages: dict[str, None] = {}
        self.sitemaps: dict[str, None] = {}
        self.days: dict[str, str] = {}
        self.changes: dict[str, str] = {}
        self._url = url

    @property
    def full(self) -> bool:
        """True when no more URLs are needed."""
        return len(self.pages) + len(self.sitemaps) >= MOST_URLS

    def take(self, element: Element) -> None:
        """An element has ended: an entry is read and forgotten, as what is no part of one is."""
        name, parent = _name_of(element), element.getparent()
        if name in _ENTRIES:
            self._take_entry(element, name)
        elif name in _MAPS:
            for place in element.iterchildren("{*}loc"):
                self._keep(place, place.text, self.sitemaps if name == "sitemap" else self.pages)
        elif parent is not None and name in _OF_USE:
            return
        if parent is not None:
            parent.remove(element)

    def _take_entry(self, entry: Element, kind: str) -> None:
        links = list(entry.iterchildren("{*}link"))
        if kind == "entry":
            links = [link for link in links if link.get("rel", "alternate") == "alternate"]
        named = [self._keep(link, link.get("href") or link.text, self.pages) for link in links]
        page = next(filter(None, named), "")
        for guid in entry.iterchildren("{*}guid") if kind == "item" and not page else ():
            permanent = (guid.text or "").strip()
            if permanent.startswith("http") and guid.get("isPermaLink", "true") == "true":
                page = self._keep(guid, permanent, self.pages)
        for names, days in ((_DATES, self.days), (_CHANGES, self.changes)):
            stated = [child.text or "" for child in entry if _name_of(child) in names]
            day = day_of_feed(stated[-1].strip()) if stated else ""
            if page and day:
                days.setdefault(page, day)

    def _keep(self, element: Element, reference: str | None, urls: dict[str, None]) -> str:
        """Take note of the URL that an element names; "" where that is none."""
        if self.full or not reference or len(reference) > _LONGEST:
            return ""
        base = self._url
        stated = [above.get(_BASE) for above in (element, *element.iterancestors())]
        for each in filter(None, reversed(stated)):
            base = join(base, each[:_LONGEST]) or base
        url = join(base, reference.strip())
        if url and url != self._url:
            urls[url] = None
        return url or ""


def _name_of(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
