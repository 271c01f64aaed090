"""Menus and tables of contents without lists: links one below the other in plain boxes, under labels.

Sites write them as ``<details><summary>Boats</summary><p><a>…``, as ``<div><a>…`` in a sidebar, or as a line each in
the text: ``<p><a>Chapter 1</a></p><p><a>Chapter 2</a></p>``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sitebookify.book.extract import rules
from sitebookify.book.html.vocabulary import CELLS, EMBEDDED, HEADINGS, LISTS, METADATA, PREFORMATTED
from sitebookify.book.model import Link
from sitebookify.book.tree import Element, classes_of, words_of

OWN_READING = PREFORMATTED | frozenset(("dl", "table", "nav", "map", "blockquote"))
"""What is read by rules of its own, or is no menu: a box around it is no row. The same holds for lists, except those
folded into a ``details``."""
_SILENT = METADATA | EMBEDDED | frozenset(("select", "datalist", "textarea"))
_BORDERS = frozenset(("main", "article", "body", "html", "header", "footer"))
"""No menu reaches from outside of one of these into it."""
_SHORT_LABELS = frozenset((*HEADINGS[1:], "summary", "legend", "dt"))
_LABELS = frozenset(("p", "div", "span", "button", "strong", "b", "label"))
"""What may name the links that come after it."""
_CAPTION = re.compile(r"(?:^|[-_])(?:caption|heading|title|label|header)(?:$|[-_])")
_LINES = frozenset(("p", "div", "dt", "dd", "section", "details", "center", "address", *HEADINGS[1:]))
_NESTING = LISTS | {"details"}
_BREAKS = frozenset(("br", "hr"))
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


class LinkRows:
    """The rows of links of a page, or of a part of it.

    ``content`` are elements of the page's own text: no row is partly in them.
    """

    def __init__(self, root: Element, content: Collection[Element] = frozenset()) -> None:
        self._content = content
        self._tallies: dict[Element, _Tally] = {}
        for element in reversed(list(root.iter("*"))):  # what is inside an element comes before it
            self._count(element)

    def __contains__(self, element: Element) -> bool:
        """True for an element that holds a row of links: nothing but these, or enough lines of them among others."""
        tally = self._tallies.get(element)
        if tally is None or tally.links < rules.ROW_LINKS.count or element.tag == "a":
            return False
        if tally.is_row:
            return True
        lines = sum(self._tallies[line].links for line in self.lines(element))
        return lines >= rules.ROW_LINKS.count

    def is_whole(self, element: Element) -> bool:
        """True where the element holds nothing beside its row of links."""
        return self._tallies[element].is_row

    def lays_out(self, table: Element) -> bool:
        """True for a table that puts a menu beside the page's text, as sites did before style sheets could."""
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in CELLS]
            if len(cells) > 1 and any(map(self._is_menu_cell, cells)) and any(map(_is_text_cell, cells)):
                return True
        return False

    def _is_menu_cell(self, cell: Element) -> bool:
        return self._tallies[cell].links >= rules.ROW_LINKS.count

    def lines(self, element: Element) -> Iterator[Element]:
        """The element's children that are lines of links."""
        for child in element:
            tally = self._tallies.get(child, _NOTHING)
            is_short = tally.links < rules.ROW_LINKS.count or child.tag == "details"
            if child.tag in _LINES and is_short and tally.is_row and self._is_one_place(element, child):
                yield child

    def entries(self, box: Element) -> Iterator[Link]:
        """The box's links and labels, as `Link`: a label has no URL, a link's is as written."""
        labelled = 0
        for element, depth in self._links_and_labels(box):
            text = words_of(element)
            if element.tag == "a":
                yield element.get("href") or "", text, depth + labelled
            elif element.tag == "summary":
                yield "", text, depth + labelled
            else:
                labelled = 1
                yield "", text, depth

    def _count(self, element: Element) -> None:
        if element.tag in _SILENT:
            return
        if element.tag == "a":
            self._tallies[element] = _Tally(links=_is_link(element))
            return
        tally = _Tally()
        tally.lists = element.tag in LISTS
        self._count_text(tally, element.text, None, next(iter(element), None))
        for child in element:
            inner = self._tallies.get(child, _NOTHING)
            tally.links += inner.links
            tally.texts += inner.texts
            tally.lists |= inner.lists and element.tag != "details"
            tally.more |= inner.more or child.tag in OWN_READING or not self._is_one_place(element, child)
            self._count_text(tally, child.tail, child, child.getnext())
        self._tallies[element] = tally

    @staticmethod
    def _count_text(tally: _Tally, text: str | None, before: Element | None, after: Element | None) -> None:
        """Count a text between two elements; in a line with a link it is a sentence's."""
        words = (text or "").strip()
        if not any(map(str.isalpha, words)):
            return
        tally.texts += 1
        in_line = any(other is not None and other.tag == "a" for other in (before, after))
        tally.more |= in_line or len(words) > rules.ROW_LABEL.count

    def _is_one_place(self, element: Element, child: Element) -> bool:
        if child.tag in _BORDERS or child.get("role") == "main":
            return False
        return (child in self._content) == (element in self._content)

    def _links_and_labels(self, box: Element) -> Iterator[tuple[Element, int]]:
        """The links and labels in document order, each with how deep it is folded into ``details``."""
        parts = [box] if self.is_whole(box) else self._lines_and_labels(box)
        stack = [(part, 0) for part in reversed(parts)]
        while stack:
            element, depth = stack.pop()
            tally = self._tallies.get(element)
            if tally is None:
                continue
            is_link = element.tag == "a"
            if (is_link and tally.links) or (not is_link and not tally.links and self._is_label(element, tally)):
                yield element, depth
            elif not is_link:
                inner = depth + (element.tag in _NESTING)
                children = [(child, depth if child.tag == "summary" else inner) for child in element]
                stack.extend(reversed(children))

    def _lines_and_labels(self, box: Element) -> list[Element]:
        lines = set(self.lines(box))
        return [child for child in box if child in lines or child.tag in _SHORT_LABELS]

    def _is_label(self, element: Element, tally: _Tally) -> bool:
        """True for a short text that names the links after it."""
        if not tally.texts or tally.more:
            return False
        if element.tag in _SHORT_LABELS:
            return True
        if element.tag not in _LABELS or not self._is_before_links(element):
            return False
        before = element.getprevious()
        return before is None or before.tag != "a" or element.tag in ("p", "div")

    def _is_before_links(self, element: Element) -> bool:
        named = any(_CAPTION.search(name.lower()) for name in classes_of(element))
        for sibling in element.itersiblings("*"):
            tally = self._tallies.get(sibling)
            if sibling.tag in _BREAKS or tally is None:
                continue
            return tally.links > 0
        return named


def _is_text_cell(cell: Element) -> bool:
    """True for the cell of the page's text: with its heading, or more beside links than a bar has."""
    if next(cell.iter("h1"), None) is not None:
        return True
    linked = sum(len(words_of(link).split()) for link in cell.iter("a"))
    return len(words_of(cell).split()) - linked > rules.BAR_WORDS.threshold


def _is_link(element: Element) -> bool:
    """True for a link that says something and leads somewhere."""
    target = (element.get("href") or "").strip().lower()
    return bool(target) and not target.startswith(_NOWHERE) and bool(words_of(element))


_NOTHING = _Tally()
