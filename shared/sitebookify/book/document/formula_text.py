"""A formula of which only MathML is known, as a line of text."""

from __future__ import annotations

from collections.abc import Callable

from sitebookify.book.document.nodes import MathNode


def formula_text(node: MathNode) -> str:
    """The formula's characters in a line, with ``/``, ``^``, ``_`` and ``√`` for what stands above or below it."""
    parts = [formula_text(child) for child in node.children]
    join = _JOINED.get(node.tag)
    if join is None or len(parts) != join[0]:
        return node.text + "".join(parts)
    return join[1](*parts)


def _grouped(part: str) -> str:
    return part if len(part) <= 1 or part.isalnum() else f"({part})"


_JOINED: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, lambda top, bottom: f"{_grouped(top)}/{_grouped(bottom)}"),
    "msup": (2, lambda base, above: f"{base}^{_grouped(above)}"),
    "msub": (2, lambda base, below: f"{base}_{_grouped(below)}"),
    "msubsup": (3, lambda base, below, above: f"{base}_{_grouped(below)}^{_grouped(above)}"),
    "mover": (2, lambda base, above: f"{base}^{_grouped(above)}"),
    "munder": (2, lambda base, below: f"{base}_{_grouped(below)}"),
    "munderover": (3, lambda base, below, above: f"{base}_{_grouped(below)}^{_grouped(above)}"),
    "mroot": (2, lambda base, degree: f"{_grouped(degree)}√{_grouped(base)}"),
    "msqrt": (1, lambda base: f"√{_grouped(base)}"),
}
"""By element: how many children it has, and how they are joined."""
