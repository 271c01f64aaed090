"""Text that is in the page and not on it: what is hidden in a line, names of icons, the second copy of a variant.

What is hidden as a block stays where it is the only copy: answers that open, notes, the other system's instructions.
"""

from __future__ import annotations

import re

from sitebookify.book.extract import rules
from sitebookify.book.extract.clean.elements import beside, has_letters, is_marked, put_place_before
from sitebookify.book.extract.clean.hover_notes import is_about_copying, is_named_note
from sitebookify.book.html.visibility import (
    is_for_screen_readers,
    is_icon,
    is_marked_hidden,
    is_ornament,
    is_out_of_sight,
    is_private,
)
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, CODE, HEADINGS, ITEMS, LISTS, PHRASING, PREFORMATTED, TITLES
from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element, drop, holds, is_blank, is_inside, words_of

_CAN_BE_BARE = frozenset(("i", "small", "span"))
"""Elements that are judged by their text, also without an attribute."""
_LINES = ITEMS | CELLS | {*TITLES, "a", "p", "label"}
_APART = PREFORMATTED | LISTS | {"math", "svg", "table", "dl", "img"}
"""What is never only a word in a line."""
_LONGEST_ARROW = 2
"""Characters of a sign behind a link."""
_VARIANT = re.compile(
    r"(?:^|[\s:_#-])(?:hidden|d-none|d-\w+-none|block|mobile|desktop|visible|dark|light|hide|show|phone|tablet)(?:$|[\s:_-])"
)
"""Classes, and fragments of pictures' addresses, that choose between variants for a screen or a theme."""
_DARK = re.compile(r"(?:^|[\s:_#-])dark(?:$|[\s_-])")
_DARK_HIDDEN = re.compile(r"dark:(?:hidden|invisible)|(?:hide|no)[-_](?:on|in)?[-_]?dark")


def normalise(root: Element) -> None:
    """Drop what no reader sees in a line, and all copies but one."""
    lines = _Lines()
    for element in [*root.iterdescendants("*")]:
        if element.getparent() is None:
            continue
        is_judged = bool(element.attrib) or element.tag in _CAN_BE_BARE
        is_unseen = is_judged and (_is_unseen(element, lines) or _is_repeated_tooltip(element))
        if is_unseen or (is_judged and _is_bracketed_link(element)):
            _drop(element, lines)
        else:
            _drop_other_variant(element, lines)


class _Lines:
    """How much the lines of a page say: each is counted once, however many hidden words stand in it."""

    def __init__(self) -> None:
        self._amounts: dict[Element, int] = {}

    def says_more(self, line: Element, element: Element) -> bool:
        """True where the line has text or a picture beside the element."""
        if line not in self._amounts:
            self._amounts[line] = _amount(line)
        return self._amounts[line] > _amount(element)

    def drop(self, element: Element) -> None:
        """Drop the element."""
        amount = _amount(element)
        for up in element.iterancestors():
            if up in self._amounts:
                self._amounts[up] -= amount
        drop(element)


def _amount(box: Element) -> int:
    """How many texts and pictures are in the box."""
    amount = 0
    for element in box.iter("*"):
        tail = element.tail if element is not box else None
        amount += (element.tag == "img") + (not is_blank(element.text)) + (not is_blank(tail))
    return amount


def _drop(element: Element, lines: _Lines) -> None:
    """Drop the element: links to it, or to what is in it, lead to where it stood from now on."""
    for place in [*element.iter("*")]:
        name = place.get("id") or (place.get("name") if place.tag == "a" else None)
        if name:
            put_place_before(element, name)
    lines.drop(element)


def _is_unseen(element: Element, lines: _Lines) -> bool:
    """True for hidden words or an icon of a line that says more, of a link to its own page, and for a block's copy."""
    if _is_arrow(element) or _is_repeated_label(element):
        return True
    is_hidden = is_out_of_sight(element) or is_icon(element) or _is_hidden_label(element)
    if not is_hidden or _is_apart(element):
        return False
    if element.tag in BLOCKS and not is_for_screen_readers(element):
        words = words_of(element)
        return words != "" and words in map(words_of, beside(element))
    line = next((up for up in element.iterancestors() if up.tag in _LINES or up.tag in BLOCKS), None)
    if line is None or is_named_note(element):
        return _leads_to_own_page(element)
    return _leads_to_own_page(line) or is_private(element.text or "") or lines.says_more(line, element)


