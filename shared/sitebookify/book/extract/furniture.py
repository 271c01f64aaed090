"""What stands inside the content root and is the site's all the same: bars, notices, lists of the page's headings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from urllib.parse import urlsplit

from sitebookify.book.extract import rules
from sitebookify.book.extract.chrome import is_chrome, is_discussion, is_next_or_previous
from sitebookify.book.extract.outline import Block, places_of, says_only
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.titles import title_words
from sitebookify.book.extract.words import words
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.visibility import is_hidden, is_marked_hidden
from sitebookify.book.html.vocabulary import BOXES, HEADINGS
from sitebookify.book.tree import Element, words_of
from sitebookify.messages import Message

_COLONS = (":", "\uff1a")
_ALL_ALIKE = Message("doubt.all_alike")
_CONTAINERS = BOXES - {"dialog", "form", "nav", "search"}
"""Boxes but those that are no content whatever they hold."""
_WHOLE = _CONTAINERS | {"ul", "ol", "p", "table", "dl"}
"""Blocks that are removed; what is inside a list, a table or a paragraph goes with it or stays."""


def is_bar(block: Block) -> bool:
    """True for a block that could be a bar of links, by its size."""
    return (
        block.element.tag in _WHOLE
        and not block.headings
        and block.size <= rules.BAR_WORDS.threshold
        and block.size - block.linked <= rules.BAR_TEXT.threshold
    )


def is_record(block: Block) -> bool:
    """True for data of this page under labels that are the same on all: author, version, what a class inherits.

    A list of terms, rows of a heading and a value, a row of headings over a row of values, or a line that begins with
    a label in bold.
    """
    if any(up.element.tag in ("dl", "dd") for up in block.ancestors()):
        return True
    elements = [inner.element for inner in block.walk() if inner.size]
    if any(element.tag == "dt" for element in elements):
        return True
    rows = [[cell.tag for cell in element] for element in elements if element.tag == "tr"]
    if ["th", "td"] in rows or any(_is_head_of_record(head, row) for head, row in pairwise(rows)):
        return True
    return any(_begins_with_label(element) for element in elements)


def _is_head_of_record(head: Sequence[object], row: Sequence[object]) -> bool:
    columns = len(head)
    return columns >= rules.RECORD_COLUMNS.threshold and head == ["th"] * columns and row == ["td"] * columns


def _begins_with_label(element: Element) -> bool:
    """True for "Severity: low" with the label in bold, unless what it labels leads to the page's neighbours."""
    label = element[0] if len(element) and not (element.text or "").strip() else None
    if label is None or label.tag not in ("strong", "b"):
        return False
    if any(is_next_or_previous(link) for link in element.iter("a")):
        return False
    colon = words_of(label).endswith(_COLONS) or (label.tail or "").lstrip().startswith(_COLONS)
    return colon and words_of(element) != words_of(label)


def furniture(page: Block, root: Block, profile: Profile, base: str) -> tuple[list[Block], Message | None]:
    """The blocks inside ``root``, a block of ``page``, that are to be removed, and why that is doubtful.

    Each block's ``rule`` says what removes it.

    Where next to nothing else is left, what all pages say in nearly the same words is what they have to say.
    """
    found = list(_furniture(page, root, profile, base))
    own = [block for block in found if is_chrome(block.element) and not _is_the_sites(block, profile)]
    others = sum(block.size for block in found) - sum(block.size for block in own)
    if sum(block.size for block in own) > (1 - rules.LEAST_LEFT.threshold) * (root.size - others):
        found = [block for block in found if block not in own]
    if _left(root, found) >= rules.LEAST_TEXT.threshold:
        return found, None
    kept = [block for block in found if not _is_templated_text(block, profile)]
    return kept, _ALL_ALIKE if len(kept) < len(found) else None


def _left(root: Block, removed: Collection[Block]) -> int:
    """Words of the root outside its headings that are left without the removed blocks, each outside the others."""
    headings = sum(block.size for block in root.walk() if block.element.tag in HEADINGS)
    inside = (inner for block in removed for inner in block.walk() if inner.element.tag in HEADINGS)
    return root.size - headings - sum(block.size for block in removed) + sum(block.size for block in inside)


