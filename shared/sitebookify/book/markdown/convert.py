"""The way of a fragment to Markdown: first what Markdown cannot say becomes what it can, then that is written."""

from __future__ import annotations

from collections.abc import Mapping

from sitebookify.book import pandoc
from sitebookify.book.markdown import anchors as _anchors
from sitebookify.book.markdown import blocks, inlines, raw, tables
from sitebookify.book.markdown.document import markdown
from sitebookify.book.tree import Element, elements, fragment

_SOURCE = "html-auto_identifiers"
_KEPT = {
    "a": {"href", "title", "role"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "type"},
    "section": {"class", "role"},
    "div": {"class"},
    "code": {"class"},
    "pre": {"class"},
    "math": {"display"},
    "td": {"align"},
    "th": {"align"},
}
_TARGET = "gfm-tex_math_gfm+tex_math_dollars"


def to_markdown(html: str, *, anchors: Mapping[str, str] | None = None, note_prefix: str = "") -> str:
    """`tree_to_markdown` of HTML that is not parsed yet."""
    return tree_to_markdown(fragment(html), anchors=anchors, note_prefix=note_prefix)


def tree_to_markdown(root: Element, *, anchors: Mapping[str, str] | None = None, note_prefix: str = "") -> str:
    """What ``root`` holds, clean HTML (see ``book.model.Page``), as GitHub-flavoured Markdown that ends with a newline.

    The tree is used up.

    ``anchors`` maps those ids that stay to the names they get; other ids are dropped, since Markdown has none.
    ``note_prefix`` keeps the footnotes of several pages apart in one file.

    Raises:
        PandocFailed: it holds something that was left to pandoc, which could not do it.
        RecursionError: nested deeper than anything that is meant to be read.
    """
    raw.disarm(root)
    tables.as_html(root, anchors or {})
    _anchors.place(root, anchors or {})
    inlines.formulas(root)
    inlines.simplify(root)
    blocks.simplify(root)
    tables.for_pipes(root)
    _strip(root)
    return markdown(root, lambda left: pandoc.run(left, source=_SOURCE, target=_TARGET), note_prefix=note_prefix)


def _strip(root: Element) -> None:
    """Drop attributes that pandoc would keep by writing HTML."""
    for element in elements(root):
        kept = _KEPT.get(str(element.tag), set())
        if element.get("role") == "doc-endnote":
            kept = {"id", "role"}
        for name in set(element.attrib) - kept:
            del element.attrib[name]
