"""A page's document as XHTML or HTML: a visitor that builds strings.

What may stand where is settled by the document's types: blocks hold blocks or a line, lines hold no block, and lists,
tables and definitions hold what is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from sitebookify.book.direction import direction_of
from sitebookify.book.document import nodes as n
from sitebookify.book.document.lead import with_lead
from sitebookify.book.document.walk import is_line_with_lists, is_task_list, line_of
from sitebookify.book.labels import labels_of
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.render.parts import Part
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml.dialect import Dialect
from sitebookify.book.write.xhtml.lines import LineWriter, numbered_notes
from sitebookify.book.write.xhtml.widths import fit

_TASKS = {False: "\u2610 ", True: "\u2611 "}
_BACK = "\u21a9"
_NO_COLUMNS: Collection[int] = ()
_LONGEST_WHOLE = 1200
"""Characters of a box that is kept on one page: half a small screen. Longer ones would leave as large a gap."""


class WrittenHeading(NamedTuple):
    """A heading's text and anchor, "" where it has none; ``listed`` where it is of the page's second level.

    That of pages under another page stands deeper, see ``PageOrder.shift``.
    """

    text: str
    anchor: str
    listed: bool


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A part of a page: its ``<section>``, whether MathML is in it, and its headings."""

    markup: str
    math: bool
    headings: tuple[WrittenHeading, ...]


def written_sections(context: PageContext, dialect: Dialect, parts: Sequence[Part] = ()) -> tuple[WrittenSection, ...]:
    """The page, a section for each of its parts, or one for all of it where none are given.

    The sections share the page's ids, and links lead from one to another.
    """
    if not parts:
        parts = (Part(context.document.blocks, context.document.notes),)
    writer = _SectionWriter(context, dialect, numbered_notes(context.order.slug, parts))
    last = len(parts) - 1
    return tuple(writer.section(number, part, last=number == last) for number, part in enumerate(parts))


