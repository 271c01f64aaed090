r"""Formulas: TeX in ``span.math``, or ``math`` with its TeX as annotation, whatever typesets or has typeset them.

They come from MathJax's scripts and its drawings, KaTeX, MathML, and TeX in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from sitebookify.book.extract.clean.drawings import FORMULA
from sitebookify.book.extract.clean.drawn_maths import mathml_of
from sitebookify.book.extract.clean.equation_numbers import REFERENCE, EquationNumbers
from sitebookify.book.extract.clean.marks import is_marked, mark
from sitebookify.book.extract.clean.named_formulas import named_formulas
from sitebookify.book.extract.clean.questions import has_letters
from sitebookify.book.extract.clean.tex_delimiters import Dollars, FormulaSpan, formulas_in
from sitebookify.book.extract.clean.tex_macros import Macros
from sitebookify.book.extract.clean.typesetting import Typesetting
from sitebookify.book.html.vocabulary import CODE, PREFORMATTED
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    elements,
    finder,
    holds,
    make,
    replace,
    text_of,
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
        for element in elements(root):
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
        elif drawing is not None:
            _as_drawing(element, drawing)


def _as_drawing(container: Element, drawing: Element) -> None:
    """A drawing that says nothing of the formula stays a picture."""
    drawing.attrib.pop("aria-hidden", "")
    drawing.set(FORMULA, "")
    replace(container, detach(drawing))


def _mathml(formula: Element) -> None:
    """Leave of a formula's annotations its TeX; where nothing but TeX is there, that is the formula."""
    annotations = [*formula.iter("annotation", "annotation-xml")]
    source = next(filter(None, map(_tex_in, annotations)), "") or formula.get("alttext") or formula.get("data-latex")
    for annotation in annotations:
        drop(annotation)
    if not source or source.isspace():
        return
    tex = _without_style(source)
    if holds(formula, "mi", "mn", "mo", "mtext"):
        formula.append(make("annotation", tex.strip(), encoding=TEX))
    else:
        replace(formula, _span(tex, display=formula.get("display") == "block"))


def _tex_in(annotation: Element) -> str:
    """The formula's TeX, where the annotation holds that."""
    is_tex = "tex" in annotation.get("encoding", "").lower()
    return (annotation.text or "") if is_tex else ""


def _without_style(source: str) -> str:
    """TeX without the display style that Wikipedia puts around it."""
    match = _DISPLAY_STYLE.fullmatch(source)
    return match[1] if match else source


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
        if any(map(_has_delimiter, texts)):
            _replace(parent, before, texts, breaks, dollars)
        before, breaks = child, []


def _text_after(parent: Element, before: Element | None) -> str:
    """The text right after a child of the parent, or at the parent's beginning."""
    return (parent.text if before is None else before.tail) or ""


def _replace(
    parent: Element, before: Element | None, texts: Sequence[str], breaks: Sequence[Element], dollars: Dollars
) -> None:
    """Put formulas in the place of their TeX in a run of ``texts`` with ``breaks`` between them."""
    text = _BREAK.join(texts)
    spans = [*formulas_in(text, dollars)]
    has_escaped_dollars = dollars is Dollars.DELIMITERS and "\\$" in text
    if not spans and not has_escaped_dollars:
        return
    for each in breaks:
        parent.remove(each)  # with the text after it
    place = 0
    last = before
    for span in spans:
        last = _write(parent, last, text[place : span.start], dollars)
        last = _insert(parent, last, _formula(span))
        place = span.end
    _write(parent, last, text[place:], dollars)
    if before is None:
        parent.text = parent.text or None  # a formula may stand first


def _formula(span: FormulaSpan) -> Element:
    return _span(span.tex.replace(_BREAK, "\n"), display=span.display)


def _write(parent: Element, last: Element | None, text: str, dollars: Dollars) -> Element | None:
    """Put text after ``last``, or at the beginning of the parent, and give what stands last then."""
    if dollars is Dollars.DELIMITERS:
        text = text.replace("\\$", "$")
    for number, line in enumerate(text.split(_BREAK)):
        if number:
            last = _insert(parent, last, make("br"))
        if last is None:
            parent.text = line
        else:
            last.tail = line
    return last


def _insert(parent: Element, last: Element | None, element: Element) -> Element:
    if last is None:
        parent.insert(0, element)
    else:
        tail, last.tail = last.tail, None
        last.addnext(element)
        last.tail = tail
    return element


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
            _tag(holders[0], label)
            drop(number)


def _tag(holder: Element, label: str) -> None:
    """Give the formula the number that was beside it."""
    is_bracketed = label[0] == "(" and label[-1] == ")"
    number = f" \\tag{{{label[1:-1]}}}" if is_bracketed else f" \\tag*{{{label}}}"
    tex = _bare(holder.text or "") + number
    holder.text = _delimited(tex, display=True) if holder.tag == "span" else tex


def _settle(root: Element, typesetting: Typesetting) -> None:
    """Macros replaced by what they stand for, formulas numbered in order, and the numbers where they are called."""
    macros = Macros(typesetting.macros)
    numbers = EquationNumbers(automatic=typesetting.numbers)
    formulas = [*_formulas(root)]
    for holder, display in formulas:
        tex = macros.applied(_bare(holder.text or ""))
        if display:
            tex, labels = numbers.numbered(tex)
            _set_anchor(holder, labels)
        holder.text = tex
    for holder, display in formulas:
        tex = numbers.resolved(holder.text or "")
        holder.text = tex if holder.tag == "annotation" else _delimited(tex, display=display)
        if holder.tag == "span" and not tex.strip():
            drop(holder)
    if numbers.by_label:
        _references(root, numbers)


def _set_anchor(holder: Element, labels: Sequence[str]) -> None:
    """Give the formula the id that references to its first label lead to, unless it has one."""
    span = holder if holder.tag == "span" else holder.getparent()
    if labels and span is not None and not span.get("id"):
        span.set("id", _anchor(labels[0]))


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
    r"""``\eqref`` and ``\ref`` in the text."""
    for element in elements(root):
        if element.tag in _VERBATIM or is_marked(element):
            continue
        for before in (None, *element):
            text = _text_after(element, before)
            if "ref{" in text:
                _link(element, before, text, numbers)


def _link(parent: Element, before: Element | None, text: str, numbers: EquationNumbers) -> None:
    """Put links to the numbers in the place of references that the text after ``before`` makes."""
    last, place = before, 0
    for match in REFERENCE.finditer(text):
        command, label = match.groups()
        words = numbers.words(command, label)
        if words:
            last = _write(parent, last, text[place : match.start()], Dollars.SIGNS)
            last = _insert(parent, last, make("a", words, href=f"#{_anchor(label)}"))
            place = match.end()
    if last is not before:
        _write(parent, last, text[place:], Dollars.SIGNS)
