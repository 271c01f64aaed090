"""What a page shows beside a word when it is pointed at: a note of the book."""

from __future__ import annotations

import re
from functools import lru_cache

from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS
from sitebookify.book.tree import Element, finder, make, replace, words_of

_NAME = re.compile(r"(?:.*[-_])?(?:foot|side|margin)?notes?(?:[-_].*)?|(?:.*[-_])?(?:tooltip|popover|hover)\w*")
"""Classes of what is shown beside a word when it is asked for."""
_ATTRIBUTES = ("data-tooltip", "data-tippy-content", "data-note", "data-footnote")
_WORDS = ("abbr", "dfn", "em", "i", "mark", "span", "u")
_FEWEST = 3
"""Words of an attribute that is more than what a button is called."""
_OUTSIDE = (*HEADINGS, "a", "button", "nav", "pre", "math", "svg", "aside", "label")
_MOST = 500
"""Notes of a page at most."""
_can_be_noted = finder(attributes=("class", "role", *_ATTRIBUTES))
_with_attribute = finder(attributes=_ATTRIBUTES)


def normalise(root: Element) -> None:
    """Put a mark after the word, and the note at the end, in a form that `footnotes` reads."""
    number = 0
    with_attribute = frozenset(_with_attribute(root))
    for element in _can_be_noted(root):
        is_bubble = _is_bubble(element)
        text = _text_of_attribute(element) if element in with_attribute and not is_bubble else ""
        if not (is_bubble or text) or element is root or element.getparent() is None or _is_outside(element):
            continue
        number += 1
        note = _bubble(element) if is_bubble else make("p", text)
        _place(root, element, note, f"note-beside-{number}", str(number))
        if number == _MOST:
            return


def is_named_note(element: Element) -> bool:
    """True for a class that says that this is a note, or a bubble."""
    return _names_note(element.get("class") or "")


@lru_cache(maxsize=4096)
def _names_note(classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    return any(map(_NAME.fullmatch, classes.lower().split()))


def _is_bubble(element: Element) -> bool:
    called_so = element.get("role") == "tooltip" or (is_named_note(element) and is_out_of_sight(element))
    if not called_so or element.tag in BLOCKS or element.find(".//a") is not None:
        return False
    return bool(words_of(element))


def _is_outside(element: Element) -> bool:
    """True for what stands where no note is called."""
    return next(element.iterancestors(*_OUTSIDE), None) is not None


def _bubble(element: Element) -> Element:
    """A copy of the bubble's content; the bubble itself becomes the place of the mark."""
    note = make("p", element.text)
    note.extend([*element])
    element.text = None
    for name in [*element.attrib]:
        del element.attrib[name]
    return note


def _text_of_attribute(element: Element) -> str:
    """What an attribute of a word says of it, unless the word says it itself; or ""."""
    if element.tag not in _WORDS:
        return ""
    text = next(filter(None, (" ".join((element.get(name) or "").split()) for name in _ATTRIBUTES)), "")
    if len(text.split()) < _FEWEST or "<" in text:
        return ""
    said = words_of(element)
    return text if said and text not in said else ""


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
