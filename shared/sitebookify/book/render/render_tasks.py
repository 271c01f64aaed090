"""What the render stage asks worker processes to write.

The process that asks writes no page, so the writers are loaded where they are used.
"""
# ruff: noqa: PLC0415 - readers and writers are loaded where they work, see above

from __future__ import annotations

from sitebookify.book.limits import limited
from sitebookify.book.model import Page
from sitebookify.book.render.page_order import PageOrder, RenderedPage


@limited(seconds=90)
def render_packed(packed: bytes, order: PageOrder) -> RenderedPage:
    """`page_texts.render_safely` on a page in its stored form, packed."""
    from sitebookify.book.render.page_texts import packed_page, render_safely

    return packed_page(render_safely(Page.unpack(packed).document, order))


@limited(seconds=30)
def render_words_packed(packed: bytes, order: PageOrder, why: str) -> RenderedPage:
    """The page's words alone, for a page that is too complex to be rendered: ``why``, in words."""
    from sitebookify.book.render.page_texts import packed_page, simplified

    return packed_page(simplified(Page.unpack(packed).document, order, why))
