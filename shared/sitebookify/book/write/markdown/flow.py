"""A document's blocks as Markdown, and its notes after them.

What Markdown has no form for becomes HTML around Markdown, with blank lines between the two, so
that readers take each for what it is.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from sitebookify.book.document import nodes as n
from sitebookify.book.document.admonition_kinds import KINDS
from sitebookify.book.document.visitor import Visitor
from sitebookify.book.document.walk import line_of, on_one_line, only_line, runs_of, walk
from sitebookify.book.write.markdown.atoms import Atomizer, Setting, opening_tag
from sitebookify.book.write.markdown.chunks import (
    Chunk,
    Piece,
    assembled,
    begins_plain,
    ends_plain,
    hung,
    indented,
    joined,
    quoted,
    settled,
)
from sitebookify.book.write.markdown.phrasing import line_html, line_markdown
from sitebookify.book.write.markdown.pipes import (
    Grid,
    content_of,
    grid_of,
    pipe_table,
    tagged_groups,
)
from sitebookify.book.write.markdown.places import Places

_RULE = "-" * 72
_RULE_IN_ITEM = "*" * 72
"""At the start of an item, after whose "-" the other would be one line with it."""
_INDENT = 4  # columns of a numbered item's text
_LARGEST = 999_999_999  # number of an item, for CommonMark
_FENCE = re.compile("^[ \t]*(`{3,})[ \t]*$", re.MULTILINE)
_LANGUAGE = re.compile(r"[\w.+#-]+")


class Flow(Visitor):
    """Writes one document. Args: ``places``: how it stands among others."""

    def __init__(self, document: n.Document, places: Places) -> None:
        self._document = document
        self._places = places
        self._notes = {note.name: note for note in document.notes}
        self._marks: dict[str, str] = {}
        self._called: deque[str] = deque()
        self._atomizers = {setting: Atomizer(places, self._call, setting) for setting in Setting}

    def markdown(self) -> str:
        """The document, then its notes in the order of their calls; it ends with a newline."""
        chunks = self._chunks(self._document.blocks) + self._called_notes()
        for note in self._document.notes:
            if note.name not in self._marks:
                chunks += self._chunks(note.blocks, self._places.anchor(note.name))
                chunks += self._called_notes()
        return joined(chunks) + "\n"

    def _call(self, name: str) -> str:
        if name in self._notes and name not in self._marks:
            self._called.append(name)
            self._marks[name] = f"[^{self._places.notes}{len(self._marks) + 1}]"
        return self._marks.get(name, "")

    def _called_notes(self) -> list[Chunk]:
        """The notes that were called and are not written; they may call others, which follow."""
        chunks = []
        while self._called:
            chunks.append(self._note(self._called.popleft()))
        return chunks

    def _note(self, name: str) -> Chunk:
        mark = self._marks[name]
        chunks = settled(self._chunks(self._notes[name].blocks, self._places.anchor(name)))
        room = " " * _INDENT
        text = indented(joined(chunks), room)
        begins_on_its_line = not chunks or chunks[0].kind in ("plain", "para")
        return Chunk("block", f"{mark}: {text}".rstrip() if begins_on_its_line else f"{mark}:\n{room}{text}")

    # --- Lines ---

    def _line(self, content: n.Inlines, lead: str = "", setting: Setting = Setting.BLOCK) -> str:
        atoms = self._atomizers[setting].atoms(content, lead)
        if setting is Setting.HTML:
            return line_html(atoms)
        return line_markdown(atoms, starts=setting is Setting.BLOCK)

    def _with_anchor(self, attr: n.Attr | None, lead: str) -> str:
        return lead + self._places.anchor_of(attr)

    def _above(self, attr: n.Attr | None, lead: str) -> list[Chunk]:
        """Anchors that stand above a block, which cannot hold them."""
        anchors = self._with_anchor(attr, lead)
        return [Chunk("block", anchors)] if anchors else []

    # --- Blocks: each method gets a block and the anchors before it ---

    def _chunks(self, blocks: Sequence[n.Block], lead: str = "") -> list[Chunk]:
        """The blocks; ``lead`` is HTML that stands in the first of their lines."""
        chunks: list[Chunk] = []
        for block in blocks:
            chunks += self._methods[type(block)](self, block, lead)
            lead = ""
        if lead:
            chunks.append(Chunk("plain", lead))
        return [chunk for chunk in chunks if chunk.text]

    def _content(self, blocks: n.Blocks, lead: str = "") -> str:
        return joined(settled(self._chunks(blocks, lead)))

    def _para(self, node: n.Para, lead: str) -> list[Chunk]:
        return [Chunk("para", self._line(node.content, self._with_anchor(node.attr, lead)))]

    def _plain(self, node: n.Plain, lead: str) -> list[Chunk]:
        return [Chunk("plain", self._line(node.content, lead))]

    def _line_block(self, node: n.LineBlock, lead: str) -> list[Chunk]:
        content: list[Any] = []
        for line in node.lines:
            content += [*line, n.LineBreak()]
        return self._para(n.Para(tuple(content), node.attr), lead)

    def _header(self, node: n.Header, lead: str) -> list[Chunk]:
        level = min(6, node.level + self._places.shift)
        text = self._line(on_one_line(node.content), setting=Setting.HEADING)
        heading = f"{'#' * level} {text}" if text else ""
        return [*self._above(node.attr, lead), Chunk("block", heading)]

    def _horizontal_rule(self, node: n.HorizontalRule, lead: str) -> list[Chunk]:
        return [*self._above(node.attr, lead), Chunk("block", _RULE)]

    def _code_block(self, node: n.CodeBlock, lead: str) -> list[Chunk]:
        longest = max(map(len, _FENCE.findall(node.text)), default=0)
        fence = "`" * max(3, 1 + longest)
        language = node.language if _LANGUAGE.fullmatch(node.language) else ""
        block = f"{fence}{language}\n{node.text}\n{fence}"
        return [*self._above(node.attr, lead), Chunk("block", block)]

    def _block_quote(self, node: n.BlockQuote, lead: str) -> list[Chunk]:
        return [*self._above(node.attr, lead), Chunk("block", quoted(self._content(node.blocks)))]

    def _div(self, node: n.Div, lead: str) -> list[Chunk]:
        return self._chunks(node.blocks, self._with_anchor(node.attr, lead))

    def _translation(self, node: n.Translation, lead: str) -> list[Chunk]:
        """A quotation: the original stands above it."""
        return [Chunk("block", quoted(self._content(node.blocks, lead)))]

    def _admonition(self, node: n.Admonition, lead: str) -> list[Chunk]:
        """GitHub's form has no title: one that says more than the alert's name becomes the first paragraph."""
        blocks = node.blocks
        title = line_of(node.title)
        if title and title.rstrip(":!").casefold() not in KINDS[node.kind.alert.lower()].synonyms:
            blocks = (n.Para((n.Strong(node.title),)), *blocks)
        content = self._content(blocks, self._with_anchor(node.attr, lead))
        return [Chunk("block", quoted(f"[!{node.kind.alert}]\n{content}".rstrip("\n")))]

    def _tab_set(self, node: n.TabSet, lead: str) -> list[Chunk]:
        lead = self._with_anchor(node.attr, lead)
        chunks: list[Chunk] = []
        for tab in node.tabs:
            label = n.Para((n.Strong(tab.label),))
            chunks += self._chunks((label, *tab.blocks), self._with_anchor(tab.attr, lead))
            lead = ""
        return chunks

    def _figure(self, node: n.Figure, lead: str) -> list[Chunk]:
        caption = _caption(node.caption)
        blocks = (*caption, *node.blocks) if node.caption_first else (*node.blocks, *caption)
        return [*self._above(node.attr, lead), *self._chunks(blocks)]

    def _details(self, node: n.Details, lead: str) -> list[Chunk]:
        summary = self._element("summary", (n.Plain(node.summary or ("Details",)),))
        pieces: list[Piece] = ["<details>", *summary, self._chunks(node.blocks), "</details>"]
        return [*self._above(node.attr, lead), *assembled(pieces)]

    def _definition_list(self, node: n.DefinitionList, lead: str) -> list[Chunk]:
        above = self._above(node.attr, lead)
        pieces: list[Piece] = []
        for item in node.items:
            for term in item.terms:
                line = self._line(term.content, self._places.anchor_of(term.attr))
                pieces += ["<dt>", [Chunk("para", line)] if line else [], "</dt>"]
            for definition in item.definitions:
                chunks = self._chunks(definition.blocks, self._places.anchor_of(definition.attr))
                pieces += ["<dd>", chunks, "</dd>"]
        return [*above, *assembled(["<dl>", *pieces, "</dl>"])] if pieces else above

    # --- Lists ---

    def _bullet_list(self, node: n.BulletList, lead: str) -> list[Chunk]:
        markers = ["- "] * len(node.items)
        return [*self._above(node.attr, lead), *self._list("ul", node.items, markers)]

    def _ordered_list(self, node: n.OrderedList, lead: str) -> list[Chunk]:
        """The list, or several where a number does not follow: Markdown counts on from the first."""
        chunks = self._above(node.attr, lead)
        for first, items in runs_of(node):
            start = first if 0 <= first <= _LARGEST - len(items) else 1
            markers = [f"{start + number}. ".ljust(_INDENT) for number in range(len(items))]
            chunks += self._list("ol", items, markers)
        return chunks

    def _list(self, kind: Literal["ul", "ol"], items: Sequence[n.ListItem], markers: Sequence[str]) -> list[Chunk]:
        contents = [self._item(item) for item in items]
        tight = all(map(begins_plain, contents))
        pieces: list[str] = []
        for marker, content in zip(markers, contents, strict=True):
            pieces.append(hung(marker, joined(content)))
            pieces.append("\n" if tight and ends_plain(content) else "\n\n")
        return [Chunk(kind, "".join(pieces[:-1]), tight)] if items else []

    def _item(self, item: n.ListItem) -> list[Chunk]:
        chunks = settled(self._chunks(item.blocks, self._places.anchor_of(item.attr)), in_list=True)
        if item.done is None:
            is_rule = chunks and chunks[0].text == _RULE
            return [Chunk("block", _RULE_IN_ITEM), *chunks[1:]] if is_rule else chunks
        box = "[x]" if item.done else "[ ]"
        if chunks and chunks[0].kind in ("plain", "para"):
            return [replace(chunks[0], text=f"{box} {chunks[0].text}"), *chunks[1:]]
        return [Chunk("plain", box), *chunks]

    # --- Tables ---

    def _table(self, node: n.Table, lead: str) -> list[Chunk]:
        chunks = self._above(node.attr, lead)
        groups = tagged_groups(node)
        grid = grid_of(node)
        if grid is None and groups:
            return chunks + self._tags(groups, node.caption)
        if grid:
            anchors = [self._row_anchors(group, row) for _, group in groups for row in group.rows]
            chunks.append(self._pipes(grid, anchors))
        return chunks + self._chunks(_caption(node.caption))

    def _row_anchors(self, group: n.RowGroup, row: n.Row) -> str:
        """The anchors of a row and, where it is the first of a group, of the group."""
        anchors = self._places.anchor_of(group.attr) if row is group.rows[0] else ""
        return self._with_anchor(row.attr, anchors)

    def _pipes(self, grid: Grid, anchors: Sequence[str]) -> Chunk:
        """The table with pipes; ``anchors`` stand in the first cells of the rows."""
        made_up_heads = len(grid) - len(anchors)
        leads = [""] * made_up_heads + [*anchors]
        lines: list[list[str]] = []
        for lead, (first, *others) in zip(leads, grid, strict=True):
            lines.append([self._pipe_cell(first, lead), *map(self._pipe_cell, others)])
        row_below_head = grid[1] if len(grid) > 1 else grid[0]
        aligns = [cell.align for cell in row_below_head]
        return Chunk("block", pipe_table(lines, aligns))

    def _pipe_cell(self, cell: n.Cell, lead: str = "") -> str:
        lead = self._with_anchor(cell.attr, lead)
        for block in cell.blocks:
            lead = self._with_anchor(getattr(block, "attr", None), lead)
        return self._line(content_of(cell) or (), lead, Setting.CELL)

    def _tags(self, groups: Sequence[tuple[str, n.RowGroup]], caption: n.Blocks) -> list[Chunk]:
        """The table as HTML."""
        pieces: list[Piece] = ["<table>"]
        if caption:
            pieces += self._element("caption", caption)
        for tag, group in groups:
            pieces.append(f"<{tag}>")
            for row in group.rows:
                pieces += self._row(row, self._row_anchors(group, row))
            pieces.append(f"</{tag}>")
        return assembled([*pieces, "</table>"])

    def _row(self, row: n.Row, lead: str) -> list[Piece]:
        """The row as HTML, on one line where each of its cells is a line."""
        pieces: list[Piece] = []
        for cell in row.cells:
            attributes = {
                "colspan": str(cell.colspan) if cell.colspan > 1 else "",
                "rowspan": str(cell.rowspan) if cell.rowspan > 1 else "",
                "scope": cell.scope,
                "align": cell.align,
            }
            lead = self._with_anchor(cell.attr, lead)
            tag = "th" if cell.header else "td"
            pieces += self._element(tag, cell.blocks, lead, **attributes)
            lead = ""
        lines = [piece for piece in pieces if isinstance(piece, str)]
        if len(lines) == len(row.cells):
            return [f"<tr>{''.join(lines)}</tr>"]
        return ["<tr>", *pieces, "</tr>"]

    def _element(self, tag: str, blocks: n.Blocks, lead: str = "", **attributes: str) -> list[Piece]:
        """An element on one line where HTML can hold what it holds, else around Markdown."""
        start, end = opening_tag(tag, **attributes), f"</{tag}>"
        if not blocks:
            return [f"{start}{lead}{end}"]
        line = only_line(blocks)
        if line and not any(isinstance(node, n.Note | n.Math) for node in walk(line.content)):  # those are Markdown's
            lead = self._with_anchor(getattr(line, "attr", None), lead)
            return [f"{start}{self._line(line.content, lead, Setting.HTML)}{end}"]
        return [start, self._chunks(blocks, lead), end]


def _caption(caption: n.Blocks) -> n.Blocks:
    """Markdown has no captions: a line in italics."""
    line = only_line(caption)
    return (n.Para((n.Emph(line.content),), getattr(line, "attr", None)),) if line else caption
