"""Memory and time of writing a book as one HTML file, as PDF and for Word, over the size of the book.

The pages of a real book (rust-doc's, debian-reference-ja's), rendered once, are put together as often over as the size
asks for, each time by a process of its own, whose peak of resident memory the kernel tells. A PDF is set up to the
limit of SITEBOOKIFY_PDF_LONGEST_KB, by typst, which has all of a book in memory, as pandoc has for Word; HTML is
streamed.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pypdf import PdfReader

from bench.kit.parts import Cell, Part, Table, Target, Version, say
from sitebookify.book.binding import BoundPicture
from sitebookify.book.epub.nav import lines
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import typeset
from sitebookify.book.write.docx import docx
from sitebookify.book.write.html.html_file import html
from support.documentation import SITES
from support.repeated_book import RepeatedBook, render_site
from support.site import Site

BOOKS = ("rust-book", "debian-reference-ja")


def measure(
    *, pdf: str = "300,1000,3000", docx: str = "1000,3000,5000", html: str = "1000,10000,30000"
) -> Iterator[Part]:
    """Tables, a row for each size; sizes in KB of XHTML."""
    yield Version("typst", version("typst"))
    sizes = {"html": html, "pdf": pdf, "docx": docx}
    rows: dict[str, list[list[Cell]]] = {form: [] for form in sizes}
    for name in BOOKS:
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder)
            with Site(SITES[name].root) as site:
                asyncio.run(render_site(site.url(SITES[name].start), book))
            for form, listed in sizes.items():
                for wanted in map(int, listed.split(",")):
                    rows[form].append([name, *_child(form, book, wanted)])
                    say(form, rows[form][-1])
    columns = ["book", "KB of text", "seconds", "file, MB", "peak RSS, MiB"]
    yield Table("one HTML file", columns, rows["html"])
    yield Table("PDF", [*columns, "pages of paper"], rows["pdf"])
    yield Table("Word, pandoc's memory", columns, rows["docx"])
    first, *_, last = [row[4] for row in rows["html"] if row[0] == BOOKS[0]]
    ratio = float(str(last)) / float(str(first))
    yield Target(
        "memory of the one HTML file's writer",
        peer="itself on the smallest book",
        target="at most 1.5 times on the largest",
        measured=f"{ratio:.2f} times",
        met=ratio <= 1.5,
    )


def _child(form: str, book: Path, wanted: int) -> list[Cell]:
    command = [sys.executable, "-m", "bench.formats", form, str(book), str(wanted)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    cells: list[Cell] = json.loads(done.stdout)
    return cells


def _write(form: str, book: Path, wanted: int) -> list[Cell]:
    content = RepeatedBook(book, wanted * 1000)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"book.{form}"
        if form == "html":
            with out.open("wb") as file:
                file.writelines(html(content.info, content))
        elif form == "docx":
            with out.open("wb") as file:
                file.writelines(_docx(content))
        else:
            pages, images = content.typst_pages(), content.images
            typeset(str(lay_out(content.info, pages, images, content.read, Path(folder))), str(out))
        seconds = time.monotonic() - started
        whose = resource.RUSAGE_CHILDREN if form == "docx" else resource.RUSAGE_SELF
        peak = resource.getrusage(whose).ru_maxrss / 1024
        row: list[Cell] = [
            round(content.size / 1000),
            round(seconds, 1),
            round(out.stat().st_size / 1e6, 1),
            round(peak),
        ]
        return [*row, len(PdfReader(out).pages)] if form == "pdf" else row


def _docx(content: RepeatedBook) -> Iterator[bytes]:
    pictures = (
        BoundPicture(name=each.name, content_type=each.content_type, data=content.read(each.blob))
        for each in content.images
    )
    return docx(content.info, lines(content.entries(), headings=False), content.docx_pages(), pictures)


if __name__ == "__main__":
    print(json.dumps(_write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
