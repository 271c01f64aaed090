r"""Formulas in their one form: from text, scripts, MathML and drawings, with macros, numbers and references."""

from __future__ import annotations

import pytest

from sitebookify.book.document.build import document_of
from sitebookify.book.document.nodes import Document, Image, Math
from sitebookify.book.document.tex import to_tex
from sitebookify.book.document.walk import text_of, walk
from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.clean.tex_delimiters import Dollars
from sitebookify.book.extract.clean.typesetting import Typesetting, typesetting_of
from sitebookify.book.tree import fragment
from support.pages import cleaned

TEXT = Typesetting(text=True)
DOLLARS = Typesetting(text=True, dollars=Dollars.DELIMITERS)
MATHJAX_3 = "<script>MathJax = {tex: {inlineMath: [['$', '$']], tags: 'ams', macros: {RR: '\\\\mathbb{R}'}}}</script>"
MATHJAX_2 = """<script type="text/x-mathjax-config">MathJax.Hub.Config({tex2jax: {inlineMath: [ ["$","$"] ]},
TeX: {equationNumbers: {autoNumber: "AMS"}, Macros: {pair: ["(#1, #2)", 2], eps: "\\\\varepsilon"}}});</script>"""
KATEX = r"""<script>renderMathInElement(document.body, {delimiters: [{left: "$", right: "$", display: false}],
macros: {"\\norm": "\\|#1\\|", '\\op': '\\operatorname{op}'}, throwOnError: false})</script>
<script src="/js/katex/auto-render.min.js"></script>"""


def document(content: str, typesetting: Typesetting = TEXT) -> Document:
    root = fragment(content)
    clean(root, "https://example.org/page", "Title", typesetting=typesetting)
    return document_of(root, url="https://example.org/page")


def formulas(content: str, typesetting: Typesetting = TEXT) -> list[str]:
    """The TeX of each formula; that of lines of its own between double dollar signs."""
    nodes = [node for node in walk(document(content, typesetting).blocks) if isinstance(node, Math)]
    return [f"$${node.tex}$$" if node.display else node.tex for node in nodes]


@pytest.mark.parametrize(
    ("drawn", "kind", "tex"),
    [
        ('<script type="math/tex">x^2</script>', "inline", r"\(x^2\)"),
        ('<script type="math/tex; mode=display">x^2</script>', "display", r"\[x^2\]"),
        (
            '<b class="katex"><math><annotation encoding="x-tex">x^2</annotation></math><i>x2</i></b>',
            "inline",
            r"\(x^2\)",
        ),
        (r"\(x^2\)", "inline", r"\(x^2\)"),
        ("$$x^2$$", "display", r"\[x^2\]"),
        (r"\[ x^2 \]", "display", r"\[x^2\]"),
    ],
)
def test_formulas_as_tex(drawn: str, kind: str, tex: str) -> None:
    """One form, and nothing of what a script has drawn beside it."""
    assert cleaned(f"<p>a {drawn} b</p>", typesetting=TEXT) == f'<p>a <span class="math {kind}">{tex}</span> b</p>'


def test_text_is_no_formula_where_nothing_typesets() -> None:
    """Dollars and backslashes are text on a page without a typesetter, and in code on any."""
    assert cleaned(r"<p>\(x\) $$y$$</p>") == r"<p>\(x\) $$y$$</p>"
    assert cleaned(r"<p><code>\(x\)</code></p>", typesetting=DOLLARS) == r"<p><code>\(x\)</code></p>"
    ignored = r'<p class="tex2jax_ignore">\(x\)</p>'
    assert cleaned(ignored, typesetting=TEXT) == r"<p>\(x\)</p>"
    assert formulas(r'<p class="arithmatex">\(x\)</p>', Typesetting()) == ["x"]


def test_mathml_is_kept_beside_its_tex() -> None:
    """Where pandoc cannot read the TeX, the page's own MathML is what is left."""
    source = (
        '<span class="katex-display"><span class="katex"><math><semantics><mrow><mi>v</mi></mrow>'
        '<annotation encoding="application/x-tex">\\mine{v}</annotation></semantics></math><i>v</i></span></span>'
    )
    nodes = [node for node in walk(document(f"<p>{source}</p>").blocks) if isinstance(node, Math)]
    assert [(node.tex, node.display, to_tex(node.mathml)) for node in nodes if node.mathml] == [
        ("\\mine{v}", True, "v")
    ]
    assert "<mi>x</mi>" in cleaned("<p><math><mi>x</mi></math></p>")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"Let $k = 2\pi$ and $a_1 < a_2$.".replace("<", "&lt;"), [r"k = 2\pi", "a_1 < a_2"]),
        ("It costs $5 and later $7 more.", []),
        ("From $5-$7, or US$ 3.", []),
        (r"An escaped \$5 and $x$.", ["x"]),
        ("Set off: $ a + b $ here.", ["a + b"]),
        ("$$E$$ and $x$", ["$$E$$", "x"]),
        ("broken<br>$$a<br>+ b$$ by lines", ["$$a + b$$"]),
    ],
)
def test_single_dollars_where_the_page_says_so(text: str, found: list[str]) -> None:
    """Formulas stand between them as pandoc has it; prices are none."""
    assert [" ".join(tex.split()) for tex in formulas(f"<p>{text}</p>", DOLLARS)] == found