def _leads_to_own_page(element: Element) -> bool:
    return element.tag == "a" and element.get("href", "").startswith("#")


def _is_arrow(element: Element) -> bool:
    """True for a sign behind a link's words that it leads out of the site, or behind a heading that it sorts."""
    link = element.getparent()
    if not is_ornament(element) or link is None or link.tag not in ("a", "th") or element.getnext() is not None:
        return False
    text = words_of(element)
    is_sign = 0 < len(text) <= _LONGEST_ARROW and not has_letters(text)
    return is_sign and words_of(link) != text


def _is_repeated_label(element: Element) -> bool:
    """True for the heading of a cell's column at its beginning, which narrow screens show instead of the heading."""
    cell = element.getparent()
    if cell is None or cell.tag != "td" or cell[0] is not element or not is_blank(cell.text):
        return False
    label = cell.get("data-label") or cell.get("data-th") or cell.get("data-title") or ""
    text = words_of(element)
    return text != "" and text.rstrip(": ") == label.strip().rstrip(":") and words_of(cell) != text


def _is_hidden_label(element: Element) -> bool:
    """True for a few words of a line that a class calls hidden; more are there to be opened."""
    if element.tag not in PHRASING or not is_marked_hidden(element):
        return False
    return len(words_of(element).split()) <= rules.HIDDEN_LABEL.threshold


def _is_apart(element: Element) -> bool:
    """True for more than words in a line, and for what has its own rules: headings, panels, code, formulas."""
    if element.tag in CODE or element.tag in HEADINGS or element.get("role") == "tabpanel" or is_marked(element):
        return True
    return is_inside(element, "pre", "math", "svg") or holds(element, *_APART)


def _is_repeated_tooltip(element: Element) -> bool:
    """True for a tooltip that says what stands beside it, or what is the title of that."""
    box = element.getparent()
    if element.get("role") != "tooltip" or box is None:
        return False
    said = [box.get("title", ""), box.get("aria-label", ""), (box.text or "").strip()]
    for other in beside(element):
        said += [words_of(other), other.get("title", "")]
    words = words_of(element)
    return words in said or is_about_copying(words)


def _is_bracketed_link(element: Element) -> bool:
    """True for links in brackets at the end of a heading, in a box of their own, as wikis have them to edit."""
    title = element.getparent()
    if element.tag not in ("span", "small") or title is None or title.tag not in HEADINGS:
        return False
    if element.getnext() is not None or not is_blank(element.tail) or words_of(title) == words_of(element):
        return False
    text = words_of(element)
    linked = "".join(map(words_of, element.iter("a")))
    is_all_linked = sum(map(str.isalnum, text)) == sum(map(str.isalnum, linked))
    return text[:1] == "[" and text[-1:] == "]" and linked != "" and is_all_linked


def _drop_other_variant(element: Element, lines: _Lines) -> None:
    """Of two neighbours that differ in what they are shown on, drop the one for dark screens, else the second."""
    following = element.getnext() if element.attrib or len(element) else None
    if following is None or following.tag != element.tag or not is_blank(element.tail):
        return
    names = _names(element)
    if not _is_variant(names):
        return
    other_names = _names(following)
    if names == other_names or not _is_variant(other_names):
        return
    words, pictures = words_of(element), _pictures(element)
    if words != words_of(following) or pictures != _pictures(following):
        return
    if words or any(pictures) or _DARK.search(f"{names} {other_names}"):
        lines.drop(element if _is_dark(names) and not _is_dark(other_names) else following)


@short_cache(maxsize=4096)
def _is_variant(names: str) -> bool:
    return _VARIANT.search(names) is not None


def _names(element: Element) -> str:
    """Classes of the element and its picture, and the fragment of the picture's address."""
    names = [element.get("class", "")]
    for picture in [element, *element.iter("img")][:2]:
        names.append(picture.get("class", ""))
        names.append("#" + picture.get("src", "").partition("#")[2])
    return " ".join(names).lower()


def _is_dark(names: str) -> bool:
    return bool(_DARK.search(names) or "dark:block" in names) and not _DARK_HIDDEN.search(names)


def _pictures(element: Element) -> list[str]:
    """What the pictures in the element are called."""
    return [picture.get("alt", "").strip() for picture in element.iter("img")]
