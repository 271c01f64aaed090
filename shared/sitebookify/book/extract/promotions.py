"""What a page puts around and into its text to be read, shared and paid for: no learning is needed to know it.

Sign-up forms, rows of share links, adverts, links to other posts, boxes about the author, cookie banners. A text can be
about each of these, so no single sign is enough: a name (class or id) counts with what the element holds, a label with
the links that it announces, a link's target with how little is said beside it. What holds the page's heading, code or
more than a few sentences is never taken.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.adverts import is_named_advert, labelled_advert, sponsored_box
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.calls_to_action import (
    call_alone,
    feedback_boxes,
    is_named_share_row,
    is_named_sign_up,
    share_row,
    sign_up_form,
)
from sitebookify.book.extract.explanation import Explanation
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
    NEAR,
    PROMOTION_BOXES,
    first_text,
    grants_rights,
    in_lower_case,
    is_advert_label,
    is_share_target,
    is_small,
    kind_by_name,
    size_within,
    whole_label,
)
from sitebookify.book.extract.related_posts import is_label_and_links, is_named_related, posts_announced_by
from sitebookify.book.extract.remnants import drop_with_remnants, first_heading
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, holds, relations_of, words_of

_NAMED = PROMOTION_BOXES | {"article", "ins", "p", "ul"}
"""Elements whose class or id can name a promotion."""
_BESIDE_DATE = ("a", "span", "div", "p", "li", "small", "em", "i", "button")
"""Elements that can say a post's reading time and the like."""
_BELOW = ("author", "licence")
"""Kinds that stand below the text."""
_IN_POSTS = ("follow", "way on")
"""Kinds whose labels stand in other texts, too."""
_ICONS = frozenset(("i", "span", "svg", "img", "em"))
_CATEGORY_LINES = frozenset(("p", "div", "span", "footer", "ul", "section"))
_LISTS_OF_HEADINGS = frozenset(("ul", "ol", "dl", "nav", "div"))
_LONG_PARAGRAPH = 8
"""Words of a paragraph by which the place of an author's box is known."""
_LONGEST_LABEL = 80
"""Characters of a text that are looked at for a label."""


def drop_promotions(document: Element, explanation: Explanation) -> None:
    """Remove the promotions of the page.

    Nothing is removed where they hold most of what the page says, unless it is a post, which may be short.
    """
    page = _Page(document)
    promotions = _outermost(_promotions(page))
    if not promotions or not _is_enough_left(page, promotions):
        return
    first = first_heading(document)
    for element, rule in promotions.items():
        explanation.drops(rule, element)
        if rule == _RULES["beside date"]:
            drop_from_line(element)
        else:
            drop_with_remnants(element, first, explanation)


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
        if (meta.get("property") or meta.get("itemprop") or "") in ("article:published_time", "datePublished"):
            return True
    return any(time.get("datetime") for time in islice(document.iter("time"), 2))


def _outermost(promotions: Iterable[tuple[str, Element]]) -> dict[Element, str]:
    rules_by_element = {element: rule for rule, element in promotions}
    return {
        element: rule
        for element, rule in rules_by_element.items()
        if rules_by_element.keys().isdisjoint(element.iterancestors())
    }


def _is_enough_left(page: _Page, promotions: Mapping[Element, str]) -> bool:
    total = sum(amount(words_of(element)) for element in promotions)
    if total <= rules.LEAST_LEFT.threshold * amount(words_of(page.document)):
        return True
    return page.is_post and _says_something_else(page.document, promotions)


def _says_something_else(document: Element, promotions: Container[Element]) -> bool:
    for paragraph in document.iter("p"):
        if _is_long(paragraph) and not any(box in promotions for box in (paragraph, *paragraph.iterancestors())):
            return True
    return False


def _is_long(paragraph: Element) -> bool:
    return size_within(paragraph, _LONG_PARAGRAPH) >= _LONG_PARAGRAPH


def _long_paragraphs(box: Element) -> int:
    return sum(map(_is_long, box.iter("p")))


def _promotions(page: _Page) -> Iterator[tuple[str, Element]]:
    """The promotions, each with its rule; some of them inside others."""
    if page.is_post:
        yield from _beside_date(page.body)
    for element in page.body.iter("a", "form", *(LABELLING | _NAMED)):
        if element.tag in ("a", "form"):
            yield from _by_target(element)
            continue
        kind = _kind_of_label(_beginning(element)) if element.tag in LABELLING else ""
        if kind:
            for part in _announced(kind, element, page):
                yield _RULES[kind], part
        kind = kind_by_name(element) if element.tag in _NAMED else ""
        if kind and _is_what_it_is_called(kind, element, page):
            yield _RULES[kind], element


