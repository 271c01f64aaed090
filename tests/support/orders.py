"""Orders to render a page, as simple as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder


def ordered(
    *ids: str,
    shift: int = 0,
    language: str = "en",
    links: Mapping[str, Target] | None = None,
    images: Mapping[str, str] | None = None,
    sources: Sequence[tuple[str, str]] = (),
) -> PageOrder:
    """An order for the page ``p``, whose ``ids`` all stand in its first part."""
    return PageOrder(
        slug="p",
        shift=shift,
        language=language,
        ids=dict.fromkeys(ids, 0),
        links=links or {},
        images=images or {},
        sources=tuple(sources),
    )
