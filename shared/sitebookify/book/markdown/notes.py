"""Footnotes, which stand at the end, in the order of their calls."""

from __future__ import annotations

from collections.abc import Collection

from sitebookify.book.markdown import raw
from sitebookify.book.tree import Element, drop, replace


def take(root: Element, prefix: str) -> list[tuple[str, Element]]:
    """Take the notes that are called out of the tree: their marks, ``[^prefix1]``, and what each holds.

    Their calls become the marks; one note called twice is one. Ways back in them, and notes nobody calls, are dropped.
    """
    notes = {item.get("id") or "": item for item in root.iter("li") if item.get("role") == "doc-endnote"}
    for section in [box for box in root.iter("section") if box.get("role") == "doc-endnotes"]:
        drop(section)
    marks: dict[str, str] = {}
    for link in [*root.iter("a")]:
        _mark(link, notes.keys(), marks, prefix)
    taken: list[tuple[str, Element]] = []
    while len(taken) < len(marks):  # notes call others
        name, mark = [*marks.items()][len(taken)]
        for link in [*notes[name].iter("a")]:
            if link.get("role") == "doc-backlink":
                drop(link)
            else:
                _mark(link, notes.keys(), marks, prefix)
        taken.append((mark, notes[name]))
    return taken


def _mark(link: Element, names: Collection[str], marks: dict[str, str], prefix: str) -> None:
    name = (link.get("href") or "").partition("#")[2]
    if link.attrib.pop("role", "") == "doc-noteref" and name in names:
        replace(link, raw.inline(marks.setdefault(name, f"[^{prefix}{len(marks) + 1}]")))
