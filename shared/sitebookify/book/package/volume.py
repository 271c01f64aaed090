"""The rendered book as the package stage reads it, one chapter's record at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, Self

from sitebookify import __version__
from sitebookify.book.ahead import read_ahead
from sitebookify.book.epub.content import BookInfo, Entry, PictureRef, TextRef, text_refs
from sitebookify.book.failures import PageFailure
from sitebookify.book.labels import labels_of
from sitebookify.book.model import Image, Plain
from sitebookify.book.objects import read, read_lines, unpack_lines
from sitebookify.book.search.search_index import TextTerms
from sitebookify.book.stage import Workbench
from sitebookify.book.write.html.html_page import HtmlPieces
from sitebookify.book.write.typst import TypstPage
from sitebookify.formats import Format
from sitebookify.jobs import Stage
from sitebookify.language_tags import language_tag
from sitebookify.ports import ObjectStore
from sitebookify.spec import Edition, WritingMode


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedSection(Plain):
    """A page as the render stage recorded it, see `render_stage.render`, and the part its chapter is in."""

    part: str
    url: str
    slug: str
    title: str
    number: str
    level: int
    words: int
    sha256: str
    marker: str
    files: tuple[dict[str, Any], ...]
    headings: tuple[tuple[str, str], ...]
    images: tuple[str, ...]
    links_in: int
    links_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedChapter:
    """A chapter as the render stage recorded it."""

    id: str
    title: str
    part: str
    pages: tuple[RenderedSection, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From the record's JSON."""
        pages = tuple(RenderedSection.from_json({**page, "part": data["part"]}) for page in data["pages"])
        return cls(id=data["id"], title=data["title"], part=data["part"], pages=pages)


