"""A page's document in another language: the accepted answers put in place of its lines, or beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, groupby
from typing import Any

from msgspec.structs import replace

from sitebookify.book.direction import direction_of
from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import children, line_of, walk
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.page_plan import Answers, Questions, Task, Unit
from sitebookify.book.edit.passages import as_paragraphs, cut, passages
from sitebookify.book.edit.replaced_lines import LineEditor, Replacement
from sitebookify.book.edit.scripts import is_spaced
from sitebookify.book.edit.tagged_text import has_words, marked, marked_passage, unmarked, unmarked_passage
from sitebookify.spec import Edition


def page_units(document: n.Document, order: EditOrder) -> list[Unit]:
    """What `edited_page` needs answers to, in reading order; a text that the page repeats is there once."""
    questions = Questions()
    _with_answers(document, order.of_page(document), questions)
    return list(questions.units())


def edited_page(document: n.Document, order: EditOrder) -> n.Document:
    """The page with the answers of the order; what has none stays, and says in which language it is."""
    order = order.of_page(document)
    edited = _with_answers(document, order, Answers(order.answers))
    if order.edition is Edition.BILINGUAL:
        return replace(edited, language=order.source, direction=document.direction or direction_of(order.source))
    first = edited.blocks[0] if edited.blocks else None
    title = line_of(first.content) if isinstance(first, n.Header) else document.title
    return replace(edited, title=title, language=order.language, direction=direction_of(order.language))


def _with_answers(document: n.Document, order: EditOrder, answers: Answers) -> n.Document:
    editor: LineEditor
    tables: LineEditor | None = None
    if order.edition is Edition.BILINGUAL:
        editor = _Bilingual(order, answers)
    elif order.edition is Edition.REWRITE:
        editor = _ProseWriter(order, answers)
        tables = LineEditor() if order.keeps_language else _Translator(order, answers)
    else:
        editor = _Translator(order, answers)
    return Replacement(editor, tables=tables).document(document)


def translated_line(
    content: n.Inlines, language: str, answers: Answers, task: Task = Task.TRANSLATE
) -> n.Inlines | None:
    """The line with the answers to its pieces; itself where there is nothing to ask for, None where one is missing."""
    translated: list[n.Inline] = []
    for piece in cut(content):
        line = marked(piece)
        if not line.words:
            translated += piece
            continue
        answer = answers.to(line, task)
        if answer is None:
            return None
        if translated and is_spaced(language):
            translated.append(" ")
        translated += unmarked(line, answer)
    return _joined(translated)


def _joined(nodes: Iterable[n.Inline]) -> n.Inlines:
    """The nodes with neighbouring texts as one."""
    content: list[n.Inline] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, str)):
        run: list[Any] = list(group)
        content += ["".join(run).replace("  ", " ")] if is_text else run
    return tuple(content)


class _Translator(LineEditor):
    """Answers translations in place of the lines."""

    _task = Task.TRANSLATE

    def __init__(self, order: EditOrder, answers: Answers) -> None:
        self._order = order
        self._answers = answers
        self._as_it_was = None if order.keeps_language else _language_attr(order.source, order.language)

    def title(self, content: n.Inlines, attr: n.Attr | None) -> tuple[n.Inlines, n.Attr | None]:
        """See `LineEditor`."""
        if self._order.is_done(attr):
            return content, attr
        translated = self._translated(content)
        if translated is None:
            return self._kept(content), attr
        return translated, self.around(attr)

    def heading(self, block: n.Header) -> n.Header:
        """See `LineEditor`."""
        self._answers.begin_section(block)
        content = _title_of(block, self._order)
        if content is None:
            content, attr = self.title(block.content, block.attr)
        else:
            attr = self.around(block.attr)
        return n.Header(block.level, content, attr)

    def block(self, block: n.Para | n.Plain | n.LineBlock) -> n.Blocks:
        """See `LineEditor`."""
        attr = getattr(block, "attr", None)
        if self._order.is_done(attr):
            return (block,)
        content = tuple(children(block))
        translated = self._translated(content, self._task)
        if translated is None:
            return (_with_content(block, self._kept(content), attr),)
        return (_with_content(block, translated, self.around(attr)),)

    def around(self, attr: n.Attr | None) -> n.Attr | None:
        """See `LineEditor`."""
        if attr is None or not attr.id:
            return None
        return n.Attr(id=attr.id)

    def _translated(self, content: n.Inlines, task: Task = Task.TRANSLATE) -> n.Inlines | None:
        alternatives = self._alternatives(content)
        translated = translated_line(content, self._order.language, self._answers, task)
        return None if translated is None else _renamed(translated, alternatives)

    def _alternatives(self, content: n.Inlines) -> dict[str, str]:
        """Translations of the alternative texts of the line's pictures, by the texts."""
        alternatives: dict[str, str] = {}
        for node in () if self._order.keeps_language else walk(content):
            if isinstance(node, n.Image) and has_words(node.alt):
                translated = translated_line((node.alt,), self._order.language, self._answers)
                alternatives[node.alt] = node.alt if translated is None else line_of(translated)
        return alternatives

    def _kept(self, content: n.Inlines) -> n.Inlines:
        """The line as it was, in the language that it was in."""
        if not content or self._as_it_was is None:
            return content
        return (n.Span(content, attr=self._as_it_was),)


