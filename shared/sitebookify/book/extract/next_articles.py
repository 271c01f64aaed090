"""Articles of other pages that a page has loaded below its own, for readers who scroll on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from sitebookify.book.extract.outline import stated_title, tokens_of
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.words import words
from sitebookify.book.html.vocabulary import BOXES
from sitebookify.book.tree import Element, holds, words_of

_MOST = 20
"""Headings that are looked at: a page loads a few articles, and a manual on one page has a hundred chapters."""
_DEEPEST = 40
_ADDRESSES = ("data-url", "data-href", "data-permalink", "data-path", "data-canonical", "data-article-url", "itemid")

_Form = tuple[str, frozenset[str]]
"""Tag and classes: pages give the article that they load the form of their own."""


def drop_next_articles(document: Element, explanation: Explanation) -> None:
    """Remove the articles whose headings the page's title does not name, beside one that it does."""
    headings = [heading for heading in islice(document.iter("h1"), _MOST) if words_of(heading)]
    title = set(words(stated_title(document)))
    named = [heading for heading in headings if title.issuperset(words(words_of(heading)))]
    if not named:
        return
    around = list(islice(named[0].iterancestors(), _DEEPEST))
    own_boxes = {_form_of(box): box for box in around if box.tag in BOXES}
    following = headings[headings.index(named[0]) :]
    articles = [_article_of(heading, around, own_boxes) for heading in following if heading not in named]
    for article in articles:
        if article is not None:
            explanation.drop("article of another page", article)


def _article_of(heading: Element, around: Sequence[Element], own_boxes: Mapping[_Form, Element]) -> Element | None:
    """The largest box around the heading, but not the page's own heading, that is an article of another page."""
    article = None
    for box in islice(heading.iterancestors(), _DEEPEST):
        if box in around:
            break
        own = _own_box_like(box, own_boxes)
        if own is not None and (_is_article_of_another_page(box) or _has_other_number(box, own)):
            article = box
    return article


def _form_of(box: Element) -> _Form:
    classes = frozenset(name for name in tokens_of(box) if not name.startswith("#"))
    return str(box.tag), classes


def _own_box_like(box: Element, own_boxes: Mapping[_Form, Element]) -> Element | None:
    """The box of the page's own article whose form this one has; a further class may say that it is the next."""
    tag, classes = _form_of(box)
    if (tag, classes) in own_boxes:
        return own_boxes[tag, classes]
    for (own_tag, own_classes), own in own_boxes.items():
        if own_tag == tag and own_classes and own_classes < classes:
            return own
    return None


def _has_other_number(box: Element, own: Element) -> bool:
    """True for an article that has another number than the page's own."""
    if box.tag != "article":
        return False
    names = map(str, own.attrib)
    numbers = [name for name in names if name.startswith("data-") and name.endswith("id")]
    return any(box.get(name, own.get(name)) != own.get(name) for name in numbers)


def _is_article_of_another_page(box: Element) -> bool:
    """True for an article with an address, or a date, of its own; a section of a text has neither."""
    if box.tag != "article" and "Article" not in box.get("itemtype", ""):
        return False
    return any(box.get(name) for name in _ADDRESSES) or holds(box, "time")
