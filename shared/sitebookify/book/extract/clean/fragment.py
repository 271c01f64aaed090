"""The way of a content root to clean HTML, one kind of thing after another."""

from __future__ import annotations

from collections.abc import Collection

from sitebookify.book.extract.clean import (
    admonitions,
    code,
    folds,
    footnotes,
    headings,
    inline,
    links,
    lists,
    maths,
    media,
    paragraphs,
    tables,
    tabs,
    unseen,
)
from sitebookify.book.extract.clean.marks import settle
from sitebookify.book.html.vocabulary import SILENT
from sitebookify.book.tree import Element, drop, elements, make, replace

_TO_DO, _DONE = "\u2610 ", "\u2611 "


def clean(
    root: Element, base: str, title: str, *, typeset: bool = False, signs: Collection[str] = ()
) -> dict[str, str]:
    """Give everything under ``root`` its one form, see ``document.build``; it begins with its only ``h1`` then.

    The answer are the pictures that stood in the page itself: ``data:`` URIs by the sources that the tree names.

    Args:
        root: the content, without furniture.
        base: URL that its links are relative to.
        title: the page's heading, for content that does not begin with it.
        typeset: whether scripts of the page would typeset TeX in its text (`maths.is_typeset`).
        signs: texts of the site's links to other places than content, beside titles and code (`signs.learn_signs`).
    """
    maths.normalise(root, typeset=typeset)
    tabs.normalise(root)
    embedded = media.normalise(root, base)
    _silence(root)
    unseen.normalise(root)
    code.normalise(root)
    links.normalise(root, base, signs)
    folds.normalise(root)
    lists.normalise(root)
    tables.normalise(root)
    headings.normalise(root, title)
    footnotes.normalise(root, base)
    admonitions.normalise(root)
    inline.normalise(root)
    paragraphs.normalise(root)
    settle(root)
    return embedded


def _silence(root: Element) -> None:
    """Drop what a page does rather than says; the boxes of a list of tasks become signs."""
    for element in elements(root)[1:]:
        if element.tag not in SILENT:
            continue
        task = (element.get("type") or "").lower() == "checkbox" and next(element.iterancestors("li"), None) is not None
        if element.tag == "input" and task:
            replace(element, make("span", _DONE if element.get("checked") is not None else _TO_DO))
        else:
            drop(element)
