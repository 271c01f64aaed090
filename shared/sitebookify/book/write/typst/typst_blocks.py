"""Blocks as Typst code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import groups_of, is_task_list
from sitebookify.book.write.typst.sheet import DEEPEST, Sheet
from sitebookify.book.write.typst.typst_inlines import inlines, line
from sitebookify.book.write.typst.typst_syntax import breakable, call, group, string
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

_Writer = Callable[[Sheet, Any, int], str]


def flow(sheet: Sheet, blocks: Sequence[n.Block], depth: int) -> list[str]:
    """The blocks, piece by piece; ``depth`` is what the functions around them cost."""
    pieces: list[str] = []
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, n.Plain):
            pieces.append(_WRITERS[type(block)](sheet, block, depth))
            continue
        pieces += inlines(sheet, block.content, depth)
        if number < len(blocks) and not isinstance(blocks[number], n.BulletList | n.OrderedList):
            pieces.append("parbreak()")
    return pieces


def endnotes(sheet: Sheet, notes: Iterable[n.Footnote]) -> list[str]:
    """The notes as a list below a line; each leads back to where it is called first."""
    items = [_endnote(sheet, note, number) for number, note in enumerate(notes, 1)]
    return ["rule()", call("enum", *items)] if items else []


def _endnote(sheet: Sheet, note: n.Footnote, number: int) -> str:
    """The note, with a link back to its first call at the end of its last line."""
    place = sheet.label(sheet.own_place(note.name))
    back = sheet.link(sheet.call_place(number), string(_BACK))
    last = note.blocks[-1] if note.blocks else None
    if not isinstance(last, n.Para | n.Plain):
        return group([place, *flow(sheet, note.blocks, _LIST_COST), back])
    others = flow(sheet, note.blocks[:-1], _LIST_COST)
    opening = sheet.opening(last.attr) if isinstance(last, n.Para) else []
    last_line = inlines(sheet, last.content, _LIST_COST)
    return group([place, *others, group([*opening, *last_line, back])])


def _paragraph(sheet: Sheet, node: n.Para, depth: int) -> str:
    # Not par(…), which loses the images and formulas in it that are blocks.
    pieces = sheet.opening(node.attr)
    if node.content:
        pieces += [*inlines(sheet, node.content, depth), "parbreak()"]
    return group(pieces)


def _line_block(sheet: Sheet, node: n.LineBlock, depth: int) -> str:
    pieces = sheet.opening(node.attr)
    for number, content in enumerate(node.lines):
        if number:
            pieces.append("linebreak()")
        pieces += inlines(sheet, content, depth)
    return group([*pieces, "parbreak()"])


def _heading(sheet: Sheet, node: n.Header, depth: int) -> str:
    # The contents repeat the heading, and a place can be in one spot only.
    places = sheet.labels_in([node])
    level = min(6, node.level + sheet.order.shift)
    if depth + _HEADING_COST > DEEPEST:
        written = group([line(sheet, node.content, depth), "parbreak()"])
    else:
        written = call("heading", f"level: {level}", line(sheet, node.content, depth + _HEADING_COST))
    return group([*places, *sheet.opening(node.attr), written])


def _code(sheet: Sheet, node: n.CodeBlock, _depth: int) -> str:
    pieces: list[str] = []
    for kind, text in sheet.context.highlight(node.text, node.language):
        pieces += _code_lines(text, _CODE.get(kind, ""))
    while pieces and pieces[-1] == "linebreak()":
        pieces.pop()
    return sheet.opened(node.attr, call("code", group(pieces)))


def _code_lines(text: str, function: str) -> Iterable[str]:
    for number, part in enumerate(text.expandtabs(4).split("\n")):
        if number:
            yield "linebreak()"
        if part:
            yield call(function, string(breakable(part))) if function else string(breakable(part))


def _quote(sheet: Sheet, node: n.BlockQuote, depth: int) -> str:
    if depth + _QUOTE_COST > DEEPEST:
        return _box(sheet, node, depth)
    body = group(flow(sheet, node.blocks, depth + _QUOTE_COST))
    return sheet.opened(node.attr, call("quote", "block: true", body))


def _bullet_list(sheet: Sheet, node: n.BulletList, depth: int) -> str:
    if depth + _LIST_COST > DEEPEST:
        return _items_below_each_other(sheet, node, depth)
    arguments = ["marker: []"] if is_task_list(node) else []
    arguments += [_item(sheet, item, depth + _LIST_COST) for item in node.items]
    return sheet.opened(node.attr, call("list", *arguments))


def _ordered_list(sheet: Sheet, node: n.OrderedList, depth: int) -> str:
    if depth + _LIST_COST > DEEPEST:
        return _items_below_each_other(sheet, node, depth)
    arguments = [f"start: {max(0, node.start)}"]
    if node.style in _NUMBERINGS:
        arguments.append(f"numbering: {string(_NUMBERINGS[node.style])}")
    number = node.start
    following = max(0, number)
    for item in node.items:
        number = number if item.value is None else item.value
        shown = max(0, number)
        body = _item(sheet, item, depth + _LIST_COST)
        arguments.append(body if shown == following else call("enum.item", str(shown), body))
        following = shown + 1
        number += -1 if node.reversed else 1
    return sheet.opened(node.attr, call("enum", *arguments))


def _items_below_each_other(sheet: Sheet, node: n.BulletList | n.OrderedList, depth: int) -> str:
    items = [group([_item(sheet, item, depth), "parbreak()"]) for item in node.items]
    return group([*sheet.opening(node.attr), *items])


def _item(sheet: Sheet, item: n.ListItem, depth: int) -> str:
    sign = "" if item.done is None else string(_TASKS[item.done])
    return group([*sheet.opening(item.attr), sign, *flow(sheet, item.blocks, depth)])


def _definitions(sheet: Sheet, node: n.DefinitionList, depth: int) -> str:
    pieces = sheet.opening(node.attr)
    for item in node.items:
        for term in item.terms:
            pieces.append(_set_off(sheet, "term", term.attr, (n.Plain(term.content),), depth))
        for definition in item.definitions:
            pieces.append(_set_off(sheet, "definition", definition.attr, definition.blocks, depth))
    return group([*pieces, "parbreak()"])


def _set_off(sheet: Sheet, function: str, attr: n.Attr | None, blocks: n.Blocks, depth: int) -> str:
    """The blocks by a function that gives them a box of their own."""
    fits = depth + _BOX_COST <= DEEPEST
    body = group(flow(sheet, blocks, depth + _BOX_COST if fits else depth))
    return sheet.opened(attr, call(function, body) if fits else group([body, "parbreak()"]))


def _table(sheet: Sheet, node: n.Table, depth: int) -> str:
    too_deep = depth + _TABLE_COST > DEEPEST
    inner = depth if too_deep else depth + _TABLE_COST

    def write(cell: n.Cell) -> str:
        body = group([*sheet.opening(cell.attr), *flow(sheet, cell.blocks, inner)])
        return call("strong", body) if cell.header else body

    labels = _table_labels(sheet, node)
    caption = _caption(sheet, node.caption, depth)
    return group([*sheet.opening(node.attr), *labels, *caption, grid(node, write, flat=too_deep)])


def _table_labels(sheet: Sheet, node: n.Table) -> list[str]:
    """The labels of a table's parts: a head is repeated on every page, and rows are none of typst's elements."""
    labels: list[str] = []
    for part in groups_of(node):
        if part is node.head:
            labels += sheet.labels_in([part])
            continue
        labels.append(sheet.label_of(part.attr))
        labels += [sheet.label_of(row.attr) for row in part.rows]
    return labels


def _caption(sheet: Sheet, blocks: n.Blocks, depth: int) -> list[str]:
    return [_set_off(sheet, "caption", None, blocks, depth)] if blocks else []


def _figure(sheet: Sheet, node: n.Figure, depth: int) -> str:
    blocks = flow(sheet, node.blocks, depth)
    caption = _caption(sheet, node.caption, depth)
    pieces = [*caption, *blocks] if node.caption_first else [*blocks, *caption]
    return group([*sheet.opening(node.attr), *pieces, "parbreak()"])


def _box(sheet: Sheet, node: n.Div | n.BlockQuote | n.Translation, depth: int) -> str:
    return group([*sheet.opening(node.attr), *flow(sheet, node.blocks, depth), "parbreak()"])


def _admonition(sheet: Sheet, node: n.Admonition, depth: int) -> str:
    return _boxed(sheet, node.attr, node.title, node.blocks, depth, heavy=node.kind.is_severe)


def _translation(sheet: Sheet, node: n.Translation, depth: int) -> str:
    if depth + _BOX_COST > DEEPEST:
        return _box(sheet, node, depth)
    body = group(flow(sheet, node.blocks, depth + _BOX_COST))
    return sheet.opened(node.attr, call("translation", body))


def _details(sheet: Sheet, node: n.Details, depth: int) -> str:
    return _boxed(sheet, node.attr, node.summary, node.blocks, depth, heavy=False)


def _boxed(sheet: Sheet, attr: n.Attr | None, title: n.Inlines, blocks: n.Blocks, depth: int, *, heavy: bool) -> str:
    fits = depth + _BOX_COST <= DEEPEST
    inner = depth + _BOX_COST if fits else depth
    pieces = [_set_off(sheet, "headline", None, (n.Plain(title),), inner)] if title else []
    body = group([*pieces, *flow(sheet, blocks, inner), "parbreak()"])
    return sheet.opened(attr, call("boxed", body, f"heavy: {str(heavy).lower()}") if fits else body)


def _tab_set(sheet: Sheet, node: n.TabSet, depth: int) -> str:
    pieces = sheet.opening(node.attr)
    for tab in node.tabs:
        label = ""
        if tab.label:
            label = group([call("strong", line(sheet, tab.label, depth + 1)), "parbreak()"])
        pieces.append(group([*sheet.opening(tab.attr), label, *flow(sheet, tab.blocks, depth)]))
    return group([*pieces, "parbreak()"])


def _rule(sheet: Sheet, node: n.HorizontalRule, _depth: int) -> str:
    return sheet.opened(node.attr, "rule()")


_WRITERS: Mapping[type, _Writer] = {
    n.Admonition: _admonition,
    n.BlockQuote: _quote,
    n.BulletList: _bullet_list,
    n.CodeBlock: _code,
    n.DefinitionList: _definitions,
    n.Details: _details,
    n.Div: _box,
    n.Figure: _figure,
    n.Header: _heading,
    n.HorizontalRule: _rule,
    n.LineBlock: _line_block,
    n.OrderedList: _ordered_list,
    n.Para: _paragraph,
    n.Table: _table,
    n.TabSet: _tab_set,
    n.Translation: _translation,
}
