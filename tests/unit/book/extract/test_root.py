"""Which part of a page is its content, seen on whole small sites."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from support.pages import SITE, contents, extracted, html_in, prose

_NAMES = "apple birch cedar damson elder fig gorse hazel".split()
_MENU = "".join(f'<li><a href="{name}">{name.title()}</a></li>' for name in _NAMES)


def _site(layout: str) -> dict[str, str]:
    """Pages of one layout, a format string with ``name``, ``prose`` and ``menu``."""
    return {
        name: f"<html><title>{name.title()}</title><body>{layout.format(name=name, prose=prose(name), menu=_MENU)}"
        for name in _NAMES
    }


@pytest.mark.parametrize(
    "layout",
    [
        "<nav><ul>{menu}</ul></nav><main><h1>{name}</h1>{prose}</main><footer>Made by us</footer>",
        "<div class=side><ul>{menu}</ul></div><div class=text><h1>{name}</h1>{prose}</div><div>Made by us</div>",
        "<table><tr><td width=20%><ul>{menu}</ul></td><td><h1>{name}</h1>{prose}</td></tr></table>",
        "<h1>{name}</h1><div><ul>{menu}</ul></div><div id=text>{prose}</div>",
        "<div><a href=/>Home</a> / {name}</div><div id=text>{prose}</div><p>Made by us</p>",
        "<main><div><a href=/>Home</a> / {name}</div>{prose}</main>",
    ],
)
def test_content_without_what_pages_share(layout: str) -> None:
    """Whatever the layout is made of, the page's text comes out under its title and nothing else does."""
    for name, html in contents(_site(layout)).items():
        heading, _, text = html.partition("</h1>")
        assert heading.casefold() == f"<h1>{name}"
        assert text == prose(name)


def test_navigation_larger_than_the_content_is_no_content() -> None:
    """A long menu inside the root goes, also where each page has another part of it open."""
    pages = _site(
        "<div><p>{name}A {name}B {name}C</p><nav><ul>" + "{menu}" * 12 + "</ul></nav><div>{prose}</div></div>"
    )
    pages = {
        name: html.replace(f'<li><a href="{name}"', f'<li class="current"><a href="{name}"')
        for name, html in pages.items()
    }
    for name, html in contents(pages).items():
        assert html.partition("</h1>")[2].removeprefix(f"<p>{name}A {name}B {name}C</p>") == prose(name)


def test_a_html_in_contents_keeps_its_list() -> None:
    """Navigation that is all a page has, and that no other page shows, is its content."""
    pages = _site("<nav><a href=/>Home</a></nav><main><h1>{name}</h1>{prose}</main>")
    pages["index"] = (
        f"<title>All</title><nav><a href=/>Home</a></nav><main><h1>All</h1><nav><ul>{_MENU}</ul></nav></main>"
    )
    assert contents(pages)["index"].count("<li>") == len(_NAMES)


def test_comments_are_no_content() -> None:
    """Those of readers, however long; a section that is about comments is content."""
    said = '<div class="comment" id="c1"><p>{name} is what I like, and {name} is good for me, said {name}.</p></div>'
    pages = _site(
        "<main><article><h1>{name}</h1>{prose}</article><div id=comments><h2>Comments</h2>" + said * 9 + "</div></main>"
    )
    assert all(html.partition("</h1>")[2] == prose(name) for name, html in contents(pages).items())
    menu = "<div><ul>" + "{menu}" * 12 + "</ul></div>"
    pages = _site(menu + "<div id=text>{prose}</div><div id=comments>" + said * 90 + "</div>")
    assert all(html.partition("</h1>")[2] == prose(name) for name, html in contents(pages).items())
    about = _site("<main><h1>{name}</h1><section id=comments><h2>Comments</h2>{prose}</section></main>")
    assert all(prose(name) in html for name, html in contents(about).items())


def test_a_page_unlike_the_others_is_taken_whole_and_says_so() -> None:
    """More text rather than none, with the doubt in the report."""
    layout = "<div class=side><ul>" + "{menu}" * 12 + "</ul></div><main><h1>{name}</h1>{prose}</main>"
    pages = _site(layout) | {f"{name}/more": html for name, html in _site(layout).items()}
    pages["odd"] = "<title>Odd</title><blink><p>" + "Something else entirely stands here. " * 9 + "</p></blink>"
    found = extracted(pages)["odd"]
    assert found.doubt
    assert "Something else entirely" in html_in(found)
    assert not extracted(pages)["apple"].doubt


