"""Documents of all kinds, for tests that hold for any."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sitebookify.book.document import nodes as n
from sitebookify.book.document.admonition_kinds import AdmonitionKind

Strategy = st.SearchStrategy[Any]
URL = "https://example.org/page"
NAMES = ("one", "two", "three")
"""Of notes; documents call `three`, and have none of this name."""
_TARGETS = (f"{URL}#a", "https://a.test/x)", "mailto:a@b.test")
_TOKENS = ("mi", "mn", "mo", "mtext")
_ROWS = "math mrow mfrac msup msubsup munder munderover mover msqrt mroot mtable mtr mtd mphantom".split()
_SPAN_KINDS = ("", "abbr", "bdi", "bdo", "dfn", "ins", "kbd", "mark", "small", "var")
_WRAPS = (n.Emph, n.Strong, n.Strikeout, n.Underline, n.Superscript, n.Subscript, n.Quoted)


def many(strategy: Strategy, most: int, *, least: int = 0) -> Strategy:
    """A tuple of what the strategy gives."""
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


words = st.text("ab1 *_`[]()<>&\\!~#-+.=|:\"'é「」。、^$;x", min_size=1, max_size=12)
attrs = st.none() | st.builds(n.Attr, id=st.sampled_from(["a", "b c"]), dir=st.sampled_from(["", "rtl"]))
formulas = st.recursive(
    st.builds(n.MathNode, st.sampled_from(_TOKENS), st.sampled_from("x sin + ∑ ( { → \\".split())),
    lambda inner: st.builds(n.MathNode, st.sampled_from(_ROWS), children=many(inner, 3)),
    max_leaves=6,
)
line_break = st.just(n.LineBreak())
plain_inlines = words | line_break | st.builds(n.Code, many(words | line_break, 2, least=1))
leaves = (
    plain_inlines
    | st.builds(n.Image, st.sampled_from([f"{URL}.png", "https://example.org/b (c.png"]), alt=words, attr=attrs)
    | st.builds(n.Math, words, display=st.booleans())
    | st.builds(n.Math, st.just(""), mathml=formulas)
    | st.builds(n.Note, st.sampled_from(NAMES), attr=attrs)
    | st.builds(n.Ruby, many(st.tuples(words, st.just("") | words), 2))
)


_WORDS = (
    "The page says that 42 of them run <b> & git_push() --all at https://example.org/x; see index, then stop.".split()
)
sentences = many(st.sampled_from(_WORDS), 12, least=1).map(" ".join)


def lines(leaves: Strategy = leaves) -> Strategy:
    """Contents of lines."""

    def wrapped(inner: Strategy) -> Strategy:
        content = many(inner, 4)
        return (
            st.builds(lambda kind, parts: kind(parts), st.sampled_from(_WRAPS), content)
            | st.builds(n.Span, content, st.sampled_from(_SPAN_KINDS), title=st.just("") | words, attr=attrs)
            | st.builds(n.Link, content, st.sampled_from(_TARGETS), attr=attrs)
        )

    return many(st.recursive(leaves, wrapped, max_leaves=6), 4)


def blocks(line: Strategy) -> Strategy:
    """Contents of documents, of such lines."""
    code = st.text("ab `|*<\n~", min_size=1, max_size=12)
    leaves = (
        st.builds(n.Para, line, attr=attrs)
        | st.builds(n.Plain, line)
        | st.builds(n.LineBlock, many(line, 3))
        | st.builds(n.Header, st.integers(1, 6), line, attr=attrs)
        | st.builds(n.CodeBlock, code, st.sampled_from(["", "rust", "c++", "a`b"]), attr=attrs)
        | st.builds(n.HorizontalRule)
    )

    def around(inner: Strategy) -> Strategy:
        content = many(inner, 3)
        items = many(st.builds(n.ListItem, content, done=st.sampled_from([None, None, True])), 3)
        cell = st.builds(n.Cell, content | st.tuples(st.builds(n.Plain, line)), header=st.booleans(), attr=attrs)
        group = st.builds(n.RowGroup, many(st.builds(n.Row, many(cell, 2, least=2)), 3))
        terms = many(st.builds(n.Term, line, attr=attrs), 2)
        definition = st.builds(n.DefinitionItem, terms, many(st.builds(n.Definition, content), 2))
        return (
            st.builds(n.BlockQuote, content, attr=attrs)
            | st.builds(n.BulletList, items, attr=attrs)
            | st.builds(n.OrderedList, items, start=st.integers(-1, 12), reversed=st.booleans())
            | st.builds(n.DefinitionList, many(definition, 2))
            | st.builds(n.Table, many(group, 2), head=st.none() | group)
            | st.builds(n.Figure, content, caption=content, caption_first=st.booleans())
            | st.builds(n.Div, content, attr=attrs)
            | st.builds(n.Admonition, st.sampled_from(AdmonitionKind), content, title=line, attr=attrs)
            | st.builds(n.Details, line, content)
            | st.builds(n.TabSet, many(st.builds(n.Tab, line, content), 2))
        )

    return many(st.recursive(leaves, around, max_leaves=6), 4)


def documents(line: Strategy | None = None) -> st.SearchStrategy[n.Document]:
    """Whole documents, of such lines."""
    line = lines() if line is None else line
    notes = [st.builds(n.Footnote, st.just(name), st.tuples(st.builds(n.Para, line))) for name in NAMES[:2]]
    return st.builds(n.Document, st.just(URL), st.just("Title"), blocks(line), notes=st.tuples(*notes))
