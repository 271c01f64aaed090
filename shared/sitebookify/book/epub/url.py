"""Web addresses as EPUB wants them: absolute and spelled by the rules, or not at all."""

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
"""Most addresses, which are spelled by the rules already: to take one apart costs more than all else of a link."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def written(href: str) -> str | None:
    """The link as it may stand in a book, or None where it is no link that a reader could follow."""
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
        return str(url) if _HOST.fullmatch(url.raw_host or "") and url.raw_user is None else None
    except ValueError:
        return None
