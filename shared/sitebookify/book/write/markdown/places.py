"""What a writer of Markdown must know beside the document: where links lead, which ids they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sitebookify.book.document.nodes import Attr, Document
from sitebookify.book.links import anchor_name
from sitebookify.book.render.page_order import PageOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How a document stands among others; by default it stands alone.

    ``links`` gives the URLs of links where they are others than the page's, ``images`` those of the pictures that are
    to be shown; without, all are. ``anchors`` maps those ids that links name to their names in the text. ``shift`` is
    added to the level of headings. ``notes`` begins the names of footnotes, so that those of several documents in one
    file differ. ``language`` is a BCP 47 tag or "".
    """

    language: str
    links: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)
    shift: int = 0
    notes: str = ""

    def anchor(self, name: str) -> str:
        """HTML of the place that links to the id lead to, "" where none do."""
        anchor = self.anchors.get(name)
        return f'<a id="{anchor}"></a>' if anchor else ""

    def anchor_of(self, attr: Attr | None) -> str:
        """The same for an element."""
        return self.anchor(attr.id) if attr else ""


def places_in_book(document: Document, order: PageOrder, marker: str) -> Places:
    """A document that is a page of a book; links into the book begin with ``marker``."""
    links: dict[str, str] = {}
    for url, target in order.links.items():
        links[url] = f"{marker}{target.slug}.md#{place_name(target.slug, target.anchor)}"
    return Places(
        language=document.language or order.language,
        links=links,
        images={url: f"assets/{name}" for url, name in order.images.items()},
        anchors={name: place_name(order.slug, anchor_name(name)) for name in order.ids},
        shift=order.shift,
        notes=f"{order.slug}-",
    )


def place_name(slug: str, anchor: str) -> str:
    """What a place is called where all pages are one file."""
    return f"{slug}--{anchor}" if anchor else slug
