"""A document with other lines: every place where words stand is asked for, and nothing else changes.

The same document is always asked for in the same order, so that a place is known by its number.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, groupby
from typing import Any

from msgspec.structs import replace

from sitebookify.book.document.nodes import (
    Admonition,
    Attr,
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    Cell,
    CodeBlock,
    Definition,
    DefinitionItem,
    DefinitionList,
    Details,
    Div,
    Document,
    Figure,
    Footnote,
    Header,
    HorizontalRule,
    Inlines,
    LineBlock,
    ListItem,
    OrderedList,
    Para,
    Plain,
    Row,
    RowGroup,
    Tab,
    Table,
    TabSet,
    Term,
    Translation,
)


class LineEditor:
    """Answers what stands in a document in place of its lines; this one, the lines themselves."""

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        """A line that is no block: a term, a heading, or the title of a box or a tab."""
        return content, attr

    def block(self, block: Para | Plain | LineBlock) -> Blocks:
        """A block that holds a line, or lines."""
        return (block,)

    def paragraphs(self, blocks: tuple[Para, ...]) -> Blocks:
        """Paragraphs that follow each other."""
        return tuple(chain.from_iterable(map(self.block, blocks)))

    def heading(self, block: Header) -> Header:
        """A heading."""
        return block

    def around(self, attr: Attr | None) -> Attr | None:
        """What a box says of itself: its language may no longer be true."""
        return attr


class Replacement:
    """Visits blocks and puts in what the editor answers.

    Args:
        tables: another editor for what stands in tables.
    """

    def __init__(self, editor: LineEditor, *, tables: LineEditor | None = None) -> None:
        self._editor = editor
        self._in_tables = Replacement(tables) if tables else self
        self._writers: dict[type, Callable[[Any], Blocks]] = {
            Admonition: self._admonition,
            BlockQuote: self._box,
            BulletList: self._list,
            CodeBlock: lambda block: (block,),
            DefinitionList: self._definitions,
            Details: self._details,
            Div: self._box,
            Figure: self._figure,
            Header: lambda block: (editor.heading(block),),
            HorizontalRule: lambda block: (block,),
            LineBlock: editor.block,
            OrderedList: self._list,
            Plain: editor.block,
            TabSet: self._tabs,
            Table: self._in_tables._table,  # noqa: SLF001 - of the same class
            Translation: self._box,
        }

    def document(self, document: Document) -> Document:
        """The document with other blocks and notes; its own fields stay."""
        blocks = self.blocks(document.blocks)
        notes = tuple(Footnote(note.name, self.blocks(note.blocks)) for note in document.notes)
        return replace(document, blocks=blocks, notes=notes)

    def blocks(self, blocks: Blocks) -> Blocks:
        """What stands in place of the blocks."""
        replaced: list[Block] = []
        for kind, group in groupby(blocks, type):
            if kind is Para:
                replaced += self._editor.paragraphs(tuple(block for block in group if isinstance(block, Para)))
            else:
                replaced += chain.from_iterable(map(self._writers[kind], group))
        return tuple(replaced)

    def _box(self, block: Any) -> Blocks:
        return (replace(block, attr=self._editor.around(block.attr), blocks=self.blocks(block.blocks)),)

    def _admonition(self, block: Admonition) -> Blocks:
        attr = self._editor.around(block.attr)
        title, _ = self._editor.title(block.title, None)
        return (replace(block, attr=attr, title=title, blocks=self.blocks(block.blocks)),)

    def _details(self, block: Details) -> Blocks:
        attr = self._editor.around(block.attr)
        summary, _ = self._editor.title(block.summary, None)
        return (replace(block, attr=attr, summary=summary, blocks=self.blocks(block.blocks)),)

    def _figure(self, block: Figure) -> Blocks:
        attr = self._editor.around(block.attr)
        blocks = self.blocks(block.blocks)
        return (replace(block, attr=attr, blocks=blocks, caption=self.blocks(block.caption)),)

    def _tabs(self, block: TabSet) -> Blocks:
        return (replace(block, attr=self._editor.around(block.attr), tabs=tuple(map(self._tab, block.tabs))),)

    def _tab(self, tab: Tab) -> Tab:
        label, attr = self._editor.title(tab.label, tab.attr)
        return Tab(label, self.blocks(tab.blocks), attr)

    def _list(self, block: BulletList | OrderedList) -> Blocks:
        attr = self._editor.around(block.attr)
        changed: Block = replace(block, attr=attr, items=tuple(map(self._item, block.items)))
        return (changed,)

    def _item(self, item: ListItem) -> ListItem:
        return replace(item, attr=self._editor.around(item.attr), blocks=self.blocks(item.blocks))

    def _definitions(self, block: DefinitionList) -> Blocks:
        attr = self._editor.around(block.attr)
        return (replace(block, attr=attr, items=tuple(map(self._definition_item, block.items))),)

    def _definition_item(self, item: DefinitionItem) -> DefinitionItem:
        terms = tuple(Term(*self._editor.title(term.content, term.attr)) for term in item.terms)
        return DefinitionItem(terms, tuple(map(self._definition, item.definitions)))

    def _definition(self, definition: Definition) -> Definition:
        blocks = self.blocks(definition.blocks)
        return Definition(blocks, self._editor.around(definition.attr))

    def _table(self, block: Table) -> Blocks:
        attr = self._editor.around(block.attr)
        caption = self.blocks(block.caption)
        head = self._rows(block.head) if block.head else None
        bodies = tuple(map(self._rows, block.bodies))
        foot = self._rows(block.foot) if block.foot else None
        return (replace(block, attr=attr, caption=caption, head=head, bodies=bodies, foot=foot),)

    def _rows(self, group: RowGroup) -> RowGroup:
        attr = self._editor.around(group.attr)
        return RowGroup(tuple(map(self._row, group.rows)), attr)

    def _row(self, row: Row) -> Row:
        attr = self._editor.around(row.attr)
        return Row(tuple(map(self._cell, row.cells)), attr)

    def _cell(self, cell: Cell) -> Cell:
        return replace(cell, attr=self._editor.around(cell.attr), blocks=self.blocks(cell.blocks))
