"""The pages that a page names as its neighbours: the next one, the one before, the one above."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from sitebookify.book.extract.hyperlinks import access_key, target_of
from sitebookify.book.extract.neighbour_words import leads, said_by, titled
from sitebookify.book.html.addresses import page_of
from sitebookify.book.tree import Element, finder, is_last_of, relations_of, words_of


@dataclass(frozen=True, slots=True)
class _Direction:
    """``relations``, ``key`` and, in a class, ``name`` of the links that lead there."""

    relations: frozenset[str]
    key: str
    name: re.Pattern[str] | None = None


_DIRECTIONS = {
    "next": _Direction(frozenset(("next",)), "n", re.compile(r"(?:^|[-_\s])(?:next|older)(?:$|[-_\s])", re.IGNORECASE)),
    "prev": _Direction(
        frozenset(("prev", "previous")),
        "p",
        re.compile(r"(?:^|[-_\s])(?:prev|previous|newer)(?:$|[-_\s])", re.IGNORECASE),
    ),
    "up": _Direction(frozenset(("up",)), "u"),
}
_BREADCRUMB = re.compile(r"breadcrumb", re.IGNORECASE)
_related = finder(attributes=["rel"])
_keyed = finder(attributes=["accesskey"])


def neighbour(document: Element, base: str, direction: str) -> str:
    """The page that a link calls ``next``, ``prev`` or ``up``, by relation, access key, class or words; or ""."""
    way = _DIRECTIONS[direction]
    related = (link for link in _related(document) if not way.relations.isdisjoint(relations_of(link)))
    keyed = (link for link in _keyed(document) if access_key(link) == way.key)
    link = next(filter(_leads_anywhere, chain(related, keyed)), None)
    if link is not None:
        return target_of(link, base)
    return _by_name_or_words(document, base, direction, way.name) if way.name else ""


def _by_name_or_words(document: Element, base: str, direction: str, name: re.Pattern[str]) -> str:
    """The page that a link leads to whose class has the name, or whose words say where; or ""."""
    links = list(document.iter("a"))
    for link in links:
        if _leads_anywhere(link) and _is_named(link, name):
            return target_of(link, base)
    texts = [(link, said_by(link)) for link in links]
    return _worded(texts, base, direction) or _beside_its_opposite(texts, base, direction)


def _leads_anywhere(link: Element) -> bool:
    return link.tag in ("link", "a") and bool(link.get("href"))


def _worded(links: Iterable[tuple[Element, str]], base: str, direction: str) -> str:
    """Another page to which a link leads that says nothing but where, or ""; the links come with what they say."""
    for link, text in links:
        if leads(text, direction) and link.get("href"):
            target = _other_page(link, base)
            if target:
                return target
    return ""


def _other_page(link: Element, base: str) -> str:
    """Where the link leads; "" for the page itself and for no page."""
    target = target_of(link, base)
    return "" if target == page_of(base) else target


def _beside_its_opposite(links: Sequence[tuple[Element, str]], base: str, direction: str) -> str:
    """Where the later or the earlier of two titles with arrows leads: "← Rigging" and "Anchors →"; or ""."""
    for (earlier, earlier_text), (later, later_text) in pairwise(links):
        if titled(earlier_text, "prev") and titled(later_text, "next") and _are_close(earlier, later):
            return target_of(later if direction == "next" else earlier, base)
    return ""


def _are_close(one: Element, other: Element) -> bool:
    """True for two links in one box, each in one of its own at most."""
    first = one.getparent()
    second = other.getparent()
    if first is None or second is None or first is second:
        return True
    outer = first.getparent()
    return outer is second or second.getparent() in (first, outer)


def parent_page(document: Element, base: str, *, menus: Container[Element] = frozenset()) -> str:
    """The page above this one: by a link's relation, the last link of a breadcrumb, or a link's words; or "".

    ``menus`` are elements of the site's tables of contents, in which no words name it.
    """
    related = neighbour(document, base, "up")
    if related:
        return related
    trail = next(filter(_is_breadcrumb, document.iter("nav", "ol", "ul", "div")), None)
    if trail is None:
        links = (link for link in document.iter("a") if link not in menus)
        return _worded(((link, said_by(link)) for link in links), base, "up")
    targets = [_other_page(link, base) for link in trail.iter("a")]
    return next(filter(None, reversed(targets)), "")


def _is_breadcrumb(box: Element) -> bool:
    return _BREADCRUMB.search(f"{box.get('class') or ''} {box.get('aria-label') or ''}") is not None


def _is_named(link: Element, name: re.Pattern[str]) -> bool:
    """True where a class of the link, or of a box that holds nothing else, has such a name."""
    if _has(name, link):
        return True
    box = link.getparent()
    if box is None or not _has(name, box):
        return False
    return is_last_of(link, box) and words_of(link) == words_of(box)


def _has(name: re.Pattern[str], element: Element) -> bool:
    return name.search(element.get("class") or "") is not None
