"""The sample book: our own pages in this folder, set and bound as every other book is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

from sitebookify import __version__
from sitebookify.book.document.build import document_of
from sitebookify.book.epub.container import epub
from sitebookify.book.epub.content import BookInfo, Entry, TextRef
from sitebookify.book.epub.cover import cover_png
from sitebookify.book.limits import limited
from sitebookify.book.links import Target
from sitebookify.book.model import Image
from sitebookify.book.render.page_order import PageOrder, RenderedPage
from sitebookify.book.render.page_texts import render_page
from sitebookify.book.sample.sample_titles import TITLES
from sitebookify.book.search.search_index import SearchIndex
from sitebookify.book.tree import fragment

_PAGES = ("start", "reading", "making")
_SITE = "https://sample.invalid/"
_PICTURE = "tide.svg"
_WIDTH = 640


@limited(seconds=30, mebibytes=256)
def sample_book(language: str) -> tuple[bytes, bytes]:
    """The EPUB of the sample in a language of `TITLES`, and its search index."""
    index = SearchIndex()
    sample = _Sample([], {_PICTURE: _own(_PICTURE)})
    for number, name in enumerate(_PAGES, 1):
        title, page = _page(language, number, name)
        texts = tuple(TextRef(name=file.name, key=file.name, size=len(file.data)) for file in page.files)
        sample.pages.append(Entry(title=title, level=0, part="", texts=texts, headings=page.headings))
        for file, terms in zip(page.files, page.terms, strict=True):
            sample.files[file.name] = file.data
            index.add(file.name, title, terms)
    info = BookInfo(
        title=TITLES[language],
        language=language,
        source="",
        generator=f"sitebookify {__version__}",
        author="sitebookify",
    )
    return b"".join(epub(info, sample, partial(cover_png, info))), index.zipped()


@dataclass
class _Sample:
    """See `epub.content.Content`; keys are file names."""

    pages: list[Entry]
    files: dict[str, bytes]

    @property
    def images(self) -> Sequence[Image]:
        size = len(self.files[_PICTURE])
        kind = "image/svg+xml"
        return [Image(url="", blob=_PICTURE, name=_PICTURE, content_type=kind, width=_WIDTH, height=220, size=size)]

    def entries(self) -> Sequence[Entry]:
        return self.pages

    def read(self, key: str) -> bytes:
        return self.files[key]


def _page(language: str, number: int, name: str) -> tuple[str, RenderedPage]:
    """The page's title, and the page."""
    tree = fragment(_own(f"{language}/{number}-{name}.html").decode())
    document = document_of(tree, url=_SITE + name, language=language)
    order = PageOrder(
        slug=name,
        shift=0,
        language=language,
        ids={},
        links={_SITE + name: Target(slug=name) for name in _PAGES},
        images={_SITE + _PICTURE: _PICTURE},
        widths={_PICTURE: _WIDTH},
        sources=(),
        formats=(),
    )
    return document.title, render_page(document, order)


def _own(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
