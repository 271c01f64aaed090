"""What a page shows beside a word when it is pointed at, or in the margin beside its line: a note of the book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

from sitebookify.book.extract.clean.questions import first_attribute
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS
from sitebookify.book.tree import Element, drop, finder, is_blank, is_inside, make, replace, words_of

_NAME = re.compile(r"(?:.*[-_])?(?:foot|side|margin)?notes?(?:[-_].*)?|(?:.*[-_])?(?:tooltip|popover|hover)\w*")
"""Classes of what is shown beside a word when it is asked for."""
_IN_MARGIN = re.compile(
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
_ATTRIBUTES = ("data-tooltip", "data-tippy-content", "data-note", "data-footnote")
_WORDS = ("abbr", "dfn", "em", "i", "mark", "span", "u")
_FEWEST = 3
"""Words of an attribute that is more than what a button is called."""
_OUTSIDE = (*HEADINGS, "a", "button", "nav", "pre", "math", "svg", "aside", "label")
_MOST = 500
"""Notes of a page at most."""
_can_be_noted = finder(attributes=("class", "role", "popover", *_ATTRIBUTES))
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
    return element.get("popover") is not None or _names_note(element.get("class", ""))


@lru_cache(maxsize=4096)
def _names_note(classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    return any(map(_NAME.fullmatch, classes.lower().split()))


def _is_bubble(element: Element) -> bool:
    if element.tag in BLOCKS:
        return False
    if _names_margin(element.get("class", "")):
        inner = islice(element.iter("span", "small"), 1, _MOST_PARTS)
        return bool(words_of(element)) and not any(_names_margin(part.get("class", "")) for part in inner)
    is_called_so = element.get("role") == "tooltip" or (is_named_note(element) and is_out_of_sight(element))
    if not is_called_so or element.find(".//a") is not None:
        return False
    text = words_of(element)
    return bool(text) and not is_about_copying(text)


@lru_cache(maxsize=4096)
def _names_margin(classes: str) -> bool:
    return any(map(_IN_MARGIN.fullmatch, classes.lower().split()))


def _drop_call(note: Element) -> None:
    """Drop the number or sign that calls the note, before it and in it, and the box that opens it on small screens."""
    if is_blank(note.text):
        for part in [*note.iterchildren("sup", "span")]:
            if part.getprevious() is None and _is_call(part):
                drop(part)
    _drop_enclosing(note)
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
    if element.tag == "a":
        return element.get("role") == "button"
    return text != ""


def _drop_enclosing(note: Element) -> None:
    """Drop the words that enclose a note for those who do not see it in the margin."""
    for part in [*note.iterchildren("span")]:
        if "delimiter" in part.get("class", ""):
            drop(part)


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
    if element.tag not in _WORDS:
        return ""
    text = " ".join(first_attribute(element, _ATTRIBUTES).split())
    if len(text.split()) < _FEWEST or "<" in text:
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
