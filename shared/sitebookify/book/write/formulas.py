"""Formulas as MathML: made from TeX by pandoc, all those of a page at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sitebookify.book import pandoc
from sitebookify.book.document.mathml import presentation
from sitebookify.book.document.nodes import Math, MathNode
from sitebookify.book.document.tex_dialect import pandoc_tex
from sitebookify.book.document.walk import walk
from sitebookify.book.tree import fragment
from sitebookify.messages import Message

Formulas = Mapping[tuple[str, bool], MathNode]
"""MathML by TeX and whether the formula stands on lines of its own."""
_API_VERSION = (1, 23, 1)
"""Of pandoc's JSON; pandoc refuses another."""


def formulas_of(nodes: Iterable[Any], troubles: list[Message]) -> Formulas:
    """MathML for all TeX in the nodes; what pandoc cannot read is missing.

    Where the page has no MathML of its own either, so that readers see TeX, ``troubles`` says so.
    """
    formulas: dict[tuple[str, bool], bool] = {}
    for node in walk(nodes):
        if type(node) is Math and node.tex:
            alone = node.mathml is None
            formulas[node.tex, node.display] = formulas.get((node.tex, node.display), False) or alone
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
    blocks = [_numbered(number, tex, display=display) for number, (tex, display) in enumerate(formulas)]
    request = json.dumps({"pandoc-api-version": _API_VERSION, "meta": {}, "blocks": blocks})
    answer = fragment(pandoc.run(request, source="json", target="html", math="mathml"))
    translated: dict[tuple[str, bool], MathNode] = {}
    for box in answer.iter("div"):
        math = box.find(".//math")
        node = None if math is None else presentation(math)
        number = box.get("id") or ""
        if node is not None and number.isdigit():
            translated[formulas[int(number)]] = node
    return translated


def _numbered(number: int, tex: str, *, display: bool) -> dict[str, Any]:
    """A box of pandoc's JSON that holds the formula and has its number for an id."""
    kind = "DisplayMath" if display else "InlineMath"
    math = {"t": "Math", "c": [{"t": kind}, pandoc_tex(tex)]}
    return {"t": "Div", "c": [[str(number), [], []], [{"t": "Plain", "c": [math]}]]}
