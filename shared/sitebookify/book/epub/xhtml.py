"""Clean HTML as XHTML that is valid by construction: nothing is copied, every element is built where it may stand.

HTML's content model in one sentence: a block may hold blocks or a line, a line may hold no block, and lists, tables,
definitions, figures and details hold what is theirs (``blocks``). Whatever does not fit gives up its tags and keeps
its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from sitebookify.book.epub.attributes import attributes
from sitebookify.book.epub.elements import (
    INLINE,
    XHTML,
    add_text,
    child,
    holds_blocks,
    inside,
    paragraphs,
    text_in,
)
from sitebookify.book.epub.mathml import mathml
from sitebookify.book.tree import without_controls

_DEEPEST = 60
"""Elements nested deeper than this give up their tags: no author wrote them."""
_INDIVISIBLE = frozenset({"math", "ruby"})

BlockBuilder = Callable[["XhtmlBuilder", Element, Element, int], None]
"""Builds, for a builder, what a node of clean HTML becomes; appends it to a parent at a depth."""


@dataclass(slots=True)
class XhtmlBuilder:
    """Builds the content of the files of one page.

    Args:
        blocks: what builds a block, by tag; others give up their tags.
        ids: the ids to keep, with the names they get; others are dropped.
        formulas: MathML for TeX, see ``mathml.translate``.

    ``has_math`` is True once a formula was built: EPUB wants to know. ``taken`` are the ids in use.
    """

    blocks: Mapping[str, BlockBuilder]
    ids: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[tuple[str, bool], Element] = field(default_factory=dict)
    has_math: bool = False
    taken: set[str] = field(default_factory=set)

    def build(self, root: Element, parent: Element) -> None:
        """Append what ``root`` holds, as blocks of XHTML, to ``parent``."""
        self.flow(root, parent, 0)
        paragraphs(parent)
        for block in parent:
            block.tail = "\n"

    def flow(self, node: Element, parent: Element, depth: int) -> None:
        """What the node holds, where blocks and lines may stand."""
        add_text(parent, node.text)
        for inner in node:
            self.node(inner, parent, depth + 1)

    def node(self, node: Element, parent: Element, depth: int) -> None:
        """The node and the text after it, where blocks and lines may stand."""
        self.alone(node, parent, depth)
        add_text(parent, node.tail)

    def alone(self, node: Element, parent: Element, depth: int) -> None:
        """The node without the text after it, where blocks and lines may stand."""
        tag = str(node.tag)
        if depth > _DEEPEST:
            add_text(parent, text_in(node))
        elif tag not in INLINE:
            self.blocks.get(tag, XhtmlBuilder.flow)(self, node, parent, depth)
        elif tag not in _INDIVISIBLE and holds_blocks(node):
            self.flow(node, parent, depth)
        else:
            self._inline(node, parent, depth)

    def line(self, node: Element, parent: Element, depth: int) -> None:
        """What the node holds, where only a line may stand."""
        add_text(parent, node.text)
        for inner in node:
            if depth > _DEEPEST:
                add_text(parent, text_in(inner))
            elif inner.tag in INLINE:
                self._inline(inner, parent, depth + 1)
            else:
                add_text(parent, " ")
                self.line(inner, parent, depth + 1)
                add_text(parent, " ")
            add_text(parent, inner.tail)

    def start(self, node: Element, parent: Element, tag: str = "") -> Element:
        """A new element under ``parent``, with what may stay of the node's attributes; ``tag`` replaces the node's."""
        tag = tag or str(node.tag)
        made = child(parent, tag, attributes(tag, node))
        name = self.ids.get(node.get("id") or "")
        if name and name not in self.taken:
            self.taken.add(name)
            made.set("id", name)
        return made

    def _inline(self, node: Element, parent: Element, depth: int) -> None:
        tag = str(node.tag)
        if tag == "math" or "math" in (node.get("class") or "").split():
            self._formula(node, parent)
        elif tag == "ruby" and node.find("rt") is not None:
            self._ruby(node, parent)
        elif tag == "img":
            self.start(node, parent).set("alt", without_controls(node.get("alt") or ""))
        elif tag in ("br", "wbr"):
            self.start(node, parent)
        else:
            self.line(node, self.start(node, parent, _tag_in_line(tag, node, parent)), depth)

    def _ruby(self, node: Element, parent: Element) -> None:
        """Text with its reading; in brackets for readers that know no ruby, or where there is nothing to read."""
        ruby, base = self.start(node, parent), ""
        for is_reading, text in _readings(node):
            if not is_reading:
                base = text
                add_text(ruby, text)
            elif base.strip():
                child(ruby, "rp").text = "("
                add_text(child(ruby, "rt"), text)
                child(ruby, "rp").text = ")"
                base = ""
        if not len(ruby):
            ruby.tag = f"{{{XHTML}}}span"
        elif base:
            ruby[-1].tail = None
            add_text(parent, base)

    def _formula(self, node: Element, parent: Element) -> None:
        formula = mathml(node, self.formulas)
        if formula is None:
            add_text(child(parent, "span", {"class": "tex"}), text_in(node))
        else:
            self.has_math = True
            parent.append(formula)


def _readings(ruby: Element) -> list[tuple[bool, str]]:
    """The ruby's texts and readings in turn, as (is reading, text)."""
    pieces: list[tuple[bool, str]] = [(False, ruby.text or "")]
    for inner in ruby:
        if inner.tag != "rp":
            pieces.append((inner.tag == "rt", text_in(inner)))
        pieces.append((False, inner.tail or ""))
    joined: list[tuple[bool, str]] = []
    for is_reading, text in pieces:
        if joined and (joined[-1][0] == is_reading or not text.strip()):
            joined[-1] = (joined[-1][0], joined[-1][1] + text)
        else:
            joined.append((is_reading, text))
    return joined


def _tag_in_line(tag: str, node: Element, parent: Element) -> str:
    """Links and definitions do not stand in each other; a ruby without a reading is none."""
    if tag in ("a", "dfn") and inside(parent, tag):
        return "span"
    return "span" if tag == "ruby" or (tag == "a" and not node.get("href")) else tag
