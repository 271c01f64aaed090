"""A page of the book as pandoc's AST, for the formats that pandoc writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from sitebookify.book.document import nodes as n
from sitebookify.book.document.lead import with_number
from sitebookify.book.document.pandoc_ast import to_pandoc
from sitebookify.book.document.pandoc_json import Json, Places
from sitebookify.book.labels import labels_of
from sitebookify.book.links import anchor_name
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.markdown.places import place_name
from sitebookify.book.write.quotation import quotation_marks


def pandoc_page(
    document: n.Document,
    order: PageOrder,
    *,
    place: Callable[[str, str], str] = place_name,
    images: str = "",
    deepest: int = 6,
    alerts: bool = True,
) -> list[Json]:
    """The page's blocks, with its sources at its end where the order names any.

    ``place`` names a place by the page's slug and an anchor in it, or ""; ``images`` is the folder of images, with a
    slash at its end; no heading is deeper than the level ``deepest``; for ``alerts`` see `to_pandoc`.
    """
    places = Places(
        page=place(order.slug, ""),
        ids={name: place(order.slug, anchor_name(name)) for name in order.ids},
        links={url: f"#{place(target.slug, target.anchor)}" for url, target in order.links.items()},
        images={url: f"{images}{name}" for url, name in order.images.items()},
        shift=order.shift,
        deepest=deepest,
        quotes=partial(quotation_marks, document.language or order.language),
    )
    blocks = (*with_number(document.blocks, order.number), *_sources(order))
    return to_pandoc(replace(document, blocks=blocks), places, language=order.language, alerts=alerts)


def _sources(order: PageOrder) -> Iterator[n.Block]:
    if not order.sources:
        return
    links = [n.Link((url,), url) for _, url in order.sources]
    word = labels_of(order.language).of_sources(len(links))
    yield n.HorizontalRule()
    if len(links) == 1:
        yield n.Para((f"{word}: ", links[0]))
        return
    yield n.Para((f"{word}:",))
    yield n.BulletList(tuple(n.ListItem((n.Plain((link,)),)) for link in links))
