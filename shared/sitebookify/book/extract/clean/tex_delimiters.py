r"""Where formulas stand in a text: between ``\(…\)``, ``\[…\]``, ``$$…$$``, ``$…$``, ``\begin`` and ``\end``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(r"\\begin\{([A-Za-z]{1,20}\*?)\}|\\end\{([A-Za-z]{1,20}\*?)\}|\\[()\[\]$\\]|\$\$|\$")
_LONGEST = 6000
"""Characters of a formula."""
_LONGEST_IN_LINE = 1000
_TEX_SIGN = re.compile(r"\\[A-Za-z]|[_^=<>+]")
_TEX_COMMAND = re.compile(r"\\[A-Za-z]{2}|\\[,;!]|[_^]\{")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_ENVIRONMENTS = frozenset("CD align alignat equation eqnarray flalign gather math displaymath multline".split())
"""Those that typesetters read without delimiters around them; in others' text ``\begin`` is no formula."""


class Dollars(StrEnum):
    """What a single dollar sign is: a formula's delimiter, one where TeX follows that is nothing else, or a sign."""

    DELIMITERS = "delimiters"
    BEFORE_TEX = "before TeX"
    SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class FormulaSpan:
    """A formula from ``start`` to ``end`` of a text, its delimiters included."""

    start: int
    end: int
    tex: str
    display: bool


def formulas_in(text: str, dollars: Dollars) -> Iterator[FormulaSpan]:
    """The formulas in a text, in order. Takes time in proportion to its length."""
    tokens = [*_TOKEN.finditer(text)]
    following = _next_of_kind(tokens)
    ends = _ends(tokens)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        sign = token[0]
        end = None
        if token[1]:
            end = ends.get(place) if token[1].rstrip("*") in _ENVIRONMENTS else None
        elif sign in _CLOSING:
            end = following[place].get(_CLOSING[sign])
        elif sign == "$" and dollars is not Dollars.SIGNS:
            end = following[place].get("$")
            end = end if end is not None and _is_formula(text, token, tokens[end], dollars) else None
        if end is None or tokens[end].end() - token.start() > _LONGEST:
            place += 1
            continue
        closing = tokens[end]
        whole = bool(token[1])
        tex = text[token.start() : closing.end()] if whole else text[token.end() : closing.start()]
        if tex.strip():
            yield FormulaSpan(token.start(), closing.end(), tex.strip(), display=whole or sign in ("\\[", "$$"))
        place = end + 1


def _next_of_kind(tokens: list[re.Match[str]]) -> list[dict[str, int]]:
    """For each token the places of the next closing delimiters after it; equal stretches share a mapping."""
    following: list[dict[str, int]] = []
    next_of: dict[str, int] = {}
    for place in range(len(tokens) - 1, -1, -1):
        following.append(next_of)
        sign = tokens[place][0]
        if sign in ("\\)", "\\]", "$$", "$"):
            next_of = {**next_of, sign: place}
    return following[::-1]


def _ends(tokens: list[re.Match[str]]) -> dict[int, int]:
    r"""The ``\end`` of every ``\begin`` that has one, by their places among the tokens."""
    ends: dict[int, int] = {}
    open_: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        if token[1]:
            open_.setdefault(token[1], []).append(place)
        elif token[2] and open_.get(token[2]):
            ends[open_[token[2]].pop()] = place
    return ends


def _is_formula(text: str, opening: re.Match[str], closing: re.Match[str], dollars: Dollars) -> bool:
    """True for TeX between single dollar signs, not for two prices.

    As pandoc has it, no space stands inside the signs and no digit after them; a formula set off by a space on both
    sides shows by its signs that it is one.
    """
    inner = text[opening.end() : closing.start()]
    following = text[closing.end() : closing.end() + 1]
    if not inner.strip() or len(inner) > _LONGEST_IN_LINE or "\n\n" in inner or following.isdecimal():
        return False
    if inner[0].isdecimal() and " " in inner and not _TEX_SIGN.search(inner):
        return False
    if dollars is Dollars.BEFORE_TEX and not _TEX_COMMAND.search(inner):
        return False
    if inner[0].isspace() or inner[-1].isspace():
        return inner[0].isspace() and inner[-1].isspace() and bool(_TEX_SIGN.search(inner))
    return True
