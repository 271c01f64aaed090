"""Web addresses as EPUB wants them: absolute and spelled by the rules, or not at all."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from yarl import URL

_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel"})
_BOOK = re.compile(r"[A-Za-z0-9_.-]+\.xhtml(#[A-Za-z0-9_.-]+)?|#[A-Za-z0-9_.-]+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def written(href: str) -> str | None:
    """The link as it may stand in a book, or None where it is no link that a reader could follow."""
    if _BOOK.fullmatch(href):
        return href
    try:
        scheme = urlsplit(href).scheme.lower()
        if scheme in ("mailto", "tel"):
            return quote(_STRAY_PERCENT.sub("%25", href), safe="%:@?&=+,;!$'()*/-._~")
        if scheme not in _SCHEMES:
            return None
        url = URL(href)
        return str(url) if url.raw_host and url.raw_user is None else None
    except ValueError:
        return None
