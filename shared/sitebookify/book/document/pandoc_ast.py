"""The document as pandoc's own AST, in the JSON that ``pandoc -f json`` reads (pandoc-types 1.23, pandoc 3.9).

What pandoc has no node for is said with the classes that its own readers and writers know: an admonition is a ``Div``
of its kind with a ``Div`` "title" in it, marked text a ``Span`` "mark". Tab sets are laid open. A block's identifier,
language and direction stand on a ``Div`` around it where pandoc has no place for them. Pandoc's notes hold no notes and
cannot be called twice: what a note calls stands at its end, and later calls are a raised number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sitebookify.book.document.formula_text import formula_text
from sitebookify.book.document.nodes import (
    Admonition,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Code,
    CodeBlock,
    DefinitionItem,
    DefinitionList,
    Details,
    Div,
    Document,
    Emph,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Math,
    Note,
    OrderedList,
    Para,
    Plain,
    Quoted,
    Ruby,
    Span,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Table,
    TabSet,
    Underline,
)
from sitebookify.book.document.pandoc_table import pandoc_table

Json = dict[str, Any]

API_VERSION = (1, 23, 1)
"""Of pandoc-types; pandoc reads any 1.23."""
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_OUTSIDE = ("http://", "https://", "mailto:", "ftp://", "tel:")
_LIST_STYLES = {
    "": "DefaultStyle",
    "1": "Decimal",
    "a": "LowerAlpha",
    "A": "UpperAlpha",
    "i": "LowerRoman",
    "I": "UpperRoman",
}
_TASKS = {True: "☒", False: "☐"}
_SPACE: Json = {"t": "Space"}
_LINE_BREAK: Json = {"t": "LineBreak"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a page's things are in the book.

    ``ids`` maps the page's ids to anchors, ``links`` absolute URLs to what they become, ``images`` absolute URLs to
    file names. An id that is not here is left out; a link to the web stays as it is, any other loses its target; an
    image becomes its alternative text. ``shift`` is added to the level of headings, up to ``deepest``.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    shift: int = 0
    deepest: int = 6


def to_pandoc(
    document: Document, places: Places, *, numbers: Iterator[int] | None = None, language: str = ""
) -> list[Json]:
    """The page's blocks.

    ``numbers`` gives each of pandoc's notes its number, for those that are called again: pandoc's writers number notes
    through, so a book's pages share one iterator. ``language`` is the book's; a page in another says so.
    """
    blocks = _Writer(document, places, numbers or count(1)).blocks(document.blocks)
    own = document.language if document.language != language else ""
    attr = Attr(lang=own, dir=document.direction)
    return [_div(blocks, pandoc_attr("", (), attr))] if own or document.direction else blocks


def pandoc_document(blocks: Iterable[Json], meta: Mapping[str, Json] | None = None) -> Json:
    """A whole document, as ``pandoc -f json`` reads it."""
    return {"pandoc-api-version": API_VERSION, "meta": meta or {}, "blocks": [*blocks]}


def words(text: str) -> list[Json]:
    """Text as pandoc's words and spaces."""
    inlines: list[Json] = []
    for number, word in enumerate(_WHITE_SPACE.split(text)):
        if number:
            inlines.append(_SPACE)
        if word:
            inlines.append({"t": "Str", "c": word})
    return inlines


def pandoc_attr(name: str, classes: Iterable[str] = (), attr: Attr | None = None, **more: str) -> list[Any]:
    """Pandoc's Attr: identifier, classes, and key-value pairs."""
    values = {"lang": attr.lang, "dir": attr.dir} if attr else {}
    pairs = [[key, value] for key, value in {**values, **more}.items() if value]
    return [name, [*classes], pairs]


