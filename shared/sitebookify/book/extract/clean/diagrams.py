"""Diagrams that a script draws from their source: the source as code, or the drawing where it stands in the page."""

from __future__ import annotations

import re

from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.tree import Element, drop, lower_classes_of, make, replace, text_of, words_of

_LANGUAGES = frozenset(
    ("d2", "ditaa", "graphviz", "mermaid", "nomnoml", "pikchr", "plantuml", "svgbob", "vega-lite", "wavedrom")
)
"""Languages whose names are classes of boxes with a source; all of them are drawn in the browser or before."""
_SCRIPT = re.compile(r"(?:(?:text|application)/)?(?:vnd\.|x-)?([a-z0-9-]+)", re.IGNORECASE)
_BOXES = ("div", "p", "pre", "figure", "span")
_DRAWN = ("svg", "img", "object")
_SOURCE = re.compile(r"\n|->|--|=>|[{}\[\]@]")
"""What a source has, and a box that is merely called after a diagram has not."""


def normalise(root: Element) -> None:
    """Give every source its ``pre``, and leave what is drawn without its source."""
    for script in [*root.iter("script")]:
        kind = _SCRIPT.fullmatch((script.get("type") or "").strip())
        if kind and kind[1].lower() in _LANGUAGES and (script.text or "").strip():
            replace(script, _code(script.text or "", kind[1].lower()))
    for box in [*root.iter(*_BOXES)]:
        language = _language(box)
        if language and box is not root and box.getparent() is not None:
            _normalise(box, language)


def _language(box: Element) -> str:
    names = lower_classes_of(box)
    return next((name for name in names if name in _LANGUAGES), "")


def _normalise(box: Element, language: str) -> None:
    if next(box.iter(*_DRAWN), None) is not None:
        if box.tag == "pre":
            box.tag = "div"
        for source in [*box.iter("pre", "code")]:
            if is_hidden(source) or box.find(".//svg") is not None:
                drop(source)
        return
    plain = all(child.tag in ("br", "code") for child in box)
    if box.tag == "pre" or not plain or not _SOURCE.search(text_of(box).strip()) or not words_of(box):
        return
    replace(box, _code(text_of(box), language))


def _code(text: str, language: str) -> Element:
    block, code = make("pre"), make("code", text.strip("\n"))
    code.set("class", f"language-{language}")
    block.append(code)
    return block
