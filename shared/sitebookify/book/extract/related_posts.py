"""Links to other posts: lines, lists, teasers and cards."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.promotion_rules import CARD_WORDS, LABEL_OF_POSTS, PROMOTION_LABEL, PROMOTION_WORDS
from sitebookify.book.extract.promotion_signs import (
    PROMOTION_BOXES,
    first_text,
    is_small,
    linked_words,
    size_within,
    whole_label,
)
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, holds, is_inside, words_of

_BOXES = PROMOTION_BOXES | {"p"}
_LISTS_OF_POSTS = {"ul", "ol", "div", "section"}


def posts_announced_by(label: Element) -> list[Element]:
    """The line that is a label and links, or the box or list of links that the label opens."""
    label = whole_label(label, *HEADINGS)
    if is_label_and_links(label):
        return [_box_of_line(label)]
    box = label.getparent()
    if box is not None and box.tag in _BOXES and first_text(box) == label.text and _lists_posts(box, label):
        return [box]
    posts = label.getnext()
    if posts is None or posts.tag not in _LISTS_OF_POSTS:
        return []
    return [label, posts] if _lists_posts(posts) or _is_list_of_links(posts) else []


def is_named_related(element: Element) -> bool:
    """True for a box of that name with a title of a few words without a link at most, and then links."""
    title = next(element.iter(*HEADINGS[1:], "strong", "p", "span"), None)
    if title is None or size_within(title, PROMOTION_LABEL.count) > LABEL_OF_POSTS.count:
        return _lists_posts(element)
    return _lists_posts(element, None if _is_linked(title) else title)


def is_label_and_links(line: Element) -> bool:
    """True for "Read next: The old pilot", where all but the label is linked."""
    linked = linked_words(line)
    return bool(linked) and size_within(line, PROMOTION_LABEL.count) - linked <= LABEL_OF_POSTS.count


def _box_of_line(line: Element) -> Element:
    """The outermost box that says no more than the line."""
    words = words_of(line)
    for box in line.iterancestors():
        if box.tag == "body" or words_of(box) != words:
            break
        line = box
    return line


def _is_linked(element: Element) -> bool:
    return holds(element, "a") or is_inside(element, "a")


def _lists_posts(box: Element, label: Element | None = None) -> bool:
    """True where links are most of what the box says beside its label, or its headings are links.

    Cards that are links as a whole may say more than teasers.
    """
    if not is_small(box, PROMOTION_WORDS.count):
        return _is_list_of_cards(box, label)
    headings = [heading for heading in box.iter(*HEADINGS) if heading is not label]
    if headings:
        return all(map(_is_linked, headings))
    linked = linked_words(box)
    return linked > 0 and linked >= rules.MOSTLY.threshold * _words_beside(label, box, PROMOTION_WORDS.count)


def _is_list_of_cards(box: Element, label: Element | None) -> bool:
    """True for titles and excerpts of other posts, each of them one link."""
    if not is_small(box, CARD_WORDS.count):
        return False
    sizes = [amount(words_of(link)) for link in box.iter("a") if link.get("href")]
    cards = [size for size in sizes if size > LABEL_OF_POSTS.count]
    return len(cards) > 1 and _words_beside(label, box, CARD_WORDS.count) - sum(cards) <= LABEL_OF_POSTS.count


def _words_beside(label: Element | None, box: Element, most: int) -> int:
    """Words of the box, ``most`` at most, but for its label's."""
    return size_within(box, most) - (0 if label is None else amount(words_of(label)))


def _is_list_of_links(element: Element) -> bool:
    """True for a list, however long, whose items are a link each: the posts of a series."""
    if element.tag not in ("ul", "ol"):
        return False
    items = list(islice(element, rules.LINKS_OF_A_PAGE.count))
    return len(items) > 1 and all(map(_is_item_with_link, items))


def _is_item_with_link(item: Element) -> bool:
    """True for an item of a list that is one link."""
    link = next(item.iter("a"), None)
    if link is None or item.tag != "li":
        return False
    return bool(link.get("href")) and words_of(link) == words_of(item)
