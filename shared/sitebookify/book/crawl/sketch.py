"""Sketches: small fingerprints of pages by which the same page under another URL is recognised.

A page's blocks are its pieces of running text (outside navigation, links and scripts). Two pages are the same where
all their text is, or where title, first heading and nearly all blocks are. The share of blocks two pages have in
common is estimated from the ``K`` smallest hashes of each (bottom-k sketch, Broder 1997); up to ``K``
blocks it is exact.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from lxml import etree

K = 32
SAME = 0.9  # share of common blocks from which pages of one title are the same
_FEWEST = 4  # blocks that a page must have to be judged by them
_SHORTEST = 16  # characters of a block
_CHROME = frozenset({"nav", "header", "footer", "aside", "svg", "a"})
_INVISIBLE = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A page's fingerprint: of all its text and pictures, of its title and heading, and of its blocks.

    ``smallest`` are the smallest 32-bit hashes of its distinct blocks, ascending; ``blocks`` is how many there are,
    ``characters`` the length of its running text.
    """

    text: int
    name: int
    blocks: int
    smallest: tuple[int, ...]
    characters: int = 0

    def same_as(self, other: Sketch) -> bool:
        """True where both are one page under two URLs."""
        return self.text == other.text or (self.name == other.name and self.resembles(other))

    def resembles(self, other: Sketch) -> bool:
        """True where nearly all blocks are common, whatever the titles say."""
        if min(self.blocks, other.blocks) < _FEWEST:
            return False
        union = sorted({*self.smallest, *other.smallest})[:K]
        common = set(union) & set(self.smallest) & set(other.smallest)
        return len(common) >= SAME * len(union)

    def within(self, blocks: frozenset[int]) -> bool:
        """True where nearly all of this page's blocks are among these."""
        return self.blocks >= _FEWEST and sum(h in blocks for h in self.smallest) >= SAME * len(self.smallest)

    def to_json(self) -> list[int | str]:
        """A compact form: three numbers and base64."""
        return [self.text, self.name, self.blocks, b64encode(array("I", self.smallest).tobytes()).decode()]

    @classmethod
    def from_json(cls, data: list[int | str]) -> Self:
        """The inverse of `to_json`."""
        text, name, blocks, packed = data
        smallest = array("I", b64decode(str(packed)))
        return cls(text=int(text), name=int(name), blocks=int(blocks), smallest=tuple(smallest))


class SketchIndex:
    """The sketches of the pages kept so far, by URL."""

    def __init__(self) -> None:
        self.by_url: dict[str, Sketch] = {}
        self._by_text: dict[int, str] = {}
        self._by_name: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, url: str, sketch: Sketch) -> None:
        """Remember a kept page."""
        self.by_url[url] = sketch
        self._by_text.setdefault(sketch.text, url)
        self._by_name[sketch.name].append(url)

    def find(self, sketch: Sketch) -> str | None:
        """The kept page this is a copy of, or None."""
        if known := self._by_text.get(sketch.text):
            return known
        return next((url for url in self._by_name[sketch.name] if self.by_url[url].resembles(sketch)), None)


def sketch_of(root: etree._Element) -> Sketch:
    """The sketch of a parsed page."""
    texts = list(_texts(root))
    blocks = _blocks(texts)
    seen = [text for text, _ in texts] + [img.get("src") or "" for img in root.iter("img")]
    return Sketch(
        text=_hash("\n".join(seen), 6),
        name=_hash("\n".join(_first_text(root, tag) for tag in ("title", "h1"))),
        blocks=len(blocks),
        smallest=tuple(sorted(blocks)[:K]),
        characters=sum(len(text) for text, running in texts if running),
    )


def block_hashes(root: etree._Element) -> frozenset[int]:
    """32-bit hashes of the page's blocks."""
    return _blocks(_texts(root))


def _blocks(texts: Iterable[tuple[str, bool]]) -> frozenset[int]:
    return frozenset(_hash(text) for text, running in texts if running and len(text) >= _SHORTEST)


def _first_text(root: etree._Element, tag: str) -> str:
    element = next(root.iter(tag), None)
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def _texts(root: etree._Element) -> Iterator[tuple[str, bool]]:
    """The visible text nodes in document order, white space collapsed, and whether each is running text."""
    hidden = chrome = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag, step = element.tag, 1 if event == "start" else -1
        hidden += step * (tag in _INVISIBLE)
        chrome += step * (tag in _CHROME)
        text = element.text if event == "start" else element.tail
        if text and not hidden and (words := text.split()):
            yield " ".join(words), not chrome


def _hash(text: str, size: int = 4) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest(), "big")
