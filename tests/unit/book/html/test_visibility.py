"""What a reader of a page does not see."""

from __future__ import annotations

import pytest

from sitebookify.book.html.visibility import is_hidden, is_icon, is_marked_hidden, is_ornament
from sitebookify.book.tree import fragment


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        "hidden=hidden",
        "popover",
        'style="display:none"',
        'style="color: red; DISPLAY : NONE !important"',
        'style="visibility: hidden"',
        "class=sr-only",
        'class="note visually-hidden"',
        "class=visuallyhidden",
        "class=md-visually-hidden",
        "class=usa-sr-only",
        "class=visually-hidden-focusable",
        "class=screen-reader-text",
        "class=screenreader",
        'class="sr-only focus:not-sr-only"',
    ],
)
def test_what_is_hidden(attributes: str) -> None:
    assert is_hidden(fragment(f"<p {attributes}>x</p>")[0])


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        "hidden=until-found",
        'hidden role="tabpanel"',
        'style="display: block"',
        'style="--display:none"',
        "class=hidden-print",
        "class=not-sr-only",
        'class="sr-only md:not-sr-only"',
        'class="screen-reader-test"',
        "aria-hidden=true",
    ],
)
def test_what_is_seen(attributes: str) -> None:
    """Also what is hidden from screen readers alone, or until a reader opens it."""
    assert not is_hidden(fragment(f"<p {attributes}>x</p>")[0])


def test_a_class_may_say_hidden() -> None:
    """But not for all widths of a screen."""
    marked = [is_marked_hidden(element) for element in fragment('<p class="a hidden"><p class="hidden md:block"><p>')]
    assert marked == [True, False, False]


def test_ornaments() -> None:
    html = "<i aria-hidden=true></i><i role=presentation></i><i role=none></i><i aria-hidden=false></i><i></i>"
    assert [is_ornament(element) for element in fragment(html)] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("html", "icon"),
    [
        ('<i class="material-icons">info</i>', True),
        ('<span class="x material-symbols-outlined">arrow_forward</span>', True),
        ('<i class="material-icons-round md-18">info</i>', True),
        ("<i>\ue88e</i>", True),
        ('<i class="fa"> \uf00c\n</i>', True),
        ('<i class="materials">info</i>', False),
        ("<i>\ue88e info</i>", False),
        ("<i>é</i>", False),
        ("<i></i>", False),
        ("<i>\ue88e<b>x</b></i>", False),
    ],
)
def test_icons_of_fonts(html: str, *, icon: bool) -> None:
    assert is_icon(fragment(html)[0]) is icon
