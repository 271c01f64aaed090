r"""TeX of the web in the TeX that pandoc reads: numbers, references, commands of MathJax, KaTeX and mhchem."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sitebookify.book.document.chemistry import chemical_formula
from sitebookify.book.document.tex_symbols import Group, after_space, argument, parse, write

_SILENT = {"\\label": 1, "\\require": 1, "\\nonumber": 0, "\\notag": 0, "\\hline": 0, "\\mathstrut": 0}
"""Commands that draw nothing, or nothing that MathML has, with the number of their arguments."""
_LAST_ARGUMENT = {
    "\\class": 2,
    "\\colorbox": 2,
    "\\cssId": 2,
    "\\href": 2,
    "\\htmlClass": 2,
    "\\htmlData": 2,
    "\\htmlId": 2,
    "\\htmlStyle": 2,
    "\\raisebox": 2,
    "\\smash": 1,
    "\\style": 2,
    "\\textcolor": 2,
}
"""Commands whose last argument is what is read, with the number of their arguments."""
_MEANINGS = {
    "\\C": "\\mathbb{C}",
    "\\Complex": "\\mathbb{C}",
    "\\N": "\\mathbb{N}",
    "\\Q": "\\mathbb{Q}",
    "\\R": "\\mathbb{R}",
    "\\Reals": "\\mathbb{R}",
    "\\Z": "\\mathbb{Z}",
    "\\argmax": "\\operatorname*{arg\\,max}",
    "\\argmin": "\\operatorname*{arg\\,min}",
    "\\cnums": "\\mathbb{C}",
    "\\degree": "^{\\circ}",
    "\\natnums": "\\mathbb{N}",
    "\\real": "\\mathbb{R}",
    "\\reals": "\\mathbb{R}",
}
"""Commands without arguments: KaTeX's own (https://katex.org/docs/supported.html), and those most pages define so."""
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

_Tokens = Sequence["str | Group"]


def pandoc_tex(tex: str) -> str:
    r"""The formula without what pandoc cannot read: it shows the number of a ``\tag`` beside the formula.

    Commands that pandoc does not know, and this does not either, stay.
    """
    symbols = parse(tex) if "\\" in tex else None
    return write(_rewritten(symbols)) if symbols is not None else tex


def _rewritten(symbols: _Tokens) -> Group:
    out = Group()
    place = 0
    while place < len(symbols):
        symbol = symbols[place]
        place += 1
        if isinstance(symbol, Group):
            out.append(_rewritten(symbol))
        elif symbol in _SWITCHES:
            out += [_SWITCHES[symbol], _rewritten(symbols[place:])]
            break
        elif symbol in _REWRITES:
            place = _REWRITES[symbol](symbol, symbols, place, out)
        else:
            out.append(symbol)
    return out


def _drop(symbol: str, symbols: _Tokens, place: int, _out: Group) -> int:
    for _ in range(_SILENT[symbol]):
        _, place = argument(symbols, place)
    return place


def _keep_last(symbol: str, symbols: _Tokens, place: int, out: Group) -> int:
    last = Group()
    if symbols[place : place + 1] == ["["] and symbols[place + 2 : place + 3] == ["]"]:
        place += 3  # \smash[b]
    for _ in range(_LAST_ARGUMENT[symbol]):
        last, place = argument(symbols, place)
    out.append(_rewritten(last))
    return place


def _mean(symbol: str, _tokens: _Tokens, place: int, out: Group) -> int:
    out += parse(_MEANINGS[symbol]) or ()
    return place


def _tag(_token: str, symbols: _Tokens, place: int, out: Group) -> int:
    r"""``\tag{1}`` shows (1), ``\tag*{1}`` shows 1."""
    bare = place < len(symbols) and symbols[place] == "*"
    label, place = argument(symbols, place + bare)
    out += ["\\qquad", "\\text", label if bare else Group(["(", *label, ")"])]
    return place


def _reference(symbol: str, symbols: _Tokens, place: int, out: Group) -> int:
    label, place = argument(symbols, place)
    out += ["\\text", Group(["(", *label, ")"]) if symbol == "\\eqref" else label]
    return place


def _chemistry(_token: str, symbols: _Tokens, place: int, out: Group) -> int:
    source, place = argument(symbols, place)
    out.append(parse(chemical_formula(write(source))) or Group())
    return place


def _bracket(symbol: str, symbols: _Tokens, place: int, out: Group) -> int:
    content, place = argument(symbols, place)
    before, after = _BRACKETS[symbol]
    out += [before, " ", *_rewritten(content), after]
    return place


def _sign(_token: str, symbols: _Tokens, place: int, out: Group) -> int:
    r"""``\unicode{x3c0}`` or ``\unicode{960}``."""
    code, place = argument(symbols, place)
    text = write(code).strip()
    try:
        out.append(chr(int(text[1:], 16) if text[:1] in "xX" else int(text)))
    except (ValueError, OverflowError):
        out.append(Group(code))
    return place


def _length(_token: str, symbols: _Tokens, place: int, out: Group) -> int:
    r"""``\kern1em``: a space."""
    place = after_space(symbols, place)
    letters = 0
    while place < len(symbols) and letters < 2:
        symbol = symbols[place]
        if not isinstance(symbol, str) or symbol[0] not in _IN_LENGTH:
            break
        letters += symbol.isalpha()
        place += 1
    out.append("\\;")
    return place


_BRACKETS = {"\\bra": ("\\langle", "|"), "\\ket": ("|", "\\rangle"), "\\braket": ("\\langle", "\\rangle")}
_REWRITES: dict[str, Callable[[str, _Tokens, int, Group], int]] = {
    **dict.fromkeys(_SILENT, _drop),
    **dict.fromkeys(_LAST_ARGUMENT, _keep_last),
    **dict.fromkeys(_MEANINGS, _mean),
    **dict.fromkeys(_BRACKETS, _bracket),
    **dict.fromkeys(_LENGTHS, _length),
    "\\tag": _tag,
    "\\eqref": _reference,
    "\\ref": _reference,
    "\\ce": _chemistry,
    "\\pu": _chemistry,
    "\\unicode": _sign,
}
"""What rewrites a command: it gets the symbols and the place after the command, and gives the place to go on from."""
