"""Adverts: boxes and links that someone paid for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.promotion_rules import ADVERT_WORDS, SPONSORED_WORDS
from sitebookify.book.extract.promotion_signs import (
    ADVERT_MARKERS,
    NEAR,
    PROMOTION_BOXES,
    is_advert_label,
    is_small,
    kind_by_name,
    size_within,
)
from sitebookify.book.tree import Element, text_of, words_of


def sponsored_box(link: Element) -> list[Element]:
    """The box of a link that was paid for, where it says little more or is named or labelled as an advert."""
    advert = None
    for up in islice(link.iterancestors(), NEAR):
        if up.tag in ("body", "article") or not is_small(up, ADVERT_WORDS.count):
            break
        alone = words_of(up) == words_of(link)
        short = up.tag in PROMOTION_BOXES and size_within(up, rules.BAR_TEXT.count) <= SPONSORED_WORDS.count
        if alone or short or (up.tag in PROMOTION_BOXES and kind_by_name(up) == "advert"):
            advert = up
    return [] if advert is None else [advert]


def is_named_advert(element: Element) -> bool:
    """True for a box with the name of an advert that says so, is empty of words, or leads away."""
    if not is_small(element, ADVERT_WORDS.count):
        return False
    size = size_within(element, ADVERT_WORDS.count)
    if not size or any(name.startswith("data-ad") for name in map(str, element.keys())):
        return True
    if is_advert_label(element.get("aria-label") or "") or _begins_with_advert_label(element):
        return True
    links = [link.get("href") or "" for link in element.iter("a")]
    return bool(links) and all("://" in link or link.startswith("//") for link in links)


def _begins_with_advert_label(element: Element) -> bool:
    first = next((str(text) for text in element.itertext() if str(text).strip()), "")
    return is_advert_label(first)


def labelled_advert(label: Element) -> Iterator[Element]:
    """The box that an advert's label opens; the label alone where it stands in the text."""
    box = label.getparent()
    opens = box is not None and box.tag in PROMOTION_BOXES and _begins_with_advert_label(box)
    if box is not None and opens and box.tag != "article" and is_small(box, ADVERT_WORDS.count):
        yield box
    elif label.tag in ("p", "div") and " ".join(text_of(label).lower().split()) in ADVERT_MARKERS:
        yield label
        paid = label.getnext()
        if paid is not None and paid.tag != "p" and _is_named_or_sponsored(paid):
            yield paid


def _is_named_or_sponsored(element: Element) -> bool:
    sponsored = any("sponsored" in (link.get("rel") or "") for link in element.iter("a"))
    named = kind_by_name(element) == "advert"
    return (sponsored or named) and is_small(element, ADVERT_WORDS.count)
