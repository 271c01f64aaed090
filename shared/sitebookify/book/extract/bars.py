"""Bars of links: rows that lead to the page's neighbours, up, to its source.

A bar is known by its place: at the same path, or under the same name, most pages have a short row of links that lead
elsewhere on each page, though their text or the labels beside them stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_next_or_previous, is_way_on
from sitebookify.book.extract.notices import least_pages
from sitebookify.book.extract.outline import Block, says_only, words_beside_links
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import BOXES
from sitebookify.book.tree import Element, is_blank, words_of

CONTAINERS = BOXES - {"dialog", "form", "nav", "search"}
"""Boxes but those that are no content whatever they hold."""
_WHOLE = CONTAINERS | {"ul", "ol", "p", "table", "dl"}
"""Blocks that are removed; what is inside a list, a table or a paragraph goes with it or stays."""
_COLONS = (":", "\uff1a")


def is_bar(block: Block) -> bool:
    """True for a block that could be a bar of links, by its size."""
    return (
        block.element.tag in _WHOLE
        and not block.headings
        and block.size <= rules.BAR_WORDS.threshold
        and block.size - block.linked <= rules.BAR_TEXT.threshold
    )


def is_link_list(block: Block) -> bool:
    """True where most of the words are in links."""
    return block.linked >= rules.LINK_LIST.threshold * block.size


def targets_of(block: Block, base: str) -> list[str]:
    """The pages that the block's links lead to, "" for what is no page."""
    return [_target(link, base) for inner in block.walk() for link in inner.links]


def _target(link: Element, base: str) -> str:
    return page_of(absolute(link.get("href") or "", base))


def is_record(block: Block) -> bool:
    """True for data of this page under labels that are the same on all: author, version, what a class inherits.

    A list of terms, rows of a heading and a value, a row of headings over a row of values, rows of a label and a value
    in cells or in boxes of the same names, or a line that begins with a label in bold.
    """
    if any(up.element.tag in ("dl", "dd") for up in block.ancestors()):
        return True
    elements = [inner.element for inner in block.walk() if inner.size]
    if any(element.tag == "dt" for element in elements):
        return True
    rows = [[cell.tag for cell in element] for element in elements if element.tag == "tr"]
    if ["th", "td"] in rows or any(_is_head_of_record(head, row) for head, row in pairwise(rows)):
        return True
    if _are_pairs([element for element in elements if element.tag == "tr"]):
        return True
    return _has_labelled_rows(block) or any(_begins_with_label(element) for element in elements)


def _are_pairs(rows: Sequence[Element]) -> bool:
    """True for rows of two cells each, of which the first is no link: a label and its value."""
    if len(rows) < rules.LABELLED_ROWS.threshold:
        return False
    return all([cell.tag for cell in row] == ["td", "td"] and next(row[0].iter("a"), None) is None for row in rows)


def _has_labelled_rows(block: Block) -> bool:
    """True where all that the block says stands in rows of two boxes, named alike in each: a label and its value."""
    rows = [row for row in block.children if row.size]
    if block.words or len(rows) < rules.LABELLED_ROWS.threshold:
        return False
    shapes = {tuple(part.path for part in row.children if part.size) for row in rows}
    shape = next(iter(shapes))
    labels = {row.children[0].mark for row in rows if row.children}
    return len(shapes) == 1 and len(set(shape)) == 2 and len(shape) == 2 and len(labels) == len(rows)


def _is_head_of_record(head: Sequence[object], row: Sequence[object]) -> bool:
    columns = len(head)
    return columns >= rules.RECORD_COLUMNS.threshold and head == ["th"] * columns and row == ["td"] * columns


def _begins_with_label(element: Element) -> bool:
    """True for "Severity: low" with the label in bold, unless what it labels leads to the page's neighbours."""
    label = element[0] if len(element) and is_blank(element.text) else None
    if label is None or label.tag not in ("strong", "b"):
        return False
    if any(is_next_or_previous(link) for link in element.iter("a")):
        return False
    colon = words_of(label).endswith(_COLONS) or (label.tail or "").lstrip().startswith(_COLONS)
    return colon and words_of(element) != words_of(label)


Key = tuple[int, str]
"""What is the same link on several pages: the path of its block, and its text."""


