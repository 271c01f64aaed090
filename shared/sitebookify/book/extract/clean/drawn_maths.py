"""Formulas that MathJax 3 and 4 have drawn without MathML beside them: the drawing's parts carry its names."""

from __future__ import annotations

import re
import unicodedata

from sitebookify.book.tree import Element, make

_TOKENS = frozenset(("mi", "mn", "mo", "ms", "mtext"))
_ROWS = frozenset(("math", "mrow", "mstyle", "mpadded", "mphantom", "menclose", "merror", "TeXAtom", "texatom"))
_OTHERS = "mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mspace"
_KNOWN = _TOKENS | _ROWS | frozenset(_OTHERS.split())
_PREFIX = "mjx-"
_ROOTS = frozenset(("mroot", "msqrt"))
_LOWER_SECOND = frozenset(("msubsup", "munderover"))
"""Elements that MathJax draws with the upper part before the lower one."""
_LIMITS = ("mjx-base", "mjx-under", "mjx-over")
"""Boxes of what has something below or above it, in the order of MathML."""
_CODE = re.compile(r"(?:^|\s)mjx-c([0-9A-F]{1,6})(?:\s|$)")
_DEEPEST = 40
_ALPHABETS = ("BOLD", "DOUBLE-STRUCK", "FRAKTUR", "ITALIC", "MONOSPACE", "SANS-SERIF", "SCRIPT")


def mathml_of(container: Element) -> Element | None:
    """The formula that an ``mjx-container`` draws as SVG or with elements of its own; None where it cannot be read."""
    top = next((part for part in container.iter("*") if _name(part) == "math"), None)
    if top is None:
        return None
    formula = make("math")
    source = top.get("data-latex") or container.get("data-latex")
    if source:
        formula.set("alttext", source)
    children = _children(top, 0)
    if not children and not source:
        return None
    formula.extend(children)
    return formula


def _name(part: Element) -> str:
    """The element of MathML that the part draws, or ""."""
    tag = str(part.tag)
    drawn = tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else ""
    return part.get("data-mml-node", drawn if drawn in _KNOWN else "")


def _children(part: Element, depth: int) -> list[Element]:
    """The formulas that are drawn inside, in the order of MathML."""
    if depth > _DEEPEST:
        return []
    children: list[Element] = []
    for child in part:
        name = _name(child)
        if name in _KNOWN:
            children.append(_element(child, name, depth + 1))
        else:
            children += _children(child, depth + 1)
    return children


def _element(part: Element, name: str, depth: int) -> Element:
    if name in _TOKENS:
        return _token(part, name)
    element = make("mrow" if name in _ROWS else name)
    element.extend(_limits(part, depth) or _arguments(part, name, depth))
    return element


def _arguments(part: Element, name: str, depth: int) -> list[Element]:
    """The children in the order of MathML: drawings have the upper script first, and a root's sign among them."""
    children = _children(part, depth)
    if name in _ROOTS:
        children = [child for child in children if child.tag != "mo" or child.text != "\u221a"]
        if name == "mroot" and str(part.tag).startswith(_PREFIX):
            children = children[1:] + children[:1]
    elif name in _LOWER_SECOND and len(children) == 3:
        children = [children[0], children[2], children[1]]
    return children


def _limits(part: Element, depth: int) -> list[Element]:
    """What stands above and below, where boxes say so; else nothing."""
    boxes = [next(part.iter(name), None) for name in _LIMITS]
    rows: list[Element] = []
    for box in boxes if boxes[0] is not None else ():
        if box is not None:
            row = make("mrow")
            row.extend(_children(box, depth))
            rows.append(row)
    return rows


def _token(part: Element, name: str) -> Element:
    """A token: each glyph is named by its code."""
    signs: list[str] = []
    variant = ""
    for glyph in part.iter("*"):
        match = _CODE.search(glyph.get("class", ""))
        code = glyph.get("data-c") or (match[1] if match else "")
        if glyph.tag in ("text", "mjx-utext"):
            signs.append(glyph.text or "")
        elif code:
            sign, variant = _letter(code)
            signs.append(sign)
    token = make(name, "".join(signs))
    if variant:
        token.set("mathvariant", variant)
    return token


def _letter(code: str) -> tuple[str, str]:
    """The letter with this code and its variant: Unicode has alphabets of its own for formulas."""
    try:
        sign = chr(int(code[:6], 16))
    except (ValueError, OverflowError):
        return "", ""
    if code.upper() == "210E":  # Planck's constant fills the place of the slanted h
        return "h", ""
    name = unicodedata.name(sign, "")
    for alphabet in _ALPHABETS:
        if name.startswith(f"MATHEMATICAL {alphabet} "):
            variant = "" if alphabet == "ITALIC" else alphabet.lower()
            return unicodedata.normalize("NFKC", sign), variant
    return sign, ""
