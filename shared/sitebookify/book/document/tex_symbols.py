"""TeX of a formula as symbols and groups, for what rewrites formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_DEEPEST = 40
"""Braces in each other; TeX that nests deeper is left as it is."""


class Group(list["str | Group"]):
    r"""What stands between braces: commands, single characters, runs of white space and further groups."""


def parse(tex: str) -> Group | None:
    """The symbols of the formula; None where its braces do not match or nest too deep."""
    stack = [Group()]
    for match in _TOKEN.finditer(tex):
        symbol = match[0]
        if symbol == "{":
            if len(stack) > _DEEPEST:
                return None
            stack.append(Group())
        elif symbol == "}":
            if len(stack) == 1:
                return None
            group = stack.pop()
            stack[-1].append(group)
        else:
            stack[-1].append(symbol)
    return stack[0] if len(stack) == 1 else None


def write(symbols: Iterable[str | Group]) -> str:
    """The symbols as TeX."""
    pieces: list[str] = []
    _write(symbols, pieces)
    return "".join(pieces)


def _write(symbols: Iterable[str | Group], pieces: list[str]) -> None:
    for symbol in symbols:
        if isinstance(symbol, str):
            if pieces and symbol[:1].isalpha() and _COMMAND.fullmatch(pieces[-1]):
                pieces.append(" ")
            pieces.append(symbol)
        else:
            pieces.append("{")
            _write(symbol, pieces)
            pieces.append("}")


def is_command(symbol: str | Group) -> bool:
    r"""True for a symbol such as ``\alpha``."""
    return isinstance(symbol, str) and _COMMAND.fullmatch(symbol) is not None


def argument(symbols: Sequence[str | Group], place: int) -> tuple[Group, int]:
    """The argument at ``place`` (a group, or the next symbol), and the place after it; empty at the end."""
    place = after_space(symbols, place)
    if place >= len(symbols):
        return Group(), place
    symbol = symbols[place]
    return (symbol if isinstance(symbol, Group) else Group([symbol])), place + 1


def after_space(symbols: Sequence[str | Group], place: int) -> int:
    """The first place from ``place`` on that holds no white space."""
    while place < len(symbols):
        symbol = symbols[place]
        if not (isinstance(symbol, str) and symbol.isspace()):
            break
        place += 1
    return place