class _Writer:
    """Writes one page."""

    def __init__(self, document: Document, places: Places, numbers: Iterator[int]) -> None:
        self._places = places
        self._numbers = numbers
        self._notes = {note.name: note.blocks for note in document.notes}
        self._marks: dict[str, str] = {}
        """Of the notes that have been written, by name."""
        self._inner: list[tuple[str, str]] | None = None
        """Inside a note: names and marks of the notes that it calls."""

    def blocks(self, blocks: Iterable[Block]) -> list[Json]:
        """Blocks; one of the document's may be several of pandoc's."""
        written: list[Json] = []
        for block in blocks:
            written += _BLOCKS[type(block)](self, block)
        return written

    def inlines(self, content: Iterable[Inline]) -> list[Json]:
        """What is in a line."""
        written: list[Json] = []
        for inline in content:
            written += words(inline) if isinstance(inline, str) else _INLINES[type(inline)](self, inline)
        return written

    def attr(self, attr: Attr | None, *classes: str, **more: str) -> list[Any]:
        """Pandoc's Attr, with the name in the book of the page's id."""
        name = self._places.ids.get(attr.id, "") if attr else ""
        return pandoc_attr(name, classes, attr, **more)

    def boxed(self, attr: Attr | None, blocks: list[Json]) -> list[Json]:
        """The blocks in a Div where there is something to say about them."""
        written = self.attr(attr)
        return [_div(blocks, written)] if written[0] or written[2] else blocks

    def spanned(self, attr: Attr | None, inlines: list[Json], *classes: str, **more: str) -> list[Json]:
        """The inlines in a Span where there is something to say about them."""
        written = self.attr(attr, *classes, **more)
        return [{"t": "Span", "c": [written, inlines]}] if any(written) else inlines

    # --- Blocks ---

    def para(self, block: Para) -> list[Json]:
        return self.boxed(block.attr, [{"t": "Para", "c": self.inlines(block.content)}])

    def plain(self, block: Plain) -> list[Json]:
        return [{"t": "Plain", "c": self.inlines(block.content)}]

    def line_block(self, block: LineBlock) -> list[Json]:
        lines = [self.inlines(line) for line in block.lines]
        return self.boxed(block.attr, [{"t": "LineBlock", "c": lines}])

    def header(self, block: Header) -> list[Json]:
        level = min(block.level + self._places.shift, self._places.deepest)
        return [{"t": "Header", "c": [level, self.attr(block.attr), self.inlines(block.content)]}]

    def code_block(self, block: CodeBlock) -> list[Json]:
        classes = (block.language,) if block.language else ()
        return [{"t": "CodeBlock", "c": [self.attr(block.attr, *classes), block.text]}]

    def block_quote(self, block: BlockQuote) -> list[Json]:
        return self.boxed(block.attr, [{"t": "BlockQuote", "c": self.blocks(block.blocks)}])

    def bullet_list(self, block: BulletList) -> list[Json]:
        items = [self.item(item) for item in block.items]
        return self.boxed(block.attr, [{"t": "BulletList", "c": items}])

    def ordered_list(self, block: OrderedList) -> list[Json]:
        """Pandoc counts up from a start: where a list counts otherwise, the next one begins."""
        lists: list[Json] = []
        style = {"t": _LIST_STYLES[block.style]}
        items: list[list[Json]] = []
        last = 0
        value = block.start
        for item in block.items:
            value = value if item.value is None else item.value
            if not lists or value != last + 1:
                items = []
                lists.append({"t": "OrderedList", "c": [[value, style, {"t": "DefaultDelim"}], items]})
            items.append(self.item(item))
            last = value
            value += -1 if block.reversed else 1
        return self.boxed(block.attr, lists)

    def item(self, item: ListItem) -> list[Json]:
        blocks = self.boxed(item.attr, self.blocks(item.blocks))
        if item.done is None:
            return blocks
        if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
            blocks = [{"t": "Plain", "c": []}, *blocks]
        box = {"t": "Str", "c": _TASKS[item.done]}
        return [{**blocks[0], "c": [box, _SPACE, *blocks[0]["c"]]}, *blocks[1:]]

    def definition_list(self, block: DefinitionList) -> list[Json]:
        items: list[list[Any]] = []
        for item in block.items:
            items += self.definition_item(item)
        return self.boxed(block.attr, [{"t": "DefinitionList", "c": items}])

    def definition_item(self, item: DefinitionItem) -> list[list[Any]]:
        """An item for each term; the last has the definitions."""
        terms = [self.spanned(term.attr, self.inlines(term.content)) for term in item.terms]
        definitions = [self.boxed(each.attr, self.blocks(each.blocks)) for each in item.definitions]
        *others, last = terms or [[{"t": "Str", "c": "\u00a0"}]]  # else AsciiDoc takes it for text
        return [*([term, []] for term in others), [last, definitions]]

    def table(self, block: Table) -> list[Json]:
        caption = self.blocks(block.caption)
        return pandoc_table(block, self.blocks, caption, self.attr)

    def figure(self, block: Figure) -> list[Json]:
        caption = [None, self.blocks(block.caption)]
        return [{"t": "Figure", "c": [self.attr(block.attr), caption, self.blocks(block.blocks)]}]

    def div(self, block: Div) -> list[Json]:
        return self.boxed(block.attr, self.blocks(block.blocks))

    def admonition(self, block: Admonition) -> list[Json]:
        title = self.inlines(block.title)
        head = [_div([{"t": "Para", "c": title}], pandoc_attr("", ("title",)))] if title else []
        return [_div(head + self.blocks(block.blocks), self.attr(block.attr, block.kind))]

    def details(self, block: Details) -> list[Json]:
        return [_div(self.labelled(block.summary, block.blocks), self.attr(block.attr, "details"))]

    def tab_set(self, block: TabSet) -> list[Json]:
        tabs = [_div(self.labelled(tab.label, tab.blocks), self.attr(tab.attr, "tab")) for tab in block.tabs]
        return [_div(tabs, self.attr(block.attr, "tab-set"))]

    def labelled(self, label: Iterable[Inline], blocks: Iterable[Block]) -> list[Json]:
        line = self.inlines(label)
        head: list[Json] = [{"t": "Para", "c": [{"t": "Strong", "c": line}]}] if line else []
        return head + self.blocks(blocks)

    def rule(self, block: HorizontalRule) -> list[Json]:
        return self.boxed(block.attr, [{"t": "HorizontalRule"}])

    # --- Inlines ---

    def quoted(self, inline: Quoted) -> list[Json]:
        return [{"t": "Quoted", "c": [{"t": "DoubleQuote"}, self.inlines(inline.content)]}]

    def code(self, inline: Code) -> list[Json]:
        """Pandoc's code is text alone: links and the like have code in them and around them."""
        attr = pandoc_attr("", ("sample",) if inline.sample else ())
        written: list[Json] = []
        for part in inline.content:
            if isinstance(part, str):
                written.append({"t": "Code", "c": [attr, part]})
            elif isinstance(part, Link):
                written += self.link(part, Code(part.content, inline.sample))
            else:
                written += self.inlines((part,))
        return written

    def span(self, inline: Span) -> list[Json]:
        content = self.inlines(inline.content)
        if inline.kind == "ins":
            content = [{"t": "Underline", "c": content}]
        elif inline.kind == "var":
            content = [{"t": "Emph", "c": content}]
        elif inline.kind not in ("", "bdi", "bdo"):
            return self.spanned(inline.attr, content, inline.kind, title=inline.title)
        return self.spanned(inline.attr, content)

    def link(self, inline: Link, code: Code | None = None) -> list[Json]:
        content = self.code(code) if code else self.inlines(inline.content)
        target = self._places.links.get(inline.target, "")
        if not target and inline.target.lower().startswith(_OUTSIDE):
            target = inline.target
        if not target:
            return self.spanned(inline.attr, content)
        return [{"t": "Link", "c": [self.attr(inline.attr), content, [target, inline.title]]}]

    def image(self, inline: Image) -> list[Json]:
        file = self._places.images.get(inline.source)
        alternative = words(inline.alt)
        if not file:
            return self.spanned(inline.attr, alternative)
        sizes = {"width": inline.width, "height": inline.height}
        pixels = {name: f"{size}px" for name, size in sizes.items() if size}
        return [{"t": "Image", "c": [self.attr(inline.attr, **pixels), alternative, [file, inline.title]]}]

    def math(self, inline: Math) -> list[Json]:
        if inline.tex:
            kind = {"t": "DisplayMath" if inline.display else "InlineMath"}
            written: list[Json] = [{"t": "Math", "c": [kind, inline.tex]}]
        else:
            written = words(formula_text(inline.mathml)) if inline.mathml else []
        return self.spanned(inline.attr, written)

    def note(self, inline: Note) -> list[Json]:
        mark = self._marks.get(inline.name)
        if mark is not None:
            written = [_raised(mark)]
        elif inline.name not in self._notes:
            written = []
        elif self._inner is not None:
            outer = self._inner[0][1]
            mark = self._marks[inline.name] = f"{outer}.{len(self._inner)}"
            self._inner.append((inline.name, mark))
            written = [_raised(mark)]
        else:
            written = [{"t": "Note", "c": self.note_blocks(inline.name)}]
        return self.spanned(inline.attr, written)

    def note_blocks(self, name: str) -> list[Json]:
        """A note with the notes that it calls at its end, each after its mark."""
        mark = self._marks[name] = str(next(self._numbers))
        self._inner = [(name, mark)]
        blocks = self.blocks(self._notes[name])
        at = 1
        while at < len(self._inner):  # they call others
            inner, inner_mark = self._inner[at]
            blocks += _marked(inner_mark, self.blocks(self._notes[inner]))
            at += 1
        self._inner = None
        return blocks or [{"t": "Para", "c": []}]

    def line_break(self, _: LineBreak) -> list[Json]:
        return [_LINE_BREAK]

    def ruby(self, inline: Ruby) -> list[Json]:
        text = "".join(f"{base}({reading})" if reading else base for base, reading in inline.segments)
        return [{"t": "Span", "c": [pandoc_attr("", ("ruby",)), words(text)]}]


