"""One page in all its forms: runs in a worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import msgspec

from sitebookify.book.deadline import deadline
from sitebookify.book.document.nodes import Attr, Document, Header, Para, Span
from sitebookify.book.document.walk import text_of
from sitebookify.book.epub.text_page import text_page
from sitebookify.book.limits import limited
from sitebookify.book.links import text_file
from sitebookify.book.model import Page
from sitebookify.book.objects import pack_lines
from sitebookify.book.render.page_order import PageOrder, RenderedPage, TextFile
from sitebookify.book.render.page_survey import FAILURES
from sitebookify.book.render.parts import Part, parts
from sitebookify.book.write.formulas import Formulas, formulas_of
from sitebookify.book.write.highlight import Highlight, highlighted, plain
from sitebookify.book.write.markdown import page_markdown
from sitebookify.book.write.xhtml import EpubDialect, WrittenSection, written_sections
from sitebookify.formats import Format
from sitebookify.messages import Message

_LONGEST_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A page, and what its forms have in common; nothing on the page itself contains ``marker``."""

    document: Document
    order: PageOrder
    formulas: Formulas
    highlight: Highlight
    marker: str
    troubles: list[Message]


# Few books come in the formats whose writers are loaded where they are used: the others need not wait for them.


def _asciidoc(sheet: _Sheet) -> Any:
    from sitebookify.book.write.asciidoc import page_asciidoc  # noqa: PLC0415 - see above

    return page_asciidoc(sheet.document, sheet.order, sheet.troubles)


def _docx(sheet: _Sheet) -> Any:
    from sitebookify.book.write.docx import page_docx  # noqa: PLC0415 - see above

    return page_docx(sheet.document, sheet.order)


def _html(sheet: _Sheet) -> Any:
    from sitebookify.book.write.html.html_page import page_html  # noqa: PLC0415 - see above

    return page_html(
        sheet.document, sheet.order, marker=sheet.marker, formulas=sheet.formulas, highlight=sheet.highlight
    )


def _markdown(sheet: _Sheet) -> Any:
    return page_markdown(sheet.document, sheet.order, sheet.marker)


def _pdf(sheet: _Sheet) -> Any:
    from sitebookify.book.write.typst import page_typst  # noqa: PLC0415 - see above

    return page_typst(sheet.document, sheet.order, formulas=sheet.formulas, highlight=sheet.highlight).to_json()


TEXTS: Mapping[Format, Callable[[_Sheet], Any]] = {
    Format.ASCIIDOC: _asciidoc,
    Format.DOCX: _docx,
    Format.HTML: _html,
    Format.MARKDOWN: _markdown,
    Format.PDF: _pdf,
}
"""What writes a page for a format that the book is put together from; the result is plain JSON."""


@limited(seconds=90)
def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`render_safely` on a page in its stored form; the texts are packed too, as a line each (`objects.pack_lines`)."""
    return _packed(render_safely(Page.unpack(packed).document, order))


@limited(seconds=30)
def render_words_packed(packed: bytes, order: PageOrder, why: str) -> RenderedPage:
    """The page's words alone, for a page that is too complex to be rendered: ``why``, in words."""
    return _packed(_simplified(Page.unpack(packed).document, order, why))


@limited(seconds=30)
def render_nothing_packed(url: str, title: str, order: PageOrder, why: str) -> RenderedPage:
    """The page's title alone, for one whose words are too complex as well."""
    return _packed(_simplified(Document(url=url, title=title, blocks=()), order, why))


def _simplified(document: Document, order: PageOrder, why: str) -> RenderedPage:
    page = _rendered(*_bare(document, order), order, plain)
    return replace(page, troubles=(Message("trouble.simplified", detail=why), *page.troubles))


def _packed(page: RenderedPage) -> RenderedPage:
    return replace(page, texts={form: pack_lines([text]) for form, text in page.texts.items()})


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
    failure: Exception | None = None
    for highlight in (highlighted, plain):
        try:
            result = render(document, order, highlight)
            break
        except FAILURES as error:
            failure = error
    else:
        result = _rendered(*_bare(document, order), order, plain)
    simplified = (Message("trouble.simplified", detail=repr(failure)),) if failure else ()
    return replace(result, troubles=(*simplified, *result.troubles))


def _rendered(document: Document, pieces: Sequence[Part], order: PageOrder, highlight: Highlight) -> RenderedPage:
    troubles: list[Message] = []
    sheet = _Sheet(
        document=document,
        order=order,
        formulas=formulas_of((*document.blocks, *document.notes), troubles),
        highlight=cache(highlight),  # several formats show the same code
        marker=f"x{hashlib.sha256(msgspec.msgpack.encode(document)).hexdigest()[:24]}:",
        troubles=troubles,
    )
    dialect = EpubDialect()
    sections = written_sections(
        document, order, dialect, parts=pieces, formulas=sheet.formulas, highlight=sheet.highlight
    )
    return RenderedPage(
        texts={form: TEXTS[form](sheet) for form in order.formats},
        marker=sheet.marker,
        files=tuple(_file(sheet, number, section) for number, section in enumerate(sections)),
        headings=tuple(
            (text, f"{text_file(order.slug, number)}#{anchor}")
            for number, section in enumerate(sections)
            for text, anchor in section.headings
        ),
        images=tuple(dialect.shown),
        troubles=tuple(troubles),
    )


def _file(sheet: _Sheet, number: int, section: WrittenSection) -> TextFile:
    document = sheet.document
    language = document.language or sheet.order.language
    data = text_page(document.title, language, section.markup, document.direction)
    return TextFile(name=text_file(sheet.order.slug, number), data=data, math=section.math)


def _bare(document: Document, order: PageOrder) -> tuple[Document, list[Part]]:
    """The page's words alone, and the ids that links name, each in its part."""
    places: list[list[Span]] = [[] for _ in range(1 + max(order.ids.values(), default=0))]
    for name, part in order.ids.items():
        places[part].append(Span((), attr=Attr(id=name)))
    lines = (" ".join(text_of((block,)).split()) for block in (*document.blocks, *document.notes))
    words = tuple(Para((line,)) for line in lines if line and line != document.title)
    first = Part((Header(1, (document.title,)), Para(tuple(places[0])), *words))
    pieces = [first, *(Part((Para(tuple(spans)),)) for spans in places[1:])]
    blocks = tuple(block for piece in pieces for block in piece.blocks)
    return msgspec.structs.replace(document, blocks=blocks, notes=()), pieces
