"""Which answers are web pages, and which are barriers: challenges, and forms for a password.

Barriers come with a status of failure, and their words say more than the status does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitebookify.book.crawl.start_documents import is_feed
from sitebookify.egress import Response

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_XML = frozenset({"application/xml", "text/xml"})
_HEAD = 4096
BARRIER_STATUSES = frozenset({401, 403, 429, 503})
MAX_BARRIER_BYTES = 256 * 1024
"""Of the answer; a challenge is short, but for its scripts."""
_ANNOUNCED = {"cf-mitigated": frozenset({"challenge"}), "x-amzn-waf-action": frozenset({"challenge", "captcha"})}
"""Headers in which Cloudflare and Amazon say that the answer is a challenge."""


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


def announces_challenge(headers: Mapping[str, str]) -> bool:
    """True where the answer's headers say that it is a challenge."""
    return any(headers.get(name, "").strip().lower() in values for name, values in _ANNOUNCED.items())
