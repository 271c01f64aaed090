"""Pictures that a site puts around the text of most of its pages: logos, banners, rules drawn as pictures.

They are known by their addresses. One that stands in the text, in a cell or in an item of a list may say something
there (a sign for a note, a state); only what stands before all text of a page or after it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.extract.clean.source import image_source
from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.notices import least_pages
from sitebookify.book.extract.outline import fingerprint
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, drop, words_of

_MOST = 1000
"""Pictures of a page that are looked at."""
_WRAPPERS = frozenset(("a", "center", "div", "figure", "p", "picture", "span"))
"""What goes with a picture that is all it shows."""
_TEXT = frozenset((*CELLS, *ITEMS, "figcaption", "pre", "table"))
"""What a picture can be a part of."""


def learn_pictures(pages: Sequence[tuple[str, Element]]) -> frozenset[int]:
    """Fingerprints of the addresses of pictures that most of the pages, as (base URL, document), show."""
    counted: Counter[int] = Counter()
    for base, document in pages:
        sources = {image_source(image, base) for image in islice(document.iter("img"), _MOST)}
        counted.update(fingerprint(source) for source in sources if source)
    least = max(rules.FEWEST_PAGES.count, least_pages(rules.USUAL.threshold, len(pages)))
    return frozenset(mark for mark, times in counted.items() if times >= least)


def drop_logos(root: Element, base: str, pictures: AbstractSet[int], explanation: Explanation) -> tuple[str, ...]:
    """Drop the site's pictures before all text of the content and after it; the answer are their addresses."""
    if not pictures:
        return ()
    dropped: dict[str, None] = {}
    for image in _at_margins(root):
        source = image_source(image, base)
        if not source or fingerprint(source) not in pictures:
            continue
        explanation.drops("picture of most pages", image)
        dropped[source] = None
        _drop_with_wrappers(image, root)
    return tuple(source for source in dropped if not source.startswith("data:"))


def _at_margins(root: Element) -> list[Element]:
    """The pictures before the first text outside headings, and those after the last text."""
    before: list[Element] = []
    after: list[Element] = []
    text = announced = False
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element.tag in HEADINGS:
            after.clear()
            announced = text  # what follows is what the section shows
            walker.skip_subtree()
            continue
        string = element.text if event == "start" else element.tail
        if event == "start" and element.tag == "img" and _is_alone(element, root) and not announced:
            (after if text else before).append(element)
        if element.tag not in ("script", "style") and string and not string.isspace() and element is not root:
            text, announced = True, False
            after.clear()
    return [*before, *after]


def _is_alone(image: Element, root: Element) -> bool:
    """True for a picture that no cell, item or caption holds."""
    for up in image.iterancestors():
        if up is root:
            return True
        if up.tag in _TEXT or (up.tag == "figure" and up.find("figcaption") is not None):
            return False
    return True


def _drop_with_wrappers(image: Element, root: Element) -> None:
    element = image
    parent = element.getparent()
    drop(element)
    while parent is not None and parent is not root and parent.tag in _WRAPPERS:
        if len(parent) or words_of(parent):
            return
        element, parent = parent, parent.getparent()
        drop(element)
