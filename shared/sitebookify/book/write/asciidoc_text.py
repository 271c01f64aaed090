"""Lines of AsciiDoc from pandoc's AST.

Pandoc's own writer does not take a word for text that happens to look like mark-up: a paragraph that begins with
``//`` is a comment then, ``include::`` in code reads a file, and a note of two paragraphs is left out. So lines are
written here, and pandoc gets them as they are. What could be mark-up is a character reference, which is nothing else
anywhere (Asciidoctor 2: its patterns are named below).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sitebookify.book.document.pandoc_json import Json

_SPECIAL = re.compile(
    r"""
    [\\`+^~|\[\]{}<>\ue000-\ue0ff]      # marks of formatting, macros, attributes, cells; and our own, below
    | (?<![A-Za-z0-9])[_*#]             # formatting stands at the edge of a word
    | [_*#](?![A-Za-z0-9])
    | &(?=[A-Za-z#])                    # a reference
    | \${2,} | \({2,}                  # passthrough, index term
    | (?<=\w)--(?=\w) | (?<!\S)-{2,}(?!\S)  # a dash
    | \((?=(?:C|R|TM)\))                # a sign such as ©
    | :(?=//) | (?<=\w)@(?=\w)          # addresses become links
    | :{2,}(?=\s|$)                     # a term of a list
    | :$                                # a macro, if a bracket follows
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(
    r"""
    ()([=\-./:,!'%\u2022])                          # titles, lists, comments, attributes, tables, lines
    | (\d+|[A-Za-z]|[ivxIVX]+)([.)])                # numbers
    | (NOTE|TIP|IMPORTANT|WARNING|CAUTION)(:)
    """,
    re.VERBOSE,
)
_OPEN, _CLOSE, _STYLES = 0xE000, 0xE010, "*_`#"
"""Where a style begins and ends, until it is known what stands beside it; `_SPECIAL` lets none through."""
_ALONE = {
    mark: re.compile(
        f"(?<![^\\s(]){chr(_OPEN + at)}(?!\\s)([^\ue000-\ue0ff]+)(?<!\\s){chr(_CLOSE + at)}(?![^\\s.,;:!?)])"
    )
    for at, mark in enumerate(_STYLES)
}
_TYPOGRAPHY = re.compile(r"'|\.{3,}")
"""What Asciidoctor makes look better, which code must not."""
_ROLE_END = "\ue020"
_AFTER_BRACKET = re.compile(r"(?<!\])\](?=[*_`#^~])")
"""A bracket before a style would be that of its role, whatever it ends."""
_TERM = re.compile("(?<=;);")
"""Two semicolons end a term of a list, one of a character reference too."""
_BAR = re.compile(r"\\?\|")
_BREAK = " +\n"
_EDGES = " +\n"
_ROLES = {"kbd": "kbd", "small": "small"}
_STYLE_OF = {"Emph": "_", "Strong": "*", "Code": "`", "mark": "#", "Superscript": "^", "Subscript": "~"}
_BRACKET = "\\]"
_IN_ATTRIBUTES = str.maketrans({sign: f"%{ord(sign):X}" for sign in ' "[]_*~^`|<>{}\\'})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where inlines stand.

    ``styles`` are on already, ``link`` is where they lead; in a ``note``; in a ``raised`` or lowered mark, which has no
    spaces; in a table's ``cell``; in a ``single`` line, which cannot be broken.
    """

    styles: str = ""
    link: str = ""
    note: bool = False
    raised: bool = False
    cell: bool = False
    single: bool = False


def line(inlines: Iterable[Json], *, single: bool = False, cell: bool = False) -> str:
    """The inlines as AsciiDoc; ``single``: on one line, such as a title's; ``cell``: in a table."""
    text = _finished(_line(inlines, _Place(single=single, cell=cell)))
    colon = _reference(":")
    if text.endswith(colon) and not single:  # no bracket follows
        return f"{text.removesuffix(colon)}:"
    return text


def line_of_blocks(blocks: Iterable[Json], *, cell: bool = False) -> str:
    """The text of blocks on one line, where AsciiDoc takes no more."""
    return _finished(_flat(blocks, _Place(single=True, cell=cell)))


def escaped(text: str) -> str:
    """Text as text: nothing in it is mark-up, but for what it may be at the beginning of a line."""
    return _SPECIAL.sub(_references, text)


def _references(match: re.Match[str]) -> str:
    return "".join(map(_reference, match[0]))


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};"


def _finished(text: str) -> str:
    """The styles' marks, single where they stand between spaces, else double; beginnings of lines escaped."""
    for at, mark in enumerate(_STYLES):
        begin, end = chr(_OPEN + at), chr(_CLOSE + at)
        text = _ALONE[mark].sub(rf"{mark}\1{mark}", text)
        text = text.replace(begin, mark * 2).replace(end, mark * 2)
    text = _TERM.sub(_reference(";"), text)
    text = _AFTER_BRACKET.sub("]{empty}", text).replace(_ROLE_END, "")
    return _BREAK.join(filter(None, map(_begun, text.split(_BREAK))))


