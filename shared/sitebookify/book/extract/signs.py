"""Links that stand beside titles and code and say the same whatever they lead to: "source", "edit", "run"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import HEADINGS, PHRASING, TITLES
from sitebookify.book.tree import Element, exceeds, text_of, words_of

_ANNOUNCED = (*HEADINGS, "pre")
"""What a sign stands beside."""
_CLOSE = 3
"""Boxes around a link without letters, such as "#", that are looked at: thousands of them share the outer ones."""


class _Link(NamedTuple):
    element: Element
    text: str
    target: str


def learn_signs(pages: Sequence[tuple[str, Element]]) -> frozenset[str]:
    """The texts of such links on the pages, as (base URL, document)."""
    pages_links = [list(_short_links(document, base)) for base, document in pages]
    least = rules.SIGN_PLACES.threshold * rules.FEWEST_PAGES.threshold
    targets = _targets(chain.from_iterable(pages_links))
    likely = {text for text, places in targets.items() if len(places) >= least}  # the entries of a menu are not
    pages_with = Counter[str]()
    signs: list[_Link] = []
    for links in pages_links:
        beside = [link for link in links if link.text in likely and stands_beside(link.element)]
        pages_with.update({link.text for link in beside})
        signs += beside
    targets = _targets(signs)
    often = [text for text, number in pages_with.items() if number >= rules.FEWEST_PAGES.threshold]
    return frozenset(text for text in often if len(targets[text]) >= rules.SIGN_PLACES.threshold * pages_with[text])


def _targets(links: Iterable[_Link]) -> dict[str, set[str]]:
    """Where the links of each text lead."""
    targets: dict[str, set[str]] = defaultdict(set)
    for link in links:
        targets[link.text].add(link.target)
    return targets


def _short_links(document: Element, base: str) -> Iterator[_Link]:
    """The links to other pages that say few words."""
    page = page_of(base)
    for link in document.iter("a"):
        text = words_of(link)
        if not text or len(text.split()) > rules.SIGN_WORDS.threshold:
            continue
        target = absolute(link.get("href", ""), base)
        if target and page_of(target) != page:
            yield _Link(link, text, target)


def _around(link: Element, title: Element) -> tuple[str, str]:
    """The title's text before the link and after it, without that of other links."""
    before: list[str] = []
    after: list[str] = []
    text = before
    walker = iterwalk(title, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element.tag == "a":
            walker.skip_subtree()
        elif event == "start":
            text.append(element.text or "")
        elif element is not title:
            text = after if element is link else text
            text.append(element.tail or "")
    return "".join(before).strip(), "".join(after).strip()


def stands_beside(link: Element) -> bool:
    """True for a link at the beginning or end of a title that is more, or beside a title or code alone in its box."""
    title = next(link.iterancestors(*TITLES), None)
    if title is not None:
        if exceeds(title.iter("a"), rules.SIGN_BOX.count):
            return False
        before, after = _around(link, title)
        return bool(before) != bool(after)
    box = _box(link)
    if box is None:
        return False
    neighbours = [child for child in box if child.tag in _ANNOUNCED]
    if len(neighbours) != 1 or link in neighbours[0].iterdescendants():
        return False
    own, neighbour = _letters(link), _letters(neighbours[0])
    return _letters(box) in (neighbour + own, own + neighbour)


def _box(link: Element) -> Element | None:
    """The nearest box that says more than the link; None where it has many parts, whose text is not looked at."""
    inner = link
    says_more = False
    boxes = link.iterancestors() if _has_letters(text_of(link)) else islice(link.iterancestors(), _CLOSE)
    for box in boxes:
        if exceeds(box.iterchildren(), rules.SIGN_BOX.count):
            return None
        says_more = says_more or _says_more(box, inner)
        if says_more and box.tag not in PHRASING:
            return box
        inner = box
    return None


def _says_more(box: Element, inner: Element) -> bool:
    """True where there are letters in the box outside of the element inside it."""
    if _has_letters(box.text) or any(_has_letters(part.tail) for part in box):
        return True
    return any(_has_letters(text_of(part)) for part in box if part is not inner)


def _has_letters(text: str | None) -> bool:
    return any(map(str.isalpha, text or ""))


def _letters(element: Element) -> str:
    """What is left of the text beside numbers of versions, dates and signs."""
    return "".join(filter(str.isalpha, text_of(element)))
