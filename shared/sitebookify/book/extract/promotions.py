"""What a page puts around and into its text to be read, shared and paid for: no learning is needed to know it.

Sign-up forms, rows of share links, adverts, links to other posts, boxes about the author, cookie banners. A text can be
about each of these, so no single sign is enough: a name (class or id) counts with what the element holds, a label with
the links that it announces, a link's target with how little is said beside it. What holds the page's heading, code or
more than a few sentences is never taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain, islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.calls_to_action import (
    call_alone,
    feedback_boxes,
    is_named_advert,
    is_named_share_row,
    is_named_sign_up,
    labelled_advert,
    share_row,
    sign_up_form,
    sponsored_box,
)
from sitebookify.book.extract.meta_lines import drop_from_line, is_beside_date
from sitebookify.book.extract.promotion_rules import (
    AUTHOR_WORDS,
    FOLLOW_WORDS,
    PROMOTION_LABEL,
    PROMOTION_WORDS,
)
from sitebookify.book.extract.promotion_signs import (
    LABELLING,
    LABELS,
    LABELS_IN_POSTS,
    NEAR,
    PROMOTION_BOXES,
    RIGHTS,
    first_text,
    in_lower_case,
    is_advert_label,
    is_share_target,
    is_small,
    kind_by_name,
    size_within,
    whole_label,
)
from sitebookify.book.extract.related_posts import (
    is_label_and_links,
    is_named_related,
    posts_announced_by,
)
from sitebookify.book.extract.removal import Explanation, drop_all
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, exceeds, holds, relations_of, words_of

_NAMED = PROMOTION_BOXES | {"article", "ins", "p", "ul"}
"""Elements whose class or id can name a promotion."""
_BESIDE_DATE = "beside the date"
_CAN_BE_BESIDE_DATE = ("a", "span", "div", "p", "li", "small", "em", "i", "button")
_ICONS = {"i", "span", "svg", "img", "em"}
_CATEGORY_LINES = {"p", "div", "span", "footer", "ul", "section"}
_LISTS_OF_HEADINGS = {"ul", "ol", "dl", "nav", "div"}
_LONG_PARAGRAPH = 8
"""Words of a paragraph by which the place of an author's box is known."""
_LONGEST_LABEL = 80
"""Characters of a text that are looked at for a label."""


def drop_promotions(document: Element, explanation: Explanation) -> None:
    """Remove the promotions of the page.

    Nothing is removed where they hold most of what the page says, unless it is a post, which may be short.
    """
    page = _Page(document)
    kinds = {element: kind for kind, element in _promotions(page)}
    promotions = [element for element in kinds if kinds.keys().isdisjoint(element.iterancestors())]
    if not promotions or not _is_enough_left(page, promotions):
        return
    for element in promotions:
        if kinds[element] == _BESIDE_DATE:
            explanation.drops(_BESIDE_DATE, element)
            drop_from_line(element)
    others = [(kinds[element], element) for element in promotions if kinds[element] != _BESIDE_DATE]
    drop_all(document, others, explanation)


class _Page:
    """A page whose promotions are looked for; ``is_post`` says that it states when it was published."""

    def __init__(self, document: Element) -> None:
        self.document = document
        self.body = body_of(document)
        self.is_post = _is_post(document)

    @cached_property
    def long_paragraphs(self) -> int:
        """How many paragraphs are sentences."""
        return _long_paragraphs(self.body)


def _is_post(document: Element) -> bool:
    for meta in document.iter("meta"):
        if (meta.get("property") or meta.get("itemprop", "")) in ("article:published_time", "datePublished"):
            return True
    return any(time.get("datetime") for time in islice(document.iter("time"), 2))


def _is_enough_left(page: _Page, promotions: Collection[Element]) -> bool:
    total = sum(amount(words_of(element)) for element in promotions)
    if total <= rules.LEAST_LEFT.threshold * amount(words_of(page.document)):
        return True
    gone = set(promotions)
    paragraphs = filter(_is_long, page.document.iter("p") if page.is_post else ())
    return any(gone.isdisjoint((paragraph, *paragraph.iterancestors())) for paragraph in paragraphs)


def _is_long(paragraph: Element) -> bool:
    return size_within(paragraph, _LONG_PARAGRAPH) >= _LONG_PARAGRAPH


def _long_paragraphs(box: Element) -> int:
    return sum(map(_is_long, box.iter("p")))


def _promotions(page: _Page) -> Iterator[tuple[str, Element]]:
    """The promotions, each with its kind; some of them inside others."""
    if page.is_post:
        for element in page.body.iter(*_CAN_BE_BESIDE_DATE):
            if len(element) < NEAR and is_beside_date(element):
                yield _BESIDE_DATE, element
    for element in page.body.iter("a", "form", *(LABELLING | _NAMED)):
        if element.tag in ("a", "form"):
            kind, parts = _by_target(element)
            yield from ((kind, part) for part in parts)
            continue
        kind = _kind_of_label(_beginning(element), in_post=page.is_post) if element.tag in LABELLING else ""
        if kind and is_small(element, PROMOTION_LABEL.count):
            yield from ((kind, part) for part in _ANNOUNCED[kind](element))
        kind = kind_by_name(element) if element.tag in _NAMED else ""
        if kind and _BY_NAME[kind](element) and (kind not in _BELOW or _is_below(element, page)):
            yield kind, element


