"""What a page shows beside a word when it is pointed at, or in the margin beside its line: a note of the book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from sitebookify.book.extract.clean.elements import first_attribute, named
from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS
from sitebookify.book.tree import Element, drop, finder, fragment, holds, is_blank, is_inside, make, replace, words_of

_names_note = named(r"(?:.*[-_])?(?:foot|side|margin)?notes?(?:[-_].*)?|(?:.*[-_])?(?:tooltip|popover|hover)\w*")
"""Classes of what is shown beside a word when it is asked for."""
_names_margin = named(
    r"(?:.*[-_])?(?:side|margin)-?notes?(?:[-_](?:content|text|body|left|right))*|column-margin|ltx_note_content"
    r"|tooltip-?(?:text|content|body)|popover-?(?:text|content|body)"
)
"""Classes of notes in the margin, and of bubbles that nothing but a style sheet hides."""
_COPIED = re.compile(
    r"(?:link )?(?:copied|copy|kopiert|kopieren|copié|copier|copiado|copiar|コピー.*|已?复制.*)\W*", re.IGNORECASE
)
"""What bubbles of buttons say."""
_LONGEST_CALL = 4
"""Characters of a number or a sign that stands where a note is called."""
_MOST_CALLS = 4
"""Elements before a note that are looked at for its number."""
_LONGEST_WAY = 20
"""Characters of a number before a note, and of a way back behind it."""
_MOST_PARTS = 50
"""Parts of a note that are looked at."""
_NOTE_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:foot|side)?note(?:-(?:text|content|html|body))?")
_LETTERS_COMPARED = 40
"""Letters by which two notes are the same."""
_MOST_ATTRIBUTES = 50
"""Attributes of a button that are looked at."""
_MOST_AROUND = 3
"""Boxes that a script puts around its button."""
_MOST_INLINE = 1000
"""Elements of the rest of a line at most."""
_ATTRIBUTES = ("data-tooltip", "data-tippy-content", "data-note", "data-footnote")
_WORDS = ("abbr", "dfn", "em", "i", "mark", "span", "u")
_FEWEST = 3
"""Words of a note; fewer are a number, or what a button is called."""
_OUTSIDE = (*HEADINGS, "a", "button", "nav", "pre", "math", "svg", "aside", "label")
_MOST = 500
"""Notes of a page at most."""
_can_be_noted = finder(attributes=("class", "role", "popover", *_ATTRIBUTES))
_with_button = finder(["button"])
_with_attribute = finder(attributes=_ATTRIBUTES)


def normalise(root: Element) -> None:
    """Put a mark after the word, and the note at the end, in a form that `footnotes` reads."""
    number = 0
    with_attribute = frozenset(_with_attribute(root))
    places = {element.get("id"): element for element in reversed([*root.iter("*")]) if element.get("id")}
    for element in _can_be_noted(root):
        is_bubble = _is_bubble(element)
        text = _text_of_attribute(element) if element in with_attribute and not is_bubble else ""
        if not (is_bubble or text) or element is root or is_inside(element, *_OUTSIDE):
            continue
        if is_bubble and _repeats_footnote(element, places):
            drop(element)
            continue
        number += 1
        note = _take_content(element) if is_bubble else make("p", text)
        place_note(root, element, note, f"note-beside-{number}", str(number))
        if number == _MOST:
            return


def _repeats_footnote(bubble: Element, places: Mapping[str | None, Element]) -> bool:
    """True where the link before it leads to a note of the page that says the same (Substack)."""
    link = bubble.getprevious()
    if link is None or link.tag != "a":
        return False
    note = places.get(link.get("href", "").rpartition("#")[2])
    for _ in range(_MOST_CALLS):
        if note is None or len(words_of(note)) > _LONGEST_CALL:
            break
        note = note.getparent()  # the number leads back, in a box of its own
    text = words_of(bubble)
    return note is not None and text in words_of(note)[: len(text) + _LONGEST_WAY]


def is_about_copying(text: str) -> bool:
    """True for what a button's bubble says when something is copied."""
    return _COPIED.fullmatch(text) is not None


def is_named_note(element: Element) -> bool:
    """True for a class that says that this is a note, or a bubble; a popover is one."""
    return element.get("popover") is not None or _names_note(element)


def _is_bubble(element: Element) -> bool:
    if element.tag in BLOCKS:
        return False
    if _names_margin(element):
        inner = islice(element.iter("span", "small"), 1, _MOST_PARTS)
        return words_of(element) != "" and not any(map(_names_margin, inner))
    is_called_so = element.get("role") == "tooltip" or (is_named_note(element) and is_out_of_sight(element))
    text = words_of(element) if is_called_so and not holds(element, "a") else ""
    return text != "" and not is_about_copying(text)


def _drop_call(note: Element) -> None:
    """Drop the number or sign that calls the note, before it and in it, and the box that opens it on small screens."""
    opens_with_part = is_blank(note.text)
    for part in [*note.iterchildren("sup", "span")]:
        is_call = opens_with_part and part.getprevious() is None and _is_call(part)
        is_delimiter = part.tag == "span" and "delimiter" in part.get("class", "")  # for those who see no margin
        if is_call or is_delimiter:
            drop(part)
    place = note
    for _ in range(_MOST_CALLS):
        before, parent = place.getprevious(), place.getparent()
        if before is None and parent is not None and parent.tag == "span" and is_blank(parent.text):
            place = parent
        elif before is not None and is_blank(before.tail) and (before.tag == "input" or _is_call(before)):
            drop(before)
        else:
            return


def _is_call(element: Element) -> bool:
    text = words_of(element)
    if element.tag not in ("label", "sup", "button", "span", "a") or len(text) > _LONGEST_CALL or text.isalpha():
        return False
    if element.tag == "label":
        return element.get("for") is not None
    return element.get("role") == "button" if element.tag == "a" else text != ""


def _take_content(bubble: Element) -> Element:
    """The bubble's content as a note; the bubble itself becomes the place of the mark."""
    _drop_call(bubble)
    note = make("p", bubble.text)
    note.extend([*bubble])
    bubble.text = None
    bubble.attrib.clear()
    return note


def _text_of_attribute(element: Element) -> str:
    """What an attribute of a word says of it, unless the word says it itself; or ""."""
    text = " ".join(first_attribute(element, _ATTRIBUTES).split())
    if element.tag not in _WORDS or len(text.split()) < _FEWEST or "<" in text:
        return ""
    words = words_of(element)
    return text if words and text not in words else ""


def place_note(root: Element, word: Element, note: Element, name: str, number: str) -> None:
    """Put the note at the end of the root, and its mark after the word, or in the place of an element without any."""
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


def open_buttons(root: Element) -> None:
    """Put a mark in the place of a button that a script has put a note into, in an attribute, as HTML; the note last.

    Bigfoot and Littlefoot do, and may leave the note where it was: then it stays there.
    """
    buttons = [(button, _note_in(button)) for button in _with_button(root)]
    noted = [(button, note) for button, note in buttons if note is not None]
    items = "".join(f"\n{_beginning(item)}" for item in root.iter("li", "aside", "dd")) if noted else ""
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
        if not _NOTE_ATTRIBUTE.fullmatch(str(name)) or len(text.split()) < _FEWEST or too_many_attributes(text):
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
