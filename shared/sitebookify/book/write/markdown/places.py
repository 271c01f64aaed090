"""What a writer of Markdown must know beside the document: where links lead, which ids they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sitebookify.book.document.nodes import Attr, Document
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.render.page_order import PageOrder

_OUTWARD = ("http://", "https://", "mailto:", "ftp://", "tel:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How a document stands among others.

    ``link`` gives the URL of a link, ``image`` that of a picture, None where it is not to be shown.
    ``anchors`` maps those ids that links name to their names in the text. ``shift`` is added to the
    level of headings. ``notes`` begins the names of footnotes, so that those of several documents
    in one file differ. ``language`` is a BCP 47 tag or "".
    """

    link: Callable[[str], str | None]
    image: Callable[[str], str | None]
    anchors: Mapping[str, str]
    language: str
    shift: int = 0
    notes: str = ""

    def anchor(self, name: str) -> str:
        """HTML of the place that links to the id lead to, "" where none do."""
        anchor = self.anchors.get(name)
        return f'<a id="{anchor}"></a>' if anchor else ""

    def anchor_of(self, attr: Attr | None) -> str:
        """The same for an element."""
        return self.anchor(attr.id) if attr else ""


def own_places(document: Document) -> Places:
    """A document that stands alone: its links and pictures are the page's own."""

    def same(url: str) -> str | None:
        return url or None

    return Places(link=same, image=same, anchors={}, language=document.language)


def places_in_book(document: Document, order: PageOrder, marker: str) -> Places:
    """A document that is a page of a book; links into the book begin with ``marker``."""

    def link(url: str) -> str | None:
        target = order.links.get(url)
        if target:
            return _place(target, marker)
        return url if url.lower().startswith(_OUTWARD) else None

    def image(url: str) -> str | None:
        name = order.images.get(url)
        return f"assets/{name}" if name else None

    return Places(
        link=link,
        image=image,
        anchors={name: _name(order.slug, anchor_name(name)) for name in order.ids},
        language=document.language or order.language,
        shift=order.shift,
        notes=f"{order.slug}-",
    )


def _place(target: Target, marker: str) -> str:
    anchor = _name(target.slug, target.anchor) if target.anchor else target.slug
    return f"{marker}{target.slug}.md#{anchor}"


def _name(slug: str, anchor: str) -> str:
    """An anchor's name where all pages are one file."""
    return f"{slug}--{anchor}"
