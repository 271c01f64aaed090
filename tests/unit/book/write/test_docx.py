"""book.docx, opened again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sitebookify.book.binding import BoundPicture
from sitebookify.book.document.nodes import Document
from sitebookify.book.document.walk import text_of
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.nav import Line
from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.docx import docx
from sitebookify.book.write.docx import page as docx_page
from sitebookify.book.write.page_context import PageContext
from support.documents import URL, document_from_html
from support.sampled_documents import LETTERS, random_document
from support.word import Docx, Paragraph, png

_WORD = re.compile(f"[{LETTERS}]+")
INFO = BookInfo(
    title="The Book",
    language="en",
    source="https://example.org/",
    generator="sitebookify 1",
    date="2024-05-06",
    author="A. Author",
    licence="MIT",
)


def order(**more: Any) -> PageOrder:
    settings: Mapping[str, Any] = {"slug": "page", "shift": 0, "language": "en", "ids": {}}
    return PageOrder(**{**settings, "links": {}, "images": {}, "sources": (), **more})


def book(*pages: tuple[str, str], contents: tuple[Line, ...] = (), pictures: tuple[BoundPicture, ...] = ()) -> Docx:
    return Docx(b"".join(docx(INFO, contents, pages, pictures)))


def page_docx(document: Document, order: PageOrder) -> str:
    return docx_page(PageContext(document=document, order=order))


def page(html: str, **more: Any) -> str:
    return page_docx(document_from_html(html), order(**more))


def after_contents(written: Docx) -> list[Paragraph]:
    paragraphs = written.paragraphs()
    return paragraphs[next(at for at, each in enumerate(paragraphs) if each.text == "Contents") + 1 :]


def test_title_imprint_and_contents() -> None:
    contents = (
        Line(0, "Part", "a.xhtml"),
        Line(1, "One", "a.xhtml"),
        Line(2, "Two", "b.xhtml"),
        Line(0, "C", "c.xhtml"),
    )
    written = book(contents=contents)
    assert written.paragraphs() == [
        Paragraph("Title", "The Book", ()),
        Paragraph("Author", "A. Author", ()),
        Paragraph("Date", "2024-05-06", ()),
        Paragraph("FirstParagraph", "Source: https://example.org/", ("https://example.org/",)),
        Paragraph("BodyText", "MIT", ()),
        Paragraph("BodyText", "sitebookify 1", ()),
        Paragraph("Heading1", "Contents", ()),
        Paragraph("Compact", "Part", ("#a",)),
        Paragraph("Compact", "One", ("#a",)),
        Paragraph("Compact", "Two", ("#b",)),
        Paragraph("Compact", "C", ("#c",)),
    ]
    assert b">en<" in written.parts["docProps/core.xml"]


def test_pages_parts_headings_links_and_pictures() -> None:
    first = page(
        f'<h1>One</h1><p>To <a href="{URL}x#there">the other</a>, <a href="https://e.com/">out</a>, '
        '<a href="mailto:a@b.c">mail</a>.</p><p><img src="https://e.com/a.png" alt="a cat" width="20"></p>',
        links={f"{URL}x#there": Target(slug="two", anchor="there")},
        images={"https://e.com/a.png": "a.png"},
        shift=1,
    )
    second = page('<h1>Two</h1><h2 id="there">There</h2>', slug="two", shift=2, ids={"there": 0})
    written = book(
        ("Part A", first),
        ("Part A", second),
        pictures=(BoundPicture(name="a.png", content_type="image/png", data=png()),),
    )
    assert after_contents(written) == [
        Paragraph("Heading1", "Part A", ()),
        Paragraph("Heading2", "One", ()),
        Paragraph("FirstParagraph", "To the other, out, mail.", ("#two--there", "https://e.com/", "mailto:a@b.c")),
        Paragraph("BodyText", "", ()),
        Paragraph("Heading3", "Two", ()),
        Paragraph("Heading4", "There", ()),
    ]
    assert {"page", "two", "two--there"} <= {*written.bookmarks}
    assert written.media == [png()]
    assert b'descr="a cat"' in written.parts["word/document.xml"]


def test_what_word_has_no_style_for() -> None:
    html = (
        "<h1>T</h1>"
        '<div class="admonition warning" role="note"><p class="admonition-title">Careful</p><p>hot</p></div>'
        '<p>Euler: <span class="math inline">\\(e^x\\)</span></p>'
        '<p>see<a class="footnote-ref" role="doc-noteref" href="https://example.org/page#n">1</a></p>'
        '<section class="footnotes" role="doc-endnotes"><ol><li id="n" role="doc-endnote"><p>the note</p></li></ol>'
        "</section>"
    )
    written = book(("", page(html)))
    assert after_contents(written)[1:3] == [Paragraph("BlockText", "Careful", ()), Paragraph("BlockText", "hot", ())]
    assert b"<m:sSup>" in written.parts["word/document.xml"]
    assert "the note" in [each.text.strip() for each in written.paragraphs("word/footnotes.xml")]


def test_the_sources_stand_at_the_end() -> None:
    one = page("<h1>A</h1>", sources=(("A", "https://e.com/a"),))
    two = page("<h1>B</h1>", sources=(("A", "https://e.com/a"), ("B", "https://e.com/b")))
    assert after_contents(book(("", one)))[-1] == Paragraph(
        "FirstParagraph", "Source: https://e.com/a", ("https://e.com/a",)
    )
    assert [each.text for each in after_contents(book(("", two)))[-3:]] == [
        "Sources:",
        "https://e.com/a",
        "https://e.com/b",
    ]


def test_a_page_says_its_language() -> None:
    document = document_from_html("<h1>見出し</h1><p>本文</p>", language="ja")
    written = book(("", page_docx(document, order())))
    assert (
        written.parts["word/document.xml"].count(b'w:lang w:eastAsia="ja"')
        + written.parts["word/document.xml"].count(b'w:lang w:val="ja"')
        == 2
    )


def test_no_word_of_any_page_is_lost() -> None:
    """A book of thirty pages at random; notes and formulas are elsewhere in the file."""
    documents = [random_document(seed) for seed in range(30)]
    written = book(*(("", page_docx(each, order())) for each in documents))
    paragraphs = written.paragraphs() + written.paragraphs("word/footnotes.xml")
    found = Counter(_WORD.findall("\n".join(each.text for each in paragraphs)))
    assert Counter(_WORD.findall(text_of(documents))) - found == Counter()
