"""Links to the top of the page go where they are lines of their own."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    "link",
    [
        "<p><a href='#top'>Back to top</a></p>",
        "<a href='#PageHeader'>Top</a>",
        "<center><a href='#'>[Top]</a></center>",
        "<div><a href='page#x'>\u2191 Nach oben</a></div>",
        "<a href='#x'>\u30da\u30fc\u30b8\u306e\u5148\u982d\u3078\u623b\u308b</a>",
    ],
)
def test_a_way_up_goes(link: str) -> None:
    assert cleaned(f"<p>a</p>{link}<p>b</p>") == "<p>a</p><p>b</p>"


@pytest.mark.parametrize(
    "link",
    [
        "<p>See <a href='#top'>top</a>.</p>",
        "<p><a href='other#top'>Back to top</a></p>",
        "<p><a href='#topology'>Topology</a></p>",
        "<ul><li><a href='#top'>Top</a></li></ul>",
    ],
)
def test_other_links_stay(link: str) -> None:
    """In a sentence, to another page, of a list of places."""
    assert "<a " in cleaned(f"<p>a</p>{link}<p>b</p>")
