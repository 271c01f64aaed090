r"""Formulas: TeX in ``span.math``, or ``math`` with its TeX as annotation, whatever typesets or has typeset them.

They come from MathJax's scripts and its drawings, KaTeX, MathML, and TeX in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sitebookify.book.extract.clean.drawings import FORMULA
from sitebookify.book.extract.clean.drawn_maths import mathml_of
from sitebookify.book.extract.clean.elements import has_letters, is_marked, mark
from sitebookify.book.extract.clean.equation_numbers import REFERENCE, EquationNumbers
from sitebookify.book.extract.clean.named_formulas import named_formulas
from sitebookify.book.extract.clean.tex_delimiters import Dollars, formulas_in
from sitebookify.book.extract.clean.tex_macros import Macros
from sitebookify.book.extract.clean.typesetting import Typesetting
from sitebookify.book.html.vocabulary import CODE, PREFORMATTED
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    finder,
    holds,
    make,
    replace,
    say,
    text_of,
    unwrap,
    words_of,
)

TEX = "application/x-tex"
"""The encoding of an annotation that holds a formula's TeX."""
_VERBATIM = PREFORMATTED | CODE | {"math", "script", "style", "textarea"}
"""Elements in whose text delimiters are no delimiters."""
_MATH_CLASSES = frozenset(("math", "arithmatex", "MathJax_Display", "tex2jax_process", "mathjax_process"))
_IGNORED = frozenset(("tex2jax_ignore", "mathjax_ignore"))
_RENDERED = frozenset(("MathJax_Preview", "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML", "MJXp-math"))
_CARRIERS = frozenset(("katex", "mwe-math-element", "MathJax", "MathJax_SVG", "MathJax_CHTML", "MathJax_SVG_Display"))
"""Boxes of a drawing beside which the formula stands as MathML."""
_can_be_drawn = finder(["mjx-container"], ["class"])
_BREAK = "\x01"
"""Stands for ``br`` while text is searched. XML forbids it, so that no page holds it."""
_NUMBER_NAMES = frozenset(("eqno", "equation-number", "eq-number", "eqn-number", "ltx_eqn_eqno"))
_LONGEST_LABEL = 20
_DISPLAY_STYLE = re.compile(r"\s*\{\\displaystyle\s(.*)\}\s*", re.DOTALL)


def normalise(root: Element, typesetting: Typesetting) -> None:
    """Give every formula under ``root`` its one form; MathML without TeX stays as it is."""
    _scripts(root)
    for element, tex, displayed in named_formulas(root):
        replace(element, _span(tex, display=displayed))
    _drawn(root)
    for formula in [*root.iter("math")]:
        _mathml(formula)
    _in_text(root, typesetting)
    _numbers_beside(root)
    _settle(root, typesetting)


def _span(tex: str, *, display: bool) -> Element:
    span = make("span", _delimited(tex.strip(), display=display))
    mark(span, "math", "display" if display else "inline")
    return span


def _delimited(tex: str, *, display: bool) -> str:
    return f"\\[{tex}\\]" if display else f"\\({tex}\\)"


def _scripts(root: Element) -> None:
    """``<script type="math/tex">``, beside which MathJax 2 puts what it has typeset."""
    scripts = [script for script in root.iter("script") if script.get("type", "").startswith("math/tex")]
    if scripts:
        for element in [*root.iter("*")]:
            if not _RENDERED.isdisjoint(classes_of(element)):
                drop(element)
    for script in scripts:
        is_display = "mode=display" in script.get("type", "")
        replace(script, _span(script.text or "", display=is_display))


def _drawn(root: Element) -> None:
    """KaTeX and MathJax carry the formula as MathML beside the drawing, or in the names of its parts."""
    for element in _can_be_drawn(root):
        parent = element.getparent()
        is_container = element.tag == "mjx-container"
        if parent is None or not (is_container or not _CARRIERS.isdisjoint(classes_of(element))):
            continue
        formula = next(element.iter("math"), None)
        if formula is None and is_container:
            formula = mathml_of(element)
        drawing = element.find("svg")
        if formula is not None:
            if "katex-display" in classes_of(parent) or element.get("display") == "true":
                formula.set("display", "block")
            replace(element, formula)
        elif drawing is not None:  # it says nothing of the formula: it stays a picture
            drawing.attrib.pop("aria-hidden", "")
            drawing.set(FORMULA, "")
            replace(element, detach(drawing))


def _mathml(formula: Element) -> None:
    """Leave of a formula's annotations its TeX; where nothing but TeX is there, that is the formula."""
    annotations = [*formula.iter("annotation", "annotation-xml")]
    sources = [each.text for each in annotations if "tex" in each.get("encoding", "").lower()]
    source = next(filter(None, [*sources, formula.get("alttext"), formula.get("data-latex")]), "")
    for annotation in annotations:
        drop(annotation)
    if not source or source.isspace():
        return
    wrapped = _DISPLAY_STYLE.fullmatch(source)  # as Wikipedia has it
    tex = wrapped[1] if wrapped else source
    if holds(formula, "mi", "mn", "mo", "mtext"):
        formula.append(make("annotation", tex.strip(), encoding=TEX))
    else:
        replace(formula, _span(tex, display=formula.get("display") == "block"))


def _in_text(root: Element, typesetting: Typesetting) -> None:
    """TeX between delimiters in the text of the tree, where it is typeset."""
    if not _has_delimiter(text_of(root)):
        return
    pending: list[tuple[Element, bool]] = [(root, typesetting.text)]
    while pending:
        element, typeset = pending.pop()
        if element.tag in _VERBATIM or is_marked(element):
            continue
        names = classes_of(element)
        if not _IGNORED.isdisjoint(names):
            typeset = False
        if not _MATH_CLASSES.isdisjoint(names):
            typeset = True
        pending += [(child, typeset) for child in element]
        if typeset:
            _split(element, typesetting.dollars)