def _begun(text: str) -> str:
    text = text.strip()
    if text.startswith("[") and not text.startswith("[["):
        return f"{{empty}}{text}"  # else, ending with a bracket, it is a list of attributes
    match = _LINE_START.match(text)
    if match is None or match.lastindex is None:
        return text
    return match[match.lastindex - 1] + _reference(match[match.lastindex]) + text[match.end() :]


def _line(inlines: Iterable[Json], place: _Place) -> str:
    pieces: list[str] = []
    run: list[str] = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Str":
            run.append(inline["c"])
        elif kind == "Space":
            run.append(" ")
        else:
            pieces += [_text("".join(run), place), _INLINES[kind](inline, place)]
            run = []
    return "".join([*pieces, _text("".join(run), place)])


def _text(text: str, place: _Place) -> str:
    text = escaped(text)
    return text.replace("=", _reference("=")) if place.link else text


def _styled(inline: Json, place: _Place) -> str:
    return _marked(_STYLE_OF[inline["t"]], inline["c"], place)


def _marked(style: str, content: Iterable[Json], place: _Place, role: str = "") -> str:
    if style in place.styles:
        return _line(content, place)
    return _between_marks(style, _line(content, replace(place, styles=place.styles + style)), role)


def _between_marks(style: str, text: str, role: str = "") -> str:
    """The text in its style, spaces and ends of lines outside."""
    core = text.strip(_EDGES)
    if not core:
        return text
    before, _, after = text.partition(core)
    at = _STYLES.index(style)
    return f"{before}{role}{chr(_OPEN + at)}{core}{chr(_CLOSE + at)}{after}"


def _in_role(role: str, content: Iterable[Json], place: _Place) -> str:
    """With a role, which becomes an attribute: no link's text and no raised mark may hold one."""
    if place.link or place.raised:
        return _line(content, place)
    return _marked("#", content, place, f"[.{role}]{_ROLE_END}")


def _shifted(inline: Json, place: _Place) -> str:
    """Raised or lowered."""
    style = _STYLE_OF[inline["t"]]
    inner = replace(place, styles=f"{place.styles}{style}", raised=True, single=True)
    text = _line(inline["c"], inner)
    core = text.strip(_EDGES)
    if style in place.styles or not core:
        return text
    before, _, after = text.partition(core)
    return f"{before}{style}{core.replace(' ', _reference(' '))}{style}{after}"


def _quoted(inline: Json, place: _Place) -> str:
    return f"\u201c{_line(inline['c'][1], place)}\u201d"


def _code(inline: Json, place: _Place) -> str:
    text = _text(" ".join(inline["c"][1].split("\n")), place)
    text = _TYPOGRAPHY.sub(_references, text)
    return text if "`" in place.styles else _between_marks("`", text)


def _math(inline: Json, place: _Place) -> str:
    tex = " ".join(inline["c"][1].split())
    if place.raised or not tex:
        return escaped(tex)
    if place.cell:
        tex = _BAR.sub(_bar_in_cell, tex)
    space = " " if tex.endswith("\\") else ""
    return f"latexmath:[{tex.replace(']', _BRACKET)}{space}]"


def _bar_in_cell(bar: re.Match[str]) -> str:
    return r"\Vert " if bar[0] != "|" else r"\vert "


def _link(inline: Json, place: _Place) -> str:
    _, content, (target, _) = inline["c"]
    anchors = "" if place.link else "".join(f"[[{name}]]" for name in _names(inline))
    inner = replace(place, link=target, single=True)
    text = _line(content, inner).strip(_EDGES)
    notes = "".join(_note(note, place) for note in nodes_of("Note", content))
    if not text or place.link or "image:" in text:  # a picture that is a link says so itself
        return f"{anchors}{text}{notes}"
    if target.startswith("#"):
        return f"{anchors}xref:{target}[{text}]{notes}"
    if text == _text(target, inner):
        text = ""  # then the address is shown
    return f"{anchors}link:++{_address(target)}++[{text}]{notes}"


def _address(target: str) -> str:
    """The target between plus signs."""
    address = target.replace("++", "%2B%2B").replace("|", "%7C").replace(" ", "%20")
    return f"{address[:-1]}%2B" if address.endswith("+") else address


def nodes_of(kind: str, value: Any) -> Iterator[Json]:
    """The nodes of a kind in a value of JSON; what a note holds is its own."""
    if isinstance(value, dict):
        if value.get("t") == kind:
            yield value
        if value.get("t") != "Note":
            yield from nodes_of(kind, value.get("c"))
    elif isinstance(value, list):
        for item in value:
            yield from nodes_of(kind, item)


