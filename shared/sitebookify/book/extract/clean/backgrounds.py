"""Pictures that a page shows as the background of an empty box."""

from __future__ import annotations

import re

from sitebookify.book.tree import Element, is_blank, make, replace, words_of

_BACKGROUND = re.compile(
    r"(?:^|;)\s*background(?:-image)?\s*:[^;]{0,200}?url\(\s*(['\"]?)([^'\")]{1,2000})\1\s*\)", re.IGNORECASE
)
_LATE = ("data-bg", "data-background", "data-background-image", "data-bg-src")
"""Where scripts that load pictures late find them."""
_BOXES = ("div", "span", "section", "a")


def normalise(root: Element) -> None:
    """Put a picture in the place of a box that says it is one, and of one that a caption describes.

    Any other background is an ornament.
    """
    for box in [*root.iter(*_BOXES)]:
        if box is root or len(box) or words_of(box) or box.getparent() is None:
            continue
        label = box.get("aria-label") or box.get("title") or ""
        if not ((box.get("role") == "img" and label) or _is_captioned(box)):
            continue
        source = _source(box)
        if source:
            replace(box, make("img", None, src=source, alt=label))


def _is_captioned(box: Element) -> bool:
    """True for the only thing that a figure with a caption shows."""
    figure = next(box.iterancestors("figure"), None)
    if figure is None or figure.find("figcaption") is None or next(box.iterancestors("figcaption"), None) is not None:
        return False
    others = (words_of(child) for child in figure if child.tag != "figcaption")
    return not any(others) and is_blank(figure.text) and next(figure.iter("img", "svg", "video"), None) is None


def _source(box: Element) -> str:
    late = next(filter(None, (box.get(name) for name in _LATE)), "")
    match = _BACKGROUND.search(box.get("style") or "")
    return late or (match[2].strip() if match else "")
