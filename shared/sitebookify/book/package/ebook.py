"""book.epub and book.html: the book for e-readers and for browsers."""

from __future__ import annotations

from collections.abc import Iterator

from sitebookify.book.epub import container
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.write.html.html_file import html as html_file


@streamed
def epub(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.epub."""
    return container.epub(packing.volume.info, packing.volume)


@streamed
def html(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.html."""
    return html_file(packing.volume.info, packing.volume)
