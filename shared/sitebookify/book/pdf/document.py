"""The book's source for typst: a directory with the code, the images that it shows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sitebookify.book.epub.elements import language_of
from sitebookify.book.epub.model import BookInfo, Content, Entry, texts_of
from sitebookify.book.labels import label
from sitebookify.book.pdf.markup import Markup
from sitebookify.book.pdf.strings import call, string
from sitebookify.book.pdf.typeset import IMAGES, set_broken

MAIN = "main.typ"
_CONTENTS_LINES = 400
"""With more pages than this the contents name no headings below them."""


def lay_out(info: BookInfo, content: Content, folder: Path) -> Path:
    """Write the source into the folder, one text or image in memory at a time; the file to compile."""
    images = {picture.name: picture for picture in content.pictures()}
    markup = Markup({name: picture.width for name, picture in images.items()})
    with (folder / "texts.typ").open("w", encoding="utf-8") as texts:
        for line in _texts(content, markup):
            texts.write(f"#{line}\n")
    (folder / IMAGES).mkdir()
    set_broken(folder, ())
    for name in sorted(markup.shown):
        (folder / IMAGES / name).write_bytes(content.read(images[name].key))
    look = files("sitebookify.book.pdf").joinpath("book.typ").read_text(encoding="utf-8")
    (folder / "book.typ").write_text(f"{look}\n{_to(markup)}", encoding="utf-8")
    (folder / MAIN).write_text(_main(info, sum(1 for _ in content.entries())), encoding="utf-8")
    return folder / MAIN


def _texts(content: Content, markup: Markup) -> Iterator[str]:
    yield 'import "book.typ": *'
    before: Entry | None = None
    for entry, text, data in texts_of(content):
        if entry is not before and entry.part and (before is None or before.part != entry.part):
            yield call("part", string(entry.part))
        if entry is not before and entry.level == 0:
            yield "chapter()"
        yield markup.text(data, text.name)
        before = entry


def _to(markup: Markup) -> str:
    """The function that makes links; typst would give up on a link that leads nowhere."""
    missing = "".join(f"{string(place)}," for place in sorted(markup.wanted - markup.places))
    return (
        f"#let nowhere = ({missing})\n"
        "#let to(id, body) = if id in nowhere { body } else { link(label(id), body) }\n"
    )


def _main(info: BookInfo, pages: int) -> str:
    language, _, region = (language_of(info.language) or "en").partition("-")
    said = {
        "title": string(info.title),
        "author": string(info.author),
        "imprint": f"({''.join(f'{string(line)},' for line in _imprint(info))})",
        "contents": string(label("contents", info.language)),
        "language": string(language.lower()),
        "depth": "3" if pages <= _CONTENTS_LINES else "2",
    }
    if len(region) == 2:
        said["region"] = string(region.upper())
    arguments = ", ".join(f"{name}: {value}" for name, value in said.items())
    return f'#import "book.typ": *\n#show: book.with({arguments})\n#include "texts.typ"\n'


def _imprint(info: BookInfo) -> Iterator[str]:
    yield f"{label('source', info.language)}: {info.source}"
    yield from filter(None, (info.licence, info.date, info.generator))
