r"""From a page's cleaned tree to its `Document`.

The tree holds what ``book.extract.clean`` leaves: HTML in which every kind of thing has one form.

- Links and ``img`` sources are absolute URLs; links to the page's own places too.
- Code blocks are ``<pre><code class="language-x">``, nothing inside, white space exact.
- Formulas are ``<span class="math inline">\(…\)</span>`` or ``math display``; ``math`` where the page has MathML, with
  its TeX as an ``annotation`` where it has that too.
- Notes are ``<li id role="doc-endnote">`` in ``<section role="doc-endnotes"><ol>``; their calls are
  ``<a role="doc-noteref" href="…#id">``, ways back ``<a role="doc-backlink">``.
- Admonitions are ``<div class="admonition KIND">`` with ``<p class="admonition-title">``, tabs
  ``<div class="tab-set"><div class="tab"><p class="tab-label">``, verse ``<div class="line-block"><div>``.

Nothing is copied from the tree: each node is built from what is known, so no attribute, scheme or element that a book
cannot hold comes through. An element that is not known gives up its tags and keeps its text.
"""

from __future__ import annotations

from sitebookify.book.document.blocks import BlockBuilder, inline_holders, paragraphs
from sitebookify.book.document.context import PageState, language_tag
from sitebookify.book.document.nodes import Direction, Document, Footnote, Header, OrderedList
from sitebookify.book.document.tables import table
from sitebookify.book.document.walk import line_of
from sitebookify.book.tree import Element


def document_of(root: Element, *, url: str, title: str = "", language: str = "", direction: Direction = "") -> Document:
    """The document of a cleaned tree. Never raises on a tree that `book.html` parsed, which bounds its depth.

    Args:
        root: a box that holds the content; it is read, not changed.
        url: the page's, without a fragment.
        title: what the page is called where it has no heading of the first level.
        language: a BCP 47 tag, or "".
        direction: in which the page's text runs, where it says so.
    """
    page = PageState(root, url)
    builder = BlockBuilder(page, inline_holders(root), {"table": table})
    blocks = paragraphs(builder.flow(root, 0))
    notes = _called(builder)
    uncalled = [builder.item(note, 1) for name, note in page.notes.items() if name not in page.called]
    if uncalled:
        blocks = (*blocks, OrderedList(tuple(uncalled)))
    headings = (line_of(block.content) for block in blocks if isinstance(block, Header) and block.level == 1)
    return Document(
        url=url,
        title=next(headings, "") or title,
        blocks=blocks,
        notes=notes,
        language=language_tag(language),
        direction=direction,
    )


def _called(builder: BlockBuilder) -> tuple[Footnote, ...]:
    """The notes that are called; they may call others, which follow."""
    notes: list[Footnote] = []
    page = builder.page
    while len(notes) < len(page.called):
        name = list(page.called)[len(notes)]
        notes.append(Footnote(name=name, blocks=paragraphs(builder.flow(page.notes[name], 1))))
    return tuple(notes)