def _has_delimiter(text: str) -> bool:
    return "\\" in text or "$" in text


def _split(parent: Element, dollars: Dollars) -> None:
    """Replace formulas in the text of the element, which ``br`` may break and any other child ends."""
    before: Element | None = None
    breaks: list[Element] = []
    for child in [*parent, None]:
        if child is not None and child.tag == "br":
            breaks.append(child)
            continue
        texts = [_text_after(parent, before), *(each.tail or "" for each in breaks)]
        content = _typeset(_BREAK.join(texts), dollars) if any(map(_has_delimiter, texts)) else None
        if content is not None:
            for each in breaks:
                parent.remove(each)  # with the text after it
            _put_after(parent, before, content)
        before, breaks = child, []


def _text_after(parent: Element, before: Element | None) -> str:
    """The text right after a child of the parent, or at the parent's beginning."""
    return (parent.text if before is None else before.tail) or ""


def _typeset(text: str, dollars: Dollars) -> Element | None:
    """A box with the text and its formulas; None where there is nothing to typeset in it."""
    spans = [*formulas_in(text, dollars)]
    escaped = "\\$" if dollars is Dollars.DELIMITERS else "$"
    if not spans and (escaped == "$" or escaped not in text):
        return None
    box = make("span")
    place = 0
    for span in (*spans, None):
        first, *lines = text[place : span.start if span else None].replace(escaped, "$").split(_BREAK)
        say(box, first)
        for line in lines:
            box.append(make("br"))
            say(box, line)
        if span:
            box.append(_span(span.tex.replace(_BREAK, "\n"), display=span.display))
            place = span.end
    return box


def _put_after(parent: Element, before: Element | None, content: Element) -> None:
    """Put what the box holds in the place of the text right after a child of the parent, or at its beginning."""
    if before is None:
        parent.text = None
        parent.insert(0, content)
    else:
        before.tail = None
        before.addnext(content)
    unwrap(content)


def _numbers_beside(root: Element) -> None:
    """A number that stands in a box beside its formula (Sphinx, Quarto, pandoc) becomes the formula's own."""
    for number in [*root.iter("span", "div", "td")]:
        box = number.getparent()
        if box is None or _NUMBER_NAMES.isdisjoint(classes_of(number)):
            continue
        for sign in [*number.iter("a")]:
            if not has_letters(words_of(sign)):
                drop(sign)
        label = words_of(number)
        holders = [holder for holder, _ in islice(_formulas(box), 2)]
        if len(holders) == 1 and "\\tag" not in (holders[0].text or "") and 0 < len(label) <= _LONGEST_LABEL:
            is_bracketed = label[0] == "(" and label[-1] == ")"
            tag = f" \\tag{{{label[1:-1]}}}" if is_bracketed else f" \\tag*{{{label}}}"
            tex = _bare(holders[0].text or "") + tag
            holders[0].text = _delimited(tex, display=True) if holders[0].tag == "span" else tex
            drop(number)


def _settle(root: Element, typesetting: Typesetting) -> None:
    """Macros replaced by what they stand for, formulas numbered in order, and the numbers where they are called."""
    macros = Macros(typesetting.macros)
    numbers = EquationNumbers(automatic=typesetting.numbers)
    formulas = [*_formulas(root)]
    for holder, display in formulas:
        tex = macros.applied(_bare(holder.text or ""))
        if display:
            tex, labels = numbers.numbered(tex)
            span = holder if holder.tag == "span" else holder.getparent()
            if labels and span is not None and not span.get("id"):
                span.set("id", _anchor(labels[0]))
        holder.text = tex
    for holder, display in formulas:
        tex = numbers.resolved(holder.text or "")
        holder.text = tex if holder.tag == "annotation" else _delimited(tex, display=display)
        if holder.tag == "span" and not tex.strip():
            drop(holder)
    if numbers.by_label:
        _references(root, numbers)


def _formulas(root: Element) -> Iterator[tuple[Element, bool]]:
    """What holds the TeX of each formula, and whether that stands on lines of its own."""
    for element in root.iter("span", "annotation"):
        if element.tag == "annotation":
            formula = next(element.iterancestors("math"), None)
            yield element, formula is not None and formula.get("display") == "block"
        elif is_marked(element):
            yield element, (element.text or "").startswith("\\[")


def _bare(text: str) -> str:
    return text[2:-2] if text[:2] in ("\\(", "\\[") and text[-2:] in ("\\)", "\\]") else text


def _anchor(label: str) -> str:
    """The id that MathJax gives a formula with this label."""
    return f"mjx-eqn:{label}"


def _references(root: Element, numbers: EquationNumbers) -> None:
    r"""Links to the numbers in the place of ``\eqref`` and ``\ref`` in the text."""
    for element in [*root.iter("*")]:
        if element.tag in _VERBATIM or is_marked(element):
            continue
        for before in (None, *element):
            text = _text_after(element, before)
            if "ref{" in text:
                _put_after(element, before, _linked(text, numbers))


def _linked(text: str, numbers: EquationNumbers) -> Element:
    """A box with the text and the links; labels that no formula has stay."""
    box = make("span")
    place = 0
    for match in REFERENCE.finditer(text):
        words = numbers.words(*match.groups())
        if words:
            say(box, text[place : match.start()])
            box.append(make("a", words, href=f"#{_anchor(match[2])}"))
            place = match.end()
    say(box, text[place:])
    return box
