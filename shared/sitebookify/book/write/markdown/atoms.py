"""A line as a flat list of atoms: words, code, spaces and finished Markdown, each with what is around it.

In that form neighbours in the same emphasis merge and spaces leave it without a tree being rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from html import escape as escape_html
from typing import Any, Literal, NamedTuple

from sitebookify.book.document import nodes as n
from sitebookify.book.document.tex import to_tex
from sitebookify.book.document.visitor import Visitor
from sitebookify.book.write.markdown.escapes import escape, escape_title, escape_url
from sitebookify.book.write.markdown.places import Places
from sitebookify.book.write.quotation import quotation_marks

_SPACES = re.compile("[ \t\n\r\f]{2,}|[\t\n\r\f]")
"""What becomes a space: documents hold little of it, and a single space is one already."""
_STYLES = {
    n.Emph: ("em", "*"),
    n.Strikeout: ("del", "~~"),
    n.Strong: ("strong", "**"),
    n.Subscript: ("sub", ""),
    n.Superscript: ("sup", ""),
    n.Underline: ("u", ""),
}
"""By node: the element of HTML, and the sign of Markdown where it has one."""
_SPANS_AS_HTML = frozenset({"ins", "kbd", "mark"})
_SPANS_AS_EMPHASIS = frozenset({"dfn", "var"})


@dataclass(frozen=True, slots=True, eq=False)
class Wrap:
    """What a part of a line stands in: emphasis (``sign``), a link (``target``) or HTML (``opening``)."""

    tag: str
    sign: str = ""
    opening: str = ""
    target: str = ""
    title: str = ""


Around = tuple[Wrap, ...]


class Atom(NamedTuple):
    """A piece of a line; ``around`` goes from the outside in. Only text and code are yet to be escaped."""

    kind: Literal["text", "code", "raw", "gap", "break"]
    text: str
    around: Around = ()


class Setting(Enum):
    """Where a line stands: the value is what ends a line inside it."""

    BLOCK = "\\\n"
    HEADING = " "
    CELL = "<br />"
    """Between pipes, which a bar would end."""
    HTML = "<br>"
    """Inside an element of HTML, where Markdown is not read."""


class Atomizer(Visitor):
    """Makes a line's atoms of its nodes.

    Args:
        places: where links and pictures lead.
        call: gives the mark of a note by its name, "" where there is no such note.
        setting: where the line stands.
    """

    def __init__(self, places: Places, call: Callable[[str], str], setting: Setting) -> None:
        self._places = places
        self._call = call
        self._setting = setting
        self._bar = "\\|" if setting is Setting.CELL else "|"
        self._atoms: list[Atom] = []
        self._depth = 0  # of quotations

    def atoms(self, content: n.Inlines, lead: str = "") -> list[Atom]:
        """The atoms; ``lead`` is HTML that stands before them."""
        self._atoms = []
        self._raw(lead, ())
        self._visit(content, ())
        return self._atoms

    def _visit(self, content: n.Inlines, around: Around) -> None:
        for node in content:
            if isinstance(node, str):
                self._words("text", node, around)
            else:
                self._methods[type(node)](self, node, around)

    def _add(self, kind: Any, text: str, around: Around) -> None:
        self._atoms.append(Atom(kind, text, around))

    def _raw(self, text: str, around: Around) -> None:
        if text:
            self._add("raw", text.replace("|", self._bar), around)

    def _anchor(self, attr: n.Attr | None, around: Around) -> None:
        self._raw(self._places.anchor_of(attr), around)

    def _words(self, kind: str, text: str, around: Around) -> None:
        """Words with the spaces at their ends as atoms of their own."""
        if not text.isprintable() or "  " in text:  # what can be printed holds no other white space
            text = _SPACES.sub(" ", text)
        words = text.strip(" ")
        if text[:1] == " ":
            self._add("gap", " ", around)
        if words:
            self._add(kind, words, around)
            if text[-1] == " ":
                self._add("gap", " ", around)

    def _styled(self, node: Any, around: Around) -> None:
        tag, sign = _STYLES[type(node)]
        if not sign:
            around = (*around, _html_wrap(tag))
        elif all(wrap.tag != tag for wrap in around):
            around = (*around, Wrap(tag, sign=sign))
        self._visit(node.content, around)

    def _quoted(self, node: n.Quoted, around: Around) -> None:
        opening, closing = quotation_marks(self._places.language, self._depth)
        self._depth += 1
        self._visit((opening, *node.content, closing), around)
        self._depth -= 1

    def _span(self, node: n.Span, around: Around) -> None:
        self._anchor(node.attr, around)
        if node.kind in _SPANS_AS_EMPHASIS:
            self._styled(n.Emph(node.content), around)
            return
        wrap = _wrap_of(node)
        self._visit(node.content, (*around, wrap) if wrap else around)

    def _code(self, node: n.Code, around: Around) -> None:
        """Its links go around their part of it: Markdown's code holds nothing but text."""
        if len(node.content) == 1 and node.content[0] == " ":
            self._add("code", " ", around)
        else:
            self._verbatim(node.content, around)

    def _verbatim(self, content: n.Inlines, around: Around) -> None:
        for node in content:
            if isinstance(node, str):
                self._words("code", node.replace("|", self._bar), around)
            elif isinstance(node, n.Link):
                self._anchor(node.attr, around)
                self._verbatim(node.content, self._linked(node, around))
            else:
                self._visit((node,), around)

    def _link(self, node: n.Link, around: Around) -> None:
        self._anchor(node.attr, around)
        self._visit(node.content, self._linked(node, around))

    def _linked(self, node: n.Link, around: Around) -> Around:
        target = self._places.links.get(node.target)
        if not target and node.target.lower().startswith(n.SCHEMES):
            target = node.target
        if not target or any(wrap.tag == "a" for wrap in around):
            return around
        return (*around, Wrap("a", target=escape_url(target), title=node.title))

    def _image(self, node: n.Image, around: Around) -> None:
        self._anchor(node.attr, around)
        images = self._places.images
        source = node.source if images is None else images.get(node.source)
        if not source:
            self._words("text", node.alt, around)
            return
        alt = _SPACES.sub(" ", node.alt).strip(" ")
        if self._setting is Setting.HTML:
            self._raw(opening_tag("img", src=source, alt=alt, title=node.title), around)
            return
        label = "" if alt in (source, node.source) else escape(alt)
        self._add("raw", f"![{label}]({escape_url(source)}{escape_title(node.title)})", around)

    def _math(self, node: n.Math, around: Around) -> None:
        self._anchor(node.attr, around)
        tex = " ".join(node.tex.split())
        if not tex and node.mathml:
            tex = to_tex(node.mathml)
        if tex:
            self._raw(f"$${tex}$$" if node.display else f"${tex}$", around)

    def _note(self, node: n.Note, around: Around) -> None:
        self._anchor(node.attr, around)
        no_link = tuple(wrap for wrap in around if wrap.tag != "a")  # a call is one, and links do not nest
        self._raw(self._call(node.name), no_link)

    def _line_break(self, _: n.LineBreak, around: Around) -> None:
        kind = "gap" if self._setting is Setting.HEADING else "break"
        self._add(kind, self._setting.value, around)

    def _ruby(self, node: n.Ruby, around: Around) -> None:
        parts = []
        for text, reading in node.segments:
            parts.append(self._escaped(text))
            if reading:
                parts.append(f"<rp>(</rp><rt>{self._escaped(reading)}</rt><rp>)</rp>")
        if any(parts):
            self._add("raw", f"<ruby>{''.join(parts)}</ruby>", around)

    def _escaped(self, text: str) -> str:
        text = _SPACES.sub(" ", text)
        return escape_html(text, quote=False) if self._setting is Setting.HTML else escape(text)


def opening_tag(tag: str, **attributes: str) -> str:
    """The element's start tag, which may stand between pipes too, without attributes that are ""."""
    pieces = [tag]
    for name, value in attributes.items():
        if value:
            pieces.append(f'{name}="{escape_html(" ".join(value.split()))}"')
    return f"<{' '.join(pieces)}>".replace("|", "&#124;")


def _html_wrap(tag: str, **attributes: str) -> Wrap:
    return Wrap(tag, opening=opening_tag(tag, **attributes))


def _wrap_of(node: n.Span) -> Wrap | None:
    """The element of HTML that the span becomes; None where it is only its content."""
    if node.kind in _SPANS_AS_HTML:
        return _html_wrap(node.kind)
    if node.kind == "abbr" and node.title:
        return _html_wrap("abbr", title=node.title)
    if node.kind == "bdo" and node.attr and node.attr.dir:
        return _html_wrap("bdo", dir=node.attr.dir)
    return None
