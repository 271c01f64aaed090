"""What of a page goes to a language model: its texts, in units that are asked for together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sitebookify.book.document.nodes import (
    Attr,
    Blocks,
    Document,
    Header,
    Image,
    Inline,
    Inlines,
    LineBlock,
    LineBreak,
    Para,
    Plain,
)
from sitebookify.book.document.walk import line_of, walk
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.passages import passages
from sitebookify.book.edit.replaced_lines import LineEditor, Replacement
from sitebookify.book.edit.scripts import is_spaced, tokens_in
from sitebookify.book.edit.sentences import cut
from sitebookify.book.edit.tagged_text import Marked, has_words, marked, marked_passage, plain_text, unmarked
from sitebookify.book.grouping import grouped

_MOST_TOKENS = 700
"""Of a unit's source. Answers of more than 2,000 tokens lose text with half of the models."""
_MOST_TEXTS = 12
"""Of a unit: models merge and skip texts where there are many."""
_LONGEST_CONTEXT = 300


class Task(StrEnum):
    """What is to be done with a unit's texts."""

    TRANSLATE = "translate"
    WRITE = "write"
    """Passages are written anew: paragraphs with an empty line between them."""
    NAME = "name"
    """Terms are translated for the glossary."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that are asked for together.

    ``heading`` is that of their section; ``before`` is the end of the text before them. Both only help to understand.
    """

    texts: tuple[str, ...]
    heading: str = ""
    before: str = ""
    task: Task = Task.TRANSLATE


def page_units(document: Document, order: EditOrder) -> list[Unit]:
    """The page's units in reading order; a text that the page repeats is in the first of them only."""
    order = order_of(document, order)
    collector = _Collector(order)
    if not order.rewrites:
        replacement = Replacement(collector)
    elif order.keeps_language:
        replacement = Replacement(_ProseCollector(order, collector), tables=LineEditor())
    else:
        replacement = Replacement(_ProseCollector(order, collector), tables=collector)
    replacement.document(document)
    return list(_units(collector.sections))


def order_of(document: Document, order: EditOrder) -> EditOrder:
    """The order with the page's own language."""
    return replace(order, source=document.language or order.source)


def units_of(texts: Iterable[str]) -> list[Unit]:
    """Different texts that belong to no section, in units."""
    return list(_units([_Section("", list(dict.fromkeys(texts)))]))


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    texts: list[str]
    passages: list[str] = field(default_factory=list)


class _Collector(LineEditor):
    """Changes nothing and notes what there is to translate."""

    def __init__(self, order: EditOrder) -> None:
        self._order = order
        self._seen: set[str] = set()
        self.sections = [_Section("", [])]

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        self._add(content, attr)
        return content, attr

    def block(self, block: Para | Plain | LineBlock) -> Blocks:
        self._add(content_of_block(block), getattr(block, "attr", None))
        return (block,)

    def heading(self, block: Header) -> Header:
        self.begin_section(block)
        if title_of(block, self._order) is None:
            self._add(block.content, block.attr)
        return block

    def begin_section(self, heading: Header) -> None:
        """What is added from here on stands under the heading."""
        self.sections.append(_Section(line_of(heading.content), []))

    def _add(self, content: Inlines, attr: Attr | None) -> None:
        if self._order.is_done(attr):
            return
        self.add_alternatives(content)
        for piece in cut(content):
            self._add_text(marked(piece))

    def add_alternatives(self, content: Inlines) -> None:
        """Add the alternative texts of the line's pictures; a bilingual book has pictures once."""
        if self._order.bilingual or self._order.keeps_language:
            return
        for image in images_in(content):
            self._add_text(alternative(image))

    def add_passage(self, line: Marked) -> None:
        """Add a passage."""
        if self._is_new(line):
            self.sections[-1].passages.append(line.text)

    def _add_text(self, line: Marked) -> None:
        if self._is_new(line):
            self.sections[-1].texts.append(line.text)

    def _is_new(self, line: Marked) -> bool:
        if not line.words or line.text in self._seen:
            return False
        self._seen.add(line.text)
        return True


