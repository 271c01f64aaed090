"""The document: a page's content as a typed tree, from which every writer starts.

The nodes have the names of pandoc's own AST (https://hackage.haskell.org/package/pandoc-types), with what books need
beside it: `Admonition`, `Details`, `TabSet`, `Ruby`, notes that can be called twice, and an `Attr` on every block.
Differences from pandoc, all undone by ``document.pandoc``:

- Text is a plain ``str`` that holds whole runs, spaces included, not a node for each word. White space in it is
  collapsed; a line ends at a `LineBreak` only.
- A block's identifier, language and direction are its own, not those of a box around it.
- A note is called by name (`Note`) and stands in `Document.notes`.

All nodes are immutable. They are msgspec structs rather than dataclasses: made four times as fast, and stored and
read without a line of our own.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from sitebookify.book.document.admonition_kinds import AdmonitionKind

Alignment = Literal["", "left", "center", "right"]
Direction = Literal["", "ltr", "rtl"]
Scope = Literal["", "row", "col", "rowgroup", "colgroup"]
ListStyle = Literal["", "1", "a", "A", "i", "I"]
SpanKind = Literal["", "abbr", "bdi", "bdo", "dfn", "ins", "kbd", "mark", "original", "small", "translation", "var"]


SCHEMES = ("http://", "https://", "mailto:", "ftp://", "tel:")
"""How the targets of links begin, in lower case."""


class _Part(Struct, frozen=True, array_like=True, gc=False):
    """What stands in one place only."""


class _Node(_Part, frozen=True, tag=True):
    """An inline or a block."""


class _Styled(_Node, frozen=True):
    content: Inlines


class _Box(_Node, frozen=True):
    blocks: Blocks
    attr: Attr | None = None


class Attr(_Part, frozen=True):
    """What any element may say of itself.

    ``id`` is the page's own identifier, unique on the page; ``lang`` a BCP 47 tag; each is "" where there is none.
    """

    id: str = ""
    lang: str = ""
    dir: Direction = ""


# --- Inlines ---------------------------------------------------------------------------------------------------------


class Emph(_Styled, frozen=True):
    """Emphasis: ``em``, ``i``, ``cite``."""


class Strong(_Styled, frozen=True):
    """Strong emphasis."""


class Underline(_Styled, frozen=True):
    """Underlined text."""


class Strikeout(_Styled, frozen=True):
    """Text that no longer holds."""


class Superscript(_Styled, frozen=True):
    """Raised text."""


class Subscript(_Styled, frozen=True):
    """Lowered text."""


class Quoted(_Styled, frozen=True):
    """A quotation in a line; the writer puts the quotation marks."""


class Code(_Node, frozen=True):
    """Code in a line: text, and the `Link`, `Image` and `LineBreak` nodes in it. ``sample`` is output of a program."""

    content: Inlines
    sample: bool = False


class Span(_Node, frozen=True):
    """A part of a line with a name, a language, a direction, or a meaning (``kind``, the name of HTML's element).

    In a book of two languages an "original" is a line, and a "translation" that of the line before it.
    ``title`` is what an ``abbr`` stands for. A span without content is a place that links lead to.
    """

    content: Inlines
    kind: SpanKind = ""
    title: str = ""
    attr: Attr | None = None


class Link(_Node, frozen=True):
    """A link to an absolute URL: http, https, mailto, ftp or tel. Links do not nest."""

    content: Inlines
    target: str
    title: str = ""
    attr: Attr | None = None


class Image(_Node, frozen=True):
    """A picture; ``source`` is an absolute URL, ``width`` and ``height`` are in CSS pixels, 0 where not given."""

    source: str
    alt: str = ""
    title: str = ""
    width: int = 0
    height: int = 0
    attr: Attr | None = None


class MathNode(_Part, frozen=True):
    """An element of presentation MathML; those of tokens hold ``text``, the others ``children``."""

    tag: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[MathNode, ...] = ()


class Math(_Node, frozen=True):
    """A formula: its TeX without delimiters, "" where only MathML is known; ``display`` puts it on lines of its own."""

    tex: str
    display: bool = False
    mathml: MathNode | None = None
    attr: Attr | None = None


class Note(_Node, frozen=True):
    """The call of a note: ``name`` is that of the `Footnote` in `Document.notes`, ``attr`` the call's own."""

    name: str
    attr: Attr | None = None


class LineBreak(_Node, frozen=True):
    """The end of a line inside a block."""


class Ruby(_Node, frozen=True):
    """Text with its reading above it, as (text, reading) pairs; the reading is "" where a part has none."""

    segments: tuple[tuple[str, str], ...]


# fmt: off
Inline = (
    str | Emph | Strong | Underline | Strikeout | Superscript | Subscript | Quoted | Code | Span | Link
    | Image | Math | Note | LineBreak | Ruby
)
# fmt: on
Inlines = tuple[Inline, ...]


# --- Blocks ----------------------------------------------------------------------------------------------------------


class Para(_Node, frozen=True):
    """A paragraph."""

    content: Inlines
    attr: Attr | None = None


class Plain(_Node, frozen=True):
    """A line that is no paragraph: what an item of a tight list or a cell of a table holds."""

    content: Inlines


class LineBlock(_Node, frozen=True):
    """Lines that end where the author ended them, such as a poem's."""

    lines: tuple[Inlines, ...]
    attr: Attr | None = None


class Header(_Node, frozen=True):
    """A heading of a level from 1 to 6. The page's title is its only one of level 1, and its first block."""

    level: int
    content: Inlines
    attr: Attr | None = None


class CodeBlock(_Node, frozen=True):
    """Code, white space exact, ending without a newline; ``language`` is "" where none is known."""

    text: str
    language: str = ""
    attr: Attr | None = None


class BlockQuote(_Box, frozen=True):
    """A quotation."""


class ListItem(_Part, frozen=True):
    """An item; ``value`` is its number where it does not follow the one before it, ``done`` the state of a task."""

    blocks: Blocks
    value: int | None = None
    done: bool | None = None
    attr: Attr | None = None


class BulletList(_Node, frozen=True):
    """A list without numbers."""

    items: tuple[ListItem, ...]
    attr: Attr | None = None


class OrderedList(_Node, frozen=True):
    """A list with numbers, from ``start`` on, downwards where ``reversed``."""

    items: tuple[ListItem, ...]
    start: int = 1
    style: ListStyle = ""
    reversed: bool = False
    attr: Attr | None = None


class Term(_Part, frozen=True):
    """What a definition list defines: a line."""

    content: Inlines
    attr: Attr | None = None


class Definition(_Part, frozen=True):
    """One definition of the terms before it."""

    blocks: Blocks
    attr: Attr | None = None


class DefinitionItem(_Part, frozen=True):
    """One or more terms with their definitions; either may be empty where the page has none."""

    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]


