"""Pandoc's AST prepared for pandoc's writer of AsciiDoc, so that nothing on a page is lost or taken for mark-up.

Lines and code come ready; boxes get delimiters of lengths of their own, which is how AsciiDoc tells a box in a box from
its end. Lists, tables and headings are left to pandoc.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sitebookify.book.document.admonition_kinds import KINDS
from sitebookify.book.document.pandoc_json import Json, div, node
from sitebookify.book.write.asciidoc_text import image_macro, line, line_of_blocks, nodes_of, table_rows

_LISTS = frozenset({"BulletList", "OrderedList", "DefinitionList"})
_SHORTEST = 4
_OPEN_BLOCK = re.compile(r"^--[ \t]*$", re.MULTILINE)
_LANGUAGE = re.compile(r"[\w+#.-]+", re.ASCII)
_DIRECTIVE = re.compile(r"^(\\*(?:include|ifdef|ifndef|ifeval|endif)::)", re.MULTILINE)
"""Lines that the preprocessor takes, in code as well; a backslash before them is taken away."""
_COMMENT = re.compile(r"^(//(?!/))", re.MULTILINE)
_TERM_ENDS = ("::", ":::", "::::", ";;")
_NO_ATTR: list[Any] = ["", [], []]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where blocks stand.

    In how many ``boxes``, and lists of ``terms``; in a table's ``cell``; in an ``open`` block; anywhere but on the page
    itself (``inner``). ``longest`` are lines of code on the page that look like a box's delimiter, by sign: the end of
    a box is looked for before what is in it is known.
    """

    longest: Mapping[str, int]
    boxes: int = 0
    terms: int = 0
    cell: bool = False
    open: bool = False
    inner: bool = False

    def inside(self) -> _Place:
        return replace(self, inner=True)

    def boxed(self) -> _Place:
        return replace(self, boxes=self.boxes + 1, inner=True)


def prepared(blocks: Iterable[Json]) -> list[Json]:
    """The page's blocks, for pandoc's format ``asciidoc``."""
    page = [*blocks]
    verbatim = [*nodes_of("CodeBlock", page), *nodes_of("Math", page)]
    code = "\n".join(node["c"][1] for node in verbatim)
    longest = {sign: _longest_line(sign, code) for sign in "=_"}
    place = _Place(longest, open=bool(_OPEN_BLOCK.search(code)))
    return _in_sequence(_blocks(page, place))


def _in_sequence(blocks: list[Json]) -> list[Json]:
    """The page with no heading more than one level below the one before: a section is in one of the level above."""
    last = 0
    for block in blocks:
        if block["t"] != "Header":
            continue
        level = block["c"][0]
        last = min(level, last + 1) if last else level
        block["c"][0] = last
    return blocks


def _longest_line(sign: str, code: str) -> int:
    lines = re.findall(rf"^[{sign}]{{{_SHORTEST},}}(?=[ \t]*$)", code, re.MULTILINE)
    return max(map(len, lines), default=0)


def _raw_inline(text: str) -> Json:
    return node("RawInline", ["asciidoc", text])


def _raw_line(kind: str, text: str) -> list[Json]:
    """The line as pandoc's block of this kind, if it says anything."""
    return [node(kind, [_raw_inline(text)])] if text else []


def _raw_block(text: str) -> Json:
    return _opening(f"{text}\n")


def _blocks(blocks: Iterable[Json], place: _Place) -> list[Json]:
    written: list[Json] = []
    before = ""
    for block in blocks:
        kind = block["t"]
        if kind == before and kind in _LISTS and not place.inner:
            written.append(_raw_block("//-"))  # else the next list goes on with the last
        of_block = _BLOCKS[kind](block, place)
        written += of_block
        if of_block:
            before = kind
    return written


def _para(block: Json, place: _Place) -> list[Json]:
    content = block["c"]
    if len(content) == 1 and content[0]["t"] == "Math":
        kind, tex = content[0]["c"]
        if kind["t"] == "DisplayMath":
            return [_formula(tex, place)]
    text = line(content, cell=place.cell)
    return _raw_line(block["t"], text)


def _formula(tex: str, place: _Place) -> Json:
    lines = "\n".join(line for line in tex.splitlines() if line.strip())
    return _raw_block(f"[latexmath]\n++++\n{_verbatim(lines, place)}\n++++")


