"""Menus and tables of contents without lists: links one below the other in plain boxes, under labels.

Sites write them as ``<details><summary>Boats</summary><p><a>…``, as ``<div><a>…`` in a sidebar, or as a line each in
the text: ``<p><a>Chapter 1</a></p><p><a>Chapter 2</a></p>``. Wikis write a row of short lists, each below its caption:
``<p><a href="…">Harbour</a></p><ul>…</ul><p>Boats</p><ul>…</ul>``; together these are one table of contents
(`captions_of`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sitebookify.book.extract import rules
from sitebookify.book.extract.words import word_count
from sitebookify.book.html.vocabulary import CELLS, EMBEDDED, HEADINGS, LISTS, METADATA, PREFORMATTED
from sitebookify.book.model import Link
from sitebookify.book.tree import Element, exceeds, holds, is_blank, lower_classes_of, words_of

OWN_READING = PREFORMATTED | {"dl", "table", "nav", "map", "blockquote"}
"""What is read by rules of its own, or is no menu: a box around it is no row. The same holds for lists, except those
folded into a ``details``."""
_SILENT = METADATA | EMBEDDED | {"select", "datalist", "textarea"}
_BORDERS = {"main", "article", "body", "html", "header", "footer"}
"""No menu reaches from outside of one of these into it."""
_SHORT_LABELS = {*HEADINGS[1:], "summary", "legend", "dt"}
_LABELS = {"p", "div", "span", "button", "strong", "b", "label"}
"""What may name the links that come after it."""
_LINES = {"p", "div", "dt", "dd", "section", "details", "center", "address", *HEADINGS[1:]}
_NESTING = LISTS | {"details"}
_NO_LINKS = _SILENT | {"br", "hr"}
_NOWHERE = ("#", "javascript:", "mailto:", "tel:")


@dataclass(slots=True)
class _Tally:
    """What an element holds: links, texts beside them, lists, and what makes it more than links and labels."""

    links: int = 0
    texts: int = 0
    lists: bool = False
    more: bool = False

    @property
    def is_row(self) -> bool:
        """True for links and labels, and nothing else."""
        return 0 < self.links >= self.texts and not (self.lists or self.more)

    def count_text(self, text: str | None, before: Element | None, after: Element | None) -> None:
        """Count a text between two elements; in a line with a link it is a sentence's."""
        words = (text or "").strip()
        if not any(map(str.isalpha, words)):
            return
        self.texts += 1
        if len(words) > rules.ROW_LABEL.count or _is_anchor(before) or _is_anchor(after):
            self.more = True


