"""Documents at random, with every node there is: what a writer must take, whatever a page holds.

Made by a generator of our own from a seed: hypothesis took 0.2 s for each, and minutes to make one smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar, get_args

from hypothesis import strategies as st

from sitebookify.book.document import nodes
from sitebookify.book.document.admonition_kinds import AdmonitionKind

T = TypeVar("T")

LETTERS = "abcdefghijklmnopqrstuvwxyzäéß漢字かな"
URL = "https://example.org/page"
IMAGE = "https://example.org/a.png"
_SIGNS = "*_`#[]{}<>|\\~^+=-.:;!&'\"/()1a "
_TRAPS = (
    "a::",
    "1. b",
    "NOTE: c",
    "include::d[]",
    "&amp; (C)",
    ":a: b",
    "// c",
    "----",
    "====",
    "|===",
    ".d",
    "+",
    "* e",
)
_TARGETS = (f"{URL}#one", f"{URL}#gone", "https://example.com/?a=b&c", "javascript:x", "mailto:a@b.c")
_DEPTH = 4


SEEDS = st.integers(0, 2**32)


def random_document(seed: int, *, wild: bool = False) -> nodes.Document:
    """A document that keeps the rules of `nodes`; a ``wild`` one has text full of mark-up of plain text formats."""
    return _Author(Random(seed), wild=wild).document()


class _Author:
    """Writes a document; chance decides what is in it."""

    def __init__(self, chance: Random, *, wild: bool) -> None:
        self._chance = chance
        self._wild = wild
        self._linked = False
        self._depth = 0

    def document(self) -> nodes.Document:
        """A page with up to three notes, each of which is called."""
        names = [f"n{number}" for number in range(self._chance.randint(0, 3))]
        notes = tuple(nodes.Footnote(name, self.blocks()) for name in names)
        calls = nodes.Para(tuple(nodes.Note(name) for name in names))
        title = nodes.Header(1, (" title ",), nodes.Attr(id="top"))
        language = self.one("", "de")
        return nodes.Document(URL, "title", (title, *self.blocks(), *self.blocks(), calls), notes, language)

    # --- Parts ---

    def one(self, *choices: T) -> T:
        return self._chance.choice(choices)

    def yes(self) -> bool:
        return self._chance.random() < 0.5

    def some(self, make: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self._chance.randint(0, 3)))

    def run(self) -> str:
        """Words between spaces, so that no mark-up stands inside a word; wild ones stand anywhere."""
        if self._wild and self._chance.random() < 0.6:
            signs = "".join(self._chance.choice(_SIGNS) for _ in range(self._chance.randint(0, 8)))
            return self.one(" ".join(signs.split()), self.one(*_TRAPS))
        words = ("".join(self._chance.choices(LETTERS, k=self._chance.randint(1, 6))) for _ in range(3))
        return f" {' '.join(words)} "

    def attr(self) -> nodes.Attr | None:
        return self.one(None, nodes.Attr(self.one("", "top", "one", "two"), self.one("", "ja"), self.one("", "rtl")))

    def inlines(self) -> nodes.Inlines:
        return self.some(self.inline)

    def inline(self) -> nodes.Inline:
        self._depth += 1
        deep = self._depth > _DEPTH
        made: nodes.Inline = self.one(self.run, self.leaf if deep else self.styled, self.leaf)()
        self._depth -= 1
        return made

    def leaf(self) -> nodes.Inline:
        source = self.one(IMAGE, f"{IMAGE}x")
        pairs = ((" 漢字 ", "かんじ"), (" な ", ""))
        leaves: tuple[nodes.Inline, ...] = (
            nodes.LineBreak(),
            nodes.Image(source, self.run(), self.run(), self.one(0, 20), self.one(0, 20), self.attr()),
            nodes.Math("1", self.yes(), None, self.attr()),
            nodes.Math("", self.yes(), nodes.MathNode("math", children=(nodes.MathNode("mn", "2"),)), self.attr()),
            nodes.Note(self.one("n0", "n1", "n2", "none"), self.attr()),
            nodes.Ruby(pairs),
        )
        return self.one(*leaves)

    def styled(self) -> nodes.Inline:
        simple = (
            nodes.Emph,
            nodes.Strong,
            nodes.Underline,
            nodes.Strikeout,
            nodes.Superscript,
            nodes.Subscript,
            nodes.Quoted,
        )
        kind = self.one(*simple, nodes.Code, nodes.Span, nodes.Link)
        if kind is nodes.Code:
            return nodes.Code(self.inlines(), self.yes())
        if kind is nodes.Span:
            return nodes.Span(self.inlines(), self.one(*get_args(nodes.SpanKind)), "title", self.attr())
        if kind is nodes.Link:
            return self.link()
        made: nodes.Inline = kind(self.inlines())
        return made

    def link(self) -> nodes.Inline:
        """Links do not nest."""
        if self._linked:
            return self.run()
        self._linked = True
        link = nodes.Link(self.inlines(), self.one(*_TARGETS), self.run(), self.attr())
        self._linked = False
        return link

    # --- Blocks ---

    def blocks(self) -> nodes.Blocks:
        return self.some(self.block)

    def block(self) -> nodes.Block:
        self._depth += 1
        boxes = (self.quote, self.bullets, self.numbers, self.terms, self.table, self.figure, self.box, self.tabs)
        deep = self._depth > _DEPTH
        made: nodes.Block = self.one(self.simple, self.simple if deep else self.one(*boxes))()
        self._depth -= 1
        return made

    def simple(self) -> nodes.Block:
        makers: tuple[Callable[[], nodes.Block], ...] = (
            lambda: nodes.Para(self.inlines(), self.attr()),
            lambda: nodes.Plain(self.inlines()),
            lambda: nodes.LineBlock(self.some(self.inlines), self.attr()),
            lambda: nodes.Header(self._chance.randint(2, 6), self.inlines(), self.attr()),
            lambda: nodes.CodeBlock("\n".join(self.some(self.run)), self.one("", "rust"), self.attr()),
            lambda: nodes.HorizontalRule(self.attr()),
        )
        return self.one(*makers)()

    def quote(self) -> nodes.Block:
        return nodes.BlockQuote(self.blocks(), self.attr())

    def item(self) -> nodes.ListItem:
        return nodes.ListItem(self.blocks(), self.one(None, 3), self.one(None, self.yes()), self.attr())

    def bullets(self) -> nodes.Block:
        return nodes.BulletList(self.some(self.item), self.attr())

    def numbers(self) -> nodes.Block:
        style = self.one(*get_args(nodes.ListStyle))
        return nodes.OrderedList(self.some(self.item), self.one(1, 4), style, self.yes(), self.attr())

    def terms(self) -> nodes.Block:
        return nodes.DefinitionList(self.some(self.term), self.attr())

    def term(self) -> nodes.DefinitionItem:
        terms = self.some(lambda: nodes.Term(self.inlines(), self.attr()))
        return nodes.DefinitionItem(terms, self.some(lambda: nodes.Definition(self.blocks(), self.attr())))

    def table(self) -> nodes.Block:
        head = self.one(None, self.rows())
        foot = self.one(None, self.rows())
        return nodes.Table(self.some(self.rows), head, foot, self.blocks(), self.attr())

    def rows(self) -> nodes.RowGroup:
        return nodes.RowGroup(self.some(lambda: nodes.Row(self.some(self.cell), self.attr())), self.attr())

    def cell(self) -> nodes.Cell:
        align = self.one(*get_args(nodes.Alignment))
        spans = self.one(1, 1, 1, 2, 3), self.one(1, 1, 1, 2, 3)
        return nodes.Cell(self.blocks(), self.yes(), *spans, align, "", self.attr())

    def figure(self) -> nodes.Block:
        return nodes.Figure(self.blocks(), self.blocks(), self.yes(), self.attr())

    def box(self) -> nodes.Block:
        kind = self.one(*AdmonitionKind)
        boxes: tuple[nodes.Block, ...] = (
            nodes.Div(self.blocks(), self.attr()),
            nodes.Admonition(kind, self.blocks(), self.inlines(), self.attr()),
            nodes.Details(self.inlines(), self.blocks(), self.attr()),
        )
        return self.one(*boxes)

    def tabs(self) -> nodes.Block:
        return nodes.TabSet(self.some(lambda: nodes.Tab(self.inlines(), self.blocks(), self.attr())), self.attr())
