"""Which element of a page holds its content.

Every block's words count for the root (the page's own words) or against it (words many pages repeat, words in
lists of links); the root is the element with the best balance. Words that trafilatura takes for content weigh
most, so that comments and teasers, which are a page's own too, do not draw the root upwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, pairwise

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import is_bar
from sitebookify.book.extract.body import as_lxml_html
from sitebookify.book.extract.chrome import is_chrome, is_discussion
from sitebookify.book.extract.outline import Block, says_only
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.titles import title_words
from sitebookify.book.extract.words import words
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import BOXES, HEADINGS
from sitebookify.book.tree import Element, words_of
from sitebookify.messages import Message

ROOTS = BOXES - {"address", "dialog", "fieldset", "footer", "header", "hgroup", "nav", "search"} | {"td", "span"}
"""Elements that can be a root: no parts of a page but its content, and old pages' cells and spans."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Words of a subtree that speak for and against it as content."""

    gain: float
    noise: float

    @property
    def value(self) -> float:
        """What is left."""
        return self.gain - self.noise


def balances(
    page: Block,
    void: AbstractSet[int],
    shared: Collection[int],
    confirmed: set[str] | None,
    title: AbstractSet[str] = frozenset(),
) -> dict[Block, Balance]:
    """The balance of every block of the page.

    Args:
        page: the outline of the body.
        void: paths that are removed from the content anyway: they count neither way.
        shared: marks of blocks that many pages repeat.
        confirmed: pairs of words of the text that trafilatura extracts; None where it found nothing.
        title: words of the page's ``title``. A block that says no others beside its links counts neither way, like
            a heading of the first level: the title is put before the content where it stands outside.
    """
    gains: dict[Block, float] = {}
    noises: dict[Block, float] = {}
    order: list[Block] = []
    stack = [(page, False, False)]
    while stack:
        block, repeated, tabled = stack.pop()
        order.append(block)
        gains[block] = noises[block] = 0.0
        if (
            (is_bar(block) and not void.isdisjoint((block.path, block.kind)))
            or is_chrome(block.element)
            or is_discussion(block.element)
            or is_hidden(block.element)
        ):
            continue
        repeated = repeated or block.mark in shared
        tabled = tabled or _has_headed_columns(block.element)
        own = len(block.words)
        if repeated or (own and not tabled and _is_link_list(block)):
            noises[block] = own
        elif own and block.element.tag != "h1" and not says_only(title, block):
            gains[block] = own * _weight(block, confirmed)
        stack.extend((child, repeated, tabled) for child in block.children)
    for block in reversed(order):
        if block.parent in gains:
            gains[block.parent] += gains[block]
            noises[block.parent] += noises[block]
    return {block: Balance(gains[block], noises[block]) for block in order}


def _has_headed_columns(element: Element) -> bool:
    """True for a table whose first row heads several columns: its links are data, as in an index of pages."""
    row = next(element.iter("tr"), None) if element.tag == "table" else None
    return row is not None and len(row) > 1 and all(cell.tag == "th" and words_of(cell) for cell in row)


def _is_link_list(block: Block) -> bool:
    return block.own_linked >= rules.LINK_LIST.threshold * len(block.words)


def _weight(block: Block, confirmed: set[str] | None) -> float:
    if confirmed is None or block.element.tag in HEADINGS:
        return 1.0
    pairs = word_pairs(block.words)
    confirming = sum(pair in confirmed for pair in pairs)
    return 1.0 if confirming >= rules.CONFIRMED.threshold * len(pairs) else rules.UNCONFIRMED.threshold


def word_pairs(text: Sequence[str]) -> Sequence[str]:
    """Each word with the next."""
    return [f"{first} {second}" for first, second in pairwise(text)] or text


def confirmed_by_trafilatura(document: Element, size: int) -> set[str] | None:
    """Pairs of words of the text trafilatura extracts, or None where that is next to nothing of ``size`` words.

    Of very large pages nothing is asked.
    """
    if sum(1 for _ in islice(document.iter(), rules.MOST_ELEMENTS.count + 1)) > rules.MOST_ELEMENTS.count:
        return None
    import trafilatura  # noqa: PLC0415 - slow and large, and only worker processes need it

    page = as_lxml_html(document)
    text = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True) or ""
    content = words(text)
    return set(word_pairs(content)) if len(content) >= rules.LEAST_CONFIRMED.threshold * size else None


