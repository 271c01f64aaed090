"""Links that lie over a card, and pictures that are a box's background."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize("name", ["stretched-link", "entry-link", "card__link-overlay", "cover-link"])
def test_the_title_of_a_card_is_its_link(name: str) -> None:
    link = f'<a class="{name}" href="/hemp" aria-label="Read on"></a>'
    made = cleaned(f"<p>x</p><article><h2>Hemp</h2><p>It rots.</p>{link}</article>")
    assert '<h2><a href="https://example.org/hemp">Hemp</a></h2>' in made


@pytest.mark.parametrize(
    "link",
    [
        '<a class="stretched-link" href="#hemp"></a>',
        '<a class="icon-link" href="/edit" aria-label="Edit"><svg></svg></a>',
        '<a class="anchor" href="/edit"></a>',
    ],
)
def test_other_links_without_words_are_no_titles(link: str) -> None:
    assert "<h2>Hemp</h2>" in cleaned(f"<p>x</p><article><h2>Hemp</h2><p>It rots.</p>{link}</article>")


@pytest.mark.parametrize(
    ("box", "picture"),
    [
        ('<div role=img aria-label="Low tide" style="height:9px;background-image:url(\'a.jpg\')"></div>', "Low tide"),
        ('<figure><div style="background: #eee url(a.jpg) center"></div><figcaption>Tide</figcaption></figure>', ""),
        ('<figure><div data-bg="a.jpg"></div><figcaption>Tide</figcaption></figure>', ""),
    ],
)
def test_a_background_that_is_content_is_a_picture(box: str, picture: str) -> None:
    alternative = f' alt="{picture}"' if picture else ""
    assert f'<img src="https://example.org/a.jpg"{alternative}>' in cleaned(f"<p>x</p>{box}")


@pytest.mark.parametrize(
    "box",
    [
        '<div style="background-image:url(dots.png)"></div>',
        '<div role=img aria-label="Tide" style="background-color:red"></div>',
        '<div role=img aria-label="Tide" style="background-image:url(dots.png)"><p>Words stay words.</p></div>',
        '<figure><img src="b.jpg" alt="B"><div style="background:url(dots.png)"></div><figcaption>T</figcaption>',
    ],
)
def test_a_background_that_is_an_ornament_is_none(box: str) -> None:
    assert "dots" not in cleaned(f"<p>x</p>{box}")


def test_a_card_without_a_title_has_no_link() -> None:
    assert cleaned('<p>x</p><div class="card"><a class="stretched-link" href="/a"></a><p>Text</p></div>') == (
        "<p>x</p><p>Text</p>"
    )
