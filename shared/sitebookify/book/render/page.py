"""One page in both its forms: runs in a worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sitebookify.book.extract.document import Element, fragment, make, replace, unwrap
from sitebookify.book.labels import label
from sitebookify.book.links import Target
from sitebookify.book.model import Page
from sitebookify.book.objects import unpack
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.prose import markdown_of
from sitebookify.book.render.texts import texts

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OUTWARD = ("http://", "https://", "mailto:", "ftp://", "tel:")


def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`render_page` on a page in its stored form."""
    return render_page(Page.from_json(unpack(packed)), order)


def render_page(page: Page, order: PageOrder) -> RenderedPage:
    """Render the page; what pandoc cannot do is simplified and told of, never an error."""
    marker = f"x{hashlib.sha256(page.html.encode()).hexdigest()[:24]}:"  # nobody can write it into the page itself
    troubles: list[str] = []
    prepared = _prepared(page, order, "assets/", lambda target: f"{marker}{target.slug}.md#{markdown_anchor(target)}")
    prose = markdown_of(prepared, order, troubles)
    prepared = _prepared(
        page, order, "../images/", lambda target: target.file + (f"#{target.anchor}" if target.anchor else "")
    )
    files, headings = texts(prepared, page, order, troubles)
    return RenderedPage(
        markdown=f'<a id="{order.slug}"></a>\n\n{prose}{_sources(order)}',
        marker=marker,
        files=files,
        headings=headings,
        troubles=tuple(troubles),
    )


def markdown_anchor(target: Target) -> str:
    """The target's anchor in the one file that is book.md."""
    return f"{target.slug}--{target.anchor}" if target.anchor else target.slug


def _prepared(page: Page, order: PageOrder, images: str, place: Callable[[Target], str]) -> Element:
    """The page's tree with its links, images and headings as this book wants them."""
    root = fragment(page.html)
    for link in [*root.iter("a")]:
        href = link.get("href")
        if href is None or (link.get("role") in ("doc-noteref", "doc-backlink") and _note(link, page, root)):
            continue
        if target := order.links.get(href):
            link.set("href", place(target))
        elif not href.lower().startswith(_OUTWARD):
            unwrap(link)
    for image in [*root.iter("img")]:
        if name := order.images.get(image.get("src") or ""):
            image.set("src", images + name)
        else:
            replace(image, make("span", image.get("alt") or ""))
    for heading in [*root.iter(*_HEADINGS)]:
        heading.tag = f"h{min(6, int(str(heading.tag)[1]) + order.shift)}"
    return root


def _note(link: Element, page: Page, root: Element) -> bool:
    """True for a link between a note and where it is called, which becomes relative: pandoc knows notes by that."""
    url, mark, name = (link.get("href") or "").partition("#")
    if not mark or url not in ("", page.url) or not any(node.get("id") == name for node in root.iter("*")):
        return False
    link.set("href", f"#{name}")
    return True


def _sources(order: PageOrder) -> str:
    if not order.sources:
        return ""
    if len(order.sources) == 1:
        return f"\n---\n\n{label('source', order.language)}: <{order.sources[0][1]}>\n"
    lines = "".join(f"- <{url}>\n" for _, url in order.sources)
    return f"\n---\n\n{label('sources', order.language)}:\n\n{lines}"
