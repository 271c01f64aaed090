"""What the pages of one site have in common, learned from a sample of them.

Blocks that say the same at the same place of many pages are the site's, not the page's. Bars of links whose
text stays while their targets change ("Next", "Edit this page") are the site's too, and so are short blocks that
are mostly the same words. What is left is what a page has to say; the content root is the element that holds
the most of it and the least of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sitebookify.messages import NOTHING, Message

_SETS = ("vocabulary", "shared", "bars", "templated", "signs", "margins", "pictures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is learned. Paths and marks are those of `outline`; all are empty where there were too few pages.

    ``vocabulary``: classes and ids of the template. ``shared``: marks of blocks that many pages repeat.
    ``bars``: paths and kinds of bars of links. ``templated``: paths of short blocks that are mostly the same words.
    ``roots``: paths of content roots, the commonest template's first. ``affixes``: what titles begin and end with.
    ``name``: what most titles are, "" where they differ.
    ``signs``: texts of links beside titles and code that lead elsewhere each time: to the source, to a place to run it.
    ``generator``: the name of the entry that knows the site's pages, "" for none; ``objection``: why it is not
    used, if it is not. ``margins``: marks of blocks that stand at the margins of the entry's root on many pages
    (`margins`). ``pictures``: fingerprints of the addresses of pictures that most pages show (`logos`).
    """

    vocabulary: frozenset[str] = frozenset()
    shared: frozenset[int] = frozenset()
    bars: frozenset[int] = frozenset()
    templated: frozenset[int] = frozenset()
    roots: tuple[int, ...] = ()
    affixes: tuple[str, str] = ("", "")
    name: str = ""
    signs: frozenset[str] = frozenset()
    generator: str = ""
    objection: Message = NOTHING
    margins: frozenset[int] = frozenset()
    pictures: frozenset[int] = frozenset()

    @property
    def is_imitation(self) -> bool:
        """True where the entry's content box is on the pages and does not hold their text: the mark-up is not its own.

        Where it is missing, a theme that the entry does not know may have drawn a box of its own around the content.
        """
        return self.objection.id == "generator.text_outside"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, the same for the same profile."""
        stored: dict[str, Any] = {name: sorted(getattr(self, name)) for name in _SETS}
        stored.update(roots=list(self.roots), affixes=list(self.affixes), name=self.name, generator=self.generator)
        return {**stored, "objection": self.objection.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        sets = {name: frozenset(data[name]) for name in _SETS}
        prefix, suffix = data["affixes"]
        return cls(
            **sets,
            roots=tuple(data["roots"]),
            affixes=(prefix, suffix),
            name=data["name"],
            generator=data["generator"],
            objection=Message.from_json(data["objection"]),
        )