@dataclass(frozen=True, slots=True)
class _Link:
    block: Block
    element: Element
    key: Key
    target: str


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the sample with its links by block; ``times``: how many blocks are at a path, or of a kind."""

    url: str
    outline: Block
    links: dict[Block, list[_Link]]
    times: Counter[int]

    def all_links(self) -> Iterator[_Link]:
        for links in self.links.values():
            yield from links

    def links_in(self, block: Block) -> list[_Link]:
        return [link for inner in block.walk() for link in self.links.get(inner, ())]


def learn_bars(
    outlines: Sequence[Block], bases: Sequence[str], templates: Sequence[Sequence[int]] = ()
) -> frozenset[int]:
    """Paths and kinds of the bars of the pages, whose links are relative to ``bases``.

    ``templates`` are the numbers of the pages of each template, where there are several.
    """
    pages = [_page(outline, base) for outline, base in zip(outlines, bases, strict=True)]
    bars: set[int] = set()
    for numbers in (range(len(pages)), *templates):
        group = [pages[number] for number in numbers]
        bars |= _bars_around_moving_links(group) | _pagers(group)
    return frozenset(bars)


def _page(outline: Block, base: str) -> _Page:
    links: dict[Block, list[_Link]] = {}
    times = Counter[int]()
    for block in outline.walk():
        times.update((block.path, block.kind))
        if block.links:
            links[block] = [_Link(block, link, (block.path, _text(link)), _target(link, base)) for link in block.links]
    return _Page(page_of(base), outline, links, times)


def _text(link: Element) -> str:
    alternatives = " ".join(image.get("alt") or "" for image in link.iter("img"))
    return words_of(link) or link.get("title") or link.get("aria-label") or alternatives


def _bars_around_moving_links(pages: Sequence[_Page]) -> set[int]:
    """Paths and kinds most of whose blocks, one or two on a page, are bars around links that lead on."""
    moving = _moving_links(pages)
    bars = Counter[int]()
    blocks = Counter[int]()
    pages_with = Counter[int]()
    for page in pages:
        blocks.update(page.times)
        for place, number in _bars_of(page, moving).items():
            if page.times[place] <= rules.BARS.threshold:
                bars[place] += number
                pages_with[place] += 1
    least = least_pages(rules.SHARED.threshold, len(pages))
    return {
        place
        for place, number in bars.items()
        if pages_with[place] >= least and number >= rules.USUAL.threshold * blocks[place]
    }


def _moving_links(pages: Sequence[_Page]) -> set[Key]:
    """Links whose text does not say where they lead: to another place on most of the pages that have them."""
    pages_with: dict[Key, set[int]] = defaultdict(set)
    targets: dict[Key, set[str]] = defaultdict(set)
    times = Counter[Key]()
    for number, page in enumerate(pages):
        for link in page.all_links():
            if link.target and link.target != page.url:
                pages_with[link.key].add(number)
                targets[link.key].add(link.target)
                times[link.key] += 1
    least = least_pages(rules.SHARED.threshold, len(pages))
    moving = set()
    for key, numbers in pages_with.items():
        elsewhere = len(targets[key]) >= rules.USUAL.threshold * len(numbers)
        if len(numbers) >= least and elsewhere and times[key] <= rules.BARS.threshold * len(numbers):
            moving.add(key)
    return moving


def _bars_of(page: _Page, moving: set[Key]) -> Counter[int]:
    """How many bars around links that lead on the page has at each path, and of each kind."""
    around: set[Block] = set()
    for link in page.all_links():
        if is_way_on(link.element) or link.key in moving:
            around.add(link.block)
            around.update(link.block.ancestors())
    places = Counter[int]()
    for block in around:
        if is_bar(block) and not is_record(block):
            places.update(place for place in (block.path, block.kind) if place)
    return places


def _pagers(pages: Sequence[_Page]) -> set[int]:
    """Paths of blocks that are, on most pages, nothing but a few links to other pages of the site."""
    labels = _labels(pages)
    constant = _constant_links(pages)
    targets: dict[int, set[str]] = defaultdict(set)
    pages_with = Counter[int]()
    others: set[int] = set()
    for page in pages:
        for block in page.outline.walk():
            if page.times[block.path] > rules.BARS.threshold:
                continue
            ways = _ways_of_pager(block, page, labels, constant)
            if len(ways) == 1 and block.linked != block.size:
                continue  # of a pager it is the first or the last page's; alone it is a remark ("See also")
            targets[block.path].update(ways)
            pages_with[block.path] += 1
            if not ways and block.size:
                others.add(block.path)
    least = least_pages(rules.USUAL.threshold, len(pages))
    return {
        path
        for path, number in pages_with.items()
        if path not in others and number >= least and len(targets[path]) >= rules.USUAL.threshold * number
    }


def _labels(pages: Sequence[_Page]) -> frozenset[str]:
    """Words that stand beside the links of short blocks on most pages: "Previous:", "Next:"."""
    pages_with = Counter[str]()
    for page in pages:
        labels: set[str] = set()
        for block in page.links:
            if block.size <= rules.BAR_WORDS.threshold:
                beside = words_beside_links(block)
                if beside.total() <= rules.PAGER_LABEL.threshold:
                    labels.update(beside)
        pages_with.update(labels)
    least = least_pages(rules.USUAL.threshold, len(pages))
    return frozenset(word for word, number in pages_with.items() if number >= least)


def _constant_links(pages: Sequence[_Page]) -> set[Key]:
    """Links that most pages have, wherever they lead: "Contents", "Top"."""
    pages_with = Counter[Key]()
    for page in pages:
        pages_with.update({link.key for link in page.all_links()})
    least = least_pages(rules.USUAL.threshold, len(pages))
    return {key for key, number in pages_with.items() if number >= least}


def _ways_of_pager(block: Block, page: _Page, labels: frozenset[str], constant: set[Key]) -> list[str]:
    """Where a block leads that is nothing but links and their labels: to other pages of the site, a few."""
    if not is_bar(block) or block.element.tag == "p" or not block.linked:
        return []
    labelled = block.linked != block.size
    if labelled and not says_only(labels, *block.walk()):
        return []
    links = page.links_in(block)
    targets = [link.target for link in links]
    host = urlsplit(page.url).netloc
    if page.url in targets or any(urlsplit(target).netloc != host for target in targets):
        return []
    own = sum(link.key not in constant for link in links)
    most = rules.PAGER_LINKS.threshold
    if len(links) - own >= rules.CONSTANT_LINKS.threshold:
        most *= 2
    return targets if targets and own <= most else []
