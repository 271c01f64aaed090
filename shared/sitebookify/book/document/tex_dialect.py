r"""TeX of the web in the TeX that pandoc reads: numbers, references, commands of MathJax, KaTeX and mhchem."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sitebookify.book.document.chemistry import chemical_formula
from sitebookify.book.document.tex_symbols import Group, after_space, argument, parse, write
from sitebookify.book.tree import without_controls

_Symbols = Sequence["str | Group"]

_MACROS = {
    "\\C": (0, "\\mathbb{C}"),
    "\\Complex": (0, "\\mathbb{C}"),
    "\\N": (0, "\\mathbb{N}"),
    "\\Q": (0, "\\mathbb{Q}"),
    "\\R": (0, "\\mathbb{R}"),
    "\\Reals": (0, "\\mathbb{R}"),
    "\\Z": (0, "\\mathbb{Z}"),
    "\\argmax": (0, "\\operatorname*{arg\\,max}"),
    "\\argmin": (0, "\\operatorname*{arg\\,min}"),
    "\\bra": (1, "\\langle #1|"),
    "\\braket": (1, "\\langle #1\\rangle"),
    "\\cnums": (0, "\\mathbb{C}"),
    "\\degree": (0, "^{\\circ}"),
    "\\eqref": (1, "\\text{(#1)}"),
    "\\ket": (1, "| #1\\rangle"),
    "\\natnums": (0, "\\mathbb{N}"),
    "\\real": (0, "\\mathbb{R}"),
    "\\reals": (0, "\\mathbb{R}"),
    "\\ref": (1, "\\text{#1}"),
    "\\smash": (1, "{#1}"),
    "\\tag": (1, "\\qquad\\text{(#1)}"),
    "\\tag*": (1, "\\qquad\\text{#1}"),
    **dict.fromkeys(("\\hline", "\\mathstrut", "\\nonumber", "\\notag"), (0, "")),
    **dict.fromkeys(("\\label", "\\require"), (1, "")),
    **dict.fromkeys(("\\class", "\\colorbox", "\\cssId", "\\href", "\\raisebox", "\\style"), (2, "{#2}")),
    **dict.fromkeys(("\\htmlClass", "\\htmlData", "\\htmlId", "\\htmlStyle", "\\textcolor"), (2, "{#2}")),
}
"""How many arguments a command takes, and what it stands for: KaTeX's own (https://katex.org/docs/supported.html),
common definitions of pages, and commands that draw nothing or have no counterpart in MathML.
"""
_SWITCHES = {
    "\\bf": "\\mathbf",
    "\\cal": "\\mathcal",
    "\\it": "\\mathit",
    "\\rm": "\\mathrm",
    "\\sf": "\\mathsf",
    "\\tt": "\\mathtt",
}
"""Fonts of old TeX, which hold until the end of the group."""
_LENGTHS = frozenset(("\\kern", "\\mkern", "\\hskip", "\\mskip"))
_IN_LENGTH = frozenset("-.0123456789 ceimnptux")
"""What numbers are made of, and TeX's units, of two letters each."""
_PARAMETER = re.compile("#([12])")
_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+$")


def pandoc_tex(tex: str) -> str:
    r"""The formula without what pandoc cannot read: it shows the number of a ``\tag`` beside the formula.

    Commands that pandoc does not know, and this does not either, stay.
    """
    symbols = parse(tex) if "\\" in tex else None
    return _rewritten(symbols) if symbols is not None else tex


def _rewritten(symbols: _Symbols) -> str:
    pieces: list[str] = []
    switches = 0
    place = 0
    while place < len(symbols):
        symbol = symbols[place]
        place += 1
        if isinstance(symbol, Group):
            piece = f"{{{_rewritten(symbol)}}}"
        elif symbol in _SWITCHES:
            piece = f"{_SWITCHES[symbol]}{{"
            switches += 1
        else:
            piece, place = _replaced(symbol, symbols, place)
        if pieces and piece[:1].isalpha() and _COMMAND_AT_END.search(pieces[-1]):
            pieces.append(" ")
        if piece:
            pieces.append(piece)
    return "".join(pieces) + "}" * switches


def _replaced(symbol: str, symbols: _Symbols, place: int) -> tuple[str, int]:
    """What is written for a symbol, and the place after its arguments."""
    if symbol in _LENGTHS:
        return "\\;", _after_length(symbols, place)
    if symbol in ("\\ce", "\\pu"):
        source, place = argument(symbols, place)
        formula = chemical_formula(write(source))
        return (f"{{{formula}}}" if parse(formula) is not None else "{}"), place
    if symbol == "\\unicode":
        code, place = argument(symbols, place)
        return _sign(write(code).strip()), place
    if symbol not in _MACROS:
        return symbol, place
    following = symbols[place : place + 3]
    if following[::2] == ["[", "]"]:  # \smash[b]
        place += 3
    elif following[:1] == ["*"] and f"{symbol}*" in _MACROS:
        symbol = f"{symbol}*"
        place += 1
    arguments, meaning = _MACROS[symbol]
    values: list[str] = []
    for _ in range(arguments):
        value, place = argument(symbols, place)
        values.append(_rewritten(value))
    return _PARAMETER.sub(lambda match: values[int(match[1]) - 1], meaning), place


def _sign(code: str) -> str:
    r"""What ``\unicode{x3c0}`` or ``\unicode{960}`` shows."""
    try:
        return without_controls(chr(int(code[1:], 16) if code[:1] in "xX" else int(code)))
    except (ValueError, OverflowError):
        return f"{{{code}}}"


def _after_length(symbols: _Symbols, place: int) -> int:
    r"""The place after what follows ``\kern``, such as ``1em``."""
    place = after_space(symbols, place)
    letters = 0
    while place < len(symbols) and letters < 2:
        symbol = symbols[place]
        if not isinstance(symbol, str) or symbol[0] not in _IN_LENGTH:
            break
        letters += symbol.isalpha()
        place += 1
    return place
