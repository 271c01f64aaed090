"""What a page says of the order of pages in its lists of links; `neighbours` has what it says of its own place.

A list is navigation where its items are links with next to no text beside them: sidebars, menus, tables of
contents. Items without a link that have items below them, and headings between lists of one box, are labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import chain, groupby, islice
from urllib.parse import urlsplit

from lxml.etree import tostring

from sitebookify.book.extract import rules
from sitebookify.book.extract.link_rows import OWN_READING, LinkRows, captions_of, is_named_caption, is_title
from sitebookify.book.extract.neighbours import is_direction
from sitebookify.book.extract.words import word_count
from sitebookify.book.html.addresses import absolute, folder_of, page_of
from sitebookify.book.html.vocabulary import HEADINGS, LISTS
from sitebookify.book.model import Link
from sitebookify.book.tree import Element, classes_of, first_words, holds, is_blank, is_inside, is_only_child, words_of

_LISTS = LISTS | {"dl", "table"}
_LINK_BOXES = _LISTS | {"nav", "map"}
_CONTENT = {"main", "article"}
_ITEMS = {"li", "dt", "tr"}
_LABELS = {*HEADINGS[1:], "summary", "legend"}
_NAMED_LABELS = {"p", "div", "span"}
"""Elements that are labels if a class says so."""
_NO_LABEL_WITHIN = ("li", "a", "button")
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
_TOGGLING = {"aria-expanded", "aria-haspopup", "aria-controls", "data-toggle", "data-bs-toggle"}
"""Attributes of a link that opens a part of its menu."""
_MOST_TOGGLES = 3
"""Links of an item that may open its list before one that leads somewhere."""
_MOST_FRAMES = 8
"""Frames of a page that are looked at."""
_MOST_WORDS = 1000
"""Words of an item that are looked at."""


Lists = tuple[tuple[bool, tuple[Link, ...]], ...]
"""Lists of links, each as (inside the content?, entries)."""


def navigation(
    document: Element, base: str, content: AbstractSet[Element], boxes: Iterable[Element] | None = None
) -> Lists:
    """The page's lists of links to pages of its host, in document order.

    An entry is (page URL, text, nesting depth from 0), with "" for the URL of a label. ``boxes`` are the elements that
    hold the lists, where they are known.
    """
    lists: list[tuple[bool, tuple[Link, ...]]] = []
    left = rules.LINKS_OF_A_PAGE.count
    rows = LinkRows(content)
    for box in boxes_of(document, content, rows) if boxes is None else boxes:
        links = _captioned(box, _row(box, base, rows) or _remembered(box, base))
        links = list(_without_directions(links))
        if len(links) <= _FEW:
            links = [link for link in links if not is_direction(link[1])]  # it leads elsewhere from each page
        entries = _pages_only(links)[:left]
        pages = {url for url, _, _ in entries if url}
        if len(pages) > 1:
            lists.append((box in content, tuple(entries)))
            left -= len(entries)
    return tuple(lists)


def _captioned(box: Element, links: list[Link]) -> list[Link]:
    """The entries of a list below the caption that stands before it, if one does."""
    before = box.getprevious()
    if box.tag not in LISTS or before is None or not is_blank(before.tail) or not is_title(before):
        return links
    return [("", words_of(before), 0), *((url, text, depth + 1) for url, text, depth in links)]


def _without_directions(entries: Iterable[Link]) -> Iterator[Link]:
    """The entries without labels that say "next" or "previous", and without what is below those."""
    skipped = False
    for url, text, depth in entries:
        if not url:
            skipped = is_direction(text)
        elif not depth:
            skipped = False
        if not skipped:
            yield url, text, depth


def framed_pages(document: Element, url: str, base: str) -> Lists:
    """The pages of its host that the page at the URL shows in frames, as one of the lists of `navigation`.

    They are below the page, whose own they are more than any menu's. Of many frames the first few count.
    """
    host = urlsplit(base).netloc
    titles: dict[str, str] = {}
    for frame in islice(document.iter("iframe"), _MOST_FRAMES):
        target = page_of(absolute(frame.get("src", ""), base))
        if target != url and urlsplit(target).netloc == host:
            titles.setdefault(target, frame.get("title", ""))
    if not titles:
        return ()
    frames = [(target, title[: rules.ENTRY.count], 1) for target, title in titles.items()]
    return ((True, ((url, "", 0), *frames)),)


def _pages_only(entries: list[Link]) -> list[Link]:
    """The entries that lead to pages, or to the first place of each page where most lead to places; and the labels.

    Contents may name the sections of each page, one after the other. Of a list that comes back to the same pages
    nothing is kept: it is an index of words.
    """
    urls = [url for url, _, _ in entries if url]
    if 2 * sum("#" in url for url in urls) >= len(urls):
        stretches = [page for page, _ in groupby(urls, page_of)]
        if len(set(stretches)) < rules.DISTINCT.threshold * len(stretches):
            return []
        entries = [(page_of(url), text, depth) for url, text, depth in entries]
    seen: set[str] = set()
    links: list[Link] = []
    for url, text, depth in entries:
        if "#" not in url and url not in seen:
            links.append((url, text[: rules.ENTRY.count], depth))
        if url:
            seen.add(url)
    return links


def boxes_of(
    root: Element, content: AbstractSet[Element] = frozenset(), rows: LinkRows | None = None
) -> Iterator[Element]:
    """The outermost elements that hold lists or rows of links; lists with captions only outside of the ``content``."""
    rows = rows or LinkRows()
    stack = [(root, False)]
    while stack:
        element, inside = stack.pop()
        is_content = element in content or element.tag in _CONTENT or element.get("role") == "main"
        inside = inside or is_content
        if _holds_list(element, rows, inside=inside):
            yield element
            continue
        children = list(element)
        if element.tag not in OWN_READING and element in rows:
            yield element
            children = rows.beside_lines(element)
        stack.extend((child, inside) for child in reversed(children))


def _holds_list(element: Element, rows: LinkRows, *, inside: bool) -> bool:
    if element.tag == "table":
        return inside or not rows.lays_out(element)
    if element.tag in _LINK_BOXES or element.get("role") == "navigation":
        return True
    return not inside and bool(captions_of(element))


def _row(box: Element, base: str, rows: LinkRows) -> list[Link]:
    """The labels and links of a box without lists; none of any other."""
    if box.tag in _LINK_BOXES - {"nav"} or captions_of(box) or box not in rows:
        return []
    host = urlsplit(base).netloc
    entries: list[Link] = []
    for target, text, depth in rows.entries(box):
        url = _url(target, base, host)
        if url or not target:
            entries.append((url, text, depth))
    return entries


def _url(target: str | None, base: str, host: str) -> str:
    """Where a link leads; "" for none, and for another host."""
    url = absolute(target, base) if target else ""
    return url if urlsplit(url).netloc == host else ""


def _remembered(box: Element, base: str) -> list[Link]:
    """The box's entries; those of a menu are read once for all pages of a folder that have it.

    The pages' menus differ in the classes that mark the current page, which say nothing here.
    """
    markup = tostring(box, with_tail=False)
    if len(markup) > _LONGEST_MENU:
        return list(_Menu(box, base).entries())
    place = base if _TO_ITSELF.search(markup) else folder_of(base)
    # Without classes, unless one may name a label.
    markup = _CLASSES.sub(lambda tag: tag[0] if _CAPTIONING.search(tag[2]) else tag[1], markup)
    digest = blake2b(markup, digest_size=16).digest()
    key = (digest, place, _may_have_labels(box))
    entries = _menus.get(key)
    if entries is None:
        entries = list(_Menu(box, base).entries())
        if len(_menus) >= _MOST_MENUS:
            _menus.clear()
        _menus[key] = entries
    return entries


def _may_have_labels(element: Element) -> bool:
    return not is_inside(element, *_NO_LABEL_WITHIN)


class _Menu:
    """A box with lists of links."""

    def __init__(self, box: Element, base: str) -> None:
        self._box = box
        self._base = base
        self._host = urlsplit(base).netloc
        self._captions = frozenset() if box.tag in _LINK_BOXES else frozenset(captions_of(box))
        self._part_titles: dict[Element, frozenset[Element]] = {}
        self._places: dict[Element, tuple[int, bool]] = {}
        self._first_links: dict[Element, Element | None] = {}

    def entries(self) -> Iterator[Link]:
        """The box's labels and links; what stands below a label between lists is its own."""
        below = 0
        for element in self._box.iter("*"):
            lists, is_in_item = self._place(element)
            depth = max(lists, 0) + below
            if element in self._captions:
                below = 1
                link = next(element.iter("a"), None)
                yield self._target(link) if link is not None else "", words_of(element), 0
            elif element.tag in ("a", "area"):
                yield from self._folded(element, depth) if _is_toggle(element) else self._link(element, depth)
            elif element.tag == "li" and (lists, is_in_item) == (0, False) and self._is_part_title(element):
                title = words_of(element)
                below = int(title != "")
                if title:
                    yield "", title, 0
            elif label := _label(element):
                if is_in_item or element.tag == "li":
                    yield "", label, depth
                else:
                    below = 1
                    yield "", label, 0

    def _is_part_title(self, item: Element) -> bool:
        """True for an item of the outermost list that names those after it, and for an empty one that ends them."""
        items = item.getparent()
        if items is None:
            return False
        if items not in self._part_titles:
            self._part_titles[items] = _part_titles(items)
        return item in self._part_titles[items]

    def _folded(self, toggle: Element, depth: int) -> Iterator[Link]:
        """The name of a list that is folded away, and its first page, where the toggle leads without scripts."""
        url, item = self._target(toggle), next(toggle.iterancestors("li"), None)
        if url and "#" not in toggle.get("href", "") and item is not None and not holds(item, *LISTS):
            yield "", words_of(toggle), depth
            yield url, "", depth + 1

    def _link(self, link: Element, depth: int) -> Iterator[Link]:
        url = self._target(link)
        if url and link.tag == "area":
            yield url, " ".join((link.get("alt") or link.get("title") or "").split()), 0
        elif url and self._is_entry(link):
            text = words_of(link)
            if text:
                yield url, text, depth

    def _target(self, link: Element) -> str:
        return _url(link.get("href"), self._base, self._host)

    def _place(self, element: Element) -> tuple[int, bool]:
        """How many lists the element is nested in, from 0, or -1 outside of any; and whether it is in an item.

        Asked in document order.
        """
        around = element.getparent()
        place = (-1, False) if element is self._box or around is None else self._places[around]
        lists, is_in_item = place
        self._places[element] = (lists + (element.tag in _LISTS), is_in_item or element.tag == "li")
        return place

    def _is_entry(self, link: Element) -> bool:
        """True where the link is the first of its item and most of what the item itself says."""
        if _is_all_of_an_item(link):
            return True
        item = next((box for box in link.iterancestors() if box.tag in _ITEMS or box is self._box), self._box)
        if item.tag not in _ITEMS:
            return self._box.tag == "nav" or self._box.get("role") == "navigation"
        if item not in self._first_links:
            self._first_links[item] = next(item.iter("a"), None)
        is_first = self._first_links[item] is link
        if not is_first or item.tag == "tr":
            return is_first
        linked = word_count(link)
        beside = len(_own_words(item).split()) - linked
        return beside <= max(rules.BESIDE_ENTRY.threshold, linked)


