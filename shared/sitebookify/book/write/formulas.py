"""Formulas as MathML: made from TeX by pandoc, all those of a page at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from sitebookify.book import pandoc
from sitebookify.book.document.mathml import presentation
from sitebookify.book.document.nodes import Math, MathNode
from sitebookify.book.document.pandoc_json import Json, div, pandoc_attr, pandoc_document
from sitebookify.book.document.tex_dialect import pandoc_tex
from sitebookify.book.document.walk import walk
from sitebookify.book.tree import fragment
from sitebookify.messages import Message

Formulas = Mapping[tuple[str, bool], MathNode]
"""MathML by TeX and whether the formula stands on lines of its own."""


def formulas_of(nodes: Iterable[Any], troubles: list[Message]) -> Formulas:
    """MathML for all TeX in the nodes; what pandoc cannot read is missing.

    Where the page has no MathML of its own either, so that readers see TeX, ``troubles`` says so.
    """
    formulas: dict[tuple[str, bool], bool] = {}
    """By formula, whether it has no MathML in one place at least."""
    for node in walk(nodes):
        if type(node) is Math and node.tex:
            formula = (node.tex, node.display)
            formulas[formula] = formulas.get(formula, False) or node.mathml is None
    if not formulas:
        return {}
    try:
        translated = _translated(list(formulas))
    except pandoc.PandocFailed as error:
        troubles.append(Message("trouble.formulas", detail=str(error)))
        return {}
    missing = sum(alone and formula not in translated for formula, alone in formulas.items())
    if missing:
        troubles.append(Message("trouble.some_formulas", missing=missing, formulas=len(formulas)))
    return translated


def mathml(node: MathNode, attributes: str = "") -> str:
    """The node as mark-up; ``attributes`` are more of them, as mark-up that begins with a space."""
    own = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes)
    inner = escape(node.text, quote=False) + "".join(map(mathml, node.children))
    return f"<{node.tag}{own}{attributes}>{inner}</{node.tag}>"


def _translated(formulas: Sequence[tuple[str, bool]]) -> dict[tuple[str, bool], MathNode]:
    """The formulas that pandoc can read, as MathML; all go to one run of it, each in a box with its number."""
    blocks = [_numbered(number, tex, display=display) for number, (tex, display) in enumerate(formulas)]
    request = msgspec.json.encode(pandoc_document(blocks)).decode()
    answer = fragment(pandoc.run(request, source="json", target="html", math="mathml"))
    translated: dict[tuple[str, bool], MathNode] = {}
    for box in answer.iter("div"):
        number = box.get("id") or ""
        math = box.find(".//math")
        if math is None or not number.isdigit():
            continue
        node = presentation(math)
        if node is not None:
            translated[formulas[int(number)]] = node
    return translated


def _numbered(number: int, tex: str, *, display: bool) -> Json:
    """A box of pandoc's JSON that holds the formula and has its number for an id."""
    kind = "DisplayMath" if display else "InlineMath"
    math = {"t": "Math", "c": [{"t": kind}, pandoc_tex(tex)]}
    return div([{"t": "Plain", "c": [math]}], pandoc_attr(str(number)))
