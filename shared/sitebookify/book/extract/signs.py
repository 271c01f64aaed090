"""Links that stand beside titles and code and say the same whatever they lead to: "source", "edit", "run"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from lxml.etree import iterwalk

from sitebookify.book.extract import rules
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import HEADINGS, PHRASING, TITLES
from sitebookify.book.tree import Element, text_of, words_of

_KNOWN = (*HEADINGS, "pre")
_CLOSE = 3
"""Boxes around a link without letters, such as "#", that are looked at: thousands of them share the outer ones."""


def learn_signs(pages: Sequence[tuple[str, Element]]) -> frozenset[str]:
    """The texts of such links on the pages, as (base URL, document)."""
    linked = [list(_short_links(document, base)) for base, document in pages]
    likely = _in_many_ways(chain.from_iterable(linked))
    targets: dict[str, list[set[str]]] = defaultdict(list)
    for links in linked:
        beside = [(text, target) for link, text, target in links if text in likely and stands_beside(link)]
        for text, places in _places_by_text(beside).items():
            targets[text].append(places)
    return frozenset(text for text, places in targets.items() if _is_sign(places))


def _short_links(document: Element, base: str) -> Iterator[tuple[Element, str, str]]:
    """The links to other pages that say few words, with these and where they lead."""
    page = page_of(base)
    for link in document.iter("a"):
        text = words_of(link)
        target = absolute(link.get("href") or "", base) if 0 < len(text.split()) <= rules.SIGN_WORDS.threshold else ""
        if target and page_of(target) != page:
            yield link, text, target


def _in_many_ways(links: Iterable[tuple[Element, str, str]]) -> frozenset[str]:
    """The texts that lead to as many places as those of a sign must; the entries of a menu do not."""
    least = rules.SIGN_PLACES.threshold * rules.FEWEST_PAGES.threshold
    places = _places_by_text((text, target) for _, text, target in links)
    return frozenset(text for text, targets in places.items() if len(targets) >= least)


def _places_by_text(links: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for text, target in links:
        places[text].add(target)
    return places


def _is_sign(targets: Sequence[set[str]]) -> bool:
    if len(targets) < rules.FEWEST_PAGES.threshold:
        return False
    return len(set().union(*targets)) >= rules.SIGN_PLACES.threshold * len(targets)


def _around(link: Element, title: Element) -> tuple[str, str]:
    """The title's text before the link and after it, without that of other links."""
    before: list[str] = []
    after: list[str] = []
    text = before
    for event, element in iterwalk(title, events=("start", "end")):
        if element is link:
            text = after if event == "end" else text
        inside = next(element.iterancestors("a"), None) is not None
        if event == "start" and element.tag != "a" and not inside:
            text.append(element.text or "")
        elif event == "end" and element is not title and not inside:
            text.append(element.tail or "")
    return "".join(before).strip(), "".join(after).strip()


def stands_beside(link: Element) -> bool:
    """True for a link at the beginning or end of a title that is more, or beside a title or code alone in its box."""
    title = next(link.iterancestors(*TITLES), None)
    if title is not None:
        if sum(1 for _ in islice(title.iter("a"), rules.SIGN_BOX.count + 1)) > rules.SIGN_BOX.threshold:
            return False
        before, after = _around(link, title)
        return bool(before) != bool(after)
    box = _box(link)
    neighbours = [child for child in box if child.tag in _KNOWN] if box is not None else []
    if box is None or len(neighbours) != 1 or link in neighbours[0].iterdescendants():
        return False
    return _letters(box) in (_letters(neighbours[0]) + _letters(link), _letters(link) + _letters(neighbours[0]))


def _box(link: Element) -> Element | None:
    """The nearest box that says more than the link; None where it has many parts, whose text is not looked at."""
    inner, says_more = link, False
    boxes = link.iterancestors() if _has_letters(text_of(link)) else islice(link.iterancestors(), _CLOSE)
    for up in boxes:
        if next(islice(up.iterchildren(), rules.SIGN_BOX.count, None), None) is not None:  # len() counts them all
            return None
        says_more = says_more or _says_more(up, inner)
        if says_more and up.tag not in PHRASING:
            return up
        inner = up
    return None


def _says_more(box: Element, inner: Element) -> bool:
    """True where there are letters in the box outside of the element inside it."""
    if _has_letters(box.text):
        return True
    return any(_has_letters(part.tail) or (part is not inner and _has_letters(text_of(part))) for part in box)


def _has_letters(text: str | None) -> bool:
    return bool(text) and any(map(str.isalpha, text or ""))


def _letters(element: Element) -> str:
    """What is left of the text beside numbers of versions, dates and signs."""
    return "".join(filter(str.isalpha, text_of(element)))
