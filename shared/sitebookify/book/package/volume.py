"""The rendered book as the package stage reads it, one chapter's record at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sitebookify import __version__
from sitebookify.book.ahead import read_ahead
from sitebookify.book.epub.content import BookInfo, Entry, text_refs
from sitebookify.book.labels import labels_of
from sitebookify.book.model import Image
from sitebookify.book.objects import read, read_lines, unpack_lines
from sitebookify.book.render.page_order import RenderedChapter, RenderedSection
from sitebookify.book.search.search_index import TextTerms, terms_in
from sitebookify.book.stage import Workbench
from sitebookify.book.write.html.html_page import HtmlPieces
from sitebookify.book.write.typst import TypstPage
from sitebookify.formats import Format
from sitebookify.jobs import Stage
from sitebookify.language_tags import language_tag
from sitebookify.spec import Edition, WritingMode


class Volume:
    """The whole book; every iteration reads it from the store again, so that no chapter stays in memory."""

    def __init__(self, bench: Workbench) -> None:
        self.inputs = bench.inputs
        self.failures = bench.failures
        self._store = bench.store
        self._spec = bench.spec
        self._book = bench.inputs[Stage.RENDER]

    @cached_property
    def info(self) -> BookInfo:
        """The book's description."""
        site = self.inputs[Stage.EXTRACT].get("site", {})
        authors = tuple(site.get("authors", ()))
        published = tuple(site.get("published", ()))
        return BookInfo(
            title=self._book["title"] or self._spec.source_url,
            language=self._book["language"],
            source=self._spec.source_url,
            generator=f"sitebookify {__version__}",
            date=site.get("date", "") or next(reversed(published), ""),
            author=_author(site.get("author", ""), authors),
            authors=authors,
            published=tuple(dict.fromkeys(published)),
            licence=site.get("licence", ""),
            colour=site.get("colour", ""),
            vertical=self._spec.writing_mode is WritingMode.VERTICAL_RL,
            imprint=self._imprint(),
            edition=self.edition.get("kind", ""),
            original_language=self._original_language(),
        )

    @property
    def edition(self) -> Mapping[str, Any]:
        """What `edit_stage.edit` says of the edited text; nothing where none was edited."""
        edition: Mapping[str, Any] = self.inputs[Stage.EDIT].get("edition", {})
        return edition

    def _imprint(self) -> str:
        """That a model has made the book's text, which one and when, in its language; "" where none has."""
        if not self.edition:
            return ""
        labels = labels_of(self._book["language"])
        words = labels.rewritten if self.edition["kind"] == Edition.REWRITE else labels.translated
        return words.format(model=self.edition["model"], date=self.edition["date"])

    def _original_language(self) -> str:
        """The other language of a book in two, a BCP 47 tag or ""."""
        return language_tag(self.edition["source"]) if self.edition.get("kind") == Edition.BILINGUAL else ""

    def chapters(self) -> Iterator[RenderedChapter]:
        """The chapters in reading order, one in memory at a time."""
        yield from map(RenderedChapter.from_json, read_lines(self._store, self._book["chapters"]))

    def tried(self) -> Iterator[dict[str, Any]]:
        """The rows that the crawl wrote, one for every URL that it tried and that did not fail."""
        name = self.inputs[Stage.CRAWL].get("tried")
        if name:
            yield from read_lines(self._store, name)

    def texts(self, form: Format) -> Iterator[tuple[RenderedSection, Any]]:
        """Every page with what the render stage wrote of it for the format, in reading order."""
        lines = map(unpack_lines, self._batches(self._book["texts"][form.value]))
        return zip(self.entries(), chain.from_iterable(lines), strict=True)

    def terms(self) -> Iterator[tuple[Entry, list[TextTerms]]]:
        """Every page with what the search index says of its texts, in reading order."""
        return zip(self.entries(), terms_in(self.term_batches()), strict=True)

    def term_batches(self) -> Iterator[bytes]:
        """What the search index says of the texts, as it is stored, see `search_index.terms_in`."""
        return self._batches(self._book["terms"])

    def packed_terms(self, most: int) -> list[bytes] | None:
        """`term_batches`, or None where they have more than ``most`` bytes."""
        batches = []
        size = 0
        for batch in self.term_batches():
            size += len(batch)
            if size > most:
                return None
            batches.append(batch)
        return batches

    def entries(self) -> Iterator[RenderedSection]:
        """See `epub.content.Content`."""
        for chapter in self.chapters():
            yield from chapter.pages

    def html_pages(self) -> Iterator[tuple[Entry, HtmlPieces]]:
        """See `write.html.html_file.HtmlContent`."""
        return self.texts(Format.HTML)

    def typst_pages(self) -> Iterator[tuple[Entry, TypstPage]]:
        """Every page with its code for the PDF, in reading order."""
        for page, text in self.texts(Format.PDF):
            yield page, TypstPage.from_json(text)

    def image_uses(self) -> Counter[str]:
        """See `write.html.html_file.HtmlContent`."""
        return Counter(chain.from_iterable(page.images for page in self.entries()))

    def text_bytes(self) -> int:
        """Bytes of all texts, as XHTML."""
        return sum(text.size for text in text_refs(self))

    def image_bytes(self) -> int:
        """Bytes of all images."""
        return sum(image.size for image in self.images)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """See `epub.content.Content`; each file once."""
        records = self.inputs[Stage.EXTRACT]["images"].values()
        images = {record["name"]: Image.from_json(record) for record in records}
        return tuple(images[name] for name in sorted(images))

    def read(self, key: str) -> bytes:
        """See `epub.content.Content`."""
        return read(self._store, key)

    def _batches(self, names: Iterable[str]) -> Iterator[bytes]:
        """The objects with these names."""
        return (batch for _, batch in read_ahead(self.read, names, ahead=2))


_NAMED_AUTHORS = 3


def _author(author: str, authors: Sequence[str]) -> str:
    """The line that names the posts' authors; the author of the site where they are not known."""
    if not authors:
        return author
    names = ", ".join(authors[:_NAMED_AUTHORS])
    return f"{names} et al." if len(authors) > _NAMED_AUTHORS else names
