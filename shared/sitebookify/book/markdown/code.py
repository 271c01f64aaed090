"""Code that stands by itself does not go through pandoc: it takes as long there as prose, and comes out as it was.

Of a book with much code this saves a quarter of pandoc's time. Code inside lists and tables, which Markdown indents,
is left to pandoc.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from sitebookify.book.tree import Element, make, replace, text_of, to_html

_NAMED = re.compile(r"language-[A-Za-z][A-Za-z0-9_+-]*")


@dataclass(frozen=True, slots=True)
class Held:
    """Blocks of code in the order of the page; ``mark`` with a number stands in each one's place."""

    mark: str
    blocks: list[str]

    def restored(self, markdown: str) -> str:
        """The Markdown with the code back in its places."""
        if not self.blocks:
            return markdown
        return re.sub(rf"^{self.mark}(\d+)x$", lambda found: self.blocks[int(found[1])], markdown, flags=re.MULTILINE)


def hold_back(root: Element) -> Held:
    """Take blocks of code out of the top level of the fragment and leave a paragraph with a mark in place of each."""
    found = [(block, fenced) for block in root.iterchildren("pre") if (fenced := _fenced(block))]
    if not found:
        return Held("", [])
    # Nobody can write it into the page itself.
    mark = f"x{hashlib.sha256(to_html(root).encode()).hexdigest()[:24]}x"
    for number, (block, _) in enumerate(found):
        replace(block, make("p", f"{mark}{number}x"))
    return Held(mark, [fenced for _, fenced in found])


def _fenced(block: Element) -> str:
    """The code as pandoc writes it; "" for what is better left to it."""
    code = block.find("code")
    name = (code.get("class") or "") if code is not None else ""
    text = text_of(block).removesuffix("\n").removesuffix("\n")
    if (
        len(block) != 1
        or code is None
        or len(code)
        or block.text
        or code.tail
        or not text.strip()
        or block.get("class")
    ):
        return ""
    if not _NAMED.fullmatch(name) or "\r" in text:
        return ""
    ticks = [len(line.strip()) for line in text.split("\n") if set(line.strip()) == {"`"}]
    fence = "`" * max([3, *(n + 1 for n in ticks)])
    return f"{fence} {name.removeprefix('language-')}\n{text}\n{fence}"
