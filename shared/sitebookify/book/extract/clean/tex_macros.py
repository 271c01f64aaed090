r"""Commands that a page defines for its formulas, in them or in the settings of MathJax and KaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`"
_ENTRY = re.compile(
    rf"(?:[\s,]|//[^\n]*+|/\*.*?\*/)*+([\w$]++|{_STRING})\s*+:\s*+\[?\s*+({_STRING})"
    rf"(?:\s*+,\s*+(\d+)(?:\s*+,\s*+({_STRING}))?)?[\s,]*+\]?",
    re.DOTALL,
)
"""A name and what it stands for, in a list also the number of arguments and what the first is where it is left out."""
_DELIMITERS = re.compile(r"\$+|\\[()\[\]]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_DIGITS = frozenset("123456789")
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
            elif symbol in self._macros:
                body = self._body(self._macros[symbol], pending)
                pending += body[::-1]
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
        has_star = bool(pending) and pending[-1] == "*"
        if has_star:
            pending.pop()
        name = write(_taken(pending)).strip()
        arguments, default = _signature(command, pending)
        body = _taken(pending)
        if command == "\\DeclareMathOperator":
            body = Group(["\\operatorname", *("*" * has_star), body])
        is_kept = command == "\\providecommand" and name in self._macros
        calls_itself = name in body
        if is_command(name) and not calls_itself and not is_kept and len(self._macros) < _MOST:
            self._macros[name] = Macro(arguments, default, body)


def _signature(command: str, pending: list[str | Group]) -> tuple[int, Group | None]:
    """How many arguments the macro takes that is being defined, and what the first is where it is left out."""
    parameters = 0
    if command == "\\def":
        while pending and not isinstance(pending[-1], Group):
            parameters += pending.pop() == "#"
    if command == "\\let":
        _skip_space(pending)
        if pending and pending[-1] == "=":
            pending.pop()
    if command in ("\\def", "\\let", "\\DeclareMathOperator"):
        return parameters, None
    count = write(_taken_option(pending) or Group())
    arguments = int(count) if count.isdecimal() and len(count) == 1 else 0
    return arguments, _taken_option(pending) if arguments else None


def macros_in(script: str) -> dict[str, Macro]:
    r"""The macros that a script sets: ``macros: {RR: "\\mathbb{R}", "\\bold": ["{\\bf #1}", 1]}``."""
    macros: dict[str, Macro] = {}
    for setting in _SETTING.finditer(script):
        entry = _ENTRY.match(script, setting.end())
        while entry and len(macros) < _MOST:
            name, tex, arguments, default = map(_unquoted, entry.groups(""))
            macro = _macro(tex, arguments, default)
            if macro:
                macros["\\" + name.lstrip("\\")] = macro
            entry = _ENTRY.match(script, entry.end())
    return macros


def _unquoted(token: str) -> str:
    """What a string or a word of a script says."""
    return _ESCAPE.sub(r"\1", token[1:-1]) if token[:1] in ("'", '"', "`") else token


def _macro(tex: str, arguments: str, default: str) -> Macro | None:
    """The macro of an entry's values; the arguments that it does not state are those that its body uses."""
    body = parse(tex)
    if body is None:
        return None
    used = max(map(int, _PARAMETER.findall(tex)), default=0)
    count = int(arguments) if arguments in _DIGITS else used
    return Macro(count, parse(default) if default else None, body)


def _skip_space(pending: list[str | Group]) -> None:
    while pending and str(pending[-1]).isspace():
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
    while pending:
        symbol = pending.pop()
        if symbol == "]":
            break
        option.append(symbol)
    return option


def _filled(body: Group, values: list[Group]) -> Group:
    """The body with arguments for ``#1`` and so on."""
    filled = Group()
    symbols = iter(body)
    for symbol in symbols:
        if isinstance(symbol, Group):
            filled.append(_filled(symbol, values))
        elif symbol == "#":
            number = str(next(symbols, ""))
            is_known = number in _DIGITS and int(number) <= len(values)
            filled += [Group(values[int(number) - 1])] if is_known else [symbol, number]
        else:
            filled.append(symbol)
    return filled
