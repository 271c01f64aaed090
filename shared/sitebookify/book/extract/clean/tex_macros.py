r"""Commands that a page defines for its formulas, in them or in the settings of MathJax and KaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sitebookify.book.document.tex_symbols import Group, is_command, parse, write

_MOST = 300
"""Macros of a page at most."""
_MOST_STEPS = 2000
_LONGEST = 20_000
"""Applications of macros in a formula, and symbols of it, beyond which it stays as the page has it."""
_DEEPEST = 60
_DEFINING = frozenset(("\\newcommand", "\\renewcommand", "\\providecommand", "\\DeclareMathOperator", "\\def", "\\let"))
_SETTING = re.compile(r"\bmacros[\"']?\s*[:=]\s*\{", re.IGNORECASE)
_SCRIPT_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\w$]+|[\[\]{}:,]", re.DOTALL
)
_DELIMITERS = re.compile(r"\$+|\\[()\[\]]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PARAMETER = re.compile(r"#([1-9])")


class _TooLarge(Exception):
    """A formula that grows without end."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A command: how many arguments it takes, what the first is where it is left out, and what it stands for."""

    arguments: int
    default: Group | None
    body: Group


def macros_defined_by(text: str) -> dict[str, Macro]:
    """The commands that the formulas in a text define; signs of delimiters are no matter here."""
    macros = Macros({})
    macros.applied(_DELIMITERS.sub(" ", text))
    return macros.by_name


class Macros:
    """The macros of a page; formulas that define further ones are read in order."""

    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self._macros = dict(macros)

    @property
    def by_name(self) -> dict[str, Macro]:
        """The macros that are known by now."""
        return dict(self._macros)

    def applied(self, tex: str) -> str:
        """The formula with macros replaced by what they stand for; what it defines is remembered and left out."""
        if "\\" not in tex or not (self._macros or any(name in tex for name in _DEFINING)):
            return tex
        symbols = parse(tex)
        if symbols is None:
            return tex
        self._steps = self._size = 0
        try:
            return write(self._expanded(symbols, 0)).strip()
        except _TooLarge:
            return tex

    def _expanded(self, symbols: Group, depth: int) -> Group:
        if depth > _DEEPEST:
            raise _TooLarge
        out = Group()
        pending = symbols[::-1]
        while pending:
            symbol = pending.pop()
            self._size += 1
            if self._size > _LONGEST:
                raise _TooLarge
            if isinstance(symbol, Group):
                out.append(self._expanded(symbol, depth + 1))
            elif symbol in _DEFINING:
                self._define(symbol, pending)
            elif macro := self._macros.get(symbol):
                pending += self._body(macro, pending)[::-1]
            else:
                out.append(symbol)
        return out

    def _body(self, macro: Macro, pending: list[str | Group]) -> Group:
        """What the macro stands for with the arguments that follow; they are taken from what is ``pending``."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooLarge
        values: list[Group] = []
        if macro.default is not None:
            values.append(_taken_option(pending) or macro.default)
        while len(values) < macro.arguments:
            values.append(_taken(pending))
        return _filled(macro.body, values)

    def _define(self, command: str, pending: list[str | Group]) -> None:
        """Remember the macro that the ``pending`` symbols define."""
        star = bool(pending) and pending[-1] == "*"
        if star:
            pending.pop()
        name = write(_taken(pending)).strip()
        arguments, default = 0, None
        if command == "\\def":
            while pending and not isinstance(pending[-1], Group):
                arguments += pending.pop() == "#"
        elif command == "\\let":
            _skip_space(pending)
            if pending and pending[-1] == "=":
                pending.pop()
        elif command != "\\DeclareMathOperator":
            count = write(_taken_option(pending) or Group())
            arguments = int(count) if count.isdecimal() and len(count) == 1 else 0
            default = _taken_option(pending) if arguments else None
        body = _taken(pending)
        if command == "\\DeclareMathOperator":
            body = Group(["\\operatorname", *("*" * star), body])
        keeps = command == "\\providecommand" and name in self._macros
        if is_command(name) and name not in _names(body) and not keeps and len(self._macros) < _MOST:
            self._macros[name] = Macro(arguments, default, body)


def macros_in(script: str) -> dict[str, Macro]:
    r"""The macros that a script sets: ``macros: {RR: "\\mathbb{R}", "\\bold": ["{\\bf #1}", 1]}``."""
    macros: dict[str, Macro] = {}
    for setting in _SETTING.finditer(script):
        for name, values in _entries(script, setting.end()):
            body = parse(values[0])
            if body is None or len(macros) >= _MOST:
                continue
            default = parse(values[2]) if len(values) > 2 else None
            stated = values[1] if len(values) > 1 else ""
            used = max((int(number) for number in _PARAMETER.findall(values[0])), default=0)
            macros["\\" + name.lstrip("\\")] = Macro(
                int(stated) if stated in "123456789" and stated else used, default, body
            )
    return macros


def _entries(script: str, start: int) -> Iterator[tuple[str, list[str]]]:
    """Names and values of an object's entries, from behind its opening brace on."""
    name, inside = "", False
    values: list[str] = []
    for match in _SCRIPT_TOKEN.finditer(script, start):
        symbol = match[0]
        if symbol in ("}", ",", "]") and not (inside and symbol == ","):
            if name and values:
                yield name, values
            name, values, inside = "", [], False
            if symbol == "}":
                return
        elif symbol == "[":
            inside = True
        elif symbol == "{":
            return
        elif symbol[:1] in "\"'`" or symbol[:1].isalnum() or symbol[:1] == "_":
            text = _ESCAPE.sub(r"\1", symbol[1:-1]) if symbol[:1] in "\"'`" else symbol
            if name:
                values.append(text)
            else:
                name = text


def _names(group: Group) -> set[str]:
    """The commands in a macro's body, as far as a macro would call itself at once."""
    return {symbol for symbol in group if isinstance(symbol, str)}


def _skip_space(pending: list[str | Group]) -> None:
    while pending and isinstance(last := pending[-1], str) and last.isspace():
        pending.pop()


def _taken(pending: list[str | Group]) -> Group:
    """The argument that comes next; ``pending`` holds what is to come, the next last."""
    _skip_space(pending)
    if not pending:
        return Group()
    symbol = pending.pop()
    return symbol if isinstance(symbol, Group) else Group([symbol])


def _taken_option(pending: list[str | Group]) -> Group | None:
    _skip_space(pending)
    if not pending or pending[-1] != "[":
        return None
    pending.pop()
    option = Group()
    while pending and (symbol := pending.pop()) != "]":
        option.append(symbol)
    return option


def _filled(body: Group, values: list[Group]) -> Group:
    """The body with arguments for ``#1`` and so on."""
    filled = Group()
    place = 0
    while place < len(body):
        symbol = body[place]
        following = body[place + 1] if place + 1 < len(body) else ""
        if symbol == "#" and isinstance(following, str) and following.isdecimal() and 0 < int(following) <= len(values):
            filled.append(Group(values[int(following) - 1]))
            place += 1
        else:
            filled.append(_filled(symbol, values) if isinstance(symbol, Group) else symbol)
        place += 1
    return filled