def _div(blocks: list[Json], attr: list[Any]) -> Json:
    return {"t": "Div", "c": [attr, blocks]}


def _raised(mark: str) -> Json:
    return {"t": "Superscript", "c": [{"t": "Str", "c": mark}]}


def _marked(mark: str, blocks: list[Json]) -> list[Json]:
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return [{"t": "Para", "c": [_raised(mark)]}, *blocks]
    return [{"t": "Para", "c": [_raised(mark), _SPACE, *blocks[0]["c"]]}, *blocks[1:]]


def _styled(name: str) -> Callable[[_Writer, Any], list[Json]]:
    return lambda writer, inline: [{"t": name, "c": writer.inlines(inline.content)}]


_BLOCKS: dict[type, Callable[[_Writer, Any], list[Json]]] = {
    Para: _Writer.para,
    Plain: _Writer.plain,
    LineBlock: _Writer.line_block,
    Header: _Writer.header,
    CodeBlock: _Writer.code_block,
    BlockQuote: _Writer.block_quote,
    BulletList: _Writer.bullet_list,
    OrderedList: _Writer.ordered_list,
    DefinitionList: _Writer.definition_list,
    Table: _Writer.table,
    Figure: _Writer.figure,
    Div: _Writer.div,
    Admonition: _Writer.admonition,
    Details: _Writer.details,
    TabSet: _Writer.tab_set,
    HorizontalRule: _Writer.rule,
}
_INLINES: dict[type, Callable[[_Writer, Any], list[Json]]] = {
    Emph: _styled("Emph"),
    Strong: _styled("Strong"),
    Underline: _styled("Underline"),
    Strikeout: _styled("Strikeout"),
    Superscript: _styled("Superscript"),
    Subscript: _styled("Subscript"),
    Quoted: _Writer.quoted,
    Code: _Writer.code,
    Span: _Writer.span,
    Link: _Writer.link,
    Image: _Writer.image,
    Math: _Writer.math,
    Note: _Writer.note,
    LineBreak: _Writer.line_break,
    Ruby: _Writer.ruby,
}
