"""MathML as TeX."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from sitebookify.book.document import nodes as n
from sitebookify.book.document.tex import to_tex
from sitebookify.book.document.walk import walk
from support.documents import document_from_html
from support.random_documents import formulas


def tex(mathml: str) -> str:
    """The TeX of what ``math`` holds."""
    document = document_from_html(f"<p><math>{mathml}</math></p>")
    formula = next(node.mathml for node in walk(document.blocks) if isinstance(node, n.Math))
    assert formula is not None
    return to_tex(formula)


@pytest.mark.parametrize(
    ("mathml", "want"),
    [
        ("<mfrac><mi>a</mi><mn>2</mn></mfrac>", "\\frac{a}{2}"),
        ("<mi>x</mi><mo>=</mo><mo>&#8722;</mo><mi>y</mi><mo>≤</mo><mn>1.5</mn>", "x = - y ≤ 1.5"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", "\\sin x"),
        ("<mi>rank</mi><mi mathvariant='double-struck'>R</mi>", "\\operatorname{rank}\\mathbb{R}"),
        ("<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>", "{ab}^{2}"),
        ("<msubsup><mo>∫</mo><mn>0</mn><mi>∞</mi></msubsup>", "∫_{0}^{∞}"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", "∑_{i}^{n}"),
        ("<munder><mi>lim</mi><mi>n</mi></munder>", "\\lim_{n}"),
        ("<munder><mo>=</mo><mi>n</mi></munder>", "\\underset{n}{=}"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "\\vec{v}"),
        ("<msqrt><mi>a</mi><mi>b</mi></msqrt><mroot><mi>c</mi><mn>3</mn></mroot>", "\\sqrt{ab}\\sqrt[3]{c}"),
        ("<mtext>50% of $1</mtext>", "\\text{50\\% of \\$1}"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr/></mtable>", "\\begin{matrix} a \\\\ \\end{matrix}"),
        ("<mo>{</mo><mi>a</mi><mo>}</mo>", "\\{a\\}"),
        (
            "<mrow><mo>(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>)</mo></mrow>",
            "\\left( \\frac{a}{b} \\right)",
        ),
        (
            "<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>a</mi></mtd></mtr></mtable></mrow>",
            "\\left\\{ \\begin{matrix} 1 & a \\end{matrix} \\right.",
        ),
    ],
)
def test_each_form_has_its_tex(mathml: str, want: str) -> None:
    assert tex(mathml) == want


def test_what_has_not_the_children_it_must_have_keeps_them() -> None:
    formula = n.MathNode("mfrac", children=(n.MathNode("mi", "a"), n.MathNode("mi", "b"), n.MathNode("mi", "c")))
    assert to_tex(formula) == "abc"
    assert to_tex(n.MathNode("munknown", children=(formula,))) == "abc"


@settings(max_examples=100, deadline=None)
@given(formulas)
def test_braces_match_in_whatever_comes(formula: n.MathNode) -> None:
    """A brace too many would take the text after it into the formula."""
    bare = to_tex(formula).replace("\\\\", "").replace("\\{", "").replace("\\}", "")
    depth = 0
    for sign in bare:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0, bare
    assert depth == 0, bare