def _by_target(link: Element) -> tuple[str, Iterable[Element]]:
    """What a link or a form is for."""
    if link.tag == "form":
        return "sign-up form", sign_up_form(link)
    if is_share_target(link):
        return "share links", share_row(link)
    if "sponsored" in link.get("rel", ""):
        return "advert", sponsored_box(link)
    return "call to action", call_alone(link)


# --- By names ---------------------------------------------------------------------------------------------------------


def _is_below(element: Element, page: _Page) -> bool:
    """True for a box below most of the page's text."""
    below = sum(map(_long_paragraphs, islice(element.itersiblings(), 4 * NEAR)))
    return 2 * below < page.long_paragraphs


def _is_short_text(element: Element) -> bool:
    """True for a sentence, or a few paragraphs."""
    most = AUTHOR_WORDS.count
    if size_within(element, most) < _LONG_PARAGRAPH or not is_small(element, most):
        return False
    return sum(1 for _ in element.iter("p")) < NEAR


def _grants_rights(element: Element) -> bool:
    """True for a short text that says who may copy another, in words or by a link to a licence."""
    if not _is_short_text(element):
        return False
    links = islice(element.iter("a"), NEAR * NEAR)
    if any("creativecommons.org/" in link.get("href", "") for link in links):
        return True
    return bool(RIGHTS.search(words_of(element).lower()))


def _is_cookie_banner(element: Element) -> bool:
    if not is_small(element, PROMOTION_WORDS.count):
        return False
    return holds(element, "button", "a", "input") or "cookie" in words_of(element).lower()


# --- By labels --------------------------------------------------------------------------------------------------------


def _beginning(element: Element) -> str:
    """What the element begins with, also where an icon stands before it."""
    if element.text and not element.text.isspace():
        return element.text[:_LONGEST_LABEL]
    icon = element[0] if len(element) else None
    if icon is None or icon.text or len(icon) or icon.tag not in _ICONS:
        return ""
    return (icon.tail or "")[:_LONGEST_LABEL]


@lru_cache(maxsize=4096)
def _kind_of_label(text: str, *, in_post: bool) -> str:
    """The kind of promotion that a text with this beginning announces, or ""."""
    label = in_lower_case(text)
    if is_advert_label(label):
        return "advert"
    tables = (LABELS, LABELS_IN_POSTS) if in_post else (LABELS,)
    patterns = chain.from_iterable(table.items() for table in tables)
    return next((kind for kind, pattern in patterns if pattern.match(label)), "")


def _author_boxes(label: Element) -> Iterator[Element]:
    """The nearest boxes that begin with the label; an image may stand before it."""
    for box in islice(label.iterancestors(), NEAR - 2):
        if box.tag not in PROMOTION_BOXES or first_text(box) != label.text:
            return
        if is_small(box, AUTHOR_WORDS.count):
            yield box


def _call_to_follow(label: Element) -> list[Element]:
    most = FOLLOW_WORDS.count
    return [label] if label.tag not in HEADINGS and size_within(label, most) <= most else []


def _list_of_headings(label: Element) -> list[Element]:
    """The label and the list after it, where all its entries lead to places of a page, or where it is empty yet."""
    label = whole_label(label, "summary")
    entries = label.getnext()
    if entries is None or entries.tag not in _LISTS_OF_HEADINGS:
        return []
    if not words_of(entries) and not holds(entries, "img", "svg", "iframe"):
        return [label, entries]  # a script fills it
    if (label.text or "").strip(" :\n").lower() == "contents":
        return []  # an author's own list, as in a README
    links = [link.get("href", "") for link in islice(entries.iter("a"), rules.LINKS_OF_A_PAGE.count)]
    if not links or exceeds(entries.iter("li", "dt"), len(links)):
        return []
    return [label, entries] if all("#" in link for link in links) else []


def _line_of_categories(label: Element) -> list[Element]:
    """The line "Filed under Ropes": a link says that it leads to a tag or category, and all but the label is linked."""
    for line in (label, label.getparent()):
        if line is None or line.tag not in _CATEGORY_LINES:
            continue
        links = islice(line.iter("a"), NEAR * NEAR)
        if any("tag" in relations_of(link) for link in links) and is_label_and_links(line):
            return [line]
    return []


# --- Kinds ------------------------------------------------------------------------------------------------------------

_ANNOUNCED: Mapping[str, Callable[[Element], Iterable[Element]]] = {
    "advert": labelled_advert,
    "box about the author": _author_boxes,
    "call to follow": _call_to_follow,
    "line of categories": _line_of_categories,
    "links to other posts": posts_announced_by,
    "list of the page's headings": _list_of_headings,
    "question to the reader": feedback_boxes,
}
"""What finds the promotion that a label of a kind announces."""
_BY_NAME: Mapping[str, Callable[[Element], bool]] = {
    "advert": is_named_advert,
    "box about the author": _is_short_text,
    "cookie banner": _is_cookie_banner,
    "links to other posts": is_named_related,
    "notice of rights": _grants_rights,
    "share links": is_named_share_row,
    "sign-up form": is_named_sign_up,
}
"""What says whether an element with the name of a kind is a promotion of that kind."""
_BELOW = ("box about the author", "notice of rights")
"""Kinds that stand below the text."""
