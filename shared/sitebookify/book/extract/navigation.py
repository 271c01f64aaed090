"""What a page says of the order of pages in its lists of links; `neighbours` has what it says of its own place.

A list is navigation where its items are links with next to no text beside them: sidebars, menus, tables of
contents. Items without a link that have items below them, and headings between lists of one box, are labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import tostring

from sitebookify.book.extract import rules
from sitebookify.book.extract.captioned import captions_of
from sitebookify.book.extract.link_rows import OWN_READING, LinkRows
from sitebookify.book.extract.neighbour_words import is_direction
from sitebookify.book.html.addresses import absolute, folder_of, page_of
from sitebookify.book.html.vocabulary import HEADINGS, LISTS
from sitebookify.book.model import Link
from sitebookify.book.tree import Element, classes_of, is_blank, is_only_child, words_of

_LISTS = LISTS | {"dl", "table"}
_LINK_BOXES = _LISTS | {"nav", "map"}
_CONTENT = frozenset(("main", "article"))
_ITEMS = frozenset(("li", "dt", "tr"))
_LABELS = frozenset((*HEADINGS[1:], "summary", "legend"))
_NO_LABEL_WITHIN = ("li", "a", "button")
_LABELLING = ("li", "p", "div", "span", *sorted(_LABELS))
_CAPTION = re.compile(r"(?:^|[-_])(?:caption|heading|title|label|header)(?:$|[-_])")
_CLASSES = re.compile(rb'(<[^>]*?) class="([^"]*)"')
"""In lxml's XML, where text has no bare ``<`` and no attribute a bare quotation mark."""
_CAPTIONING = re.compile(rb"caption|heading|title|label|header", re.IGNORECASE)
_TO_ITSELF = re.compile(rb'href="\s*(?:["#?]|&)')
"""A link that leads elsewhere from each page of a folder, or may: to the page itself, or a place on it."""
_LONGEST_MENU = 200_000
"""Bytes of mark-up."""
_MOST_MENUS = 32
_menus: dict[tuple[bytes, str, bool], list[Link]] = {}
"""Of the pages read last, by mark-up, folder, and whether there can be labels."""
_FEW = 8
"""Entries of a box in which "next" and "previous" lead to neighbours; in a long list they may be chapters."""
_MOST_FRAMES = 8
"""Frames of a page that are looked at."""


def navigation(
    document: Element, base: str, content: AbstractSet[Element], boxes: Iterable[Element] | None = None
) -> tuple[tuple[bool, tuple[Link, ...]], ...]:
    """The page's lists of links to pages of its host, in document order.

    Each as (inside the ``content``?, entries); an entry is (page URL, text, nesting depth from 0), with "" for
    the URL of a label. ``boxes`` are the elements that hold the lists, where they are known.
    """
    lists = []
    left = rules.LINKS_OF_A_PAGE.count
    rows = LinkRows(document, content) if boxes is None else None
    for box in boxes_of(document, content, rows) if boxes is None else boxes:
        listed = _row(box, base, content, rows) or _remembered(box, base)
        entries = _pages_only(_chapters_only(listed))[:left]
        if len({url for url, _, _ in entries if url}) > 1:
            lists.append((box in content, tuple(entries)))
            left -= len(entries)
    return tuple(lists)


def framed_pages(document: Element, url: str, base: str) -> tuple[tuple[bool, tuple[Link, ...]], ...]:
    """The pages of its host that the page at the URL shows in frames, as one of the lists of `navigation`.

    They are below the page, whose own they are more than any menu's. Of many frames the first few count.
    """
    host = urlsplit(base).netloc
    shown: dict[str, str] = {}
    for frame in islice(document.iter("iframe"), _MOST_FRAMES):
        target = page_of(absolute(frame.get("src") or "", base))
        if target != url and urlsplit(target).netloc == host:
            shown.setdefault(target, (frame.get("title") or "")[: rules.ENTRY.count])
    if not shown:
        return ()
    return ((True, ((url, "", 0), *((target, title, 1) for target, title in shown.items()))),)


def _chapters_only(entries: list[Link]) -> list[Link]:
    """The entries without "next" and "previous": these lead to a different page from each page."""
    if len(entries) > _FEW:
        return entries
    return [entry for entry in entries if not is_direction(entry[1])]


