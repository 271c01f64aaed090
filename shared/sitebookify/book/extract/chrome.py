"""What HTML itself says is no content: navigation, banners, search, forms, discussions."""

from __future__ import annotations

import re

from sitebookify.book.extract.hyperlinks import access_key
from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.words import word_count
from sitebookify.book.html.vocabulary import SECTIONS
from sitebookify.book.tree import Element, classes_of, holds, relations_of, words_of

_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tooltip")
)
_TAGS = {"nav", "dialog"}
"""Elements that say so themselves, as the roles above do of others."""
TELLING = _TAGS | {"form", "menu", "header", "footer"}
"""Elements that can be chrome without an attribute."""
_WITH_HEADERS = SECTIONS | {"main", "blockquote", "figure"}
"""Elements whose headers and footers are their own, not the page's."""
_ANSWERS = {"radio", "checkbox"}
_WORKING = {"button", "hidden", "image", "reset", "submit"}
"""Kinds of fields that ask for nothing."""
_LEAST_PROSE = 20
"""Words outside its labels that make a form without fields a box of text."""
_NEXT = {"next", "prev", "previous"}
_NEIGHBOURS = _NEXT | {"up", "contents", "index", "start", "first", "last", "home", "top"}
_NEXT_KEYS = {"n", "p"}
_KEYS = _NEXT_KEYS | {"u", "h"}
"""Access keys of DocBook's navigation: next, previous, up, home."""

_DISCUSSION = re.compile(
    r"#?(?:[a-z]+(?:-[a-z]+){0,2}-)?(?:comments|comment-?(?:list|area|section|thread))|#?disqus_thread|comments-[a-z]+"
)
_CONTRIBUTION = re.compile(r"comment|comment-[a-z]+")
_CONTRIBUTIONS = ("div", "li", "article", "section", "details")
"""Boxes that can hold one contribution; a form called comment is there to write one."""


def is_chrome(element: Element) -> bool:
    """True for an element whose tag or role says that it is no content."""
    if element.tag == "nav" and _switches(element):
        return False
    if element.tag in _TAGS or element.get("role", "").lower() in _ROLES:
        return True
    if element.tag == "form":
        return not _says_something(element)
    if element.tag == "menu":
        return not _lists_text(element)
    if element.tag in ("header", "footer"):
        return not any(up.tag in _WITH_HEADERS for up in element.iterancestors())
    return False


def _switches(nav: Element) -> bool:
    """True for labels of radio buttons, and nothing else: they are tabs of the content below."""
    labels = [child for child in nav if child.tag == "label"]
    others = [child for child in nav if child.tag not in ("label", "input")]
    return len(labels) > 1 and not others and all(label.get("for") for label in labels)


def _says_something(form: Element) -> bool:
    """True for the questions of a quiz, and for a form around text that asks for nothing."""
    kinds = {(field.get("type") or "text").lower() for field in form.iter("input")}
    asked = kinds - _WORKING
    if not asked <= _ANSWERS or holds(form, "select"):
        return False
    if any(field.get("readonly") is None for field in form.iter("textarea")):
        return False
    texts = list(form.iter("p", "pre", "legend", "textarea", "blockquote"))
    if asked:
        return bool(texts)
    return sum(map(word_count, texts)) >= _LEAST_PROSE


def _lists_text(menu: Element) -> bool:
    """True for a list of what there is to choose from, as in an inn; a list of commands holds buttons or links."""
    items = [*menu.iterchildren("li")]
    texts = [item for item in items if not holds(item, "a", "button", "input") and words_of(item)]
    return 2 * len(texts) > len(items)


def is_discussion(element: Element) -> bool:
    """True for a box that is called comments and holds boxes called comment; a section on comments holds none."""
    if not any(map(_DISCUSSION.fullmatch, tokens_of(element))):
        return False
    return any(any(map(_CONTRIBUTION.fullmatch, classes_of(box))) for box in element.iter(*_CONTRIBUTIONS))


def is_no_content(element: Element) -> bool:
    """True for chrome and for discussions."""
    return is_chrome(element) or is_discussion(element)


def is_way_on(link: Element) -> bool:
    """True for a link that says that it leads to a neighbour of the page, or to its place in the whole."""
    return not relations_of(link).isdisjoint(_NEIGHBOURS) or access_key(link) in _KEYS


def is_next_or_previous(link: Element) -> bool:
    """True for a link that says that it leads to the page's next or previous one."""
    return not relations_of(link).isdisjoint(_NEXT) or access_key(link) in _NEXT_KEYS
