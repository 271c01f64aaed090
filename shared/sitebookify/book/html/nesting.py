"""Mark-up that nests deeper than its author meant, put right before it is parsed.

libxml2 closes few elements that HTML lets end by themselves: an index of 2,000 ``<li><font>`` whose ``font`` is never
closed is a tree 4,000 levels deep to it, of which it reads 2,048. `balanced` writes such a page's tags anew by the
standard's rules for open elements (section 13.2.6.4.7): a block ends the paragraph, an item the item before it, a
block's end tag all that stands open in it. Formatting that was left open is not opened again in the next block. What
nests deeper all the same ends the element around it, as in browsers, whose trees are 512 levels deep at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.html.vocabulary import BLOCKS, HEADINGS, RAW_TEXT, VOID

_PIECE = re.compile(
    r"""[^<]++|<(/?)([A-Za-z][^\s/>]*+)(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=(?!\s*+["']))*+>"""
    r"|(<(?:!(?=--).*?(?:-->|\Z)|[!?][^>]*+(?:>|\Z)|/?[A-Za-z].*))|<",
    re.DOTALL,
)
"""Text, a tag (a ">" may also stand in the quoted value of an attribute), or what is left out.

That is comments, declarations, and a tag without its end, which takes the rest of the page.
"""
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in RAW_TEXT}

_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s/>])", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"<[^\s/>]+/>")

_OUTERMOST = ("html", "head", "body")
"""Elements whose tags may be left out and may stand anywhere: the parser settles them."""
_SCOPES = frozenset("applet button caption html marquee object table td template th".split())
"""Elements whose end no element inside them outlives, and outside of which none inside closes anything."""
_CELL_ENDS = ("td", "th", "caption")
_ROW_ENDS = ("tr", "caption", "colgroup")
_GROUP_ENDS = ("tbody", "thead", "tfoot", "caption", "colgroup")
_IN_TABLES = {
    **dict.fromkeys(("td", "th"), _CELL_ENDS),
    "tr": _ROW_ENDS,
    **dict.fromkeys(_GROUP_ENDS, _GROUP_ENDS),
}
"""Parts of the same table that a part ends."""
_ENDS_OF_ITSELF = {"option": ("option",), "optgroup": ("option", "optgroup"), "rt": ("rt", "rp"), "rp": ("rt", "rp")}
"""Elements that end the one right before them."""
_ITEM_ENDS = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd")}
_ITEM_WALLS = BLOCKS - {"address", "div", "p", "li", "dt", "dd"}
"""Blocks inside an item with items of their own."""
_WALLS = BLOCKS | _SCOPES
"""What an element of a line does not outlive: its end tag does not count outside."""


_Tag = tuple[str, str, bool]
"""A tag of the page: as it stands there, its name in lower case ("" for text), and whether it is an end tag."""


def balanced(html: str, *, levels: int) -> str:
    """The page with an end tag for every element, nested at most ``levels`` deep; comments are left out.

    Linear in the length of the page.
    """
    pieces: list[str] = []
    stack = _OpenElements(pieces, levels)
    for tag, name, is_end in _tags(html):
        if not name:
            pieces.append(tag)
        elif is_end:
            stack.end(name)
        else:
            stack.begin(name, tag)
    stack.end_all()
    return "".join(pieces)


def headings_ended(html: str) -> str:
    """The page, every heading ended by an end tag of its own level; where none is wrong, the page as it is.

    By the standard (section 13.2.6.4.7) the tags of any heading end the heading that is open; to libxml2 those of
    another level end nothing, and what follows is heading too. Linear in the length of the page.
    """
    if not _has_wrong_end(html):
        return html
    pieces: list[str] = []
    heading = ""
    for tag, name, is_end in _tags(html):
        if name not in HEADINGS:
            pieces.append(tag)
            continue
        if heading:
            pieces.append(f"</{heading}>")
        if not (is_end and heading):
            pieces.append(tag)
        heading = "" if is_end else name
    return "".join(pieces)


def _has_wrong_end(html: str) -> bool:
    """True where the tags of headings do not come in pairs; also if those are in a comment or a script."""
    level = ""
    for tag in _HEADING.finditer(html):
        if tag[1] and level not in ("", tag[2]):
            return True
        if not tag[1] and level:
            return True
        level = "" if tag[1] else tag[2]
    return False


