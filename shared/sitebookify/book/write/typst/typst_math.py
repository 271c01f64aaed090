"""MathML as Typst's functions for formulas."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import combining

from sitebookify.book.document.nodes import MathNode
from sitebookify.book.write.typst.typst_syntax import array, call, group, string

_DEEPEST = 30
"""Typst reads at most some 250 brackets in each other, of which an element here takes up to four."""
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064")
_FENCES = frozenset("()[]{}|‖⟨⟩⌈⌉⌊⌋")
_ACCENTS = {
    "^": "\u0302",
    "\u02c6": "\u0302",
    "~": "\u0303",
    "\u02dc": "\u0303",
    "→": "\u20d7",
    "˙": "\u0307",
    "¨": "\u0308",
}
_BARS = frozenset("¯‾_\u0305")
_UNDERBRACE = "\u23df"

_Writer = Callable[[MathNode, int], str]


def formula(math: MathNode, *, display: bool) -> str:
    """A formula; ``display`` puts it on lines of its own."""
    return call("math.equation", f"block: {str(display).lower()}", _row(math, 0))


def _row(node: MathNode, depth: int) -> str:
    children = node.children
    body = group(_parts(node, depth))
    if len(children) > 2 and {_sign(children[0]), _sign(children[-1])} <= _FENCES:
        return call("math.lr", body)
    return body


def _piece(node: MathNode, depth: int) -> str:
    if depth > _DEEPEST:
        return string(_text_of(node))
    return _WRITERS.get(node.tag, _row)(node, depth)


def _parts(node: MathNode, depth: int) -> list[str]:
    return [_piece(child, depth + 1) for child in node.children]


def _text_of(node: MathNode) -> str:
    return node.text.strip() + "".join(map(_text_of, node.children))


def _sign(node: MathNode) -> str:
    return node.text.strip() if node.tag == "mo" else ""


def _token(node: MathNode, _depth: int) -> str:
    text = node.text.strip().translate(_INVISIBLE)
    if len(text) == 1:
        sign = call("sign", string(text))
        return call("math.upright", sign) if ("mathvariant", "normal") in node.attributes else sign
    is_word = text.isalpha() and node.tag == "mi"
    return call("math.op", string(text)) if is_word else string(text)


def _attached(*names: str, limits: bool = False) -> _Writer:
    """Writes a base with what is attached to it, at the places that typst gives these names."""

    def write(node: MathNode, depth: int) -> str:
        parts = _parts(node, depth)
        if len(parts) != len(names) + 1:
            return group(parts)
        base = call("math.limits", parts[0]) if limits else parts[0]
        attachments = [f"{name}: {part}" for name, part in zip(names, parts[1:], strict=True)]
        return call("math.attach", base, *attachments)

    return write


def _over(node: MathNode, depth: int) -> str:
    sign = _sign(node.children[-1]) if len(node.children) == 2 else ""
    if sign and sign in _BARS:
        return call("math.overline", _piece(node.children[0], depth + 1))
    accent = _ACCENTS.get(sign, sign)
    if len(accent) == 1 and combining(accent):
        return call("math.accent", _piece(node.children[0], depth + 1), string(accent))
    return _attached("t", limits=True)(node, depth)


def _under(node: MathNode, depth: int) -> str:
    if len(node.children) == 2 and _sign(node.children[1]) == _UNDERBRACE:
        return call("math.underbrace", _piece(node.children[0], depth + 1))
    return _attached("b", limits=True)(node, depth)


def _table(node: MathNode, depth: int) -> str:
    rows = []
    for row in node.children:
        cells = [_row(cell, depth + 2) for cell in row.children]
        rows.append(array(cells))
    return call("math.mat", "delim: none", *rows)


def _of_two(function: str, *, reverse: bool = False) -> _Writer:
    """Writes two parts as a function of both."""

    def write(node: MathNode, depth: int) -> str:
        parts = _parts(node, depth)
        if len(parts) != 2:
            return group(parts)
        return call(function, *(parts[::-1] if reverse else parts))

    return write


_WRITERS: dict[str, _Writer] = {
    **dict.fromkeys(("mi", "mn", "mo"), _token),
    **dict.fromkeys(("mtext", "ms"), lambda node, _: string(node.text)),
    "mfrac": _of_two("math.frac"),
    "mover": _over,
    "mphantom": lambda node, depth: call("hide", _row(node, depth)),
    "mroot": _of_two("math.root", reverse=True),
    "mspace": lambda *_: "h(0.3em)",
    "msqrt": lambda node, depth: call("math.sqrt", _row(node, depth)),
    "msub": _attached("br"),
    "msubsup": _attached("br", "tr"),
    "msup": _attached("tr"),
    "mtable": _table,
    "munder": _under,
    "munderover": _attached("b", "t", limits=True),
}
