"""What a page puts around and into its text to be read, shared and paid for: no learning is needed to know it.

Sign-up forms, rows of share links, adverts, links to other posts, boxes about the author, cookie banners. A text can be
about each of these, so no single sign is enough: a name (class or id) counts with what the element holds, a label with
the links that it announces, a link's target with how little is said beside it. What holds the page's heading, code or
more than a few sentences is never taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.adverts import is_named_advert, labelled_advert, sponsored_box
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
    CARD_WORDS,
    FOLLOW_WORDS,
    LABEL_OF_POSTS,
    PROMOTION_LABEL,
    PROMOTION_WORDS,
)
from sitebookify.book.extract.promotion_signs import (
    LABELLING,
    LABELS,
    NEAR,
    PROMOTION_BOXES,
    grants_rights,
    is_advert_label,
    is_share_target,
    is_small,
    kind_by_name,
    linked_words,
    size_within,
)
from sitebookify.book.extract.remnants import drop_with_remnants, first_heading
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import HEADINGS, ITEMS
from sitebookify.book.tree import Element, words_of

_NAMED = PROMOTION_BOXES | {"ins", "p", "ul"}
"""Elements whose class or id can name a promotion."""
_OF_LINES = frozenset(("a", "span", "div", "p", "li", "small", "em", "i", "button"))
"""Elements that can say a post's reading time and the like."""
_BESIDE_DATE = "beside the date"
_BELOW = ("author", "licence")
"""Kinds that stand below the text."""
_LOOKED_AT = ("a", "form", *dict.fromkeys((*LABELLING, *_NAMED)))
_ICONS = frozenset(("i", "span", "svg", "img", "em"))
_BARE = "contents"
"""A label that authors write as well as themes."""
_LONG_PARAGRAPH = 8
"""Words of a paragraph by which the place of an author's box is known."""
_LONGEST_LABEL = 80
"""Characters of a text that are looked at for a label."""


def drop_promotions(document: Element, explanation: Explanation | None = None) -> None:
    """Remove the promotions of the page.

    Nothing is removed where they hold most of what the page says, unless it is a post, which may be short.
    """
    promotions = _outermost(_promotions(document))
    size = amount(words_of(document)) if promotions else 0
    total = sum(amount(words_of(element)) for element in promotions)
    if total > rules.LEAST_LEFT.threshold * size and not _is_short_post(document, promotions.keys()):
        return
    first = first_heading(document)
    for element, rule in promotions.items():
        if explanation is not None:
            explanation.drops(rule, element)
        if rule == _BESIDE_DATE:
            drop_from_line(element)
        else:
            drop_with_remnants(element, first, explanation)


def _outermost(promotions: Iterator[tuple[str, Element]]) -> dict[Element, str]:
    rules_by_element = {element: rule for rule, element in promotions}
    return {
        element: rule
        for element, rule in rules_by_element.items()
        if rules_by_element.keys().isdisjoint(element.iterancestors())
    }


def _is_short_post(document: Element, promotions: AbstractSet[Element]) -> bool:
    """True for a post that says something beside the promotions."""
    if not _is_post(document):
        return False
    paragraphs = (each for each in document.iter("p") if size_within(each, _LONG_PARAGRAPH) >= _LONG_PARAGRAPH)
    return any(promotions.isdisjoint(each.iterancestors()) for each in paragraphs if each not in promotions)


def _promotions(document: Element) -> Iterator[tuple[str, Element]]:
    body = document.find("body")
    if body is None:
        return
    post = _is_post(document)
    if post:
        yield from _beside_date(body)
    paragraphs: list[Element] = []
    for element in body.iter(*_LOOKED_AT):
        tag = element.tag
        if tag == "a":
            yield from _paid_or_shared(element)
        elif tag == "form":
            yield from (("sign-up form", part) for part in sign_up_form(element))
        elif tag in LABELLING and (label := _first_text(element)) and (kind := _kind_of_label(label)):
            yield from _announced(kind, element, post=post)
        if tag in _NAMED and (kind := kind_by_name(element)):
            if kind in _BELOW:
                paragraphs = paragraphs or _long_paragraphs(body)
            if _is_what_it_is_called(kind, element, paragraphs):
                yield _RULES[kind], element


def _is_what_it_is_called(kind: str, element: Element, paragraphs: Sequence[Element]) -> bool:
    if kind in _BELOW:
        return _is_box_below(kind, element, paragraphs)
    return _BY_NAME[kind](element)


def _beside_date(body: Element) -> Iterator[tuple[str, Element]]:
    for element in body.iter(*_OF_LINES):
        if len(element) < NEAR and is_beside_date(element):
            yield _BESIDE_DATE, element


def _paid_or_shared(link: Element) -> Iterator[tuple[str, Element]]:
    if is_share_target(link):
        yield from (("share links", part) for part in share_row(link))
    elif "sponsored" in (link.get("rel") or ""):
        yield from (("advert", part) for part in sponsored_box(link))
    elif (call := call_alone(link)) is not None:
        yield "call to action", call