class Volume:
    """The whole book; every iteration reads it from the store again, so that no chapter stays in memory."""

    def __init__(
        self,
        store: ObjectStore,
        inputs: Mapping[str, Mapping[str, Any]],
        source: str,
        failures: Sequence[PageFailure] = (),
        *,
        vertical: bool = False,
    ) -> None:
        self.inputs = inputs
        self.source = source
        self.failures = failures
        self._store = store
        self._vertical = vertical
        self._book = inputs[Stage.RENDER]

    @classmethod
    def of(cls, bench: Workbench) -> Self:
        """The volume that the bench's inputs describe."""
        vertical = bench.spec.writing_mode is WritingMode.VERTICAL_RL
        return cls(bench.store, bench.inputs, bench.spec.source_url, bench.failures, vertical=vertical)

    @cached_property
    def info(self) -> BookInfo:
        """The book's description."""
        site = self.inputs[Stage.EXTRACT].get("site", {})
        authors = tuple(site.get("authors", ()))
        published = tuple(site.get("published", ()))
        return BookInfo(
            title=self._book["title"] or self.source,
            language=self._book["language"],
            source=self.source,
            generator=f"sitebookify {__version__}",
            date=_date(site.get("date", "") or next(reversed(published), "")),
            author=_author(site.get("author", ""), authors),
            authors=authors,
            published=tuple(dict.fromkeys(published)),
            licence=site.get("licence", ""),
            colour=site.get("colour", ""),
            vertical=self._vertical,
            imprint=self._imprint(),
            edition=self._edition["kind"] if self._edition else "",
            original_language=self._original_language(),
        )

    @property
    def _edition(self) -> Mapping[str, Any] | None:
        """What `edit_stage.edit` says of the edited text; None where none was edited."""
        edition: Mapping[str, Any] | None = self.inputs.get(Stage.EDIT, {}).get("edition")
        return edition

    def _imprint(self) -> str:
        """That a model has made the book's text, which one and when, in its language; "" where none has."""
        edition = self._edition
        if not edition:
            return ""
        labels = labels_of(self._book["language"])
        words = labels.rewritten if edition["kind"] == Edition.REWRITE else labels.translated
        return words.format(model=edition["model"], date=edition["date"])

    def _original_language(self) -> str:
        """The other language of a book in two, a BCP 47 tag or ""."""
        edition = self._edition
        return language_tag(edition["source"]) if edition and edition["kind"] == Edition.BILINGUAL else ""

    def intent_of(self, chapter: str) -> Mapping[str, Any]:
        """The ``intent`` and the ``reader_gains`` of the chapter with this id; nothing where it has none."""
        intents: Mapping[str, Mapping[str, Any]] = self.inputs.get(Stage.EDIT, {}).get("intents", {})
        return intents.get(chapter, {})

    def chapters(self) -> Iterator[RenderedChapter]:
        """The chapters in reading order, one in memory at a time."""
        for record in read_lines(self._store, self._book["chapters"]):
            yield RenderedChapter.from_json(record)

    def tried(self) -> Iterator[dict[str, Any]]:
        """The rows that the crawl wrote, one for every URL that it tried and that did not fail."""
        name = self.inputs[Stage.CRAWL].get("tried")
        if name:
            yield from read_lines(self._store, name)

    def texts(self, form: Format) -> Iterator[tuple[RenderedSection, Any]]:
        """Every page with what the render stage wrote of it for the format, in reading order."""
        yield from zip(self._pages(), self._texts(form), strict=True)

    def terms(self) -> Iterator[tuple[Entry, list[TextTerms]]]:
        """Every page with what the search index says of its texts, in reading order."""
        batches = read_ahead(self.read, self._book["terms"], ahead=2)
        lines = chain.from_iterable(unpack_lines(batch) for _, batch in batches)
        for page, texts in zip(self._pages(), lines, strict=True):
            yield _entry(page), [TextTerms.from_json(terms) for terms in texts]

    def packed_terms(self, most: int) -> list[bytes] | None:
        """What the search index says of the texts, as it is stored; None where that has more than ``most`` bytes."""
        batches = []
        size = 0
        for _, batch in read_ahead(self.read, self._book["terms"], ahead=2):
            size += len(batch)
            if size > most:
                return None
            batches.append(batch)
        return batches

    def entries(self) -> Iterator[Entry]:
        """See `epub.content.Content`."""
        yield from map(_entry, self._pages())

    def html_pages(self) -> Iterator[tuple[Entry, HtmlPieces]]:
        """See `write.html.html_file.HtmlContent`."""
        for page, pieces in self.texts(Format.HTML):
            yield _entry(page), pieces

    def typst_pages(self) -> Iterator[tuple[Entry, TypstPage]]:
        """Every page with its code for the PDF, in reading order."""
        for page, text in self.texts(Format.PDF):
            yield _entry(page), TypstPage.from_json(text)

    def image_uses(self) -> Counter[str]:
        """See `write.html.html_file.HtmlContent`."""
        uses: Counter[str] = Counter()
        for page in self._pages():
            uses.update(page.images)
        return uses

    def text_bytes(self) -> int:
        """Bytes of all texts, as XHTML."""
        return sum(text.size for text in text_refs(self))

    def image_bytes(self) -> int:
        """Bytes of all images."""
        return sum(image.size for image in self.images)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """The book's images, each file once, in order of name."""
        records = self.inputs[Stage.EXTRACT]["images"].values()
        images = {record["name"]: Image.from_json(record) for record in records}
        return tuple(images[name] for name in sorted(images))

    def pictures(self) -> Sequence[PictureRef]:
        """See `epub.content.Content`."""
        return [
            PictureRef(
                name=image.name,
                key=image.blob,
                content_type=image.content_type,
                width=image.width,
                height=image.height,
            )
            for image in self.images
        ]

    def read(self, key: str) -> bytes:
        """See `epub.content.Content`."""
        return read(self._store, key)

    def _pages(self) -> Iterator[RenderedSection]:
        for chapter in self.chapters():
            yield from chapter.pages

    def _texts(self, form: Format) -> Iterator[Any]:
        batches = read_ahead(self.read, self._book["texts"][form.value], ahead=2)
        for _, batch in batches:
            yield from unpack_lines(batch)


def _entry(page: RenderedSection) -> Entry:
    return Entry(
        title=page.title or page.url,
        number=page.number,
        level=page.level,
        part=page.part,
        texts=tuple(map(_text, page.files)),
        headings=page.headings,
    )


def _text(file: Mapping[str, Any]) -> TextRef:
    return TextRef(name=file["name"], key=file["object"], size=file["size"], math=file["math"])


_NAMED_AUTHORS = 3


def _author(author: str, authors: Sequence[str]) -> str:
    """The line that names the posts' authors; the author of the site where they are not known."""
    if not authors:
        return author
    names = ", ".join(authors[:_NAMED_AUTHORS])
    return f"{names} et al." if len(authors) > _NAMED_AUTHORS else names


def _date(text: str) -> str:
    """The day of an ISO date, or "" where it is none."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