class _SectionWriter(LineWriter):
    """Writes the sections of one page, one after another."""

    def __init__(self, context: PageContext, dialect: Dialect, notes: Mapping[str, tuple[int, Target]]) -> None:
        super().__init__(context, dialect, notes)
        self._document = context.document
        self._listed_level = min(6, context.order.shift + 2)
        self._headings: list[WrittenHeading] = []

    def section(self, number: int, part: Part, *, last: bool) -> WrittenSection:
        """The part with this number."""
        self._part = number
        self._headings = []
        self.has_math = False
        pieces = [f'<section{self._section_attributes()}{self._type("chapter")} role="doc-chapter">']
        pieces += filter(None, map(self._block, part.blocks))
        if part.notes:
            pieces.append(self._endnotes(part.notes))
        if last:
            pieces += self._sources()
        pieces.append("</section>")
        return WrittenSection("\n".join(pieces), self.has_math, tuple(self._headings))

    def _section_attributes(self) -> str:
        """Its id, and the page's language, where nothing around it says so, and direction."""
        attributes = ""
        name = "" if self._part else self._dialect.place_id(self._order.slug, "")
        if name:
            attributes += f' id="{name}"'
        if self._dialect.xml:  # the file says both
            return attributes
        language = self._document.language
        if language != self._order.language:
            attributes += self._language(language)
        direction = self._document.direction or "ltr"
        if direction != (direction_of(self._order.language) or "ltr"):
            attributes += f' dir="{direction}"'
        return attributes

    def _endnotes(self, notes: Sequence[n.Footnote]) -> str:
        first = self._notes[notes[0].name][0]
        start = f' start="{first}"' if first > 1 else ""
        items = "\n".join(map(self._endnote, notes))
        return f'<section role="doc-endnotes"{self._type("footnotes")}>\n<ol{start}>\n{items}\n</ol>\n</section>'

    def _endnote(self, note: n.Footnote) -> str:
        """The note, with a link back to its first call at the end of its last paragraph."""
        identifier = self._id(self._claimed(anchor_name(note.name)))
        content = self._flow(note.blocks)
        call = self._calls.get(note.name)
        if call is None:
            return f"<li{identifier}>{content}</li>"
        back = f'<a href="{escape(self._dialect.href(call))}" role="doc-backlink">{_BACK}</a>'
        if content.endswith("</p>"):
            content = f"{content.removesuffix('</p>')} {back}</p>"
        else:
            content = f"{content}<p>{back}</p>"
        return f"<li{identifier}>{content}</li>"

    def _sources(self) -> list[str]:
        """Links to the pages that the chapter was taken from."""
        sources = self._order.sources
        if not sources:
            return []
        word = labels_of(self._order.language).of_sources(len(sources))
        lines = [f"<p>{word}:</p>"]
        for title, url in sources:
            named = f"{escape(title, quote=False)}, " if title and len(sources) > 1 else ""
            lines.append(f'<p>{named}<a href="{escape(url)}">{escape(url, quote=False)}</a></p>')
        language = "" if self._document.language in ("", self._order.language) else self._order.language
        return [f'<div class="sources"{self._language(language)}>', *lines, "</div>"]

    # --- Blocks

    def _block(self, block: Any) -> str:
        written: str = self._methods[type(block)](self, block)
        return written

    def _flow(self, blocks: n.Blocks) -> str:
        return "".join(map(self._block, blocks))

    def _item(self, blocks: n.Blocks) -> str:
        """What an item or a cell holds: a line alone, or above a nested list, is no paragraph there."""
        if not is_line_with_lists(blocks):
            return self._flow(blocks)
        return "".join(self.line(block.content) if type(block) is n.Plain else self._block(block) for block in blocks)

    def _para(self, block: n.Para) -> str:
        attributes = self._attributes(block.attr)
        content = self.line(block.content)
        return f"<p{attributes}>{content}</p>" if attributes or content.strip() else ""

    def _plain(self, block: n.Plain) -> str:
        content = self.line(block.content)
        return f"<p>{content}</p>" if content.strip() else ""

    def _line_block(self, block: n.LineBlock) -> str:
        content = self._break.join(map(self.line, block.lines))
        return f"<p{self._attributes(block.attr)}>{content}</p>"

    def _header(self, block: n.Header) -> str:
        level = min(6, block.level + self._order.shift)
        anchor = self._claimed(self._anchors.get(block.attr.id, "")) if block.attr else ""
        text = line_of(block.content)
        if text:
            listed = level == self._listed_level
            if listed and not anchor:
                anchor = self._claimed(self._free_anchor("section"))
            self._headings.append(WrittenHeading(text, anchor, listed))
        content = self.line(block.content)
        return f"<h{level}{self._id(anchor)}{self._speech(block.attr)}>{content}</h{level}>"

    def _code_block(self, block: n.CodeBlock) -> str:
        pieces = []
        for kind, text in self._context.highlight(block.text, block.language):
            escaped = escape(text, quote=False)
            pieces.append(f'<span class="{kind}">{escaped}</span>' if kind else escaped)
        attributes = self._attributes(block.attr) + self._code_direction(block.attr)
        return f"<pre{attributes}><code>{''.join(pieces)}</code></pre>"

    def _block_quote(self, block: n.BlockQuote) -> str:
        return f"<blockquote{self._attributes(block.attr)}>{self._flow(block.blocks)}</blockquote>"

    def _horizontal_rule(self, block: n.HorizontalRule) -> str:
        return f"<hr{self._attributes(block.attr)}{'/' if self._dialect.xml else ''}>"

    def _div(self, block: n.Div) -> str:
        attributes = self._attributes(block.attr)
        content = self._flow(block.blocks)
        return f"<div{attributes}>{content}</div>" if attributes else content

    def _admonition(self, block: n.Admonition) -> str:
        attributes = self._attributes(block.attr)
        title = f'<p class="admonition-title">{self.line(block.title)}</p>' if block.title else ""
        names = f"admonition {block.kind} severe" if block.kind.is_severe else f"admonition {block.kind}"
        content = self._flow(block.blocks)
        if len(content) > _LONGEST_WHOLE:
            names += " long"
        return f'<div class="{names}"{attributes}>{title}{content}</div>'

    def _translation(self, block: n.Translation) -> str:
        return f'<div class="translation"{self._attributes(block.attr)}>{self._flow(block.blocks)}</div>'

    def _details(self, block: n.Details) -> str:
        """Always open: on paper nothing can be clicked."""
        attributes = self._attributes(block.attr)
        summary = f'<p class="summary">{self.line(block.summary)}</p>' if block.summary else ""
        return f'<div class="details"{attributes}>{summary}{self._flow(block.blocks)}</div>'

    def _tab_set(self, block: n.TabSet) -> str:
        """The tabs one below the other, each under its label."""
        attributes = self._attributes(block.attr)
        tabs = "".join(map(self._tab, block.tabs))
        return f"<div{attributes}>{tabs}</div>" if attributes else tabs

    def _tab(self, tab: n.Tab) -> str:
        attributes = self._attributes(tab.attr)
        title = f"<p><strong>{self.line(tab.label)}</strong></p>" if tab.label else ""
        content = title + self._flow(tab.blocks)
        return f"<div{attributes}>{content}</div>" if attributes else content

    def _figure(self, block: n.Figure) -> str:
        attributes = self._attributes(block.attr)
        caption = self._caption("figcaption", block.caption) if block.caption_first else ""
        content = self._flow(block.blocks)
        if not block.caption_first:
            content += self._caption("figcaption", block.caption)
        return f"<figure{attributes}>{caption}{content}</figure>"

    def _caption(self, tag: str, blocks: n.Blocks) -> str:
        return f"<{tag}>{self._item(blocks)}</{tag}>" if blocks else ""

    # --- Lists

    def _bullet_list(self, block: n.BulletList) -> str:
        attributes = self._attributes(block.attr)
        if is_task_list(block):
            attributes += ' class="tasks"'
        items = [self._list_item(item, "") for item in block.items]
        return f"<ul{attributes}>{''.join(items)}</ul>"

    def _ordered_list(self, block: n.OrderedList) -> str:
        attributes = self._attributes(block.attr)
        usual_start = len(block.items) if block.reversed else 1
        if block.start != usual_start:
            attributes += f' start="{block.start}"'
        if block.style:
            attributes += f' type="{block.style}"'
        if block.reversed:
            attributes += ' reversed="reversed"'
        items = []
        for item in block.items:
            number = "" if item.value is None else f' value="{item.value}"'
            items.append(self._list_item(item, number))
        return f"<ol{attributes}>{''.join(items)}</ol>"

    def _list_item(self, item: n.ListItem, number: str) -> str:
        attributes = self._attributes(item.attr)
        blocks = item.blocks if item.done is None else with_lead(item.blocks, _TASKS[item.done])
        return f"<li{number}{attributes}>{self._item(blocks)}</li>"

    def _definition_list(self, block: n.DefinitionList) -> str:
        """Terms and definitions in turn, beginning with a term and ending with a definition."""
        if not block.items:
            return ""
        attributes = self._attributes(block.attr)
        first = "" if block.items[0].terms else "<dt></dt>"
        items = "".join(map(self._definition_item, block.items))
        last = "" if block.items[-1].definitions else "<dd></dd>"
        return f"<dl{attributes}>{first}{items}{last}</dl>"

    def _definition_item(self, item: n.DefinitionItem) -> str:
        pieces = [f"<dt{self._attributes(term.attr)}>{self.line(term.content)}</dt>" for term in item.terms]
        for definition in item.definitions:
            attributes = self._attributes(definition.attr)
            pieces.append(f"<dd{attributes}>{self._item(definition.blocks)}</dd>")
        return "".join(pieces)

    # --- Tables

    def _table(self, block: n.Table) -> str:
        fitting = fit(block)
        kind = "table" if fitting.breaking is None else "table whole"
        if fitting.small:
            kind += " small"
        attributes = self._attributes(block.attr)
        caption = self._caption("caption", block.caption)
        columns = fitting.breaking or _NO_COLUMNS
        groups = [self._rows("thead", block.head, columns)]
        groups += [self._rows("tbody", body, columns) for body in block.bodies]
        groups.append(self._rows("tfoot", block.foot, columns))
        rows = "".join(groups)
        if not rows:
            return ""
        return f'<div class="{kind}"><table{attributes}>{caption}{rows}</table></div>'

    def _rows(self, tag: str, group: n.RowGroup | None, breaking: Collection[int]) -> str:
        if group is None:
            return ""
        attributes = self._attributes(group.attr)
        pieces = []
        for row in group.rows:
            own = self._attributes(row.attr)
            cells = [self._cell(cell, breaks=column in breaking) for column, cell in enumerate(row.cells)]
            if cells:
                pieces.append(f"<tr{own}>{''.join(cells)}</tr>")
        return f"<{tag}{attributes}>{''.join(pieces)}</{tag}>" if pieces else ""

    def _cell(self, cell: n.Cell, *, breaks: bool) -> str:
        tag = "th" if cell.header else "td"
        attributes = self._attributes(cell.attr)
        if cell.colspan > 1:
            attributes += f' colspan="{cell.colspan}"'
        if cell.rowspan > 1:
            attributes += f' rowspan="{cell.rowspan}"'
        if cell.scope and cell.header:
            attributes += f' scope="{cell.scope}"'
        classes = [f"align-{cell.align}"] if cell.align else []
        if breaks:
            classes.append("breaks")
        if classes:
            attributes += f' class="{" ".join(classes)}"'
        return f"<{tag}{attributes}>{self._item(cell.blocks)}</{tag}>"
