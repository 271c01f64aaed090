"""One page in both its forms: runs in a worker process."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import escape

from sitebookify.book.deadline import deadline
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack
from sitebookify.book.render import prepare
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.parts import parts
from sitebookify.book.render.prose import prose
from sitebookify.book.render.survey import FAILURES
from sitebookify.book.render.texts import texts
from sitebookify.book.tree import Element, fragment, text_of

_LONGEST_SECONDS = 60.0
_LANGUAGE = re.compile(r' class="language-[^"]*"')


def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`render_page` on a page in its stored form.

    One that cannot be rendered is tried without its code's languages, a highlighter's patterns being the likeliest
    to take for ever, and comes as bare text after that; its troubles say so.
    """
    page = Page.from_json(unpack(packed))
    troubles: list[str] = []
    for attempt in (page, replace(page, html=_LANGUAGE.sub("", page.html))):
        try:
            with deadline(_LONGEST_SECONDS):
                return _rendered(attempt, order, _for_epub(attempt, order), troubles)
        except FAILURES as error:
            troubles = [f"the page was simplified: {error!r}"]
    bare, roots = _bare(page, order)
    return _rendered(bare, order, roots, troubles)


def render_page(page: Page, order: PageOrder) -> RenderedPage:
    """Render the page; what pandoc cannot do is simplified and told of."""
    return _rendered(page, order, _for_epub(page, order), [])


def _rendered(page: Page, order: PageOrder, roots: list[Element], troubles: list[str]) -> RenderedPage:
    marker = f"x{hashlib.sha256(page.html.encode()).hexdigest()[:24]}:"  # nobody can write it into the page itself
    files, headings = texts(roots, page, order, troubles)
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


def _bare(page: Page, order: PageOrder) -> tuple[Page, list[Element]]:
    """The page's words in paragraphs and nothing else but the ids that links name, each in its part."""
    words = "".join(f"<p>{escape(text)}</p>" for block in fragment(page.html) if (text := text_of(block).strip()))
    anchors = [""] * (1 + max(order.ids.values(), default=0))
    for name, part in order.ids.items():
        anchors[part] += f'<span id="{escape(name)}"></span>'
    htmls = [f"<h1>{escape(page.title)}</h1><p>{anchors[0]}</p>{words}", *(f"<p>{more}</p>" for more in anchors[1:])]
    return replace(page, html="".join(htmls)), [fragment(html) for html in htmls]
