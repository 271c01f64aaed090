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
        formula = Group()
        for row in rows:
            content, end = _without_end(row) if name else (row, Group())
            formula += self._row(content, labels, counts=self._automatic and name in _NUMBERED)
            formula += end
        return write(formula), labels

    def resolved(self, tex: str) -> str:
        """The text with what its references say instead of them; labels that nothing has stay."""
        return REFERENCE.sub(lambda match: self.words(match[1], match[2]) or match[0], tex)

    def words(self, command: str, label: str) -> str:
        """What a reference shows, or "" for a label that no formula has."""
        number = self.by_label.get(label, "")
        return f"({number})" if number and command == "eqref" else number

    def _row(self, row: Group, labels: list[str], *, counts: bool) -> Group:
        r"""The row with its number as ``\tag``; its labels are added to ``labels``."""
        formula, own_labels = _without_labels(row)
        number = _stated_number(formula)
        is_silent = "\\nonumber" in row or "\\notag" in row
        if counts and not number and not is_silent and write(formula).strip():
            self._last += 1
            number = str(self._last)
            while str(formula[-1]).isspace():
                formula.pop()
            formula += [" ", "\\tag", Group(number)]
        self.by_label.update({label: number for label in own_labels if number})
        labels += own_labels
        return formula


def _without_labels(row: Group) -> tuple[Group, list[str]]:
    r"""The row without ``\label`` and what says that it has no number, and its labels."""
    formula = Group()
    labels: list[str] = []
    place = 0
    while place < len(row):
        symbol = row[place]
        place += 1
        if symbol == "\\label":
            label, place = argument(row, place)
            labels.append(write(label))
        elif symbol not in ("\\nonumber", "\\notag"):
            formula.append(symbol)
    return formula, labels


def _stated_number(formula: Group) -> str:
    r"""What the last ``\tag`` says, or ""."""
    number = ""
    for place, symbol in enumerate(formula, 1):
        if symbol == "\\tag":
            has_star = formula[place : place + 1] == ["*"]
            number = write(argument(formula, place + has_star)[0])
    return number


def _environment(symbols: Group) -> str:
    """The name of the environment that the formula is, or ""."""
    has_name = len(symbols) > 1 and symbols[0] == "\\begin"
    return write(symbols[1]) if has_name and isinstance(symbols[1], Group) else ""


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
