"""What stands in a line: without tags that only draw."""

from __future__ import annotations

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.vocabulary import CODE, EMBEDDED, PHRASING, SILENT
from sitebookify.book.tree import Element, drop, elements, text_of, unwrap, words_of

_RENAMED = {"tt": "code", "strike": "s", "acronym": "abbr", "b": "strong", "i": "em", "nobr": "span", "cite": "em"}
_ONLY_DRAWN = frozenset(("span", "font", "big", "bdi", "label", "output", "time", "data", "blink", "wbr"))
_EMPTY = PHRASING - EMBEDDED - SILENT - {"br"}
"""Elements that say nothing without text."""
_KEPT = frozenset(("id", "lang", "dir"))


def normalise(root: Element) -> None:
    """Unwrap elements without meaning, and leave only text and links inside code."""
    for element in elements(root):
        if name := _RENAMED.get(str(element.tag)):  # lxml takes no name that is none, not even one it has read
            element.tag = name
    for element in elements(root):
        if element is root or is_marked(element):
            continue
        if element.tag in _ONLY_DRAWN:
            _unwrap(element)
    for code in [code for code in root.iter(*CODE) if not is_marked(code)]:
        _plain(code)
    for element in reversed(elements(root)):
        if element.tag in _EMPTY and not _says_anything(element):
            _remove_empty(element)


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