class _ProseCollector(LineEditor):
    """Changes nothing and adds what is to be written anew, and titles, to a collector."""

    def __init__(self, order: EditOrder, collector: _Collector) -> None:
        self._order = order
        self._collector = collector

    def title(self, content: Inlines, attr: Attr | None) -> tuple[Inlines, Attr | None]:
        return (content, attr) if self._order.keeps_language else self._collector.title(content, attr)

    def heading(self, block: Header) -> Header:
        if self._order.keeps_language:
            self._collector.begin_section(block)
            return block
        return self._collector.heading(block)

    def block(self, block: Para | Plain | LineBlock) -> Blocks:
        self._add([content_of_block(block)], getattr(block, "attr", None))
        return (block,)

    def paragraphs(self, blocks: tuple[Para, ...]) -> Blocks:
        for passage in passages(blocks, self._order):
            self._add([paragraph.content for paragraph in passage], passage[0].attr)
        return blocks

    def _add(self, contents: Sequence[Inlines], attr: Attr | None) -> None:
        if self._order.is_done(attr):
            return
        for content in contents:
            self._collector.add_alternatives(content)
        if len(contents) > 1:
            self._collector.add_passage(marked_passage(contents))
            return
        for piece in cut(contents[0]):
            self._collector.add_passage(marked(piece))


def content_of_block(block: Para | Plain | LineBlock) -> Inlines:
    """The block's line, or its lines with breaks between them."""
    if not isinstance(block, LineBlock):
        return block.content
    content: list[Inline] = []
    for line in block.lines:
        content += [LineBreak(), *line]
    return tuple(content[1:])


def images_in(content: Inlines) -> Iterator[Image]:
    """The line's pictures whose alternative text has words."""
    marked_up = tuple(node for node in content if not isinstance(node, str))
    for node in walk(marked_up) if marked_up else ():
        if isinstance(node, Image) and has_words(node.alt):
            yield node


def alternative(image: Image) -> Marked:
    """A picture's alternative text as a line."""
    return marked((image.alt,))


def title_of(block: Header, order: EditOrder) -> Inlines | None:
    """The heading's translation where it is that of a title in the contents; None where it has to be asked for."""
    if all(isinstance(node, str) for node in block.content):
        title = order.titles.get(line_of(block.content))
        return None if title is None else (title,)
    return None


def translated_line(content: Inlines, order: EditOrder) -> Inlines | None:
    """The line in the other language; itself where nothing was to be translated, None where an answer is missing."""
    translated: list[Inline] = []
    for piece in cut(content):
        line = marked(piece)
        if not line.words:
            translated += piece
            continue
        answer = order.answers.get(line.text)
        if answer is None:
            return None
        if translated and is_spaced(order.language):
            translated.append(" ")
        translated += unmarked(line, answer)
    return _joined(translated)


def _joined(nodes: Iterable[Inline]) -> Inlines:
    """The nodes with neighbouring texts as one."""
    content: list[Inline] = []
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
            continue
        if texts:
            content.append(_collapsed(texts))
            texts = []
        content.append(node)
    if texts:
        content.append(_collapsed(texts))
    return tuple(content)


def _collapsed(texts: list[str]) -> str:
    text = "".join(texts)
    return text.replace("  ", " ")


def _units(sections: Iterable[_Section]) -> Iterator[Unit]:
    before = ""
    for section in sections:
        for task, texts in ((Task.TRANSLATE, section.texts), (Task.WRITE, section.passages)):
            for group in grouped(texts, tokens_in, _MOST_TOKENS, longest=_MOST_TEXTS):
                yield Unit(tuple(group), section.heading, before, task)
                before = _end(group)


def _end(texts: list[str]) -> str:
    return " ".join(plain_text(texts[-1]).split())[-_LONGEST_CONTEXT:]
