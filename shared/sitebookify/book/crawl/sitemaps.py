"""Sitemaps, sitemap indexes and feeds: XML that names URLs, read without trusting it."""

from __future__ import annotations

import asyncio
import io
import math
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from sitebookify.book.urls import join, normalize
from sitebookify.egress import FetchError, Response
from sitebookify.egress.fetcher import Fetcher

MAX_BYTES = 10 * 1024 * 1024
MOST_FILES = 50
MOST_URLS = 50_000
_GZIP = b"\x1f\x8b"
_ENTRIES = frozenset({"item", "entry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one file names, normalized: ``pages`` to read and further ``sitemaps`` to look into."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


async def read_sitemaps(
    fetcher: Fetcher,
    places: Iterable[str],
    *,
    allow: Callable[[str], Awaitable[bool]],
    most_files: int = MOST_FILES,
    max_bytes: int = MAX_BYTES,
    most_seconds: float = math.inf,
) -> Named:
    """All pages named by the sitemaps at these places (normalized URLs) and by those that they name in turn.

    At most 50 files of 10 MiB and 50,000 URLs, no new file after ``most_seconds``; a file that cannot be had or
    read counts as empty. ``sitemaps`` of the answer are those that named something.
    """
    end = time.monotonic() + most_seconds
    waiting = deque(dict.fromkeys(places))
    seen = set(waiting)
    pages: dict[str, None] = {}
    useful: list[str] = []
    for _ in range(most_files):
        if not waiting or len(pages) >= MOST_URLS or time.monotonic() >= end:
            break
        url = waiting.popleft()
        named = await _read(fetcher, url, allow, max_bytes)
        pages.update(dict.fromkeys(named.pages))
        waiting.extend(place for place in dict.fromkeys(named.sitemaps) if place not in seen)
        seen.update(named.sitemaps)
        if named != Named():
            useful.append(url)
    return Named(pages=tuple(pages)[:MOST_URLS], sitemaps=tuple(useful))


async def _read(fetcher: Fetcher, url: str, allow: Callable[[str], Awaitable[bool]], max_bytes: int) -> Named:
    if not await allow(url):
        return Named()
    try:
        answer = await fetcher.fetch(url, max_bytes=max_bytes, truncate=True, follow=allow, wanted=_is_there)
    except FetchError:
        return Named()
    return await asyncio.to_thread(read_named, _unpacked(answer.body, max_bytes), normalize(answer.url) or url)


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


def read_named(xml: bytes, url: str) -> Named:
    """What a sitemap, a sitemap index, an RSS or Atom feed, or a plain list of URLs names; never raises."""
    if not xml.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Named(pages=tuple(_listed(xml)))
    pages: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    for element, within in _elements(xml):
        named = join(url, _link(element, within))
        if named and named != url:
            (sitemaps if within == "sitemap" else pages).setdefault(named)
        if len(pages) + len(sitemaps) >= MOST_URLS:
            break
    return Named(pages=tuple(pages), sitemaps=tuple(sitemaps))


def _listed(text: bytes) -> Iterator[str]:
    for line in text.decode("utf-8", "replace").splitlines()[:MOST_URLS]:
        if url := normalize(line.strip()):
            yield url


def _elements(xml: bytes) -> Iterator[tuple[etree._Element, str]]:
    """The elements that hold a URL, with the name of their parent; memory is freed on the way."""
    events = etree.iterparse(
        io.BytesIO(xml), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True
    )
    try:
        for _, element in events:
            name, within = _name(element), _name(element.getparent())
            if (name == "loc" and within in ("url", "sitemap")) or (name == "link" and within in _ENTRIES):
                yield element, within
            elif name in ("url", "sitemap", *_ENTRIES):
                element.clear()
    except etree.LxmlError:
        return


def _name(element: etree._Element | None) -> str:
    """The local name, by hand: what a parser that recovers takes for a name, such as ``http:``, QName refuses."""
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _link(element: etree._Element, within: str) -> str:
    if within == "entry" and element.get("rel", "alternate") != "alternate":
        return ""
    return (element.get("href") or element.text or "").strip()
