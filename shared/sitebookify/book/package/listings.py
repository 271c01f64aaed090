"""Lists for programs: the table of contents as YAML, the pages as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.render.page_order import RenderedChapter
from sitebookify.jobs import Stage

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml's dumper is ten times as fast, where PyYAML was built with it, as its wheels are."""


class _Dumper(_Base):  # type: ignore[misc]  # chosen when it is loaded
    """Puts text with ``<`` between double quotes, where YAML has escapes."""


def _represent(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "<" in text else None)


_Dumper.add_representer(str, _represent)


def toc_yaml(volume: Volume) -> Iterator[bytes]:
    """The table of contents: the book, and its chapters with their sections nested.

    A chapter that a language model arranged has its ``intent`` and its ``reader_gains``.
    """
    info = volume.info
    yield _yaml({"title": info.title, "language": info.language, "source": info.source})
    yield b"chapters:\n"
    intents = volume.inputs[Stage.EDIT].get("intents", {})
    for chapter in volume.chapters():
        yield _yaml([_chapter(chapter, intents.get(chapter.id, {}))])


@streamed
def manifest(packing: Packing) -> Iterator[bytes]:
    """The lines of manifest.jsonl, one for each page in reading order."""
    for chapter in packing.volume.chapters():
        for page in chapter.pages:
            yield json_line(
                {
                    "url": page.url,
                    "title": page.title,
                    "chapter": chapter.id,
                    "words": page.words,
                    "sha256": page.sha256,
                    "anchor": page.slug,
                }
            )


@streamed
def glossary(packing: Packing) -> Iterator[bytes]:
    """The terms that the language model was to use, a line ``term=translation`` for each."""
    for line in packing.volume.inputs[Stage.EDIT]["glossary"]:
        yield f"{line}\n".encode()


def json_line(row: dict[str, Any]) -> bytes:
    """One line of JSON lines; without ``<``, so that it is inert where it is put into a page as it is."""
    return json.dumps(row, ensure_ascii=False).replace("<", "\\u003c").encode() + b"\n"


def _chapter(chapter: RenderedChapter, intent: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": chapter.id, "title": chapter.title}
    if chapter.part:
        entry["part"] = chapter.part
    entry |= {name: value for name, value in intent.items() if value}
    stack: list[tuple[int, dict[str, Any]]] = [(-1, entry)]
    for page in chapter.pages:
        while len(stack) > 1 and stack[-1][0] >= page.level:
            stack.pop()
        _, parent = stack[-1]
        section = {"title": page.title, "url": page.url}
        if page.number:
            section["number"] = page.number
        parent.setdefault("sections", []).append(section)
        stack.append((page.level, section))
    return entry


def _yaml(value: Any) -> bytes:
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return str(text).replace("<", "\\x3C").encode()
