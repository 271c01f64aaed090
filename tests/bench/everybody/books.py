"""An EPUB judged by what its pages should be: the same functions read every program's book."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from bench.fidelity.score import Truth, share, tables
from bench.fidelity.view import View, of_trees, parse
from bench.reading_order import tau

_CONTAINER = "META-INF/container.xml"


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1; ``titles`` of the ``wanted`` pages' are in the book, in an order of this tau."""

    balanced: float
    kept: float
    pure: float
    titles: int
    wanted: int
    order: float | None


def judged(book: Path, truths: Sequence[Truth], titles: Sequence[tuple[str, str]]) -> Scores:
    """The book's scores; ``titles`` are the first two headings of pages, in the site's order."""
    have = whole([of_trees([document], "") for document in documents(book)])
    must = whole([truth.must for truth in truths])
    may = total(truth.may for truth in truths)
    boilerplate = total(truth.boilerplate for truth in truths)
    kept = [
        share(must.words, have.words),
        share(must.headings, have.headings),
        share([code for code, _ in must.code], [code for code, _ in have.code]),
        tables(must.tables, have.tables),
        share(must.items, have.items),
        share(must.inline, have.inline),
    ]
    extra = have.words - may
    pure = [1 - extra.total() / max(1, have.words.total())]
    if boilerplate:
        pure.append(1 - (extra & boilerplate).total() / boilerplate.total())
    places = _places(have.headings)
    found = [place for title in titles if (place := places.get(title, places.get((title[0], "")))) is not None]
    order = tau(found, sorted(found)) if len(found) > 1 else None
    return _scores([score for score in kept if score is not None], pure, (len(found), len(titles)), order)


def _places(headings: Sequence[str]) -> dict[tuple[str, str], int]:
    """Where a heading that another follows stands; with "" for the other, where it stands first.

    A list of pages may name a title before the page does, and there the page's next heading does not follow.
    """
    places: dict[tuple[str, str], int] = {}
    for place, pair in enumerate(zip(headings, [*headings[1:], ""], strict=True)):
        places.setdefault(pair, place)
        places.setdefault((pair[0], ""), place)
    return places


def _scores(kept: Sequence[float], pure: Sequence[float], titles: tuple[int, int], order: float | None) -> Scores:
    one, other = fmean(kept), fmean(pure)
    return Scores(2 * one * other / (one + other) if one + other else 0.0, one, other, *titles, order)


def total(counters: Iterator[Counter[str]]) -> Counter[str]:
    """Their sum, without a new counter for each."""
    words: Counter[str] = Counter()
    for counter in counters:
        words.update(counter)
    return words


def whole(views: Sequence[View]) -> View:
    """The views one after the other; links and images, whose addresses each book changes, are left out."""
    return View(
        words=total(view.words for view in views),
        headings=[heading for view in views for heading in view.headings],
        code=[code for view in views for code in view.code],
        tables=[cells for view in views for cells in view.tables],
        items=[item for view in views for item in view.items],
        links=[],
        images=[],
        inline=[code for view in views for code in view.inline],
        terms=[],
    )


def documents(book: Path) -> Iterator[Element]:
    """The EPUB's documents in the order of its spine, without its navigation."""
    with zipfile.ZipFile(book) as archive:
        container = etree.fromstring(archive.read(_CONTAINER))
        package = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
        opf = etree.fromstring(archive.read(str(package)))
        items = {str(item.get("id")): item for item in opf.iter("{*}item")}
        for reference in opf.iter("{*}itemref"):
            item = items[str(reference.get("idref"))]
            if "nav" in (item.get("properties") or "").split():
                continue
            name = posixpath.join(posixpath.dirname(str(package)), unquote(str(item.get("href"))))
            yield _document(archive.read(name))


def _document(xhtml: bytes) -> Element:
    """XHTML read as such, where an empty element ends itself, and then as the HTML that it means."""
    root = etree.fromstring(xhtml, etree.XMLParser(recover=True, huge_tree=True))
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    etree.cleanup_namespaces(root)
    return parse(etree.tostring(root, method="html", encoding="unicode"))
