"""TeX of the web in the TeX that pandoc reads."""

from __future__ import annotations

import pytest

from sitebookify.book.document.tex_dialect import pandoc_tex


@pytest.mark.parametrize(
    ("tex", "want"),
    [
        ("a+b", "a+b"),
        (r"x\label{a}\nonumber y", "x y"),
        (r"\textcolor{red}{a}\href{u}{\N}", r"{a}{\mathbb{N}}"),
        (r"\textcolor", "{}"),
        (r"\R^n\cal A b", r"\mathbb{R}^n\mathcal{ A b}"),
        (r"{\bf a}b\R x", r"{\mathbf{ a}}b\mathbb{R} x"),
        (r"\argmax_x", r"\operatorname*{arg\,max}_x"),
        (r"a\tag{1}", r"a\qquad\text{(1)}"),
        (r"a\tag*{1}", r"a\qquad\text{1}"),
        (r"\eqref{1}\ref{x}", r"\text{(1)}\text{x}"),
        (r"\bra{x}\ket\N\braket{a|b}", r"\langle x|| \mathbb{N}\rangle\langle a|b\rangle"),
        (r"\unicode{x3c0}\unicode{960}\unicode{z}", "ππ{z}"),
        (r"a\kern1em b\kern-.5exd\kern\alpha", r"a\; b\;d\;\alpha"),
        (r"a\mskip 3mu b\hskip1in c\kern 2mm{d}", r"a\; b\; c\;{d}"),
        (r"\smash{a}\smash[b]{c}", r"{a}{c}"),
    ],
)
def test_commands_that_pandoc_does_not_know(tex: str, want: str) -> None:
    assert pandoc_tex(tex) == want


@pytest.mark.parametrize("tex", [r"a } \R", r"a { \R", "{" * 45 + r"\R" + "}" * 45])
def test_braces_that_do_not_match_or_nest_too_deep_stay(tex: str) -> None:
    assert pandoc_tex(tex) == tex


@pytest.mark.parametrize(
    ("formula", "want"),
    [
        ("2H2 + O2 -> 2H2O", r"2H_{2} \, + O_{2} \,  \rightarrow  2H_{2}O"),
        ("CuSO4.5H2O", r"CuSO_{4}\cdot 5H_{2}O"),
        ("(OH)2", "(OH)_{2}"),
        ("Na+", "Na^{+}"),
        ("Fe^3+", "Fe^{3+}"),
        ("CO3^{2-}", "CO_{3}^{2-}"),
        ("^{14}_6C", "^{14}_{6}C"),
        ("A-B#C*D", r"A-B\equiv C\cdot D"),
        ("A v", r"A  \downarrow "),
        ("A ^", r"A  \uparrow "),
        (r"$x$\alpha (aq)", r"x\alpha (aq)"),
        ("A <=>[x][y] B", r"A  \underset{y}{\overset{x}{\rightleftharpoons}}  B"),
        ("A <=>[x] B", r"A  \overset{x}{\rightleftharpoons}  B"),
        ("A ->[x] B", r"A  \xrightarrow{x}  B"),
        ("A <-[][y] B", r"A  \xleftarrow[y]{}  B"),
    ],
)
def test_chemical_formulas(formula: str, want: str) -> None:
    assert pandoc_tex(rf"\ce{{{formula}}}") == rf"{{\mathrm{{{want}}}}}"


def test_a_formula_of_many_switches_is_written() -> None:
    tex = pandoc_tex(r"\bf a" * 3000)
    assert tex.count("{") == tex.count("}") == 3000


@pytest.mark.parametrize("sign", ["xD800", "1"])
def test_signs_that_no_book_can_hold_are_left_out(sign: str) -> None:
    assert pandoc_tex(rf"a\unicode{{{sign}}}b") == "ab"
