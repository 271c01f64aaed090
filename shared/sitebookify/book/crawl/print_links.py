"""Links that say themselves that they lead to a print view: the site's pages once more, often all of them in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.tree import Element
from sitebookify.book.urls import join

_LABEL = re.compile(
    r"(?:show (?:a|the) )?(?:print|printable|printer[ -]friendly)(?: this| the)?"
    r" (?:book|chapter|page|article|document|manual|site|topic|version|view|format)(?: of .{1,100})?"
    r"|(?:diese |die )?(?:seite|buch|dokument) (?:aus)?drucken|druck(?:version|ansicht)"
    r"|imprimer (?:cette|la) page|version imprimable"
    r"|imprimir (?:esta |la )?p[áa]gina|versi[óo]n para imprimir"
    r"|(?:この)?(?:ページ|記事|本|文書|マニュアル)(?:全体)?(?:を)?印刷(?:する)?|印刷用(?:ページ|表示|バージョン|画面)",
    re.IGNORECASE,
)
"""mdBook's "Print this book", MkDocs' "Print Site", Drupal's "Show a printer-friendly version of this book page";
a chapter may be called "Print"."""
_LONGEST = 200


def print_views(root: Element, base: str) -> Iterator[str]:
    """The URLs (normalized) that only links lead to whose label or tooltip says that they print."""
    printing: dict[str, None] = {}
    others: set[str] = set()
    for link in root.iter("a"):
        reference = link.get("href") or ""
        label = (link.get("aria-label") or link.get("title") or "").strip()
        if len(label) <= _LONGEST and _LABEL.fullmatch(label):
            printing[reference] = None
        else:
            others.add(reference)
    for reference in printing:
        url = join(base, reference) if reference and reference not in others else None
        if url:
            yield url
