"""A page as Markdown, whatever it holds: in one piece, in smaller pieces, or as bare text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import lxml.html

from sitebookify.book.links import anchor_name
from sitebookify.book.markdown import to_markdown
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.render.order import PageOrder
from sitebookify.book.tree import Element, text_of

_MARKS = re.compile(r"([\\`*_{}\[\]<>#+|~$!-])")


def markdown_of(root: Element, order: PageOrder, troubles: list[str]) -> str:
    """The page's Markdown; blocks that pandoc refuses come out as text, and ``troubles`` says so."""
    anchors = {name: _anchor(order.slug, name) for name in order.anchors}
    if root.text and root.text.strip():
        paragraph = lxml.html.Element("p")
        paragraph.text, root.text = root.text, None
        root.insert(0, paragraph)
    return "\n".join(_converted(list(root), anchors, f"{order.slug}-", troubles))


def _anchor(slug: str, name: str) -> str:
    return f"{slug}--{anchor_name(name)}"


def _converted(blocks: Sequence[Element], anchors: Mapping[str, str], prefix: str, troubles: list[str]) -> list[str]:
    html = "".join(lxml.html.tostring(block, encoding="unicode") for block in blocks)
    try:
        return [to_markdown(html, anchors=anchors, note_prefix=prefix)]
    except (PandocFailed, RecursionError) as error:
        if len(blocks) > 1:
            half = len(blocks) // 2
            first = _converted(blocks[:half], anchors, f"{prefix}a-", troubles)
            return first + _converted(blocks[half:], anchors, f"{prefix}b-", troubles)
        troubles.append(f"a block came into book.md as bare text: {error}")
        return [_MARKS.sub(r"\\\1", text_of(block)) + "\n" for block in blocks]
