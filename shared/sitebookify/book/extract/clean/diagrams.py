"""Diagrams that a script draws from their source: the source as code, or the drawing where it stands in the page."""

from __future__ import annotations

import re

from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.tree import Element, drop, holds, is_blank, lower_classes_of, make, replace, text_of

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
        kind = _SCRIPT.fullmatch(script.get("type", "").strip())
        language = kind[1].lower() if kind else ""
        if language in _LANGUAGES and not is_blank(script.text):
            replace(script, _block_of(script.text or "", language))
    for box in [*root.iter(*_BOXES)]:
        language = next((name for name in lower_classes_of(box) if name in _LANGUAGES), "")
        if not language or box is root:
            continue
        if holds(box, *_DRAWN):
            _drop_sources(box)
        elif box.tag != "pre" and _is_source(box):
            replace(box, _block_of(text_of(box), language))


def _drop_sources(drawing: Element) -> None:
    """Drop the source beside what is drawn of it, where a reader of the page does not see it either."""
    if drawing.tag == "pre":
        drawing.tag = "div"
    is_drawn_here = holds(drawing, "svg")
    for source in [*drawing.iter("pre", "code")]:
        if is_drawn_here or is_hidden(source):
            drop(source)


def _is_source(box: Element) -> bool:
    """True for text with the signs of such a language."""
    is_text = all(child.tag in ("br", "code") for child in box)
    return is_text and _SOURCE.search(text_of(box).strip()) is not None


def _block_of(text: str, language: str) -> Element:
    block, code = make("pre"), make("code", text.strip("\n"))
    code.set("class", f"language-{language}")
    block.append(code)
    return block
