"""Pictures that a page shows as the background of an empty box."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.questions import first_attribute
from sitebookify.book.tree import Element, holds, is_blank, is_inside, make, replace, words_of

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
        if box is root or len(box) or words_of(box):
            continue
        label = first_attribute(box, ("aria-label", "title"))
        is_picture = label != "" and box.get("role") == "img"
        source = _source(box) if is_picture or _is_captioned(box) else ""
        if source:
            replace(box, make("img", None, src=source, alt=label))


def _is_captioned(box: Element) -> bool:
    """True for the only thing that a figure with a caption shows."""
    figure = next(box.iterancestors("figure"), None)
    if figure is None or figure.find("figcaption") is None or is_inside(box, "figcaption"):
        return False
    others = [child for child in figure if child.tag != "figcaption"]
    return is_blank(figure.text) and not any(map(words_of, others)) and not holds(figure, "img", "svg", "video")


def _source(box: Element) -> str:
    late = first_attribute(box, _LATE)
    match = _BACKGROUND.search(box.get("style", ""))
    return late or (match[2].strip() if match else "")
