"""What the crawl reads in a page's bytes: runs in a worker process."""

from __future__ import annotations

import gzip

from sitebookify.book.crawl.reading import Document, read_blocks, read_document
from sitebookify.book.html.charset import decode
from sitebookify.book.limits import limited

COMPRESSION = 1
"""Read once or twice and gone with the job: 6 takes 2.3 times as long for a seventh less."""


@limited(seconds=20)
def digest(body: bytes, content_type: str, url: str) -> tuple[Document, bytes]:
    """The page found at ``url`` as the crawl sees it, and its text as gzip-compressed UTF-8.

    ``content_type`` is the header's value, or "".

    Raises:
        TooComplex: an element has more than 1,000 attributes.
    """
    page = decode(body, content_type)
    packed = gzip.compress(page.text.encode("utf-8", "replace"), COMPRESSION, mtime=0)
    return read_document(page.text, url, page.encoding), packed


@limited(seconds=20)
def packed_document(packed: bytes, url: str, encoding: str) -> Document:
    """The page again that `digest` has packed; its bytes were in ``encoding``."""
    return read_document(_unpacked(packed), url, encoding)


@limited(seconds=20)
def packed_blocks(packed: bytes) -> frozenset[int]:
    """Hashes of all text blocks of a page that `digest` has packed."""
    return read_blocks(_unpacked(packed))


def _unpacked(packed: bytes) -> str:
    return gzip.decompress(packed).decode()
