"""A page as a tree of blocks with fingerprints, so that the pages of one site can be compared."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from sitebookify.book.extract.body import body_of
from sitebookify.book.extract.words import words
from sitebookify.book.html.addresses import page_of
from sitebookify.book.html.vocabulary import HEADINGS, PHRASING, PREFORMATTED, SILENT
from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element, classes_of, text_of, words_of

_LEAVES = PREFORMATTED | {"math", *HEADINGS}
"""Blocks whose inner blocks say nothing of the page's structure."""
_LABEL = 60
"""Characters of a label at most."""


@dataclass(slots=True, eq=False)
class Block:
    """A block of a page: ``text`` and ``links`` are its own, without those of the blocks inside it.

    ``path`` is the same for blocks at the same place of pages made from one template, ``kind`` for blocks that
    the template calls the same (0 where it gives no name), ``mark`` for blocks at one path with the same text.
    ``size``, ``linked`` and ``headings`` count the words, the words in links and the headings of the whole subtree.
    ``filled`` are the inner blocks that have words, ``place`` is the block's index among those of its box, -1 for one
    without words. ``rule`` is the one that chose the block as root, or that removes it.
    """

    element: Element
    tag: str
    parent: Block | None
    path: int
    kind: int = 0
    pieces: list[str] = field(default_factory=list)
    links: list[Element] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    filled: list[Block] = field(default_factory=list)
    place: int = -1
    words: Sequence[str] = ()
    own_linked: int = 0
    size: int = 0
    linked: int = 0
    headings: int = 0
    mark: int = 0
    rule: str = ""

    def walk(self) -> Iterator[Block]:
        """The block and all blocks inside it, in document order."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))

    def ancestors(self) -> Iterator[Block]:
        """The blocks around this one, the nearest first."""
        block = self.parent
        while block is not None:
            yield block
            block = block.parent


@dataclass(frozen=True, slots=True, eq=False)
class OutlinedPage:
    """A page: what its links are relative to, its URL, its tree, its body's outline, the words of its ``title``."""

    base: str
    url: str
    document: Element
    outline: Block
    title: AbstractSet[str]

    @classmethod
    def of(cls, base: str, document: Element, vocabulary: frozenset[str]) -> Self:
        """The page with the names of the ``vocabulary``, in the form that `body.box_lines` gives it."""
        title = frozenset(words(stated_title(document)))
        return cls(base, page_of(base), document, outline(body_of(document), vocabulary), title)


def stated_title(document: Element) -> str:
    """What the page's ``title`` says; "" where it has none."""
    return next(map(words_of, document.iter("title")), "")


def tokens_of(element: Element) -> list[str]:
    """The names a template gives an element: its classes and its id."""
    names = classes_of(element)
    identifiers = element.get("id", "").split()
    if identifiers:
        names.append(f"#{identifiers[0]}")
    return names


def fingerprint(*parts: object) -> int:
    """64 bits that are the same in every process."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest())


@short_cache(maxsize=50_000)
def step(name: str, path: int) -> int:
    """The path of an element called ``name`` inside the one at ``path``."""
    return fingerprint(path, name)


def outline(body: Element, vocabulary: frozenset[str]) -> Block:
    """The tree of blocks under ``body``."""
    root = Block(body, str(body.tag), None, step("body", 0))
    _fill(root, body, vocabulary)
    _sum_up(root)
    return root


def _fill(block: Block, element: Element, vocabulary: frozenset[str]) -> None:
    """Add the element's text and links to the block, and a block for each block element inside."""
    if element.text:
        block.pieces.append(element.text)
    for child in element:
        if child.tag not in SILENT:
            _add(block, child, vocabulary)
        if child.tail:
            block.pieces.append(child.tail)


def _add(block: Block, child: Element, vocabulary: frozenset[str]) -> None:
    if child.tag in PHRASING and not _holds_blocks(child):
        if child.tag == "a":
            block.links.append(child)
        _fill(block, child, vocabulary)
    elif block.tag in _LEAVES:
        block.pieces.append("\n")
        _fill(block, child, vocabulary)
    else:
        block.children.append(_inner_block(block, child, vocabulary))
        block.pieces.append("\n")


def _inner_block(box: Block, element: Element, vocabulary: frozenset[str]) -> Block:
    names = sorted(vocabulary.intersection(tokens_of(element)))
    name = " ".join([str(element.tag), *names])
    block = Block(element, str(element.tag), box, path=step(name, box.path), kind=step(name, 0) if names else 0)
    if element.tag == "a":
        block.links.append(element)
    _fill(block, element, vocabulary)
    _sum_up(block)
    return block


def _holds_blocks(element: Element) -> bool:
    return len(element) > 0 and any(child.tag not in PHRASING and child.tag not in SILENT for child in element)


def _sum_up(block: Block) -> None:
    """Totals from the block's own text and its inner blocks, which are summed up already."""
    block.words = _words("".join(block.pieces))
    texts = (text_of(link) if len(link) else link.text or "" for link in block.links)  # the second takes a tenth
    block.own_linked = sum(map(len, map(_words, texts)))
    block.size = len(block.words)
    block.linked = block.own_linked
    block.headings = int(block.tag in HEADINGS)
    marks: list[int] = []
    for child in block.children:
        block.size += child.size
        block.linked += child.linked
        block.headings += child.headings
        marks.append(child.mark)
        if child.size:
            child.place = len(block.filled)
            block.filled.append(child)
    if block.tag == "a":
        block.linked = block.size
    block.mark = fingerprint(block.path, *block.words, *marks)


def _words(text: str) -> Sequence[str]:
    return _words_of_label(text) if len(text) <= _LABEL else words(text)


@lru_cache(maxsize=4096)
def _words_of_label(text: str) -> Sequence[str]:
    """The entries of a site's menus are on every page."""
    return tuple(words(text))


def places_of(block: Block) -> list[int]:
    """The block's path, and that path as its box's first or last filled block: then it is one on a page."""
    places = [block.path]
    if block.parent is None or block.place < 0:
        return places
    if block.place == 0:
        places.append(step("first", block.path))
    if block.place == len(block.parent.filled) - 1:
        places.append(step("last", block.path))
    return places


def words_beside_links(block: Block) -> Counter[str]:
    """The block's own words that are not in its links."""
    beside = Counter(block.words)
    for link in block.links:
        beside.subtract(words(text_of(link)))
    return +beside


def says_only(block: Block, allowed: AbstractSet[str]) -> bool:
    """True where the block's own text, beside its links, has no other words than these."""
    return words_beside_links(block).keys() <= allowed