def test_a_single_page_has_a_root_too() -> None:
    """Without other pages to compare with, what HTML says and trafilatura's judgement are enough."""
    layout = "<nav><ul>{menu}</ul></nav><main><h1>{name}</h1>{prose}</main><footer>Made by us</footer>"
    page = _site(layout)["apple"]
    found = extracted({"apple": page})["apple"]
    assert not found.doubt
    assert html_in(found) == f"<h1>apple</h1>{prose('apple')}"


def test_repeated_text_inside_the_content_stays() -> None:
    """A note that many pages have is theirs: only at the margin is it the site's."""
    note = "<p>This function allocates memory, which the caller must release with the matching function.</p>"
    pages = _site("<main><h1>{name}</h1>{prose}" + note + "<h2>See also {name}</h2>{prose}</main>")
    assert all(note in html for html in contents(pages).values())


def test_of_templates_inside_each_other_the_root_is_that_with_the_heading() -> None:
    """Pages of methods are half made of lists of links; the rest of the site has prose beside its methods."""
    pages = {}
    for number in range(12):
        name = f"n{number}"
        links = "".join(
            f'<li><a href="https://else.example/{name}{n}">{name} {n} inherited</a></li>' for n in range(30)
        )
        beside = f"<ul>{links}</ul>" if number % 2 else prose(name + "beside", 9)
        pages[name] = (
            f"<title>{name}</title><div class=page><h1>{name}</h1><p>{name} is one.</p>{beside}"
            f"<div class=methods>{prose(name)}</div></div>"
        )
    for name, html in contents(pages).items():
        assert html.startswith(f"<h1>{name}</h1><p>{name} is one.</p>")
        assert html.count("<li>") in (0, 30)
        assert prose(name) in html


def test_a_heading_with_nothing_but_dates_beside_it_draws_no_root_upwards() -> None:
    """The title comes with the page anyway."""
    pages = {}
    for number in range(6):
        name = f"n{number}"
        pages[name] = (
            f"<title>{name}</title><div class=page><div><h1>{name}</h1><div><div>{number} days ago</div>"
            f"<div>by {name}kim</div></div></div><div class=content>{prose(name)}</div>"
            f"<div><a href=a{number}>{name} before</a></div></div>"
        )
    assert contents(pages) == {name: f"<h1>{name}</h1>{prose(name)}" for name in pages}


@pytest.mark.parametrize(
    ("heading", "beside", "whole"),
    [("h1", 4, False), ("h2", 4, False), ("h1", 20, True)],
)
def test_the_only_article_of_a_page_is_its_content(heading: str, beside: int, *, whole: bool) -> None:
    """A ticker and teasers around it are the page's own words too; more text than in the article is content."""
    ticker = "<div class=x><p>10:02 Ferry cancelled until noon</p><p>09:40 The council resigns</p></div>"
    around = "".join(
        f"<p>{' '.join(f'around{number}word{word}' for word in range(9))}.</p>" for number in range(beside)
    )
    article = f"<article><{heading}>Ash</{heading}>{prose('ash')}</article>"
    html = f"<title>Ash | Trees</title><body>{ticker}{article}<div>{around}</div></body>"
    content = html_in(extract_page(html, f"{SITE}ash", Profile()))
    assert ("Ferry" in content) is whole
    assert prose("ash") in content


def test_an_index_in_a_table_with_headings_is_content() -> None:
    """Its cells are links; a menu set in a table has no headings."""
    names = "apple birch cedar damson elder fig gorse hazel".split()
    pages = {name: f"<title>{name}</title><main><h1>{name}</h1>{prose(name)}</main>" for name in names}
    rows = "".join(
        f"<tr><td><a href=/{name}>The {name}</a></td><td><a href=/kin>Its kin</a></td></tr>" for name in names
    )
    head = "<tr><th>Tree</th><th>Kin</th></tr>"
    notice = "Nobody may copy this index without a word to those who have made it"
    index = (
        f"<title>Index</title><div><h1>Index of trees</h1></div><div><table>{{}}{{}}</table></div><div>{notice}</div>"
    )
    with_index = contents({**pages, "index": index.format(head, rows)})
    assert "The damson" in with_index["index"]
    assert "The damson" not in contents({**pages, "index": index.format("", rows)})["index"]