def _verbatim(text: str, place: _Place) -> str:
    if place.cell:  # a cell is read twice: a backslash would be taken away at first, and comments are left out
        return _COMMENT.sub(r" \1", _DIRECTIVE.sub(r" \1", text)).replace("|", "\\|")
    return _DIRECTIVE.sub(r"\\\1", text)


def _with_breaks(lines: Iterable[Iterable[Json]]) -> list[Json]:
    """The lines as one, with a line break after each."""
    content: list[Json] = []
    for inlines in lines:
        content += [*inlines, node("LineBreak")]
    return content


def _header(block: Json, place: _Place) -> list[Json]:
    """A heading in a box is a line: AsciiDoc has sections on the page only."""
    level, attr, content = block["c"]
    anchor = f"[[{attr[0]}]]" if attr[0] else ""
    text = line(content, single=True)
    if not text:
        return [_raw_block(anchor)] if anchor else []
    if place.inner:
        strong = line([node("Strong", content)], single=True)
        return _raw_line("Para", anchor + strong)
    if text.endswith("="):
        text = f"{text[:-1]}&#61;"  # signs at both ends are taken away
    return [node("Header", [level, attr, [_raw_inline(text)]])]


def _code(block: Json, place: _Place) -> list[Json]:
    (name, classes, _), text = block["c"]
    language = classes[0] if classes and _LANGUAGE.fullmatch(classes[0]) else ""
    style = f"[source,{language}]\n" if language else ""
    sign = "." if place.cell else "-"  # hyphens in a cell end an open block around the table
    fence = sign * max(_SHORTEST, 1 + _longest_line(sign, text))
    return [_raw_block(f"{_anchor_line(name)}{style}{fence}\n{_verbatim(text, place)}\n{fence}")]


def _box(sign: str, head: str, blocks: Iterable[Json], place: _Place) -> list[Json]:
    """A delimited block, as one of pandoc's, so that it stays together in a list."""
    content = _blocks(blocks, place.boxed())
    if not content:
        return []
    delimiter = sign * (max(_SHORTEST, 1 + place.longest[sign]) + place.boxes)
    return [div([_opening(f"{head}{delimiter}"), *content, _raw_block(delimiter)], _NO_ATTR)]


def _opening(text: str) -> Json:
    return node("RawBlock", ["asciidoc", f"{text}\n"])


def _div(block: Json, place: _Place) -> list[Json]:
    (name, classes, _), blocks = block["c"]
    if classes and classes[0] in KINDS:
        return _admonition(name, KINDS[classes[0]].alert, blocks, place)
    content = _blocks(blocks, place)
    return _anchored(name, content) if name else content


def _admonition(name: str, alert: str, blocks: Sequence[Json], place: _Place) -> list[Json]:
    head = _anchor_line(name) + f"[{alert}]\n"
    title, body = _titled(blocks)
    if title:
        head += f".{title}\n"
    return _box("=", head, body, place) or _blocks([div([*blocks], [name, [], []])], place)


def _anchor_line(name: str) -> str:
    """An anchor on a line of its own above a block, if it has a name."""
    return f"[[{name}]]\n" if name else ""


def _anchored(name: str, blocks: Sequence[Json]) -> list[Json]:
    """The blocks with an anchor at the first: each of them stays one, which a list's item can be continued with."""
    if not blocks:
        return [_raw_block(f"[[{name}]]")]
    first, *others = blocks
    if first["t"] in ("Para", "Plain"):
        return [node(first["t"], [_raw_inline(f"[[{name}]]"), *first["c"]]), *others]
    return [div([_opening(f"[[{name}]]"), first], _NO_ATTR), *others]


def _titled(blocks: Sequence[Json]) -> tuple[str, Sequence[Json]]:
    """The title of an admonition, and what is below it."""
    if blocks and blocks[0]["t"] == "Div" and blocks[0]["c"][0][1] == ["title"]:
        return line_of_blocks(blocks[0]["c"][1]), blocks[1:]
    return "", blocks


def _figure(block: Json, place: _Place) -> list[Json]:
    (name, _, _), (_, caption), blocks = block["c"]
    title = line_of_blocks(caption)
    head = _anchor_line(name)
    if title:
        head += f".{title}\n"
    image = _only_image(blocks)
    if image:
        return [_raw_block(f"{head}image::{image_macro(image)}")]
    box = _box("=", head, blocks, place) if title else []
    return box or _blocks([div([*blocks, *caption], [name, [], []])], place)


