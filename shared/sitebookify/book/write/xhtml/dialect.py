"""What differs between the files of the EPUB and the one HTML file: syntax, where links lead, how images are shown."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol

from sitebookify.book.document.nodes import Image
from sitebookify.book.links import Target


class Dialect(Protocol):
    """How a format writes what is its own.

    ``xml`` is True for XHTML: elements without content end in ``/>``, languages are named twice, formulas carry their
    namespace, and notes and their calls have an ``epub:type``.
    """

    xml: bool

    def place_id(self, slug: str, anchor: str) -> str:
        """The id of a place on the page, or of its first section for the anchor ""; "" where it needs none."""
        ...

    def href(self, target: Target) -> str:
        """The link to a place of the book, not yet escaped."""
        ...

    def image(self, image: Image, name: str, attributes: str) -> str:
        """The element that shows the book's image ``name``.

        ``attributes`` is mark-up for its id, language and direction: "", or text that begins with a space.
        """
        ...


class EpubDialect:
    """XHTML in the EPUB's files: ids are the pages' own, links lead from file to file.

    ``shown`` are the names of the images that were written, as often as they were.
    """

    xml = True

    def __init__(self) -> None:
        self.shown: list[str] = []

    def place_id(self, slug: str, anchor: str) -> str:  # noqa: ARG002 - links name the file
        """See `Dialect`."""
        return anchor

    def href(self, target: Target) -> str:
        """See `Dialect`."""
        return f"{target.file}#{target.anchor}" if target.anchor else target.file

    def image(self, image: Image, name: str, attributes: str) -> str:
        """See `Dialect`."""
        self.shown.append(name)
        return f'<img src="../images/{escape(name)}"{image_attributes(image)}{attributes}/>'


def image_attributes(image: Any) -> str:
    """Alternative text, title and size of an `Image`, or a picture like it, as the page gives them."""
    title = f' title="{escape(image.title)}"' if image.title else ""
    width = f' width="{image.width}"' if image.width else ""
    height = f' height="{image.height}"' if image.height else ""
    return f' alt="{escape(image.alt)}"{title}{width}{height}'
