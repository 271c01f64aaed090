r"""Formulas as TeX in ``span.math``: from MathJax's scripts, KaTeX, MathML with a source, and TeX in the text."""

from __future__ import annotations

import re

from sitebookify.book.extract.clean.marks import is_marked, mark
from sitebookify.book.html.vocabulary import CODE, PREFORMATTED
from sitebookify.book.tree import Element, drop, elements, make, replace

_TYPESETTERS = re.compile(r"mathjax|katex", re.IGNORECASE)
_LONGEST = 4000
_INLINE = rf"\\\((?P<inline>.{{1,{_LONGEST}}}?)\\\)"
_DISPLAY = rf"\\\[(?P<display>.{{1,{_LONGEST}}}?)\\\]|\$\$(?P<dollars>.{{1,{_LONGEST}}}?)\$\$"
_TEX = re.compile(f"{_INLINE}|{_DISPLAY}", re.DOTALL)
_VERBATIM = PREFORMATTED | CODE | {"math", "script", "style", "textarea"}
"""Elements in whose text delimiters are no delimiters."""
_MATH_CLASSES = frozenset(("math", "arithmatex", "MathJax_Display", "tex2jax_process"))
_RENDERED = frozenset(("MathJax_Preview", "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML", "MJXp-math"))


def is_typeset(document: Element) -> bool:
    """True where a script of the page typesets TeX that stands in its text."""
    scripts = ((script.get("src") or "") + (script.text or "")[:20_000] for script in document.iter("script"))
    return any(_TYPESETTERS.search(script) for script in scripts)


def normalise(root: Element, *, typeset: bool) -> None:
    """Give every formula under ``root`` its one form; MathML without TeX stays."""
    _scripts(root)
    _rendered(root)
    for formula in [*root.iter("math")]:
        _mathml(formula)
    _in_text(root, typeset=typeset)


def _span(tex: str, *, display: bool) -> Element:
    tex = tex.strip()
    span = make("span", f"\\[{tex}\\]" if display else f"\\({tex}\\)")
    mark(span, "math", "display" if display else "inline")
    return span


def _scripts(root: Element) -> None:
    """``<script type="math/tex">``, beside which MathJax 2 puts what it has typeset."""
    scripts = [script for script in root.iter("script") if (script.get("type") or "").startswith("math/tex")]
    if scripts:
        for element in elements(root):
            if _RENDERED & set((element.get("class") or "").split()):
                drop(element)
    for script in scripts:
        replace(script, _span(script.text or "", display="mode=display" in (script.get("type") or "")))


def _rendered(root: Element) -> None:
    """KaTeX and MathJax 3 carry the formula as MathML beside the drawing."""
    for element in elements(root):
        classes = (element.get("class") or "").split()
        if element.tag != "mjx-container" and "katex" not in classes and "mwe-math-element" not in classes:
            continue
        formula, parent = next(element.iter("math"), None), element.getparent()
        if formula is not None and parent is not None:
            if "katex-display" in (parent.get("class") or "").split() or element.get("display") == "true":
                formula.set("display", "block")
            replace(element, formula)


def _mathml(formula: Element) -> None:
    source = next((note.text for note in formula.iter("annotation") if "tex" in (note.get("encoding") or "")), None)
    source = source or formula.get("alttext")
    if source and source.strip():
        replace(formula, _span(_undelimited(source), display=formula.get("display") == "block"))


def _undelimited(source: str) -> str:
    """TeX without the display style that Wikipedia puts around it."""
    match = re.fullmatch(r"\s*\{\\displaystyle\s(.*)\}\s*", source, re.DOTALL)
    return match[1] if match else source


def _in_text(element: Element, *, typeset: bool) -> None:
    """TeX between delimiters in the element's text, where it is typeset."""
    if element.tag in _VERBATIM or is_marked(element):
        return
    typeset = typeset or bool(_MATH_CLASSES & set((element.get("class") or "").split()))
    children = [*element]
    for child in children:
        _in_text(child, typeset=typeset)
    if typeset:
        for child in reversed(children):
            _split(element, child.tail, child)
        _split(element, element.text, None)


def _split(parent: Element, text: str | None, before: Element | None) -> None:
    """Replace formulas in the text that follows the child ``before``, or the first text of the parent."""
    if not text or not ("\\" in text or "$" in text):
        return
    pieces = list(_TEX.finditer(text))
    if not pieces:
        return
    spans = [_formula(match) for match in pieces]
    for span, match, end in zip(spans, pieces, [*(m.start() for m in pieces[1:]), len(text)], strict=True):
        span.tail = text[match.end() : end]
    rest = text[: pieces[0].start()]
    if before is None:
        parent.text = rest
        parent[0:0] = spans
        return
    before.tail = rest
    for span in reversed(spans):
        before.addnext(span)


def _formula(match: re.Match[str]) -> Element:
    display = match["display"] or match["dollars"]
    return _span(display or match["inline"], display=display is not None)
