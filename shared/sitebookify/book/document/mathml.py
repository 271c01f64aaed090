"""Formulas: their TeX where an element carries it, else presentation MathML, built anew so that it is well-formed."""

from __future__ import annotations

from sitebookify.book.document.nodes import MathNode
from sitebookify.book.tree import Element, classes_of, text_of, without_controls

_TEX = "application/x-tex"
_DELIMITERS = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"))
_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
"""How many children MathML Core asks of an element (https://www.w3.org/TR/mathml-core/)."""
_TOKENS = frozenset(("mi", "mn", "mo", "ms", "mspace", "mtext"))
_ROWS = frozenset(("mrow", "msqrt", "mstyle", "merror", "mpadded", "mphantom", "menclose", "mtd", *_ARITY))
_TABLES = {"mtable": "mtr", "mtr": "mtd"}
_PARENTS = {"mtr": "mtable", "mtd": "mtr"}
_ALLOWED = _TOKENS | _ROWS | _TABLES.keys()
_ATTRIBUTES = {
    "mo": ("stretchy", "fence", "separator", "form"),
    "mi": ("mathvariant",),
    "mtable": ("columnalign",),
    "mspace": ("width",),
}
_ANNOTATIONS = frozenset(("annotation", "annotation-xml"))
_DEEPEST = 60


def tex_of(node: Element) -> tuple[str, bool]:
    """The TeX of a ``span.math``, or of MathML that carries it, and whether it stands on lines of its own.

    The TeX is "" where there is none.
    """
    if node.tag != "math":
        display = "display" in classes_of(node)
        return without_controls(_undelimited(text_of(node))), display
    display = node.get("display") == "block"
    for note in node.iter("annotation"):
        if note.get("encoding") == _TEX and (note.text or "").strip():
            return without_controls((note.text or "").strip()), display
    return "", display


def _undelimited(source: str) -> str:
    source = source.strip()
    for start, end in _DELIMITERS:
        if source.startswith(start) and source.endswith(end) and len(source) >= len(start) + len(end):
            return source[len(start) : -len(end)].strip()
    return source


def presentation(math: Element) -> MathNode | None:
    """A ``math`` element as presentation MathML, or None where an element has not the children it must have."""
    children = _children(math, "math", 0)
    if not children:
        return None
    display = (("display", "block"),) if math.get("display") == "block" else ()
    return MathNode("math", attributes=display, children=children)


def _children(node: Element, tag: str, depth: int) -> tuple[MathNode, ...] | None:
    """The node's children, or None where one is not what it must be."""
    if depth > _DEEPEST:
        return None
    built = _stray_text(node.text)
    for child in node:
        tail = _stray_text(child.tail)
        name = _name(child)
        if name == "semantics":
            child = child[0] if len(child) else child  # noqa: PLW2901 - what it means stands first
            name = _name(child)
        if name not in _ANNOTATIONS:
            element = _element(child, name, tag, depth + 1)
            if element is None:
                return None
            built.append(element)
        built += tail
    if tag in _ARITY and len(built) != _ARITY[tag]:
        return None
    if tag in _TABLES and any(child.tag != _TABLES[tag] for child in built):
        return None
    return tuple(built)


def _stray_text(text: str | None) -> list[MathNode]:
    """Text that stands in no element of its own, as one."""
    return [MathNode("mtext", without_controls(text).strip())] if text and not text.isspace() else []


def _element(node: Element, tag: str, parent: str, depth: int) -> MathNode | None:
    if tag not in _ALLOWED or (tag in _PARENTS and parent != _PARENTS[tag]):
        return None
    attributes = _attributes(node, tag)
    if tag in _TOKENS:
        text = "" if tag == "mspace" else without_controls(text_of(node))
        return MathNode(tag, text, attributes)
    children = _children(node, tag, depth)
    return None if children is None else MathNode(tag, "", attributes, children)


def _attributes(node: Element, tag: str) -> tuple[tuple[str, str], ...]:
    """The element's attributes that mean something in a book."""
    values = ((name, node.get(name)) for name in _ATTRIBUTES.get(tag, ()))
    return tuple((name, without_controls(value)) for name, value in values if value)


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]
