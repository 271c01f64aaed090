"""Lists that hold nothing but their items: what stands between them, as browsers show it, becomes part of one."""

from __future__ import annotations

import re

from sitebookify.book.html.vocabulary import BLOCKS, LISTS
from sitebookify.book.tree import Element, drop, is_blank, lower_classes_of, make, say, text_of, words_of

_CARDS = re.compile(r"(?:.*[-_:])?(?:cards?|tiles?|grid)(?:[-_].*)?")
"""Names of boxes that set links beside each other."""
_PARTS = ("dt", "dd", "div")
"""What a list of terms holds: terms, what is said of them, and boxes of both."""


def normalise(root: Element) -> None:
    """Give every list its items, and every item a list."""
    for box in [*root.iter("menu", "dir")]:
        box.tag = "ul"
    for box in [*root.iter("div", "section", "nav")]:
        _cards(box)
    for item in [*root.iter("li")]:
        parent = item.getparent()
        if item is not root and parent is not None and parent.tag not in LISTS:
            _give_list(item)
    for box in [*root.iter(*LISTS)]:
        _gather(box, ("li",), "li")
        if box.tag != "ol":
            box.tag = "ul"
    for numbered in [*root.iter("ol")]:
        _drop_drawn_numbers(numbered)
    for definitions in [*root.iter("dl")]:
        _gather(definitions, _PARTS, "dd")
        if any("\n" in text_of(block).strip() for term in definitions.iter("dt") for block in term.iter("pre")):
            _unlist(definitions)
        else:
            _without_definitions(definitions)


def _unlist(definitions: Element) -> None:
    """Make plain boxes of a list whose terms are declarations of several lines: code blocks, since a term is a line."""
    definitions.tag = "div"
    for part in definitions.iter("dt", "dd"):
        if next(part.iterancestors("div", "dl"), None) is definitions:
            part.tag = "div"


def _without_definitions(terms: Element) -> None:
    """Terms of which nothing is said are a list (TypeDoc's index); one alone says it of what follows (Sphinx)."""
    if len([*terms.iterchildren("dt")]) < 2 or any(
        child.tag == "div" or (child.tag == "dd" and not _is_empty(child)) for child in terms
    ):
        return
    for child in [*terms]:
        if child.tag == "dd":
            drop(child)
        else:
            child.tag = "li"
    if len(terms):
        terms.tag = "ul"


def _is_empty(box: Element) -> bool:
    return not words_of(box) and box.find(".//img") is None


def _drop_drawn_numbers(numbered: Element) -> None:
    """Drop the numbers that boxes in the items draw, where each item begins with its own."""
    items = [*numbered.iterchildren("li")]
    firsts = [item[0] for item in items if len(item) > 1 and is_blank(item.text)]
    if len(items) < 2 or len(firsts) < len(items):
        return
    drawn = [first.tag in ("div", "span") and not len(first) and words_of(first).rstrip(".") for first in firsts]
    if drawn == [str(number) for number in range(1, len(items) + 1)]:
        for first in firsts:
            drop(first)


def _cards(box: Element) -> None:
    """Links that are boxes beside each other, and nothing else, are a list: in a line they run into each other."""
    names = lower_classes_of(box)
    if len(box) < 2 or not any(map(_CARDS.fullmatch, names)) or (box.text or "").strip():
        return
    if any(link.tag != "a" or (link.tail or "").strip() for link in box):
        return
    if any(inner.tag in BLOCKS for inner in box.iterdescendants()):
        return  # each is a paragraph, or more, already
    for link in [*box]:
        item = make("li")
        link.addprevious(item)
        link.tail = None
        item.append(link)
    box.tag = "ul"


def _give_list(item: Element) -> None:
    """One list for the item and those that follow it."""
    box = make("ul")
    item.addprevious(box)
    following: Element | None = item
    while following is not None and following.tag == "li":
        item, following = following, following.getnext() if is_blank(following.tail) else None
        box.append(item)
    box.tail, item.tail = item.tail, None


def _gather(box: Element, items: tuple[str, ...], tag: str) -> None:
    """Put text and foreign elements of the box into the item before them, or into one of their own."""
    last: Element | None = None
    if (box.text or "").strip():
        last = make(tag, box.text)
        box.text = None
        box.insert(0, last)
    for child in [*box]:
        if child is last:
            continue
        tail, child.tail = child.tail, None
        if child.tag in items:
            last = child
        elif not words_of(child) and child.find(".//img") is None:
            child.tail = None
            _put_place(child, items)
        else:
            last = _holder(box, child, last, tag)
            last.append(child)
        if (tail or "").strip():
            last = _holder(box, child, last, tag)
            say(last, tail)


def _put_place(place: Element, items: tuple[str, ...]) -> None:
    """Put an anchor that stands between items into the one after it."""
    following = place.getnext()
    if place.tag not in ("a", "span") or following is None or following.tag not in items:
        return
    place.tail, following.text = following.text, None
    following.insert(0, place)


def _holder(box: Element, child: Element, last: Element | None, tag: str) -> Element:
    """The item that holds what follows: never a term, which is a line."""
    if last is not None and last.tag == tag:
        return last
    item = make(tag)
    if last is not None:
        last.addnext(item)
    elif child.getparent() is box:
        child.addprevious(item)
    return item
