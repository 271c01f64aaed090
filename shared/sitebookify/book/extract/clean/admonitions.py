"""Notes, tips and warnings in one form, whatever generator drew them."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.document.admonition_kinds import KINDS, AdmonitionKind
from sitebookify.book.extract.clean.elements import (
    enclose,
    has_letters,
    is_empty,
    is_marked,
    mark,
    named,
    own_parts,
    put_first,
)
from sitebookify.book.html.vocabulary import CELLS, HEADINGS
from sitebookify.book.tree import (
    Element,
    detach,
    drop,
    is_blank,
    is_inside,
    lower_classes_of,
    make,
    unwrap,
    words_of,
)

_PLAIN_KINDS = frozenset((*AdmonitionKind, "hint", "attention", "danger", "warn"))
"""Kinds that a class names without a word for the box."""
_BOX_WORDS = frozenset(
    "admonition admonitionblock alert callout custom-block hint message notecard notices notification prompt".split()
)
_NO_KIND = frozenset(("alert", "message", "notices", "notification", "prompt"))
"""Words for boxes of every purpose: they are notes only with a word for their kind."""
_PREFIXED = re.compile(
    r"(?:.*[-_])?(?:admonition|admonish|alert|aside|blockquote-tag|callout|custom-block|hint|information-macro|message"
    r"|notice|notification|panel|prompt)(?:--?|__?)([a-z]+)|(?:rmd|infobox-?)([a-z]+)"
)
_STATE = "is-"
"""What the class of a kind can begin with beside a word for the box."""
_OWN_CALLOUT = re.compile(r"\w+-(?:callout|admonition)")
"""Themes put their name before the word for the box."""
_SIGNS = {
    "\u26a0": "warning", "\U0001f6a7": "warning", "\U0001f4a1": "tip", "\u2705": "tip", "\u2757": "important",
    "\U0001f6a8": "caution", "\U0001f525": "caution", "\u274c": "caution", "\U0001f6ab": "caution",
}  # fmt: skip
"""Kinds of boxes that name none and begin with a sign."""
_ATTRIBUTES = ("data-callout", "data-callout-type", "data-admonition", "data-style", "data-type")
"""What names the kind of a box beside its classes."""
_BOXES = ("div", "aside", "section", "blockquote", "table", "p", "dl", "figure")
"""Elements that generators draw admonitions with."""
_NAMING = (*HEADINGS, "dt", "summary", "th")
"""Elements that are a title wherever they stand first."""
_TITLES = (*_NAMING, "p", "div", "span", "strong", "b", "header")
"""And those that are one by their class."""
_LONGEST_ICON = 3
"""Characters of a sign that is drawn before the text."""
_FIRST = 8
"""Elements of a box that are looked at for its sign."""
_MOST_CELLS = 4
"""Cells of a table that sets a text beside an icon."""
_LONGEST_LABEL = 2
"""Words of a cell that is a title."""
_LONGEST_TITLE = 30
"""Words of what a class calls a title."""
_is_called_title = named(r".*(?:title|heading|label|header|caption).*")
_TITLED = "-title"
_ALERT = re.compile(r"\s*\[!([A-Za-z]+)\][+-]?[ \t]*(?:([^\n]+)(?=\n))?\s*")
"""An alert of GitHub's or Obsidian's Markdown, with its title."""


def normalise(root: Element) -> None:
    """Give every admonition under ``root`` its one form."""
    for quotation in [*root.iter("blockquote")]:
        _alert(quotation)
    for box in [*root.iter(*_BOXES)]:
        if box is root or box.getparent() is None or is_marked(box):
            continue
        kind = _named_kind(box)
        if kind and box.tag == "table" and not _sets_beside(box):
            continue
        if not kind:
            _titled(box)
        elif box.find(".//h1") is None and not is_inside(box, "pre", "a"):
            lay_out(box, kind)


def _alert(quotation: Element) -> None:
    """A quotation that begins with an alert's mark, which the site's generator left as it was written, is one."""
    line = quotation
    while is_blank(line.text) and len(line):
        line = line[0]
    match = _ALERT.match(line.text or "")
    if match is None or match[1].lower() not in KINDS or quotation.getparent() is None:
        return
    line.text = (line.text or "")[match.end() :]
    title = make("p", match[2] or match[1].capitalize())
    put_first(title, quotation)
    lay_out(quotation, KINDS[match[1].lower()], title)


def _titled(quotation: Element) -> None:
    """A quotation of class ``note-title`` is a note whose first paragraph is its title (Just the Docs)."""
    words = [name.removesuffix(_TITLED) for name in lower_classes_of(quotation) if name.endswith(_TITLED)]
    kinds = [KINDS[word] for word in words if word in KINDS]
    has_title = len(quotation) > 1 and is_blank(quotation.text) and quotation[0].tag == "p"
    if quotation.tag == "blockquote" and kinds and has_title:
        lay_out(quotation, kinds[0], quotation[0])


def _named_kind(box: Element) -> str:
    """The kind by what names nothing else, by a class that is a kind, or by the sign of what is called a box."""
    names = lower_classes_of(box)
    role = box.get("role", "")
    has_own_name = any(map(_OWN_CALLOUT.fullmatch, names)) or box.get("data-callout") is not None
    is_box = has_own_name or not _BOX_WORDS.isdisjoint(names) or role in ("note", "alert") or "note" in names
    matches = filter(None, map(_PREFIXED.fullmatch, names))
    words = [match[1] or match[2] for match in matches]
    if is_box:
        words += [box.get(name, "").lower() for name in _ATTRIBUTES]
        words += [name.removeprefix(_STATE) for name in names if name.startswith(_STATE)]
    for word in words:
        if word in KINDS:
            return KINDS[word]
    kinds = [name for name in names if name in KINDS and (is_box or name in _PLAIN_KINDS)]
    if kinds:
        return KINDS[min(kinds, key=_vagueness)]
    if box.tag == "table":
        return ""
    is_called_box = has_own_name or not (_BOX_WORDS - _NO_KIND).isdisjoint(names)
    if not is_called_box and not (role == "note" and _opens_with_kind(box)):
        return ""
    icon = _icon(box)
    return AdmonitionKind.NOTE if icon is None else _SIGNS.get(words_of(icon)[:1], AdmonitionKind.NOTE)


def _vagueness(name: str) -> tuple[bool, bool]:
    """How little a class says of the kind: words for any box, and for any note, say least."""
    return name in _BOX_WORDS, KINDS[name] is AdmonitionKind.NOTE


def _opens_with_kind(box: Element) -> bool:
    """True where the first emphasised words name a kind: wikis give what leads to other articles the role too."""
    first = next(box.iter("strong", "b", "p"), None)
    if first is not None and first.tag == "p" and len(first) and is_blank(first.text):
        first = first[0]
    return first is not None and words_of(first).rstrip(":!. ").lower() in KINDS


def _icon(box: Element) -> Element | None:
    """The element at the beginning of the box that shows nothing but a sign."""
    if not is_blank(box.text):
        return None
    for element in islice(box.iter("*"), 1, _FIRST):
        if element.tag in HEADINGS:
            return None  # the author's title may begin with a sign
        text = (element.text or "").strip()
        if text:
            is_sign = len(text) <= _LONGEST_ICON and not text.isascii() and not has_letters(text)
            is_bare = element.tag in ("div", "span", "i", "p") and not len(element)
            return element if is_sign and is_bare else None
    return None


def _sets_beside(table: Element) -> bool:
    """True for a table that only sets an icon or a title beside or above a text; any other holds data."""
    cells = [cell for cell in islice(table.iter(*CELLS), _MOST_CELLS + 1) if words_of(cell)]
    if len(cells) != 2:
        return len(cells) == 1
    title, text = cells
    return (title.tag == "th" or _is_short(title)) and not _is_short(text)


def _is_short(cell: Element) -> bool:
    """True for a cell that says no more than a title does."""
    return len(words_of(cell).split()) <= _LONGEST_LABEL


def lay_out(box: Element, kind: str, title: Element | None = None) -> None:
    """Give the box the form of an admonition; ``title`` is in it, and looked for where it is None."""
    if box.tag == "dl":  # it only sets the title above the content (Doxygen)
        for definition in box.iterchildren("dd"):
            definition.tag = "div"
    if box.tag in ("p", "table"):
        content, box = box, enclose(box, "div")
        content.attrib.pop("class", "")  # else it is a box again
    _open_table(box)
    icon = _icon(box)
    if icon is not None and words_of(icon) != words_of(box):
        drop(icon)
    if title is None:
        title = _title(box)
    if title is not None:
        _as_title(title, box)
    box.tag = "div"
    box.set("role", "note")
    mark(box, "admonition", kind)


def _open_table(box: Element) -> None:
    """A table that only sets the content beside an icon is no table."""
    table = box.find("./table")
    if table is None or words_of(table) != words_of(box):
        return
    cells = own_parts(table, *CELLS)
    if not 0 < len(cells) <= _MOST_CELLS:
        return
    _label_icon(cells[0], [cell[0] for cell in cells[1:] if len(cell)])
    for picture in [*cells[0].iter("img")]:
        drop(picture)
    for cell in cells:
        if is_empty(cell):
            drop(cell)
            continue
        if cell.tag == "th" or (cell is cells[0] and _is_short(cell)):
            cell.set("class", "title")
        cell.tag = "div"
    for part in [*table.iter("tr", "tbody", "thead", "tfoot", "colgroup", "col")]:
        unwrap(part)
    unwrap(table)


def _label_icon(cell: Element, firsts: list[Element]) -> None:
    """What stands in the place of an icon is the title, unless the text begins with one (AsciiDoc)."""
    icon = next((icon for icon in cell.iter("i", "span") if icon.get("title")), None)
    if _is_short(cell) and any(map(_is_title, firsts)):
        for child in [*cell]:
            drop(child)
        cell.text = None
    elif icon is not None and not words_of(cell):
        icon.tag, icon.text = "span", icon.get("title")


def _title(box: Element) -> Element | None:
    """The first thing in the box, where it is called or looks like a title."""
    first = box
    while is_blank(first.text) and len(first):
        first = first[0]
        says_kind = words_of(first).rstrip(":!").lower() in KINDS and first.getnext() is not None
        if first.tag in _TITLES and (says_kind or _is_title(first)):
            return first
    return None


def _is_title(element: Element) -> bool:
    is_short = len(words_of(element).split()) <= _LONGEST_TITLE
    return element.tag in _NAMING or (is_short and _is_called_title(element))


def _as_title(title: Element, box: Element) -> None:
    """Put the title first in the box, as a paragraph."""
    if not words_of(title):
        drop(title)
        return
    for inner in [*title.iterdescendants("div", "p")]:
        unwrap(inner)
    parent = title.getparent()
    put_first(detach(title), box)
    title.tag = "p"
    title.attrib.pop("id", "")
    mark(title, "admonition-title")
    if parent is not None and parent is not box and is_empty(parent):
        drop(parent)
