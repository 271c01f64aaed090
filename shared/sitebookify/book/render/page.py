"""One page in both its forms: runs in a worker process."""

from __future__ import annotations

import hashlib

from sitebookify.book.links import Target, anchor_name
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack
from sitebookify.book.render import prepare
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.parts import parts
from sitebookify.book.render.prose import prose
from sitebookify.book.render.texts import texts
from sitebookify.book.tree import Element, fragment


def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`render_page` on a page in its stored form."""
    return render_page(Page.from_json(unpack(packed)), order)


def render_page(page: Page, order: PageOrder) -> RenderedPage:
    """Render the page; what pandoc cannot do is simplified and told of, never an error."""
    troubles: list[str] = []
    marker = f"x{hashlib.sha256(page.html.encode()).hexdigest()[:24]}:"  # nobody can write it into the page itself
    files, headings = texts(_for_epub(page, order), page, order, troubles)
    return RenderedPage(
        markdown=prose(page, order, marker, troubles),
        marker=marker,
        files=files,
        headings=headings,
        troubles=tuple(troubles),
    )


def _for_epub(page: Page, order: PageOrder) -> list[Element]:
    """The page's parts as trees."""

    def place(target: Target) -> str:
        return f"{target.file}#{target.anchor}" if target.anchor else target.file

    def note(name: str) -> str | None:
        part = order.ids.get(name)
        return None if part is None else place(Target(slug=order.slug, part=part, anchor=anchor_name(name)))

    whole = fragment(page.html)
    prepare.tidy_links(whole, page.url)
    roots = parts(whole)
    for root in roots:
        prepare.direct_links(root, page.url, order.links, place)
        prepare.direct_notes(root, page.url, note)
        prepare.place_images(root, order.images, "../images/")
        prepare.shift_headings(root, order.shift)
    return roots