def test_escaped_dollars_are_dollars() -> None:
    assert cleaned(r"<p>It is \$5.</p>", typesetting=DOLLARS) == "<p>It is $5.</p>"


def test_single_dollars_around_tex_where_the_settings_are_elsewhere() -> None:
    """Settings stand in files of their own too; what holds a command is a formula, what does not is not."""
    unknown = Typesetting(text=True, dollars=Dollars.BEFORE_TEX)
    assert formulas(r"<p>$\alpha_1$ but $HOME/$USER and $x</p>", unknown) == [r"\alpha_1"]


def test_environments_without_delimiters() -> None:
    environment = "\\begin{align}\nu &amp;= a \\\\<br>\nw &amp;= b\n\\end{align}"
    text = f"<p>So:</p>\n{environment}\n<p>\\begin{{verbatim}}x\\end{{verbatim}}</p>"
    [tex] = formulas(text)
    assert tex.startswith("$$\\begin{align}")
    assert "u &= a \\\\" in tex
    assert "w &= b" in tex


@pytest.mark.parametrize(
    ("script", "dollars", "numbers", "macros"),
    [
        (MATHJAX_3 + "<script src='/mathjax.js'></script>", Dollars.DELIMITERS, True, {"\\RR"}),
        (MATHJAX_2, Dollars.DELIMITERS, True, {"\\pair", "\\eps"}),
        (KATEX, Dollars.DELIMITERS, False, {"\\norm", "\\op"}),
        ("<script src='/tex-chtml-mathjax.js'></script>", Dollars.BEFORE_TEX, False, set()),
    ],
)
def test_settings_of_the_page(*, script: str, dollars: Dollars, numbers: bool, macros: set[str]) -> None:
    settings = typesetting_of(parse_unboxed(f"<head>{script}</head><body><p>x</p></body>"))
    assert (settings.text, settings.dollars, settings.numbers) == (True, dollars, numbers)
    assert set(settings.macros) == macros