def _pages_only(entries: list[Link]) -> list[Link]:
    """The entries that lead to pages, or to the first place of each page where most lead to places.

    Of a list that leads to several places of the same pages nothing is kept: it is an index of words.
    """
    whole = [url for url, _, _ in entries if url and "#" not in url]
    placed = [url for url, _, _ in entries if "#" in url]
    if len(whole) < len(placed):
        if len({page_of(url) for url in placed}) < rules.DISTINCT.threshold * len(placed):
            return []
        entries = [(page_of(url), text, depth) for url, text, depth in entries]
    seen: set[str] = set()
    return [entry for entry in entries if "#" not in entry[0] and (not entry[0] or _is_new(entry[0], seen))]


def _is_new(url: str, seen: set[str]) -> bool:
    new = url not in seen
    seen.add(url)
    return new


def boxes_of(
    document: Element, content: AbstractSet[Element] = frozenset(), rows: LinkRows | None = None
) -> Iterator[Element]:
    """The outermost elements that hold lists or rows of links; lists with captions only outside of the ``content``.

    ``rows`` are those of the document, where they are known.
    """
    rows = rows or LinkRows(document, content)
    stack = [(document, False)]
    while stack:
        element, inside = stack.pop()
        role = element.get("role") if element.attrib else None
        inside = inside or element.tag in _CONTENT or role == "main" or element in content
        children = [*element]
        is_box = element.tag in _LINK_BOXES or role == "navigation" or (not inside and captions_of(element))
        if is_box and not (element.tag == "table" and not inside and rows.lays_out(element)):
            yield element
            continue
        if element.tag not in OWN_READING and element in rows:
            yield element
            lines = set(children if rows.is_whole(element) else rows.lines(element))
            children = [child for child in children if child not in lines]
        stack.extend((child, inside) for child in reversed(children))


def _row(box: Element, base: str, content: AbstractSet[Element], rows: LinkRows | None) -> list[Link]:
    """The labels and links of a box without lists; none of any other. ``rows`` are the document's, where known."""
    if box.tag in _LINK_BOXES - {"nav"} or captions_of(box):
        return []
    rows = rows or LinkRows(box, content)
    if box not in rows:
        return []
    host = urlsplit(base).netloc
    entries = []
    for target, text, depth in rows.entries(box):
        url = absolute(target, base) if target else ""
        if not target or (url and urlsplit(url).netloc == host):
            entries.append((url, text[: rules.ENTRY.count], depth))
    return entries


def _remembered(box: Element, base: str) -> list[Link]:
    """The box's entries; those of a menu are read once for all pages of a folder that have it.

    The pages' menus differ in the classes that mark the current page, which say nothing here.
    """
    markup = tostring(box, with_tail=False)
    if len(markup) > _LONGEST_MENU:
        return [*_entries(box, base)]
    place = base if _TO_ITSELF.search(markup) else folder_of(base)
    apart = next(box.iterancestors(*_NO_LABEL_WITHIN), None) is None
    key = (blake2b(_CLASSES.sub(_captions_alone, markup), digest_size=16).digest(), place, apart)
    entries = _menus.get(key)
    if entries is None:
        entries = [*_entries(box, base)]
        if len(_menus) >= _MOST_MENUS:
            _menus.clear()
        _menus[key] = entries
    return entries


def _captions_alone(tag: re.Match[bytes]) -> bytes:
    """The tag without its classes, unless one may name a label."""
    return tag[0] if _CAPTIONING.search(tag[2]) else tag[1]


def _entries(box: Element, base: str) -> Iterator[Link]:
    """The box's labels and links; what stands below a label between lists is its own."""
    host = urlsplit(base).netloc
    depths = _Depths(box)
    first_link: _FirstLinks = {}
    below = 0
    captions = _captions(box, base, host)
    for element in box.iter("a", "area", *_LABELLING, *(str(caption.tag) for caption in captions)):
        if element in captions:
            below = 1
            yield captions[element], words_of(element)[: rules.ENTRY.count], 0
        elif element.tag == "a" and (target := element.get("href")):
            url = absolute(target, base)
            text = words_of(element)
            if url and text and urlsplit(url).netloc == host and _is_entry(element, box, first_link):
                yield url, text[: rules.ENTRY.count], max(depths.lists(element), 0) + below
        elif element.tag == "area":
            target = element.get("href") or ""
            url = absolute(target, base) if target else ""
            if urlsplit(url).netloc == host:
                yield url, _words_of_area(element)[: rules.ENTRY.count], 0
        elif text := _label(element):
            if element.tag == "li" or depths.is_in_item(element):
                yield "", text, max(depths.lists(element), 0) + below
            else:
                below = 1
                yield "", text, 0


