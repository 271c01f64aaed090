"""Pictures that a site puts around the text of most of its pages: logos, banners, rules drawn as pictures.

They are known by their addresses. One that stands in the text, in a cell or in an item of a list may say something
there (a sign for a note, a state); only what stands before all text of a page or after it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.extract.clean.source import image_source
from sitebookify.book.extract.outline import fingerprint
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.sampling import repeated
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, boxes_below, drop, is_blank

_MOST = 1000
"""Pictures of a page that are looked at."""
_WRAPPERS = {"a", "center", "div", "figure", "p", "picture", "span"}
"""What goes with a picture that is all it shows."""
_SILENT = {"script", "style"}
_TEXT = {*CELLS, *ITEMS, "figcaption", "pre", "table"}
"""What a picture can be a part of."""


def learn_pictures(pages: Sequence[tuple[str, Element]]) -> frozenset[int]:
    """Fingerprints of the addresses of pictures that most of the pages, as (base URL, document), show."""
    return repeated((_pictures_of(document, base) for base, document in pages), rules.USUAL)


def _pictures_of(document: Element, base: str) -> set[int]:
    images = islice(document.iter("img"), _MOST)
    sources = {image_source(image, base) for image in images}
    return {fingerprint(source) for source in sources if source}


def drop_logos(root: Element, base: str, pictures: AbstractSet[int], explanation: Explanation) -> tuple[str, ...]:
    """Drop the site's pictures before all text of the content and after it; the answer are their addresses."""
    if not pictures:
        return ()
    dropped: list[str] = []
    for image in _at_margins(root):
        source = image_source(image, base)
        if source and fingerprint(source) in pictures:
            explanation.drops("picture of most pages", image)
            dropped.append(source)
            _drop_with_wrappers(image, root)
    return tuple(source for source in dict.fromkeys(dropped) if not source.startswith("data:"))


def _at_margins(root: Element) -> list[Element]:
    """The pictures before the first text outside headings, and those after the last text."""
    before: list[Element] = []
    after: list[Element] = []
    has_text = False
    is_announced = False
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        text = element.text if event == "start" else element.tail
        if event == "start" and element.tag in HEADINGS:
            after.clear()
            is_announced = has_text  # what follows is what the section shows
            walker.skip_subtree()
        elif element.tag not in _SILENT and element is not root and not is_blank(text):
            has_text = True
            is_announced = False
            after.clear()
        elif event == "start" and element.tag == "img" and not is_announced and not _is_part(element, root):
            (after if has_text else before).append(element)
    return [*before, *after]


def _is_part(image: Element, root: Element) -> bool:
    """True for a picture in a cell, an item or the like, or one with a caption."""
    return any(box.tag in _TEXT or box.find("figcaption") is not None for box in boxes_below(root, image))


def _drop_with_wrappers(image: Element, root: Element) -> None:
    boxes = list(boxes_below(root, image))
    drop(image)
    for box in boxes:
        if box.tag not in _WRAPPERS or len(box) or not is_blank(box.text):
            return
        drop(box)
