"""Lines as Typst code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.epub.url import written
from sitebookify.book.write.typst.sheet import DEEPEST, Sheet
from sitebookify.book.write.typst.typst_math import formula
from sitebookify.book.write.typst.typst_syntax import call, group, string, words

_LINK_COST = 3
_LONGEST_URL = 4000
"""Bytes; typst gives up on addresses of some 8,000."""
_WIDEST_SMALL = 60
"""Points: wider images stand between lines, not in them."""
_POINTS_A_PIXEL = 0.6

_FUNCTIONS: dict[type, str] = {
    n.Code: "code-in-line",
    n.Emph: "emph",
    n.Quoted: "quote",
    n.Strikeout: "strike",
    n.Strong: "strong",
    n.Subscript: "sub",
    n.Superscript: "super",
    n.Underline: "underline",
}
_SPANS = {
    "dfn": "emph",
    "ins": "underline",
    "kbd": "code-in-line",
    "mark": "highlight",
    "small": "small",
    "var": "emph",
}


class TypstLines(Sheet):
    """Writes what stands in a line; ``depth`` is what the functions around it cost."""

    def inlines(self, content: Iterable[n.Inline], depth: int) -> list[str]:
        """The line, piece by piece; ``depth`` is what the functions around it cost."""
        pieces = []
        for inline in content:
            if isinstance(inline, str):
                pieces.append(words(inline))
            else:
                pieces.append(self._methods[type(inline)](self, inline, depth))
        return pieces

    def line(self, content: Iterable[n.Inline], depth: int) -> str:
        """The line as one piece of code."""
        return group(self.inlines(content, depth))

    def _styled(self, node: Any, depth: int) -> str:
        return self._wrapped(_FUNCTIONS[type(node)], node.content, depth)

    def _wrapped(self, function: str, content: Iterable[n.Inline], depth: int) -> str:
        if depth >= DEEPEST:
            return self.line(content, depth)
        return call(function, self.line(content, depth + 1))

    def _span(self, node: n.Span, depth: int) -> str:
        function = _SPANS.get(node.kind)
        if function is not None:
            return self.opened(node.attr, self._wrapped(function, node.content, depth))
        return group([*self.opening(node.attr), *self.inlines(node.content, depth)])

    def _link(self, node: n.Link, depth: int) -> str:
        if depth + _LINK_COST > DEEPEST:
            return self.opened(node.attr, self.line(node.content, depth))
        body = self.line(node.content, depth + _LINK_COST)
        target = self.order.links.get(node.target)
        linked = outward(node.target, body) if target is None else self.link_to(target.place, body)
        return self.opened(node.attr, linked)

    def _image(self, node: n.Image, _depth: int) -> str:
        name = self.order.images.get(node.source)
        if name is None:
            return self.opened(node.attr, words(node.alt))
        self.images[name] = None
        points = (node.width or self.order.widths.get(name, 0)) * _POINTS_A_PIXEL
        path = string(f"images/{name}")
        if 0 < points <= _WIDEST_SMALL:
            return self.opened(node.attr, call("small-image", path, f"{points:.1f}pt"))
        return self.opened(node.attr, call("large-image", path, f"{points:.1f}pt" if points else "10cm"))

    def _math(self, node: n.Math, _depth: int) -> str:
        tree = self.context.formulas.get((node.tex, node.display)) or node.mathml
        if tree is not None:
            return self.opened(node.attr, formula(tree, display=node.display))
        start, end = ("\\[", "\\]") if node.display else ("\\(", "\\)")
        return self.opened(node.attr, words(f"{start}{node.tex}{end}"))

    def _note(self, node: n.Note, depth: int) -> str:
        number = self.numbers.get(node.name)
        if number is None:
            return ""
        pieces = [self.label(self.call_place(number)), *self.opening(node.attr)]
        sign = string(str(number))
        if depth + 1 + _LINK_COST <= DEEPEST:
            sign = call("super", self.link_to(self.own_place(node.name), sign))
        return group([*pieces, sign])

    def _ruby(self, node: n.Ruby, _depth: int) -> str:
        pieces = [f"{text}({reading})" if reading else text for text, reading in node.segments]
        return string("".join(pieces))

    def _line_break(self, _node: n.LineBreak, _depth: int) -> str:
        return "linebreak()"


def outward(target: str, body: str) -> str:
    """A link out of the book, or only its body where the URL is none that typst takes."""
    url = written(target)
    return call("link", string(url), body) if url and len(url) <= _LONGEST_URL else body