def _words_of_area(area: Element) -> str:
    """What a place in a picture is called."""
    return " ".join((area.get("alt") or area.get("title") or "").split())


def _captions(box: Element, base: str, host: str) -> dict[Element, str]:
    """The captions of a row of lists, with the pages of this host that they lead to, or ""."""
    if box.tag in _LINK_BOXES:
        return {}
    captions: dict[Element, str] = {}
    for caption in captions_of(box):
        link = next(caption.iter("a"), None)
        url = absolute(link.get("href") or "", base) if link is not None else ""
        captions[caption] = url if urlsplit(url).netloc == host else ""
    return captions


class _Depths:
    """How deep elements of a box are nested in its lists; entries share what is around them, which is asked once."""

    def __init__(self, box: Element) -> None:
        self._box = box
        self._inside: dict[Element, tuple[int, bool]] = {}

    def lists(self, element: Element) -> int:
        """How many lists the element is nested in, from 0; -1 outside of any."""
        return self._around(element)[0]

    def is_in_item(self, element: Element) -> bool:
        """True for an element in an item (``li``) of the box."""
        return self._around(element)[1]

    def _around(self, element: Element) -> tuple[int, bool]:
        path: list[Element] = []
        answer = (-1, False)
        for up in element.iterancestors():
            if up in self._inside:
                answer = self._inside[up]
                break
            path.append(up)
            if up is self._box:
                break
        for up in reversed(path):
            answer = (answer[0] + (up.tag in _LISTS), answer[1] or up.tag == "li")
            self._inside[up] = answer
        return answer


_FirstLinks = dict[Element, Element | None]
"""The first link of each item that was asked for it."""


def _is_entry(link: Element, box: Element, first_links: _FirstLinks) -> bool:
    """True where the link is the first of its item and most of what the item itself says."""
    if _is_all_of_an_item(link):
        return True
    item = next((up for up in link.iterancestors() if up.tag in _ITEMS or up is box), box)
    if item.tag not in _ITEMS:
        return box.tag == "nav" or box.get("role") == "navigation"
    if item not in first_links:
        first_links[item] = next(item.iter("a"), None)
    if first_links[item] is not link:
        return False
    if item.tag == "tr":
        return True
    words, linked = len(_own_words(item).split()), len(words_of(link).split())
    return words - linked <= max(rules.BESIDE_ENTRY.threshold, linked)


def _is_all_of_an_item(link: Element) -> bool:
    """True for the entries of most menus, which so need no closer look."""
    item = link.getparent()
    return (
        item is not None
        and item.tag in ("li", "dt")
        and is_only_child(link)
        and is_blank(item.text)
        and is_blank(link.tail)
    )


def _own_words(item: Element) -> str:
    """The item's text without that of lists inside it."""
    pieces: list[str] = []
    stack = [item]
    while stack:
        element = stack.pop()
        if element is not item and (element.tag in _LISTS or element.tag == "nav"):
            pieces.append(f" {element.tail or ''}")
            continue
        pieces.append(f" {element.text or ''}" if element is item else f" {element.text or ''} {element.tail or ''}")
        stack.extend(element)
    return " ".join("".join(pieces).split())


def _label(element: Element) -> str:
    """What an item without a link, or a heading between lists, is called; "" for anything else."""
    if element.tag == "li":
        inner = next(element.iter("ul", "ol"), None)
        first = next(element.iter("a"), None)
        if inner is None or first is None or inner not in first.iterancestors():
            return ""
        return _own_words(element)[: rules.ENTRY.count]
    named = element.tag in ("p", "div", "span") and any(_CAPTION.search(name.lower()) for name in classes_of(element))
    titled = (element.tag in _LABELS or named) and element.find(".//a") is None
    apart = next(element.iterancestors(*_NO_LABEL_WITHIN), None) is None
    return words_of(element)[: rules.ENTRY.count] if titled and apart else ""
