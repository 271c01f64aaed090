"""Sets of tabs are laid open: every panel under its label, whatever switches them."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from support.documents import URL
from support.pages import cleaned, html_in

_OPEN = "<p><strong>pip</strong></p><p>one</p><p><strong>conda</strong></p><p>two</p>"


def _radio(name: str) -> str:
    return f'<input type="radio" name="set" id="r-{name}">'


def _label(name: str) -> str:
    return f'<label for="r-{name}">{name}</label>'


@pytest.mark.parametrize(
    "drawn",
    [
        (
            '<div role="tablist"><button role="tab">pip</button><button role="tab">conda</button></div>'
            '<div role="tabpanel"><p>one</p></div><div role="tabpanel" hidden><p>two</p></div>'
        ),
        (
            '<div role="tablist"><button role="tab">pip</button><button role="tab">conda</button></div>'
            '<div role="tabpanel"><h3>pip</h3><p>one</p></div><div role="tabpanel"><h3>conda</h3><p>two</p></div>'
        ),
        '<ul role="tablist"><li role="presentation"><a role="tab" href="#b" id="tb">conda</a></li></ul>'.replace(
            "<li", '<li role="presentation"><a role="tab" href="#a" id="ta">pip</a></li><li', 1
        )
        + '<div><p></p><section id="a"><p>one</p></section><section id="b"><p>two</p></section></div>',
        (
            f"<div><div>{_radio('pip')}{_label('pip')}{_radio('conda')}{_label('conda')}</div>"
            "<div><div><p>one</p></div><div><p>two</p></div></div></div>"
        ),
        (
            f"<div>{_radio('pip')}{_radio('conda')}<div>{_label('pip')}{_label('conda')}</div>"
            "<div><div><p>one</p></div><div><p>two</p></div></div></div>"
        ),
        (
            f"<div>{_radio('pip')}{_label('pip')}<div><p>one</p></div>"
            f"{_radio('conda')}{_label('conda')}<div><p>two</p></div></div>"
        ),
        (
            '<ul><li><a data-toggle="tab" href="#a">pip</a></li><li><a data-toggle="tab" href="#b">conda</a></li></ul>'
            '<div><div id="a"><p>one</p></div><div id="b"><p>two</p></div></div>'
        ),
        (
            '<div><label><input type="radio">pip</label><label><input type="radio">conda</label>'
            "<div><p>one</p></div><div><p>two</p></div></div>"
        ),
        (
            "<div><select><option>pip</option><option>conda</option></select>"
            '<div class="v"><p>one</p></div><div class="v" style="display: none"><p>two</p></div></div>'
        ),
    ],
)
def test_tabs_are_laid_open(drawn: str) -> None:
    """By roles, by radio buttons, by links that switch, by options."""
    assert cleaned(drawn) == _OPEN


def test_the_one_panel_that_is_there_has_the_label_that_is_selected() -> None:
    """The others are made by a script when they are asked for."""
    drawn = (
        '<div><div role="tablist"><button role="tab">pip</button><button role="tab" aria-selected="true">conda</button>'
        '</div><div role="tabpanel"><p>two</p></div></div>'
    )
    assert cleaned(drawn) == "<p><strong>conda</strong></p><p>two</p>"


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        (
            (
                '<ul><li><a href="#a">pip</a></li><li><a href="#b">conda</a></li></ul>'
                '<div id="a">one</div><div id="b">two</div>'
            ),
            (
                '<ul><li><a href="https://example.org/page#a">pip</a></li>'
                '<li><a href="https://example.org/page#b">conda</a></li></ul><p id="a">one</p><p id="b">two</p>'
            ),
        ),
        (
            f"<div><p>Which?</p>{_radio('x')}{_label('x')}<br>{_radio('y')}{_label('y')}</div>",
            "<p>Which?</p><ul><li>x</li><li>y</li></ul>",
        ),
    ],
)
def test_what_switches_nothing_is_no_set(drawn: str, plain: str) -> None:
    """Links to places of the page and answers of a question have no panels."""
    assert cleaned(drawn) == plain


def test_labels_of_radio_buttons_in_a_nav_are_tabs() -> None:
    """HTML's element for navigation holds them on some sites; links in it make it a menu."""
    labels = "".join(f"<input type=radio name=os id={name}><label for={name}>{name}</label>" for name in ("Tux", "Mac"))
    panels = "<section><p>apt get it today</p></section><section><p>brew it this evening</p></section>"
    page = (
        f"<main><h1>Set up</h1><p>Choose the system of your machine.</p><div><nav>{labels}</nav>{panels}</div></main>"
    )
    made = html_in(extract_page(f"<body>{page}</body>", URL, Profile()))
    assert "<p><strong>Tux</strong></p><p>apt get it today</p><p><strong>Mac</strong></p>" in made


