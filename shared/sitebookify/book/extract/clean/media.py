"""Pictures: their real sources, and what stands in for those that cannot be shown."""

from __future__ import annotations

import hashlib
import re

from sitebookify.book.extract.clean import drawings
from sitebookify.book.extract.clean.elements import first_attribute, has_letters
from sitebookify.book.extract.clean.picture_sizes import Sizes, is_tiny, set_size
from sitebookify.book.extract.clean.source import image_source
from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.html.visibility import is_ornament
from sitebookify.book.tree import (
    Element,
    detach,
    drop,
    fragment,
    holds,
    is_blank,
    is_inside,
    make,
    replace,
    text_of,
    unwrap,
    words_of,
)

_FOR_LIGHT = frozenset(("only-light", "gh-light-mode-only"))
_FOR_DARK = frozenset(("only-dark", "gh-dark-mode-only"))
_LONGEST_SIGN = 12
"""Characters of an emoji: several can be joined to one."""
_SHOWN = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
_BACKGROUND = re.compile(
    r"(?:^|;)\s*background(?:-image)?\s*:[^;]{0,200}?url\(\s*(['\"]?)([^'\")]{1,2000})\1\s*\)", re.IGNORECASE
)
_LATE = ("data-bg", "data-background", "data-background-image", "data-bg-src")
"""Where scripts that load pictures late find them."""
_PICTURED = ("div", "span", "section", "a")
_SHORTEST = 150
"""Characters of a picture in the page: what is shorter, as a GIF of one pixel, holds the place of a late one."""


def show_backgrounds(root: Element) -> None:
    """Put a picture in the place of a box that says it is one, and of one that a caption describes.

    Any other background is an ornament.
    """
    for box in [*root.iter(*_PICTURED)]:
        if box is root or len(box) or words_of(box):
            continue
        label = first_attribute(box, ("aria-label", "title"))
        is_picture = label != "" and box.get("role") == "img"
        source = _background(box) if is_picture or _is_captioned(box) else ""
        if source:
            replace(box, make("img", None, src=source, alt=label))


def normalise(root: Element, base: str, sizes: Sizes) -> dict[str, str]:
    """Give every ``img`` an absolute source and the size it is shown at, and drop those that show nothing.

    A picture that stands in the page itself gets a place of the page as its source: the ``data:`` URIs by these.
    ``sizes`` are those that the page's style sheets give.
    """
    embedded: dict[str, str] = {}
    for fallback in [*root.iter("noscript")]:
        _open_fallback(fallback)
    for box in [*root.iter("object", "embed")]:
        _show_object(box)
    _drop_dark_twins(root)
    drawn = drawings.normalise(root)
    for image in [*root.iter("img")]:
        set_size(image, sizes)
        if is_tiny(image.get("width", "")) and is_tiny(image.get("height", "")):
            drop(image)
        elif _is_sign(image):
            replace(image, make("span", image.get("alt", "").strip()))
        else:
            _set_source(image, base, embedded, is_drawing=image in drawn)
    for picture in [*root.iter("picture")]:
        for source_set in [*picture.iter("source")]:
            drop(source_set)
        unwrap(picture)  # its image has its source by now
    return embedded


def _is_captioned(box: Element) -> bool:
    """True for the only thing that a figure with a caption shows."""
    figure = next(box.iterancestors("figure"), None)
    if figure is None or figure.find("figcaption") is None or is_inside(box, "figcaption"):
        return False
    others = [child for child in figure if child.tag != "figcaption"]
    return is_blank(figure.text) and not any(map(words_of, others)) and not holds(figure, "img", "svg", "video")


def _background(box: Element) -> str:
    late = first_attribute(box, _LATE)
    match = _BACKGROUND.search(box.get("style", ""))
    return late or (match[2].strip() if match else "")


def _drop_dark_twins(root: Element) -> None:
    """Of pictures that address ends mark for light and for dark screens (GitHub, MkDocs), drop those for dark ones."""
    fragments = {image: image.get("src", "").rpartition("#")[2] for image in root.iter("img")}
    if not any(name in _FOR_LIGHT for name in fragments.values()):
        return
    for image, name in fragments.items():
        if name in _FOR_DARK:
            drop(image)


def _set_source(image: Element, base: str, embedded: dict[str, str], *, is_drawing: bool) -> None:
    """Give the picture its source; where it has none that can be shown, its words stay."""
    source = image_source(image, base)
    alternative = image.get("alt", "")
    is_data = source.startswith("data:")
    if source and not is_data:
        if "." in alternative and image.get("src", "").endswith(alternative):
            image.set("alt", "")  # Sphinx, for one, writes the file's name
        image.set("src", source)
    elif is_data and (is_drawing or (len(source) >= _SHORTEST and not is_ornament(image))):
        place = f"{base}#picture-{hashlib.sha256(source.encode()).hexdigest()[:16]}"
        image.set("src", place)
        embedded[place] = source
    elif alternative and not (is_data and is_ornament(image)):
        replace(image, make("span", alternative))
    else:
        drop(image)  # an ornament holds the place of the picture beside it until that is loaded


def _is_sign(image: Element) -> bool:
    """True for a picture of an emoji, which the alternative text is."""
    text = image.get("alt", "").strip()
    if not text or text.isascii() or len(text) > _LONGEST_SIGN or has_letters(text):
        return False
    return "emoji" in image.get("class", "") or "emoji" in image.get("src", "")


def _show_object(box: Element) -> None:
    """A picture that is shown as an object: itself, or the picture that stands in for it."""
    source = first_attribute(box, ("data", "src")).strip()
    path = source.lower().partition("?")[0]
    if not box.get("type", "").startswith("image/") and not path.endswith(_SHOWN):
        return
    inside = box.find(".//img")
    if inside is not None:
        replace(box, detach(inside))
    elif source:
        label = first_attribute(box, ("aria-label", "title")) or words_of(box)
        replace(box, make("img", src=source, alt=label))


def _open_fallback(fallback: Element) -> None:
    """Put the picture that lazy loading keeps for readers without scripts in its place, unless the page shows it."""
    pictures = _pictures_in(fallback)
    previous = fallback.getprevious()
    beside = previous if previous is not None and previous.tag in ("img", "picture") else None
    image = next(beside.iter("img"), None) if beside is not None else None
    # What stands in the page itself holds the place of a picture that loads late.
    shown = "" if image is None else image_source(image, "https://x.invalid/")
    if len(pictures) != 1 or shown[:5] not in ("", "data:"):
        drop(fallback)
        return
    if beside is not None and image is not None:
        drop(beside)
    pictures[0].tail = None
    replace(fallback, pictures[0])


def _pictures_in(fallback: Element) -> list[Element]:
    """The pictures in the element, whose content may still be text."""
    markup = "" if len(fallback) else text_of(fallback)
    is_readable = markup != "" and not too_many_attributes(markup)
    content = fragment(f"<div>{markup}</div>") if is_readable else fallback
    return [*content.iter("img")]
