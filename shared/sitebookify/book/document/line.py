"""A line of a document while it is built: white space is collapsed as CSS does it in running text."""

from __future__ import annotations

import re
from itertools import dropwhile

from sitebookify.book.document.nodes import Block, Inline, Inlines, LineBreak, Plain
from sitebookify.book.tree import without_controls

_SPACES = re.compile("[ \t\n\r\f]{2,}|[\t\n\r\f]")
"""What becomes a space; a single space is one already."""
_C1 = re.compile("[\x80-\x9f]")


class LineBuilder:
    """Inlines as they come; ``in_link`` and ``in_code`` say what is around them.

    A space after a space, or at the beginning of the line or of one that follows a `LineBreak`, is none. A nested
    builder goes on from the line around it: ``spaced`` says that nothing or a space stands before it.
    """

    def __init__(self, *, spaced: bool = True, in_link: bool = False, in_code: bool = False) -> None:
        self.in_link = in_link
        self.in_code = in_code
        self._items: list[Inline] = []
        self._spaced = spaced

    def text(self, text: str | None) -> None:
        """Add text."""
        if not text:
            return
        if not text.isprintable() or "  " in text:  # what can be printed holds no other white space
            text = _SPACES.sub(" ", _readable(text))
        if self._spaced and text.startswith(" ") and not self.in_code:
            text = text[1:]
        if not text:
            return
        if self._items and isinstance(self._items[-1], str):
            self._items[-1] += text
        else:
            self._items.append(text)
        self._spaced = text.endswith(" ")

    def add(self, inline: Inline) -> None:
        """Add a node; one made of a nested builder takes over how that ended."""
        self._items.append(inline)
        self._spaced = _ends_in_space(inline)

    def end_line(self) -> None:
        """Add a line break, without the space before it."""
        _strip_end(self._items)
        self._items.append(LineBreak())
        self._spaced = True

    def nested(self, *, in_link: bool = False, in_code: bool = False) -> LineBuilder:
        """A builder for what an element of this line holds."""
        return LineBuilder(spaced=self._spaced, in_link=self.in_link or in_link, in_code=self.in_code or in_code)

    def unwrapped(self) -> Inlines:
        """The inlines as they are."""
        return tuple(self._items)

    def content(self) -> Inlines:
        """The inlines as a line of their own: no space or break at either end."""
        items = list(dropwhile(lambda item: isinstance(item, LineBreak), self._items))
        _strip_end(items)
        while items and isinstance(items[-1], LineBreak):
            items.pop()
            _strip_end(items)
        return tuple(items)

    def block(self) -> list[Block]:
        """The line as a block, if it says anything."""
        content = self.content()
        return [Plain(content)] if content else []


def _strip_end(items: list[Inline]) -> None:
    """Remove the space at the end of the last text."""
    last = items[-1] if items else None
    if isinstance(last, str) and last.endswith(" "):
        text = last.rstrip(" ")
        items[-1:] = [text] if text else []


def _readable(text: str) -> str:
    """The text without what XML forbids; numbers of Windows-1252 mean its letters, as HTML's parsers have it."""
    text = without_controls(text)
    return _C1.sub(_letter, text) if _C1.search(text) else text


def _letter(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", "ignore")


def _ends_in_space(inline: Inline) -> bool:
    while not isinstance(inline, str):
        content = getattr(inline, "content", ())
        if not content:
            return isinstance(inline, LineBreak)
        inline = content[-1]
    return inline.endswith(" ")
