"""What is known of a page while it is written as Typst code, and what of it the book must know."""

from __future__ import annotations

from collections.abc import Iterable

from sitebookify.book.document.context import language_tag
from sitebookify.book.document.nodes import Attr, Note
from sitebookify.book.document.visitor import Visitor
from sitebookify.book.document.walk import walk
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.typst.typst_syntax import call, group, string

DEEPEST = 48
"""Typst lays out 72 boxes in each other and applies 64 show rules in each other, then gives up on the whole book.

Each function below costs as many of them as it uses, measured with typst 0.15 and the look of ``book.typ``. What would
cost more than this in all gives up its look. The rest is left for the page around the text.
"""


class Sheet(Visitor):
    """A page that is being written.

    ``places`` are the labels that were written so far, ``targets`` those that links lead to, ``images`` the names of
    the images shown, each in order, as the keys of a dictionary; ``numbers`` those of the notes, by name.
    """

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.order = context.order
        self.places: dict[str, None] = {}
        self.targets: dict[str, None] = {}
        self.images: dict[str, None] = {}
        self.numbers = {note.name: number for number, note in enumerate(context.document.notes, 1)}

    def label(self, place: str) -> str:
        """Code for a place that links lead to; "" where it is there already."""
        if place in self.places:
            return ""
        self.places[place] = None
        return call("anchor", string(place))

    def link_to(self, place: str, body: str) -> str:
        """A link to a place of the book."""
        self.targets[place] = None
        return call("to", string(place), body)

    def own_place(self, name: str) -> str:
        """The label of an id of this page."""
        return Target(slug=self.order.slug, anchor=anchor_name(name)).place

    def call_place(self, number: int) -> str:
        """The label of a note's first call: no id of a page has a second slash."""
        return f"{self.order.slug}/note/{number}"

    def label_of(self, attr: Attr | None) -> str:
        """The label of an element, if anything in the book names it and it is not there already."""
        return self.label(self.own_place(attr.id)) if attr is not None and attr.id in self.order.ids else ""

    def opening(self, attr: Attr | None) -> list[str]:
        """Code to stand before what an element holds: its label, language and direction."""
        return [self.label_of(attr), *settings(attr.lang, attr.dir)] if attr is not None else []

    def opened(self, attr: Attr | None, written: str) -> str:
        """What was written of an element, after its `opening`."""
        pieces = self.opening(attr)
        return group([*pieces, written]) if any(pieces) else written

    def labels_in(self, nodes: Iterable[object]) -> list[str]:
        """The places in all these nodes, for those that typst sets more than once: a label can be in one spot only."""
        labels = []
        for node in walk(nodes):
            labels.append(self.label_of(getattr(node, "attr", None)))
            if isinstance(node, Note) and node.name in self.numbers:
                labels.append(self.label(self.call_place(self.numbers[node.name])))
        return labels


def settings(language: str, direction: str) -> list[str]:
    """Code that sets the language, a BCP 47 tag, and the direction of what follows in the group; none for ""."""
    arguments = []
    name, _, region = language_tag(language).partition("-")
    if name:
        arguments.append(f"lang: {string(name.lower())}")
    if name and len(region) == 2 and region.isalpha():
        arguments.append(f"region: {string(region.upper())}")
    if direction:
        arguments.append(f"dir: {direction}")
    return [f"set text({', '.join(arguments)})"] if arguments else []
