"""Cutting blocks that are too long for one file.

Boxes are cut between blocks, lists between items, tables between rows, code between lines, paragraphs between inlines.
What cannot be cut is opened: replaced by its contents, which are cut. What fits into a file without the translations
beside its lines is not opened: a file that is longer than others does less harm than a list that is none any more. The
same document is always cut in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import children, rows_of, text_of
from sitebookify.book.grouping import grouped
from sitebookify.book.write.highlight import GROWTH

_TAGS = 16
"""Bytes of an element's tags; only attributes that are long or frequent are counted besides."""
_BOX = 50
"""Bytes that some elements take in addition: for attributes, or elements around or inside them."""
_FORMULA_FACTOR = 60
"""Pandoc's MathML was at most so many times as long as the TeX, over the formulas of Octave's manual."""
_LETTER = 5
"""Bytes of a letter at most: ``&amp;`` is the longest."""


def weigh(*nodes: Any, translations: bool = True) -> int:
    """An upper estimate of the nodes' size as XHTML, in bytes; text is a ``str``.

    Without ``translations`` that of the nodes as they were before these were put beside them.
    """
    inside = children if translations else _originals
    weight = 0
    texts: list[str] = []
    stack = [*nodes]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is str:
            texts.append(node)
            continue
        weight += _TAGS
        if kind in _OWN_SIZES:
            weight += _OWN_SIZES[kind](node)
        stack += inside(node)
    return weight + _size("".join(texts))


def _originals(node: Any) -> Sequence[Any]:
    """The nodes right inside a node without translations, which are blocks of their own, or follow after a break."""
    nodes: list[Any] = []
    for child in children(node):
        kind = child.kind if type(child) is n.Span else ""
        if kind == "translation":
            del nodes[-1:]
        elif kind == "original":
            nodes += child.content
        elif type(child) is not n.Translation:
            nodes.append(child)
    return nodes


def _is_opened(nodes: Iterable[Any], room: int) -> bool:
    """True for what is longer than a file, even without translations."""
    return weigh(*nodes, translations=False) > room


def divided(block: n.Block, limit: int) -> Iterator[n.Block]:
    """The block, or pieces of it that weigh at most ``limit`` bytes each and together have its contents."""
    if weigh(block) <= limit:
        yield block
    elif type(block) in _DIVIDERS:
        yield from _DIVIDERS[type(block)](block, limit)
    elif _is_opened((block,), limit):
        yield from _opened(block, limit)
    else:
        yield block


def divided_note(note: n.Footnote, limit: int) -> Iterator[n.Footnote]:
    """The note, or notes of the same name that weigh at most ``limit`` bytes each."""
    if weigh(note) <= limit:
        yield note
        return
    room = limit - _TAGS
    for group in grouped(_pieces(note.blocks, room), weigh, room):
        yield n.Footnote(note.name, tuple(group))


def _size(text: str) -> int:
    """Bytes of the text with its special characters escaped."""
    ampersands = text.count("&")
    brackets = text.count("<") + text.count(">")
    return len(text.encode()) + 4 * ampersands + 3 * brackets


def _formula_size(math: n.Math) -> int:
    size = len(math.tex.encode()) * _FORMULA_FACTOR
    if math.mathml:
        size += _tree_size(math.mathml)
    return size


def _cell_size(cell: n.Cell) -> int:
    plain = cell.colspan == 1 and cell.rowspan == 1 and not cell.align
    return 0 if plain else _BOX


def _tree_size(node: n.MathNode) -> int:
    return _BOX + _size(node.text) + sum(map(_tree_size, node.children))


_OWN_SIZES: Mapping[type, Callable[[Any], int]] = {
    n.Admonition: lambda _node: _BOX,
    n.Cell: _cell_size,
    n.CodeBlock: lambda node: _size(node.text) + len(node.text) * GROWTH,
    n.Image: lambda node: _BOX + len(node.alt) + len(node.title),
    n.Link: lambda node: len(node.target) + len(node.title),
    n.Math: _formula_size,
    n.Ruby: lambda node: sum(_BOX + _size(text) + _size(reading) for text, reading in node.segments),
}
"""What nodes weigh in addition to their tags and contents."""


def _pieces(blocks: Iterable[n.Block], limit: int) -> Iterator[n.Block]:
    for block in blocks:
        yield from divided(block, limit)


def _after_first(attr: n.Attr | None) -> n.Attr | None:
    """The attributes of the pieces after the first, which has the id."""
    return replace(attr, id="") if attr and (attr.lang or attr.dir) else None


def _divided_box(box: n.BlockQuote | n.Div | n.Admonition | n.Translation, limit: int) -> Iterator[n.Block]:
    """Boxes like this one; the first has its id and its title. A box without a meaning is opened."""
    room = limit - weigh(replace(box, blocks=()))
    attr = _after_first(box.attr)
    if room < limit // 2 or (isinstance(box, n.Div) and attr is None):
        yield from _opened(box, limit)
        return
    untitled = replace(box, attr=attr, title=()) if isinstance(box, n.Admonition) else replace(box, attr=attr)
    for group in grouped(_pieces(box.blocks, room), weigh, room):
        yield replace(box, blocks=tuple(group))
        box = untitled


