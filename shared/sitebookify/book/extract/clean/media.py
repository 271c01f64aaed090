"""Pictures: their real sources, and what stands in for those that cannot be shown."""

from __future__ import annotations

from sitebookify.book.images import image_source
from sitebookify.book.tree import Element, drop, elements, fragment, make, replace, text_of, unwrap

_SMALLEST = 3
"""Pixels: what is narrower counts visitors."""


def normalise(root: Element, base: str) -> None:
    """Give every ``img`` an absolute source, and drop those that show nothing."""
    for fallback in [*root.iter("noscript")]:
        _open(fallback)
    for image in [*root.iter("img")]:
        source = image_source(image, base)
        if _is_pixel(image):
            drop(image)
        elif source and not source.startswith("data:"):
            image.set("src", source)
        elif alternative := image.get("alt"):
            replace(image, make("span", alternative))
        else:
            drop(image)
    for picture in [*root.iter("picture")]:
        for source_set in [*picture.iter("source")]:
            drop(source_set)
        unwrap(picture)
    for drawing in [*root.iter("svg")]:
        _drop_drawing(drawing)


def _is_pixel(image: Element) -> bool:
    sizes = (image.get("width") or "", image.get("height") or "")
    return all(size.isdecimal() and int(size) < _SMALLEST for size in sizes)


def _open(fallback: Element) -> None:
    """The picture that lazy loading keeps for readers without scripts, where nothing else shows it."""
    inside = fallback if len(fallback) else fragment(f"<div>{text_of(fallback)}</div>") if fallback.text else fallback
    pictures = [*inside.iter("img")]
    previous = fallback.getprevious()
    placeholder = previous is not None and previous.tag == "img" and not image_source(previous, "https://x.invalid/")
    if len(pictures) == 1 and (previous is None or previous.tag != "img" or placeholder):
        if placeholder and previous is not None:
            drop(previous)
        picture = pictures[0]
        picture.tail = None
        replace(fallback, picture)
    else:
        drop(fallback)


def _drop_drawing(drawing: Element) -> None:
    """Drawings inside the page are icons, mostly; a title says what they show."""
    title = next((element for element in elements(drawing) if element.tag == "title"), None)
    del title
    drop(drawing)
