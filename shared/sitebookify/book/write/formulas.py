"""Formulas as MathML: made from TeX by pandoc, all those of a page at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from sitebookify.book import pandoc
from sitebookify.book.document.mathml import presentation
from sitebookify.book.document.nodes import Math, MathNode
from sitebookify.book.document.pandoc_json import Json, div, node, pandoc_attr, pandoc_document
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
    for inline in walk(nodes):
        if type(inline) is Math and inline.tex:
            formula = (inline.tex, inline.display)
            formulas[formula] = formulas.get(formula, False) or inline.mathml is None
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


def mathml(tree: MathNode, attributes: str = "") -> str:
    """The formula as mark-up; ``attributes`` are more of them, as mark-up that begins with a space."""
    own = "".join(f' {name}="{escape(value)}"' for name, value in tree.attributes)
    inner = escape(tree.text, quote=False) + "".join(map(mathml, tree.children))
    return f"<{tree.tag}{own}{attributes}>{inner}</{tree.tag}>"


def _translated(formulas: Sequence[tuple[str, bool]]) -> dict[tuple[str, bool], MathNode]:
    """The formulas that pandoc can read, as MathML; all go to one run of it, each in a box with its number."""
    blocks: list[Json] = []
    for number, (tex, display) in enumerate(formulas):
        kind = node("DisplayMath" if display else "InlineMath")
        math = node("Math", [kind, pandoc_tex(tex)])
        blocks.append(div([node("Plain", [math])], pandoc_attr(str(number))))
    request = msgspec.json.encode(pandoc_document(blocks)).decode()
    answer = fragment(pandoc.run(request, source="json", target="html", math="mathml"))
    translated: dict[tuple[str, bool], MathNode] = {}
    for box in answer.iter("div"):
        name = box.get("id") or ""
        drawn = box.find(".//math")
        tree = presentation(drawn) if drawn is not None and name.isdigit() else None
        if tree is not None:
            translated[formulas[int(name)]] = tree
    return translated
