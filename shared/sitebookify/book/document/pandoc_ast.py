"""The document as pandoc's own AST, in the JSON that ``pandoc -f json`` reads (pandoc-types 1.23, pandoc 3.9).

What pandoc has no node for is said with the classes that its own readers and writers know: an admonition is a ``Div``
of its kind with a ``Div`` "title" in it, marked text a ``Span`` "mark". Tab sets are laid open. A block's identifier,
language and direction stand on a ``Div`` around it where pandoc has no place for them. Pandoc's notes hold no notes and
are called once: notes that a note calls stand at its end, and a note that is called again is written again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.document.lead import with_lead
from sitebookify.book.document.pandoc_json import (
    Json,
    Places,
    div,
    node,
    pandoc_attr,
    words,
)
from sitebookify.book.document.pandoc_notes import PandocNotes
from sitebookify.book.document.pandoc_table import pandoc_table
from sitebookify.book.document.tex import to_tex
from sitebookify.book.document.tex_dialect import pandoc_tex
from sitebookify.book.document.visitor import Visitor
from sitebookify.book.document.walk import runs_of

_LIST_STYLES = {
    "": "DefaultStyle",
    "1": "Decimal",
    "a": "LowerAlpha",
    "A": "UpperAlpha",
    "i": "LowerRoman",
    "I": "UpperRoman",
}
_TASKS = {True: "☒ ", False: "☐ "}


def to_pandoc(document: n.Document, places: Places, *, language: str = "", alerts: bool = True) -> list[Json]:
    """The page's blocks.

    ``language`` is the book's; a page in another says so. ``alerts``: an admonition is what pandoc calls an alert, for
    formats whose writers know alerts; else it is a quotation that begins with its title.
    """
    own = document.language if document.language != language else ""
    blocks = _Writer(document, places, own, alerts=alerts).blocks(document.blocks)
    attr = n.Attr(lang=own, dir=document.direction)
    return [div(blocks, pandoc_attr("", (), attr))] if own or document.direction else blocks


class _Writer(Visitor):
    """Writes one page."""

    def __init__(self, document: n.Document, places: Places, language: str, *, alerts: bool) -> None:
        self._places = places
        self._language = language
        self._alerts = alerts
        self._notes = PandocNotes({note.name: note.blocks for note in document.notes}, self.blocks)
        self._quotations = 0

    def blocks(self, blocks: Iterable[n.Block]) -> list[Json]:
        """Blocks; one of the document's may be several of pandoc's."""
        written: list[Json] = []
        for block in blocks:
            written += self._methods[type(block)](self, block)
        return written

    def inlines(self, content: Iterable[n.Inline]) -> list[Json]:
        """What is in a line."""
        written: list[Json] = []
        for inline in content:
            written += words(inline) if isinstance(inline, str) else self._methods[type(inline)](self, inline)
        return written

    def attr(self, attr: n.Attr | None, *classes: str, **more: str) -> list[Any]:
        """Pandoc's Attr, with the name in the book of the page's id."""
        name = self._places.ids.get(attr.id, "") if attr else ""
        return pandoc_attr(name, classes, attr, **more)

    def boxed(self, attr: n.Attr | None, blocks: list[Json]) -> list[Json]:
        """The blocks in a Div where there is something to say about them."""
        written = self.attr(attr)
        return [div(blocks, written)] if written[0] or written[2] else blocks

    def spanned(self, attr: n.Attr | None, inlines: list[Json], *classes: str, **more: str) -> list[Json]:
        """The inlines in a Span where there is something to say about them."""
        written = self.attr(attr, *classes, **more)
        return [node("Span", [written, inlines])] if any(written) else inlines

    # --- Blocks ---

    def _para(self, block: n.Para) -> list[Json]:
        return self.boxed(block.attr, [node("Para", self.inlines(block.content))])

    def _plain(self, block: n.Plain) -> list[Json]:
        return [node("Plain", self.inlines(block.content))]

    def _line_block(self, block: n.LineBlock) -> list[Json]:
        lines = [self.inlines(line) for line in block.lines]
        return self.boxed(block.attr, [node("LineBlock", lines)])

    def _header(self, block: n.Header) -> list[Json]:
        level = min(block.level + self._places.shift, self._places.deepest)
        attr = self.attr(block.attr)
        content = self.inlines(block.content)
        if block.level == 1 and self._places.page:
            if block.attr:
                content = self.spanned(n.Attr(block.attr.id), []) + content
            attr[0] = self._places.page
            if self._language:
                attr[2].append(["lang", self._language])  # docx looks for it at headings
        return [node("Header", [level, attr, content])]

    def _code_block(self, block: n.CodeBlock) -> list[Json]:
        classes = (block.language,) if block.language else ()
        return [node("CodeBlock", [self.attr(block.attr, *classes), block.text])]

    def _block_quote(self, block: n.BlockQuote) -> list[Json]:
        return self.boxed(block.attr, [node("BlockQuote", self.blocks(block.blocks))])

    def _bullet_list(self, block: n.BulletList) -> list[Json]:
        items = [self.item(item) for item in block.items]
        return self.boxed(block.attr, [node("BulletList", items)])

    def _ordered_list(self, block: n.OrderedList) -> list[Json]:
        """Pandoc counts up from a start: where a list counts otherwise, the next one begins."""
        style = node(_LIST_STYLES[block.style])
        lists: list[Json] = []
        for first, items in runs_of(block):
            numbers = [first, style, node("DefaultDelim")]
            lists.append(node("OrderedList", [numbers, list(map(self.item, items))]))
        return self.boxed(block.attr, lists)

    def item(self, item: n.ListItem) -> list[Json]:
        """The item; one of a task begins with its box."""
        blocks = item.blocks if item.done is None else with_lead(item.blocks, _TASKS[item.done])
        return self.boxed(item.attr, self.blocks(blocks))

    def _definition_list(self, block: n.DefinitionList) -> list[Json]:
        items: list[list[Any]] = []
        for item in block.items:
            items += self.definition_item(item)
        return self.boxed(block.attr, [node("DefinitionList", items)])

    def definition_item(self, item: n.DefinitionItem) -> list[list[Any]]:
        """An item for each term; the last has the definitions."""
        terms = [self.spanned(term.attr, self.inlines(term.content)) for term in item.terms]
        definitions = [self.boxed(definition.attr, self.blocks(definition.blocks)) for definition in item.definitions]
        if not terms:
            terms = [[node("Str", "\u00a0")]]  # else AsciiDoc takes it for text
        items: list[list[Any]] = [[term, []] for term in terms]
        items[-1][1] = definitions
        return items

    def _table(self, block: n.Table) -> list[Json]:
        caption = self.blocks(block.caption)
        return pandoc_table(block, self.blocks, caption, self.attr)

    def _figure(self, block: n.Figure) -> list[Json]:
        caption = [None, self.blocks(block.caption)]
        return [node("Figure", [self.attr(block.attr), caption, self.blocks(block.blocks)])]

    def _div(self, block: n.Div) -> list[Json]:
        return self.boxed(block.attr, self.blocks(block.blocks))

    def _admonition(self, block: n.Admonition) -> list[Json]:
        if not self._alerts:
            quotation = node("BlockQuote", self.labelled(block.title, block.blocks))
            return self.boxed(block.attr, [quotation])
        content: list[Json] = []
        title = self.inlines(block.title)
        if title:
            content.append(div([node("Para", title)], pandoc_attr("", ("title",))))
        content += self.blocks(block.blocks)
        return [div(content, self.attr(block.attr, block.kind))]

    def _details(self, block: n.Details) -> list[Json]:
        return [div(self.labelled(block.summary, block.blocks), self.attr(block.attr, "details"))]

    def _translation(self, block: n.Translation) -> list[Json]:
        return [div(self.blocks(block.blocks), self.attr(block.attr, "translation"))]

    def _tab_set(self, block: n.TabSet) -> list[Json]:
        tabs = [div(self.labelled(tab.label, tab.blocks), self.attr(tab.attr, "tab")) for tab in block.tabs]
        return [div(tabs, self.attr(block.attr, "tab-set"))]

    def labelled(self, label: Iterable[n.Inline], blocks: Iterable[n.Block]) -> list[Json]:
        """The blocks below a line in bold."""
        content: list[Json] = []
        line = self.inlines(label)
        if line:
            content.append(node("Para", [node("Strong", line)]))
        return content + self.blocks(blocks)

    def _horizontal_rule(self, block: n.HorizontalRule) -> list[Json]:
        return self.boxed(block.attr, [node("HorizontalRule")])

    # --- Inlines ---

    def _styled(self, inline: Any) -> list[Json]:
        return [node(type(inline).__name__, self.inlines(inline.content))]

    def _quoted(self, inline: n.Quoted) -> list[Json]:
        self._quotations += 1
        content = self.inlines(inline.content)
        self._quotations -= 1
        if self._places.quotes is None:
            return [node("Quoted", [node("DoubleQuote"), content])]
        before, after = self._places.quotes(self._quotations)
        return [node("Str", before), *content, node("Str", after)]

    def _code(self, inline: n.Code) -> list[Json]:
        """Pandoc's code is text alone: links and the like have code in them and around them."""
        attr = pandoc_attr("", ("sample",) if inline.sample else ())
        written: list[Json] = []
        for part in inline.content:
            if isinstance(part, str):
                written.append(node("Code", [attr, part]))
            elif isinstance(part, n.Link):
                written += self._link(part, n.Code(part.content, inline.sample))
            else:
                written += self.inlines((part,))
        return written

    def _span(self, inline: n.Span) -> list[Json]:
        content = self.inlines(inline.content)
        if inline.kind == "ins":
            content = [node("Underline", content)]
        elif inline.kind == "var":
            content = [node("Emph", content)]
        elif inline.kind not in ("", "bdi", "bdo"):
            return self.spanned(inline.attr, content, inline.kind, title=inline.title)
        return self.spanned(inline.attr, content)

    def _link(self, inline: n.Link, code: n.Code | None = None) -> list[Json]:
        content = self._code(code) if code else self.inlines(inline.content)
        target = self._places.links.get(inline.target, "")
        if not target and inline.target.lower().startswith(n.SCHEMES):
            target = inline.target
        if not target:
            return self.spanned(inline.attr, content)
        return [node("Link", [self.attr(inline.attr), content, [target, inline.title]])]

    def _image(self, inline: n.Image) -> list[Json]:
        file = self._places.images.get(inline.source)
        alternative = words(inline.alt)
        if not file:
            return self.spanned(inline.attr, alternative)
        sizes = {"width": inline.width, "height": inline.height}
        pixels = {name: f"{size}px" for name, size in sizes.items() if size}
        return [node("Image", [self.attr(inline.attr, **pixels), alternative, [file, inline.title]])]

    def _math(self, inline: n.Math) -> list[Json]:
        tex = pandoc_tex(inline.tex) or (to_tex(inline.mathml) if inline.mathml else "")
        kind = node("DisplayMath" if inline.display else "InlineMath")
        return self.spanned(inline.attr, [node("Math", [kind, tex])] if tex else [])

    def _note(self, inline: n.Note) -> list[Json]:
        return self.spanned(inline.attr, self._notes.call(inline.name))

    def _line_break(self, _: n.LineBreak) -> list[Json]:
        return [node("LineBreak")]

    def _ruby(self, inline: n.Ruby) -> list[Json]:
        text = "".join(f"{base}({reading})" if reading else base for base, reading in inline.segments)
        return [node("Span", [pandoc_attr("", ("ruby",)), words(text)])]
