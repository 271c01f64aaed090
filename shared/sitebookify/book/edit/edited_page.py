"""A page's document in another language: the accepted answers put in place of its lines, or beside them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from sitebookify.book.direction import direction_of
from sitebookify.book.document.nodes import (
    Attr,
    Block,
    Blocks,
    Document,
    Header,
    Image,
    Inline,
    Inlines,
    LineBlock,
    LineBreak,
    Link,
    Math,
    Note,
    Para,
    Plain,
    Span,
    Translation,
)
from sitebookify.book.document.walk import line_of
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.page_plan import (
    content_of_block,
    images_in,
    order_of,
    title_of,
    translated_line,
)
from sitebookify.book.edit.passages import as_paragraphs, passages
from sitebookify.book.edit.replaced_lines import LineEditor, Replacement
from sitebookify.book.edit.tagged_text import marked_passage, unmarked_passage


def edited_page(document: Document, order: EditOrder) -> Document:
    """The page with the answers of the order; what has none stays, and says in which language it is."""
    order = order_of(document, order)
    if order.bilingual:
        both = Replacement(_Bilingual(order)).document(document)
        return replace(both, language=order.source, direction=document.direction or direction_of(order.source))
    edited = _replacement(order).document(document)
    first = edited.blocks[0] if edited.blocks else None
    title = line_of(first.content) if isinstance(first, Header) else document.title
    return replace(edited, title=title, language=order.language, direction=direction_of(order.language))


def _replacement(order: EditOrder) -> Replacement:
    if not order.rewrites:
        return Replacement(_Translator(order))
    tables = LineEditor() if order.keeps_language else _Translator(order)
    return Replacement(_ProseWriter(order), tables=tables)


class _Translator(LineEditor):
    """Answers translations in place of the lines."""

    def __init__(self, order: EditOrder) -> None:
        self._order = order
        self._as_it_was = None if order.keeps_language else _language_attr(order.source, order.language)

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        """See `LineEditor`."""
        if self._order.is_done(attr):
            return content, attr
        translated = self._translated(content)
        if translated is None:
            return self._kept(content), attr
        return translated, self.around(attr)

    def heading(self, block: Header) -> Header:
        """See `LineEditor`."""
        content = title_of(block, self._order)
        if content is None:
            content, attr = self.title(block.content, block.attr)
        else:
            attr = self.around(block.attr)
        return Header(block.level, content, attr)

    def block(self, block: Para | Plain | LineBlock) -> Blocks:
        """See `LineEditor`."""
        attr = getattr(block, "attr", None)
        if self._order.is_done(attr):
            return (block,)
        content = content_of_block(block)
        translated = self._translated(content)
        if translated is None:
            return (_with_content(block, self._kept(content), attr),)
        return (_with_content(block, translated, self.around(attr)),)

    def around(self, attr: Attr | None) -> Attr | None:
        """See `LineEditor`."""
        if attr is None or not attr.id:
            return None
        return Attr(id=attr.id)

    def _translated(self, content: Inlines) -> Inlines | None:
        translated = translated_line(content, self._order)
        if translated is None:
            return None
        return _with_alternatives(translated, self._order)

    def _kept(self, content: Inlines) -> Inlines:
        """The line as it was, in the language that it was in."""
        if not content or self._as_it_was is None:
            return content
        return (Span(content, attr=self._as_it_was),)


class _ProseWriter(_Translator):
    """Answers passages written anew, and translations in place of what is no prose."""

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        """See `LineEditor`."""
        return (content, attr) if self._order.keeps_language else super().title(content, attr)

    def heading(self, block: Header) -> Header:
        """See `LineEditor`."""
        return block if self._order.keeps_language else super().heading(block)

    def paragraphs(self, blocks: tuple[Para, ...]) -> Blocks:
        """See `LineEditor`; a passage without an answer may have answers to its paragraphs."""
        written: list[Block] = []
        for passage in passages(blocks, self._order):
            answered = self._passage(passage)
            if answered is not None:
                written += answered
                continue
            for paragraph in passage:
                written += self._passage((paragraph,)) or self.block(paragraph)
        return tuple(written)

    def _passage(self, passage: tuple[Para, ...]) -> Blocks | None:
        line = marked_passage(paragraph.content for paragraph in passage)
        answer = self._order.answers.get(line.text)
        if answer is None or self._order.is_done(passage[0].attr):
            return None
        contents = [_with_alternatives(content, self._order) for content in unmarked_passage(line, answer)]
        return as_paragraphs(contents, [paragraph.attr for paragraph in passage])


def _language_attr(language: str, around: str) -> Attr | None:
    """What marks text in the language, and in its direction where that is not the one of the text around it."""
    if not language:
        return None
    direction = direction_of(language)
    if direction == direction_of(around):
        return Attr(lang=language)
    return Attr(lang=language, dir=direction or "ltr")


def _with_content(block: Para | Plain | LineBlock, content: Inlines, attr: Attr | None) -> Para | Plain | LineBlock:
    if isinstance(block, Plain):
        return Plain(content)
    if isinstance(block, LineBlock):
        return LineBlock(_lines(content), attr)
    return Para(content, attr)


def _lines(content: Inlines) -> tuple[Inlines, ...]:
    """The inverse of `content_of_block` for lines."""
    lines: list[list[Inline]] = [[]]
    for node in content:
        if isinstance(node, LineBreak):
            lines.append([])
        else:
            lines[-1].append(node)
    return tuple(map(tuple, lines))


def _with_alternatives(content: Inlines, order: EditOrder) -> Inlines:
    """The line with the translations of its pictures' alternative texts."""
    answers = {image.alt: _alternative(image, order) for image in images_in(content)}
    return _renamed(content, answers) if answers else content


