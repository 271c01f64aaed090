"""artifact.zip: the book in all its formats, and the lists about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitebookify.book.ahead import read_ahead
from sitebookify.book.epub.container import LEVEL, Member, deflated, picture
from sitebookify.book.package.listings import toc_yaml
from sitebookify.book.package.markdown import book_toml, page_md, summary_md
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, chunked, streamed
from sitebookify.book.zipping import stream_zip
from sitebookify.formats import FILES, Format
from sitebookify.jobs import Artifact
from sitebookify.ports import ObjectStore

_MDBOOK = "mdbook"
_COMPRESSED = frozenset(file.name for file in FILES if file.compressed)
"""Compressing these again would cost time and save nothing."""


@streamed
def write(packing: Packing) -> Iterator[bytes]:
    """The pieces of artifact.zip, which contains every file written before it."""
    members = _members(packing.bench.store, packing.volume, packing.files)
    yield from stream_zip(members, extended_timestamps=False)


def _members(store: ObjectStore, volume: Volume, finished: Mapping[str, Artifact]) -> Iterator[Member]:
    for name, artifact in finished.items():
        level = 0 if name in _COMPRESSED else LEVEL
        yield deflated(name, _bytes(store, artifact.object_name), size=artifact.size, level=level)
    yield deflated("toc.yaml", toc_yaml(volume))
    yield from _images(volume, "assets")
    yield deflated(f"{_MDBOOK}/book.toml", (book_toml(volume.info),))
    yield deflated(f"{_MDBOOK}/src/SUMMARY.md", summary_md(volume))
    for page, text in volume.texts(Format.MARKDOWN):
        yield deflated(f"{_MDBOOK}/src/{page.slug}.md", (page_md(text, page),))
    yield from _images(volume, f"{_MDBOOK}/src/assets")


def _images(volume: Volume, folder: str) -> Iterator[Member]:
    images = read_ahead(lambda image: volume.read(image.blob), volume.images, ahead=2)
    for image, data in images:
        yield picture(f"{folder}/{image.name}", data)


def _bytes(store: ObjectStore, name: str) -> Iterator[bytes]:
    with store.open_read(name) as stream:
        yield from chunked(stream)
