"""Bars of links: rows that lead to the page's neighbours, up, to its source.

A bar is known by its place: at the same path, or under the same name, most pages have a short row of links that lead
elsewhere on each page, though their text or the labels beside them stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_next_or_previous, is_way_on
from sitebookify.book.extract.hyperlinks import share_host, target_of
from sitebookify.book.extract.outline import Block, OutlinedPage, says_only, words_beside_links
from sitebookify.book.extract.sampling import least_pages, repeated
from sitebookify.book.html.vocabulary import BOXES
from sitebookify.book.tree import Element, holds, is_blank, words_of

CONTAINERS = BOXES - {"dialog", "form", "nav", "search"}
"""Boxes but those that are no content whatever they hold."""
_WHOLE = CONTAINERS | {"ul", "ol", "p", "table", "dl"}
"""Blocks that are removed; what is inside a list, a table or a paragraph goes with it or stays."""
_COLONS = (":", "\uff1a")


def is_bar(block: Block) -> bool:
    """True for a block that could be a bar of links, by its size."""
    if block.headings or block.tag not in _WHOLE:
        return False
    return block.size <= rules.BAR_WORDS.threshold and block.size - block.linked <= rules.BAR_TEXT.threshold


def is_link_list(block: Block) -> bool:
    """True where most of the words are in links."""
    return block.linked >= rules.LINK_LIST.threshold * block.size


def targets_of(block: Block, base: str) -> list[str]:
    """The pages that the block's links lead to, "" for what is no page."""
    links = chain.from_iterable(inner.links for inner in block.walk())
    return [target_of(link, base) for link in links]


def is_record(block: Block) -> bool:
    """True for data of this page under labels that are the same on all: author, version, what a class inherits.

    A list of terms, rows of a heading and a value, a row of headings over a row of values, rows of a label and a value
    in cells or in boxes of the same names, or a line that begins with a label in bold.
    """
    if any(box.tag in ("dl", "dd") for box in block.ancestors()):
        return True
    elements = [inner.element for inner in block.walk() if inner.size]
    if any(element.tag == "dt" for element in elements):
        return True
    if _are_record([element for element in elements if element.tag == "tr"]):
        return True
    return _has_labelled_rows(block) or any(map(_begins_with_label, elements))


def _are_record(rows: Sequence[Element]) -> bool:
    """True for rows of a table that are a heading and a value, headings over values, or a label and a value."""
    shapes = list(map(_shape, rows))
    if "th td" in shapes:
        return True
    for head, shape in pairwise(shapes):
        is_head = set(head.split()) == {"th"} and head.count("th") >= rules.RECORD_COLUMNS.threshold
        if is_head and shape == head.replace("th", "td"):
            return True
    if len(rows) < rules.LABELLED_ROWS.threshold or any(shape != "td td" for shape in shapes):
        return False
    return not any(holds(row[0], "a") for row in rows)


def _shape(row: Element) -> str:
    return " ".join(str(cell.tag) for cell in row)


def _has_labelled_rows(block: Block) -> bool:
    """True where all that the block says stands in rows of two boxes, named alike in each: a label and its value."""
    rows = block.filled
    if block.words or len(rows) < rules.LABELLED_ROWS.threshold:
        return False
    shape = _paths_in(rows[0])
    if len(shape) != 2 or shape[0] == shape[1] or any(_paths_in(row) != shape for row in rows):
        return False
    labels = {row.filled[0].mark for row in rows}
    return len(labels) == len(rows)


def _paths_in(row: Block) -> list[int]:
    return [part.path for part in row.filled]


def _begins_with_label(element: Element) -> bool:
    """True for "Severity: low" with the label in bold, unless what it labels leads to the page's neighbours."""
    if len(element) == 0 or element[0].tag not in ("strong", "b") or not is_blank(element.text):
        return False
    if any(map(is_next_or_previous, element.iter("a"))):
        return False
    label = element[0]
    has_colon = words_of(label).endswith(_COLONS) or (label.tail or "").lstrip().startswith(_COLONS)
    return has_colon and words_of(element) != words_of(label)