class _OpenElements:
    """The standard's stack of open elements, which writes tags as it changes.

    Of the elements on it, ``shown`` are those whose start tags were written and whose end tags were not.
    """

    def __init__(self, pieces: list[str], levels: int) -> None:
        self._pieces = pieces
        self._levels = levels
        self._names: list[str] = []
        self._shown: list[int] = []
        self._scopes: list[int] = []
        self._walls: list[int] = []
        self._item_walls: list[int] = []
        self._tables: list[int] = []
        self._places: dict[str, tuple[list[int], ...]] = {}

    def begin(self, name: str, tag: str) -> None:
        """Open an element with its start tag, after what it ends."""
        self._end_before(name)
        if name in _OUTERMOST or _is_self_closed(tag):
            self._pieces.append(tag)
            return
        if name in VOID:
            self._pieces.append(f"{tag[:-1]} />")  # libxml2 does not know all of them
            return
        if len(self._shown) >= self._levels:
            self._pieces.append(f"</{self._names[self._shown.pop()]}>")
        self._pieces.append(tag)
        self._push(name)

    def end(self, name: str) -> None:
        """Close the element and all inside it; nothing where it is not open."""
        if name == "head":
            self._pieces.append("</head>")
        elif name in HEADINGS:
            self._close(HEADINGS, self._scopes)
        elif name == "table":
            self._close((name,), [])
        elif name in _IN_TABLES:
            self._close((name,), self._tables)
        elif name in _ITEM_ENDS:
            self._close((name,), self._item_walls)
        else:
            self._close((name,), self._scopes if name in _WALLS else self._walls)

    def end_all(self) -> None:
        """Close everything."""
        self._cut(0)

    def _end_before(self, name: str) -> None:
        """Close what ends where an element of this name begins."""
        if name in _IN_TABLES:
            self._close(_IN_TABLES[name], self._tables)
        elif name in BLOCKS:
            if name in _ITEM_ENDS:
                self._close(_ITEM_ENDS[name], self._item_walls)
            self._close(("p",), self._scopes)
            if name in HEADINGS and self._names and self._names[-1] in HEADINGS:
                self._cut(len(self._names) - 1)
        elif name == "a":
            self._close(("a",), self._walls)
        elif name == "button":
            self._close(("button",), self._tables)
        if name in _ENDS_OF_ITSELF and self._names and self._names[-1] in _ENDS_OF_ITSELF[name]:
            self._cut(len(self._names) - 1)

    def _close(self, names: tuple[str, ...], borders: list[int]) -> None:
        """Close the last of the elements with one of these names, if there is one inside the last border."""
        last = -1
        for name in names:
            places = self._places.get(name)
            if places and places[0] and places[0][-1] > last:
                last = places[0][-1]
        if last >= 0 and (not borders or last >= borders[-1]):
            self._cut(last)

    def _push(self, name: str) -> None:
        place = len(self._names)
        self._names.append(name)
        self._shown.append(place)
        if name not in self._places:
            self._places[name] = self._lists_of(name)
        for places in self._places[name]:
            places.append(place)

    def _cut(self, size: int) -> None:
        """Close elements until there are ``size``."""
        while len(self._names) > size:
            name = self._names.pop()
            if self._shown and self._shown[-1] == len(self._names):
                self._shown.pop()
                self._pieces.append(f"</{name}>")
            for places in self._places[name]:
                places.pop()

    def _lists_of(self, name: str) -> tuple[list[int], ...]:
        """Where the places of elements of this name are kept: in a list of their own, and in those of borders."""
        borders = (
            (_SCOPES, self._scopes),
            (_WALLS, self._walls),
            (_ITEM_WALLS, self._item_walls),
            (("table",), self._tables),
        )
        return ([], *(places for names, places in borders if name in names))


def _is_self_closed(tag: str) -> bool:
    """True for a tag that ends its element too; the slash of ``<a href=x/>`` belongs to the value."""
    return tag.endswith("/>") and bool(_SELF_CLOSED.fullmatch(tag) or tag[-3] in "\"' \t\n\r\f")


def _tags(html: str) -> Iterator[_Tag]:
    """The page in pieces: tags, and what stands between them."""
    piece = _PIECE.match(html)
    while piece:
        at, name = piece.end(), (piece[2] or "").lower()
        if piece[3] is None:
            yield piece[0], name, bool(piece[1])
        if name in RAW_TEXT and not piece[1] and not _is_self_closed(piece[0]):
            end = _RAW_END[name].search(html, at)
            stop = end.start() if end else len(html)
            yield html[at:stop], "", False
            at = stop
        piece = _PIECE.match(html, at)
