"""Links without words that lie over a whole card: its title is the link."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.clean.elements import enclose_content, named
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, drop, finder, holds, is_inside, lower_classes_of, words_of

_is_called_covering = named(
    r"(?:.*[-_])?(?:stretched|overlay|cover|card|entry|block|full|faux)[-_]{0,2}links?(?:[-_].*)?"
)
"""Classes of such links (Bootstrap, sphinx-design, PaperMod)."""
_MOST_INSIDE = 60
"""Elements of a card that are looked at."""
_with_link = finder(["a"])


def normalise(root: Element) -> None:
    """Put such a link around the title of its card, and drop it where the title is one already."""
    for link in filter(_covers, _with_link(root)):
        card = link.getparent()
        inside = [*islice(card.iter("*"), 1, _MOST_INSIDE)] if card is not None and card is not root else []
        title = next(filter(_is_title, inside), None)
        if title is None or len(inside) == _MOST_INSIDE - 1:
            continue
        if not holds(title, "a"):
            enclose_content(title, "a", href=link.get("href", ""))
        drop(link)


def _covers(link: Element) -> bool:
    """True for a link that shows nothing; one with an icon is a button of the card."""
    address = link.get("href") or "#"
    if address.startswith("#") or link.find(".//img") is not None or is_inside(link, *HEADINGS):
        return False
    is_bare = not len(link) and not words_of(link)
    return "sd-hide-link-text" in lower_classes_of(link) or (is_bare and _is_called_covering(link))


def _is_title(element: Element) -> bool:
    is_strong = element.tag == "p" and len(element) == 1 and element[0].tag == "strong"
    return (is_strong or element.tag in HEADINGS) and bool(words_of(element))
