"""Which answers are web pages, by their media type and by their first bytes."""

from __future__ import annotations

from sitebookify.book.crawl.start_documents import is_feed
from sitebookify.egress import Response

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_XML = frozenset({"application/xml", "text/xml"})
_HEAD = 4096


def may_be_html(content_type: str) -> bool:
    """True for the media types of pages; what is called XML may be XHTML."""
    return content_type in _HTML or content_type in _XML


def belies_type(response: Response) -> bool:
    """True where the bytes are no page's, whatever their type: a PDF, a feed, other XML, zero bytes, no markup."""
    head = response.body[:_HEAD].lower()
    if response.content_type in _XML and b"<html" not in head:
        return True
    if not response.content_type and b"<" not in head:
        return True
    if head.startswith(b"%pdf-") or is_feed(response.body):
        return True
    named = "utf-16" in response.headers.get("Content-Type", "").lower()
    utf16 = named or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return b"\0" in head and not utf16