def _is_templated_text(block: Block, profile: Profile) -> bool:
    """True for prose that other pages say in nearly, but not quite, the same words."""
    if is_chrome(block.element) or is_discussion(block.element) or is_hidden(block.element):
        return False
    own = block.mark not in profile.shared and 2 * block.linked < block.size
    return own and not profile.templated.isdisjoint(places_of(block))


def _is_the_sites(block: Block, profile: Profile) -> bool:
    """True for navigation that other pages show too, whatever part of it each of them has open."""
    return _repeated(block, profile) >= rules.MOSTLY.threshold * block.size


def _repeated(block: Block, profile: Profile) -> int:
    """Words of the block that stand in blocks which many pages repeat."""
    if block.mark in profile.shared:
        return block.size
    return sum(_repeated(child, profile) for child in block.children)


def _furniture(page: Block, root: Block, profile: Profile, base: str) -> Iterator[Block]:
    """The outermost blocks of furniture."""
    bars = [block for block in page.walk() if _is_known_bar(block, profile)]
    ways = _ways_on(bars, base)
    title = title_words(page.element.getroottree().getroot())
    margins = {
        *_margin(root.children, profile, ways, base, title=title),
        *_margin(root.children[::-1], profile, ways, base, step=-1),
    }
    repeated = {_wording(block) for block in bars if block.kind and block.size}
    titles = {tuple(block.words) for block in root.walk() if block.element.tag in HEADINGS}
    stack = root.children[::-1]
    while stack:
        block = stack.pop()
        if block in margins:
            block.rule = "repeated at the margin"
        elif rule := _rule(block, profile):
            block.rule = rule
        elif _lists_headings(block, titles, base):
            block.rule = "list of the page's headings"
        elif block.kind and is_bar(block) and _wording(block) in repeated:
            block.rule = "says what a bar says"
        if block.rule:
            yield block
        else:
            stack.extend(reversed(block.children))


def _wording(block: Block) -> tuple[int | str, ...]:
    """What a bar is called and says: where sections have bars too, these are like the page's."""
    return block.kind, *(word for inner in block.walk() for word in inner.words)


def _ways_on(bars: Iterable[Block], base: str) -> set[str]:
    """Where the page's bars lead: to its neighbours."""
    links = [link for bar in bars for inner in bar.walk() for link in inner.links]
    return {page_of(absolute(link.get("href") or "", base)) for link in links} - {page_of(base)}


def _rule(block: Block, profile: Profile) -> str:  # noqa: PLR0911 - a line for each rule
    """The rule by which the block is furniture wherever it stands, or ""."""
    if is_chrome(block.element) or is_discussion(block.element):
        return "HTML's own chrome"
    if is_hidden(block.element) and block.mark in profile.shared:
        return "hidden and repeated"
    if block.size <= rules.HIDDEN_LABEL.threshold and (is_hidden(block.element) or is_marked_hidden(block.element)):
        return "hidden label"
    if is_bar(block) and any(is_next_or_previous(link) for link in block.links):
        return "links to the neighbours"
    if is_bar(block) and block.kind in profile.bars and block.linked >= rules.LINK_LIST.threshold * block.size:
        return "bar of links"
    if _is_menu(block, profile):
        return "menu"
    return "repeated bar of links" if _is_repeated_bar(block, profile) else ""


def _is_repeated_bar(block: Block, profile: Profile) -> bool:
    within = block.parent is not None and block.parent.element.tag in _CONTAINERS
    repeated = (
        block.mark in profile.shared
        and block.linked >= rules.LINK_LIST.threshold * block.size > rules.REPEATED_BAR.threshold
    )
    return within and repeated and is_bar(block) and not _is_of_a_section(block, profile)


def _is_menu(block: Block, profile: Profile) -> bool:
    """True for more links than a bar has that other pages show too, whatever page each of them marks as its own."""
    if block.element.tag not in _CONTAINERS or block.size <= rules.BAR_WORDS.threshold or block.headings:
        return False
    return block.linked >= rules.MOSTLY.threshold * block.size and _is_the_sites(block, profile)


def _is_of_a_section(block: Block, profile: Profile) -> bool:
    """True for links that a heading announces, and those in a repeated section that says more than its links."""
    if _is_headed(block):
        return True
    return any(
        up.mark in profile.shared and up.headings and up.linked < rules.LINK_LIST.threshold * up.size
        for up in block.ancestors()
    )