def _part_titles(items: Iterable[Element]) -> frozenset[Element]:
    """Items without a link that stand between others as titles of parts, and empty ones that set parts off.

    They have a class that no item with a link has, or are the only ones without: chapters that are not written yet have
    the same. A single one may be the page that is shown, unless its class says that it is a title.
    """
    linked = [item for item in items if item.tag == "li" and holds(item, "a")]
    unlinked = [item for item in items if item.tag == "li" and not holds(item, "a", "ul", "ol")]
    classes = set(chain.from_iterable(map(classes_of, linked)))
    titles = [item for item in unlinked if _is_set_apart(item, classes) and words_of(item)]
    if not titles or (len(titles) == 1 and not is_named_caption(titles[0])):
        return frozenset()
    return frozenset((*titles, *(item for item in unlinked if not words_of(item))))


def _is_set_apart(item: Element, classes: AbstractSet[str]) -> bool:
    """True for an item with a class that is none of these, and for one without any where there are some."""
    own = set(classes_of(item))
    return not own <= classes if own else bool(classes)


def _is_toggle(link: Element) -> bool:
    """True for a link that opens the list below it; the page that is shown may link to itself too.

    A button is one wherever it leads: a category of Docusaurus leads to its first page where scripts do not run.
    """
    target = link.get("href", "").strip()
    if not target or link.get("role") == "button":
        return True
    return (target == "#" or target.startswith("javascript:")) and not _TOGGLING.isdisjoint(link.attrib)


def _is_all_of_an_item(link: Element) -> bool:
    """True for the entries of most menus, which so need no closer look."""
    item = link.getparent()
    if item is None or item.tag not in ("li", "dt"):
        return False
    return is_only_child(link) and is_blank(item.text) and is_blank(link.tail)


def _own_words(item: Element) -> str:
    """The item's text without that of lists inside it."""
    return first_words(item, _MOST_WORDS, without=_LISTS | {"nav"})


def _label(element: Element) -> str:
    """What an item without a link, or a heading between lists, is called; "" for anything else."""
    if element.tag == "li":
        inner = next(element.iter("ul", "ol"), None)
        links = list(islice(element.iter("a"), _MOST_TOGGLES))
        own = next((link for link in links if not _is_toggle(link)), None)
        if inner is None or not links or (own is not None and inner not in own.iterancestors()):
            return ""
        return _own_words(element)
    is_label = element.tag in _LABELS or (element.tag in _NAMED_LABELS and is_named_caption(element))
    if not is_label or element.find(".//a") is not None or not _may_have_labels(element):
        return ""
    return words_of(element)
