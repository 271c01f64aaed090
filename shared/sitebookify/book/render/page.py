"""One page in both its forms: runs in a worker process."""

from __future__ import annotations

import hashlib

from sitebookify.book.labels import label
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack
from sitebookify.book.render import prepare
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.parts import parts
from sitebookify.book.render.prose import markdown_of
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
        markdown=_markdown(page, order, marker, troubles),
        marker=marker,
        files=files,
        headings=headings,
        troubles=tuple(troubles),
    )


def _markdown(page: Page, order: PageOrder, marker: str, troubles: list[str]) -> str:
    def place(target: Target) -> str:
        anchor = f"{target.slug}--{target.anchor}" if target.anchor else target.slug
        return f"{marker}{target.slug}.md#{anchor}"

    root = fragment(page.html)
    prepare.drop_self_links(root, page.url)
    prepare.direct_links(root, order.links, place)
    ids = {element.get("id") for element in root.iter("*")}
    prepare.direct_notes(root, page.url, lambda name: f"#{name}" if name in ids else None)
    prepare.place_images(root, order.images, "assets/")
    prepare.shift_headings(root, order.shift)
    return f'<a id="{order.slug}"></a>\n\n{markdown_of(root, order, troubles)}{_sources(order)}'


def _for_epub(page: Page, order: PageOrder) -> list[Element]:
    """The page's parts as trees."""

    def place(target: Target) -> str:
        return f"{target.file}#{target.anchor}" if target.anchor else target.file

    def note(name: str) -> str | None:
        return (
            place(Target(slug=order.slug, part=order.ids[name], anchor=anchor_name(name)))
            if name in order.ids
            else None
        )

    roots = parts(fragment(page.html))
    for root in roots:
        prepare.drop_self_links(root, page.url)
        prepare.direct_links(root, order.links, place)
        prepare.direct_notes(root, page.url, note)
        prepare.place_images(root, order.images, "../images/")
        prepare.shift_headings(root, order.shift)
    return roots


def _sources(order: PageOrder) -> str:
    if not order.sources:
        return ""
    if len(order.sources) == 1:
        return f"\n---\n\n{label('source', order.language)}: <{order.sources[0][1]}>\n"
    lines = "".join(f"- <{url}>\n" for _, url in order.sources)
    return f"\n---\n\n{label('sources', order.language)}:\n\n{lines}"
