"""Which element of a page holds its content.

Every block's words count for the root (the page's own words) or against it (words many pages repeat, words in
lists of links); the root is the element with the best balance. Words that trafilatura takes for content weigh
most, so that comments and teasers, which are a page's own too, do not draw the root upwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from sitebookify.book.extract import rules
from sitebookify.book.extract.bars import is_bar
from sitebookify.book.extract.body import as_lxml_html
from sitebookify.book.extract.chrome import is_no_content
from sitebookify.book.extract.outline import Block, OutlinedPage, says_only
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.words import words
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import BOXES, HEADINGS
from sitebookify.book.tree import Element, exceeds, words_of
from sitebookify.messages import Message

ROOTS = BOXES - {"address", "dialog", "fieldset", "footer", "header", "hgroup", "nav", "search"} | {"td", "span"}
"""Elements that can be a root: no parts of a page but its content, and old pages' cells and spans."""


@dataclass(slots=True)
class Balance:
    """Words of a subtree that speak for and against it as content."""

    gain: float = 0.0
    noise: float = 0.0

    @property
    def value(self) -> float:
        """What is left."""
        return self.gain - self.noise


def balances(page: OutlinedPage, profile: Profile, confirmed: set[str] | None = None) -> dict[Block, Balance]:
    """The balance of every block of the page.

    ``confirmed`` are pairs of words of the text that trafilatura extracts; None where it found nothing. What is removed
    from the content anyway counts neither way; nor does a block that says no words but the title's beside its links,
    like a heading of the first level: the title is put before the content where it stands outside.
    """
    void = profile.bars | profile.templated
    balance: dict[Block, Balance] = {}
    stack = [(page.outline, False, False)]
    while stack:
        block, repeated, tabled = stack.pop()
        own = balance[block] = Balance()
        is_removed = is_bar(block) and not void.isdisjoint((block.path, block.kind))
        if is_removed or is_no_content(block.element) or is_hidden(block.element):
            continue
        repeated = repeated or block.mark in profile.shared
        tabled = tabled or _has_headed_columns(block.element)
        if repeated or (not tabled and _is_link_list(block)):
            own.noise = len(block.words)
        elif block.words and block.tag != "h1" and not says_only(block, page.title):
            own.gain = len(block.words) * _weight(block, confirmed)
        stack.extend((child, repeated, tabled) for child in block.children)
    for block in reversed(balance):
        around = balance.get(block.parent) if block.parent else None
        if around is not None:
            around.gain += balance[block].gain
            around.noise += balance[block].noise
    return balance


def _has_headed_columns(element: Element) -> bool:
    """True for a table whose first row heads several columns: its links are data, as in an index of pages."""
    if element.tag != "table":
        return False
    row = next(element.iter("tr"), ())
    return len(row) > 1 and all(cell.tag == "th" and words_of(cell) for cell in row)


def _is_link_list(block: Block) -> bool:
    return block.own_linked >= rules.LINK_LIST.threshold * len(block.words)


def _weight(block: Block, confirmed: set[str] | None) -> float:
    if confirmed is None or block.tag in HEADINGS:
        return 1.0
    pairs = _word_pairs(block.words)
    confirming = sum(pair in confirmed for pair in pairs)
    is_confirmed = confirming >= rules.CONFIRMED.threshold * len(pairs)
    return 1.0 if is_confirmed else rules.UNCONFIRMED.threshold


def _word_pairs(text: Sequence[str]) -> Sequence[str]:
    """Each word with the next."""
    return [f"{first} {second}" for first, second in pairwise(text)] or text


def confirmed_by_trafilatura(document: Element, size: int) -> set[str] | None:
    """Pairs of words of the text trafilatura extracts, or None where that is next to nothing of ``size`` words.

    Of very large pages nothing is asked.
    """
    if exceeds(document.iter(), rules.MOST_ELEMENTS.count):
        return None
    import trafilatura  # noqa: PLC0415 - slow and large, and only worker processes need it

    page = as_lxml_html(document)
    text = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True) or ""
    content = words(text)
    if len(content) < rules.LEAST_CONFIRMED.threshold * size:
        return None
    return set(_word_pairs(content))


