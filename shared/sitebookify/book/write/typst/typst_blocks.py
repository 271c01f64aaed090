"""Blocks as Typst code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import groups_of, is_task_list, runs_of
from sitebookify.book.write.typst.sheet import DEEPEST
from sitebookify.book.write.typst.typst_inlines import TypstLines
from sitebookify.book.write.typst.typst_syntax import call, group, string, words
from sitebookify.book.write.typst.typst_tables import grid

_BOX_COST = 2
_HEADING_COST = 2
_LIST_COST = 2
_QUOTE_COST = 4
_TABLE_COST = 5
"""With the function of a header cell."""
_CODE = {
    "a": "tag",
    "c": "comment",
    "d": "tag",
    "del": "strike",
    "f": "name",
    "ins": "strong",
    "k": "keyword",
    "p": "prompt",
    "s": "literal",
}
"""The functions for the kinds of highlighted code."""
_NUMBERINGS = {"a": "a.", "A": "A.", "i": "i.", "I": "I."}
_TASKS = {False: "\u2610 ", True: "\u2611 "}
_BACK = "\u21a9"


class TypstBlocks(TypstLines):
    """Writes blocks; ``depth`` is what the functions around them cost."""

    def flow(self, blocks: Sequence[n.Block], depth: int) -> list[str]:
        """The blocks, piece by piece; ``depth`` is what the functions around them cost."""
        pieces: list[str] = []
        for number, block in enumerate(blocks, 1):
            if not isinstance(block, n.Plain):
                pieces.append(self._methods[type(block)](self, block, depth))
                continue
            pieces += self.inlines(block.content, depth)
            if number < len(blocks) and not isinstance(blocks[number], n.BulletList | n.OrderedList):
                pieces.append("parbreak()")
        return pieces

    def endnotes(self, notes: Iterable[n.Footnote]) -> list[str]:
        """The notes as a list below a line; each leads back to where it is called first."""
        items = [self._endnote(note, number) for number, note in enumerate(notes, 1)]
        return ["rule()", call("enum", *items)] if items else []

    def _endnote(self, note: n.Footnote, number: int) -> str:
        """The note, with a link back to its first call at the end of its last line."""
        place = self.label(self.own_place(note.name))
        back = self.link_to(self.call_place(number), string(_BACK))
        last = note.blocks[-1] if note.blocks else None
        if not isinstance(last, n.Para | n.Plain):
            return group([place, *self.flow(note.blocks, _LIST_COST), back])
        others = self.flow(note.blocks[:-1], _LIST_COST)
        opening = self.opening(last.attr) if isinstance(last, n.Para) else []
        last_line = self.inlines(last.content, _LIST_COST)
        return group([place, *others, group([*opening, *last_line, back])])

    def _para(self, node: n.Para, depth: int) -> str:
        # Not par(…), which loses the images and formulas in it that are blocks.
        pieces = self.opening(node.attr)
        if node.content:
            pieces += [*self.inlines(node.content, depth), "parbreak()"]
        return group(pieces)

    def _line_block(self, node: n.LineBlock, depth: int) -> str:
        pieces = self.opening(node.attr)
        for number, content in enumerate(node.lines):
            if number:
                pieces.append("linebreak()")
            pieces += self.inlines(content, depth)
        return group([*pieces, "parbreak()"])

    def _header(self, node: n.Header, depth: int) -> str:
        # The contents repeat the heading, and a place can be in one spot only.
        places = self.labels_in([node])
        level = min(6, node.level + self.order.shift)
        if depth + _HEADING_COST > DEEPEST:
            written = group([self.line(node.content, depth), "parbreak()"])
        else:
            written = call("heading", f"level: {level}", self.line(node.content, depth + _HEADING_COST))
        return group([*places, *self.opening(node.attr), written])

    def _code_block(self, node: n.CodeBlock, _depth: int) -> str:
        pieces: list[str] = []
        for kind, text in self.context.highlight(node.text, node.language):
            pieces += _code_lines(text, _CODE.get(kind, ""))
        while pieces and pieces[-1] == "linebreak()":
            pieces.pop()
        return self.opened(node.attr, call("code", group(pieces)))

    def _block_quote(self, node: n.BlockQuote, depth: int) -> str:
        if depth + _QUOTE_COST > DEEPEST:
            return self._div(node, depth)
        body = group(self.flow(node.blocks, depth + _QUOTE_COST))
        return self.opened(node.attr, call("quote", "block: true", body))

    def _bullet_list(self, node: n.BulletList, depth: int) -> str:
        if depth + _LIST_COST > DEEPEST:
            return self._items_below_each_other(node, depth)
        arguments = ["marker: []"] if is_task_list(node) else []
        arguments += [self._item(item, depth + _LIST_COST) for item in node.items]
        return self.opened(node.attr, call("list", *arguments))

    def _ordered_list(self, node: n.OrderedList, depth: int) -> str:
        if depth + _LIST_COST > DEEPEST:
            return self._items_below_each_other(node, depth)
        following = max(0, node.start)
        arguments = [f"start: {following}"]
        if node.style in _NUMBERINGS:
            arguments.append(f"numbering: {string(_NUMBERINGS[node.style])}")
        for first, items in runs_of(node):
            for number, item in enumerate(items, first):
                shown = max(0, number)
                body = self._item(item, depth + _LIST_COST)
                arguments.append(body if shown == following else call("enum.item", str(shown), body))
                following = shown + 1
        return self.opened(node.attr, call("enum", *arguments))

    def _items_below_each_other(self, node: n.BulletList | n.OrderedList, depth: int) -> str:
        items = [group([self._item(item, depth), "parbreak()"]) for item in node.items]
        return group([*self.opening(node.attr), *items])

    def _item(self, item: n.ListItem, depth: int) -> str:
        sign = "" if item.done is None else string(_TASKS[item.done])
        return group([*self.opening(item.attr), sign, *self.flow(item.blocks, depth)])

    def _definition_list(self, node: n.DefinitionList, depth: int) -> str:
        pieces = self.opening(node.attr)
        for item in node.items:
            for term in item.terms:
                pieces.append(self._set_off("term", term.attr, (n.Plain(term.content),), depth))
            for definition in item.definitions:
                pieces.append(self._set_off("definition", definition.attr, definition.blocks, depth))
        return group([*pieces, "parbreak()"])

    def _set_off(self, function: str, attr: n.Attr | None, blocks: n.Blocks, depth: int) -> str:
        """The blocks by a function that gives them a box of their own."""
        if depth + _BOX_COST > DEEPEST:
            return self.opened(attr, group([*self.flow(blocks, depth), "parbreak()"]))
        return self.opened(attr, call(function, group(self.flow(blocks, depth + _BOX_COST))))

    def _table(self, node: n.Table, depth: int) -> str:
        too_deep = depth + _TABLE_COST > DEEPEST
        inner = depth if too_deep else depth + _TABLE_COST

        def write(cell: n.Cell) -> str:
            body = group([*self.opening(cell.attr), *self.flow(cell.blocks, inner)])
            return call("strong", body) if cell.header else body

        labels = self._table_labels(node)
        caption = self._caption(node.caption, depth)
        return group([*self.opening(node.attr), *labels, *caption, grid(node, write, flat=too_deep)])

    def _table_labels(self, node: n.Table) -> list[str]:
        """The labels of a table's parts: a head is repeated on every page, and rows are none of typst's elements."""
        labels: list[str] = []
        for part in groups_of(node):
            if part is node.head:
                labels += self.labels_in([part])
                continue
            labels.append(self.label_of(part.attr))
            labels += [self.label_of(row.attr) for row in part.rows]
        return labels

    def _caption(self, blocks: n.Blocks, depth: int) -> list[str]:
        return [self._set_off("caption", None, blocks, depth)] if blocks else []

    def _figure(self, node: n.Figure, depth: int) -> str:
        blocks = self.flow(node.blocks, depth)
        caption = self._caption(node.caption, depth)
        pieces = [*caption, *blocks] if node.caption_first else [*blocks, *caption]
        return group([*self.opening(node.attr), *pieces, "parbreak()"])

    def _div(self, node: n.Div | n.BlockQuote, depth: int) -> str:
        return group([*self.opening(node.attr), *self.flow(node.blocks, depth), "parbreak()"])

    def _admonition(self, node: n.Admonition, depth: int) -> str:
        return self._boxed(node.attr, node.title, node.blocks, depth, heavy=node.kind.is_severe)

    def _translation(self, node: n.Translation, depth: int) -> str:
        return self._set_off("translation", node.attr, node.blocks, depth)

    def _details(self, node: n.Details, depth: int) -> str:
        return self._boxed(node.attr, node.summary, node.blocks, depth, heavy=False)

    def _boxed(self, attr: n.Attr | None, title: n.Inlines, blocks: n.Blocks, depth: int, *, heavy: bool) -> str:
        fits = depth + _BOX_COST <= DEEPEST
        inner = depth + _BOX_COST if fits else depth
        pieces = [self._set_off("headline", None, (n.Plain(title),), inner)] if title else []
        body = group([*pieces, *self.flow(blocks, inner), "parbreak()"])
        return self.opened(attr, call("boxed", body, f"heavy: {str(heavy).lower()}") if fits else body)

    def _tab_set(self, node: n.TabSet, depth: int) -> str:
        pieces = self.opening(node.attr)
        for tab in node.tabs:
            label = ""
            if tab.label:
                label = group([call("strong", self.line(tab.label, depth + 1)), "parbreak()"])
            pieces.append(group([*self.opening(tab.attr), label, *self.flow(tab.blocks, depth)]))
        return group([*pieces, "parbreak()"])

    def _horizontal_rule(self, node: n.HorizontalRule, _depth: int) -> str:
        return self.opened(node.attr, "rule()")


def _code_lines(text: str, function: str) -> Iterable[str]:
    for number, part in enumerate(text.expandtabs(4).split("\n")):
        if number:
            yield "linebreak()"
        if part:
            yield call(function, words(part)) if function else words(part)