def test_tabs_that_show_icons_are_called_by_their_titles() -> None:
    tabs = "".join(
        f'<input type="radio" name="o" id="o{n}"><label for="o{n}" title="{name}">{icon}</label>'
        for n, (name, icon) in enumerate([("Linux/macOS", "\uf17c/\uf179"), ("Windows", "\uf17a")])
    )
    html = cleaned(f"<div>{tabs}<section><p>one</p></section><section><p>two</p></section></div>")
    assert html == "<p><strong>Linux/macOS</strong></p><p>one</p><p><strong>Windows</strong></p><p>two</p>"


_TWO_TABS = '<div role="tablist"><button role="tab">pip</button><button role="tab">conda</button></div>'


@pytest.mark.parametrize(
    "drawn",
    [
        f"{_TWO_TABS}<div><div>one</div><div>two</div></div>",
        f'{_TWO_TABS}<div role="tabpanel">one</div><div role="tabpanel"><div role="tabpanel">two</div></div>',
        (
            '<ul class="nav-tabs"><li><a href="/a" aria-controls="a">pip</a></li>'
            '<li><a href="/b" aria-controls="b">conda</a></li></ul><div><p id="b">two</p><p id="a">one</p></div>'
        ),
        (
            '<ul class="nav-tabs"><li id="ta"><a href="/a">pip</a></li><li id="tb"><a href="/b">conda</a></li></ul>'
            '<div><div class="tab-pane" aria-labelledby="tb">two</div>'
            '<div role="tabpanel" aria-labelledby="ta">one</div></div>'
        ),
    ],
)
def test_panels_beside_their_labels(drawn: str) -> None:
    """The blocks after the list, those of the role, and those that label or panel name."""
    html = cleaned(f"<div>{drawn}</div>")
    assert html.replace(' id="a"', "").replace(' id="b"', "") == _OPEN


@pytest.mark.parametrize(
    "panels",
    [
        '<div role="tabpanel">one</div><div role="tabpanel">two</div><div role="tabpanel">three</div>',
        "<div><span>one</span><span>two</span></div>",
        "<div><div>one</div><div></div></div>",
    ],
)
def test_labels_without_as_many_panels_are_no_set(panels: str) -> None:
    assert "<p><strong>" not in cleaned(f"<div>{_TWO_TABS}{panels}</div>")


def test_the_only_panel_is_that_of_the_label_selected() -> None:
    """A script makes the others when they are asked for; an empty one stays away too."""
    labels = _TWO_TABS.replace("<button", '<button aria-selected="true"', 1)
    assert cleaned(f'<div>{labels}<div role="tabpanel">one</div></div>') == "<p><strong>pip</strong></p><p>one</p>"
    assert "<strong>" not in cleaned(f'<div>{_TWO_TABS}<div role="tabpanel">one</div></div>')
    html = cleaned(f'<div>{_TWO_TABS}<div role="tabpanel">one</div><div role="tabpanel"></div></div>')
    assert html == "<p><strong>pip</strong></p><p>one</p>"
