"""Elements with more attributes than any page means to have: libxml2's time grows with their square.

100,000 attributes of one element take it 74 s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_ATTRIBUTES = 1_000
_SHORTEST = 2
"""Characters of an attribute with what separates it from the next."""
_ATTRIBUTE = r"""[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|))?+"""
_TAG = re.compile(rf"<(!--|[a-zA-Z][^\s/>]*+)((?:[\s/]*+{_ATTRIBUTE})*+)")
"""A tag without its end. No character is read twice, but behind a quote without its pair: there are two at most."""
_EACH = re.compile(_ATTRIBUTE)
_RAW = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
} | {"!--": re.compile("-->")}
"""What holds no tags, with its end: in a script, ``i<n`` begins none."""


def too_many_attributes(html: str) -> bool:
    """True where an element of the page has more than 1,000 attributes. Linear in the page's length."""
    return any(
        sum(1 for _ in _EACH.finditer(attributes)) > MOST_ATTRIBUTES
        for attributes in _attributes(html)
        if len(attributes) > MOST_ATTRIBUTES * _SHORTEST
    )


def _attributes(html: str) -> Iterator[str]:
    """What stands in each tag behind its name."""
    tag = _TAG.search(html)
    while tag:
        name = tag[1].lower()
        if name != "!--":
            yield tag[2]
        raw = _RAW.get(name)
        end = raw.search(html, tag.end(1 if name == "!--" else 2)) if raw else tag
        if end is None:
            return
        tag = _TAG.search(html, end.end())