def _beside_date(body: Element) -> Iterator[tuple[str, Element]]:
    for element in body.iter(*_BESIDE_DATE):
        if len(element) < NEAR and is_beside_date(element):
            yield _RULES["beside date"], element


# --- By what links and forms are for ----------------------------------------------------------------------------------


def _by_target(link: Element) -> Iterator[tuple[str, Element]]:
    if link.tag == "form":
        for part in sign_up_form(link):
            yield _RULES["sign-up"], part
    elif is_share_target(link):
        for part in share_row(link):
            yield _RULES["share"], part
    elif "sponsored" in (link.get("rel") or ""):
        for part in sponsored_box(link):
            yield _RULES["advert"], part
    else:
        call = call_alone(link)
        if call is not None:
            yield _RULES["call"], call


# --- By names ---------------------------------------------------------------------------------------------------------


def _is_what_it_is_called(kind: str, element: Element, page: _Page) -> bool:
    if kind in _BELOW:
        return _is_box_below(kind, element, page)
    return _BY_NAME[kind](element)


def _is_box_below(kind: str, element: Element, page: _Page) -> bool:
    """True for a box below most of the page's text that says something of its author, or of rights."""
    most = AUTHOR_WORDS.count
    if size_within(element, most) < _LONG_PARAGRAPH or not is_small(element, most):
        return False
    if kind == "licence" and not grants_rights(element):
        return False
    if sum(1 for _ in element.iter("p")) >= NEAR:
        return False
    below = sum(map(_long_paragraphs, islice(element.itersiblings(), 4 * NEAR)))
    return 2 * below < page.long_paragraphs


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
def _kind_of_label(text: str) -> str:
    """The kind of promotion that a text with this beginning announces, or ""."""
    label = in_lower_case(text)
    if is_advert_label(label):
        return "advert"
    for kind, pattern in LABELS.items():
        if pattern.match(label):
            return kind
    return ""


def _announced(kind: str, label: Element, page: _Page) -> Iterable[Element]:
    """What a label of this kind announces, with it."""
    if kind in _IN_POSTS and not page.is_post:
        return ()
    return _ANNOUNCED[kind](label) if is_small(label, PROMOTION_LABEL.count) else ()


def _author_boxes(label: Element) -> Iterator[Element]:
    """The nearest boxes that begin with the label; an image may stand before it."""
    for box in islice(label.iterancestors(), NEAR - 2):
        if box.tag not in PROMOTION_BOXES or first_text(box) != label.text:
            return
        if is_small(box, AUTHOR_WORDS.count):
            yield box


def _call_to_follow(label: Element) -> list[Element]:
    if label.tag in HEADINGS or size_within(label, FOLLOW_WORDS.count) > FOLLOW_WORDS.count:
        return []
    return [label]


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
    return [label, entries] if _leads_to_places(entries) else []


def _leads_to_places(entries: Element) -> bool:
    links = [link.get("href") or "" for link in islice(entries.iter("a"), rules.LINKS_OF_A_PAGE.count)]
    if not links or sum(1 for _ in entries.iter("li", "dt")) > len(links):
        return False
    return all("#" in link for link in links)


def _line_of_categories(label: Element) -> list[Element]:
    """The line "Filed under Ropes"."""
    for line in (label, label.getparent()):
        if line is not None and line.tag in _CATEGORY_LINES and _names_category(line):
            return [line]
    return []


def _names_category(line: Element) -> bool:
    """True where a link says that it leads to a tag or a category, and all but the label is linked."""
    links = islice(line.iter("a"), NEAR * NEAR)
    return any("tag" in relations_of(link) for link in links) and is_label_and_links(line)


# --- Kinds ------------------------------------------------------------------------------------------------------------

_RULES = {
    "advert": "advert",
    "author": "box about the author",
    "beside date": "beside the date",
    "call": "call to action",
    "contents": "list of the page's headings",
    "cookies": "cookie banner",
    "feedback": "question to the reader",
    "filed": "line of categories",
    "follow": "call to follow",
    "licence": "notice of rights",
    "related": "links to other posts",
    "share": "share links",
    "sign-up": "sign-up form",
    "way on": "links to other posts",
}
"""What explanations call the kinds."""
_ANNOUNCED: Mapping[str, Callable[[Element], Iterable[Element]]] = {
    "advert": labelled_advert,
    "author": _author_boxes,
    "contents": _list_of_headings,
    "feedback": feedback_boxes,
    "filed": _line_of_categories,
    "follow": _call_to_follow,
    "related": posts_announced_by,
    "way on": posts_announced_by,
}
"""What finds the promotion that a label of a kind announces."""
_BY_NAME = {
    "advert": is_named_advert,
    "cookies": _is_cookie_banner,
    "related": is_named_related,
    "share": is_named_share_row,
    "sign-up": is_named_sign_up,
}
"""What says whether an element with the name of a kind is a promotion of that kind."""
