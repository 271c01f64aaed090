"""CSS selectors on a parsed page, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

import cssselect
from cssselect import parser as css
from lxml.etree import XPath

from sitebookify.book.tree import Element, holds

_TRANSLATOR = cssselect.HTMLTranslator()


@lru_cache(maxsize=4096)
def compiled(selector: str, *, itself: bool = False) -> XPath:
    """The selector as XPath for the elements below one, and for that element ``itself`` if need be.

    Raises:
        SelectorError: it is no selector.
    """
    prefix = "descendant-or-self::" if itself else "descendant::"
    return XPath(_TRANSLATOR.css_to_xpath(selector, prefix=prefix))


_classes = XPath("descendant-or-self::*/@class", smart_strings=False)
_ids = XPath("descendant-or-self::*/@id", smart_strings=False)


def _values(path: XPath, document: Element) -> list[str]:
    values: Any = path(document)
    return list(values)


@lru_cache(maxsize=256)
def _attribute(name: str) -> XPath:
    """True where an element has the attribute."""
    return XPath(f"boolean(descendant-or-self::*/@{name})")


@lru_cache(maxsize=4096)
def names_in(selector: str) -> tuple[frozenset[str], ...]:
    """What a page must have for each alternative of the selector: tags, ``.class``, ``#id`` and ``[attribute``."""
    return tuple(frozenset(_names(alternative.parsed_tree)) for alternative in cssselect.parse(selector))


def _names(tree: Any) -> Iterator[str]:
    """The names in a selector's tree; what only narrows it (``:not``, ``:has`` and the like) asks for nothing."""
    if isinstance(tree, css.Element):
        if tree.element:
            yield tree.element.lower()
    elif isinstance(tree, css.CombinedSelector):
        yield from _names(tree.selector)
        yield from _names(tree.subselector)
    else:
        if isinstance(tree, css.Class):
            yield f".{tree.class_name}"
        elif isinstance(tree, css.Hash):
            yield f"#{tree.id}"
        elif isinstance(tree, css.Attrib):
            yield f"[{tree.attrib.lower()}"
        yield from _names(tree.selector)


class Matcher:
    """Selectors on one page.

    A page has few of the classes that entries ask for. A selector with a name that the page lacks is answered without
    looking for it, so that an entry with a hundred selectors costs no more than one with ten.
    """

    def __init__(self, document: Element) -> None:
        self.document = document

    @cached_property
    def _has(self) -> dict[str, bool]:
        """Whether the page had each name, as far as it is known."""
        # Tags are those that entries themselves turn elements into; others are looked for when they are asked for.
        has = {"pre": True, "code": True, "div": True, "p": True}
        for classes in set(_values(_classes, self.document)):
            has.update({f".{name}": True for name in classes.split()})
        has.update({f"#{identifier}": True for identifier in _values(_ids, self.document)})
        return has

    def select(self, root: Element, selector: str, *, itself: bool = False) -> list[Element]:
        """The elements below ``root``, or ``root`` itself, that the selector matches, in document order."""
        if not any(all(map(self._is_on_page, names)) for names in names_in(selector)):
            return []
        matches: Any = compiled(selector, itself=itself)(root)
        return list(matches)

    def _is_on_page(self, name: str) -> bool:
        """True for a name that the page had when it was first asked for."""
        if name not in self._has:
            if name.startswith("["):
                self._has[name] = bool(_attribute(name[1:])(self.document))
            else:
                self._has[name] = not name.startswith((".", "#")) and holds(self.document, name)
        return self._has[name]

    def each(self, root: Element, selectors: Iterable[str]) -> Iterator[tuple[str, Element]]:
        """The elements below ``root`` that each selector matches, with the selector.

        What was taken out of ``root`` meanwhile is passed over.
        """
        for selector in selectors:
            for element in self.select(root, selector):
                if root in element.iterancestors():
                    yield selector, element

    def matching(self, root: Element, selectors: Iterable[str]) -> list[Element]:
        """The elements below ``root`` that any of the selectors matches, in document order."""
        groups = list(filter(None, (self.select(root, selector) for selector in selectors)))
        if len(groups) < 2:
            return list(chain.from_iterable(groups))
        matches = set(chain.from_iterable(groups))
        return [element for element in root.iter("*") if element in matches]

    def first(self, root: Element, selectors: Iterable[str], *, itself: bool = False) -> tuple[str, list[Element]]:
        """The first selector that matches anything, and what it matches; ("", []) where none does."""
        for selector in selectors:
            matches = self.select(root, selector, itself=itself)
            if matches:
                return selector, matches
        return "", []


def outermost(elements: Iterable[Element]) -> list[Element]:
    """The elements that stand in none of the others; they come in document order."""
    outer: list[Element] = []
    for element in elements:
        if not outer or outer[-1] not in element.iterancestors():
            outer.append(element)
    return outer
