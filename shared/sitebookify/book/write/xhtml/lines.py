"""What stands in a line, as XHTML or HTML, and the places that links lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.document.visitor import Visitor
from sitebookify.book.epub.url import written
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.render.parts import Part
from sitebookify.book.write.formulas import mathml
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml.dialect import Dialect

_MATHML = "http://www.w3.org/1998/Math/MathML"
_EDITIONS = frozenset(("original", "translation"))
"""Kinds of spans: the two languages of a line in a bilingual book."""
_TAGS: Mapping[type, str] = {
    n.Emph: "em",
    n.Quoted: "q",
    n.Strikeout: "del",
    n.Strong: "strong",
    n.Subscript: "sub",
    n.Superscript: "sup",
    n.Underline: "u",
}


class LineWriter(Visitor):
    """Writes the lines of one page, part after part.

    Args:
        context: the page, where its links lead, and which ids to keep.
        notes: for each note its number, and where it stands.

    ``has_math`` is True once a formula was written as MathML.
    """

    def __init__(self, context: PageContext, dialect: Dialect, notes: Mapping[str, tuple[int, Target]]) -> None:
        order = context.order
        self.has_math = False
        self._context = context
        self._order = order
        self._dialect = dialect
        self._notes = notes
        self._calls: dict[str, Target] = {}
        self._part = 0
        self._anchors = {name: anchor_name(name) for name in order.ids}
        self._reserved = {*self._anchors.values(), *(place.anchor for _, place in notes.values())}
        self._taken: set[str] = set()
        self._tried: dict[str, int] = {}
        self._break = "<br/>" if dialect.xml else "<br>"

    def line(self, content: n.Inlines) -> str:
        """The nodes of a line."""
        pieces = []
        for node in content:
            if isinstance(node, str):
                pieces.append(escape(node, quote=False))
            else:
                pieces.append(self._methods[type(node)](self, node))
        return "".join(pieces)

    # --- Attributes

    def _attributes(self, attr: n.Attr | None) -> str:
        if attr is None:
            return ""
        anchor = self._claimed(self._anchors.get(attr.id, ""))
        return self._id(anchor) + self._speech(attr)

    def _speech(self, attr: n.Attr | None) -> str:
        """Language and direction."""
        if attr is None:
            return ""
        direction = f' dir="{attr.dir}"' if attr.dir else ""
        return self._language(attr.lang) + direction

    def _code_direction(self, attr: n.Attr | None) -> str:
        """Code runs from left to right in any text, unless it says otherwise."""
        return ' dir="ltr"' if self._context.document.direction == "rtl" and not (attr and attr.dir) else ""

    def _language(self, tag: str) -> str:
        if not tag:
            return ""
        return f' lang="{tag}" xml:lang="{tag}"' if self._dialect.xml else f' lang="{tag}"'

    def _type(self, name: str) -> str:
        """What the element is to reading systems."""
        return f' epub:type="{name}"' if self._dialect.xml else ""

    def _claimed(self, anchor: str) -> str:
        """The anchor, or "" where an element of the page has it already."""
        if anchor in self._taken:
            return ""
        if anchor:
            self._taken.add(anchor)
        return anchor

    def _free_anchor(self, stem: str) -> str:
        """An anchor that nothing on the page has."""
        number = self._tried.get(stem, 1)  # those below are taken, and stay so
        while f"{stem}-{number}" in self._taken or f"{stem}-{number}" in self._reserved:
            number += 1
        self._tried[stem] = number
        return f"{stem}-{number}"

    def _id(self, anchor: str) -> str:
        return f' id="{self._dialect.place_id(self._order.slug, anchor)}"' if anchor else ""

    # --- Nodes

    def _styled(self, node: Any) -> str:
        tag = _TAGS[type(node)]
        return f"<{tag}>{self.line(node.content)}</{tag}>"

    def _code(self, node: n.Code) -> str:
        tag = "samp" if node.sample else "code"
        return f"<{tag}{self._code_direction(None)}>{self.line(node.content)}</{tag}>"

    def _span(self, node: n.Span) -> str:
        attributes = self._attributes(node.attr)
        if node.kind == "bdo" and not (node.attr and node.attr.dir):
            attributes += ' dir="ltr"'  # it means nothing without one
        if node.title:
            attributes += f' title="{escape(node.title)}"'
        content = self.line(node.content)
        if not node.kind and not attributes:
            return content
        if node.kind in _EDITIONS:
            return f'<span class="{node.kind}"{attributes}>{content}</span>'
        tag = node.kind or "span"
        return f"<{tag}{attributes}>{content}</{tag}>"

    def _link(self, node: n.Link) -> str:
        attributes = self._attributes(node.attr)
        content = self.line(node.content)
        target = self._order.links.get(node.target)
        href = self._dialect.href(target) if target else written(node.target)
        if not href:
            return f"<span{attributes}>{content}</span>" if attributes else content
        title = f' title="{escape(node.title)}"' if node.title else ""
        return f'<a href="{escape(href)}"{title}{attributes}>{content}</a>'

    def _image(self, node: n.Image) -> str:
        attributes = self._attributes(node.attr)
        name = self._order.images.get(node.source)
        if name:
            return self._dialect.image(node, name, attributes)
        text = escape(node.alt, quote=False)
        return f"<span{attributes}>{text}</span>" if attributes else text

    def _math(self, node: n.Math) -> str:
        attributes = self._attributes(node.attr)
        tree = self._context.formulas.get((node.tex, node.display)) or node.mathml
        if tree is None:
            tex = f"\\[{node.tex}\\]" if node.display else f"\\({node.tex}\\)"
            return f'<span class="tex"{attributes}>{escape(tex, quote=False)}</span>'
        if self._dialect.xml:
            attributes += f' xmlns="{_MATHML}"'
        self.has_math = True
        return mathml(tree, attributes)

    def _note(self, node: n.Note) -> str:
        """The number of a note; the note leads back to its first call."""
        if node.name not in self._notes:
            return ""
        number, place = self._notes[node.name]
        own = node.attr.id if node.attr else ""
        anchor = self._anchors.get(own, "")
        if node.name not in self._calls:
            anchor = anchor_name(own) if own else self._free_anchor(f"to-{place.anchor}")
            self._calls[node.name] = Target(slug=place.slug, part=self._part, anchor=anchor)
        attributes = self._id(self._claimed(anchor)) + self._speech(node.attr)
        href = escape(self._dialect.href(place))
        return f'<a href="{href}" role="doc-noteref"{self._type("noteref")}{attributes}>{number}</a>'

    def _ruby(self, node: n.Ruby) -> str:
        """Text with its reading, in brackets for readers that know no ruby."""
        pieces = [_with_reading(text, reading) for text, reading in node.segments]
        return "".join(pieces).replace("</ruby><ruby>", "")  # one ruby where all has its reading

    def _line_break(self, _node: n.LineBreak) -> str:
        return self._break


def numbered_notes(slug: str, parts: Sequence[Part]) -> dict[str, tuple[int, Target]]:
    """By name, the number of each of a page's notes and its place."""
    notes: dict[str, tuple[int, Target]] = {}
    for number, part in enumerate(parts):
        for note in part.notes:
            if note.name not in notes:
                place = Target(slug=slug, part=number, anchor=anchor_name(note.name))
                notes[note.name] = (len(notes) + 1, place)
    return notes


def _with_reading(text: str, reading: str) -> str:
    text = escape(text, quote=False)
    if not reading or not text:
        return text
    return f"<ruby>{text}<rp>(</rp><rt>{escape(reading, quote=False)}</rt><rp>)</rp></ruby>"
