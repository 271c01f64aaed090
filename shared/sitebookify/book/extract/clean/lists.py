"""Lists that hold nothing but their items: what stands between them, as browsers show it, becomes part of one."""

from __future__ import annotations

from itertools import chain, count

from sitebookify.book.extract.clean.moves import enclose, put_first
from sitebookify.book.extract.clean.questions import is_empty, named
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
            _as_list(box)
    for item in [*root.iter("li")]:
        parent = item.getparent()
        if item is not root and parent is not None and parent.tag not in LISTS:
            _give_list(item)
    for items in [*root.iter("ul", "ol")]:
        _gather(items, ("li",), "li")
    for numbered in [*root.iter("ol")]:
        _drop_drawn_numbers(numbered)
    for terms in [*root.iter("dl")]:
        _settle_terms(terms)


def _settle_terms(terms: Element) -> None:
    _gather(terms, _PARTS, "dd")
    if _has_declarations(terms):
        _unlist(terms)
    elif _has_only_terms(terms):
        _as_items(terms)


def _has_declarations(terms: Element) -> bool:
    """True where a term holds code of several lines."""
    code = chain.from_iterable(term.iter("pre") for term in terms.iter("dt"))
    return any("\n" in text_of(block).strip() for block in code)


def _unlist(terms: Element) -> None:
    """Make plain boxes of a list whose terms are declarations of several lines: code blocks, since a term is a line."""
    terms.tag = "div"
    for part in terms.iter("dt", "dd"):
        if next(part.iterancestors("div", "dl"), None) is terms:
            part.tag = "div"


def _has_only_terms(terms: Element) -> bool:
    """True for terms of which nothing is said (TypeDoc's index); one alone says it of what follows (Sphinx)."""
    if len([*terms.iterchildren("dt")]) < 2:
        return False
    return not any(part.tag == "div" or (part.tag == "dd" and not is_empty(part)) for part in terms)


def _as_items(terms: Element) -> None:
    for part in [*terms]:
        if part.tag == "dd":
            drop(part)
        else:
            part.tag = "li"
    terms.tag = "ul"


def _drop_drawn_numbers(numbered: Element) -> None:
    """Drop the numbers that boxes in the items draw, where each item begins with its own."""
    items = [*numbered.iterchildren("li")]
    firsts = [item[0] for item in items if len(item) > 1 and is_blank(item.text)]
    if len(items) < 2 or len(firsts) < len(items):
        return
    if all(map(_shows_number, firsts, count(1))):
        for first in firsts:
            drop(first)


def _shows_number(box: Element, number: int) -> bool:
    """True for a box that shows nothing but the number."""
    return box.tag in ("div", "span") and not len(box) and words_of(box).rstrip(".") == str(number)


def _is_row_of_cards(box: Element) -> bool:
    """True for links that are boxes beside each other, and nothing else: in a line they run into each other."""
    if len(box) < 2 or not is_blank(box.text) or not _is_called_cards(box):
        return False
    if not all(link.tag == "a" and is_blank(link.tail) for link in box):
        return False
    return not any(inner.tag in BLOCKS for inner in box.iterdescendants())  # else each is a paragraph already


def _as_list(box: Element) -> None:
    for link in [*box]:
        link.tail = None
        enclose(link, "li")
    box.tag = "ul"


def _give_list(item: Element) -> None:
    """One list for the item and those that follow it."""
    items = [item]
    following = item.getnext()
    while following is not None and following.tag == "li" and is_blank(items[-1].tail):
        items.append(following)
        following = following.getnext()
    box = make("ul")
    item.addprevious(box)
    box.tail, items[-1].tail = items[-1].tail, None
    box.extend(items)


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
        if child.tag in items:
            last = child
        elif is_empty(child):
            _put_place(child, items)
        else:
            last = _holder(child, last, tag)
            last.append(child)
        if tail and not tail.isspace():
            last = _holder(child, last, tag)
            say(last, tail)


def _put_place(place: Element, items: tuple[str, ...]) -> None:
    """Put an anchor that stands between items into the one after it."""
    following = place.getnext()
    if place.tag in ("a", "span") and following is not None and following.tag in items:
        put_first(place, following)


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
