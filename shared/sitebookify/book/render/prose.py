"""A page as Markdown, whatever it holds: in one piece, in smaller pieces, or as bare text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sitebookify.book.document.clean_html import HtmlPage
from sitebookify.book.labels import label
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.markdown import to_markdown, tree_to_markdown
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.render import prepare
from sitebookify.book.render.order import PageOrder
from sitebookify.book.tree import Element, fragment, make, text_of, to_html
from sitebookify.messages import Message

_DIVISIBLE = ("dl", "ul", "ol", "blockquote")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~$!-])")


def prose(page: HtmlPage, order: PageOrder, marker: str, troubles: list[Message]) -> str:
    """The page's Markdown, with links into the book as `RenderedPage` has them.

    Blocks that pandoc refuses come out as text, and ``troubles`` says so.
    """
    text = _in_one_piece(page, order, marker)
    if text is None:
        root = _prepared(page, order, marker)
        _plain_notes(root, page.url, order, marker)
        if root.text and root.text.strip():
            root.insert(0, make("p", root.text))
        text = "\n".join(_in_pieces(list(root), _names(order, order.ids), order.slug, troubles))
    return f'<a id="{order.slug}"></a>\n\n{text}{_sources(order)}'


def _in_one_piece(page: HtmlPage, order: PageOrder, marker: str) -> str | None:
    """The page with footnotes, or None where one would be lost or a part that is left to pandoc fails."""
    root = _prepared(page, order, marker)
    if not _notes_survive(root):
        return None
    prepare.direct_notes(root, page.url, lambda name: f"#{name}")
    try:
        return tree_to_markdown(root, anchors=_names(order, order.anchors), note_prefix=f"{order.slug}-")
    except (PandocFailed, RecursionError):
        return None


def _halves(block: Element) -> list[Element]:
    """A list or quotation as two of them, a term with what defines it; none where it is not to be divided."""
    middle = len(block) // 2
    while 0 < middle < len(block) and block[middle].tag == "dd":
        middle += 1
    if block.tag not in _DIVISIBLE or not 0 < middle < len(block):
        return []
    second = make(str(block.tag))
    if block.tag == "ol":
        start = block.get("start") or ""
        second.set("start", str((int(start) if start.isdecimal() else 1) + middle))
    second.extend([*block][middle:])
    second.tail, block.tail = block.tail, None
    return [block, second]


def _prepared(page: HtmlPage, order: PageOrder, marker: str) -> Element:
    root = fragment(page.html)
    prepare.tidy_links(root, page.url)
    prepare.direct_links(root, page.url, order.links, lambda target: _place(target, marker))
    prepare.place_images(root, order.images, "assets/")
    prepare.shift_headings(root, order.shift)
    return root


def _place(target: Target, marker: str) -> str:
    anchor = _name(target.slug, target.anchor) if target.anchor else target.slug
    return f"{marker}{target.slug}.md#{anchor}"


def _names(order: PageOrder, ids: Iterable[str]) -> dict[str, str]:
    return {name: _name(order.slug, anchor_name(name)) for name in ids}


def _name(slug: str, anchor: str) -> str:
    """An anchor's name where all pages are one file."""
    return f"{slug}--{anchor}"


def _notes_survive(root: Element) -> bool:
    """True where every note is called, from outside a table: that may come out as HTML, where a mark says nothing."""
    called: set[str] = set()
    for call in root.iter("a"):
        if call.get("role") == "doc-noteref":
            if any(True for _ in call.iterancestors("table")):
                return False
            called.add((call.get("href") or "").partition("#")[2])
    notes = [item for item in root.iter("li") if item.get("role") == "doc-endnote"]
    return all(
        note.get("id") in called and any(box.get("role") == "doc-endnotes" for box in note.iterancestors("section"))
        for note in notes
    )


def _plain_notes(root: Element, url: str, order: PageOrder, marker: str) -> None:
    """Notes and their calls as a list and links like any other."""

    def place(name: str) -> str | None:
        return _place(Target(slug=order.slug, anchor=anchor_name(name)), marker) if name in order.ids else None

    prepare.direct_notes(root, url, place)
    for element in root.iter("*"):
        element.attrib.pop("role", "")


def _in_pieces(
    blocks: Sequence[Element], anchors: Mapping[str, str], prefix: str, troubles: list[Message]
) -> list[str]:
    try:
        html = "".join(to_html(block) + (block.tail or "") for block in blocks)
        return [to_markdown(html, anchors=anchors, note_prefix=f"{prefix}-")]
    except (PandocFailed, RecursionError) as error:
        if len(blocks) == 1:
            blocks = _halves(blocks[0]) or blocks
        if len(blocks) > 1:
            half = len(blocks) // 2
            first = _in_pieces(blocks[:half], anchors, f"{prefix}-a", troubles)
            return first + _in_pieces(blocks[half:], anchors, f"{prefix}-b", troubles)
        troubles.append(Message("trouble.plain_text", detail=str(error)))
        return [_SPECIAL.sub(r"\\\1", text_of(block)) + "\n" for block in blocks]


def _sources(order: PageOrder) -> str:
    if not order.sources:
        return ""
    if len(order.sources) == 1:
        return f"\n---\n\n{label('source', order.language)}: <{order.sources[0][1]}>\n"
    lines = "".join(f"- <{url}>\n" for _, url in order.sources)
    return f"\n---\n\n{label('sources', order.language)}:\n\n{lines}"
