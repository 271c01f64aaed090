"""What stands in a line: without tags that only draw."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.elements import enclose_content, is_empty, is_marked
from sitebookify.book.html.vocabulary import CODE, EMBEDDED, HEADINGS, PHRASING, PREFORMATTED, SILENT
from sitebookify.book.tree import Element, drop, finder, is_inside, text_of, unwrap, words_of

_RENAMED = {"tt": "code", "strike": "s", "acronym": "abbr", "b": "strong", "i": "em", "nobr": "span", "cite": "em"}
_ONLY_DRAWN = frozenset(("span", "font", "big", "bdi", "label", "output", "time", "data", "blink", "wbr"))
_with_style = finder(attributes=["style"])
_EMPHASIS = (
    (re.compile(r"(?:^|;)\s*font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE), "strong"),
    (re.compile(r"(?:^|;)\s*font-style\s*:\s*(?:italic|oblique)\b", re.IGNORECASE), "em"),
    (re.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE), "s"),
)
_NOT_BOLD = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(?:normal|lighter|[1-4]00)\b", re.IGNORECASE)
_NOT_ITALIC = re.compile(r"(?:^|;)\s*font-style\s*:\s*normal\b", re.IGNORECASE)
_TAKEN_BACK = {"b": _NOT_BOLD, "strong": _NOT_BOLD, "i": _NOT_ITALIC, "em": _NOT_ITALIC}
"""Styles that take back what an element says."""
_WITHOUT_EMPHASIS = (*HEADINGS, *PREFORMATTED, *CODE, "th", "dt", "strong", "b", "math")
"""Where a style that draws bold says nothing of a word."""
_EMPTY = PHRASING - EMBEDDED - SILENT - {"br"}
"""Elements that say nothing without text."""
_KEPT = frozenset(("id", "lang", "dir"))


def normalise(root: Element) -> None:
    """Unwrap elements without meaning, and leave only text and links inside code."""
    for element in _with_style(root):
        _as_styled(element)
    for work in root.iter("cite"):
        _set_off(work)
    for element in [*root.iter(*_RENAMED)]:
        element.tag = _RENAMED[str(element.tag)]
    for element in [*root.iter(*_ONLY_DRAWN)]:
        if element is not root and not is_marked(element):
            _unwrap(element)
    for code in [*root.iter(*CODE)]:
        if not is_marked(code):
            _leave_text_in(code)
    for element in reversed([*root.iter(*_EMPTY)]):
        if is_empty(element) and not element.get("id") and not is_marked(element):
            _remove_empty(element)


def _set_off(work: Element) -> None:
    """The work that a quotation is from, where only a style sets it off from its author."""
    author = work.getprevious()
    if author is None or author.tail or not is_inside(work, "blockquote", "figcaption"):
        return
    if text_of(author)[-1:].isalnum() and text_of(work)[:1].isalnum():
        author.tail = ", "


def _as_styled(element: Element) -> None:
    """Emphasis that only a style draws, as editors write it; and emphasis that a style takes back."""
    style = element.get("style", "")
    if element.tag in _TAKEN_BACK:
        if _TAKEN_BACK[str(element.tag)].search(style):
            element.tag = "span"
        return
    if element.tag not in ("span", "font"):
        return
    tags = [tag for pattern, tag in _EMPHASIS if pattern.search(style)]
    if not tags or not words_of(element) or is_inside(element, *_WITHOUT_EMPHASIS):
        return
    for tag in tags:
        enclose_content(element, tag)


def _leave_text_in(code: Element) -> None:
    for inner in [*code.iterdescendants("*")]:
        if inner.tag not in ("a", "br", "img") and not is_marked(inner):
            unwrap(inner)


def _remove_empty(element: Element) -> None:
    """Leave nothing of it but the space that it drew."""
    if element.tail and element.text is not None:
        unwrap(element)
        return
    if text_of(element):
        element.tail = f" {element.tail or ''}"
    drop(element)


def _unwrap(element: Element) -> None:
    """Leave the element without tags where it says no more than its text."""
    for name in [name for name in element.attrib if name not in _KEPT]:
        del element.attrib[name]
    if element.attrib:
        element.tag = "span"
    else:
        unwrap(element)
