"""What stands inside the content root and is the site's all the same: bars, notices, lists of the page's headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import CONTAINERS, is_bar, is_link_list, is_record, targets_of
from sitebookify.book.extract.chrome import is_chrome, is_next_or_previous, is_no_content
from sitebookify.book.extract.hyperlinks import share_host, target_of
from sitebookify.book.extract.notices import date_words, leads_on
from sitebookify.book.extract.outline import Block, OutlinedPage, places_of, says_only, words_beside_links
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.words import words
from sitebookify.book.html.visibility import is_hidden, is_marked_hidden, opens_by_a_click
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import text_of, words_of
from sitebookify.messages import Message

_AT_MARGIN = "repeated at the margin"
_SENTENCE_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")
"""Ends of a linked sentence, which is no row of links."""


@dataclass(frozen=True, slots=True)
class _View:
    """A page as its site's profile shows it.

    ``neighbours``: where its bars lead. ``headings``: the words of those in the root.
    """

    page: OutlinedPage
    profile: Profile
    headings: set[tuple[str, ...]]
    neighbours: set[str]


def furniture(page: OutlinedPage, root: Block, profile: Profile) -> tuple[list[Block], Message | None]:
    """The blocks inside ``root``, a block of the page, that are to be removed, and why that is doubtful.

    Each block's ``rule`` says what removes it. Where next to nothing else is left, what all pages say in nearly the
    same words is what they have to say.
    """
    bars = [block for block in page.outline.walk() if _is_bar_of_site(block, profile)]
    view = _View(
        page=page,
        profile=profile,
        headings={tuple(block.words) for block in root.walk() if block.tag in HEADINGS},
        neighbours=set(chain.from_iterable(targets_of(bar, page.base) for bar in bars)) - {page.url},
    )
    removed = _without_contents(list(_removed(root, view)), root, profile)
    if _words_of_text(root) - sum(map(_words_of_text, removed)) >= rules.LEAST_TEXT.threshold:
        states_values = any(_states_values(block, profile) for block in removed)
        return removed, Message("doubt.values_removed") if states_values else None
    without_text = [block for block in removed if not _is_templated_text(block, profile)]
    return without_text, Message("doubt.all_alike") if len(without_text) < len(removed) else None


def _without_contents(removed: list[Block], root: Block, profile: Profile) -> list[Block]:
    """The blocks without the page's own navigation, where that is most of what the root says: contents, an index."""
    others: list[Block] = []
    size = 0
    for block in removed:
        if is_chrome(block.element) and not _is_mostly_repeated(block, profile):
            size += block.size
        else:
            others.append(block)
    rest = root.size - sum(block.size for block in others)
    return others if size > (1 - rules.LEAST_LEFT.threshold) * rest else removed


def _states_values(block: Block, profile: Profile) -> bool:
    """True for a removed line with numbers of its own, but no date, beside links that lead to no neighbour."""
    if block.rule != _AT_MARGIN or block.mark in profile.shared or is_link_list(block):
        return False
    parts = list(block.walk())
    if leads_on(block) or any(date_words(part.words) for part in parts):
        return False
    return any(any(map(str.isdecimal, words_beside_links(part))) for part in parts)


def _words_of_text(block: Block) -> int:
    """Words outside headings."""
    return block.size - sum(inner.size for inner in block.walk() if inner.tag in HEADINGS)


def _removed(root: Block, view: _View) -> Iterator[Block]:
    """The outermost blocks of furniture."""
    margins = {*_margin(root.children, view), *_margin(root.children[::-1], view, step=-1)}
    stack = root.children[::-1]
    while stack:
        block = stack.pop()
        block.rule = _AT_MARGIN if block in margins else _rule(block, view)
        if block.rule:
            yield block
        else:
            stack.extend(reversed(block.children))


