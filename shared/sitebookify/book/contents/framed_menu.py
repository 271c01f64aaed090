"""The menu that a site keeps in a page of its own, and shows in a frame of every other page (mdBook).

A worker process reads it, so what reads pages is loaded there alone.
"""
# ruff: noqa: PLC0415 - readers and writers are loaded where they work, see above

from __future__ import annotations

import gzip

from sitebookify.book.html.addresses import base_of
from sitebookify.book.limits import limited
from sitebookify.book.model import Link


@limited(seconds=20)
def framed_menu(packed: bytes, url: str) -> tuple[tuple[Link, ...], ...]:
    """The lists of links of the page at ``url``, whose text is ``packed`` as gzip-compressed UTF-8."""
    from sitebookify.book.crawl.reading import tree_of
    from sitebookify.book.extract.navigation import navigation

    root = tree_of(gzip.decompress(packed).decode())
    return tuple(entries for _, entries in navigation(root, base_of(root, url), set()))
