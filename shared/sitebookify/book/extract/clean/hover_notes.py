"""What a page shows beside a word when it is pointed at: a note of the book."""

from __future__ import annotations

import re

from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS
from sitebookify.book.tree import Element, elements, make, replace, words_of

_NAME = re.compile(r"(?:.*[-_])?(?:foot|side|margin)?notes?(?:[-_].*)?|(?:.*[-_])?(?:tooltip|popover|hover)\w*")
"""Classes of what is shown beside a word when it is asked for."""
_ATTRIBUTES = ("data-tooltip", "data-tippy-content", "data-note", "data-footnote")
_WORDS = ("abbr", "dfn", "em", "i", "mark", "span", "u")
_FEWEST = 3
"""Words of an attribute that is more than what a button is called."""
_OUTSIDE = (*HEADINGS, "a", "button", "nav", "pre", "math", "svg", "aside", "label")
_MOST = 500
"""Notes of a page at most."""


def normalise(root: Element) -> None:
    """Put a mark after the word, and the note at the end, in a form that `footnotes` reads."""
    number = 0
    for element in elements(root)[1:]:
        if number == _MOST or element.getparent() is None or next(element.iterancestors(*_OUTSIDE), None) is not None:
            continue
        note = _bubble(element) if _is_bubble(element) else _of_attribute(element)
        if note is not None:
            number += 1
            _place(root, element, note, f"note-beside-{number}", str(number))


def is_named_note(element: Element) -> bool:
    """True for a class that says that this is a note, or a bubble."""
    return any(map(_NAME.fullmatch, (element.get("class") or "").lower().split()))


def _is_bubble(element: Element) -> bool:
    if element.tag in BLOCKS or element.find(".//a") is not None or not words_of(element):
        return False
    return element.get("role") == "tooltip" or (is_out_of_sight(element) and is_named_note(element))


def _bubble(element: Element) -> Element:
    """A copy of the bubble's content; the bubble itself becomes the place of the mark."""
    note = make("p", element.text)
    note.extend([*element])
    element.text = None
    for name in [*element.attrib]:
        del element.attrib[name]
    return note


def _of_attribute(element: Element) -> Element | None:
    """What an attribute of a word says of it, unless the word says it itself."""
    if element.tag not in _WORDS or not words_of(element):
        return None
    text = next(filter(None, (" ".join((element.get(name) or "").split()) for name in _ATTRIBUTES)), "")
    if len(text.split()) < _FEWEST or "<" in text or text in words_of(element):
        return None
    return make("p", text)


def _place(root: Element, word: Element, note: Element, name: str, number: str) -> None:
    box = make("aside", id=name)
    box.set("class", "footnote")
    box.append(note)
    root.append(box)
    raised, link = make("sup"), make("a", number, href=f"#{name}")
    raised.append(link)
    if words_of(word):
        raised.tail, word.tail = word.tail, None
        word.addnext(raised)
    else:
        replace(word, raised)
