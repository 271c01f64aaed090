"""Links without words that lie over a whole card: its title is the link."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, drop, finder, lower_classes_of, make, words_of

_COVERING = re.compile(r"(?:.*[-_])?(?:stretched|overlay|cover|card|entry|block|full|faux)[-_]{0,2}links?(?:[-_].*)?")
"""Classes of such links (Bootstrap, sphinx-design, PaperMod)."""
_MOST_INSIDE = 60
"""Elements of a card that are looked at."""
_with_link = finder(["a"])


def normalise(root: Element) -> None:
    """Put such a link around the title of its card, and drop it where the title is one already."""
    for link in [link for link in _with_link(root) if link.get("href") and _covers(link)]:
        card = link.getparent()
        inside = [*islice(card.iter("*"), 1, _MOST_INSIDE)] if card is not None and card is not root else []
        title = next((each for each in inside if _is_title(each)), None)
        if title is None or len(inside) == _MOST_INSIDE - 1:
            continue
        if next(title.iter("a"), None) is None:
            around = make("a", title.text, href=link.get("href") or "")
            around.extend([*title])
            title.text = None
            title.append(around)
        drop(link)


def _covers(link: Element) -> bool:
    """True for a link that shows nothing; one with an icon is a button of the card."""
    if link.find(".//img") is not None or next(link.iterancestors(*HEADINGS), None) is not None:
        return False
    names = lower_classes_of(link)
    if (link.get("href") or "").startswith("#"):
        return False
    empty = not len(link) and not words_of(link)
    return "sd-hide-link-text" in names or (empty and any(map(_COVERING.fullmatch, names)))


def _is_title(element: Element) -> bool:
    if element.tag in HEADINGS:
        return bool(words_of(element))
    return element.tag == "p" and len(element) == 1 and element[0].tag == "strong" and bool(words_of(element))
