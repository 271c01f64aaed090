"""The way of a content root to clean HTML, one kind of thing after another."""

from __future__ import annotations

from collections.abc import Collection

from sitebookify.book.extract.clean import (
    admonitions,
    anchors,
    callouts,
    code,
    controls,
    covering_links,
    diagrams,
    drawn_layout,
    embeds,
    footnotes,
    headings,
    hover_notes,
    inline,
    layout_tables,
    line_ends,
    lists,
    maths,
    media,
    paragraphs,
    tabs,
    unseen,
    verse,
)
from sitebookify.book.extract.clean.elements import settle
from sitebookify.book.extract.clean.picture_sizes import Sizes
from sitebookify.book.extract.clean.typesetting import Typesetting
from sitebookify.book.tree import Element, text_of, without_controls


def clean(
    root: Element,
    base: str,
    title: str,
    *,
    typesetting: Typesetting | None = None,
    sizes: Sizes | None = None,
    signs: Collection[str] = (),
) -> dict[str, str]:
    """Give everything under ``root`` its one form, which ``document.build`` reads; it then begins with its only ``h1``.

    Args:
        root: the content, without furniture.
        base: URL that its links are relative to.
        title: the page's heading, for content that does not begin with it.
        typesetting: what scripts of the page do with TeX in its text (`typesetting.typesetting_of`).
        sizes: sizes of pictures by their classes (`picture_sizes.sizes_of`).
        signs: texts of the site's links to other places than content, beside titles and code (`signs.learn_signs`).

    Returns:
        The pictures that stood in the page itself: ``data:`` URIs by the sources that the tree names.
    """
    _drop_controls(root)
    headings.restore(root)
    headings.emphasise_cards(root)
    headings.lower_captions(root)
    covering_links.normalise(root)
    maths.normalise(root, typesetting or Typesetting())
    tabs.normalise(root)
    diagrams.normalise(root)
    callouts.normalise(root)
    hover_notes.open_buttons(root)
    unseen.normalise(root)
    hover_notes.normalise(root)
    media.show_backgrounds(root)
    embedded = media.normalise(root, base, sizes or {})
    embeds.normalise(root, base)
    controls.normalise(root)
    verse.normalise(root)
    code.normalise(root)
    drawn_layout.normalise(root)
    anchors.normalise(root, base, signs)
    headings.open_folds(root)
    lists.normalise(root)
    layout_tables.normalise(root)
    headings.normalise(root, title)
    footnotes.normalise(root, base)
    admonitions.normalise(root)
    inline.normalise(root)
    line_ends.normalise(root)
    paragraphs.normalise(root)
    settle(root)
    return embedded


def _drop_controls(root: Element) -> None:
    """Drop what XML forbids: references to such characters are read from HTML, but cannot be written again."""
    text = text_of(root)
    if without_controls(text) == text:
        return
    for element in root.iter("*"):
        element.text = without_controls(element.text or "") or None
        element.tail = without_controls(element.tail or "") or None