class DefinitionList(_Node, frozen=True):
    """Terms and what they mean."""

    items: tuple[DefinitionItem, ...]
    attr: Attr | None = None


class Cell(_Part, frozen=True):
    """A cell of a table, over ``colspan`` columns and ``rowspan`` rows (1 to 1,000)."""

    blocks: Blocks
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Alignment = ""
    scope: Scope = ""
    attr: Attr | None = None


class Row(_Part, frozen=True):
    """A row of a table."""

    cells: tuple[Cell, ...]
    attr: Attr | None = None


class RowGroup(_Part, frozen=True):
    """Rows that belong together: a table's head, one of its bodies, or its foot."""

    rows: tuple[Row, ...]
    attr: Attr | None = None


class Table(_Node, frozen=True):
    """A table of data. Head and foot are None where it has none."""

    bodies: tuple[RowGroup, ...]
    head: RowGroup | None = None
    foot: RowGroup | None = None
    caption: Blocks = ()
    attr: Attr | None = None


class Figure(_Node, frozen=True):
    """A picture or the like with its caption, which stands above it where ``caption_first``."""

    blocks: Blocks
    caption: Blocks = ()
    caption_first: bool = False
    attr: Attr | None = None


class Div(_Box, frozen=True):
    """Blocks with a name, a language or a direction of their own."""


class Admonition(_Node, frozen=True):
    """A note, tip or warning; ``title`` is empty where the page gives it none."""

    kind: AdmonitionKind
    blocks: Blocks
    title: Inlines = ()
    attr: Attr | None = None


class Details(_Node, frozen=True):
    """A section that a page shows on demand, and a book always."""

    summary: Inlines
    blocks: Blocks
    attr: Attr | None = None


class Tab(_Part, frozen=True):
    """One of several variants."""

    label: Inlines
    blocks: Blocks
    attr: Attr | None = None


class TabSet(_Node, frozen=True):
    """Variants of one thing, of which a page shows one at a time, and a book all."""

    tabs: tuple[Tab, ...]
    attr: Attr | None = None


class Translation(_Box, frozen=True):
    """The translation of the block before it, in a book of two languages; ``attr`` names its language."""


class HorizontalRule(_Node, frozen=True):
    """A line between two parts."""

    attr: Attr | None = None


# fmt: off
Block = (
    Para | Plain | LineBlock | Header | CodeBlock | BlockQuote | BulletList | OrderedList | DefinitionList
    | Table | Figure | Div | Admonition | Details | TabSet | Translation | HorizontalRule
)
# fmt: on
Blocks = tuple[Block, ...]


class Footnote(_Part, frozen=True):
    """A note: ``name`` is its identifier on the page."""

    name: str
    blocks: Blocks


class Document(_Part, frozen=True):
    """A page's content: it begins with its only `Header` of level 1.

    ``url`` is the page's, which links to its own places begin with; ``language`` a BCP 47 tag or "". ``notes`` are
    those that are called, in the order of their first calls.
    """

    url: str
    title: str
    blocks: Blocks
    notes: tuple[Footnote, ...] = ()
    language: str = ""
    direction: Direction = ""
