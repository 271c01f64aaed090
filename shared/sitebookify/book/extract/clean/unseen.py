"""Text that is in the page and not on it: what is hidden in a line, names of icons, the second copy of a variant.

What is hidden as a block stays where it is the only copy: answers that open, notes, the other system's instructions.
"""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.hover_notes import is_named_note
from sitebookify.book.extract.clean.unseen_words import drop_unseen, is_unseen_word
from sitebookify.book.html.visibility import is_for_screen_readers, is_out_of_sight
from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS
from sitebookify.book.tree import Element, drop, elements, words_of

_LINES = frozenset((*HEADINGS, "a", "p", "li", "dt", "dd", "td", "th", "figcaption", "summary", "label", "caption"))
_APART = frozenset(("pre", "math", "svg", "table", "ul", "ol", "dl", "img"))
"""What is never only a word in a line."""
_ICON_NAME = re.compile(r"(?:.*[-_])?icons?(?:[-_].*)?")
_LIGATURE = re.compile(r"[a-z0-9_]{1,40}")
_VARIANT = re.compile(
    r"(?:^|[\s:_#-])(?:hidden|d-none|d-\w+-none|block|mobile|desktop|visible|dark|light|hide|show|phone|tablet)(?:$|[\s:_-])"
)
"""Classes, and fragments of pictures' addresses, that choose between variants for a screen or a theme."""
_DARK = re.compile(r"(?:^|[\s:_#-])dark(?:$|[\s_-])")
_DARK_HIDDEN = re.compile(r"dark:(?:hidden|invisible)|(?:hide|no)[-_](?:on|in)?[-_]?dark")


def normalise(root: Element) -> None:
    """Drop what no reader sees in a line, and all copies but one."""
    for element in elements(root)[1:]:
        if element.getparent() is None:
            continue
        unseen_word = is_unseen_word(element, root) and not is_named_note(element)
        if unseen_word or any(rule(element) for rule in _RULES):
            drop_unseen(element)
        else:
            _drop_other_variant(element)


def _is_icon(element: Element) -> bool:
    """True for the name of an icon in a box that is called one; `visibility.is_icon` knows the fonts."""
    if element.tag not in ("i", "span") or len(element):
        return False
    names = (element.get("class") or "").split()
    text = (element.text or "").strip()
    named = element.get("aria-hidden") == "true" and any(map(_ICON_NAME.fullmatch, names))
    return named and "_" in text and bool(_LIGATURE.fullmatch(text))


def _is_unseen(element: Element) -> bool:
    """True for hidden words of a line that says more, and of a link that leads to its own page."""
    if not is_out_of_sight(element) or _is_apart(element):
        return False
    if element.tag in BLOCKS and not is_for_screen_readers(element):
        return _is_copy(element)
    line = next((up for up in element.iterancestors() if up.tag in _LINES or up.tag in BLOCKS), None)
    if line is None or is_named_note(element):
        return False
    if line.tag == "a" and (line.get("href") or "").startswith("#"):
        return True
    return words_of(line) != words_of(element) or line.find(".//img") is not None


def _is_apart(element: Element) -> bool:
    """True for more than words in a line, and for what has its own rules: headings, panels, code, formulas."""
    if element.tag in HEADINGS or element.get("role") == "tabpanel":
        return True
    inside = next(element.iterancestors("pre", "math", "svg"), None) is not None
    return inside or next(element.iter(*_APART), None) is not None


def _is_copy(element: Element) -> bool:
    """True for a hidden block that repeats the one before or after it."""
    said = words_of(element)
    around = (element.getprevious(), element.getnext())
    return bool(said) and any(other is not None and words_of(other) == said for other in around)


def _is_repeated_tooltip(element: Element) -> bool:
    """True for a tooltip that says what stands beside it, or what is the title of that."""
    box = element.getparent()
    if element.get("role") != "tooltip" or box is None:
        return False
    said = words_of(element)
    others = [box.get("title") or "", box.get("aria-label") or "", (box.text or "").strip()]
    beside = [other for other in (element.getprevious(), element.getnext()) if other is not None]
    others += [words_of(other) for other in beside]
    others += [other.get("title") or "" for other in beside]
    return said in others


def _is_bracketed_link(element: Element) -> bool:
    """True for links in brackets at the end of a heading, in a box of their own, as wikis have them to edit."""
    title = element.getparent()
    if element.tag not in ("span", "small") or title is None or title.tag not in HEADINGS:
        return False
    said = words_of(element).replace(" ", "")
    if said[:1] != "[" or said[-1:] != "]" or (element.tail or "").strip() or element.getnext() is not None:
        return False
    linked = "".join(words_of(link) for link in element.iter("a")).replace(" ", "")
    beside = sum(map(str.isalnum, said)) - sum(map(str.isalnum, linked))
    return bool(linked) and not beside and words_of(title) != words_of(element)


_RULES = (_is_icon, _is_unseen, _is_repeated_tooltip, _is_bracketed_link)
"""What makes an element one that no reader sees."""


def _drop_other_variant(element: Element) -> None:
    """Of two neighbours that differ in what they are shown on, drop the one for dark screens, else the second."""
    following = element.getnext()
    if following is None or following.tag != element.tag or (element.tail or "").strip():
        return
    names, others = _names(element), _names(following)
    if names == others or not (_VARIANT.search(names) and _VARIANT.search(others)):
        return
    if words_of(element) != words_of(following) or _pictures(element) != _pictures(following):
        return
    if not words_of(element) and not any(_pictures(element)) and not (_DARK.search(names) or _DARK.search(others)):
        return
    drop(element if _is_dark(names) and not _is_dark(others) else following)


def _names(element: Element) -> str:
    """Classes of the element and its picture, and the fragment of the picture's address."""
    names = [element.get("class") or ""]
    for picture in [element, *element.iter("img")][:2]:
        names.append(picture.get("class") or "")
        names.append("#" + (picture.get("src") or "").partition("#")[2])
    return " ".join(names).lower()


def _is_dark(names: str) -> bool:
    return bool(_DARK.search(names) or "dark:block" in names) and not _DARK_HIDDEN.search(names)


def _pictures(element: Element) -> list[str]:
    """What the pictures in the element are called."""
    return [(picture.get("alt") or "").strip() for picture in element.iter("img")]