def _opened(box: Any, limit: int) -> Iterator[n.Block]:
    """The box's contents, cut where they are too long; its id stays at the beginning, its title is a paragraph."""
    attr = getattr(box, "attr", None)
    if attr and attr.id:
        yield n.Div((), n.Attr(id=attr.id))
    yield from _pieces(_content(box), limit)


def _content(box: Any) -> Iterator[n.Block]:
    if isinstance(box, n.TabSet):
        for tab in box.tabs:
            yield from _titled(tab.label, tab.blocks)
    elif isinstance(box, n.Admonition):
        yield from _titled(box.title, box.blocks)
    elif isinstance(box, n.Details):
        yield from _titled(box.summary, box.blocks)
    elif isinstance(box, n.DefinitionItem):
        for term in box.terms:
            yield n.Para((n.Strong(term.content),), term.attr)
        for definition in box.definitions:
            yield n.Div(definition.blocks, definition.attr)
    elif isinstance(box, n.LineBlock):
        yield from map(n.Para, box.lines)
    else:
        yield from children(box)


def _titled(title: n.Inlines, blocks: n.Blocks) -> Iterator[n.Block]:
    if title:
        yield n.Para((n.Strong(title),))
    yield from blocks


def _divided_text(block: n.Para | n.Plain | n.Header, limit: int) -> Iterator[n.Block]:
    """Paragraphs, cut between inlines; an inline that is too long itself becomes bare text, cut anywhere."""
    attr = None if isinstance(block, n.Plain) else block.attr
    room = limit - weigh(n.Para((), attr))
    for group in grouped(_inlines(block.content, room), weigh, room):
        yield n.Para(tuple(group), attr)
        attr = _after_first(attr)


def _inlines(content: n.Inlines, limit: int) -> Iterator[n.Inline]:
    for inline in content:
        if weigh(inline) <= limit:
            yield inline
            continue
        text = text_of((inline,))
        length = max(1, limit // _LETTER)
        yield from _slices(text, length)


def _slices(text: str, length: int) -> Iterator[str]:
    for start in range(0, len(text), length):
        yield text[start : start + length]


def _divided_list(block: Any, limit: int) -> Iterator[n.Block]:
    """Lists of any kind, cut between items."""
    room = limit - weigh(replace(block, items=()))
    for group in grouped(block.items, weigh, room):
        if _is_opened(group, room):
            for item in group:
                yield from _opened(item, limit)
        else:
            yield replace(block, items=tuple(group))
        block = replace(block, attr=_after_first(block.attr))
        if isinstance(block, n.OrderedList):
            block = replace(block, start=_number_after(block, group))


def _number_after(block: n.OrderedList, items: Sequence[n.ListItem]) -> int:
    """The number of the item that follows these, which are the block's first."""
    step = -1 if block.reversed else 1
    number = block.start
    for item in items:
        if item.value is not None:
            number = item.value
        number += step
    return number


def _divided_table(table: n.Table, limit: int) -> Iterator[n.Block]:
    """Tables of as many rows as fit, each with the head; the caption stands above the first."""
    rows: list[n.Row] = [*rows_of(replace(table, head=None))]
    frame = replace(table, bodies=(n.RowGroup(()),), foot=None)
    if weigh(frame) > limit // 2:
        rows = [*rows_of(table)]
        yield from _pieces(table.caption, limit)
        frame = replace(frame, head=None, caption=())
    room = limit - weigh(frame)
    for group in grouped(rows, weigh, room):
        if _is_opened(group, room):
            for row in group:
                for cell in row.cells:
                    yield from _opened(cell, limit)
        else:
            yield replace(frame, bodies=(n.RowGroup(tuple(group)),))
        frame = replace(frame, caption=(), attr=_after_first(frame.attr))


def _divided_code(block: n.CodeBlock, limit: int) -> Iterator[n.Block]:
    most = max(1, limit // (GROWTH + _LETTER + 1))
    attr = block.attr
    for lines in grouped(_short_lines(block.text, most), len, most):
        yield n.CodeBlock("".join(lines).removesuffix("\n"), block.language, attr)
        attr = _after_first(attr)


def _short_lines(text: str, most: int) -> Iterator[str]:
    """The lines; those longer than ``most`` characters in pieces."""
    for line in text.splitlines(keepends=True):
        yield from _slices(line, most)


_DIVIDERS: Mapping[type, Callable[[Any, int], Iterator[n.Block]]] = {
    n.Admonition: _divided_box,
    n.BlockQuote: _divided_box,
    n.BulletList: _divided_list,
    n.CodeBlock: _divided_code,
    n.DefinitionList: _divided_list,
    n.Div: _divided_box,
    n.Header: _divided_text,
    n.LineBlock: _opened,
    n.OrderedList: _divided_list,
    n.Para: _divided_text,
    n.Plain: _divided_text,
    n.Table: _divided_table,
    n.Translation: _divided_box,
}
"""How blocks are cut; all others are opened."""