def choose_root(page: OutlinedPage, profile: Profile) -> tuple[Block, Message | None]:
    """The block that holds the page's content, and why that is doubtful (None where it is not).

    The block's ``rule`` says what chose it.
    """
    root = _learned_root(balances(page, profile), profile.roots)
    if root is not None:
        root.rule = "learned root"
        return root, None
    confirmed = confirmed_by_trafilatura(page.document, page.outline.size)
    root = _best_box(page, balances(page, profile, confirmed))
    if root is None:
        page.outline.rule = "whole page"
        return page.outline, Message("doubt.no_main_text")
    root.rule = "balance of own words and links" + (" with trafilatura" if confirmed else "")
    return root, Message("doubt.unlike_others") if profile.roots or not confirmed else None


def _learned_root(balance: dict[Block, Balance], paths: Collection[int]) -> Block | None:
    """The best block at one of the paths of roots, or a box around it; None where none has enough."""
    templates = [block for block in balance if block.path in paths]
    for least in (rules.HELD, rules.TRUSTED):
        template = _best_block(templates, balance, least.threshold)
        if template is not None:
            return _with_its_like(_with_heading(template, templates, balance), balance)
    return None


def _best_box(page: OutlinedPage, balance: dict[Block, Balance]) -> Block | None:
    """The page's best box; that of the article where one begins with the page's heading and the box is larger.

    What stands around an article, teasers and tickers, may be the page's own words too.
    """
    if not balance[page.outline].gain:
        return None
    box = _best_block(balance, balance, rules.HELD.threshold)
    article = _only_article(page, balance)
    if box is None or article is None or box not in article.ancestors():
        return box
    inside = {block: balance[block] for block in article.walk() if block in balance}
    return _best_block(inside, inside, rules.HELD.threshold)


def _only_article(page: OutlinedPage, balance: dict[Block, Balance]) -> Block | None:
    """The outermost article that begins with the page's heading, if it is the only one and holds most of the page."""
    articles = [block for block in page.outline.walk() if block.tag == "article"]
    headed = [article for article in articles if _is_headed(article, page.title) and not _is_in_article(article)]
    return _best_block(headed, balance, rules.TRUSTED.threshold) if len(headed) == 1 else None


def _is_in_article(block: Block) -> bool:
    return any(box.tag == "article" for box in block.ancestors())


def _is_headed(article: Block, title: AbstractSet[str]) -> bool:
    headings = (block for block in article.walk() if block.size and block.tag in HEADINGS)
    heading = next(headings, None)
    if heading is None:
        return False
    return heading.tag == "h1" or (bool(title) and title >= set(heading.words))


def _best_block(candidates: Iterable[Block], balance: dict[Block, Balance], least: float) -> Block | None:
    """The candidate with the best balance, of equals the innermost, that holds ``least`` of the page's own words."""
    whole = max(weighed.gain for weighed in balance.values())
    roots = [block for block in candidates if block.tag in ROOTS]
    boxes = [block for block in roots if balance[block].gain >= least * whole]
    return max(boxes, key=lambda block: (balance[block].value, -block.size), default=None)


def _with_heading(root: Block, templates: Collection[Block], balance: dict[Block, Balance]) -> Block:
    """The root, or the nearest template around it that holds the page's heading, which the root does not, and text.

    Pages of one kind have much in the box that is all of another kind's: methods beside what a class inherits.
    """
    if _has_title(root):
        return root
    around = (block for block in root.ancestors() if block in templates)
    box = next(filter(_has_title, around), root)
    inside = set(root.walk())
    adds_text = any(_is_text(block) for block in box.walk() if block in balance and block not in inside)
    return box if adds_text else root


def _has_title(box: Block) -> bool:
    return any(block.tag == "h1" for block in box.walk())


def _is_text(block: Block) -> bool:
    """True for a paragraph or the like, and for as many words as a sentence; dates and labels stand in plain boxes."""
    if block.tag in HEADINGS or not block.words or _is_link_list(block):
        return False
    return block.tag not in ROOTS or len(block.words) - block.own_linked >= rules.SENTENCE.threshold


def _with_its_like(root: Block, balance: dict[Block, Balance]) -> Block:
    """The root, or its parent where several of the root's kind stand side by side, each with text of its own."""
    if root.parent is None:
        return root
    like = [block for block in root.parent.children if block.path == root.path and block in balance]
    with_text = [block for block in like if balance[block].value > 0]
    return root.parent if len(with_text) > 1 else root
