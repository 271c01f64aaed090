"""Links to the beginning of the page: a book's pages have none."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, ITEMS
from sitebookify.book.tree import Element, drop, is_blank, text_before, words_of

_UP = re.compile(
    r"[\[(^\u2191\u25b2\s]*(?:(?:(?:back|go|return|jump|scroll)[\s-]*)?(?:to[\s-]*)?(?:the[\s-]*)?(?:top|start)"
    r"(?:\s*of\s*(?:the\s*)?page)?|top|nach oben|(?:zur\u00fcck )?zum (?:seiten)?anfang|haut de (?:la )?page"
    r"|retour en haut(?: de (?:la )?page)?|volver arriba|arriba|torna su|voltar ao topo|terug naar boven"
    r"|\u043d\u0430\u0432\u0435\u0440\u0445|(?:\u30da\u30fc\u30b8(?:\u306e)?)?(?:\u5148\u982d|\u30c8\u30c3\u30d7)"
    r"(?:\u3078|\u306b)?(?:\u623b\u308b)?|(?:\u56de\u5230|\u8fd4\u56de)\u9876\u90e8)[\])^\u2191\u25b2\s]*",
    re.IGNORECASE,
)
_LONGEST = 40
"""Characters of such a link."""
_LONGEST_ADDRESS = 2000


def normalise(root: Element, base: str) -> None:
    """Drop each link that is a line of its own, leads to a place of the page and says that this is the top."""
    page = page_of(base)
    for link in [*root.iter("a")]:
        href = link.get("href", "")
        can_lead_up = "#" in href or (href != "" and href.isspace())
        if not can_lead_up or len(href) > _LONGEST_ADDRESS:
            continue
        words = words_of(link)
        if len(words) > _LONGEST or not _UP.fullmatch(words) or page_of(absolute(href, base)) != page:
            continue
        if _is_alone(link):
            _drop(link)


def _is_alone(link: Element) -> bool:
    """True where only blocks stand beside the link, and it says nothing to a list, a cell or a note."""
    box = link.getparent()
    if box is None or box.tag in ITEMS or box.tag in CELLS or is_marked(box):
        return False
    beside = [other for other in (link.getprevious(), link.getnext()) if other is not None and other.tag != "br"]
    return is_blank(text_before(link)) and is_blank(link.tail) and all(other.tag in BLOCKS for other in beside)


def _drop(link: Element) -> None:
    box = link.getparent()
    drop(link)
    if box is not None and box.tag in ("p", "div", "center") and not len(box) and not words_of(box):
        drop(box)
