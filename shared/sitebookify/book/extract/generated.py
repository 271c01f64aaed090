"""The content of a page whose generator is known: root, title and chrome by the generator's entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import chain
from typing import NamedTuple

from sitebookify.book.extract import rules
from sitebookify.book.extract.canonical import canonicalise, drop_with_space
from sitebookify.book.extract.chrome import TELLING, is_no_content
from sitebookify.book.extract.clean.elements import is_marked
from sitebookify.book.extract.removal import Explanation, drop_all
from sitebookify.book.extract.words import words
from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.selectors import Matcher, outermost
from sitebookify.book.html import vocabulary
from sitebookify.book.html.visibility import is_hidden, is_marked_hidden, opens_by_a_click
from sitebookify.book.tree import Element, detach, drop, holds, is_blank, make, text_of, words_of


class Roots(NamedTuple):
    """The elements that hold a page's content, in document order, and the selector that says so."""

    selector: str
    elements: tuple[Element, ...]


def roots_of(matcher: Matcher, generator: Generator) -> Roots | None:
    """The roots that the generator's entry names; None where the page has none of them, or none that says anything."""
    for selector in generator.content.root:
        matches = outermost(matcher.select(matcher.document, selector, itself=True))
        if any(holds(match, "img") or not is_blank(text_of(match)) for match in matches):
            return Roots(selector, tuple(matches))
    return None


def heading_of(roots: Roots, matcher: Matcher, generator: Generator) -> str:
    """The page's heading: where the entry says that it stands, else the only one of the first level; or ""."""
    _, titles = matcher.first(matcher.document, generator.content.title)
    heading = _text(titles[0], matcher, generator) if titles else ""
    if heading:
        return heading
    tops = chain.from_iterable(root.iter("h1") for root in roots.elements)
    headings = [top for top in tops if words_of(top)]
    return _text(headings[0], matcher, generator) if len(headings) == 1 else ""


def _text(heading: Element, matcher: Matcher, generator: Generator) -> str:
    """The heading's text without what the entry drops."""
    copy = make("h1", heading.text)
    copy.extend(deepcopy(child) for child in heading)
    for script in [*copy.iter("script", "style")]:
        drop(script)
    box = make("div")
    box.append(copy)
    for _, element in matcher.each(box, generator.content.drop):
        drop(element)
    return words_of(copy)


def content_of(roots: Roots, matcher: Matcher, generator: Generator, explanation: Explanation) -> Element:
    """One root with the page's content, without what the entry or HTML itself says is none, in ``clean``'s marks."""
    root = _joined(roots.elements)
    apply_entry(root, matcher, generator, explanation)
    chrome = list(_chrome(root))
    if sum(map(_size, chrome)) <= (1 - rules.LEAST_LEFT.threshold) * _size(root):
        drop_all(root, (("HTML's own chrome", element) for element in chrome), explanation)
    return root


def apply_entry(root: Element, matcher: Matcher, generator: Generator, explanation: Explanation) -> None:
    """Drop from the root what the entry says is no content, and put what it knows in ``clean``'s marks."""
    for selector, element in matcher.each(root, generator.content.drop):
        explanation.drops(f"entry: {selector}", element)
        drop_with_space(element)
    canonicalise(root, matcher, generator, explanation)


def _joined(elements: Sequence[Element]) -> Element:
    """The element, or a box with all of them where there are several."""
    first, *others = elements
    if not others:
        return first
    box = make("div")
    first.addprevious(box)
    box.extend([detach(element) for element in elements])
    return box


def _size(element: Element) -> int:
    return len(words(text_of(element)))


def _chrome(root: Element) -> Iterator[Element]:
    """The outermost elements of chrome; what an entry has given a form is none."""
    stack = [*reversed(root)]
    while stack:
        element = stack.pop()
        if is_marked(element):
            stack.extend(reversed(element))
        elif _is_chrome(element):
            yield element
        elif element.tag not in vocabulary.PREFORMATTED:
            stack.extend(reversed(element))


def _is_chrome(element: Element) -> bool:
    """True for what HTML itself says is none, and for what is hidden and too short for a text that would be opened."""
    if not element.attrib and element.tag not in TELLING:
        return False
    if is_no_content(element):
        return True
    if not (is_hidden(element) or is_marked_hidden(element)) or opens_by_a_click(element):
        return False
    return _size(element) <= rules.HIDDEN_LABEL.threshold