class _ProseWriter(_Translator):
    """Answers passages written anew, and translations in place of what is no prose."""

    _task = Task.WRITE

    def title(self, content: n.Inlines, attr: n.Attr | None) -> tuple[n.Inlines, n.Attr | None]:
        """See `LineEditor`."""
        return (content, attr) if self._order.keeps_language else super().title(content, attr)

    def heading(self, block: n.Header) -> n.Header:
        """See `LineEditor`."""
        if not self._order.keeps_language:
            return super().heading(block)
        self._answers.begin_section(block)
        return block

    def paragraphs(self, blocks: tuple[n.Para, ...]) -> n.Blocks:
        """See `LineEditor`; a passage without an answer may have answers to its paragraphs."""
        written: list[n.Block] = []
        for passage in passages(blocks, self._order):
            answered = self._passage(passage)
            if answered is not None:
                written += answered
                continue
            for paragraph in passage:
                written += self._passage((paragraph,)) or self.block(paragraph)
        return tuple(written)

    def _passage(self, passage: tuple[n.Para, ...]) -> n.Blocks | None:
        contents = [paragraph.content for paragraph in passage]
        line = marked_passage(contents)
        is_cut = len(passage) == 1 and len(cut(contents[0])) > 1
        if self._order.is_done(passage[0].attr) or is_cut or not line.words:
            return None
        alternatives = self._alternatives(tuple(chain.from_iterable(contents)))
        answer = self._answers.to(line, Task.WRITE)
        if answer is None:
            return None
        written = [_renamed(content, alternatives) for content in unmarked_passage(line, answer)]
        return as_paragraphs(written, [paragraph.attr for paragraph in passage])


def _title_of(block: n.Header, order: EditOrder) -> n.Inlines | None:
    """The heading's translation where it is that of a title in the contents; None where it has to be asked for."""
    if all(isinstance(node, str) for node in block.content):
        title = order.titles.get(line_of(block.content))
        return None if title is None else (title,)
    return None


def _language_attr(language: str, around: str) -> n.Attr | None:
    """What marks text in the language, and in its direction where that is not the one of the text around it."""
    if not language:
        return None
    direction = direction_of(language)
    if direction == direction_of(around):
        return n.Attr(lang=language)
    return n.Attr(lang=language, dir=direction or "ltr")


def _with_content(
    block: n.Para | n.Plain | n.LineBlock, content: n.Inlines, attr: n.Attr | None
) -> n.Para | n.Plain | n.LineBlock:
    if isinstance(block, n.Plain):
        return n.Plain(content)
    if isinstance(block, n.LineBlock):
        return n.LineBlock(_lines(content), attr)
    return n.Para(content, attr)


def _lines(content: n.Inlines) -> tuple[n.Inlines, ...]:
    """What stands between the line breaks."""
    lines: list[n.Inlines] = [()]
    for node in content:
        if isinstance(node, n.LineBreak):
            lines.append(())
        else:
            lines[-1] += (node,)
    return tuple(lines)


def _renamed(content: n.Inlines, alternatives: dict[str, str]) -> n.Inlines:
    """The line with other alternative texts."""

    def renamed(node: Any) -> n.Inlines:
        return (replace(node, alt=alternatives.get(node.alt, node.alt)) if isinstance(node, n.Image) else node,)

    return _changed(content, renamed) if alternatives else content


def _changed(content: n.Inlines, change: Callable[[Any], n.Inlines]) -> n.Inlines:
    """The line with what ``change`` makes of each node, the innermost first."""
    nodes: list[n.Inline] = []
    node: Any
    for node in content:
        has_content = hasattr(node, "content")
        nodes += change(replace(node, content=_changed(node.content, change)) if has_content else node)
    return tuple(nodes)


class _Bilingual(LineEditor):
    """Leaves every line and puts its translation after it.

    A block's translation is a block of its own. What is no block (a heading, a term, what a cell or an item of a tight
    list holds) has its translation on a line below it, so that a heading stays one line of the contents.
    """

    def __init__(self, order: EditOrder, answers: Answers) -> None:
        self._order = order
        self._answers = answers
        self._attr = n.Attr(lang=order.language, dir=direction_of(order.language) or "ltr")

    def title(self, content: n.Inlines, attr: n.Attr | None) -> tuple[n.Inlines, n.Attr | None]:
        """See `LineEditor`."""
        return self._both(content, self._translated(content, attr)), attr

    def heading(self, block: n.Header) -> n.Header:
        """See `LineEditor`."""
        self._answers.begin_section(block)
        translated = _title_of(block, self._order) or self._translated(block.content, block.attr)
        return replace(block, content=self._both(block.content, translated))

    def block(self, block: n.Para | n.Plain | n.LineBlock) -> n.Blocks:
        """See `LineEditor`."""
        content = tuple(children(block))
        translated = self._translated(content, getattr(block, "attr", None))
        if isinstance(block, n.Plain):
            return (n.Plain(self._both(content, translated)),)
        if not translated:
            return (block,)
        return (block, n.Translation((_with_content(block, translated, None),), self._attr))

    def _both(self, content: n.Inlines, translated: n.Inlines | None) -> n.Inlines:
        if not translated:
            return content
        original = n.Span(content, kind="original")
        return (original, n.LineBreak(), n.Span(translated, kind="translation", attr=self._attr))

    def _translated(self, content: n.Inlines, attr: n.Attr | None) -> n.Inlines | None:
        """The line's translation without what a book has once: places, links, notes and pictures."""
        if self._order.is_done(attr):
            return None
        translated = translated_line(content, self._order.language, self._answers)
        if translated is None or translated == content:
            return None
        return _changed(translated, _without_places)


def _without_places(node: Any) -> n.Inlines:
    if isinstance(node, n.Note | n.Image) or (isinstance(node, n.Span) and not node.content):
        return ()
    if isinstance(node, n.Link):
        return node.content
    return (replace(node, attr=None) if hasattr(node, "attr") else node,)
