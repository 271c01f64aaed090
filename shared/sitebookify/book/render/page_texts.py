"""One page in all its forms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import msgspec

from sitebookify.book.document.nodes import Attr, Blocks, Document, Header, Para, Span
from sitebookify.book.document.walk import text_of
from sitebookify.book.epub.text_page import text_page
from sitebookify.book.limits import deadline
from sitebookify.book.links import text_file
from sitebookify.book.objects import pack_lines
from sitebookify.book.render.page_order import PageOrder, RenderedPage, TextFile
from sitebookify.book.render.page_survey import FAILURES
from sitebookify.book.render.parts import Part, parts
from sitebookify.book.search.search_index import TextTerms
from sitebookify.book.write.formulas import formulas_of
from sitebookify.book.write.highlight import Highlight, highlighted, plain
from sitebookify.book.write.page_context import PageContext, page_writer
from sitebookify.book.write.xhtml import EpubDialect, WrittenSection, written_sections
from sitebookify.messages import Message

_LONGEST_SECONDS = 30.0


def simplified(document: Document, order: PageOrder, why: str) -> RenderedPage:
    """The page's words alone, and that the reader misses the rest: ``why``, in words."""
    return _with_trouble(_rendered(*_bare(document, order), order, plain), why)


def packed_page(page: RenderedPage) -> RenderedPage:
    """The page with its texts and terms packed, a line each (`pack_lines`)."""
    texts = {form: pack_lines([text]) for form, text in page.texts.items()}
    return replace(page, texts=texts, terms=pack_lines([page.terms]))


def render_page(document: Document, order: PageOrder, highlight: Highlight = highlighted) -> RenderedPage:
    """Render the page; what cannot be done is simplified, and the page's troubles say so.

    Raises:
        FAILURES: the page breaks a writer.
    """
    with deadline(_LONGEST_SECONDS):
        return _rendered(document, parts(document), order, highlight)


def render_safely(
    document: Document,
    order: PageOrder,
    render: Callable[[Document, PageOrder, Highlight], RenderedPage] = render_page,
) -> RenderedPage:
    """The page by ``render``, or simpler where that fails; its troubles say so.

    It is tried again with plain code, a highlighter's patterns being the likeliest to take for ever, and comes as bare
    text after that.
    """
    try:
        return render(document, order, highlighted)
    except FAILURES as error:
        why = repr(error)
    try:
        return _with_trouble(render(document, order, plain), why)
    except FAILURES as error:
        return simplified(document, order, repr(error))


def _with_trouble(page: RenderedPage, why: str) -> RenderedPage:
    return replace(page, troubles=(Message("trouble.simplified", detail=why), *page.troubles))


def _rendered(document: Document, pieces: Sequence[Part], order: PageOrder, highlight: Highlight) -> RenderedPage:
    troubles: list[Message] = []
    context = PageContext(
        document=document,
        order=order,
        formulas=formulas_of((*document.blocks, *document.notes), troubles),
        highlight=cache(highlight),  # several formats show the same code
        marker=f"x{hashlib.sha256(msgspec.msgpack.encode(document)).hexdigest()[:24]}:",
        troubles=troubles,
    )
    dialect = EpubDialect()
    sections = written_sections(context, dialect, pieces)
    return RenderedPage(
        texts={form: page_writer(form)(context) for form in order.formats},
        marker=context.marker,
        files=tuple(_file(context, number, section) for number, section in enumerate(sections)),
        headings=tuple(_headings(order, sections)),
        terms=[_terms(*each) for each in zip(pieces, sections, strict=True)],
        images=tuple(dialect.shown),
        troubles=tuple(troubles),
    )


def _headings(order: PageOrder, sections: Sequence[WrittenSection]) -> Iterator[tuple[str, str]]:
    """The headings that the contents name, with their places in the EPUB."""
    for number, section in enumerate(sections):
        for text, anchor, listed in section.headings:
            if listed:
                yield text, f"{text_file(order.slug, number)}#{anchor}"


def _terms(piece: Part, section: WrittenSection) -> TextTerms:
    """What the search index says of a file of the EPUB."""
    headings = [(heading.text, heading.anchor) for heading in section.headings]
    return TextTerms.of(text_of((*piece.blocks, *piece.notes)), headings)


def _file(context: PageContext, number: int, section: WrittenSection) -> TextFile:
    document = context.document
    language = document.language or context.order.language
    data = text_page(document.title, language, section.markup, document.direction)
    return TextFile(name=text_file(context.order.slug, number), data=data, math=section.math)


def _bare(document: Document, order: PageOrder) -> tuple[Document, list[Part]]:
    """The page's words alone, and the ids that links lead to, each in its part."""
    number_of_parts = 1 + max(order.ids.values(), default=0)
    anchors: list[list[Span]] = [[] for _ in range(number_of_parts)]
    for name, part in order.ids.items():
        anchors[part].append(Span((), attr=Attr(id=name)))
    first, *others = (Para(tuple(spans)) for spans in anchors)
    title = Header(1, (document.title,))
    words: Blocks = (title, first, *_bare_paragraphs(document))
    pieces = [Part(words), *(Part((para,)) for para in others)]
    return msgspec.structs.replace(document, blocks=(*words, *others), notes=()), pieces


def _bare_paragraphs(document: Document) -> Iterator[Para]:
    """The text of every block on one line; the title is left out."""
    for block in (*document.blocks, *document.notes):
        line = " ".join(text_of((block,)).split())
        if line and line != document.title:
            yield Para((line,))
