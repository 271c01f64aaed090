"""Learning a site's profile from a sample of its pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import learn_bars
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.notices import learn_shared, learn_templated, least_pages
from sitebookify.book.extract.outline import Block, outline, tokens_of
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import ROOTS, Balance, balances, confirmed_by_trafilatura
from sitebookify.book.extract.signs import learn_signs
from sitebookify.book.extract.titles import learn_affixes, title_words
from sitebookify.book.tree import Element, elements, words_of

T = TypeVar("T")
_DEEPER = 1e-6
"""What decides between blocks that hold the same: the inner one."""


def sample(pages: Sequence[T], most: int = rules.SAMPLE.count) -> list[T]:
    """At most ``most`` of the pages, spread evenly."""
    if len(pages) <= most:
        return list(pages)
    return [pages[i * len(pages) // most] for i in range(most)]


def learn(pages: Sequence[tuple[str, Element]], *, confirm: bool = True) -> Profile:
    """The profile of the site that the pages, as (base URL, document), are from.

    Where ``confirm`` is false trafilatura, which takes half of the time, is not asked what it takes for content.
    """
    if len(pages) < rules.FEWEST_PAGES.count:
        return Profile()
    vocabulary = _vocabulary([document for _, document in pages])
    outlines = [outline(body_of(document), vocabulary) for _, document in pages]
    titles = [title_words(document) for _, document in pages]
    shared = learn_shared(outlines, titles)
    bars = learn_bars(outlines, [base for base, _ in pages])
    templated = learn_templated(outlines, titles)
    return Profile(
        vocabulary=vocabulary,
        shared=shared,
        bars=bars,
        templated=templated,
        roots=_roots(pages, outlines, bars | templated, shared, confirm=confirm),
        affixes=learn_affixes([words_of(title) for _, document in pages for title in _title(document)]),
        signs=learn_signs(pages),
    )


def _title(document: Element) -> list[Element]:
    return list(document.iter("title"))[:1]


def _vocabulary(documents: Sequence[Element]) -> frozenset[str]:
    """Classes and ids that many pages use."""
    pages_with = Counter[str]()
    for document in documents:
        pages_with.update({token for element in elements(document) for token in tokens_of(element)})
    least = least_pages(rules.IN_USE.threshold, len(documents))
    return frozenset(token for token, number in pages_with.items() if number >= least)


def _roots(
    pages: Sequence[tuple[str, Element]],
    outlines: Sequence[Block],
    void: frozenset[int],
    shared: frozenset[int],
    *,
    confirm: bool,
) -> tuple[int, ...]:
    """Paths of content roots, the commonest template's first."""
    every: list[Worths] = []
    for (_, document), page in zip(pages, outlines, strict=True):
        confirmed = confirmed_by_trafilatura(document, page.size) if confirm else None
        balance = balances(page, void, shared, confirmed, title_words(document))
        if balance[page].gain > 0:
            every.append(_worths(page, balance))
    least = len(every) * rules.TEMPLATE_SHARE.threshold
    roots: list[int] = []
    rest = every
    while rest and len(roots) < rules.MOST_ROOTS.count:
        root = _best_root(rest)
        others = [worths for worths in rest if worths.get(root, 0.0) < rules.USUAL.threshold]
        if len(rest) - len(others) < least:
            break
        roots.append(root)
        rest = others
    narrower = _narrower_roots(every, roots)
    return (*roots, *narrower[: rules.MOST_ROOTS.count - len(roots)])


Worths = dict[int, float]
"""What each path is worth as a root of a page: 1 for all that is the page's own and nothing else."""


def _worths(page: Block, balance: dict[Block, Balance]) -> Worths:
    worths: Worths = {}
    depths: dict[Block, int] = {}
    for block in page.walk():
        depths[block] = depths[block.parent] + 1 if block.parent else 0
        if block in balance and block.element.tag in ROOTS:
            worth = balance[block].value / balance[page].gain + _DEEPER * depths[block]
            worths[block.path] = max(worths.get(block.path, -1.0), worth)
    return worths


def _best_root(pages: Sequence[Worths]) -> int:
    total: defaultdict[int, float] = defaultdict(float)
    for worths in pages:
        for path, worth in worths.items():
            total[path] += worth
    return max(total, key=lambda path: (total[path], path))


def _narrower_roots(pages: Sequence[Worths], roots: Sequence[int]) -> list[int]:
    """What is a better root than these on pages of one kind, which share their outer boxes with all others."""
    pages_with = Counter[int]()
    for worths in pages:
        best = _best_root([worths])
        known = max((worths.get(root, -1.0) for root in roots), default=1.0)
        if worths[best] > known + rules.BETTER.threshold:
            pages_with[best] += 1
    common = [path for path, number in pages_with.items() if number >= rules.FEWEST_PAGES.count]
    return sorted(common, key=lambda path: (-pages_with[path], path))
