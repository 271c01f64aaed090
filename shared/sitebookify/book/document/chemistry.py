r"""Chemical formulas of the package mhchem (``\ce{H2O}``) as plain TeX.

Source: https://mhchem.github.io/MathJax-mhchem/. Of its grammar this reads elements, amounts, charges,
isotopes, states, bonds, arrows with what stands above and below, and formulas in dollars; other signs stay.
"""

from __future__ import annotations

import re

_ARROWS = {
    "<=>>": "\\rightleftharpoons",
    "<<=>": "\\rightleftharpoons",
    "<-->": "\\leftrightarrow",
    "<=>": "\\rightleftharpoons",
    "<->": "\\leftrightarrow",
    "->": "\\rightarrow",
    "<-": "\\leftarrow",
    "=>": "\\Rightarrow",
}
_LONG = {"->": "\\xrightarrow", "<-": "\\xleftarrow"}
"""Arrows that grow with what stands above them."""
_PIECE = re.compile(
    r"(?P<arrow><=>>|<<=>|<-->|<=>|<->|->|<-|=>)(?:\[(?P<above>[^\]]{0,200})\])?(?:\[(?P<below>[^\]]{0,200})\])?"
    r"|(?P<math>\$[^$]{1,200}\$)"
    r"|(?P<script>[\^_])(?:\{(?P<braced>[^{}]{0,80})\}|(?P<plain>[0-9]{1,6}[+-]?|[+-]|.))"
    r"|(?P<state>\((?:s|l|g|aq)\))"
    r"|(?P<name>[A-Z][a-z]?)"
    r"|(?P<number>[0-9]{1,12}(?:[./][0-9]{1,12})?)"
    r"|(?P<command>\\[A-Za-z]+|\\.)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_PRECIPITATE = {"v": "\\downarrow", "^": "\\uparrow"}


def chemical_formula(source: str) -> str:
    r"""The formula as TeX; what stood in ``\ce{…}``."""
    return "\\mathrm{" + "".join(_pieces(source)) + "}"


def _pieces(source: str) -> list[str]:
    pieces: list[str] = []
    after_atom = False  # a number there counts atoms; anywhere else it is an amount
    for match in _PIECE.finditer(source):
        kind, text = str(match.lastgroup), match[0]
        if match["arrow"]:
            pieces.append(_arrow(match))
        elif match["script"]:
            pieces.append(_script(match))
        elif kind == "math":
            pieces.append(text[1:-1])
        elif kind == "number":
            pieces.append(_atoms(text) if after_atom else text)
        elif kind == "sign":
            pieces.append(_sign(text, source, match, after_atom=after_atom))
        elif kind != "space":
            pieces.append(text)
        elif pieces:
            pieces.append(" \\, " if source[match.start() - 1].isdigit() else " ")
        after_atom = kind == "name" or text in (")", "]", "}") or bool(match["script"])
    return pieces


def _atoms(number: str) -> str:
    """A number of atoms; after a point in it stands how much water goes with them (``CuSO4.5H2O``)."""
    count, point, water = number.partition(".")
    return f"_{{{count}}}\\cdot {water}" if point else f"_{{{count}}}"


def _arrow(match: re.Match[str]) -> str:
    arrow, above, below = match["arrow"], match["above"], match["below"]
    words = ["".join(_pieces(text)) if text else "" for text in (above, below)]
    if not any(words):
        return f" {_ARROWS[arrow]} "
    if arrow in _LONG:
        under = f"[{words[1]}]" if words[1] else ""
        return f" {_LONG[arrow]}{under}{{{words[0]}}} "
    drawn = f"\\overset{{{words[0]}}}{{{_ARROWS[arrow]}}}"
    return f" \\underset{{{words[1]}}}{{{drawn}}} " if words[1] else f" {drawn} "


def _script(match: re.Match[str]) -> str:
    if match["script"] == "^" and (match["plain"] or "").isspace():
        return f" {_PRECIPITATE['^']} "
    text = match["braced"] if match["braced"] is not None else match["plain"]
    return f"{match['script']}{{{text}}}"


def _sign(sign: str, source: str, match: re.Match[str], *, after_atom: bool) -> str:
    """A charge after an atom that ends there, a bond between two, a gas or precipitate alone, or the sign itself."""
    following = source[match.end() : match.end() + 1]
    ends = not following or following in " \t\n)]"
    if sign in "+-" and after_atom and ends:
        return f"^{{{sign}}}"
    alone = source[match.start() - 1 : match.start()].isspace() and ends
    if sign in _PRECIPITATE and alone:
        return f" {_PRECIPITATE[sign]} "
    return {"#": "\\equiv ", "*": "\\cdot ", ".": "\\cdot " if after_atom else "."}.get(sign, sign)
