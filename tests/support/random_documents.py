"""Documents of all kinds, for tests that hold for any."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sitebookify.book.document.nodes import (
    Admonition,
    Attr,
    BlockQuote,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    Definition,
    DefinitionItem,
    DefinitionList,
    Details,
    Div,
    Document,
    Emph,
    Figure,
    Footnote,
    Header,
    HorizontalRule,
    Image,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Math,
    MathNode,
    Note,
    OrderedList,
    Para,
    Plain,
    Quoted,
    Row,
    RowGroup,
    Ruby,
    Span,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Tab,
    Table,
    TabSet,
    Term,
    Underline,
)

URL = "https://example.org/page"
NAMES = ("one", "two", "three")
"""Of notes; documents call `three`, and have none of this name."""

words = st.text("ab1 *_`[]()<>&\\!~#-+.=|:\"'é「」。、^$;x", min_size=1, max_size=12)
code_text = st.text("ab `|*<\n~", min_size=1, max_size=12)
attrs = st.none() | st.builds(Attr, id=st.sampled_from(["a", "b c"]), dir=st.sampled_from(["", "rtl"]))
_ROWS = "mrow mfrac msup munder munderover mover msqrt mroot mtable mtr mtd mmultiscripts mfenced".split()
_tokens = st.builds(MathNode, st.sampled_from(["mi", "mn", "mo", "mtext"]), st.sampled_from("x sin + ∑ ( { \\".split()))
formulas = st.recursive(
    _tokens,
    lambda inner: st.builds(
        MathNode,
        st.sampled_from(_ROWS),
        children=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
codes = st.builds(Code, st.lists(words | st.just(LineBreak()), min_size=1, max_size=2).map(tuple))
plain_inlines = words | codes | st.just(LineBreak())
_leaves = (
    plain_inlines
    | st.builds(Image, st.sampled_from([f"{URL}.png", "https://example.org/b (c.png"]), alt=words, attr=attrs)
    | st.builds(Math, words, display=st.booleans(), mathml=st.none() | formulas)
    | st.builds(Note, st.sampled_from(NAMES), attr=attrs)
    | st.builds(Ruby, st.lists(st.tuples(words, st.just("") | words), max_size=2).map(tuple))
)


def wrapped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Inlines around others."""
    content = st.lists(inner, max_size=4).map(tuple)
    simple = st.sampled_from([Emph, Strong, Strikeout, Underline, Superscript, Subscript, Quoted])
    kinds = st.sampled_from(["", "abbr", "bdi", "bdo", "dfn", "ins", "kbd", "mark", "small", "var"])
    return (
        st.builds(lambda kind, parts: kind(parts), simple, content)
        | st.builds(Span, content, kinds, title=st.just("") | words, attr=attrs)
        | st.builds(Link, content, st.sampled_from([f"{URL}#a", "https://a.test/x)", "mailto:a@b.test"]), attr=attrs)
    )


def lines(leaves: st.SearchStrategy[Any] = _leaves) -> st.SearchStrategy[Any]:
    """Contents of lines."""
    inlines = st.recursive(leaves, wrapped, max_leaves=6)
    return st.lists(inlines, max_size=4).map(tuple)


def blocks(line: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Contents of documents, of such lines."""
    leaves = (
        st.builds(Para, line, attr=attrs)
        | st.builds(Plain, line)
        | st.builds(LineBlock, st.lists(line, max_size=3).map(tuple))
        | st.builds(Header, st.integers(1, 6), line, attr=attrs)
        | st.builds(CodeBlock, code_text, st.sampled_from(["", "rust", "c++", "a`b"]), attr=attrs)
        | st.builds(HorizontalRule)
    )

    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        content = st.lists(inner, max_size=3).map(tuple)
        items = st.lists(st.builds(ListItem, content, done=st.sampled_from([None, None, True])), max_size=3).map(tuple)
        cells = st.builds(Cell, content | line.map(lambda parts: (Plain(parts),)), header=st.booleans(), attr=attrs)
        rows = st.lists(st.builds(Row, st.lists(cells, min_size=2, max_size=2).map(tuple)), max_size=3).map(tuple)
        groups = st.builds(RowGroup, rows)
        terms = st.lists(st.builds(Term, line, attr=attrs), max_size=2).map(tuple)
        definitions = st.lists(st.builds(Definition, content), max_size=2).map(tuple)
        return (
            st.builds(BlockQuote, content, attr=attrs)
            | st.builds(BulletList, items, attr=attrs)
            | st.builds(OrderedList, items, start=st.integers(-1, 12), reversed=st.booleans())
            | st.builds(DefinitionList, st.lists(st.builds(DefinitionItem, terms, definitions), max_size=2).map(tuple))
            | st.builds(Table, st.lists(groups, max_size=2).map(tuple), head=st.none() | groups)
            | st.builds(Figure, content, caption=content, caption_first=st.booleans())
            | st.builds(Div, content, attr=attrs)
            | st.builds(Admonition, st.sampled_from(["note", "warning"]), content, title=line, attr=attrs)
            | st.builds(Details, line, content)
            | st.builds(TabSet, st.lists(st.builds(Tab, line, content), max_size=2).map(tuple))
        )

    return st.lists(st.recursive(leaves, around, max_leaves=6), max_size=4).map(tuple)


def documents(line: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Document]:
    """Whole documents."""
    content = blocks(lines() if line is None else line)
    notes = st.tuples(*(st.builds(Footnote, st.just(name), content) for name in NAMES[:2]))
    return st.builds(Document, st.just(URL), st.just("Title"), content, notes=notes, language=st.just("en"))
