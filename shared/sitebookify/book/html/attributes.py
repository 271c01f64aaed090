"""Elements with more attributes than any page means to have: libxml2's time grows with their square.

100,000 attributes of one element take it 74 s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

MOST_ATTRIBUTES = 1_000
_SHORTEST = 2
"""Characters of an attribute with what separates it from the next."""
_ATTRIBUTE = r"""[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|))?+"""
_TAG = re.compile(rf"<(!--|[a-zA-Z][^\s/>]*+)((?:[\s/]*+{_ATTRIBUTE})*+)")
"""A tag without its end. No character is read twice, but behind a quote without its pair: there are two at most."""
_HIDDEN_END = re.compile(r"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
"""A ``>`` that does not end its tag."""
_EACH = re.compile(_ATTRIBUTE)
_COMMENT = {"!--": re.compile("-->")}
_RAW = _COMMENT | {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
"""What holds no tags, with its end: in a script, ``i<n`` begins none."""


def too_many_attributes(markup: str, *, xml: bool = False) -> bool:
    """True where an element has more than 1,000 attributes. Linear in the length of the page, or of other markup.

    In ``xml`` the content of every element is markup, that of ``<title>`` and ``<style>`` too.
    """
    longest = max(map(len, markup.split(">")))
    if longest <= MOST_ATTRIBUTES * _SHORTEST and not _HIDDEN_END.search(markup):
        return False  # no tag is long enough: so it is with nearly all pages, at a tenth of the time
    for attributes in _attributes(markup, _COMMENT if xml else _RAW):
        if len(attributes) > MOST_ATTRIBUTES * _SHORTEST:
            each = islice(_EACH.finditer(attributes), MOST_ATTRIBUTES, None)
            if next(each, None) is not None:
                return True
    return False


def _attributes(html: str, raw_ends: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    """What stands in each tag behind its name; ``raw_ends`` are the ends of what holds no tags, by name."""
    tag = _TAG.search(html)
    while tag:
        name = tag[1].lower()
        is_comment = name == "!--"
        if not is_comment:
            yield tag[2]
        raw_end = raw_ends.get(name)
        end = raw_end.search(html, tag.end(1 if is_comment else 2)) if raw_end else tag
        if end is None:
            return
        tag = _TAG.search(html, end.end())
