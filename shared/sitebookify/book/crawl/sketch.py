"""Sketches: small fingerprints of pages by which the same page under another URL is recognised.

A page's blocks are its pieces of running text, outside navigation, links and scripts. A sketch keeps the smallest of
their hashes, `SKETCH_SIZE` of them (bottom-k sketch, Broder 1997): enough to estimate which share of their blocks two
pages have in common, exact for pages of up to so many blocks.
"""

from __future__ import annotations

from hashlib import blake2b

from sitebookify.book.crawl.crawled_page import SKETCH_SIZE, Sketch
from sitebookify.book.html.vocabulary import SILENT
from sitebookify.book.tree import Element, words_of

_SHORTEST = 16  # characters of a block
_CHROME = frozenset(("title", "nav", "header", "footer", "aside", "svg", "a"))
"""Elements whose text is visible and distinguishes pages, but may change while the page stays the same."""
_INVISIBLE = SILENT - {"title", "svg"}


def sketch_of(root: Element) -> tuple[Sketch, frozenset[int]]:
    """The sketch of a parsed page, and the 32-bit hashes of all its blocks."""
    texts = texts_of(root)
    blocks = frozenset(_hash(text) for text, running in texts if running and len(text) >= _SHORTEST)
    seen = [text for text, _ in texts] + [img.get("src") or "" for img in root.iter("img")]
    sketch = Sketch(
        text=_hash("\n".join(seen), 6),
        name=_name(root),
        blocks=len(blocks),
        smallest=tuple(sorted(blocks)[:SKETCH_SIZE]),
        characters=sum(len(text) for text, running in texts if running),
    )
    return sketch, blocks


def _name(root: Element) -> int:
    title, heading = (next(root.iter(tag), None) for tag in ("title", "h1"))
    name = "\n".join("" if element is None else words_of(element) for element in (title, heading))
    return _hash(name) if name.strip() else 0


def texts_of(root: Element) -> list[tuple[str, bool]]:
    """The visible text nodes in document order, white space collapsed, and whether each is running text."""
    texts: list[tuple[str, bool]] = []
    _collect(root, texts, running=True)
    return texts


def _collect(element: Element, texts: list[tuple[str, bool]], *, running: bool) -> None:
    """The texts below the element; a tree is no deeper than a page may be (`html.parser.DEEPEST`)."""
    for child in element:
        tag = child.tag
        if tag not in _INVISIBLE:
            text, runs = child.text, running and tag not in _CHROME
            if text and not text.isspace():
                texts.append((" ".join(text.split()), runs))
            if len(child):
                _collect(child, texts, running=runs)
        tail = child.tail
        if tail and not tail.isspace():
            texts.append((" ".join(tail.split()), running))


def _hash(text: str, size: int = 4) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest(), "big")
