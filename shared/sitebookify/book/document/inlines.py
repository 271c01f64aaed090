"""The inlines of a document: what stands in a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, cast, get_args
from urllib.parse import quote

from sitebookify.book.document import nodes as n
from sitebookify.book.document.context import BLOCKS, DEEPEST, PageState, bare_text, integer, on_one_line
from sitebookify.book.document.line import LineBuilder
from sitebookify.book.document.mathml import presentation, tex_of
from sitebookify.book.tree import Element, classes_of, text_of, without_controls

_NOT_IN_URLS = re.compile(r"[^!-~]+")
"""What a URL holds percent-encoded, as browsers hand it on (https://url.spec.whatwg.org/)."""
_WIDEST = 10_000
"""Pixels: what claims to be wider names no size."""
_Make = Callable[[n.Inlines], Any]
_MARKS: dict[str, _Make] = {
    "em": n.Emph,
    "i": n.Emph,
    "cite": n.Emph,
    "strong": n.Strong,
    "b": n.Strong,
    "u": n.Underline,
    "s": n.Strikeout,
    "del": n.Strikeout,
    "sup": n.Superscript,
    "sub": n.Subscript,
    "q": n.Quoted,
}
_CODES: dict[str, _Make] = {"code": n.Code, "samp": partial(n.Code, sample=True)}
_SPAN_KINDS = frozenset(get_args(n.SpanKind)) - {""}
_DROPPED = frozenset(("script", "style", "template", "noscript", "annotation", "annotation-xml"))


class InlineBuilder:
    """Builds the inlines of a page."""

    def __init__(self, page: PageState) -> None:
        self._page = page

    def line(self, node: Element, depth: int) -> n.Inlines:
        """What the element holds as a line, whatever it is."""
        line = LineBuilder()
        self._fill(node, line, depth)
        return line.content()

    def put(self, node: Element, line: LineBuilder, depth: int) -> None:
        """Put one element into a line, without its tail."""
        if depth > DEEPEST:
            line.text(bare_text(node))
            return
        with self._page.inside(node):
            self._put(node, line, depth)

    def _fill(self, node: Element, line: LineBuilder, depth: int) -> None:
        line.text(node.text)
        for child in node:
            if child.tag in BLOCKS:
                line.text(" ")
                self.put(child, line, depth + 1)
                line.text(" ")
            else:
                self.put(child, line, depth + 1)
            line.text(child.tail)

    def _put(self, node: Element, line: LineBuilder, depth: int) -> None:
        tag = str(node.tag)
        if tag in _DROPPED:
            return
        if tag == "br":
            line.end_line()
        elif tag == "img":
            line.add(self._image(node))
        elif tag == "a":
            self._link(node, line, depth)
        elif line.in_code:
            self._fill(node, line, depth)
        elif tag == "math" or "math" in classes_of(node):
            self._math(node, line)
        elif tag in _CODES:
            self._mark(node, line, depth, _CODES[tag], in_code=True)
        elif tag == "ruby" and node.find("rt") is not None:
            line.add(n.Ruby(_readings(node)))
        elif tag in _MARKS:
            self._mark(node, line, depth, _MARKS[tag])
        else:
            self._span(node, line, depth)

    def _content(
        self, node: Element, line: LineBuilder, depth: int, *, in_link: bool = False, in_code: bool = False
    ) -> n.Inlines:
        """What an element of the line holds."""
        inner = line.nested(in_link=in_link, in_code=in_code)
        self._fill(node, inner, depth)
        return inner.unwrapped()

    def _mark(self, node: Element, line: LineBuilder, depth: int, make: _Make, *, in_code: bool = False) -> None:
        attr = self._page.attr(node)
        content = self._content(node, line, depth, in_code=in_code)
        if attr:
            line.add(n.Span((make(content),) if content else (), attr=attr))
        elif content:
            line.add(make(content))

    def _span(self, node: Element, line: LineBuilder, depth: int) -> None:
        attr = self._page.attr(node)
        kind = str(node.tag) if node.tag in _SPAN_KINDS else ""
        title = on_one_line(node.get("title") or "") if kind == "abbr" else ""
        if kind == "abbr" and title in ("", bare_text(node)):
            kind = title = ""
        if not kind and not attr:
            self._fill(node, line, depth)
            return
        content = self._content(node, line, depth)
        if content or attr:
            line.add(n.Span(content, cast("n.SpanKind", kind), title, attr))

    def _link(self, node: Element, line: LineBuilder, depth: int) -> None:
        target = target_of(node)
        role = node.get("role")
        if role == "doc-noteref" and self._page.leads_to_note(target):
            name = target.partition("#")[2]
            self._page.called.setdefault(name)
            line.add(n.Note(name, self._page.attr(node)))
            return
        if role == "doc-backlink" and any(map(self._page.is_note, node.iterancestors("li"))):
            return
        if not target or line.in_link or self._page.leads_here(node, target):
            self._span(node, line, depth)
            return
        attr = self._page.attr(node)
        content = self._content(node, line, depth, in_link=True)
        if content:
            line.add(n.Link(content, target, on_one_line(node.get("title") or ""), attr))
        elif attr:
            line.add(n.Span((), attr=attr))

    def _image(self, node: Element) -> n.Image:
        source = without_controls(node.get("src") or "")
        return n.Image(
            source=source if source.startswith(("http://", "https://")) else "",
            alt=on_one_line(node.get("alt") or ""),
            title=on_one_line(node.get("title") or ""),
            width=_pixels(node.get("width")),
            height=_pixels(node.get("height")),
            attr=self._page.attr(node),
        )

    def _math(self, node: Element, line: LineBuilder) -> None:
        attr = self._page.attr(node)
        tex, display = tex_of(node)
        tree = presentation(node) if node.tag == "math" else None
        if tex or tree:
            line.add(n.Math(tex, display, tree, attr))
        else:
            line.text(bare_text(node))


def target_of(node: Element) -> str:
    """Where a link leads, or "" where that is nowhere a book's reader could go."""
    target = (node.get("href") or "").strip()
    return _NOT_IN_URLS.sub(_quoted, target) if target.lower().startswith(n.SCHEMES) else ""


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], errors="replace")


def _readings(ruby: Element) -> tuple[tuple[str, str], ...]:
    """The ruby's texts, each with its reading."""
    pieces: list[tuple[str, str]] = []
    text = ruby.text or ""
    for inner in ruby:
        if inner.tag == "rt":
            reading = text_of(inner)
            pieces.append((text, reading) if text.strip() else (reading, ""))  # a reading of nothing is text
            text = ""
        elif inner.tag != "rp":
            text += text_of(inner)
        text += inner.tail or ""
    if text.strip():
        pieces.append((text, ""))
    return tuple((on_one_line(base), on_one_line(reading)) for base, reading in pieces)


def _pixels(value: str | None) -> int:
    pixels = integer((value or "").strip().removesuffix("px")) or 0
    return pixels if 0 < pixels < _WIDEST else 0