def _alternative(image: Image, order: EditOrder) -> str:
    translated = translated_line((image.alt,), order)
    return image.alt if translated is None else line_of(translated)


def _renamed(content: Inlines, answers: dict[str, str]) -> Inlines:
    nodes: list[Any] = []
    node: Any
    for node in content:
        if isinstance(node, Image):
            nodes.append(replace(node, alt=answers.get(node.alt, node.alt)))
        elif hasattr(node, "content"):
            nodes.append(replace(node, content=_renamed(node.content, answers)))
        else:
            nodes.append(node)
    return tuple(nodes)


class _Bilingual(LineEditor):
    """Leaves every line and puts its translation after it.

    A block's translation is a block of its own. What is no block (a heading, a term, what a cell or an item of a tight
    list holds) has its translation on a line below it, so that a heading stays one line of the contents.
    """

    def __init__(self, order: EditOrder) -> None:
        self._order = order
        self._attr = Attr(lang=order.language, dir=direction_of(order.language) or "ltr")

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        """See `LineEditor`."""
        return self._both(content, self._translated(content, attr)), attr

    def heading(self, block: Header) -> Header:
        """See `LineEditor`."""
        translated = title_of(block, self._order) or self._translated(block.content, block.attr)
        return replace(block, content=self._both(block.content, translated))

    def block(self, block: Para | Plain | LineBlock) -> Blocks:
        """See `LineEditor`."""
        content = content_of_block(block)
        translated = self._translated(content, getattr(block, "attr", None))
        if isinstance(block, Plain):
            return (Plain(self._both(content, translated)),)
        if not translated:
            return (block,)
        return (block, Translation((_with_content(block, translated, None),), self._attr))

    def _both(self, content: Inlines, translated: Inlines | None) -> Inlines:
        if not translated:
            return content
        original = Span(content, kind="original")
        return (original, LineBreak(), Span(translated, kind="translation", attr=self._attr))

    def _translated(self, content: Inlines, attr: Attr | None) -> Inlines | None:
        """The line's translation without what a book has once: places, links, notes and pictures."""
        if self._order.is_done(attr):
            return None
        translated = translated_line(content, self._order)
        if translated is None or translated == content:
            return None
        return tuple(_without_places(translated))


def _without_places(content: Inlines) -> list[Inline]:
    nodes: list[Any] = []
    node: Any
    for node in content:
        if isinstance(node, Note | Image) or (isinstance(node, Span) and not node.content):
            continue
        if isinstance(node, Link):
            nodes += _without_places(node.content)
        elif isinstance(node, Math):
            nodes.append(replace(node, attr=None))
        elif hasattr(node, "content"):
            inside = tuple(_without_places(node.content))
            without = replace(node, attr=None) if hasattr(node, "attr") else node
            nodes.append(replace(without, content=inside))
        else:
            nodes.append(node)
    return nodes
