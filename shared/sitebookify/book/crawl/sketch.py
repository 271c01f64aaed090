"""Sketches: small fingerprints of pages by which the same page under another URL is recognised.

A page's blocks are its pieces of running text, outside navigation, links and scripts. A sketch keeps the ``K``
smallest of their hashes (bottom-k sketch, Broder 1997): enough to estimate which share of their blocks two pages
have in common, exact for pages of up to ``K`` blocks.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Self

from lxml import etree

K = 32
_SHORTEST = 16  # characters of a block
_CHROME = frozenset({"title", "nav", "header", "footer", "aside", "svg", "a"})
_INVISIBLE = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A page's fingerprint.

    ``text`` is the hash of all its text and pictures, ``name`` that of its title and first heading, 0 where it has
    neither. ``smallest`` are the smallest 32-bit hashes of its distinct blocks, ascending, ``blocks`` how many
    blocks there are, ``characters`` the length of its running text.
    """

    text: int
    name: int
    blocks: int
    characters: int
    smallest: tuple[int, ...]

    def to_json(self) -> list[Any]:
        """A compact form: four numbers and base64."""
        packed = b64encode(array("I", self.smallest).tobytes()).decode()
        return [self.text, self.name, self.blocks, self.characters, packed]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """The inverse of `to_json`."""
        text, name, blocks, characters, packed = data
        smallest = tuple(array("I", b64decode(packed)))
        return cls(text=text, name=name, blocks=blocks, characters=characters, smallest=smallest)


def sketch_of(root: etree._Element) -> tuple[Sketch, frozenset[int]]:
    """The sketch of a parsed page, and the 32-bit hashes of all its blocks."""
    texts = list(_texts(root))
    blocks = _blocks(texts)
    seen = [text for text, _ in texts] + [img.get("src") or "" for img in root.iter("img")]
    sketch = Sketch(
        text=_hash("\n".join(seen), 6),
        name=_name(root),
        blocks=len(blocks),
        smallest=tuple(sorted(blocks)[:K]),
        characters=sum(len(text) for text, running in texts if running),
    )
    return sketch, blocks


def _blocks(texts: Iterable[tuple[str, bool]]) -> frozenset[int]:
    return frozenset(_hash(text) for text, running in texts if running and len(text) >= _SHORTEST)


def _name(root: etree._Element) -> int:
    name = "\n".join(_first_text(root, tag) for tag in ("title", "h1"))
    return _hash(name) if name.strip() else 0


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
