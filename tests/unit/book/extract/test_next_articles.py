"""Articles of other pages below a page's own."""

from __future__ import annotations

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from support.pages import SITE, html_in, prose


def _content(title: str, *articles: str) -> str:
    html = f"<title>{title}</title><main>{''.join(articles)}</main>"
    return html_in(extract_page(html, f"{SITE}ash", Profile()))


def _article(name: str, attributes: str = "class=story data-url=/{}") -> str:
    return f"<article {attributes.format(name)}><h1>{name}</h1>{prose(name)}</article>"


def test_an_article_that_was_loaded_ahead_goes() -> None:
    """In a box of its own or not."""
    assert _content("ash - News", _article("ash"), _article("oak")) == f"<h1>ash</h1>{prose('ash')}"
    assert _content("ash - News", _article("ash"), f"<div>{_article('oak')}</div>") == f"<h1>ash</h1>{prose('ash')}"


def test_an_article_with_another_number_goes() -> None:
    """Also with a further class that says that it is the next."""
    own, other = _article("ash", "class=story data-post-id=7"), _article("oak", "class='story next' data-post-id=8")
    assert _content("ash - News", own, other) == f"<h1>ash</h1>{prose('ash')}"
    same = _article("oak", "class='story next' data-post-id=7")
    assert "oak0one" in _content("ash - News", own, same)


def test_parts_of_a_text_stay() -> None:
    """Sections, articles without an address or a date of their own, and all articles of a page of many."""
    assert "oak0one" in _content("ash - Book", _article("ash", "class=part"), _article("oak", "class=part"))
    assert "oak0one" in _content("News", _article("ash"), _article("oak"))
    section = "<section class=part data-url=/{0}><h1>{0}</h1>{1}</section>"
    assert "oak0one" in _content("ash", *(section.format(name, prose(name)) for name in ("ash", "oak")))
