"""The sample book: our own pages in this folder, set and bound as every other book is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files

from sitebookify import __version__
from sitebookify.book.document.build import document_of
from sitebookify.book.epub.container import epub
from sitebookify.book.epub.content import BookInfo, Entry, PictureRef, TextRef
from sitebookify.book.epub.cover import cover_png
from sitebookify.book.limits import limited
from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder, RenderedPage
from sitebookify.book.render.page_texts import render_page
from sitebookify.book.sample.sample_titles import TITLES
from sitebookify.book.search.search_index import SearchIndex, TextTerms
from sitebookify.book.tree import fragment

_PAGES = ("start", "reading", "making")
_SITE = "https://sample.invalid/"
_PICTURE = "tide.svg"
_WIDTH, _HEIGHT = 640, 220


@limited(seconds=30, mebibytes=256)
def sample_book(language: str) -> tuple[bytes, bytes]:
    """The EPUB of the sample in a language of `TITLES`, and its search index."""
    sample = _Sample(language)
    index = SearchIndex()
    for title, page in sample.pages:
        for file, terms in zip(page.files, page.terms, strict=True):
            index.add(file.name, title, TextTerms.from_json(terms))
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

    language: str

    def entries(self) -> Iterator[Entry]:
        for title, page in self.pages:
            texts = tuple(TextRef(name=file.name, key=file.name, size=len(file.data)) for file in page.files)
            yield Entry(title=title, level=0, part="", texts=texts, headings=page.headings)

    def pictures(self) -> Sequence[PictureRef]:
        return [
            PictureRef(name=_PICTURE, key=_PICTURE, content_type="image/svg+xml", width=_WIDTH, height=_HEIGHT),
        ]

    def read(self, key: str) -> bytes:
        for _, page in self.pages:
            for file in page.files:
                if file.name == key:
                    return file.data
        return _own(_PICTURE)

    @cached_property
    def pages(self) -> list[tuple[str, RenderedPage]]:
        """The pages with their titles, in reading order."""
        return [self._page(number, name) for number, name in enumerate(_PAGES, 1)]

    def _page(self, number: int, name: str) -> tuple[str, RenderedPage]:
        tree = fragment(_own(f"{self.language}/{number}-{name}.html").decode())
        document = document_of(tree, url=_SITE + name, language=self.language)
        order = PageOrder(
            slug=name,
            shift=0,
            language=self.language,
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
