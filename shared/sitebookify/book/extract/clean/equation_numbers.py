r"""Numbers of formulas: given by the page's typesetter, by ``\tag``, and called by ``\eqref`` and ``\ref``."""

from __future__ import annotations

import re

from sitebookify.book.document.tex_symbols import Group, argument, parse, write

_NUMBERED = frozenset(("equation", "align", "alignat", "eqnarray", "flalign", "gather", "multline"))
_BY_ROW = frozenset(("align", "alignat", "eqnarray", "flalign", "gather"))
REFERENCE = re.compile(r"\\(eqref|ref)\{([^{}]{1,100})\}")


class EquationNumbers:
    """The numbers of a page's formulas, which come in order.

    Args:
        automatic: whether the typesetter numbers what has no number of its own, as AMS-LaTeX does.
    """

    def __init__(self, *, automatic: bool) -> None:
        self._automatic = automatic
        self._last = 0
        self.by_label: dict[str, str] = {}

    def numbered(self, tex: str) -> tuple[str, list[str]]:
        r"""The formula with its numbers as ``\tag`` and without ``\label``, and its labels."""
        if not self._automatic and "\\label" not in tex:
            return tex, []
        symbols = parse(tex)
        if symbols is None:
            return tex, []
        name = _environment(symbols)
        rows = _rows(symbols) if name in _BY_ROW else [symbols]
        labels: list[str] = []
        for number, row in enumerate(rows):
            content, end = _without_end(row) if name else (row, Group())
            rows[number] = Group([*self._row(content, labels, counts=self._automatic and name in _NUMBERED), *end])
        return write(_joined(rows)), labels

    def resolved(self, tex: str) -> str:
        """The text with what its references say instead of them; labels that nothing has stay."""
        return REFERENCE.sub(lambda match: self.words(match[1], match[2]) or match[0], tex)

    def words(self, command: str, label: str) -> str:
        """What a reference shows, or "" for a label that no formula has."""
        number = self.by_label.get(label, "")
        return f"({number})" if number and command == "eqref" else number

    def _row(self, row: Group, labels: list[str], *, counts: bool) -> Group:
        formula = Group()
        number, silent, place = "", False, 0
        own: list[str] = []
        while place < len(row):
            symbol = row[place]
            place += 1
            if symbol == "\\label":
                label, place = argument(row, place)
                own.append(write(label))
            elif symbol in ("\\nonumber", "\\notag"):
                silent = True
            else:
                if symbol == "\\tag":
                    number = write(argument(row, place + (row[place : place + 1] == ["*"]))[0])
                formula.append(symbol)
        if counts and not number and not silent and write(formula).strip():
            self._last += 1
            number = str(self._last)
            while formula and isinstance(last := formula[-1], str) and last.isspace():
                formula.pop()
            formula += [" ", "\\tag", Group(number)]
        self.by_label.update({label: number for label in own if number})
        labels += own
        return formula


def _environment(symbols: Group) -> str:
    """The name of the environment that the formula is, or ""."""
    if symbols[:1] != ["\\begin"] or not isinstance(name := symbols[1] if len(symbols) > 1 else "", Group):
        return ""
    return write(name)


def _rows(symbols: Group) -> list[Group]:
    r"""The rows of an environment, each but the last with its ``\\``."""
    rows, depth = [Group()], 0
    for symbol in symbols:
        depth += (symbol == "\\begin") - (symbol == "\\end")
        rows[-1].append(symbol)
        if symbol == "\\\\" and depth == 1:
            rows.append(Group())
    return rows


def _without_end(row: Group) -> tuple[Group, Group]:
    r"""What the row holds, and the ``\\`` or ``\end{…}`` that ends it."""
    for place in range(len(row) - 1, -1, -1):
        if row[place] == "\\end" or (row[place] == "\\\\" and place == len(row) - 1):
            return Group(row[:place]), Group(row[place:])
    return row, Group()


def _joined(rows: list[Group]) -> Group:
    return Group(symbol for row in rows for symbol in row)