def _rule(block: Block, view: _View) -> str:
    """The rule by which the block is furniture wherever it stands, or ""."""
    if is_no_content(block.element):
        return "HTML's own chrome"
    hidden = is_hidden(block.element)
    if hidden and block.mark in view.profile.shared:
        return "hidden and repeated"
    if block.size <= rules.HIDDEN_LABEL.threshold and (hidden or is_marked_hidden(block.element)):
        return "" if opens_by_a_click(block.element) else "hidden label"
    bar = _rule_of_bar(block, view)
    if bar:
        return bar
    if _is_menu(block, view.profile):
        return "menu"
    return "list of the page's headings" if _lists_headings(block, view) else ""


def _rule_of_bar(block: Block, view: _View) -> str:
    if not is_bar(block):
        return ""
    if any(map(is_next_or_previous, block.links)):
        return "links to the neighbours"
    if block.kind in view.profile.bars and is_link_list(block):
        return "bar of links"
    return "repeated bar of links" if _is_repeated_bar(block, view.profile) else ""


def _is_bar_of_site(block: Block, profile: Profile) -> bool:
    """True for the kind of bar the site has, and for any that calls its links next and previous."""
    if not is_bar(block):
        return False
    if any(map(is_next_or_previous, block.links)):
        return True
    return not profile.bars.isdisjoint((block.path, block.kind)) and not is_record(block)


def _is_repeated_bar(block: Block, profile: Profile) -> bool:
    """True for links in the text that many pages have, unless they belong to what the text says.

    Links under a heading of their own do, and so do links in a repeated section that has other text as well.
    """
    if block.mark not in profile.shared or block.size < rules.REPEATED_BAR.threshold or not is_link_list(block):
        return False
    if block.tag == "p" and words_of(block.element).endswith(_SENTENCE_ENDS):
        return False
    if block.parent is None or block.parent.tag not in CONTAINERS:
        return False
    if _is_headed(block):
        return False
    sections = (box for box in block.ancestors() if box.headings and box.mark in profile.shared)
    return all(map(is_link_list, sections))


def _is_menu(block: Block, profile: Profile) -> bool:
    """True for more links than a bar has that other pages show too, whatever page each of them marks as its own."""
    if block.tag not in CONTAINERS or block.size <= rules.BAR_WORDS.threshold or block.headings:
        return False
    return block.linked >= rules.MOSTLY.threshold * block.size and _is_mostly_repeated(block, profile)


def _is_mostly_repeated(block: Block, profile: Profile) -> bool:
    return _repeated_words(block, profile) >= rules.MOSTLY.threshold * block.size


def _repeated_words(block: Block, profile: Profile) -> int:
    """Words of the block that stand in blocks which many pages repeat."""
    if block.mark in profile.shared:
        return block.size
    return sum(_repeated_words(child, profile) for child in block.children)


def _is_headed(block: Block) -> bool:
    """True where a heading stands right before the block, and other text of the same box before that.

    Where the box has text outside its blocks, that is what the heading announces. A section of the text has a box to
    itself (docutils).
    """
    box = block.parent
    if box is None or box.words or block.place == 0:
        return False
    if box.filled[block.place - 1].tag not in HEADINGS:
        return False
    is_section_of_text = box.tag == "section" and "id" in box.element.attrib and "class" not in box.element.attrib
    return block.place > 1 or (box.place > 0 and is_section_of_text)


def _lists_headings(block: Block, view: _View) -> bool:
    """True for a box with a list of the page's own headings: a book has its contents elsewhere."""
    if block.tag not in CONTAINERS or block.headings > 1 or not is_link_list(block):
        return False
    links = list(chain.from_iterable(inner.links for inner in block.walk()))
    if len(links) < rules.HEADINGS_LISTED.threshold:
        return False
    if block.size - block.linked > rules.BESIDE_HEADINGS.threshold * len(links):
        return False
    if any(target_of(link, view.page.base) != view.page.url for link in links):
        return False
    headings = sum(tuple(words(text_of(link))) in view.headings for link in links)
    return headings >= rules.MOSTLY.threshold * len(links)