def test_a_page_without_typesetter() -> None:
    assert not typesetting_of(parse_unboxed("<body><script>const macros = {a: 'b'}</script></body>")).text


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\(\newcommand{\v}[1]{\mathbf{#1}}\) and \(\v x + \v{yz}\)", [r"\mathbf{{x}} + \mathbf{{yz}}"]),
        (r"\(\def\pair#1#2{(#1,#2)}\pair ab\)", ["({a},{b})"]),
        (r"\(\DeclareMathOperator*{\Lim}{Lim}\Lim_x\)", [r"\operatorname*{Lim}_x"]),
        (r"\(\newcommand\f[2][n]{#1/#2}\f{x} \f[k]{y}\)", ["{n}/{x} {k}/{y}"]),
        (r"\(\let\be\beta\be x\)", [r"\beta x"]),
        (r"\(\def\a{\a\a}\a\)", [r"\a"]),
        (r"\(\def\a{\b\b}\def\b{\a\a}\a\)", [r"\def\a{\b\b}\def\b{\a\a}\a"]),
    ],
)
def test_macros_in_the_text(tex: str, plain: list[str]) -> None:
    """They stand for themselves no more, and a formula that only defines is none."""
    assert formulas(f"<p>{tex}</p>") == plain


def test_macros_of_the_settings() -> None:
    for script, tex, plain in (
        (MATHJAX_2, r"\pair{a}{b}\eps", r"({a}, {b})\varepsilon"),
        (KATEX, r"\norm{v}", r"\|{v}\|"),
    ):
        settings = typesetting_of(parse_unboxed(f"<head>{script}</head><body>mathjax</body>"))
        assert formulas(f"<p>\\({tex}\\)</p>", settings) == [plain]


def test_numbers_and_what_calls_them() -> None:
    numbered = Typesetting(text=True, numbers=True)
    content = (
        r"\begin{equation}a\label{eq:a}\end{equation}<p>See \eqref{eq:b}, \ref{eq:a} and \ref{none}.</p>"
        r"\begin{align}b\\c\label{eq:b}\\d\nonumber\\e\tag{*}\end{align}\begin{gather*}f\end{gather*}\[g\]"
    )
    found = formulas(content, numbered)
    assert found[0] == r"$$\begin{equation}a \tag{1}\end{equation}$$"
    assert found[1] == r"$$\begin{align}b \tag{2}\\c \tag{3}\\d\\e\tag{*}\end{align}$$"
    assert found[2:] == [r"$$\begin{gather*}f\end{gather*}$$", "$$g$$"]
    assert "See (3), 1 and \\ref{none}." in text_of(document(content, numbered).blocks)
    assert 'href="https://example.org/page#mjx-eqn:eq:b">(3)</a>' in cleaned(content, typesetting=numbered)


def test_without_settings_only_what_is_numbered_has_a_number() -> None:
    assert formulas(r"<p>\[a \tag{7} \label{x}\] and \(\eqref{x}\)</p>") == [r"$$a \tag{7}$$", "(7)"]


DRAWN = {
    "svg": '<g data-mml-node="math"><g data-mml-node="msubsup"><g data-mml-node="mi"><use data-c="1D465"></use></g>'
    '<g data-mml-node="mn"><use data-c="32"></use></g><g data-mml-node="mi"><use data-c="3B1"></use></g></g></g>',
    "chtml": '<mjx-math><mjx-msubsup><mjx-mi><mjx-c class="mjx-c1D465 TEX-I"></mjx-c></mjx-mi><mjx-script>'
    '<mjx-mn><mjx-c class="mjx-c32"></mjx-c></mjx-mn><mjx-spacer></mjx-spacer>'
    '<mjx-mi><mjx-c class="mjx-c3B1"></mjx-c></mjx-mi></mjx-script></mjx-msubsup></mjx-math>',
}


@pytest.mark.parametrize("kind", sorted(DRAWN))
def test_drawings_say_what_they_draw(kind: str) -> None:
    """MathJax names the parts of its drawings, where no MathML for screen readers stands beside them."""
    drawing = f"<svg>{DRAWN[kind]}</svg>" if kind == "svg" else DRAWN[kind]
    nodes = [*walk(document(f"<p>a <mjx-container display='true'>{drawing}</mjx-container> b</p>").blocks)]
    [formula] = [node for node in nodes if isinstance(node, Math)]
    assert formula.mathml is not None
    assert to_tex(formula.mathml) == r"x_{\alpha}^{2}"
    assert formula.display


def test_a_drawing_without_names_stays_a_picture() -> None:
    svg = '<svg width="6ex" height="2ex" viewBox="0 0 600 200" aria-hidden="true"><path d="M0 0L9 9"></path></svg>'
    nodes = [*walk(document(f'<p>a <mjx-container class="MathJax" jax="SVG">{svg}</mjx-container> b</p>').blocks)]
    assert [node for node in nodes if isinstance(node, Image)]


def test_many_openings_take_no_time() -> None:
    """What opens and never closes is looked at once."""
    for opening in (r"\(", r"\[", "$$ x ", "$x ", r"\begin{align}"):
        assert not [tex for tex in formulas(f"<p>{opening * 20_001}</p>", DOLLARS) if len(tex) > 10]


def _glyph(code: str) -> str:
    return f'<mjx-c class="mjx-c{code} TEX-I"></mjx-c>'


@pytest.mark.parametrize(
    ("drawn", "mathml"),
    [
        (
            (
                f"<mjx-munder><mjx-base><mjx-mo>{_glyph('2211')}</mjx-mo></mjx-base>"
                f"<mjx-under><mjx-mi>{_glyph('1D456')}</mjx-mi></mjx-under></mjx-munder>"
            ),
            "<munder><mrow><mo>∑</mo></mrow><mrow><mi>i</mi></mrow></munder>",
        ),
        (
            (
                f"<mjx-mroot><mjx-root><mjx-mn>{_glyph('33')}</mjx-mn></mjx-root><mjx-sqrt>"
                f"<mjx-mo>{_glyph('221A')}</mjx-mo><mjx-mi>{_glyph('210E')}</mjx-mi></mjx-sqrt></mjx-mroot>"
            ),
            "<mroot><mi>h</mi><mn>3</mn></mroot>",
        ),
        (f"<mjx-mi>{_glyph('1D401')}</mjx-mi>", '<mi mathvariant="bold">B</mi>'),
        ("<mjx-mtext><mjx-utext>if</mjx-utext></mjx-mtext>", "<mtext>if</mtext>"),
        (f"<mjx-mi>{_glyph('FFFFFF')}{_glyph('78')}</mjx-mi>", "<mi>x</mi>"),
    ],
)
def test_what_mathjax_draws_with_elements_of_its_own(drawn: str, mathml: str) -> None:
    """Limits in the order of MathML, a root after its index and without its sign, letters by their codes."""
    html = cleaned(f"<p>a <mjx-container><mjx-math>{drawn}</mjx-math></mjx-container></p>")
    assert html == f"<p>a <math>{mathml}</math></p>"
