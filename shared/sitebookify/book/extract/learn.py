"""Learning a site's profile from a sample of its pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import learn_bars
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.logos import learn_pictures
from sitebookify.book.extract.notices import learn_shared, learn_templated, learn_valued, lines_of
from sitebookify.book.extract.outline import Block, OutlinedPage, outline, tokens_of
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.repetition import repeated
from sitebookify.book.extract.root import ROOTS, Balance, balances, confirmed_by_trafilatura
from sitebookify.book.extract.signs import learn_signs
from sitebookify.book.extract.templates import templates_of
from sitebookify.book.extract.titles import learn_affixes, learn_name, stated_title, title_words
from sitebookify.book.tree import Element

_DEEPER = 1e-6
"""What decides between blocks that hold the same: the inner one."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Pages of one site, outlined with the names that many of them use."""

    vocabulary: frozenset[str]
    pages: Sequence[OutlinedPage]

    @classmethod
    def of(cls, pages: Sequence[tuple[str, Element]]) -> Sample:
        """The pages, as (base URL, document), in the form that `body.box_lines` gives them."""
        vocabulary = _vocabulary([document for _, document in pages])
        outlined = [
            OutlinedPage(base, document, outline(body_of(document), vocabulary), title_words(document))
            for base, document in pages
        ]
        return cls(vocabulary, outlined)


def learn(pages: Sequence[tuple[str, Element]]) -> Profile:
    """The profile of the site that the pages, as (base URL, document), are from."""
    if len(pages) < rules.FEWEST_PAGES.count:
        return Profile()
    return with_names(learn_template(Sample.of(pages), confirm=True), pages)


def learn_template(sample: Sample, *, confirm: bool) -> Profile:
    """What the pages' outlines have in common.

    Where ``confirm`` is false trafilatura, which takes half of the time, is not asked what it takes for content.
    """
    pages = sample.pages
    if len(pages) < rules.FEWEST_PAGES.count:
        return Profile()
    templates = [group for group in templates_of(pages) if len(group) < len(pages)]
    groups = [pages, *templates]
    lines = lines_of(groups)
    shared = learn_shared(groups, lines)
    bars = learn_bars(groups) - learn_valued(lines)
    templated = learn_templated(lines)
    worths = _worths_of_paths(pages, void=bars | templated, shared=shared, confirm=confirm)
    return Profile(
        vocabulary=sample.vocabulary, shared=shared, bars=bars, templated=templated, roots=_learn_roots(worths)
    )


def with_names(profile: Profile, pages: Sequence[tuple[str, Element]]) -> Profile:
    """The profile with what the pages, as (base URL, document), put beside titles and text: name, signs, logos."""
    titles = list(filter(None, (stated_title(document) for _, document in pages)))
    return replace(
        profile,
        affixes=learn_affixes(titles),
        name=learn_name(titles),
        signs=learn_signs(pages),
        pictures=learn_pictures(pages),
    )


def _vocabulary(documents: Sequence[Element]) -> frozenset[str]:
    """Classes and ids that many pages use."""
    return repeated(map(_tokens_in, documents), rules.IN_USE)


def _tokens_in(document: Element) -> set[str]:
    tokens: set[str] = set()
    for element in document.iter("*"):
        tokens.update(tokens_of(element))
    return tokens


Worths = dict[int, float]
"""What each path is worth as a root of a page: 1 for all that is the page's own and nothing else."""


def _worths_of_paths(
    pages: Sequence[OutlinedPage], *, void: frozenset[int], shared: frozenset[int], confirm: bool
) -> list[Worths]:
    """For each page that has words of its own."""
    pages_worths: list[Worths] = []
    for page in pages:
        body = page.outline
        confirmed = confirmed_by_trafilatura(page.document, body.size) if confirm else None
        balance = balances(body, void, shared, confirmed, page.title)
        if balance[body].gain > 0:
            pages_worths.append(_worths(body, balance))
    return pages_worths


def _worths(page: Block, balance: dict[Block, Balance]) -> Worths:
    worths: Worths = {}
    depths: dict[Block, int] = {}
    for block in page.walk():
        depths[block] = depths[block.parent] + 1 if block.parent else 0
        if block in balance and block.tag in ROOTS:
            worth = balance[block].value / balance[page].gain + _DEEPER * depths[block]
            worths[block.path] = max(worths.get(block.path, -1.0), worth)
    return worths


def _learn_roots(pages: Sequence[Worths]) -> tuple[int, ...]:
    """Paths of content roots, the commonest template's first."""
    least = len(pages) * rules.TEMPLATE_SHARE.threshold
    roots: list[int] = []
    rest = pages
    while rest and len(roots) < rules.MOST_ROOTS.count:
        root = _best_root(rest)
        others = [worths for worths in rest if worths.get(root, 0.0) < rules.USUAL.threshold]
        if len(rest) - len(others) < least:
            break
        roots.append(root)
        rest = others
    narrower = _narrower_roots(pages, roots)
    return (*roots, *narrower)[: rules.MOST_ROOTS.count]


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
        highest = max((worths.get(root, -1.0) for root in roots), default=1.0)
        if worths[best] > highest + rules.BETTER.threshold:
            pages_with[best] += 1
    paths = [path for path, times in pages_with.items() if times >= rules.FEWEST_PAGES.count]
    return sorted(paths, key=lambda path: (-pages_with[path], path))