def _first_text(element: Element) -> str:
    """What the element begins with, also where an icon stands before it."""
    if element.text and not element.text.isspace():
        return element.text[:_LONGEST_LABEL]
    if not len(element) or len(element[0]) or element[0].text or element[0].tag not in _ICONS:
        return ""
    return (element[0].tail or "")[:_LONGEST_LABEL]


@lru_cache(maxsize=4096)
def _kind_of_label(text: str) -> str:
    """What a text that begins so announces: an advert, other posts, these in a post, the author; or ""."""
    label = " ".join(text.lower().split())
    if is_advert_label(label):
        return "advert"
    for kind, pattern in LABELS.items():
        if pattern.match(label):
            return kind
    return ""


def _announced(kind: str, label: Element, *, post: bool) -> Iterator[tuple[str, Element]]:
    """What a label of this kind announces."""
    if label.getparent() is None or not is_small(label, PROMOTION_LABEL.count):
        return
    if kind in _ANNOUNCED:
        yield from ((_RULES[kind], part) for part in _ANNOUNCED[kind](label))
    elif kind == "follow":
        if post and label.tag not in HEADINGS and size_within(label, FOLLOW_WORDS.count) <= FOLLOW_WORDS.count:
            yield _RULES[kind], label
    elif kind == "related" or post:
        yield from ((_RULES["related"], part) for part in _posts_announced_by(label))


def _adverts_announced_by(label: Element) -> Iterator[Element]:
    apart = next(label.iterancestors(*ITEMS, "td", "th", "a"), None) is None
    if label.tag not in HEADINGS and apart and is_advert_label(words_of(label)):
        yield from labelled_advert(label)


def _author_boxes(label: Element) -> Iterator[Element]:
    return (box for box in _boxes_opened_by(label) if is_small(box, AUTHOR_WORDS.count))


def _list_of_headings(label: Element) -> list[Element]:
    """The label and the list after it, where all its entries lead to places of a page, or where it is empty yet."""
    around = label.getparent()
    if around is not None and around.tag == "summary" and words_of(around) == words_of(label):
        label = around
    following = label.getnext()
    if following is None or following.tag not in ("ul", "ol", "dl", "nav", "div"):
        return []
    if not words_of(following) and next(following.iter("img", "svg", "iframe"), None) is None:
        return [label, following]  # a script fills it
    if (label.text or "").strip(" :\n").lower() == _BARE:
        return []  # an author's own list, as in a README
    links = [link.get("href") or "" for link in islice(following.iter("a"), rules.LINKS_OF_A_PAGE.count)]
    entries = sum(1 for _ in following.iter("li", "dt"))
    listed = bool(links) and entries <= len(links) and all("#" in link for link in links)
    return [label, following] if listed else []


def _line_of_categories(label: Element) -> Iterator[Element]:
    """The line "Filed under Ropes" with a link that says that it leads to a tag or a category."""
    for line in (label, label.getparent()):
        if line is None or line.tag not in ("p", "div", "span", "footer", "ul", "section"):
            continue
        relations = [link.get("rel") or "" for link in islice(line.iter("a"), NEAR * NEAR)]
        if any("tag" in relation.split() for relation in relations) and _is_label_and_links(line):
            yield line
            return


def _boxes_opened_by(label: Element) -> Iterator[Element]:
    """The nearest boxes that begin with the label; an image may stand before it."""
    for box in islice(label.iterancestors(), NEAR - 2):
        if box.tag not in PROMOTION_BOXES or box.tag == "article" or not _first_words_in(box, label):
            return
        yield box


def _first_words_in(box: Element, label: Element) -> bool:
    first = next((str(text) for text in box.itertext() if not str(text).isspace()), "")
    return first == label.text


def _posts_announced_by(label: Element) -> Iterator[Element]:
    """The line that is a label and links, or the box or list of links that the label opens."""
    around = label.getparent()
    if around is not None and around.tag in HEADINGS and words_of(around) == words_of(label):
        label = around
    if _is_label_and_links(label):
        around = label.getparent()
        while around is not None and around.tag != "body" and words_of(around) == words_of(label):
            label, around = around, around.getparent()
        yield label
        return
    box = label.getparent()
    whole = (
        box is not None and box.tag in (*PROMOTION_BOXES, "p") and box.tag != "article" and _first_words_in(box, label)
    )
    if box is not None and whole and _lists_posts(box, label):
        yield box
        return
    following = label.getnext()
    if following is None or following.tag not in ("ul", "ol", "div", "section"):
        return
    if _lists_posts(following, None) or _is_list_of_links(following):
        yield label
        yield following


def _is_list_of_links(element: Element) -> bool:
    """True for a list, however long, whose items are a link each: the posts of a series."""
    if element.tag not in ("ul", "ol"):
        return False
    items = list(islice(element, rules.LINKS_OF_A_PAGE.count))
    return len(items) > 1 and all(item.tag == "li" and _is_a_link(item) for item in items)