def _names(link: Json) -> list[str]:
    """The anchors in a link, which its text has no room for."""
    nodes = [link, *nodes_of("Span", link["c"][1])]
    return [node["c"][0][0] for node in nodes if node["c"][0][0]]


def _image(inline: Json, place: _Place) -> str:
    return f"image:{image_macro(inline, place.link)}"


def image_macro(inline: Json, link: str = "") -> str:
    """What comes after ``image:`` or ``image::``."""
    (name, _, pairs), alternative, (source, title) = inline["c"]
    text = "".join(inline.get("c", " ") for inline in alternative)
    attributes = [f'"{_in_quotes(text)}"']
    for key, value in pairs:
        if key in ("width", "height"):
            attributes.append(f"{key}={value.removesuffix('px')}")
    if title:
        attributes.append(f'title="{_in_quotes(title)}"')
    if link:
        attributes.append(f'link="{link.translate(_IN_ATTRIBUTES)}"')
    if name:
        attributes.append(f'id="{name}"')
    return f"{source}[{','.join(attributes)}]"


def _in_quotes(text: str) -> str:
    return escaped(text).replace('"', _reference('"'))


def _note(inline: Json, place: _Place) -> str:
    if place.note or place.link:
        return ""
    inner = _Place(note=True, single=place.single, cell=place.cell)
    text = _flat(inline["c"], inner).strip(_EDGES)
    return f"footnote:[{text}]" if text else ""


def _span(inline: Json, place: _Place) -> str:
    (name, classes, _), content = inline["c"]
    anchor = f"[[{name}]]" if name and not place.link else ""
    kind = classes[0] if classes else ""
    if kind == "mark":
        return anchor + _marked("#", content, place)
    if kind in _ROLES:
        return anchor + _in_role(_ROLES[kind], content, place)
    return anchor + _line(content, place)


def _flat(blocks: Iterable[Json], place: _Place) -> str:
    """Blocks as lines: each ends where a line can be broken."""
    lines: list[str] = []
    for block in blocks:
        texts = _FLAT[block["t"]](block.get("c"), place)
        lines += [text for text in texts if text.strip(_EDGES)]
    return (" " if place.single else _BREAK).join(lines)


def _flat_code(content: Any, place: _Place) -> Iterator[str]:
    for text in content[1].split("\n"):
        yield _code({"c": [None, text]}, place)


def _flat_items(items: Iterable[Iterable[Json]], place: _Place) -> Iterator[str]:
    for item in items:
        yield f"\u2022 {_flat(item, place)}"


def _flat_terms(items: Iterable[Any], place: _Place) -> Iterator[str]:
    for term, definitions in items:
        yield _line(term, place)
        for definition in definitions:
            yield _flat(definition, place)


def _flat_table(content: Any, place: _Place) -> Iterator[str]:
    _, (_, caption), _, (_, head), bodies, (_, foot) = content
    yield _flat(caption, place)
    for _, cells in table_rows(head, bodies, foot):
        yield escaped(" | ").join(_flat(cell[4], place) for cell in cells)


def table_rows(head: Iterable[Any], bodies: Iterable[Any], foot: Iterable[Any]) -> Iterator[Any]:
    """All rows of a table."""
    yield from head
    for body in bodies:
        yield from body[3]
    yield from foot


_FLAT: dict[str, Callable[[Any, _Place], Iterable[str]]] = {
    "Para": lambda content, place: (_line(content, place),),
    "Plain": lambda content, place: (_line(content, place),),
    "LineBlock": lambda content, place: (_line(inlines, place) for inlines in content),
    "Header": lambda content, place: (_marked("*", content[2], place),),
    "CodeBlock": _flat_code,
    "BlockQuote": lambda content, place: (_flat(content, place),),
    "BulletList": _flat_items,
    "OrderedList": lambda content, place: _flat_items(content[1], place),
    "DefinitionList": _flat_terms,
    "Table": _flat_table,
    "Figure": lambda content, place: (_flat(content[2], place), _flat(content[1][1], place)),
    "Div": lambda content, place: (_flat(content[1], place),),
    "HorizontalRule": lambda _content, _place: (),
}
_INLINES: dict[str, Callable[[Json, _Place], str]] = {
    "Emph": _styled,
    "Strong": _styled,
    "Underline": lambda inline, place: _in_role("underline", inline["c"], place),
    "Strikeout": lambda inline, place: _in_role("line-through", inline["c"], place),
    "Superscript": _shifted,
    "Subscript": _shifted,
    "Quoted": _quoted,
    "Code": _code,
    "LineBreak": lambda _, place: " " if place.single else _BREAK,
    "Math": _math,
    "Link": _link,
    "Image": _image,
    "Note": _note,
    "Span": _span,
}
