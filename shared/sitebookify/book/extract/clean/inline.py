"""What stands in a line: without tags that only draw."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.vocabulary import CODE, EMBEDDED, HEADINGS, PHRASING, PREFORMATTED, SILENT
from sitebookify.book.tree import Element, drop, elements, finder, make, text_of, unwrap, words_of

_RENAMED = {"tt": "code", "strike": "s", "acronym": "abbr", "b": "strong", "i": "em", "nobr": "span", "cite": "em"}
_ONLY_DRAWN = frozenset(("span", "font", "big", "bdi", "label", "output", "time", "data", "blink", "wbr"))
_STYLED = frozenset(("span", "font", "b", "strong", "i", "em"))
_with_style = finder(attributes=["style"])
_EMPHASIS = (
    (re.compile(r"(?:^|;)\s*font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE), "strong"),
    (re.compile(r"(?:^|;)\s*font-style\s*:\s*(?:italic|oblique)\b", re.IGNORECASE), "em"),
    (re.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE), "s"),
)
_NOT_BOLD = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(?:normal|lighter|[1-4]00)\b", re.IGNORECASE)
_NOT_ITALIC = re.compile(r"(?:^|;)\s*font-style\s*:\s*normal\b", re.IGNORECASE)
_WITHOUT_EMPHASIS = (*HEADINGS, *PREFORMATTED, *CODE, "th", "dt", "strong", "b", "math")
"""Where a style that draws bold says nothing of a word."""
_EMPTY = PHRASING - EMBEDDED - SILENT - {"br"}
"""Elements that say nothing without text."""
_KEPT = frozenset(("id", "lang", "dir"))


def normalise(root: Element) -> None:
    """Unwrap elements without meaning, and leave only text and links inside code."""
    _style(root)
    for work in root.iter("cite"):
        _set_off(work)
    for element in [*root.iter(*_RENAMED)]:
        element.tag = _RENAMED[str(element.tag)]
    for element in [*root.iter(*_ONLY_DRAWN)]:
        if element is not root and not is_marked(element):
            _unwrap(element)
    for code in [code for code in root.iter(*CODE) if not is_marked(code)]:
        _plain(code)
    for element in reversed([*root.iter(*_EMPTY)]):
        if not _says_anything(element):
            _remove_empty(element)


def _set_off(work: Element) -> None:
    """The work that a quotation is from, where only a style sets it off from its author."""
    author = work.getprevious()
    if author is None or author.tail or next(work.iterancestors("blockquote", "figcaption"), None) is None:
        return
    if text_of(author)[-1:].isalnum() and text_of(work)[:1].isalnum():
        author.tail = ", "


def _style(root: Element) -> None:
    for element in _with_style(root):
        if element is not root and element.tag in _STYLED and element.get("style"):
            _as_styled(element)


def _as_styled(element: Element) -> None:
    """Emphasis that only a style draws, as editors write it; and emphasis that a style takes back."""
    style = element.get("style") or ""
    if element.tag in ("b", "strong", "i", "em"):
        taken_back = _NOT_BOLD if element.tag in ("b", "strong") else _NOT_ITALIC
        if taken_back.search(style):
            element.tag = "span"
        return
    if not words_of(element) or next(element.iterancestors(*_WITHOUT_EMPHASIS), None) is not None:
        return
    for pattern, tag in _EMPHASIS:
        if pattern.search(style):
            inner = make(tag, element.text)
            inner.extend([*element])
            element.text = None
            element.append(inner)


def _plain(code: Element) -> None:
    for inner in elements(code)[1:]:
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
    for name in [name for name in element.attrib if name not in _KEPT]:
        if name != "book-class":
            del element.attrib[name]
    if not element.attrib:
        unwrap(element)
    else:
        element.tag = "span"


def _says_anything(element: Element) -> bool:
    return (
        bool(words_of(element)) or bool(element.get("id")) or element.find(".//img") is not None or is_marked(element)
    )
