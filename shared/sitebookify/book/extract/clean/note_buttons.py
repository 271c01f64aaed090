"""Footnotes that a script has put into buttons (Bigfoot, Littlefoot): the note stands in an attribute, as HTML."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.clean.hover_notes import place_note
from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.html.vocabulary import BLOCKS
from sitebookify.book.tree import Element, finder, fragment, is_blank, make, replace, words_of

_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:foot|side)?note(?:-(?:text|content|html|body))?")
_FEWEST = 3
"""Words of a note; fewer are a number or a name."""
_LETTERS_COMPARED = 40
"""Letters by which two notes are the same."""
_MOST = 500
"""Notes of a page at most."""
_MOST_ATTRIBUTES = 50
"""Attributes of a button that are looked at."""
_MOST_AROUND = 3
"""Boxes that a script puts around its button."""
_MOST_INLINE = 1000
"""Elements of the rest of a line at most."""
_with_button = finder(["button"])


def normalise(root: Element) -> None:
    """Put a mark in the button's place and the note at the end, unless the page has the note there already."""
    buttons = [(button, _note_in(button)) for button in _with_button(root)]
    noted = [(button, note) for button, note in buttons if note is not None]
    if not noted:
        return
    items = "".join(f"\n{_beginning(item)}" for item in root.iter("li", "aside", "dd"))
    for number, (button, note) in enumerate(noted[:_MOST], 1):
        box = _around(button)
        mark = make("span")
        replace(button, mark)
        if f"\n{_beginning(note)}" not in items:
            place_note(root, mark, note, f"note-in-button-{number}", str(number))
        _rejoin(box)


def _beginning(element: Element) -> str:
    return "".join(filter(str.isalnum, words_of(element)))[:_LETTERS_COMPARED]


def _note_in(button: Element) -> Element | None:
    for name, value in islice(button.attrib.items(), _MOST_ATTRIBUTES):
        text = str(value).strip()
        if not _ATTRIBUTE.fullmatch(str(name)) or len(text.split()) < _FEWEST or too_many_attributes(text):
            continue
        note = make("div")
        note.append(fragment(f"<div>{text}</div>"))
        return note if words_of(note) else None
    return None


def _around(button: Element) -> Element:
    """The outermost box that holds nothing but the button."""
    box, words = button, words_of(button)
    for up in islice(button.iterancestors("div", "span", "sup"), _MOST_AROUND):
        if words_of(up) != words or up.getparent() is None:
            break
        box = up
    return box


def _rejoin(box: Element) -> None:
    """A box in a paragraph has ended it, and the rest of the line stands behind: it goes on in the paragraph."""
    before = box.getprevious()
    if box.tag != "div" or before is None or before.tag != "p" or not is_blank(before.tail):
        return
    following = box.getnext()
    if following is not None and following.tag == "div" and is_blank(box.tail) and _is_line(following):
        following.tag, box.tail = "span", " "
    rest = [box]
    while following is not None and following.tag not in BLOCKS and len(rest) < _MOST_INLINE:
        rest.append(following)
        following = following.getnext()
    for part in rest:
        if part.tag == "div":
            part.tag = "span"
        before.append(part)


def _is_line(box: Element) -> bool:
    """True for a box around the rest of a line, as `body.box_lines` makes them."""
    return not box.attrib and not any(child.tag in BLOCKS for child in box)
