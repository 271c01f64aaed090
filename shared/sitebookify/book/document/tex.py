"""TeX of formulas that a page has only as MathML, for formats that read no MathML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from sitebookify.book.document.nodes import MathNode

_SPECIAL = {sign: f"\\{sign}" for sign in "{}#%&$_"}
_INVISIBLE = dict.fromkeys("\u200b\u2061\u2062\u2063\u2064", "")
"""Operators that nobody sees, such as the one that applies a function."""
_CAPITAL_NAMES = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi . pi rho varsigma sigma tau upsilon "
    "varphi chi psi omega"
)
"""The small letters from U+03B1 on; TeX has no omicron."""
_GREEK = {chr(0x3B1 + place): f"\\{name} " for place, name in enumerate(_GREEK_NAMES.split()) if name != "."}
_GREEK_CAPITALS = {sign: f"\\{name} " for sign, name in zip("ΓΔΘΛΞΠΣΥΦΨΩ", _CAPITAL_NAMES.split(), strict=True)}
_LETTERS = frozenset(_GREEK | _GREEK_CAPITALS)
_ESCAPES = str.maketrans(
    {
        "\\": "\\backslash ",
        "^": "\\wedge ",
        "~": "\\sim ",
        "\N{MINUS SIGN}": "-",
        "\N{NO-BREAK SPACE}": "~",
        "ϕ": "\\phi ",
        "ϵ": "\\epsilon ",
        **_GREEK,
        **_GREEK_CAPITALS,
        **_SPECIAL,
        **_INVISIBLE,
    }
)
_TEXT_ESCAPES = str.maketrans({"\\": "\\textbackslash ", "^": "\\^{}", "~": "\\~{}", **_SPECIAL})
_FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf "
    "limsup ln log max min Pr sec sin sinh sup tan tanh".split()
)
_LARGE = frozenset("∏∐∑⋀⋂\N{N-ARY LOGICAL OR}\N{N-ARY UNION}")
_VARIANTS = {
    "bold": "mathbf",
    "double-struck": "mathbb",
    "fraktur": "mathfrak",
    "monospace": "mathtt",
    "normal": "mathrm",
    "sans-serif": "mathsf",
    "script": "mathcal",
}
_OVER = {
    "^": "hat",
    "\N{MODIFIER LETTER CIRCUMFLEX ACCENT}": "hat",
    "¯": "overline",
    "\N{EN DASH}": "overline",
    "‾": "overline",
    "_": "overline",
    "→": "vec",
    "˙": "dot",
    ".": "dot",
    "¨": "ddot",
    "~": "tilde",
    "\N{SMALL TILDE}": "tilde",
    "⏞": "overbrace",
}
_UNDER = {"_": "underline", "‾": "underline", "⏟": "underbrace"}
_SCRIPTS = {"msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^"}
_BARS = {"|": "|", "‖": "\\|"}
_OPENING = _BARS | {"(": "(", "[": "[", "{": "\\{", "⟨": "\\langle", "⌊": "\\lfloor", "⌈": "\\lceil"}
_CLOSING = _BARS | {")": ")", "]": "]", "}": "\\}", "⟩": "\\rangle", "⌋": "\\rfloor", "⌉": "\\rceil"}
_TALL = frozenset({"mfrac", "mtable"})
_COMMAND = re.compile(r"\\[A-Za-z]+$")
_LONGEST_COMMAND = 32
"""Characters of the longest command that is written here, and some."""
_ALONE = re.compile(r"\\[A-Za-z]+|\\?.", re.DOTALL)


def to_tex(formula: MathNode) -> str:
    """The formula in TeX on one line, in LaTeX's form of mathematics that KaTeX and MathJax read.

    Of what has no TeX here its parts follow one another, so that no sign is lost.
    """
    return " ".join(_tex(formula).split())


def _tex(node: MathNode) -> str:
    arity, write = _FORMS.get(node.tag, (0, _row_of))
    return write(node) if arity in (0, len(node.children)) else _row_of(node)


def _identifier(node: MathNode) -> str:
    text = node.text.strip(" \t\n\r\f")
    escaped = text.translate(_ESCAPES)
    if text[-1:] in _LETTERS:
        escaped = escaped.rstrip(" ")
    variant = _VARIANTS.get(dict(node.attributes).get("mathvariant", ""))
    if variant and escaped:
        return f"\\{variant}{{{escaped}}}"
    if len(text) > 1 and text.isalpha():
        return f"\\{text}" if text in _FUNCTIONS else f"\\operatorname{{{escaped}}}"
    return escaped


def _words(node: MathNode) -> str:
    text = node.text.translate(_TEXT_ESCAPES)
    return f"\\text{{{text}}}" if text.strip(" \t\n\r\f") else ""


def _scripts(node: MathNode) -> str:
    base, *scripts = node.children
    text = _tex(base)
    if node.tag in ("mover", "munder"):
        accent = (_OVER if node.tag == "mover" else _UNDER).get(scripts[0].text.strip())
        if accent:
            return f"\\{accent}{{{text}}}"
        if not _has_limits(base):
            return f"\\{node.tag[1:]}set{{{_tex(scripts[0])}}}{{{text}}}"
    signs = zip(_SCRIPTS[node.tag], scripts, strict=True)
    return _braced(text) + "".join(f"{sign}{{{_tex(script)}}}" for sign, script in signs)


def _has_limits(base: MathNode) -> bool:
    """True for a sum, a limit or the like, and for what a brace is drawn at."""
    while base.tag in ("mrow", "mstyle") and len(base.children) == 1:
        base = base.children[0]
    text = base.text.strip()
    return base.tag in ("mover", "munder") or text in _FUNCTIONS or text in _LARGE


def _matrix(node: MathNode) -> str:
    rows = [" & ".join(map(_tex, row.children)) for row in node.children]
    body = " \\\\ ".join(rows)
    return f"\\begin{{matrix}} {body} \\end{{matrix}}"


def _row_of(node: MathNode) -> str:
    return node.text.translate(_ESCAPES) + _row(node.children)


def _row(children: Sequence[MathNode]) -> str:
    """The children one after another; brackets around something tall grow with it."""
    if not any(child.tag in _TALL for child in children[1:]):
        return _sequence(children)
    opening = _bracket(children[0], _OPENING)
    closing = _bracket(children[-1], _CLOSING)
    if opening and closing:
        return f"\\left{opening} {_sequence(children[1:-1])} \\right{closing}"
    if opening == "\\{":  # that of cases has no other
        return f"\\left{opening} {_sequence(children[1:])} \\right."
    return _sequence(children)


def _bracket(node: MathNode, brackets: Mapping[str, str]) -> str:
    """The bracket that the node is, as TeX; "" where it is something else."""
    return brackets.get(node.text.strip(), "") if node.tag == "mo" else ""


def _sequence(children: Sequence[MathNode]) -> str:
    pieces: list[str] = []
    end = ""
    for number, child in enumerate(children):
        piece = _tex(child)
        if 0 < number < len(children) - 1 and _is_relation(child):
            piece = f" {piece} "
        elif piece[:1].isalpha() and _COMMAND.search(end):
            piece = f" {piece}"
        pieces.append(piece)
        end = piece[-_LONGEST_COMMAND:] or end
    return "".join(pieces)


def _is_relation(node: MathNode) -> bool:
    """True for an operator that stands between two things."""
    text = node.text.strip()
    if node.tag != "mo" or len(text) != 1 or text in "|¬∂∇" or text in _LARGE:
        return False
    return text == "-" or unicodedata.category(text) == "Sm"


def _braced(tex: str) -> str:
    return tex if _ALONE.fullmatch(tex) else f"{{{tex}}}"


_FORMS: dict[str, tuple[int, Callable[[MathNode], str]]] = {
    "mi": (0, _identifier),
    "mo": (0, _identifier),
    "mn": (0, lambda node: node.text.strip().translate(_ESCAPES)),
    "mtext": (0, _words),
    "ms": (0, _words),
    "mspace": (0, lambda _: "\\;"),
    "mfrac": (2, lambda node: f"\\frac{{{_tex(node.children[0])}}}{{{_tex(node.children[1])}}}"),
    "msqrt": (0, lambda node: f"\\sqrt{{{_row(node.children)}}}"),
    "mroot": (2, lambda node: f"\\sqrt[{_tex(node.children[1])}]{{{_tex(node.children[0])}}}"),
    "mtable": (0, _matrix),
    "mphantom": (0, lambda node: f"\\phantom{{{_row(node.children)}}}"),
    **{tag: (len(signs) + 1, _scripts) for tag, signs in _SCRIPTS.items()},
}
"""By tag: how many children it takes, 0 for any, and what writes it."""
