"""Learning a site's profile from a sample of its pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from sitebookify.book.extract import rules
from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.chrome import is_way_on
from sitebookify.book.extract.furniture import is_bar, is_record
from sitebookify.book.extract.notices import learn_shared, learn_templated, least_pages
from sitebookify.book.extract.outline import Block, outline, says_only, tokens_of
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import ROOTS, Balance, balances, confirmed_by_trafilatura
from sitebookify.book.extract.signs import learn_signs
from sitebookify.book.extract.titles import learn_affixes, title_words
from sitebookify.book.extract.words import words
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.tree import Element, elements, text_of, words_of

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
    bars = _bars(outlines, [base for base, _ in pages])
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
    found = Counter[str]()
    for document in documents:
        found.update({token for element in elements(document) for token in tokens_of(element)})
    least = least_pages(rules.IN_USE.threshold, len(documents))
    return frozenset(token for token, pages in found.items() if pages >= least)


def _bars(outlines: Sequence[Block], bases: Sequence[str]) -> frozenset[int]:
    """Paths and kinds of bars of links: the same few words on every page, leading elsewhere on each."""
    furniture = _furniture(outlines, bases)
    votes, blocks, pages = Counter[int](), Counter[int](), Counter[int]()
    for page in outlines:
        held = {block for block in page.walk() if any(_leads_on(block, link, furniture) for link in block.links)}
        around = held | {up for block in held for up in block.ancestors()}
        times = Counter(place for block in page.walk() for place in (block.path, block.kind))
        barlike = [block for block in around if is_bar(block) and not is_record(block)]
        bars = Counter(place for block in barlike for place in (block.path, block.kind) if place)
        found = {place: n for place, n in bars.items() if times[place] <= rules.BARS.threshold}
        votes.update(found)
        pages.update(found.keys())
        blocks.update(times)
    least = least_pages(rules.SHARED.threshold, len(outlines))
    learned = {
        place for place, n in votes.items() if pages[place] >= least and n >= rules.USUAL.threshold * blocks[place]
    }
    return frozenset(learned | _pagers(outlines, bases))


def _pagers(outlines: Sequence[Block], bases: Sequence[str]) -> set[int]:
    """Paths of blocks that are, on most pages, nothing but one to three links to other pages of the site."""
    labels, constant = _labels(outlines), _constant(outlines)
    targets: dict[int, list[str]] = defaultdict(list)
    pages = Counter[int]()
    other: set[int] = set()
    for page, base in zip(outlines, bases, strict=True):
        times = Counter(block.path for block in page.walk())
        for block in page.walk():
            if times[block.path] > rules.BARS.threshold:
                continue
            found = _pager_targets(block, base, labels, constant)
            targets[block.path] += found
            pages[block.path] += 1
            if not found and block.size:
                other.add(block.path)
    least = least_pages(rules.USUAL.threshold, len(outlines))
    return {
        path
        for path, found in targets.items()
        if path not in other and pages[path] >= least and len(set(found)) >= rules.USUAL.threshold * pages[path]
    }


def _labels(outlines: Sequence[Block]) -> frozenset[str]:
    """Words that stand beside the links of short blocks on most pages: "Previous:", "Next:"."""
    found = Counter[str]()
    for page in outlines:
        beside = [
            _beside_links(block) for block in page.walk() if block.links and block.size <= rules.BAR_WORDS.threshold
        ]
        found.update({word for said in beside if sum(said.values()) <= rules.PAGER_LABEL.threshold for word in said})
    least = least_pages(rules.USUAL.threshold, len(outlines))
    return frozenset(word for word, pages in found.items() if pages >= least)


def _constant(outlines: Sequence[Block]) -> frozenset[tuple[int, str]]:
    """Links, as (path of their block, text), that most pages have, wherever they lead: "Contents", "Top"."""
    found = Counter[tuple[int, str]]()
    for page in outlines:
        found.update({_key(block, link) for block in page.walk() for link in block.links})
    least = least_pages(rules.USUAL.threshold, len(outlines))
    return frozenset(key for key, pages in found.items() if pages >= least)


def _beside_links(block: Block) -> Counter[str]:
    said = Counter(block.words)
    for link in block.links:
        said.subtract(words(text_of(link)))
    return +said


def _pager_targets(block: Block, base: str, labels: frozenset[str], constant: frozenset[tuple[int, str]]) -> list[str]:
    """Where the links of a block that is nothing else but their labels lead: pages of the same host, never this one.

    There are no more than three, or six beside two that are ``constant``: the same on most pages.
    """
    if not is_bar(block) or block.element.tag == "p" or not block.linked:
        return []
    whole = block.linked == block.size
    if not whole and not says_only(labels, *block.walk()):
        return []
    links = [(inner, link) for inner in block.walk() for link in inner.links]
    found = [page_of(absolute(link.get("href") or "", base)) for _, link in links]
    inside = all(urlsplit(target).netloc == urlsplit(base).netloc and target != page_of(base) for target in found)
    least = 1 if whole else 2
    own = sum(_key(inner, link) not in constant for inner, link in links)
    most = (
        rules.PAGER_LINKS.threshold
        if len(links) - own < rules.CONSTANT_LINKS.threshold
        else 2 * rules.PAGER_LINKS.threshold
    )
    return found if inside and least <= len(found) and own <= most else []


def _leads_on(block: Block, link: Element, furniture: frozenset[tuple[int, str]]) -> bool:
    return is_way_on(link) or _key(block, link) in furniture


def _furniture(outlines: Sequence[Block], bases: Sequence[str]) -> frozenset[tuple[int, str]]:
    """Links, as (path of their block, text), whose text does not say where they lead."""
    pages: dict[tuple[int, str], set[int]] = defaultdict(set)
    targets: dict[tuple[int, str], set[str]] = defaultdict(set)
    times = Counter[tuple[int, str]]()
    for number, (page, base) in enumerate(zip(outlines, bases, strict=True)):
        for block in page.walk():
            for link in block.links:
                target = page_of(absolute(link.get("href") or "", base))
                if target and target != page_of(base):
                    key = _key(block, link)
                    pages[key].add(number)
                    targets[key].add(target)
                    times[key] += 1
    least = least_pages(rules.SHARED.threshold, len(outlines))
    return frozenset(
        key
        for key, found in pages.items()
        if len(found) >= least
        and len(targets[key]) >= rules.USUAL.threshold * len(found)
        and times[key] <= 2 * len(found)
    )


def _key(block: Block, link: Element) -> tuple[int, str]:
    return block.path, words_of(link) or link.get("title") or link.get("aria-label") or _alternative(link)


def _alternative(link: Element) -> str:
    return " ".join(image.get("alt") or "" for image in link.iter("img"))


def _depths(page: Block) -> dict[Block, int]:
    depths: dict[Block, int] = {}
    for block in page.walk():
        depths[block] = depths[block.parent] + 1 if block.parent else 0
    return depths


def _roots(
    pages: Sequence[tuple[str, Element]],
    outlines: Sequence[Block],
    void: frozenset[int],
    shared: frozenset[int],
    *,
    confirm: bool,
) -> tuple[int, ...]:
    """Paths of content roots, the commonest template's first."""
    values = []
    for (_, document), page in zip(pages, outlines, strict=True):
        confirmed = confirmed_by_trafilatura(document, page.size) if confirm else None
        balance = balances(page, void, shared, confirmed, title_words(document))
        if balance[page].gain > 0:
            values.append(_values(page, balance))
    roots: list[int] = []
    every, least = values, len(values) * rules.TEMPLATE_SHARE.threshold
    while values and len(values) >= least and len(roots) < rules.MOST_ROOTS.count:
        total: defaultdict[int, float] = defaultdict(float)
        for best in values:
            for path, value in best.items():
                total[path] += value
        root = max(total, key=lambda path: (total[path], path))
        matched = [best for best in values if best.get(root, 0.0) >= rules.USUAL.threshold]
        if len(matched) < least:
            break
        roots.append(root)
        values = [best for best in values if best.get(root, 0.0) < rules.USUAL.threshold]
    return (*roots, *_narrower(every, roots)[: rules.MOST_ROOTS.count - len(roots)])


def _narrower(values: Sequence[dict[int, float]], roots: Sequence[int]) -> list[int]:
    """What is a better root than these on pages of one kind, which share their outer boxes with all others."""
    better = Counter[int]()
    for best in values:
        path = max(best, key=lambda path: (best[path], path))
        if best[path] > max((best.get(root, -1.0) for root in roots), default=1.0) + rules.BETTER.threshold:
            better[path] += 1
    return [
        path
        for path, pages in sorted(better.items(), key=lambda item: (-item[1], item[0]))
        if pages >= rules.FEWEST_PAGES.count
    ]


def _values(page: Block, balance: dict[Block, Balance]) -> dict[int, float]:
    """What each path is worth as a root of the page: 1 for all that is the page's own and nothing else."""
    best: dict[int, float] = {}
    for block, depth in _depths(page).items():
        if block in balance and block.element.tag in ROOTS:
            value = balance[block].value / balance[page].gain + _DEEPER * depth
            best[block.path] = max(best.get(block.path, -1.0), value)
    return best