def _is_headed(block: Block) -> bool:
    """True where a heading stands right before the block, and other text of the same box before that.

    Where the box has text outside its blocks, that is what the heading announces.
    """
    filled = [child for child in block.parent.children if child.size] if block.parent else []
    if block.parent and block.parent.words:
        return False
    place = filled.index(block) if block in filled else 0
    return place > 1 and filled[place - 1].element.tag in HEADINGS


def _lists_headings(block: Block, titles: AbstractSet[tuple[str, ...]], base: str) -> bool:
    """True for a box with a list of the page's own headings: a book has its contents elsewhere."""
    if (
        block.element.tag not in _CONTAINERS
        or block.headings > 1
        or block.linked < rules.LINK_LIST.threshold * block.size
    ):
        return False
    links = [link for inner in block.walk() for link in inner.links]
    if len(
        links
    ) < rules.HEADINGS_LISTED.threshold or block.size - block.linked > rules.BESIDE_HEADINGS.threshold * len(links):
        return False
    here = sum(page_of(absolute(link.get("href") or "", base)) == page_of(base) for link in links)
    named = sum(tuple(words(words_of(link))) in titles for link in links)
    return here == len(links) and named >= rules.MOSTLY.threshold * len(links)


def _is_known_bar(block: Block, profile: Profile) -> bool:
    """True for the kind of bar the site has, and for any that calls its links next and previous."""
    if not is_bar(block):
        return False
    known = (block.path in profile.bars or block.kind in profile.bars) and not is_record(block)
    return known or any(is_next_or_previous(link) for link in block.links)


def _margin(
    blocks: Iterable[Block],
    profile: Profile,
    ways: set[str],
    base: str,
    *,
    title: AbstractSet[str] = frozenset(),
    step: int = 1,
) -> Iterator[Block]:
    """Repeated blocks before or after all that is the page's own; a repeated section with a heading is content.

    Args:
        blocks: those of one box, from its margin inwards.
        profile: what the site's pages share.
        ways: pages that the page's bars lead to: a block that leads nowhere else is another of them.
        base: what the page's links are relative to.
        title: words of the page's title, where a trail to it may stand.
        step: 1 from the beginning, -1 from the end.
    """
    for block in blocks:
        if not block.size or block.element.tag in HEADINGS or is_chrome(block.element):
            continue
        if is_bar(block) and (
            (_is_repeated(block, profile) and not (step < 0 and _is_headed(block)))
            or _is_known_bar(block, profile)
            or _leads_only_to(block, ways, base)
            or _is_trail(block, title, base)
        ):
            yield block
            continue
        records = all(child.element.tag == "dl" for child in block.children if child.size)
        if block.element.tag in _CONTAINERS and block.mark not in profile.shared and not records:
            yield from _margin(block.children[::step], profile, ways, base, title=title, step=step)
        return


def _is_trail(block: Block, title: AbstractSet[str], base: str) -> bool:
    """True for links to other pages, and beside them nothing but the page's title: the way from the start page."""
    targets = [page_of(absolute(link.get("href") or "", base)) for inner in block.walk() for link in inner.links]
    if block.element.tag == "p" or not title or page_of(base) in targets[:-1] or not {*targets} - {page_of(base)}:
        return False
    inside = all(urlsplit(target).netloc == urlsplit(base).netloc for target in targets if target)
    return inside and says_only(title, *block.walk())


def _is_repeated(block: Block, profile: Profile) -> bool:
    if block.mark in profile.shared:
        return block.element.tag != "dl" or 2 * block.linked >= block.size
    return not profile.templated.isdisjoint(places_of(block)) and not is_record(block)


def _leads_only_to(block: Block, ways: set[str], base: str) -> bool:
    """True for a block of a few links most of which lead to the page's neighbours, or nowhere; no sentence."""
    targets = [page_of(absolute(link.get("href") or "", base)) for inner in block.walk() for link in inner.links]
    if (
        block.element.tag == "p"
        or not 0 < len(targets) <= rules.NEIGHBOURS.threshold
        or block.linked < rules.LINK_LIST.threshold * block.size
    ):
        return False
    known = sum(target in ways or target == page_of(base) for target in targets)
    return known >= rules.LINK_LIST.threshold * len(targets) and not ways.isdisjoint(targets)
