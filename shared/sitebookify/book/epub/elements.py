"""What XHTML in EPUB is called."""

from __future__ import annotations

import re

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"

BLOCKS = frozenset(
    "aside blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def language_of(tag: str) -> str:
    """The language tag where it looks like BCP 47, else ""."""
    return tag if _LANGUAGE.fullmatch(tag) else ""
