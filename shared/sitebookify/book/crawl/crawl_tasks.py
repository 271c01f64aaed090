"""What the crawl asks worker processes to read.

The process that asks reads no page, so what reads them is loaded where it is used.
"""
# ruff: noqa: PLC0415 - readers and writers are loaded where they work, see above

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from html import escape
from typing import Protocol, TypeVar

from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.plain_text import html_of
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.html.charset import decode
from sitebookify.book.limits import limited

T = TypeVar("T")

_COMPRESSION = 1
"""Read once or twice and gone with the job: 6 takes 2.3 times as long for a seventh less."""
_HTML = ("<!doctype", "<html")


class Compute(Protocol):
    """Runs a function that parses."""

    async def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Its result.

        Raises:
            TooComplex: it went beyond its limits.
        """
        ...


async def compute_here(function: Callable[..., T], /, *args: object) -> T:
    """In a thread, for a process that is bounded as a whole."""
    return await asyncio.to_thread(function, *args)


@limited(seconds=20)
def digest(body: bytes, content_type: str, url: str) -> tuple[Document, bytes]:
    """The page found at ``url`` as the crawl sees it, and its text as gzip-compressed UTF-8.

    ``content_type`` is the header's value, or "".

    Raises:
        TooComplex: an element has more than 1,000 attributes.
    """
    from sitebookify.book.crawl.reading import read_document

    page = decode(body, content_type)
    return read_document(page.text, url, page.encoding), _packed(page.text)


@limited(seconds=20)
def digest_plain(
    body: bytes, content_type: str, url: str, site: MarkdownSite | None = None, page_url: str = ""
) -> tuple[Document, bytes]:
    """As `digest`, of Markdown or text found at ``url``; ``page_url`` is the page that it is the Markdown of."""
    from sitebookify.book.crawl.reading import read_document

    page = decode(body, content_type)
    html = html_of(page.text, url, content_type, site)
    if page_url and page_url != url:
        html = html.replace("<head>", f'<head><base href="{escape(url)}">', 1)
    return read_document(html, page_url or url, page.encoding), _packed(html)


@limited(seconds=20)
def packed_document(packed: bytes, url: str, encoding: str) -> Document:
    """The page again that `digest` has packed; its bytes were in ``encoding``."""
    from sitebookify.book.crawl.reading import read_document

    return read_document(_unpacked(packed), url, encoding)


@limited(seconds=20)
def packed_blocks(packed: bytes) -> frozenset[int]:
    """Hashes of all text blocks of a page that `digest` has packed."""
    from sitebookify.book.crawl.reading import read_blocks

    return read_blocks(_unpacked(packed))


@limited(seconds=20)
def packed_landing(packed: bytes, url: str, encoding: str) -> Landing:
    """The start page that `digest` has packed; its bytes were in ``encoding``."""
    from sitebookify.book.crawl.landing_reader import read_landing

    return read_landing(_unpacked(packed), url, encoding)


@limited(seconds=20)
def emptiness_served(body: bytes, content_type: str) -> Emptiness | None:
    """Why the page in these bytes has nothing to read; None where it has."""
    from sitebookify.book.crawl.reading import tree_of
    from sitebookify.book.extract.emptiness import emptiness_of

    page = decode(body, content_type)
    return emptiness_of(tree_of(page.text, page.encoding))


@limited(seconds=20)
def text_served(body: bytes, content_type: str) -> str | None:
    """The text in these bytes; None for none, and for HTML."""
    text = decode(body, content_type).text.lstrip("\ufeff \n\r\t")
    return text if text and not text[:9].lower().startswith(_HTML) else None


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8", "replace"), _COMPRESSION, mtime=0)


def _unpacked(packed: bytes) -> str:
    return gzip.decompress(packed).decode()
