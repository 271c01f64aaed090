"""Words on what can be pressed or ticked stay where they are text."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("<h3><button>Why <b>so</b>?<svg></svg></button></h3><p>a</p>", "<h2>Why <strong>so</strong>?</h2><p>a</p>"),
        (
            '<div><button aria-expanded="false">Why?</button><div hidden><p>a b c d e f</p></div></div>',
            "<p><strong>Why?</strong></p><p>a b c d e f</p>",
        ),
        ("<p>Click <button>Save</button> and then leave.</p>", "<p>Click Save and then leave.</p>"),
        ("<ul><li>Press <button>OK</button></li></ul>", "<ul><li>Press OK</li></ul>"),
        ("<p>Helpful? <button>Yes</button> <button>No</button></p>", "<p>Helpful?</p>"),
        ("<div><button>Subscribe</button></div><p>a</p>", "<p>a</p>"),
        ("<h2>Name <button>Copy link</button></h2>", "<h2>Name</h2>"),
        (
            (
                "<div><button aria-expanded=false>More</button><p>a</p></div>"
                "<div><button aria-expanded=false>More</button><p>b</p></div>"
            ),
            "<p>a</p><p>b</p>",
        ),
        (
            "<p>Capital?</p><label><input type=radio> Bern</label><label><input type=radio> Basel</label>",
            "<p>Capital?</p><ul><li>Bern</li><li>Basel</li></ul>",
        ),
        (
            (
                "<p>Capital?</p><div><input type=radio id=a><label for=a>Bern</label>"
                "<input type=radio id=b><label for=b>Basel</label></div>"
            ),
            "<p>Capital?</p><ul><li>Bern</li><li>Basel</li></ul>",
        ),
        ("<p>Run <code>a</code><button>Copy</button> first.</p>", "<p>Run <code>a</code> first.</p>"),
        ("<ul><li><input type=checkbox> <p>a</p></li></ul>", "<ul><li>☐ <p>a</p></li></ul>"),
        ("<menu><li>Soup</li><li>Fish</li></menu>", "<ul><li>Soup</li><li>Fish</li></ul>"),
        ("<p>Disk: <meter value=0.6>60 %</meter></p>", "<p>Disk: 60 %</p>"),
    ],
)
def test_words_of_controls(drawn: str, plain: str) -> None:
    """Titles that open, buttons that a sentence names, answers; what only works the site goes."""
    assert cleaned(drawn) == plain


def test_a_button_that_a_table_explains_stays() -> None:
    """One that each row repeats works on the row."""
    rows = "".join(f"<tr><td><button>{name}</button></td><td>{name} all</td></tr>" for name in ("Save", "Drop"))
    assert "<td>Save</td><td>Save all</td>" in cleaned(f"<table>{rows}</table>")
    rows = "".join(f"<tr><td><button>Copy</button></td><td>{name}</td><td>x</td></tr>" for name in ("a", "b"))
    assert "Copy" not in cleaned(f"<table>{rows}</table>")


def test_a_picture_that_a_label_enlarges_stands_there_once() -> None:
    zoom = '<label><input type="checkbox"><img src="a.png" alt="A"><span><img src="{}" alt="A"></span></label>'
    assert cleaned(f"<p>{zoom.format('a.png')}</p>").count("<img") == 1
    assert cleaned(f"<p>{zoom.format('b.png')}</p>").count("<img") == 2


def test_a_number_that_its_reader_can_change_is_told() -> None:
    """A form asks for its numbers."""
    field = '<span><button>-</button><input type="number" value="4"><button>+</button></span>'
    assert cleaned(f"<div>Servings: {field} bowls</div>") == "<p>Servings: 4 bowls</p>"
    assert "4" not in cleaned(f"<form><p>How many? {field} please.</p></form>")
    assert "4" not in cleaned(f"<div>{field}</div><p>a</p>")


def test_how_many_liked_a_text_is_none_of_it() -> None:
    votes = '<div class="{}"><button aria-label="Up">\u25b2</button><div>14</div><button>\u25bc</button></div><p>a</p>'
    assert cleaned(votes.format("votecell")) == "<p>a</p>"
    assert cleaned(votes.format("stepper")) == "<p>14</p><p>a</p>"
    assert "Ann" in cleaned(votes.format("vote-list").replace("14", "Ann: 14"))


@pytest.mark.parametrize(
    ("button", "title"),
    [
        ('<button aria-expanded="false">How?</button>', "<p><strong>How?</strong></p>"),
        ('<button id="how" aria-expanded="false">How?</button>', '<p id="how"><strong>How?</strong></p>'),
        ('<div role="button" aria-expanded="false">How?</div>', "<p><strong>How?</strong></p>"),
        ('<div role="button" aria-expanded="false"><p>How?</p></div>', "<p>How?</p>"),
        ('<button aria-expanded="false">Show more …</button>', ""),
        ('<button aria-expanded="false" aria-haspopup="true">How?</button>', ""),
        ("<button>How?</button>", ""),
    ],
)
def test_what_opens_the_text_after_it_is_its_title(button: str, title: str) -> None:
    """Not what shows the rest of a text, a menu, or what does something else."""
    assert cleaned(f"<p>x</p>{button}<div>So.</div>") == f"<p>x</p>{title}<p>So.</p>"


def test_a_folder_of_a_tree_is_an_item() -> None:
    tree = "<ul><li><button>src</button><ul><li>a.py</li></ul></li><li>b.py</li></ul>"
    assert cleaned(tree) == "<ul><li>src<ul><li>a.py</li></ul></li><li>b.py</li></ul>"