def choose_root(document: Element, page: Block, profile: Profile) -> tuple[Block, Message | None]:
    """The block that holds the page's content, and why that is doubtful (None where it is not).

    The block's ``rule`` says what chose it.
    """
    void = profile.bars | profile.templated
    title = title_words(document)
    balance = balances(page, void, profile.shared, None, title)
    templates = [block for block in balance if block.path in profile.roots]
    template = best_block(templates, balance, rules.HELD.threshold)
    template = template or best_block(templates, balance, rules.TRUSTED.threshold)
    if template:
        root = _with_its_like(_with_heading(template, templates, balance), balance)
        root.rule = "learned root"
        return root, None
    confirmed = confirmed_by_trafilatura(document, page.size)
    balance = balances(page, void, profile.shared, confirmed, title)
    box = best_block(balance, balance, rules.HELD.threshold) if balance[page].gain else None
    if box is not None:
        box = _within_article(box, page, balance, title)
    if box is None:
        page.rule = "whole page"
        return page, Message("doubt.no_main_text")
    box.rule = "balance of own words and links" + (" with trafilatura" if confirmed else "")
    return box, Message("doubt.unlike_others") if profile.roots or not confirmed else None


def _within_article(box: Block, page: Block, balance: dict[Block, Balance], title: AbstractSet[str]) -> Block | None:
    """The best box of the only article that begins with the page's heading, where ``box`` is larger than that.

    What stands around an article, teasers and tickers, may be the page's own words too.
    """
    articles = [block for block in page.walk() if block.element.tag == "article" and _is_headed(block, title)]
    articles = [block for block in articles if not any(up.element.tag == "article" for up in block.ancestors())]
    article = best_block(articles, balance, rules.TRUSTED.threshold) if len(articles) == 1 else None
    if article is None or box not in article.ancestors():
        return box
    inside = {block: balance[block] for block in article.walk() if block in balance}
    return best_block(inside, inside, rules.HELD.threshold)


def _is_headed(article: Block, title: AbstractSet[str]) -> bool:
    heading = next((block for block in article.walk() if block.element.tag in HEADINGS and block.size), None)
    if heading is None:
        return False
    return heading.element.tag == "h1" or (bool(title) and title >= set(heading.words))


def best_block(candidates: Iterable[Block], balance: dict[Block, Balance], least: float) -> Block | None:
    """The candidate with the best balance, of equals the innermost, that holds ``least`` of the page's own words."""
    whole = max(weighed.gain for weighed in balance.values())
    boxes = [block for block in candidates if block.element.tag in ROOTS and balance[block].gain >= least * whole]
    return max(boxes, key=lambda block: (balance[block].value, -block.size), default=None)


def _with_heading(root: Block, templates: Collection[Block], balance: dict[Block, Balance]) -> Block:
    """The root, or the nearest template around it that holds the page's heading, which the root does not, and text.

    Pages of one kind have much in the box that is all of another kind's: methods beside what a class inherits.
    """
    inside = set(root.walk())
    if any(block.element.tag == "h1" for block in inside):
        return root
    around = [block for block in root.ancestors() if block in templates]
    box = next((box for box in around if any(block.element.tag == "h1" for block in box.walk())), root)
    more = [block for block in box.walk() if block not in inside and block in balance]
    return box if any(_is_text(block) for block in more) else root


def _is_text(block: Block) -> bool:
    """True for a paragraph or the like, and for as many words as a sentence; dates and labels stand in plain boxes."""
    if block.element.tag in HEADINGS or not block.words or _is_link_list(block):
        return False
    return block.element.tag not in ROOTS or len(block.words) - block.own_linked >= rules.SENTENCE.threshold


def _with_its_like(root: Block, balance: dict[Block, Balance]) -> Block:
    """The root, or its parent where several of the root's kind stand side by side, each with text of its own."""
    siblings = root.parent.children if root.parent else []
    alike = [block for block in siblings if block.path == root.path and block in balance and balance[block].value > 0]
    return root.parent if root.parent and len(alike) > 1 else root
