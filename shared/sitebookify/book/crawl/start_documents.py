"""Start pages that are no web page: feeds, sitemaps and lists name the book's pages; others are refused by their kind.

Runs in a worker process, as all parsing does.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from sitebookify.book.crawl.plain_text import is_plain
from sitebookify.book.crawl.sitemaps import MAX_BYTES, MOST_URLS, read_packed
from sitebookify.book.html.charset import decode
from sitebookify.book.html.days import day_in
from sitebookify.book.limits import limited
from sitebookify.book.urls import join, normalize, path_of
from sitebookify.messages import Message
from sitebookify.nesting import too_deep

_HEAD = 4096
_XML = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>]")
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<(?:\?|!--)[^>]{0,500}>\s*){0,4}"
    rb"<(?:\w+:)?(?:rss|feed|RDF|urlset|sitemapindex)[\s>]"
)
_SITEMAPS = frozenset({b"urlset", b"sitemapindex"})
_DEEPEST = 12
_BEGINNING = 64 * 1024
"""Bytes of a feed in which its title stands."""
_FIRST_ENTRY = re.compile(r"<(?:item|entry)[\s>]")
_FEED_TITLE = re.compile(r"<title(?: [^>]{0,200})?>(.{0,2000}?)</title>", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_TITLE = 200
"""Characters."""
_LIST = "llms.txt"


class StartKind(StrEnum):
    """What a start page is that is no web page."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LIST = "list"
    """Of pages: llms.txt, or a text with a URL on each line."""
    TEXT = "text"
    """A page of Markdown or text."""
    PDF = "pdf"
    IMAGE = "image"
    MEDIA = "media"
    ARCHIVE = "archive"
    JSON = "json"
    OTHER = "other"


_BEGINNINGS = (
    (b"%PDF", StartKind.PDF),
    (b"PK\x03\x04", StartKind.ARCHIVE),
    (b"\x1f\x8b", StartKind.ARCHIVE),
)
_MEDIA_TYPES = (
    ("application/pdf", StartKind.PDF),
    ("image/", StartKind.IMAGE),
    ("video/", StartKind.MEDIA),
    ("audio/", StartKind.MEDIA),
    ("application/zip", StartKind.ARCHIVE),
    ("application/gzip", StartKind.ARCHIVE),
)
_REFUSED = {
    StartKind.FEED: Message("start.empty_list"),
    StartKind.SITEMAP: Message("start.empty_list"),
    StartKind.PDF: Message("start.pdf"),
    StartKind.IMAGE: Message("start.image"),
    StartKind.MEDIA: Message("start.media"),
    StartKind.ARCHIVE: Message("start.archive"),
    StartKind.JSON: Message("start.json"),
}
_OTHER = Message("start.other")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDocument:
    """What was found at a start URL: its kind, the ``pages`` that it names, and further ``sitemaps``; normalized.

    ``title`` is the feed's or list's own, or ""; ``days`` are the dates that a feed gives its pages, as (page,
    YYYY-MM-DD or ""), in its order: when they were published, else when they were changed.
    """

    kind: StartKind
    title: str = ""
    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()

    def refusal(self, url: str) -> Message:
        """Why no book can be made of it."""
        return Message("job.start_page_kind", url=url, what=_REFUSED.get(self.kind, _OTHER))


@limited(seconds=20, wall=60, mebibytes=256)
def read_start_document(body: bytes, content_type: str, url: str) -> StartDocument:
    """What the bytes found at ``url`` (normalized) are; ``content_type`` is the media type without parameters."""
    head = body[:_HEAD]
    root = _XML.search(head)
    if root and ("html" not in content_type or is_feed(body)):
        return _feed(body, content_type, url, is_sitemap=root[1] in _SITEMAPS)
    if "json" in content_type or head.lstrip()[:1] == b"{":
        return _json(body, url)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return StartDocument(kind=kind)
    if is_plain(content_type, url):
        return _text(body, content_type, url)
    for prefix, kind in _MEDIA_TYPES:
        if content_type.startswith(prefix):
            return StartDocument(kind=kind)
    return StartDocument(kind=StartKind.OTHER)


def is_feed(body: bytes) -> bool:
    """True for the bytes of a feed or a sitemap, whatever their media type says; browsers look at them too."""
    return _FEED.match(body, 0, _HEAD) is not None


def _feed(body: bytes, content_type: str, url: str, *, is_sitemap: bool) -> StartDocument:
    named = read_packed(body, url, MAX_BYTES)
    if is_sitemap:
        return StartDocument(kind=StartKind.SITEMAP, pages=named.pages, sitemaps=named.sitemaps)
    days = dict.fromkeys(named.pages, "") | dict(named.changes) | dict(named.days)
    title = _feed_title(body, content_type)
    return StartDocument(kind=StartKind.FEED, title=title, pages=named.pages, days=tuple(days.items()))


def _feed_title(body: bytes, content_type: str) -> str:
    """The feed's own title, which stands before its entries'."""
    before = _FIRST_ENTRY.split(decode(body[:_BEGINNING], content_type).text, 1)[0]
    match = _FEED_TITLE.search(before)
    if match is None:
        return ""
    title = _CDATA.sub(r"\1", match[1])
    return _shortened(_TAG.sub("", unescape(title)))


def _shortened(title: str) -> str:
    return " ".join(title.split())[:_LONGEST_TITLE]


def _json(body: bytes, url: str) -> StartDocument:
    """A JSON Feed (jsonfeed.org), or other data."""
    data: Any = None
    with contextlib.suppress(ValueError, RecursionError):
        data = None if too_deep(body, _DEEPEST) else json.loads(body)
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(data.get("version", "")):
        return StartDocument(kind=StartKind.JSON)
    days: dict[str, str] = {}
    for item in items[:MOST_URLS]:
        page, day = _item(item, url)
        if page:
            days.setdefault(page, day)
    title = data.get("title")
    return StartDocument(
        kind=StartKind.FEED,
        title=_shortened(title if isinstance(title, str) else ""),
        pages=tuple(days),
        days=tuple(days.items()),
    )


def _item(item: Any, url: str) -> tuple[str, str]:
    """The page of a feed's item and its day, "" where it states none."""
    if not isinstance(item, dict):
        return "", ""
    place = item.get("url") or item.get("external_url")
    published = item.get("date_published") or item.get("date_modified")
    page = join(url, place) if isinstance(place, str) else None
    return page or "", day_in(published) if isinstance(published, str) else ""


def _text(body: bytes, content_type: str, url: str) -> StartDocument:
    """A list of pages where the text is one, else a page."""
    text = decode(body, content_type).text.removeprefix("\ufeff")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    listed = [normalize(line) for line in lines[:MOST_URLS]]
    if lines and all(listed):
        return StartDocument(kind=StartKind.LIST, pages=tuple(dict.fromkeys(filter(None, listed))))
    if PurePosixPath(path_of(url)).name.lower() == _LIST:
        pages = tuple(dict.fromkeys(_links(text, url)))
        if pages:
            heading = next((line for line in lines if line.startswith("# ")), "")
            return StartDocument(kind=StartKind.LIST, title=_shortened(heading.removeprefix("# ")), pages=pages)
    return StartDocument(kind=StartKind.TEXT)


def _links(text: str, url: str) -> Iterator[str]:
    """Where the links of a Markdown text lead, in their order."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few start pages are Markdown, and all load this module

    for token in MarkdownIt("commonmark").parse(text):
        for inline in token.children or ():
            place = inline.attrs.get("href") if inline.type == "link_open" else None
            page = join(url, str(place)) if place else None
            if page:
                yield page
