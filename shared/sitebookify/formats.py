"""The table of formats: every file that a book comes as.

Rendering, packaging, API, command line, web page and the reference of the API read it. To add a format, add a member to
`Format`, a row to `FILES` and the writers that the row names; see ``book.write.page_context`` and
``book.package.writer``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

REPORT = "report.jsonl"
PDF_LONGEST_KB = 3000
"""Of text as XHTML. Typst took 1.0 GiB for it in English (920 pages of paper), 1.4 GiB in Japanese (560): see
``tests/bench/formats.py``."""
DOCX_LONGEST_KB = 3000
"""Of text as XHTML. Pandoc took 411 MiB for it in English, 408 in Japanese, and 5 MiB for each MB of images."""


class Format(StrEnum):
    """A format of the book. Some come with every book, the others on request."""

    MARKDOWN = "markdown"
    EPUB = "epub"
    ZIP = "zip"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    ASCIIDOC = "asciidoc"


@dataclass(frozen=True, slots=True)
class Needed:
    """A Python package that a server may do without; ``install`` is how its operator gets it."""

    package: str
    install: str

    def installed(self) -> bool:
        """True where the package is there; it is not loaded."""
        return find_spec(self.package) is not None


@dataclass(frozen=True, slots=True)
class Bound:
    """The longest book that comes with a file.

    ``kilobytes`` are 1,000 bytes of text each; ``setting`` names the field of ``Settings`` that changes the bound, ""
    where none does.
    """

    kilobytes: int
    setting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFile:
    """One file of a book.

    Attributes:
        name: its file name, in the store, in the zip and for the reader.
        media_type: as in the header ``Content-Type``.
        label: what it is good for, in a few words of English; translations are in the locales, as ``file.NAME``.
        writer: ``module:function`` below ``sitebookify.book.package``, a `book.package.writer.Writer`.
        page_writer: ``module:function`` below ``sitebookify.book.write``, a `book.write.page_context.PageWriter`; "" if
            the file is not put together from pages.
        place: where it stands in a list for people; the least comes first.
        format: the name it is ordered by; None: a list for programs, which every book has.
        title: the format's name for people.
        always: it is made of every book, asked for or not.
        translated: it is made of every book that a language model translated.
        compressed: its bytes are compressed already, so the zip stores them as they are.
        needs: without it the format is refused.
        bound: longer books come without the file.
    """

    name: str
    media_type: str
    label: str
    writer: str
    place: int
    page_writer: str = ""
    format: Format | None = None
    title: str = ""
    always: bool = False
    translated: bool = False
    compressed: bool = False
    needs: Needed | None = None
    bound: Bound | None = None

    def wanted(self, formats: Collection[Format], *, translated: bool) -> bool:
        """True where a book that was ordered in ``formats`` has this file."""
        return self.always or self.format in formats or (self.translated and translated)

    def missing(self) -> Needed | None:
        """What it needs and is not installed here; None: it can be written."""
        return self.needs if self.needs and not self.needs.installed() else None


# In the order of writing: the report names what was not made, and the zip holds all files before it.
FILES = (
    BookFile(
        name="book.md",
        format=Format.MARKDOWN,
        title="Markdown",
        media_type="text/markdown; charset=utf-8",
        label="the whole book as one Markdown file",
        page_writer="markdown.prose:page",
        writer="markdown:write",
        place=5,
        always=True,
    ),
    BookFile(
        name="book.epub",
        format=Format.EPUB,
        title="EPUB",
        media_type="application/epub+zip",
        label="for e-readers, tablets and phones",
        writer="ebook:epub",
        place=1,
        always=True,
        compressed=True,
    ),
    BookFile(
        name="book.html",
        format=Format.HTML,
        title="HTML",
        media_type="text/html; charset=utf-8",
        label="one file with everything and search, for any browser",
        page_writer="html.html_page:page",
        writer="ebook:html",
        place=2,
    ),
    BookFile(
        name="book.pdf",
        format=Format.PDF,
        title="PDF",
        media_type="application/pdf",
        label="A4 pages for printing, with contents and outline",
        page_writer="typst.typst_page:page",
        writer="ebook:pdf",
        place=3,
        compressed=True,
        needs=Needed("typst", "pip install 'typst>=0.15' (the extra sitebookify[pdf])"),
        bound=Bound(PDF_LONGEST_KB, setting="pdf_longest_kb"),
    ),
    BookFile(
        name="book.docx",
        format=Format.DOCX,
        title="Word",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        label="to edit and comment in a word processor",
        page_writer="docx:page",
        writer="by_pandoc:docx",
        place=4,
        compressed=True,
        bound=Bound(DOCX_LONGEST_KB, setting="docx_longest_kb"),
    ),
    BookFile(
        name="book.adoc",
        format=Format.ASCIIDOC,
        title="AsciiDoc",
        media_type="text/asciidoc; charset=utf-8",
        label="the whole book as one AsciiDoc file; its pictures are in the zip",
        page_writer="asciidoc:page",
        writer="by_pandoc:asciidoc",
        place=6,
    ),
    BookFile(
        name="manifest.jsonl",
        media_type="application/jsonl",
        label="the pages, one per line",
        writer="listings:manifest",
        place=8,
        always=True,
    ),
    BookFile(
        name=REPORT,
        media_type="application/jsonl",
        label="every URL tried, and what is missing or uncertain",
        writer="report:write",
        place=9,
        always=True,
    ),
    BookFile(
        name="glossary.txt",
        media_type="text/plain; charset=utf-8",
        label="the translated terms, to correct and give to the next translation",
        writer="listings:glossary",
        place=10,
        translated=True,
    ),
    BookFile(
        name="artifact.zip",
        format=Format.ZIP,
        title="zip",
        media_type="application/zip",
        label="everything, with images and chapter files",
        writer="archive:write",
        place=7,
        always=True,
        compressed=True,
    ),
)

_BY_FORMAT = {file.format: file for file in FILES if file.format}

ALWAYS = tuple(each for each in Format if _BY_FORMAT[each].always)
OPTIONAL = tuple(each for each in Format if not _BY_FORMAT[each].always)


def file_of(chosen: Format) -> BookFile:
    """The file that a format comes as."""
    return _BY_FORMAT[chosen]


def with_always(formats: Iterable[Format]) -> tuple[Format, ...]:
    """The formats of a book for which these were asked, each once, in the enum's order."""
    asked = {*ALWAYS, *formats}
    return tuple(each for each in Format if each in asked)


def in_words() -> str:
    """The names of all formats, in a few words that go with an option."""
    *most, last = ALWAYS
    return f"in addition to {', '.join(most)} and {last}, which are always made: {', '.join(OPTIONAL)}"


def load(reference: str, *, below: str) -> Any:
    """The function that ``module:function`` names below a package; the module is imported if it is not yet."""
    module, _, function = reference.partition(":")
    return getattr(import_module(f"{below}.{module}"), function)


def for_people() -> list[BookFile]:
    """All files in the order in which people look for them."""
    return sorted(FILES, key=lambda file: file.place)
