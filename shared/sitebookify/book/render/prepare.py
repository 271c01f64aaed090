"""A page's tree made ready for one of its forms: links, images and headings as this book wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sitebookify.book.links import Target
from sitebookify.book.tree import Element, make, replace, unwrap

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OUTWARD = ("http://", "https://", "mailto:", "ftp://", "tel:")
_OF_NOTES = frozenset({"doc-noteref", "doc-backlink"})


def tidy_links(root: Element, url: str) -> None:
    """Unwrap links that lead where they stand, and take the role of a note's link from those that are none.

    A heading that links to itself serves for copying its URL. To be done first, and alike for both forms.
    """
    notes = {note.get("id") for note in root.iter("li") if note.get("role") == "doc-endnote"}
    for link in [*root.iter("a")]:
        page, mark, name = (link.get("href") or "").partition("#")
        if mark and page == url and any(box.get("id") == name for box in (link, *link.iterancestors())):
            unwrap(link)
        elif not (_in_note(link) if link.get("role") == "doc-backlink" else page == url and name in notes):
            link.attrib.pop("role", "")


def _in_note(link: Element) -> bool:
    return any(item.get("role") == "doc-endnote" for item in link.iterancestors("li"))


def note_named(link: Element, url: str) -> str:
    """The id that a link between a note and its call names, on the page at ``url``; "" for any other element."""
    if link.get("role") not in _OF_NOTES:
        return ""
    page, _, name = (link.get("href") or "").partition("#")
    return name if page == url else ""


def direct_links(root: Element, url: str, links: Mapping[str, Target], place: Callable[[Target], str]) -> None:
    """Lead the links to pages of the book to their places in it; drop those that lead nowhere.

    Notes and their calls on the page at ``url`` are left to `direct_notes`.
    """
    for link in [*root.iter("a")]:
        href = link.get("href") or ""
        if note_named(link, url):
            continue
        if target := links.get(href):
            link.set("href", place(target))
        elif href and not href.lower().startswith(_OUTWARD):
            unwrap(link)


def direct_notes(root: Element, url: str, place: Callable[[str], str | None]) -> None:
    """Lead notes and their calls to each other; ``place`` gives the link for an id, None where there is no such id."""
    for link in [*root.iter("a")]:
        if name := note_named(link, url):
            href = place(name)
            if href:
                link.set("href", href)
            else:
                unwrap(link)


def place_images(root: Element, names: Mapping[str, str], folder: str) -> None:
    """Show the book's images from ``folder``; of those that are lost, the alternative text stays."""
    for image in [*root.iter("img")]:
        if name := names.get(image.get("src") or ""):
            image.set("src", folder + name)
        else:
            replace(image, make("span", image.get("alt") or ""))


def shift_headings(root: Element, by: int) -> None:
    """Lower the headings by so many levels; there is none below the sixth."""
    for heading in [*root.iter(*_HEADINGS)]:
        heading.tag = f"h{min(6, int(str(heading.tag)[1]) + by)}"
