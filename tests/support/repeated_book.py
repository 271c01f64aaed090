"""A real site's rendered pages, to put a book together from as often over as a bench wants it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.book.epub.content import BookInfo, Entry, TextRef
from sitebookify.book.model import Image
from sitebookify.book.package.volume import Volume
from sitebookify.book.pipeline import pipeline
from sitebookify.book.search.search_index import TextTerms
from sitebookify.book.write.html.html_page import HtmlPieces
from sitebookify.book.write.typst import TypstPage
from sitebookify.egress import Egress
from sitebookify.formats import Format
from sitebookify.jobs import Stage
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage

T = TypeVar("T")

_INPUTS = "inputs.json"
_HTML_PLACE = re.compile(r'(?<= id=")|(?<= href="#)')
_TYPST_PLACE = re.compile(r'(?<=\banchor\(")|(?<=\bto\(")')


async def render_site(url: str, folder: Path) -> None:
    """Fetch the site and write its pages for every format into the folder."""
    spec = JobSpec(source_url=url, request_delay=0, max_pages=10_000, max_depth=99, formats=tuple(Format))
    bench = FakeBench(spec=spec, store=LocalObjectStore(folder / "objects"))
    async with Egress(allow_private=True, user_agent="bench") as bench.egress:
        for stage, function in pipeline().items():
            if stage is not Stage.PACKAGE:
                bench.inputs[stage] = (await run_stage(function, bench)).output
    (folder / _INPUTS).write_text(json.dumps(bench.inputs))


class RepeatedBook:
    """The content of a book of ``size`` bytes of XHTML: the pages in the folder, begun anew by other names.

    It is an `HtmlContent`, and has the pages of the other formats too.
    """

    def __init__(self, folder: Path, size: int) -> None:
        inputs = json.loads((folder / _INPUTS).read_text())
        bench = FakeBench(spec=JobSpec(source_url="https://example.org/"), store=LocalObjectStore(folder / "objects"))
        bench.inputs = inputs
        self._volume = Volume(bench)
        sizes = [sum(text.size for text in entry.texts) for entry in self._volume.entries()]
        self._pages = max(1, round(size * len(sizes) / sum(sizes)))
        self.size = sum(sizes[number % len(sizes)] for number in range(self._pages))
        """Bytes of all texts as XHTML."""

    @property
    def info(self) -> BookInfo:
        return self._volume.info

    def entries(self) -> Iterator[Entry]:
        """See `HtmlContent`."""
        for prefix, entry in self._repeated(self._volume.entries):
            yield _renamed(entry, prefix)

    def html_pages(self) -> Iterator[tuple[Entry, HtmlPieces]]:
        """See `HtmlContent`."""
        for prefix, (entry, pieces) in self._repeated(self._volume.html_pages):
            renamed = [_HTML_PLACE.sub(prefix, each) if prefix and isinstance(each, str) else each for each in pieces]
            yield _renamed(entry, prefix), renamed

    def terms(self) -> Iterator[tuple[Entry, list[TextTerms]]]:
        """See `HtmlContent`."""
        for prefix, (entry, terms) in self._repeated(self._volume.terms):
            yield _renamed(entry, prefix), terms

    def typst_pages(self) -> Iterator[tuple[Entry, TypstPage]]:
        """See `Volume`."""
        for prefix, (entry, page) in self._repeated(self._volume.typst_pages):
            code = _TYPST_PLACE.sub(prefix, page.code) if prefix else page.code
            places = tuple(prefix + place for place in page.places)
            targets = tuple(prefix + target for target in page.targets)
            yield _renamed(entry, prefix), replace(page, code=code, places=places, targets=targets)

    def docx_pages(self) -> Iterator[tuple[str, str]]:
        """What `write.docx.docx` takes."""
        for prefix, (page, text) in self._repeated(lambda: self._volume.texts(Format.DOCX)):
            yield page.part, text.replace('"#', f'"#{prefix}').replace(f'["{page.slug}', f'["{prefix}{page.slug}')

    def image_uses(self) -> Counter[str]:
        """See `HtmlContent`."""
        return self._volume.image_uses()

    @property
    def images(self) -> Sequence[Image]:
        """See `HtmlContent`."""
        return self._volume.images

    def read(self, key: str) -> bytes:
        """See `HtmlContent`."""
        return self._volume.read(key)

    def _repeated(self, pages: Callable[[], Iterator[T]]) -> Iterator[tuple[str, T]]:
        """As many pages as the size asks for, each with what to put before its names."""
        left = self._pages
        for copy in count():
            for page in pages():
                yield f"copy-{copy}-" if copy else "", page
                left -= 1
                if not left:
                    return


def _renamed(entry: Entry, prefix: str) -> Entry:
    def renamed(text: TextRef) -> TextRef:
        return replace(text, name=prefix + text.name)

    headings = tuple((text, prefix + place) for text, place in entry.headings)
    return replace(entry, texts=tuple(map(renamed, entry.texts)), headings=headings)
