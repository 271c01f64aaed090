"""Links that say themselves that they lead to a print view: the site's pages once more, often all of them in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.tree import Element

_LABEL = re.compile(
    r"(?:show (?:a|the) )?(?:print|printable|printer[ -]friendly)(?: this| the)?"
    r" (?:book|chapter|page|article|document|manual|site|topic|version|view|format)(?: of .{1,100})?",
    re.IGNORECASE,
)
"""mdBook's "Print this book", MkDocs' "Print Site", Drupal's "Show a printer-friendly version of this book page";
a chapter may be called "Print"."""
_FIRST = frozenset("pPsS")
"""Letters that such a label begins with; all links of a page may have labels."""
_LONGEST = 200


def print_references(root: Element) -> Iterator[str]:
    """The ``href`` of each link whose label or tooltip says that it prints, and that no other link of the page has."""
    printing = dict.fromkeys(each.get("href") or "" for each in root.iter("a") if _prints(each))
    if printing:
        others = {each.get("href") for each in root.iter("a") if not _prints(each)}
        yield from (reference for reference in printing if reference and reference not in others)


def _prints(link: Element) -> bool:
    label = (link.get("aria-label") or link.get("title") or "").strip()
    return label[:1] in _FIRST and len(label) <= _LONGEST and _LABEL.fullmatch(label) is not None