def _margin(blocks: Iterable[Block], view: _View, *, step: int = 1) -> Iterator[Block]:
    """Repeated blocks before or after all that is the page's own; a repeated section with a heading is content.

    Args:
        blocks: those of one box, from its margin inwards.
        view: the page.
        step: 1 from the beginning, where a trail may lead to the page; -1 from the end.
    """
    for block in blocks:
        if not block.size or _is_heading(block) or is_chrome(block.element):
            continue
        if _is_of_margin(block, view, step):
            yield block
            continue
        is_box = block.tag in CONTAINERS and block.mark not in view.profile.shared
        if is_box and (block.size > rules.BAR_WORDS.threshold or not is_record(block)):
            yield from _margin(block.children[::step], view, step=step)
        return


def _is_call_to_action(block: Block, profile: Profile) -> bool:
    """True for a box with a title, a line or two and a link, the same on many pages: "Start your trial".

    Where boxes like it stand beside it, it is one of the text's sections.
    """
    if not block.kind or block.tag not in ("aside", "div", "footer") or block.mark not in profile.shared:
        return False
    if block.headings != 1 or not 0 < block.linked < block.size <= rules.BAR_TEXT.threshold:
        return False
    beside = block.parent.children if block.parent else []
    return sum(other.path == block.path for other in beside) <= 1


def _is_heading(block: Block) -> bool:
    """True for a heading, and for a box with nothing else in it."""
    if block.tag in HEADINGS:
        return True
    return 0 < block.headings <= block.size <= rules.BAR_WORDS.threshold and _words_of_text(block) == 0


def _is_of_margin(block: Block, view: _View, step: int) -> bool:
    if not is_bar(block):
        return step < 0 and _is_call_to_action(block, view.profile)
    if _is_notice(block, view.profile) and (step > 0 or not _is_headed(block)):
        return True
    if _is_bar_of_site(block, view.profile) or _leads_to_neighbours(block, view):
        return True
    return step > 0 and _is_trail(block, view)


def _is_notice(block: Block, profile: Profile) -> bool:
    """True for what others say at this place, or say in all but their dates; records and code are each page's own."""
    element = block.element
    if len(element) == 1 and element[0].tag in ("code", "pre") and words_of(element[0]) == words_of(element):
        return False
    if block.mark in profile.shared:
        return block.tag != "dl" or is_link_list(block)
    return _is_templated(block, profile) and not is_record(block)


def _is_templated(block: Block, profile: Profile) -> bool:
    return not profile.templated.isdisjoint(places_of(block))


def _is_templated_text(block: Block, profile: Profile) -> bool:
    """True for prose that other pages say in nearly, but not quite, the same words."""
    if is_no_content(block.element) or is_hidden(block.element):
        return False
    return block.mark not in profile.shared and not is_link_list(block) and _is_templated(block, profile)


def _is_trail(block: Block, view: _View) -> bool:
    """True for links to other pages, and beside them nothing but the page's title: the way from the start page."""
    if block.tag == "p" or not view.page.title:
        return False
    targets = targets_of(block, view.page.base)
    if view.page.url in targets[:-1] or not set(targets) - {view.page.url}:
        return False
    return share_host(filter(None, targets), view.page.url) and all(
        says_only(inner, view.page.title) for inner in block.walk()
    )


def _leads_to_neighbours(block: Block, view: _View) -> bool:
    """True for a block of a few links most of which lead to the page's neighbours, or nowhere; no sentence."""
    if block.tag == "p" or not is_link_list(block):
        return False
    targets = targets_of(block, view.page.base)
    if len(targets) > rules.NEIGHBOURS.threshold:
        return False
    near = sum(target in view.neighbours or target == view.page.url for target in targets)
    return near >= rules.LINK_LIST.threshold * len(targets) and not view.neighbours.isdisjoint(targets)
