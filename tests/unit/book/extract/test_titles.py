"""What a page is called."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.titles import heading_like, learn_affixes, name_of_file, shortened, without_affixes
from support.pages import SITE, extracted, prose


@pytest.mark.parametrize(
    ("titles", "affixes"),
    [
        (["A - Site", "B - Site", "C - Site"], ("", " - Site")),
        (["Site | A", "Site | B", "Site | C"], ("Site | ", "")),
        (["A — Site 1.0 documentation", "B — Site 1.0 documentation"], ("", " — Site 1.0 documentation")),
        (["A", "B", "C"], ("", "")),
        ([], ("", "")),
    ],
)
def test_affixes(titles: list[str], affixes: tuple[str, str]) -> None:
    """What most titles begin or end with is the site's."""
    assert learn_affixes(titles) == affixes


def test_a_title_that_is_nothing_but_the_sites_name_stays() -> None:
    assert without_affixes(" - Site", "", " - Site") == "- Site"
    assert without_affixes("A - Site", "", " - Site") == "A"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>Own heading</h1>", "Own heading"),
        ("<h1>Site</h1><h1>Own heading</h1>", "Own heading"),
        ("<h2>Part</h2>", "From the head"),
        ("<h1></h1>", "From the head"),
    ],
)
def test_headings_before_titles(body: str, title: str) -> None:
    """A page's own first heading is its title, the site's, on every page, is not; else what the head says."""
    pages = {f"p{n}": f"<title>Page {n} - Site</title><h1>Site</h1>{prose(f'p{n}')}" for n in range(4)}
    pages["x"] = f"<title>From the head - Site</title>{body}{prose('x')}"
    assert extracted(pages)["x"].title == title


@pytest.mark.parametrize(("heading", "title"), [("<h2>Of ships</h2>", "Of ships"), ("", "Site")])
def test_a_page_called_like_its_site_goes_by_its_first_heading(heading: str, title: str) -> None:
    pages = {f"p{n}": f"<title>Site</title><h2>Menu</h2>{prose(f'p{n}')}" for n in range(4)}
    pages["x"] = f"<title>Site</title><h2>Menu</h2>{heading}{prose('x')}"
    assert extracted(pages)["x"].title == title


def test_a_title_is_cut_after_a_word() -> None:
    assert shortened("a" * 1000) == "a" * 1000
    assert shortened("a" * 1001) == "a" * 1000 + "\u2026"
    assert shortened("ab " * 500) == "ab " * 332 + "ab\u2026"


def test_a_page_without_a_title_goes_by_the_name_of_its_file() -> None:
    """An address is no title."""
    assert name_of_file("https://example.org/a/getting-started_2.html?x#y") == "getting started 2"
    assert name_of_file("https://example.org/%E7%AB%A0/") == "\u7ae0"
    assert name_of_file("https://example.org/") == "https://example.org/"


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("<div class=top><h1 class=headline>How the old mill burned</h1></div>", "How the old mill burned"),
        ("<h1>The Valley Post</h1>", ""),
        ("<h1>How the old mill burned</h1><h1>The mill rebuilt</h1>", ""),
        ("<header><h1>Mill fire</h1></header>", ""),
    ],
)
def test_a_heading_that_says_what_the_name_says_in_other_words(body: str, heading: str) -> None:
    """Names are shortened for search engines; the site's own name, and one of several headings, is no page's."""
    document = parse_unboxed(f"<title>Old mill burned: photographs</title>{body}<p>It burned.</p>")
    assert heading_like(document, "Old mill burned: photographs") == heading


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Ash | The Trees", "<a href=/>The Trees</a>", "Ash"),
        ("Ash | The Trees", "The Trees", "Ash"),
        ("The Trees | Ash", "<a href=/>The Trees</a>", "The Trees | Ash"),
    ],
)
def test_of_two_headings_the_title_begins_with_the_pages(title: str, site: str, expected: str) -> None:
    """Of a single page the site's name in its title is not known."""
    html = f"<title>{title}</title><body><h1>{site}</h1><div><h1>Ash</h1></div><main>{prose('ash')}</main></body>"
    assert extract_page(html, f"{SITE}ash", Profile()).title == expected
