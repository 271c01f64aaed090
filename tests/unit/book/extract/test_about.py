"""What a site says of itself."""

from __future__ import annotations

import gzip

import pytest

from sitebookify.book.extract.book_title import first_title, title_of_book
from sitebookify.book.extract.extract_tasks import about_packed

NOTHING = {"name": "", "author": "", "licence": "", "colour": "", "date": ""}


def about(*pages: str) -> dict[str, str]:
    documents = [f"<html>{page}<body><p>text</p></body></html>" for page in pages]
    return about_packed([("", gzip.compress(document.encode())) for document in documents])


def test_a_site_that_says_nothing_has_nothing_said_for_it() -> None:
    assert about("", "") == NOTHING
    assert about_packed([]) == NOTHING
    assert about_packed([("", gzip.compress(b""))])["licence"] == ""


@pytest.mark.parametrize(
    ("page", "licence"),
    [
        ('<a rel="license" href="/licence">MIT</a>', "MIT"),
        ('<link rel="license" href="https://example.org/licence">', "https://example.org/licence"),
        ('<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"><img></a>', "CC BY-SA 4.0"),
        ('<a href="http://creativecommons.org/licenses/by/3.0/de/">some rights</a>', "CC BY 3.0"),
        ('<meta name="DCTERMS.license" content=" GFDL\n1.3 ">', "GFDL 1.3"),
        ('<a href="https://example.org/creativecommons">about</a>', ""),
    ],
)
def test_the_licence_is_what_the_pages_state(page: str, licence: str) -> None:
    assert about(page)["licence"] == licence


def test_what_one_page_says_is_not_the_whole_book_s() -> None:
    """Many hands write a blog; one page of a book may quote a licence."""
    page = '<meta name="author" content="Ada"><a rel="license" href="/l">MIT</a>'
    assert about(page, "", "", "") == NOTHING
    assert about(page, page, "", "")["author"] == "Ada"


@pytest.mark.parametrize(
    ("content", "colour"),
    [("#0B5FFF", "#0b5fff"), ("#f60", "#ff6600"), ("#ffffff", ""), ("#222225", ""), ("red", ""), ("#12345", "")],
)
def test_the_colour_is_the_site_s_where_it_is_one(content: str, colour: str) -> None:
    assert about(f'<meta name="theme-color" content="{content}">')["colour"] == colour


def test_the_date_is_the_start_page_s() -> None:
    page = '<meta property="article:modified_time" content="2021-03-04T05:06:07Z">'
    assert about(page, '<meta property="article:modified_time" content="2022-01-01">')["date"] == "2021-03-04"
    assert about("", page)["date"] == ""


@pytest.mark.parametrize(
    ("pages", "name"),
    [
        (["<title>Introduction · Beehive</title>", "<title>Honey · Beehive</title>"], "Beehive"),
        (["<title>Beehive: Introduction</title>", "<title>Beehive: Honey</title>"], "Beehive"),
        (['<meta property="og:site_name" content="The Beehive">', ""], "The Beehive"),
        (
            ['<meta name="application-name" content="Beehive"><title>Home | B</title>', "<title>Honey | B</title>"],
            "Beehive",
        ),
        (["<title>Introduction</title>", "<title>Honey</title>"], ""),
    ],
)
def test_the_name_is_what_its_pages_share(pages: list[str], name: str) -> None:
    assert about(*pages)["name"] == name


@pytest.mark.parametrize("start", ["Introduction", "Home", "Welcome!", "ホーム", "Getting Started"])
def test_a_book_is_not_called_after_a_start_page(start: str) -> None:
    assert title_of_book(start, "Beehive") == "Beehive"
    assert title_of_book(start, "") == start


def test_a_book_keeps_its_title() -> None:
    """Unless the site is one book whose first chapter its start page is (mdBook)."""
    assert title_of_book("The Beekeeper's Guide", "Beehive") == "The Beekeeper's Guide"
    assert title_of_book("Foreword", "Beehive", one_book=True) == "Beehive"
    assert title_of_book("Foreword", "", one_book=True) == "Foreword"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("The Beehive - The Beehive", "The Beehive"),
        ("Introduction | The Beehive", "The Beehive"),
        ("Honey: a guide · Documentation · The Beehive", "Honey: a guide"),
        ("The Beehive", "The Beehive"),
        ("Home", "Home"),
        (" | ", ""),
        ("", ""),
        ("x" * 5000, "x" * 200),
    ],
)
def test_a_book_has_a_name_from_its_first_page_on(said: str, title: str) -> None:
    assert first_title(said) == title


def test_a_book_of_chapters_is_not_called_after_the_first_of_them() -> None:
    assert first_title("Foreword - The Beehive") == "Foreword"
    assert first_title("Foreword - The Beehive", one_book=True) == "The Beehive"
    assert first_title("Foreword", one_book=True) == "Foreword"
