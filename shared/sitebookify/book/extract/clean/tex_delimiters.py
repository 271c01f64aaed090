r"""Where formulas stand in a text: between ``\(…\)``, ``\[…\]``, ``$$…$$``, ``$…$``, ``\begin`` and ``\end``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
        if token[1]:
            end = ends.get(place) if token[1].rstrip("*") in _ENVIRONMENTS else None
        else:
            end = _closing(text, tokens, place, following[place], dollars)
        if end is None or tokens[end].end() - token.start() > _LONGEST:
            place += 1
            continue
        span = _span(text, token, tokens[end])
        if span.tex:
            yield span
        place = end + 1


def _closing(
    text: str, tokens: list[re.Match[str]], place: int, following: Mapping[str, int], dollars: Dollars
) -> int | None:
    """The token that closes the formula which the one at ``place`` opens, or None."""
    sign = tokens[place][0]
    if sign in _CLOSING:
        return following.get(_CLOSING[sign])
    end = following.get("$") if sign == "$" and dollars is not Dollars.SIGNS else None
    return end if end is not None and _is_formula(text, tokens[place], tokens[end], dollars) else None


def _span(text: str, opening: re.Match[str], closing: re.Match[str]) -> FormulaSpan:
    is_environment = opening[1] is not None
    start, end = opening.start(), closing.end()
    tex = text[start:end] if is_environment else text[opening.end() : closing.start()]
    return FormulaSpan(start, end, tex.strip(), display=is_environment or opening[0] in ("\\[", "$$"))


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
    begun: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        if token[1]:
            begun[token[1]].append(place)
        elif token[2] and begun[token[2]]:
            ends[begun[token[2]].pop()] = place
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
    has_tex_sign = _TEX_SIGN.search(inner) is not None
    if inner[0].isdecimal() and " " in inner and not has_tex_sign:
        return False
    if dollars is Dollars.BEFORE_TEX and not _TEX_COMMAND.search(inner):
        return False
    spaced = inner[0].isspace() + inner[-1].isspace()
    return spaced == 0 or (spaced == 2 and has_tex_sign)
