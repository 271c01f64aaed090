"""The EPUB file: what opens it looks for first, the same bytes each time, one text in memory at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sitebookify.book.epub.container import epub
from sitebookify.book.epub.content import BookInfo, Entry, TextRef
from sitebookify.book.epub.text_page import text_page
from sitebookify.book.model import Image

INFO = BookInfo(title='Title & "more"', language="en", source="https://e.org/", generator="g", licence="CC BY 4.0")


def cover() -> bytes:
    return b"\x89PNG of the cover"


class Book:
    """A book of as many pages as are asked for."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self.reads: list[str] = []

    def entries(self) -> Iterator[Entry]:
        for number in range(self._pages):
            text = TextRef(name=f"p{number}.xhtml", key=f"p{number}", size=100)
            yield Entry(title=f"Page {number}", level=0, part="", texts=(text,))

    @property
    def images(self) -> Sequence[Image]:
        return [Image(url="", name="a.png", blob="a.png", content_type="image/png", width=1, height=1, size=4)]

    def read(self, key: str) -> bytes:
        self.reads.append(key)
        return b"\x89PNG" if key == "a.png" else text_page(key, "en", f"<section><p>{key}</p></section>")


def test_the_type_comes_first_stored_and_without_extra_field() -> None:
    data = b"".join(epub(INFO, Book(2), cover))
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert "EPUB/text/p1.xhtml" in archive.namelist()
        opf = archive.read("EPUB/package.opf").decode()
    assert "Title &amp; &quot;more&quot;" in opf
    assert "<dc:rights>CC BY 4.0</dc:rights>" in opf


def package(info: BookInfo) -> tuple[str, str]:
    """The package document and the title page."""
    with zipfile.ZipFile(io.BytesIO(b"".join(epub(info, Book(1), cover)))) as archive:
        return archive.read("EPUB/package.opf").decode(), archive.read("EPUB/title.xhtml").decode()


def test_pages_turn_as_the_language_runs() -> None:
    opf, title = package(INFO)
    assert "rtl" not in opf + title
    opf, title = package(replace(INFO, language="ar"))
    assert '<spine toc="ncx" page-progression-direction="rtl">' in opf
    assert 'lang="ar" dir="rtl">' in title


def test_vertical_books_turn_to_the_right_and_keep_their_letters_direction() -> None:
    opf, title = package(replace(INFO, language="ja", vertical=True))
    assert 'page-progression-direction="rtl"' in opf
    assert "dir=" not in opf + title


def test_the_same_book_is_the_same_bytes() -> None:
    assert b"".join(epub(INFO, Book(3), cover)) == b"".join(epub(INFO, Book(3), cover))


def test_texts_are_read_one_after_another_while_the_file_is_written() -> None:
    book = Book(2000)
    stream = epub(INFO, book, cover)
    for _ in range(3):
        next(stream)
    assert len(book.reads) < 2000


def test_all_authors_of_posts_are_creators() -> None:
    """And the days between which the posts appeared are theirs."""
    info = replace(INFO, author="Ann, Bo", authors=("Ann", "Bo"), published=("2024-03-04", "2024-05-06"))
    opf, title = package(info)
    assert "<dc:creator>Ann</dc:creator>\n<dc:creator>Bo</dc:creator>" in opf
    assert '<meta property="dcterms:issued">2024-03-04/2024-05-06</meta>' in opf
    assert "Ann, Bo" in title
