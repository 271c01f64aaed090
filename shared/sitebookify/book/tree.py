"""HTML as a tree: the small changes that every stage makes to one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice, takewhile
from typing import Any, cast

import lxml.html
from lxml.etree import HTMLParser, XPath, _Element, iterwalk, tostring

Element = _Element
_LONGEST_JOINED = 10_000
"""Characters. To add to a longer text, again and again, is to copy it again and again: what follows it gets a box."""
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def classes_of(element: Element) -> list[str]:
    """The element's classes, as they are written."""
    return (element.get("class") or "").split()


def lower_classes_of(element: Element) -> list[str]:
    """The element's classes in lower case, for names that sites write in either."""
    return (element.get("class") or "").lower().split()


def relations_of(link: Element) -> set[str]:
    """The values of the link's ``rel``, in lower case."""
    return set((link.get("rel") or "").lower().split())


def holds(element: Element, *tags: str) -> bool:
    """True for an element with one of these tags, and for one that holds such an element."""
    return next(element.iter(*tags), None) is not None


def is_inside(element: Element, *tags: str) -> bool:
    """True where an element with one of these tags stands around the element."""
    return next(element.iterancestors(*tags), None) is not None


def exceeds(items: Iterable[object], most: int) -> bool:
    """True for more than ``most`` items, of which no more are looked at."""
    return next(islice(items, most, None), None) is not None


def boxes_below(root: Element, element: Element) -> Iterator[Element]:
    """The boxes around the element that are inside the root, the nearest first."""
    return takewhile(lambda box: box is not root, element.iterancestors())


def text_before(element: Element) -> str:
    """The text between the element and what stands before it in its parent, or ""."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or ""
    return "" if parent is None else parent.text or ""


def is_blank(text: str | None) -> bool:
    """True for no text, or white space only."""
    return not text or text.isspace()


def fragment(html: str) -> Element:
    """A ``div`` that holds the fragment's elements, without characters that XML forbids: lxml takes none of them."""
    parser = HTMLParser(huge_tree=True)  # else what is nested deeper than 256 is lost
    tree: Element = lxml.html.fragment_fromstring(without_controls(html), create_parent="div", parser=parser)
    return tree


def without_controls(text: str) -> str:
    """The text without characters that XML forbids."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def first_words(root: Element, most: int, *, without: Collection[str]) -> str:
    """The first words of the element's text, at least ``most`` where it has as many, but for what is in ``without``."""
    words: list[str] = []
    walker = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start" and element.tag in without:
            walker.skip_subtree()
        elif event == "start":
            words += (element.text or "").split()
        elif element is not root:
            words += (element.tail or "").split()
        if len(words) >= most:
            break
    return " ".join(words)


def elements(root: Element) -> list[Element]:
    """Every element of the tree in document order."""
    return list(root.iter("*"))


def finder(tags: Iterable[str] = (), attributes: Iterable[str] = ()) -> Callable[[Element], list[Element]]:
    """A search for the elements at or below one with any of the tags or attributes, in document order.

    What has none of them becomes no Python object: to look for what few pages have takes next to no time. One path
    with all the attributes would not do: libxml2 takes quadratic time to put what several paths match in order.
    """
    names = tuple(tags)
    paths = [XPath(f"descendant-or-self::*/@{attribute}") for attribute in attributes]

    def find(root: Element) -> list[Element]:
        groups = [_owners(path, root) for path in paths]
        if names:
            groups.append(list(root.iter(*names)))
        groups = list(filter(None, groups))
        if not groups:
            return []
        if len(groups) == 1:
            return groups[0]
        matches = set(chain.from_iterable(groups))
        return [element for element in root.iter("*") if element in matches]

    return find


def _owners(path: XPath, root: Element) -> list[Element]:
    """The elements whose attributes the path finds."""
    values = cast("list[Any]", path(root))
    return [value.getparent() for value in values]


def words_of(element: Element) -> str:
    """The element's text on one line."""
    return " ".join(text_of(element).split())


def text_of(element: Element) -> str:
    """The element's text as it stands."""
    return tostring(element, method="text", encoding="unicode", with_tail=False)


def make(tag: str, text: str | None = "", **attributes: str) -> Element:
    """A new element."""
    element: Element = lxml.html.Element(tag, attributes)
    element.text = text or None
    return element


def replace(old: Element, new: Element) -> None:
    """Put ``new`` where ``old`` stands; the text after ``old`` stays."""
    parent = old.getparent()
    if parent is None:
        return
    new.tail, old.tail = old.tail, None
    parent.replace(old, new)


def drop(element: Element) -> None:
    """Remove the element with all it holds; the text after it stays."""
    parent = element.getparent()
    if parent is not None:
        _say_before(element, parent, element.tail)
        parent.remove(element)


def detach(element: Element) -> Element:
    """Take the element out of its tree, whole; the text after it stays there."""
    drop(element)
    element.tail = None
    return element


def unwrap(element: Element) -> None:
    """Remove the element's tags; what it holds stays."""
    parent = element.getparent()
    if parent is None:
        return
    _say_before(element, parent, element.text)
    children = [*element]
    if children:
        say(element, element.tail)
    else:
        _say_before(element, parent, element.tail)
    for child in children:  # not by its place in the parent, which is counted anew for each of thousands
        element.addprevious(child)
    parent.remove(element)


def say(element: Element, text: str | None) -> None:
    """Put text at the element's end."""
    if text:
        last = next(element.iterchildren(reversed=True), None)
        _join(text, element, last, element.append)


def _say_before(element: Element, parent: Element, text: str | None) -> None:
    """Put text right before an element."""
    if text:
        _join(text, parent, element.getprevious(), element.addprevious)


def _join(text: str, parent: Element, previous: Element | None, insert: Callable[[Element], None]) -> None:
    """Join text to that behind ``previous`` or, if that is None, at the parent's beginning."""
    existing = (parent.text if previous is None else previous.tail) or ""
    if len(existing) > _LONGEST_JOINED:
        insert(make("span", text))
    elif previous is None:
        parent.text = existing + text
    else:
        previous.tail = existing + text


def is_only_child(element: Element) -> bool:
    """True for an element without siblings; to ask its parent for its length is to have all of them counted."""
    return element.getprevious() is None and element.getnext() is None


def is_last_of(element: Element, box: Element) -> bool:
    """True where no text of the box follows the element, which is somewhere in it.

    Looks no further than the next text: thousands of elements can ask the same of one box, whose text is long.
    """
    while element is not box:
        parent = element.getparent()
        if parent is None or not is_blank(element.tail):
            return False
        for sibling in element.itersiblings():
            if not (is_blank(sibling.tail) and all(is_blank(str(text)) for text in sibling.itertext())):
                return False
        element = parent
    return True
