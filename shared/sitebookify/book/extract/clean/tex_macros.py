r"""Commands that a page defines for its formulas, in them or in the settings of MathJax and KaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
    if command == "\\def":
        return _parameters(pending), None
    if command == "\\let":
        _skip_space(pending)
        if pending and pending[-1] == "=":
            pending.pop()
        return 0, None
    if command == "\\DeclareMathOperator":
        return 0, None
    count = write(_taken_option(pending) or Group())
    arguments = int(count) if count.isdecimal() and len(count) == 1 else 0
    return arguments, _taken_option(pending) if arguments else None


def _parameters(pending: list[str | Group]) -> int:
    r"""How many parameters, as ``#1``, stand before the body of a ``\def``."""
    parameters = 0
    while pending and not isinstance(pending[-1], Group):
        parameters += pending.pop() == "#"
    return parameters


def macros_in(script: str) -> dict[str, Macro]:
    r"""The macros that a script sets: ``macros: {RR: "\\mathbb{R}", "\\bold": ["{\\bf #1}", 1]}``."""
    macros: dict[str, Macro] = {}
    for setting in _SETTING.finditer(script):
        for name, values in _entries(script, setting.end()):
            macro = _macro(*values[:3])
            if macro and len(macros) < _MOST:
                macros["\\" + name.lstrip("\\")] = macro
    return macros


def _macro(tex: str, arguments: str = "", default: str | None = None) -> Macro | None:
    """The macro of an entry's values; the arguments that it does not state are those that its body uses."""
    body = parse(tex)
    if body is None:
        return None
    used = max(map(int, _PARAMETER.findall(tex)), default=0)
    count = int(arguments) if arguments in _DIGITS else used
    return Macro(count, None if default is None else parse(default), body)


def _entries(script: str, start: int) -> Iterator[tuple[str, list[str]]]:
    """Names and values of an object's entries, from behind its opening brace on."""
    name, is_in_list = "", False
    values: list[str] = []
    for match in _SCRIPT_TOKEN.finditer(script, start):
        symbol = match[0]
        if symbol in ("}", "]") or (symbol == "," and not is_in_list):
            if name and values:
                yield name, values
            name, values, is_in_list = "", [], False
        if symbol in ("{", "}"):
            return
        if symbol == "[":
            is_in_list = True
        text = _text_of_token(symbol)
        if text is not None and name:
            values.append(text)
        elif text is not None:
            name = text


def _text_of_token(symbol: str) -> str | None:
    """What a string or a word of a script says; None for a sign."""
    if symbol[0] in "\"'`":
        return _ESCAPE.sub(r"\1", symbol[1:-1])
    return symbol if symbol[0].isalnum() or symbol[0] == "_" else None


def _skip_space(pending: list[str | Group]) -> None:
    while pending and _is_space(pending[-1]):
        pending.pop()


def _is_space(symbol: str | Group) -> bool:
    return isinstance(symbol, str) and symbol.isspace()


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
    symbols = iter(enumerate(body, 1))
    for following, symbol in symbols:
        number = _argument_number(body[following : following + 1]) if symbol == "#" else 0
        if 0 < number <= len(values):
            filled.append(Group(values[number - 1]))
            next(symbols)  # the number
        else:
            filled.append(_filled(symbol, values) if isinstance(symbol, Group) else symbol)
    return filled


def _argument_number(following: Sequence[str | Group]) -> int:
    """The number that stands behind a ``#``, or 0."""
    symbol = following[0] if following else ""
    return int(symbol) if isinstance(symbol, str) and symbol.isdecimal() else 0