class LinkRows:
    """The rows of links of a page.

    ``content`` are elements of the page's own text: no row is partly in them.
    """

    def __init__(self, content: Collection[Element] = frozenset()) -> None:
        self._content = content
        self._tallies: dict[Element, _Tally] = {}

    def __contains__(self, element: Element) -> bool:
        """True for an element that holds a row of links: nothing but these, or enough lines of them among others."""
        tally = self._tally(element)
        if tally.links < rules.ROW_LINKS.count:
            return False
        if tally.is_row:
            return True
        lines = sum(self._tally(line).links for line in self._lines(element))
        return lines >= rules.ROW_LINKS.count

    def lays_out(self, table: Element) -> bool:
        """True for a table that puts a menu beside the page's text, as sites did before style sheets could."""
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in CELLS]
            if (
                len(cells) > 1
                and any(self._tally(cell).links >= rules.ROW_LINKS.count for cell in cells)
                and any(map(_is_text_cell, cells))
            ):
                return True
        return False

    def beside_lines(self, element: Element) -> list[Element]:
        """The children of an element with a row that are no part of it."""
        if self._tally(element).is_row:
            return []
        lines = self._lines(element)
        return [child for child in element if child not in lines]

    def _lines(self, element: Element) -> set[Element]:
        """The element's children that are lines of links."""
        return {child for child in element if child.tag in _LINES and self._is_line(child)}

    def _is_line(self, element: Element) -> bool:
        tally = self._tally(element)
        is_short = tally.links < rules.ROW_LINKS.count or element.tag == "details"
        return is_short and tally.is_row and not self._is_apart(element)

    def entries(self, box: Element) -> Iterator[Link]:
        """The box's links and labels, as `Link`: a label has no URL, a link's is as written."""
        labelled = 0
        for element, depth in self._links_and_labels(box):
            text = words_of(element)
            if element.tag == "a":
                yield element.get("href", ""), text, depth + labelled
            elif element.tag == "summary":
                yield "", text, depth + labelled
            else:
                labelled = 1
                yield "", text, depth

    def _tally(self, element: Element) -> _Tally:
        tally = self._tallies.get(element)
        if tally is None:
            tally = self._tallies[element] = self._counted(element)
        return tally

    def _counted(self, element: Element) -> _Tally:
        if element.tag in _SILENT:
            return _NOTHING
        if element.tag == "a":
            target = element.get("href", "").strip().lower()
            leads_anywhere = bool(target) and not target.startswith(_NOWHERE)
            return _Tally(links=leads_anywhere and bool(words_of(element)))
        tally = _Tally(lists=element.tag in LISTS)
        tally.count_text(element.text, None, next(iter(element), None))
        for child in element:
            inner = self._tally(child)
            tally.links += inner.links
            tally.texts += inner.texts
            tally.lists |= inner.lists and element.tag != "details"
            tally.more |= inner.more or child.tag in OWN_READING or self._is_apart(child)
            tally.count_text(child.tail, child, child.getnext())
        return tally

    def _is_apart(self, element: Element) -> bool:
        """True where no row reaches from the element's parent into it."""
        if element.tag in _BORDERS or element.get("role") == "main":
            return True
        return (element in self._content) != (element.getparent() in self._content)

    def _links_and_labels(self, box: Element) -> Iterator[tuple[Element, int]]:
        """The links and labels in document order, each with how deep it is folded into ``details``."""
        parts = [box]
        if not self._tally(box).is_row:
            lines = self._lines(box)
            parts = [child for child in box if child in lines or child.tag in _SHORT_LABELS]
        stack = [(part, 0) for part in reversed(parts)]
        while stack:
            element, depth = stack.pop()
            if element.tag == "a":
                if self._tally(element).links:
                    yield element, depth
            elif self._is_label(element):
                yield element, depth
            elif element.tag not in _SILENT:
                inner = depth + (element.tag in _NESTING)
                children = [(child, depth if child.tag == "summary" else inner) for child in element]
                stack.extend(reversed(children))

    def _is_label(self, element: Element) -> bool:
        """True for a short text that names the links after it."""
        tally = self._tally(element)
        if tally.links or tally.more or not tally.texts:
            return False
        if element.tag in _SHORT_LABELS:
            return True
        if element.tag not in _LABELS or not self._is_before_links(element):
            return False
        before = element.getprevious()
        return before is None or before.tag != "a" or element.tag in ("p", "div")

    def _is_before_links(self, element: Element) -> bool:
        for sibling in element.itersiblings("*"):
            if sibling.tag not in _NO_LINKS:
                return self._tally(sibling).links > 0
        return is_named_caption(element)


def _is_text_cell(cell: Element) -> bool:
    """True for the cell of the page's text: with its heading, or more beside links than a bar has."""
    if holds(cell, "h1"):
        return True
    linked = sum(map(word_count, cell.iter("a")))
    return word_count(cell) - linked > rules.BAR_WORDS.threshold


def _is_anchor(element: Element | None) -> bool:
    return element is not None and element.tag == "a"


_NOTHING = _Tally()


_LISTS = {"ul", "ol"}
_CAPTIONS = {*HEADINGS[1:], "p", "div", "strong", "b"}
_WRAPPERS = {"div", "section"}
_IGNORED = {"hr", "br", "script", "style"}
_LONGEST = 60
"""Characters of a caption."""
_MOST_ELEMENTS = 8
"""Elements of a caption: it may hold a link with an icon."""
_FEWEST_LISTS = 2
_MOST_PARTS = 200
_NAME = re.compile(r"(?:^|[-_])(?:caption|heading|title|label|header)(?:$|[-_])")


def captions_of(box: Element) -> list[Element]:
    """The captions of a box that holds nothing but lists, all but the first below a caption each; else none."""
    if not _FEWEST_LISTS < len(box) <= _MOST_PARTS or not is_blank(box.text):
        return []
    if not all(is_blank(child.tail) for child in box):
        return []
    parts = [child for child in box if child.tag not in _IGNORED]
    lists = [part for part in parts if _is_list(part)]
    if len(lists) < _FEWEST_LISTS or parts[::-2] != lists[::-1]:
        return []
    captions = [part for part in parts if part not in lists]
    return captions if all(map(_is_caption, captions)) else []


def is_named_caption(element: Element) -> bool:
    """True where a class says that the element is a caption."""
    return any(map(_NAME.search, lower_classes_of(element)))


def is_title(element: Element) -> bool:
    """True for a short line without a link that a class calls a caption."""
    return is_named_caption(element) and _is_caption(element) and not holds(element, "a")


def _is_list(element: Element) -> bool:
    """True for a list of links, and for a box that holds nothing else."""
    if element.tag in _WRAPPERS and len(element) == 1:
        if not (is_blank(element.text) and is_blank(element[0].tail)):
            return False
        element = element[0]
    return element.tag in _LISTS and holds(element, "a")


def _is_caption(element: Element) -> bool:
    if element.tag not in _CAPTIONS or exceeds(element.iter("*"), _MOST_ELEMENTS):
        return False
    return 0 < len(words_of(element)) <= _LONGEST
