"""A page as the crawl sees it: what worker processes read out of it, and the crawl decides by.

The process that decides reads no page, so what reads them is in modules of its own: `reading`, `post_entries` and
`sketch`.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Self

SKETCH_SIZE = 32
"""Hashes that a sketch keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What a page shows of other pages.

    ``posts`` are their URLs (normalized), each once, with their days (YYYY-MM-DD) or ""; ``share`` is the share of the
    page's running text (links elsewhere aside) that stands in them; ``continued``: the list goes on on further pages;
    ``led_on``: how many have an excerpt and a second link to the same page, or say how long ago they were written.
    """

    posts: tuple[tuple[str, str], ...] = ()
    share: float = 0.0
    continued: bool = False
    led_on: int = 0

    @property
    def dated(self) -> int:
        """How many have days."""
        return sum(bool(day) for _, day in self.posts)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page as the crawl sees it; all URLs are normalized.

    Attributes:
        encoding: that of its bytes, in the standard's spelling, such as ``euc-jp``.
        links: in order of appearance, each once, at most 50,000 and 8 MB of them.
        canonical: what the page calls its own URL, or "".
        refresh: where a ``<meta>``, or a script of an all but empty page, sends the reader within 5 s, or "".
        next: the page that follows it, or "".
        directives: those of `indexing` in its ``meta`` elements.
        language: the tag that it states, or "".
        alternates: its translations as (tag in lower case, URL), perhaps itself among them.
        blocks: the 32-bit hashes of all its blocks, four bytes each.
        says: hashes of what it says (`traps.said_by`) where its URL may be one of endlessly many.
        search: it is the site's search.
        framed: the page is a set of frames.
        banners: the pages in its small frames, some 20 at most.
        insets: the pages that it shows in an ``iframe``, three at most.
        beside_links: how many words it has beside links, up to some 40; in its ``main``, if it has one.
        own_links: if there are no more words, the links outside of its menus, header and footer.
        drawn: scripts draw the page, and it has nothing to read.
        twin: the URL of its Markdown then, or "".
        prints: the print views that it names as such, two at most.
    """

    encoding: str
    title: str
    links: tuple[str, ...]
    feeds: tuple[str, ...]
    canonical: str
    refresh: str
    next: str
    directives: frozenset[str]
    language: str
    alternates: tuple[tuple[str, str], ...]
    entries: Entries
    sketch: Sketch
    blocks: bytes
    says: frozenset[int] = frozenset()
    search: bool = False
    framed: bool = False
    banners: tuple[str, ...] = ()
    insets: tuple[str, ...] = ()
    beside_links: int = 0
    own_links: tuple[str, ...] = ()
    drawn: bool = False
    twin: str = ""
    prints: tuple[str, ...] = ()


def unpacked_blocks(packed: bytes) -> frozenset[int]:
    """The hashes in `Document.blocks`."""
    return frozenset(array("I", packed))
