"""Learning a site's profile from a sample of its pages.

A crawl meets posts beside lists, tags and archives. What all posts say is the site's, though most pages lack it: so
what repeats is counted among the pages of one template too. Pages of one template have the same named places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import learn_bars
from sitebookify.book.extract.logos import learn_pictures
from sitebookify.book.extract.notices import learn_shared, learn_templated, learn_valued, lines_of
from sitebookify.book.extract.outline import Block, OutlinedPage, stated_title, tokens_of
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import ROOTS, balances, confirmed_by_trafilatura
from sitebookify.book.extract.sampling import repeated
from sitebookify.book.extract.signs import learn_signs
from sitebookify.book.extract.titles import learn_affixes, learn_name
from sitebookify.book.tree import Element

_DEEPER = 1e-6
"""What decides between blocks that hold the same: the inner one."""


def learn(pages: Sequence[tuple[str, Element]]) -> Profile:
    """The profile of the site that the pages, as (base URL, document), are from."""
    if len(pages) < rules.FEWEST_PAGES.count:
        return Profile()
    profile, _ = learn_template(pages, confirm=True)
    return with_names(profile, pages)


def learn_template(pages: Sequence[tuple[str, Element]], *, confirm: bool) -> tuple[Profile, list[OutlinedPage]]:
    """What the pages, as (base URL, document), have in common, and their outlines.

    They come in the form that `body.box_lines` gives them. Where ``confirm`` is false trafilatura, which takes half of
    the time, is not asked what it takes for content.
    """
    tokens = (map(tokens_of, document.iter("*")) for _, document in pages)
    vocabulary = repeated(map(set, map(chain.from_iterable, tokens)), rules.IN_USE)
    outlined = [OutlinedPage.of(base, document, vocabulary) for base, document in pages]
    if len(pages) < rules.FEWEST_PAGES.count:
        return Profile(), outlined
    templates = [group for group in templates_of(outlined) if len(group) < len(pages)]
    groups = [outlined, *templates]
    lines = lines_of(groups)
    profile = Profile(
        vocabulary=vocabulary,
        shared=learn_shared(groups, lines),
        bars=learn_bars(groups) - learn_valued(lines),
        templated=learn_templated(lines),
    )
    worths = [_worths(page, profile, confirm=confirm) for page in outlined]
    return replace(profile, roots=_learn_roots(list(filter(None, worths)))), outlined


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


Worths = dict[int, float]
"""What each path is worth as a root of a page: 1 for all that is the page's own and nothing else."""


def _worths(page: OutlinedPage, profile: Profile, *, confirm: bool) -> Worths:
    """Nothing for a page without words of its own."""
    body = page.outline
    confirmed = confirmed_by_trafilatura(page.document, body.size) if confirm else None
    balance = balances(page, profile, confirmed)
    worths: Worths = {}
    if balance[body].gain <= 0:
        return worths
    depths: dict[Block, int] = {}
    for block in body.walk():
        depths[block] = depths[block.parent] + 1 if block.parent else 0
        if block in balance and block.tag in ROOTS:
            worth = balance[block].value / balance[body].gain + _DEEPER * depths[block]
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
    return tuple(roots)


def _best_root(pages: Sequence[Worths]) -> int:
    total: defaultdict[int, float] = defaultdict(float)
    for worths in pages:
        for path, worth in worths.items():
            total[path] += worth
    return max(total, key=lambda path: (total[path], path))


def templates_of(pages: Sequence[OutlinedPage]) -> list[list[OutlinedPage]]:
    """The pages of each template that at least three pages share; all pages where there is but one."""
    groups: dict[frozenset[int], list[OutlinedPage]] = {}
    for page in pages:
        places = _places(page.outline)
        template = next((first for first in groups if _are_alike(places, first)), places)
        groups.setdefault(template, []).append(page)
    return [group for group in groups.values() if len(group) >= rules.FEWEST_PAGES.count]


def _places(page: Block) -> frozenset[int]:
    """The named places that the page has once or twice: names of which a page has many are the text's own."""
    times = Counter(block.kind for block in page.walk() if block.kind)
    return frozenset(kind for kind, number in times.items() if number <= rules.BARS.threshold)


def _are_alike(one: AbstractSet[int], other: AbstractSet[int]) -> bool:
    if len(one ^ other) < rules.TELLING_PLACES.threshold:
        return True
    return len(one & other) >= rules.SAME_TEMPLATE.threshold * len(one | other)
