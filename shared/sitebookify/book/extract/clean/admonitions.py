"""Notes, tips and warnings in one form, whatever generator drew them."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.marks import is_marked, mark
from sitebookify.book.html.vocabulary import CELLS, HEADINGS
from sitebookify.book.tree import Element, detach, drop, elements, make, text_of, unwrap, words_of

_KINDS = {
    **dict.fromkeys(
        ("note", "info", "notice", "remark", "seealso", "abstract", "question", "secondary", "primary"), "note"
    ),
    **dict.fromkeys(("tip", "hint", "success"), "tip"),
    **dict.fromkeys(("important", "attention"), "important"),
    **dict.fromkeys(("warning", "warn"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "bug", "failure"), "caution"),
}
_PLAIN_KINDS = frozenset(("note", "tip", "hint", "important", "warning", "caution", "attention", "danger"))
"""Kinds that a class names without a word for the box."""
_BOX_WORDS = frozenset(("admonition", "admonitionblock", "callout", "alert", "message", "notification", "infobox"))
_PREFIXED = re.compile(r"(?:admonition|callout|alert|message|hint|markdown-alert|notification)(?:--?|_)([a-z]+)")
_BOXES = ("div", "aside", "section", "blockquote", "table", "p", "dl")
"""Elements that generators draw admonitions with."""
_NAMING = (*HEADINGS, "dt", "summary", "th")
"""Elements that are a title wherever they stand first."""
_TITLES = (*_NAMING, "p", "div", "span", "strong", "b", "header")
"""And those that are one by their class."""
_TITLE_WORD = re.compile(r".*(?:title|heading|label|header|caption).*")


def normalise(root: Element) -> None:
    """Give every admonition under ``root`` its one form."""
    for box in [*root.iter(*_BOXES)]:
        kind = _kind(box)
        if kind and box is not root and box.getparent() is not None and not is_marked(box):
            _normalise(box, kind)


def _kind(box: Element) -> str:
    """The kind of admonition the box's classes name, or ""."""
    names = [name.lower() for name in (box.get("class") or "").split()]
    boxed = bool(_BOX_WORDS & set(names)) or (box.get("role") or "") in ("note", "alert")
    for name in names:
        match = _PREFIXED.fullmatch(name)
        word = match[1] if match else name
        if word in _KINDS and (match or boxed or word in _PLAIN_KINDS):
            return _KINDS[word]
    return "note" if _BOX_WORDS - {"message", "notification"} & set(names) else ""


def _normalise(box: Element, kind: str) -> None:
    if box.find(".//h1") is None and next(box.iterancestors("pre", "a"), None) is None:
        lay_out(box, kind)


def lay_out(box: Element, kind: str, title: Element | None = None) -> None:
    """Give the box the form of an admonition; ``title`` is in it, and looked for where it is None."""
    if box.tag == "dl":
        _without_definitions(box)
    if box.tag in ("p", "table"):
        box = _wrapped(box)
    _without_table(box)
    if title is None:
        title = _title(box)
    if title is not None:
        _as_title(title, box)
    box.tag = "div"
    box.set("role", "note")
    mark(box, "admonition", kind)


def _without_definitions(box: Element) -> None:
    """A list of terms that only sets the title above the content (Doxygen) is none."""
    for definition in box.iterchildren("dd"):
        definition.tag = "div"
    box.tag = "div"


def _wrapped(content: Element) -> Element:
    box = make("div")
    content.addprevious(box)
    content.attrib.pop("class", "")  # else it is a box again
    box.tail, content.tail = content.tail, None
    box.append(content)
    return box


def _without_table(box: Element) -> None:
    """A table that only sets the content beside an icon is no table."""
    tables = [child for child in box if child.tag == "table"]
    if len(tables) != 1 or words_of(tables[0]) != words_of(box):
        return
    table = tables[0]
    cells = [cell for cell in table.iter(*CELLS) if next(cell.iterancestors("table"), None) is table]
    if len(cells) > 4 or not cells:
        return
    for picture in [picture for cell in cells[:1] for picture in cell.iter("img")]:
        drop(picture)
    for cell in cells:
        if not words_of(cell) and cell.find(".//img") is None:
            drop(cell)
        elif cell.tag == "th" or (len(words_of(cell).split()) <= 2 and cell is cells[0]):
            cell.tag = "div"
            cell.set("class", "title")
        else:
            cell.tag = "div"
    for part in [part for part in elements(table) if part.tag in ("tr", "tbody", "thead", "tfoot", "colgroup", "col")]:
        unwrap(part)
    unwrap(table)


def _title(box: Element) -> Element | None:
    """The first thing in the box, where it is called or looks like a title."""
    first = box
    while not (first.text or "").strip() and len(first):
        first = first[0]
        if first.tag in _TITLES and _is_title(first):
            return first
    return None


def _is_title(element: Element) -> bool:
    if element.tag in _NAMING:
        return True
    named = any(_TITLE_WORD.fullmatch(name.lower()) for name in (element.get("class") or "").split())
    return named and len(words_of(element).split()) <= 30


def _as_title(title: Element, box: Element) -> None:
    """Put the title first in the box, as a paragraph."""
    if not words_of(title):
        drop(title)
        return
    for inner in elements(title)[1:]:
        if inner.tag in ("div", "p"):
            unwrap(inner)
    parent = title.getparent()
    detach(title)
    title.tag = "p"
    title.attrib.pop("id", "")
    mark(title, "admonition-title")
    title.tail, box.text = box.text, None
    box.insert(0, title)
    if parent is not None and parent is not box and not text_of(parent).strip() and parent.find(".//img") is None:
        drop(parent)
