"""Formulas as MathML: a page's own where it is well-formed, else made from TeX by pandoc."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book import pandoc
from sitebookify.book.epub.elements import MATHML
from sitebookify.book.markdown.inlines import formula_of
from sitebookify.book.markdown.raw import tex
from sitebookify.book.tree import fragment, text_of, to_html

_NAMESPACES: Any = {None: MATHML}  # lxml's stubs do not know the default namespace's None
_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mspace", "mtext"})
_ROWS = frozenset({"math", "mrow", "msqrt", "mstyle", "merror", "mpadded", "mphantom", "menclose", "mtd", *_ARITY})
_TABLES = {"mtable": "mtr", "mtr": "mtd"}
_PARENTS = {"mtr": "mtable", "mtd": "mtr"}
_ALLOWED = (_TOKENS | _ROWS | _TABLES.keys()) - {"math"}
_ATTRIBUTES = {
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "separator", "form"},
    "mi": {"mathvariant"},
    "mtable": {"columnalign"},
    "mspace": {"width"},
}


def mathml(node: Element, formulas: Mapping[tuple[str, bool], Element]) -> Element | None:
    """The formula of a ``span.math`` or ``math`` element, or None where there is none that a reader could show."""
    formula = formula_of(node)
    if formula and (made := formulas.get(formula)) is not None:
        return deepcopy(made)
    return presentation(node) if node.tag == "math" else None


def translate(formulas: Iterable[tuple[str, bool]]) -> dict[tuple[str, bool], Element]:
    """MathML for TeX; what pandoc cannot read is missing from the answer.

    Raises:
        PandocFailed: pandoc gave up on all of them.
    """
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    asked = "".join(
        f'<div id="{number}">{to_html(tex(source, display=display))}</div>'
        for number, (source, display) in enumerate(wanted)
    )
    answer = fragment(pandoc.run(asked, source="html", target="html", math="mathml"))
    found = {}
    for box in answer.iter("div"):
        math, number = box.find(".//math"), box.get("id") or ""
        if math is not None and number.isdigit() and (made := presentation(math)) is not None:
            found[wanted[int(number)]] = made
    return found


def presentation(math: Element) -> Element | None:
    """Presentation MathML built anew, or None where an element has not the children it must have."""
    made = etree.Element(f"{{{MATHML}}}math", nsmap=_NAMESPACES)
    if math.get("display") == "block":
        made.set("display", "block")
    return made if _fill(made, math) and len(made) else None


def _fill(made: Element, node: Element) -> bool:
    tag = str(node.tag)
    for child in node:
        name = str(child.tag).rpartition("}")[2]
        if name == "semantics":
            if not len(child) or not _append(made, child[0]):
                return False
        elif not _append(made, child):
            return False
    if tag in _ARITY and len(made) != _ARITY[tag]:
        return False
    return tag not in _TABLES or all(child.tag == f"{{{MATHML}}}{_TABLES[tag]}" for child in made)


def _append(parent: Element, node: Element) -> bool:
    tag = str(node.tag).rpartition("}")[2]
    if tag in ("annotation", "annotation-xml"):
        return True
    if tag not in _ALLOWED or (tag in _PARENTS and parent.tag != f"{{{MATHML}}}{_PARENTS[tag]}"):
        return False
    made = etree.SubElement(parent, f"{{{MATHML}}}{tag}")
    for name in _ATTRIBUTES.get(tag, ()):
        if value := node.get(name):
            made.set(name, value)
    if tag in _TOKENS:
        made.text = None if tag == "mspace" else text_of(node) or None
        return True
    return _fill(made, node)