def _only_image(blocks: Sequence[Json]) -> Json | None:
    """The picture that is all there is."""
    if len(blocks) != 1 or blocks[0]["t"] not in ("Para", "Plain"):
        return None
    content = [inline for inline in blocks[0]["c"] if inline["t"] != "Space"]
    return content[0] if len(content) == 1 and content[0]["t"] == "Image" else None


def _list(block: Json, place: _Place) -> list[Json]:
    numbers, items = (None, block["c"]) if block["t"] == "BulletList" else block["c"]
    written = [_blocks(item, place.inside()) for item in items]
    return [node(block["t"], [numbers, written] if numbers else written)] if written else []


def _terms(block: Json, place: _Place) -> list[Json]:
    """A list of definitions, by hand: pandoc indents what belongs to a term, and AsciiDoc takes that for text."""
    if not block["c"]:
        return []
    if place.open or any(nodes_of("Table", block["c"])):  # Asciidoctor loses rows of a table in such an open block
        return _terms_as_bullets(block, place)
    marker = _TERM_ENDS[place.terms % len(_TERM_ENDS)]
    inner = replace(place, terms=place.terms + 1, inner=True)
    written: list[Json] = []
    for term, definitions in block["c"]:
        text = line(term, single=True) or "{empty}"
        written.append(_opening(f"{text}{marker}"))
        below = _definition(list(chain.from_iterable(definitions)), inner)
        written += below or [_opening("{empty}")]  # else whatever comes next is the definition
    return [div([*written, _raw_block("")], _NO_ATTR)]


def _definition(blocks: Sequence[Json], place: _Place) -> list[Json]:
    if all(block["t"] in ("Para", "Plain") for block in blocks):
        text = line(_with_breaks(block["c"] for block in blocks), cell=place.cell)
        return [_opening(text)] if text else []
    content = _blocks(blocks, replace(place, open=True))
    return [_opening("+\n--"), *content, _opening("--")] if content else []


def _terms_as_bullets(block: Json, place: _Place) -> list[Json]:
    """Inside an open block, which holds no other: a list of terms, with what defines each below it."""
    items = []
    for term, definitions in block["c"]:
        text = line([node("Strong", term)], single=True) or "{empty}"
        below = _blocks(chain.from_iterable(definitions), place.inside())
        items.append([*_raw_line("Plain", text), *below])
    return [div([_opening("[none]"), node("BulletList", items)], _NO_ATTR)]


def _table(block: Json, place: _Place) -> list[Json]:
    """A table in a cell is its cells' blocks: AsciiDoc nests tables once, with a sign that text may hold."""
    (name, _, _), (_, caption), columns, (_, head), bodies, (_, foot) = block["c"]
    if place.cell:
        contents = [*caption]
        for _, cells in table_rows(head, bodies, foot):
            for cell in cells:
                contents += cell[4]
        return _blocks([div(contents, [name, [], []])], place)
    title = line_of_blocks(caption)
    written_bodies = []
    for _, head_columns, _, rows in bodies:
        written_bodies.append([_NO_ATTR, head_columns, [], _rows(rows, place)])
    written = [
        [name, [], []],
        [None, _raw_line("Plain", title)],
        columns,
        [_NO_ATTR, _rows(head, place, plain=True)],
        written_bodies,
        [_NO_ATTR, _rows(foot, place, plain=True)],
    ]
    return [node("Table", written)]


def _rows(rows: Iterable[Any], place: _Place, *, plain: bool = False) -> list[Any]:
    """The rows; ``plain`` ones, of head and foot, have lines only."""
    written: list[Any] = []
    for _, cells in rows:
        written_cells = []
        for _, align, height, width, blocks in cells:
            if plain:
                content = _raw_line("Plain", line_of_blocks(blocks, cell=True))
            else:
                content = _blocks(blocks, replace(place, cell=True, inner=True))
            written_cells.append([_NO_ATTR, align, height, width, content])
        written.append([_NO_ATTR, written_cells])
    return written


_BLOCKS: dict[str, Callable[[Json, _Place], list[Json]]] = {
    "Para": _para,
    "Plain": _para,
    "LineBlock": lambda block, place: _para(node("Para", _with_breaks(block["c"])), place),
    "Header": _header,
    "CodeBlock": _code,
    "BlockQuote": lambda block, place: _box("_", "", block["c"], place),
    "BulletList": _list,
    "OrderedList": _list,
    "DefinitionList": _terms,
    "Table": _table,
    "Figure": _figure,
    "Div": _div,
    "HorizontalRule": lambda block, _: [block],
}
