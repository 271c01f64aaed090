"""Lines as Typst code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.epub.url import written
from sitebookify.book.write.typst.sheet import DEEPEST, Sheet
from sitebookify.book.write.typst.typst_math import formula
from sitebookify.book.write.typst.typst_syntax import breakable, call, group, string

_LINK_COST = 3
_LONGEST_URL = 4000
"""Bytes; typst gives up on addresses of some 8,000."""
_WIDEST_SMALL = 60
"""Points: wider images stand between lines, not in them."""
_POINTS_A_PIXEL = 0.6

_Writer = Callable[[Sheet, Any, int], str]


def inlines(sheet: Sheet, content: Iterable[n.Inline], depth: int) -> list[str]:
    """The line, piece by piece; ``depth`` is what the functions around it cost."""
    pieces = []
    for inline in content:
        if isinstance(inline, str):
            pieces.append(string(breakable(inline)))
        else:
            pieces.append(_WRITERS[type(inline)](sheet, inline, depth))
    return pieces


def line(sheet: Sheet, content: Iterable[n.Inline], depth: int) -> str:
    """The line as one piece of code."""
    return group(inlines(sheet, content, depth))


def _in_function(name: str) -> _Writer:
    """Writes nodes whose content a function makes look different."""

    def write(sheet: Sheet, node: Any, depth: int) -> str:
        return _wrapped(sheet, name, node.content, depth)

    return write


def _wrapped(sheet: Sheet, function: str, content: Iterable[n.Inline], depth: int) -> str:
    if depth >= DEEPEST:
        return line(sheet, content, depth)
    return call(function, line(sheet, content, depth + 1))


def _span(sheet: Sheet, node: n.Span, depth: int) -> str:
    function = _SPANS.get(node.kind)
    if function is not None:
        return sheet.opened(node.attr, _wrapped(sheet, function, node.content, depth))
    return group([*sheet.opening(node.attr), *inlines(sheet, node.content, depth)])


def _link(sheet: Sheet, node: n.Link, depth: int) -> str:
    if depth + _LINK_COST > DEEPEST:
        return sheet.opened(node.attr, line(sheet, node.content, depth))
    body = line(sheet, node.content, depth + _LINK_COST)
    target = sheet.order.links.get(node.target)
    linked = outward(node.target, body) if target is None else sheet.link(target.place, body)
    return sheet.opened(node.attr, linked)


def outward(target: str, body: str) -> str:
    """A link out of the book, or only its body where the URL is none that typst takes."""
    url = written(target)
    return call("link", string(url), body) if url and len(url) <= _LONGEST_URL else body


def _image(sheet: Sheet, node: n.Image, _depth: int) -> str:
    name = sheet.order.images.get(node.source)
    if name is None:
        return sheet.opened(node.attr, string(breakable(node.alt)))
    sheet.images[name] = None
    points = (node.width or sheet.order.widths.get(name, 0)) * _POINTS_A_PIXEL
    path = string(f"images/{name}")
    if 0 < points <= _WIDEST_SMALL:
        return sheet.opened(node.attr, call("small-image", path, f"{points:.1f}pt"))
    return sheet.opened(node.attr, call("large-image", path, f"{points:.1f}pt" if points else "10cm"))


def _math(sheet: Sheet, node: n.Math, _depth: int) -> str:
    tree = sheet.context.formulas.get((node.tex, node.display)) or node.mathml
    if tree is not None:
        return sheet.opened(node.attr, formula(tree, display=node.display))
    start, end = ("\\[", "\\]") if node.display else ("\\(", "\\)")
    return sheet.opened(node.attr, string(breakable(f"{start}{node.tex}{end}")))


def _note(sheet: Sheet, node: n.Note, depth: int) -> str:
    number = sheet.numbers.get(node.name)
    if number is None:
        return ""
    pieces = [sheet.label(sheet.call_place(number)), *sheet.opening(node.attr)]
    sign = string(str(number))
    if depth + 1 + _LINK_COST <= DEEPEST:
        sign = call("super", sheet.link(sheet.own_place(node.name), sign))
    return group([*pieces, sign])


def _ruby(_sheet: Sheet, node: n.Ruby, _depth: int) -> str:
    pieces = [f"{text}({reading})" if reading else text for text, reading in node.segments]
    return string("".join(pieces))


def _line_break(_sheet: Sheet, _node: n.LineBreak, _depth: int) -> str:
    return "linebreak()"


_SPANS: Mapping[n.SpanKind, str] = {
    "dfn": "emph",
    "ins": "underline",
    "kbd": "code-in-line",
    "mark": "highlight",
    "small": "small",
    "var": "emph",
}
_WRITERS: Mapping[type, _Writer] = {
    n.Code: _in_function("code-in-line"),
    n.Emph: _in_function("emph"),
    n.Image: _image,
    n.LineBreak: _line_break,
    n.Link: _link,
    n.Math: _math,
    n.Note: _note,
    n.Quoted: _in_function("quote"),
    n.Ruby: _ruby,
    n.Span: _span,
    n.Strikeout: _in_function("strike"),
    n.Strong: _in_function("strong"),
    n.Subscript: _in_function("sub"),
    n.Superscript: _in_function("super"),
    n.Underline: _in_function("underline"),
}
