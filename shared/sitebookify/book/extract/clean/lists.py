"""Lists that hold nothing but their items: what stands between them, as browsers show it, becomes part of one."""

from __future__ import annotations

from itertools import chain

from sitebookify.book.extract.clean.elements import enclose, is_empty, named, put_first
from sitebookify.book.html.vocabulary import BLOCKS, LISTS
from sitebookify.book.tree import Element, drop, is_blank, make, say, text_of, words_of

_is_called_cards = named(r"(?:.*[-_:])?(?:cards?|tiles?|grid)(?:[-_].*)?")
"""Names of boxes that set links beside each other."""
_PARTS = ("dt", "dd", "div")
"""What a list of terms holds: terms, what is said of them, and boxes of both."""


def normalise(root: Element) -> None:
    """Give every list its items, and every item a list."""
    for box in [*root.iter("menu", "dir")]:
        box.tag = "ul"
    for box in [*root.iter("div", "section", "nav")]:
        if _is_row_of_cards(box):
            box.tag = "ul"
            for link in [*box]:
                link.tail = None
                enclose(link, "li")
    for item in [*root.iter("li")]:
        parent = item.getparent()
        if item is not root and parent is not None and parent.tag not in LISTS:
            _give_list(item)
    for items in [*root.iter("ul", "ol")]:
        _gather(items, ("li",), "li")
    for numbered in [*root.iter("ol")]:
        _drop_drawn_numbers(numbered)
    for terms in [*root.iter("dl")]:
        _gather(terms, _PARTS, "dd")
        _settle_terms(terms)


def _settle_terms(terms: Element) -> None:
    """Make boxes of terms that are code of several lines, since a term is a line; of mere terms, items (TypeDoc)."""
    code = chain.from_iterable(term.iter("pre") for term in terms.iter("dt"))
    if any("\n" in text_of(block).strip() for block in code):
        terms.tag = "div"
        for part in terms.iter("dt", "dd"):
            if next(part.iterancestors("div", "dl"), None) is terms:
                part.tag = "div"
    elif _has_only_terms(terms):
        terms.tag = "ul"
        for part in [*terms]:
            part.tag = "li"
            if is_empty(part):
                drop(part)


def _has_only_terms(terms: Element) -> bool:
    """True for terms of which nothing is said; one alone says it of what follows (Sphinx)."""
    if len([*terms.iterchildren("dt")]) < 2:
        return False
    return not any(part.tag == "div" or (part.tag == "dd" and not is_empty(part)) for part in terms)


def _drop_drawn_numbers(numbered: Element) -> None:
    """Drop the numbers that boxes in the items draw, where each item begins with its own."""
    items = [*numbered.iterchildren("li")]
    firsts = [item[0] for item in items if len(item) > 1 and is_blank(item.text)]
    if len(items) < 2 or len(firsts) < len(items):
        return
    for number, first in enumerate(firsts, 1):
        is_box = first.tag in ("div", "span") and not len(first)
        if not is_box or words_of(first).rstrip(".") != str(number):
            return
    for first in firsts:
        drop(first)


def _is_row_of_cards(box: Element) -> bool:
    """True for links that are boxes beside each other, and nothing else: in a line they run into each other."""
    if len(box) < 2 or not is_blank(box.text) or not _is_called_cards(box):
        return False
    if not all(link.tag == "a" and is_blank(link.tail) for link in box):
        return False
    return not any(inner.tag in BLOCKS for inner in box.iterdescendants())  # else each is a paragraph already


def _give_list(item: Element) -> None:
    """One list for the item and those that follow it."""
    box = enclose(item, "ul")
    following = box.getnext()
    while following is not None and following.tag == "li" and is_blank(box.tail):
        box.tail, following.tail = following.tail, None
        box.append(following)
        following = box.getnext()


def _gather(box: Element, items: tuple[str, ...], tag: str) -> None:
    """Put text and foreign elements of the box into the item before them, or into one of their own."""
    last: Element | None = None
    if not is_blank(box.text):
        last = make(tag, box.text)
        box.text = None
        box.insert(0, last)
    for child in [*box]:
        if child is last:
            continue
        tail, child.tail = child.tail, None
        following = child.getnext()
        if child.tag in items:
            last = child
        elif not is_empty(child):
            last = _holder(child, last, tag)
            last.append(child)
        elif child.tag in ("a", "span") and following is not None and following.tag in items:
            put_first(child, following)  # an anchor between items
        if tail and not tail.isspace():
            last = _holder(child, last, tag)
            say(last, tail)


def _holder(child: Element, last: Element | None, tag: str) -> Element:
    """The item that holds what follows: never a term, which is a line."""
    if last is not None and last.tag == tag:
        return last
    item = make(tag)
    if last is not None:
        last.addnext(item)
    else:
        child.addprevious(item)
    return item
