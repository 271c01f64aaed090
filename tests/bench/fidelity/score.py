"""Scores between 0 and 1: how much of the truth a view holds, and how much else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean

from lxml.etree import _Element as Element

from bench.fidelity.sites import Site
from bench.fidelity.view import View, of_trees, parse, remove, select, text, words

KEPT = ("recall", "headings", "code", "language", "tables", "lists", "links", "images", "inline", "terms")
PURE = ("precision", "clean")
_LEAST = 20
"""Words of boilerplate that a page must have for its absence to count."""

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be kept, the words that may be, and those around the content that may not."""

    must: View
    may: Counter[str]
    boilerplate: Counter[str]


def truth(html: str, url: str, site: Site) -> Truth:
    """The part of the page that the site's selectors name.

    Raises:
        ValueError: they name nothing.
    """
    document = parse(html)
    title = words(" ".join(map(text, document.iter("title"))))
    remove(document, ("head", "button"))
    whole = words(text(document))
    remove(document, site.drop)
    may = words("\n".join(map(text, _roots(document, url, site)))) + title
    remove(document, site.optional)
    must = of_trees(_roots(document, url, site), url, select(document, site.layout))
    return Truth(must, may, whole - may)


def _roots(document: Element, url: str, site: Site) -> list[Element]:
    roots = select(document, site.root)
    if not roots:
        raise ValueError(f"{url} has nothing at {site.root}")
    return roots


def scored(true: Truth, have: View) -> dict[str, float]:
    """The scores of one page; what the page has none of is not scored."""
    must, extra = true.must, have.words - true.may
    scores = {
        "recall": share(must.words, have.words),
        "precision": 1 - extra.total() / have.words.total() if have.words else 0.0,
        "headings": _in_order(must.headings, have.headings),
        "code": share([code for code, _ in must.code], [code for code, _ in have.code]),
        "language": share([pair for pair in must.code if pair[1]], have.code),
        "tables": tables(must.tables, have.tables),
        "lists": share(must.items, have.items),
        "links": share(must.links, have.links),
        "images": share(must.images, have.images),
        "inline": share(must.inline, have.inline),
        "terms": _terms(must.terms, have),
    }
    if true.boilerplate.total() >= _LEAST:
        let_in = (extra & true.boilerplate).total()
        scores["clean"] = 1 - let_in / true.boilerplate.total() if have.words else 0.0
    return {name: score for name, score in scores.items() if score is not None}


def share(want: Iterable[Hashable], have: Iterable[Hashable]) -> float | None:
    """Part of the one that the other holds, counting repetitions."""
    asked = Counter(want)
    return (asked & Counter(have)).total() / asked.total() if asked else None


def _in_order(want: Sequence[str], have: Sequence[str]) -> float | None:
    blocks = SequenceMatcher(None, want, have, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(want) if want else None


def tables(want: Sequence[Counter[str]], have: Sequence[Counter[str]]) -> float | None:
    """Tables all of whose cells stand in one table."""
    return fmean(any(cells <= other for other in have) for cells in want) if want else None


def _terms(want: Sequence[tuple[str, str]], have: View) -> float | None:
    """Terms that are terms still, with the beginning of their definition."""
    return share(want, have.terms)


def average(pages: Iterable[Scores]) -> dict[str, float]:
    """The mean of each score over the pages, or sites, that have it."""
    pages = list(pages)
    found = {name: [page[name] for page in pages if name in page] for name in (*KEPT, *PURE)}
    return {name: fmean(values) for name, values in found.items() if values}


def balanced(scores: Scores) -> dict[str, float]:
    """``kept`` and ``pure``, the means of what must be kept and of what must stay out, and their harmonic mean."""
    kept = fmean(scores[name] for name in KEPT if name in scores)
    pure = fmean(scores[name] for name in PURE if name in scores)
    return {"kept": kept, "pure": pure, "balanced": 2 * kept * pure / (kept + pure) if kept + pure else 0.0}
