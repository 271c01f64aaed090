"""MathML as typst's functions for formulas."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import combining

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.pdf.strings import call, group, string

_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
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


def formula(math: Element) -> str:
    """A ``math`` element."""
    block = "true" if math.get("display") == "block" else "false"
    return call("math.equation", f"block: {block}", _row(math))


def _row(node: Element) -> str:
    children = list(node)
    body = group(map(_piece, children))
    if len(children) > 2 and {_sign(children[0]), _sign(children[-1])} <= _FENCES:
        return call("math.lr", body)
    return body


def _piece(node: Element) -> str:
    return _WRITERS.get(etree.QName(node).localname, _row)(node)


def _sign(node: Element) -> str:
    return (node.text or "").strip() if etree.QName(node).localname == "mo" else ""


def _token(node: Element) -> str:
    text = "".join(character for character in (node.text or "").strip() if character not in _INVISIBLE)
    upright = node.get("mathvariant") == "normal"
    if len(text) == 1:
        return call("math.upright", call("sign", string(text))) if upright else call("sign", string(text))
    word = text.isalpha() and etree.QName(node).localname == "mi"
    return call("math.op", string(text)) if word else string(text)


def _parts(node: Element) -> list[str]:
    return [_piece(child) for child in node]


def _attached(*names: str, limits: bool = False) -> Callable[[Element], str]:
    def write(node: Element) -> str:
        base, *others = _parts(node)
        if limits:
            base = call("math.limits", base)
        return call("math.attach", base, *(f"{name}: {part}" for name, part in zip(names, others, strict=True)))

    return write


def _over(node: Element) -> str:
    sign = _sign(node[1])
    if sign in _BARS and sign:
        return call("math.overline", _piece(node[0]))
    accent = _ACCENTS.get(sign, sign)
    if len(accent) == 1 and combining(accent):
        return call("math.accent", _piece(node[0]), string(accent))
    return _attached("t", limits=True)(node)


def _under(node: Element) -> str:
    if _sign(node[1]) == "\u23df":
        return call("math.underbrace", _piece(node[0]))
    return _attached("b", limits=True)(node)


def _table(node: Element) -> str:
    rows = (f"({''.join(f'{_row(cell)},' for cell in row)})" for row in node)
    return call("math.mat", "delim: none", *rows)


def _fraction(node: Element) -> str:
    return call("math.frac", *_parts(node))


def _root(node: Element) -> str:
    radicand, index = _parts(node)
    return call("math.root", index, radicand)


def _text(node: Element) -> str:
    return string(node.text or "")


_WRITERS: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("mi", "mn", "mo"), _token),
    **dict.fromkeys(("mtext", "ms"), _text),
    "mfrac": _fraction,
    "mover": _over,
    "mphantom": lambda node: call("hide", _row(node)),
    "mroot": _root,
    "mspace": lambda _node: "h(0.3em)",
    "msqrt": lambda node: call("math.sqrt", _row(node)),
    "msub": _attached("br"),
    "msubsup": _attached("br", "tr"),
    "msup": _attached("tr"),
    "mtable": _table,
    "munder": _under,
    "munderover": _attached("b", "t", limits=True),
}