def _is_a_link(item: Element) -> bool:
    link = next(item.iter("a"), None)
    return link is not None and bool(link.get("href")) and words_of(link) == words_of(item)


def _is_label_and_links(line: Element) -> bool:
    """True for "Read next: The old pilot", where all but the label is linked."""
    linked = linked_words(line)
    return bool(linked) and size_within(line, PROMOTION_LABEL.count) - linked <= LABEL_OF_POSTS.count


def _lists_posts(box: Element, label: Element | None) -> bool:
    """True where links are most of what the box says beside its label, or its headings are links.

    Cards that are links as a whole may say more than teasers.
    """
    if not is_small(box, PROMOTION_WORDS.count):
        return _is_list_of_cards(box, label)
    headings = [heading for heading in box.iter(*HEADINGS) if heading is not label]
    if headings and all(next(heading.iter("a"), None) is not None or _is_in_link(heading) for heading in headings):
        return True
    words = size_within(box, PROMOTION_WORDS.count) - (0 if label is None else amount(words_of(label)))
    linked = linked_words(box)
    return not headings and linked > 0 and linked >= rules.MOSTLY.threshold * words


def _is_list_of_cards(box: Element, label: Element | None) -> bool:
    """True for titles and excerpts of other posts, each of them one link."""
    if not is_small(box, CARD_WORDS.count):
        return False
    links = (link for link in box.iter("a") if link.get("href"))
    cards = [link for link in links if size_within(link, LABEL_OF_POSTS.count) > LABEL_OF_POSTS.count]
    beside = size_within(box, CARD_WORDS.count) - sum(amount(words_of(card)) for card in cards)
    return len(cards) > 1 and beside <= LABEL_OF_POSTS.count + (0 if label is None else amount(words_of(label)))


def _is_in_link(element: Element) -> bool:
    return next(element.iterancestors("a"), None) is not None


def _is_named_related(element: Element) -> bool:
    """True for a box of that name with a short title at most, and then links."""
    if element.tag == "p":
        return _is_label_and_links(element)
    title = next(element.iter(*HEADINGS[1:], "strong", "p", "span"), None)
    short = title is not None and size_within(title, PROMOTION_LABEL.count) <= LABEL_OF_POSTS.count
    short = short and title is not None and title.find(".//a") is None and not _is_in_link(title)
    return _lists_posts(element, title if short else None)


def _long_paragraphs(body: Element) -> list[Element]:
    most = _LONG_PARAGRAPH
    return [paragraph for paragraph in body.iter("p") if size_within(paragraph, most) >= most]


def _is_box_below(kind: str, element: Element, paragraphs: Sequence[Element]) -> bool:
    """True for a box of that name below most of the page's text that says something of its author, or of rights."""
    size = size_within(element, AUTHOR_WORDS.count)
    if not _LONG_PARAGRAPH <= size <= AUTHOR_WORDS.count or not is_small(element, AUTHOR_WORDS.count):
        return False
    if kind == "licence" and not grants_rights(element):
        return False
    inside = sum(1 for _ in element.iter("p"))
    after = 0
    for following in islice(element.itersiblings(), 4 * NEAR):
        after += sum(size_within(text, _LONG_PARAGRAPH) >= _LONG_PARAGRAPH for text in following.iter("p"))
    return inside < NEAR and 2 * after < len(paragraphs)


def _is_cookie_banner(element: Element) -> bool:
    if not is_small(element, PROMOTION_WORDS.count):
        return False
    words = words_of(element).lower()
    answered = next(element.iter("button", "a", "input"), None) is not None
    return answered or "cookie" in words


_RULES = {
    "advert": "advert",
    "contents": "list of the page's headings",
    "filed": "line of categories",
    "author": "box about the author",
    "licence": "notice of rights",
    "share": "share links",
    "feedback": "question to the reader",
    "follow": "call to follow",
    "related": "links to other posts",
    "cookies": "cookie banner",
    "sign-up": "sign-up form",
}
_ANNOUNCED: Mapping[str, Callable[[Element], Iterable[Element]]] = {
    "advert": _adverts_announced_by,
    "author": _author_boxes,
    "contents": _list_of_headings,
    "feedback": feedback_boxes,
    "filed": _line_of_categories,
}
_BY_NAME = {
    "advert": is_named_advert,
    "share": is_named_share_row,
    "related": _is_named_related,
    "cookies": _is_cookie_banner,
    "sign-up": is_named_sign_up,
}


def _is_post(document: Element) -> bool:
    """True for a page that says when it was published."""
    for meta in document.iter("meta"):
        if (meta.get("property") or meta.get("itemprop") or "") in ("article:published_time", "datePublished"):
            return True
    body = document.find("body")
    times = body.iter("time") if body is not None else iter(())
    return any(time.get("datetime") for time in islice(times, 2))
