"""What is known of a page while its document is built: its ids, its notes, and what is around the element at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import cast

from sitebookify.book.document.nodes import Attr, Direction
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, text_of, without_controls

DEEPEST = 60
"""Elements nested deeper give up their tags: no author wrote them."""
_BLOCK_TAGS = (
    "aside blockquote caption dd details div dl dt figcaption figure hr li ol p pre section summary table tbody td "
    "tfoot th thead tr ul"
)
BLOCKS = frozenset((*HEADINGS, *_BLOCK_TAGS.split()))
"""Names of elements; in a line they are set apart by spaces."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_INTEGER = re.compile(r"-?[0-9]{1,6}")
_NO_ATTR = Attr()
_NAMELESS = nullcontext()


class PageState:
    """One page. ``notes`` are the elements of its notes by id, ``called`` the ids of those that were called so far."""

    def __init__(self, root: Element, url: str) -> None:
        self.url = url
        self.notes = {
            str(item.get("id")): item
            for item in root.iter("li")
            if item.get("id") and item.get("role") == "doc-endnote" and _is_in_notes(item)
        }
        self.called: dict[str, None] = {}
        self._taken: set[str] = set()
        self._around: list[str] = []

    def is_note(self, node: Element) -> bool:
        """True for the element that holds a note."""
        return self.notes.get(node.get("id") or "") is node

    def leads_to_note(self, target: str) -> bool:
        """True for the URL of a note of the page."""
        page, _, name = target.partition("#")
        return page == self.url and name in self.notes

    def inside(self, node: Element) -> AbstractContextManager[None]:
        """While what the element holds is built."""
        identifier = node.get("id")
        return self._named(identifier) if identifier else _NAMELESS

    @contextmanager
    def _named(self, identifier: str) -> Iterator[None]:
        self._around.append(identifier)
        yield
        self._around.pop()

    def leads_here(self, link: Element, target: str) -> bool:
        """True for a link to itself or to something around it: it serves for copying its URL."""
        page, _, name = target.partition("#")
        return bool(name) and page == self.url and name in (link.get("id"), *self._around)

    def attr(self, node: Element) -> Attr | None:
        """The element's attributes, None where it has none; an id counts for the first element that has it."""
        if not node.attrib:
            return None
        identifier = without_controls(node.get("id") or "").strip()
        if identifier in self._taken:
            identifier = ""
        elif identifier:
            self._taken.add(identifier)
        direction = node.get("dir") or ""
        attr = Attr(
            id=identifier,
            lang=language_tag(node.get("lang") or ""),
            dir=cast("Direction", direction if direction in ("ltr", "rtl") else ""),
        )
        return attr if attr != _NO_ATTR else None


def language_tag(tag: str) -> str:
    """The tag where it looks like BCP 47, else ""."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def integer(value: str | None) -> int | None:
    """The number of up to six digits that an attribute states, or None."""
    return int(value) if value and _INTEGER.fullmatch(value.strip()) else None


def on_one_line(text: str) -> str:
    """Text with white space collapsed, without what XML forbids."""
    return " ".join(without_controls(text).split())


def bare_text(node: Element) -> str:
    """All that the element says, on one line."""
    return on_one_line(text_of(node))


def _is_in_notes(item: Element) -> bool:
    return any(box.get("role") == "doc-endnotes" for box in item.iterancestors("section"))
