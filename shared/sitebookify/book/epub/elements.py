"""What XHTML in EPUB is called."""

from __future__ import annotations

from sitebookify.book.document.context import language_tag as language_of

__all__ = ["BLOCKS", "EPUB", "XHTML", "language_of"]

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"

BLOCKS = frozenset(
    "aside blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)
