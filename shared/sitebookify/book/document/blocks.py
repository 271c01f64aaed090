"""The blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import cast, get_args

from msgspec.structs import replace

from sitebookify.book.document import nodes as n
from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.context import BLOCKS, DEEPEST, PageState, bare_text, integer
from sitebookify.book.document.inlines import InlineBuilder, target_of
from sitebookify.book.document.line import LineBuilder
from sitebookify.book.document.walk import line_of, walk
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, classes_of, is_blank, text_of, without_controls

_CODE_LANGUAGE = re.compile(r"language-(\S{1,40})")
_TASKS = {"\u2610 ": False, "\u2611 ": True, "\u2612 ": True}
"""The signs that ``extract.clean`` puts in the place of check boxes."""

_Attr = n.Attr | None
_Built = Sequence[n.Block]


class BlockBuilder:
    """Builds the blocks of a page.

    Args:
        page: what is known of it.
        holders: the elements of lines that hold blocks (`inline_holders`).
        others: what builds further kinds of blocks, by the element's name; those modules import this one.
    """

    def __init__(self, page: PageState, holders: frozenset[Element], others: Mapping[str, Build]) -> None:
        self.page = page
        self._inlines = InlineBuilder(page)
        self._holders = holders
        self._others = others

    def flow(self, node: Element, depth: int, *, without: Container[Element] = ()) -> list[n.Block]:
        """What the element holds, some of its children left out; lines between its blocks are `Plain`."""
        blocks: list[n.Block] = []
        for part in self.parts(node, without, depth + 1):
            if not isinstance(part, Element):
                blocks += part
        return blocks

    def block(self, node: Element, depth: int) -> _Built:
        """What becomes of a block, or of an element of a line that holds blocks."""
        if depth > DEEPEST:
            text = bare_text(node)
            return [n.Plain((text,))] if text else []
        if node in self._holders:
            return self._linked(node, depth)
        if node.tag == "section" and node.get("role") == "doc-endnotes":
            return self._without_notes(node, depth)
        name = str(node.tag)
        build = self._others.get(name) or BUILDERS.get(name, BlockBuilder.box)
        attr = self.page.attr(node)
        with self.page.inside(node):
            return build(self, node, depth, attr) or place(attr)

    def line(self, node: Element, depth: int) -> n.Inlines:
        """What the element holds as a line, whatever it is."""
        return self._inlines.line(node, depth)

    def _linked(self, node: Element, depth: int) -> _Built:
        """Blocks inside an element of a line, such as a card that is a link: its first line becomes the link."""
        blocks = self.flow(node, depth)
        target = target_of(node) if node.tag == "a" else ""
        if not target:
            return blocks
        for number, block in enumerate(blocks):
            if isinstance(block, n.Header | n.Para | n.Plain) and line_of(block.content):
                if not any(isinstance(node, n.Link) for node in walk(block.content)):
                    blocks[number] = replace(block, content=(n.Link(block.content, target),))
                break
        return blocks

    def paragraph(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A paragraph; one that holds blocks is a box."""
        if any(child.tag in BLOCKS or child in self._holders for child in node):
            return self.box(node, depth, attr)
        content = self.line(node, depth)
        return [n.Para(content, attr)] if content else []

    def heading(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A heading, if it says anything."""
        content = self.line(node, depth)
        return [n.Header(int(str(node.tag)[1]), content, attr)] if content else []

    def code(self, node: Element, _depth: int, attr: _Attr) -> _Built:
        """A block of code."""
        code = node.find("code")
        match = None if code is None else _CODE_LANGUAGE.fullmatch((code.get("class") or "").strip())
        language = match[1] if match and match[1] != "text" else ""
        text = without_controls(text_of(node)).removesuffix("\n")
        return [n.CodeBlock(text, language, attr)]

    def quote(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A quotation."""
        blocks = paragraphs(self.flow(node, depth))
        return [n.BlockQuote(blocks, attr)] if blocks else []

    def rule(self, _node: Element, _depth: int, attr: _Attr) -> _Built:
        """A line between parts."""
        return [n.HorizontalRule(attr)]

    def box(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A box: an admonition, tabs, or what it holds."""
        classes = classes_of(node)
        if "admonition" in classes:
            return [self._admonition(node, depth, attr)]
        if "tab-set" in classes:
            tabs = [self._tab(child, depth + 1) for child in node if child.get("class") == "tab"]
            return [n.TabSet(tuple(tabs), attr)] if tabs else []
        if "line-block" in classes:
            lines = [self.line(child, depth) for child in node]
            return [n.LineBlock(tuple(lines), attr)] if lines else []
        return boxed(self.flow(node, depth), attr)

    def _without_notes(self, node: Element, depth: int) -> _Built:
        """What stands in the box of the notes beside them; they are built where they are called."""
        lists = [child for child in node if any(map(self.page.is_note, child.iter("li")))]
        return paragraphs(self.flow(node, depth, without=lists))

    def _admonition(self, node: Element, depth: int, attr: _Attr) -> n.Block:
        classes = classes_of(node)
        kind = next((kind for kind in AdmonitionKind if kind in classes), AdmonitionKind.NOTE)
        title, heading = self._labelled(node, "admonition-title", depth)
        return n.Admonition(kind, paragraphs(self.flow(node, depth, without=title)), heading, attr)

    def _tab(self, node: Element, depth: int) -> n.Tab:
        label, heading = self._labelled(node, "tab-label", depth)
        return n.Tab(heading, paragraphs(self.flow(node, depth, without=label)), self.page.attr(node))

    def _labelled(self, node: Element, name: str, depth: int) -> tuple[list[Element], n.Inlines]:
        """The child that is called so, if there is one, and what it says."""
        label = [child for child in node if child.get("class") == name][:1]
        return label, self.line(label[0], depth + 1) if label else ()

    def list_block(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A list; what stands between its items belongs to the one before."""
        items: list[n.ListItem] = []
        for child in self.children(node, ("li",), depth + 1):
            if isinstance(child, Element):
                items.append(self.item(child, depth + 1))
            elif child:
                last = items.pop() if items else n.ListItem(())
                items.append(n.ListItem(loosened((*last.blocks, *child)), last.value, last.done, last.attr))
        if not items:
            return []
        if node.tag == "ul":
            return [n.BulletList(tuple(items), attr)]
        is_downwards = node.get("reversed") is not None
        start = integer(node.get("start"))
        if start is None:
            start = len(items) if is_downwards else 1
        style = node.get("type")
        style = style if style in get_args(n.ListStyle) else ""
        return [n.OrderedList(tuple(items), start, cast("n.ListStyle", style), is_downwards, attr)]

    def item(self, node: Element, depth: int) -> n.ListItem:
        """An item of a list."""
        attr = self.page.attr(node)
        with self.page.inside(node):
            blocks, done = _task(loosened(self.flow(node, depth)))
        return n.ListItem(blocks, integer(node.get("value")), done, attr)

    def definitions(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """Terms and their definitions; a term after a definition begins the next item."""
        items: list[n.DefinitionItem] = []
        terms: list[n.Term] = []
        meanings: list[n.Definition] = []
        for child in self._definition_parts(node, depth + 1):
            if not isinstance(child, Element):
                meanings += [n.Definition(loosened(child))] if child else []
            elif child.tag == "dt":
                if meanings:
                    items.append(n.DefinitionItem(tuple(terms), tuple(meanings)))
                    terms, meanings = [], []
                terms.append(self._term(child, depth + 1))
            else:
                meanings.append(self._definition(child, depth + 1))
        if terms or meanings:
            items.append(n.DefinitionItem(tuple(terms), tuple(meanings)))
        return [n.DefinitionList(tuple(items), attr)] if items else []

    def _term(self, node: Element, depth: int) -> n.Term:
        attr = self.page.attr(node)
        with self.page.inside(node):
            return n.Term(self.line(node, depth), attr)

    def _definition(self, node: Element, depth: int) -> n.Definition:
        attr = self.page.attr(node)
        with self.page.inside(node):
            return n.Definition(loosened(self.flow(node, depth)), attr)

    def _definition_parts(self, node: Element, depth: int) -> Iterator[Element | Sequence[n.Block]]:
        """Terms and definitions, out of the boxes that may group them, and what stands between them."""
        for part in self.children(node, ("dt", "dd", "div"), depth):
            if not isinstance(part, Element) or part.tag != "div":
                yield part
            elif any(inner.tag in ("dt", "dd") for inner in part):
                yield from self.children(part, ("dt", "dd"), depth + 1)
            else:
                yield self.block(part, depth)

    def parts(self, node: Element, apart: Container[Element], depth: int) -> Iterator[Element | Sequence[n.Block]]:
        """The children that are set ``apart``, and what else the element holds between them, as blocks or none."""
        line = LineBuilder()
        line.text(node.text)
        for child in node:
            is_apart = child in apart
            if not is_apart and child.tag not in BLOCKS and child not in self._holders:
                self._inlines.put(child, line, depth)
                line.text(child.tail)
                continue
            yield line.block()
            yield child if is_apart else self.block(child, depth)
            line = LineBuilder()
            line.text(child.tail)
        yield line.block()

    def children(self, node: Element, names: Sequence[str], depth: int) -> Iterator[Element | Sequence[n.Block]]:
        """`parts` with the children of these names apart."""
        return self.parts(node, set(node.iterchildren(*names)), depth)

    def figure(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A figure; several captions are one."""
        captions = [*node.iterchildren("figcaption")]
        words: list[n.Block] = []
        for caption in captions:
            words += place(self.page.attr(caption))
            words += self.flow(caption, depth + 1)
        blocks = self.flow(node, depth, without=captions)
        if not blocks and not words:
            return []
        is_caption_first = bool(captions) and captions[0] is node[0] and is_blank(node.text)
        return [n.Figure(paragraphs(blocks), loosened(words), is_caption_first, attr)]

    def details(self, node: Element, depth: int, attr: _Attr) -> _Built:
        """A section that unfolds."""
        summary = [*node.iterchildren("summary")][:1]
        words = self.line(summary[0], depth + 1) if summary else ()
        return [n.Details(words, paragraphs(self.flow(node, depth, without=summary)), attr)]


Build = Callable[[BlockBuilder, Element, int, _Attr], _Built]
BUILDERS: Mapping[str, Build] = {
    **dict.fromkeys(HEADINGS, BlockBuilder.heading),
    "blockquote": BlockBuilder.quote,
    "details": BlockBuilder.details,
    "dl": BlockBuilder.definitions,
    "figure": BlockBuilder.figure,
    "hr": BlockBuilder.rule,
    "ol": BlockBuilder.list_block,
    "p": BlockBuilder.paragraph,
    "pre": BlockBuilder.code,
    "ul": BlockBuilder.list_block,
}
"""What builds a block, by its element's name; what neither this nor `BlockBuilder`'s ``others`` names is a box."""


def inline_holders(root: Element) -> frozenset[Element]:
    """The elements of lines that hold blocks, at whatever depth."""
    holders: set[Element] = set()
    for block in root.iter(*BLOCKS):
        up = block.getparent()
        while up is not None and up is not root and up.tag not in BLOCKS and up not in holders:
            holders.add(up)
            up = up.getparent()
    return frozenset(holders)


def paragraphs(blocks: Sequence[n.Block]) -> n.Blocks:
    """The blocks with each line as a paragraph."""
    return tuple(n.Para(block.content) if isinstance(block, n.Plain) else block for block in blocks)


def loosened(blocks: Sequence[n.Block]) -> n.Blocks:
    """`paragraphs` where there are blocks besides lists: a line above a nested list stays a line."""
    if all(isinstance(block, n.Plain | n.BulletList | n.OrderedList) for block in blocks):
        return tuple(blocks)
    return paragraphs(blocks)


def boxed(blocks: Sequence[n.Block], attr: _Attr) -> _Built:
    """The blocks, in a box where that says anything of itself."""
    if attr is None:
        return blocks
    return [n.Div(paragraphs(blocks), attr)] if blocks else place(attr)


def place(attr: _Attr) -> list[n.Block]:
    """What is left of a block without content: a place that links may lead to."""
    return [n.Para((), attr)] if attr and attr.id else []


def _task(blocks: n.Blocks) -> tuple[n.Blocks, bool | None]:
    """The item's blocks without the sign of a task, and whether the task is done; None where it is none."""
    first = blocks[0] if blocks else None
    if not isinstance(first, n.Plain | n.Para) or not first.content:
        return blocks, None
    text, *others = first.content
    if not isinstance(text, str) or text[:2] not in _TASKS:
        return blocks, None
    done = _TASKS[text[:2]]
    content = (text[2:], *others) if text[2:] else tuple(others)
    return (replace(first, content=content), *blocks[1:]), done
