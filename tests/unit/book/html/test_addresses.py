"""Where links lead, by the rules of browsers, and the same for crawl and extraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.crawl.reading import read_document
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.html.addresses import absolute, base_of, page_of
from sitebookify.book.html.parser import parse
from sitebookify.book.urls import join, normalize
from support.pages import html_in

BASE = "http://a/b/c/d;p?q"
WEIRD = st.text(alphabet="abcxyz019/.?#&=:;%@\\[]+-_~ \t\n\u00e9\u65e5", max_size=40)


@pytest.mark.parametrize(
    ("reference", "url"),
    [  # section 5.4 of RFC 3986, but where browsers read "http:" otherwise, and for the scheme "g"
        *(("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g")),
        *(("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", f"{BASE}#s")),
        *(("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x")),
        *(("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", BASE), (".", "http://a/b/c/")),
        *(("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g")),
        *(("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g")),
        *(("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g")),
        *(("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g")),
        *(("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h")),
        *(("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y")),
        *(("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x")),
        *(("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x")),
    ],
)
def test_references_are_resolved_by_the_rfc(reference: str, url: str) -> None:
    assert absolute(reference, BASE) == url


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("http:g", "http://a/b/c/g"),
        ("HTTP://G/h", "http://G/h"),
        ("https:g/h", "https://g/h"),
        ("https:///g/h", "https://g/h"),
        ("///g/h", "http://g/h"),
        ("\\g\\h?i\\j", "http://a/g/h?i\\j"),
        ("\\\\g\\h", "http://g/h"),
        (" \n g\th \x00", "http://a/b/c/gh"),
        ("g//h", "http://a/b/c/g//h"),
        ("g/%2E%2e/h", "http://a/b/c/h"),
        ("g#", "http://a/b/c/g"),
        ("#", BASE),
        ('a "b"<c>`.html?d e', "http://a/b/c/a%20%22b%22%3Cc%3E%60.html?d%20e"),
        ("日本?語#本", "http://a/b/c/日本?語#本"),
        ("#a b", f"{BASE}#a b"),
        ("MailTo:a@b?subject=c d", "mailto:a@b?subject=c%20d"),
        ("tel:+1", "tel:+1"),
        ("ftp://a/b", "ftp://a/b"),
        ("javascript:void(0)", ""),
        ("data:text/html,x", ""),
        ("file:///x", ""),
        ("http://", ""),
        ("//", ""),
        ("http://[", ""),
        ("/" + "x" * 9000, ""),
    ],
)
def test_references_are_resolved_as_browsers_do(reference: str, url: str) -> None:
    assert absolute(reference, BASE) == url


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://a.test", "http://a.test/b.html"),
        ("http://a.test/x/y", "http://a.test/x/b.html"),
        ("http://a.test/x//y", "http://a.test/x//b.html"),
        ("http://a.test/x/../y/z", "http://a.test/y/b.html"),
        ("http://a.test/x?y/z", "http://a.test/b.html"),
        ("http://a.test/x#y/z", "http://a.test/b.html"),
        ("http://a.test?y/z", "http://a.test/b.html"),
        ("http://[broken", ""),
        ("mailto:a@b", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("reference", ["b.html", " b.html", "./b.html", "b.html#c"])
def test_a_link_is_relative_to_the_folder(base: str, url: str, reference: str) -> None:
    """However it is written: the commonest links are resolved by a shorter way."""
    assert page_of(absolute(reference, base)) == url


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ('<base href="/docs/">', "https://example.org/docs/"),
        ('<base target="_blank"><base href="c/"><base href="/d/">', "https://example.org/a/c/"),
        *(
            (f'<base href="{href}">', "https://example.org/a/b")
            for href in ("javascript:x", "http://[", "", "mailto:a@b")
        ),
    ],
)
def test_the_first_base_counts_where_it_is_one(head: str, base: str) -> None:
    assert base_of(parse(f"{head}<p>x"), "https://example.org/a/b") == base


@given(WEIRD)
def test_crawl_and_extraction_agree(reference: str) -> None:
    """The page that the crawl fetches for a link is the one that extraction says it leads to, whatever its spelling."""
    base = "https://example.org/docs/guide/index.html?q=1"
    url = absolute(reference, base)
    assert join(base, reference) == normalize(page_of(url))
    assert url in ("", absolute(url, base))


PAGES = [
    ("euc-jp", "?q=日本", "?q=%C6%FC%CB%DC"),
    ("shift_jis", "search?q=表&p=1#表", "search?q=%95\\&p=1"),
    ("iso-2022-jp", "?q=日", "?q=%1B$BF|%1B(B"),
    ("windows-1251", "/ж?q=ж", "/%D0%B6?q=%E6"),
    ("windows-1252", "?q=é&r=ж", "?q=%E9&r=%26%231078%3B"),
    ("gbk", "?q=中", "?q=%D6%D0"),
    ("utf-8", "?q=日", "?q=%E6%97%A5"),
    ("utf-16le", "?q=日", "?q=%E6%97%A5"),
]


@pytest.mark.parametrize(("encoding", "href", "asked"), PAGES, ids=[page[0] for page in PAGES])
def test_a_query_is_in_the_encoding_of_its_page(encoding: str, href: str, asked: str) -> None:
    """As browsers send it; the path is in UTF-8 always."""
    url = "https://example.org/docs/page.html"
    html = f"<title>t</title><p>This is a text with <a href='{href}'>a link</a> in it."
    (link,) = read_document(html, url, encoding).links
    assert link == normalize(join(url, asked) or "")
    content = html_in(extract_page(html, url, Profile(), encoding))
    (shown,) = (element.get("href") or "" for element in parse(content).iter("a"))
    assert normalize(shown) == link


def test_only_queries_of_links_are_spelled() -> None:
    html = (
        "<meta name=description content='quoi? été'><meta http-equiv=refresh content='0;url=?é'>"
        "<a href='mailto:a@b?subject=é' title='où? là'><img srcset='a?é 1x, /é?b=é,c 2x' src='?é#é'><a href='é'>"
    )
    root = parse(html, "windows-1252")
    values = [
        value for element in root.iter("*") for value in map(str, element.attrib.values()) if not value.isidentifier()
    ]
    assert values == [
        *("quoi? été", "0;url=?%E9", "mailto:a@b?subject=é", "où? là"),
        *("a?%E9 1x, /é?b=%E9,c 2x", "?%E9#é"),
    ]
