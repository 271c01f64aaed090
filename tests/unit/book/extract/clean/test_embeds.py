"""What a book cannot play leaves a link, with title and poster."""

from __future__ import annotations

import pytest

from support.pages import cleaned

_SITE = "https://example.org"
_FILM = "https://www.youtube.com/watch?v=abcdef12345"


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        (
            (
                '<div><iframe src="https://www.youtube-nocookie.com/embed/abcdef12345?a=0" title="A talk">'
                "</iframe></div>"
            ),
            f'<p><a href="{_FILM}">A talk</a></p>',
        ),
        ('<iframe data-src="/map.html"></iframe>', f'<p><a href="{_SITE}/map.html">example.org</a></p>'),
        (
            '<video poster="p.png" title="Film"><source src="f.mp4">Your browser shows none.</video>',
            (
                f'<p><a href="{_SITE}/f.mp4"><img src="{_SITE}/p.png" alt="Film"></a></p>'
                f'<p><a href="{_SITE}/f.mp4">Film</a></p>'
            ),
        ),
        ('<p>Hear:<audio src="s.ogg" controls></audio></p>', f'<p>Hear: <a href="{_SITE}/s.ogg">s.ogg</a></p>'),
        (
            '<object data="d.pdf" type="application/pdf"><a href="d.pdf">The report</a></object>',
            f'<p><a href="{_SITE}/d.pdf">The report</a></p>',
        ),
        (
            (
                """<lite-youtube videoid="abcdef12345" style="background-image: url('p.jpg')" playlabel="A talk">"""
                '<a href="#">Play</a></lite-youtube>'
            ),
            f'<p><a href="{_FILM}"><img src="{_SITE}/p.jpg" alt="A talk"></a></p><p><a href="{_FILM}">A talk</a></p>',
        ),
    ],
)
def test_a_link_is_left(drawn: str, plain: str) -> None:
    """To the page that shows it where the player has one; the poster leads there too."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    "drawn",
    [
        '<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>',
        '<iframe src="/pixel" width="1" height="1"></iframe>',
        '<iframe src="/frame" style="display:none"></iframe>',
        '<iframe src="about:blank"></iframe>',
        "<video></video>",
    ],
)
def test_what_shows_nothing_leaves_nothing(drawn: str) -> None:
    """Measuring, frames for scripts, and what has no address."""
    assert cleaned(f"<p>a</p>{drawn}") == "<p>a</p>"
