"""One page in both its forms: runs in a worker process."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape

from sitebookify.book.deadline import deadline
from sitebookify.book.document.clean_html import HtmlPage
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.model import Page
from sitebookify.book.render import prepare
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.parts import parts
from sitebookify.book.render.prose import prose
from sitebookify.book.render.survey import FAILURES
from sitebookify.book.render.texts import texts
from sitebookify.book.tree import Element, fragment, text_of
from sitebookify.messages import Message

_LONGEST_SECONDS = 60.0
_LANGUAGE = re.compile(r' class="language-[^"]*"')


def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`render_safely` on a page in its stored form."""
    return render_safely(HtmlPage.of(Page.unpack(packed).document), order)


def render_page(page: HtmlPage, order: PageOrder) -> RenderedPage:
    """Render the page; what cannot be done is simplified and told of.

    Raises:
        FAILURES: the page breaks a parser.
    """
    with deadline(_LONGEST_SECONDS):
        return _rendered(page, order, _for_epub(page, order))


def render_safely(
    page: HtmlPage, order: PageOrder, render: Callable[[HtmlPage, PageOrder], RenderedPage] = render_page
) -> RenderedPage:
    """The page by ``render``, or simpler where that fails; its troubles say so.

    It is tried again without its code's languages, a highlighter's patterns being the likeliest to take for ever,
    and comes as bare text after that.
    """
    failure: Exception | None = None
    for attempt in (page, replace(page, html=_LANGUAGE.sub("", page.html))):
        try:
            result = render(attempt, order)
            break
        except FAILURES as error:
            failure = error
    else:
        result = _rendered(*_bare(page, order))
    simplified = (Message("trouble.simplified", detail=repr(failure)),) if failure else ()
    return replace(result, troubles=(*simplified, *result.troubles))


def _rendered(page: HtmlPage, order: PageOrder, roots: list[Element]) -> RenderedPage:
    troubles: list[Message] = []
    marker = f"x{hashlib.sha256(page.html.encode()).hexdigest()[:24]}:"  # nobody can write it into the page itself
    files, headings = texts(roots, page, order, troubles)
    return RenderedPage(
        markdown=prose(page, order, marker, troubles),
        marker=marker,
        files=files,
        headings=headings,
        troubles=tuple(troubles),
    )


def _for_epub(page: HtmlPage, order: PageOrder) -> list[Element]:
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


def _bare(page: HtmlPage, order: PageOrder) -> tuple[HtmlPage, PageOrder, list[Element]]:
    """What `_rendered` takes, for the page's words alone, and the ids that links name, each in its part."""
    words = "".join(f"<p>{escape(text)}</p>" for block in fragment(page.html) if (text := text_of(block).strip()))
    anchors = [""] * (1 + max(order.ids.values(), default=0))
    for name, part in order.ids.items():
        anchors[part] += f'<span id="{escape(name)}"></span>'
    htmls = [f"<h1>{escape(page.title)}</h1><p>{anchors[0]}</p>{words}", *(f"<p>{more}</p>" for more in anchors[1:])]
    return replace(page, html="".join(htmls)), order, [fragment(html) for html in htmls]
