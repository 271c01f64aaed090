"""The pages that a page names as its neighbours: the next one, the one before, the one above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from sitebookify.book.extract.neighbour_words import leads, said_by, titled
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.tree import Element, finder, is_last_of, words_of

_DIRECTIONS: dict[str, tuple[frozenset[str], str, re.Pattern[str] | None]] = {
    "next": (frozenset(("next",)), "n", re.compile(r"(?:^|[-_\s])(?:next|older)(?:$|[-_\s])", re.IGNORECASE)),
    "prev": (
        frozenset(("prev", "previous")),
        "p",
        re.compile(r"(?:^|[-_\s])(?:prev|previous|newer)(?:$|[-_\s])", re.IGNORECASE),
    ),
    "up": (frozenset(("up",)), "u", None),
}
_BREADCRUMB = re.compile(r"breadcrumb", re.IGNORECASE)
_related = finder(attributes=["rel"])
_keyed = finder(attributes=["accesskey"])


def neighbour(document: Element, base: str, direction: str) -> str:
    """The page that a link calls ``next``, ``prev`` or ``up``, by relation, access key, class or words; or ""."""
    relations, key, name = _DIRECTIONS[direction]
    related = (link for link in _related(document) if relations.intersection((link.get("rel") or "").lower().split()))
    keyed = (link for link in _keyed(document) if (link.get("accesskey") or "").lower() == key)
    link = next(filter(_leads_anywhere, chain(related, keyed)), None)
    if link is None:
        return _by_words(document, base, direction, name) if name else ""
    return page_of(absolute(link.get("href") or "", base))


def _by_words(document: Element, base: str, direction: str, name: re.Pattern[str]) -> str:
    """The page that a link leads to whose class has the name, or whose words say where; or ""."""
    anchors = list(document.iter("a"))
    for link in anchors:
        if _leads_anywhere(link) and _is_named(link, name):
            return page_of(absolute(link.get("href") or "", base))
    said = [(link, said_by(link)) for link in anchors]
    return _worded(said, base, direction) or _beside_its_opposite(said, base, direction)


def _leads_anywhere(link: Element) -> bool:
    return link.tag in ("link", "a") and bool(link.get("href"))


def _beside_its_opposite(links: Sequence[tuple[Element, str]], base: str, direction: str) -> str:
    """Where the later or the earlier of two titles with arrows leads: "← Rigging" and "Anchors →"; or ""."""
    for (earlier, words), (later, following) in pairwise(links):
        if titled(words, "prev") and titled(following, "next") and _are_close(earlier, later):
            link = later if direction == "next" else earlier
            return page_of(absolute(link.get("href") or "", base))
    return ""


def _are_close(one: Element, other: Element) -> bool:
    """True for two links in one box, each in one of its own at most."""
    box, second = one.getparent(), other.getparent()
    if box is None or second is None or box is second:
        return True
    return box.getparent() is second.getparent() or box.getparent() is second or second.getparent() is box


def _worded(links: Iterable[tuple[Element, str]], base: str, direction: str) -> str:
    """Another page to which a link leads that says nothing but where, or ""; the links come with their words."""
    for link, words in links:
        if leads(words, direction) and link.get("href"):
            target = page_of(absolute(link.get("href") or "", base))
            if target and target != page_of(base):
                return target
    return ""


def parent_page(document: Element, base: str) -> str:
    """The page above this one: by a link's relation, the last link of a breadcrumb, or a link's words; or ""."""
    if up := neighbour(document, base, "up"):
        return up
    for box in document.iter("nav", "ol", "ul", "div"):
        if _BREADCRUMB.search(f"{box.get('class') or ''} {box.get('aria-label') or ''}"):
            targets = [page_of(absolute(link.get("href") or "", base)) for link in box.iter("a")]
            return next((target for target in reversed(targets) if target and target != page_of(base)), "")
    return _worded(((link, said_by(link)) for link in document.iter("a")), base, "up")


def _is_named(link: Element, name: re.Pattern[str]) -> bool:
    """True where a class of the link, or of a box that holds nothing else, has such a name."""
    if _has(name, link):
        return True
    box = link.getparent()
    return box is not None and _has(name, box) and is_last_of(link, box) and words_of(link) == words_of(box)


def _has(name: re.Pattern[str], element: Element) -> bool:
    return name.search(element.get("class") or "") is not None
