"""The book's source for typst: a directory with the pages' code and the images that they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from sitebookify.book.document.context import language_tag
from sitebookify.book.epub.content import BookInfo, Entry
from sitebookify.book.epub.cover import cover_png
from sitebookify.book.labels import labels_of
from sitebookify.book.model import Image
from sitebookify.book.pdf.typeset import IMAGES, set_broken
from sitebookify.book.write.typst import TypstPage
from sitebookify.book.write.typst.typst_syntax import array, call, string

MAIN = "main.typ"
COVER = "cover.png"
_NUMBERED = re.compile(r"\s*(?:\d|[IVX]+[.:)]|[A-Za-z]+\s+\d|第)")
"""How a title begins that has a number: “4.2 Types”, “IV. Types”, “Chapter 4”, “第4章”."""
_FEW_NUMBERS = 4
"""Chapters get numbers where fewer than one in so many brings its own."""
_CONTENTS_LINES = 400
"""Longer contents name pages only, and no headings."""


def lay_out(
    info: BookInfo,
    pages: Iterable[tuple[Entry, TypstPage]],
    images: Iterable[Image],
    read: Callable[[str], bytes],
    folder: Path,
) -> Path:
    """Write the source into the folder, one page or image in memory at a time.

    Args:
        info: what the book says about itself.
        pages: in reading order.
        images: those that no page shows are left out.
        read: gives an image's bytes for its key.
        folder: an empty directory.

    Returns:
        The file to compile.
    """
    summary = _write_texts(pages, folder / "texts.typ")
    (folder / IMAGES).mkdir()
    set_broken(folder, ())
    for image in images:
        if image.name in summary.images:
            (folder / IMAGES / image.name).write_bytes(read(image.blob))
    design = files("sitebookify.book.pdf").joinpath("book.typ").read_text(encoding="utf-8")
    (folder / COVER).write_bytes(cover_png(info))
    links = _links(summary.targets - summary.places)
    (folder / "book.typ").write_text(f"{design}\n{links}", encoding="utf-8")
    main = folder / MAIN
    main.write_text(_main(info, summary), encoding="utf-8")
    return main


@dataclass(slots=True)
class _Summary:
    """All pages together: their number, the labels in them, the labels that links lead to, the names of images.

    ``numbered`` counts the chapters whose titles have numbers of their own.
    """

    pages: int = 0
    chapters: int = 0
    numbered: int = 0
    parts: int = 0
    places: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)


def _write_texts(pages: Iterable[tuple[Entry, TypstPage]], path: Path) -> _Summary:
    summary = _Summary()
    part = ""
    with path.open("w", encoding="utf-8") as texts:
        texts.write('#import "book.typ": *\n')
        for entry, page in pages:
            if entry.part and entry.part != part:
                texts.write(f"#{call('part', string(entry.part))}\n")
                summary.parts += 1
            part = entry.part
            if entry.level == 0:
                texts.write("#chapter()\n")
                summary.chapters += 1
                summary.numbered += bool(_NUMBERED.match(entry.label))
            texts.write(f"#{page.code}\n")
            summary.pages += 1
            summary.places.update(page.places)
            summary.targets.update(page.targets)
            summary.images.update(page.images)
    return summary


def _links(missing: Iterable[str]) -> str:
    """The function that makes links; a link whose label is missing would be an error in typst."""
    labels = array(map(string, sorted(missing)))
    return (
        f"#let nowhere = {labels}\n#let to(id, body) = if id in nowhere {{ body }} else {{ link(label(id), body) }}\n"
    )


def _main(info: BookInfo, summary: _Summary) -> str:
    language, _, region = (language_tag(info.language) or "en").partition("-")
    arguments = {
        "title": string(info.title),
        "author": string(info.author),
        "imprint": array(map(string, _imprint(info))),
        "contents": string(labels_of(info.language).contents),
        "language": string(language.lower()),
        "depth": "3" if summary.pages <= _CONTENTS_LINES else "2",
        "chapter-level": "2" if summary.parts else "1",
        "numbered": "false" if summary.numbered * _FEW_NUMBERS > summary.chapters else "true",
        "cover": string(COVER),
    }
    if len(region) == 2:
        arguments["region"] = string(region.upper())
    listing = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    return f'#import "book.typ": *\n#show: book.with({listing})\n#include "texts.typ"\n'


def _imprint(info: BookInfo) -> Iterator[str]:
    yield f"{labels_of(info.language).source}: {info.source}"
    yield from filter(None, (info.licence, info.date, info.imprint, info.generator))