Key = tuple[int, str]
"""What is the same link on several pages: the path of its block, and its text."""


class _Link(NamedTuple):
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
        return chain.from_iterable(self.links.values())

    def keys(self) -> set[Key]:
        return {link.key for link in self.all_links()}

    def links_in(self, block: Block) -> list[_Link]:
        return list(chain.from_iterable(self.links.get(inner, ()) for inner in block.walk()))


def learn_bars(groups: Sequence[Sequence[OutlinedPage]]) -> frozenset[int]:
    """Paths and kinds of the bars of all pages, the first of the groups, and of those of each template."""
    linked_pages = {page: _page(page) for page in groups[0]}
    bars: set[int] = set()
    for group in groups:
        pages = [linked_pages[page] for page in group]
        bars |= _bars_around_moving_links(pages) | _pagers(pages)
    return frozenset(bars)


def _page(page: OutlinedPage) -> _Page:
    links: dict[Block, list[_Link]] = defaultdict(list)
    times = Counter[int]()
    for block in page.outline.walk():
        times.update((block.path, block.kind))
        for link in block.links:
            links[block].append(_Link(block, link, (block.path, _text(link)), target_of(link, page.base)))
    return _Page(page.url, page.outline, links, times)


def _text(link: Element) -> str:
    text = words_of(link) or link.get("title") or link.get("aria-label")
    return text or " ".join(image.get("alt", "") for image in link.iter("img"))


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
    least = least_pages(rules.SHARED, len(pages))
    often = [place for place, number in pages_with.items() if number >= least]
    return {place for place in often if bars[place] >= rules.USUAL.threshold * blocks[place]}


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
    least = least_pages(rules.SHARED, len(pages))
    moving: set[Key] = set()
    for key, numbers in pages_with.items():
        leads_elsewhere = len(targets[key]) >= rules.USUAL.threshold * len(numbers)
        is_rare = times[key] <= rules.BARS.threshold * len(numbers)
        if leads_elsewhere and is_rare and len(numbers) >= least:
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
            places.update(filter(None, (block.path, block.kind)))
    return places


def _pagers(pages: Sequence[_Page]) -> set[int]:
    """Paths of blocks that are, on most pages, nothing but a few links to other pages of the site."""
    labels = repeated(map(_labels_of, pages), rules.USUAL)
    constant = repeated(map(_Page.keys, pages), rules.USUAL)
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
            if block.size and not ways:
                others.add(block.path)
    least = least_pages(rules.USUAL, len(pages))
    usual = [path for path, number in pages_with.items() if number >= least and path not in others]
    return {path for path in usual if len(targets[path]) >= rules.USUAL.threshold * pages_with[path]}


def _labels_of(page: _Page) -> set[str]:
    """Words that stand beside the links of short blocks, as "Previous:" and "Next:" do on most pages."""
    labels: set[str] = set()
    for block in page.links:
        if block.size <= rules.BAR_WORDS.threshold:
            beside = words_beside_links(block)
            if beside.total() <= rules.PAGER_LABEL.threshold:
                labels.update(beside)
    return labels


def _ways_of_pager(block: Block, page: _Page, labels: frozenset[str], constant: frozenset[Key]) -> list[str]:
    """Where a block leads that is nothing but links and their labels: to other pages of the site, a few."""
    if block.tag == "p" or not block.linked or not is_bar(block):
        return []
    if block.linked != block.size and not all(says_only(inner, labels) for inner in block.walk()):
        return []
    links = page.links_in(block)
    targets = [link.target for link in links]
    if page.url in targets or not share_host(targets, page.url):
        return []
    own = sum(link.key not in constant for link in links)
    has_constant_links = len(links) - own >= rules.CONSTANT_LINKS.threshold
    most = rules.PAGER_LINKS.threshold * (2 if has_constant_links else 1)
    return targets if own <= most else []
