"""Formulas as Typst's functions."""

from __future__ import annotations

from sitebookify.book.document.nodes import MathNode
from sitebookify.book.write.typst.typst_math import formula


def node(tag: str, *children: MathNode | str, **attributes: str) -> MathNode:
    text = "".join(child for child in children if isinstance(child, str))
    inner = tuple(child for child in children if isinstance(child, MathNode))
    return MathNode(tag, text, tuple(attributes.items()), inner)


def test_formulas_become_typst_s_functions() -> None:
    total = node("msubsup", node("mo", "∑"), node("mi", "i"), node("mi", "n"))
    square = node("msup", node("mi", "x"), node("mn", "2"))
    math = node("math", total, node("mfrac", square, node("msqrt", node("mi", "y"))))
    assert formula(math, display=True) == (
        'math.equation(block: true,{math.attach(sign("∑"),br: sign("i"),tr: sign("n"));'
        'math.frac(math.attach(sign("x"),tr: sign("2")),math.sqrt({sign("y")}))})'
    )


def test_brackets_grow_with_what_is_in_them_and_accents_are_typst_s() -> None:
    row = node("mrow", node("mo", "("), node("mover", node("mi", "x"), node("mo", "^")), node("mo", ")"))
    written = formula(node("math", row), display=False)
    assert written == 'math.equation(block: false,{math.lr({sign("(");math.accent(sign("x"),"\u0302");sign(")")})})'


def test_words_upright_letters_and_tables() -> None:
    cells = (node("mtd", node("mi", "sin")), node("mtd", node("mi", "R", mathvariant="normal")))
    table = node("mtable", node("mtr", *cells), node("mtr", node("mtd", node("mtext", "if ")), node("mtd")))
    assert formula(node("math", table), display=False) == (
        'math.equation(block: false,{math.mat(delim: none,({math.op("sin")},{math.upright(sign("R"))},),'
        '({"if "},{""},))})'
    )


def test_an_element_without_the_children_it_needs_keeps_what_it_says() -> None:
    math = node("math", node("mfrac", node("mi", "a")), node("mroot"), node("mover", node("mi", "b")), node("msub"))
    assert formula(math, display=False) == 'math.equation(block: false,{{sign("a")};{""};{sign("b")};{""}})'


def test_a_formula_nested_without_end_keeps_what_it_says() -> None:
    math = node("mi", "x")
    for _ in range(200):
        math = node("msqrt", math, node("mo", "+"))
    written = formula(node("math", math), display=False)
    assert written.count("math.sqrt") == 30
    assert f'"x{"+" * 170}"' in written
