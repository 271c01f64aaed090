"""Adverts: boxes and links that someone paid for."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.promotion_rules import ADVERT_WORDS, SPONSORED_WORDS
from sitebookify.book.extract.promotion_signs import (
    ADVERT_MARKERS,
    NEAR,
    PROMOTION_BOXES,
    first_text,
    in_lower_case,
    is_advert_label,
    is_small,
    kind_by_name,
    size_within,
)
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, is_inside, text_of, words_of


def sponsored_box(link: Element) -> list[Element]:
    """The box of a link that was paid for, where it says little more or is named or labelled as an advert."""
    advert: list[Element] = []
    for box in islice(link.iterancestors(), NEAR):
        if box.tag in ("body", "article") or not is_small(box, ADVERT_WORDS.count):
            break
        if words_of(box) == words_of(link) or _is_short_or_named(box):
            advert = [box]
    return advert


def _is_short_or_named(box: Element) -> bool:
    if box.tag not in PROMOTION_BOXES:
        return False
    return size_within(box, ADVERT_WORDS.count) <= SPONSORED_WORDS.count or kind_by_name(box) == "advert"


def is_named_advert(element: Element) -> bool:
    """True for a box with the name of an advert that says so, is empty of words, or leads away."""
    if not is_small(element, ADVERT_WORDS.count):
        return False
    if not size_within(element, ADVERT_WORDS.count) or any(map(_is_for_advert, element.attrib)):
        return True
    if is_advert_label(element.get("aria-label") or "") or is_advert_label(first_text(element)):
        return True
    links = [link.get("href") or "" for link in element.iter("a")]
    return bool(links) and all(map(_leads_away, links))


def _is_for_advert(attribute: object) -> bool:
    return str(attribute).startswith("data-ad")


def _leads_away(target: str) -> bool:
    return "://" in target or target.startswith("//")


def labelled_advert(label: Element) -> list[Element]:
    """The box that an advert's label opens; the label alone where it stands in the text."""
    if label.tag in HEADINGS or not is_advert_label(words_of(label)) or is_inside(label, *ITEMS, *CELLS, "a"):
        return []
    box = label.getparent()
    if box is not None and _is_advert_by_label(box):
        return [box]
    is_marker = label.tag in ("p", "div") and in_lower_case(text_of(label)) in ADVERT_MARKERS
    return [label] if is_marker else []


def _is_advert_by_label(box: Element) -> bool:
    return box.tag in PROMOTION_BOXES and is_advert_label(first_text(box)) and is_small(box, ADVERT_WORDS.count)
