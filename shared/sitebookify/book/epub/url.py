"""Web addresses as EPUB wants them: absolute and valid, or none."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from yarl import URL

from sitebookify.book.short_cache import short_cache

_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel"})
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_HOST = re.compile(rf"{_NAME}|[0-9a-f:.]*:[0-9a-f:.]*")
_STEP = "/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?"
PLAIN = re.compile(rf"https?://{_NAME}{_STEP}(?:{_STEP})*(?:#[A-Za-z0-9._-]+)?")
"""Most addresses, which are valid as they are: parsing one costs more than everything else about a link."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def written(href: str) -> str | None:
    """The link as a book may contain it, or None if a reader could not follow it."""
    return href if PLAIN.fullmatch(href) else spelled(href)


@short_cache(maxsize=4096)
def spelled(href: str) -> str | None:
    """`written` for any address."""
    try:
        scheme = urlsplit(href).scheme.lower()
        if scheme in ("mailto", "tel"):
            return quote(_STRAY_PERCENT.sub("%25", href), safe="%:@?&=+,;!$'()*/-._~")
        if scheme not in _SCHEMES:
            return None
        url = URL(href)
        if url.raw_user is not None or not _HOST.fullmatch(url.raw_host or ""):
            return None
        return str(url)
    except ValueError:
        return None
