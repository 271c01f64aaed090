"""URL identity: spelling, sameness, scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.urls import MAX_LENGTH, directory_of, identity, join, moved_home, normalize, site_of
from support.scopes import scope_around

START = "https://example.org/docs/guide/index.html"

hostile_text = st.text(alphabet="abcxyz019/.?#&=:;%@\\[]+-_~ \t\n\u00e9\u65e5\u2460\u3002", max_size=60)
references = st.one_of(
    hostile_text,
    st.builds("{}{}".format, st.sampled_from(["../", "./", "/", "//", "?", "#", "http:", "https://"]), hostile_text),
)
urls = st.builds(
    "http{}://{}{}/{}".format,
    st.sampled_from(["", "s"]),
    st.sampled_from(["example.org", "WWW.Example.org", "日本.jp", "[::1]", "1.2.3.4", "a.b."]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    hostile_text,
)


@given(st.one_of(urls, references))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    url = normalize(text)
    assert url is None or normalize(url) == url


@given(st.one_of(urls, references))
def test_a_normalized_url_is_short_printable_and_has_no_fragment(text: str) -> None:
    url = normalize(text)
    if url is not None:
        assert "#" not in url
        assert len(url) <= MAX_LENGTH
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url


@given(references)
def test_what_a_link_leads_to_is_normalized(reference: str) -> None:
    url = join(START, reference)
    assert url is None or normalize(url) == url


@given(references)
def test_no_link_in_scope_leaves_origin_or_directory(reference: str) -> None:
    scope = scope_around(START)
    url = join(START, reference)
    if url is not None and scope.contains(scope.home(url)):
        home = scope.home(url)
        assert home.startswith("https://example.org/docs/guide/")
        assert "/../" not in home
        assert normalize(home) == home


@given(urls)
def test_two_spellings_of_a_page_have_one_identity(text: str) -> None:
    url = normalize(text)
    if url is not None:
        again = normalize(url + "#part")
        assert again is not None
        assert identity(again) == identity(url)


@pytest.mark.parametrize(
    ("spelling", "url"),
    [
        ("HTTP://Example.ORG:80/", "http://example.org/"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("http://example.org/a/./b/../c", "http://example.org/a/c"),
        ("http://example.org/%7euser/%e9", "http://example.org/~user/%E9"),
        ("http://example.org/日本", "http://example.org/%E6%97%A5%E6%9C%AC"),
        ("http://日本.jp/", "http://xn--wgv71a.jp/"),
        ("http://example.org./", "http://example.org/"),
        ("http://example.org/?utm_source=x&id=3&fbclid=y", "http://example.org/?id=3"),
        ("http://example.org/?gclid=1", "http://example.org/"),
        ("http://example.org/a;jsessionid=1F/b?PHPSESSID=2", "http://example.org/a/b"),
        ("http://example.org/a;v=1", "http://example.org/a;v=1"),
        ("http://example.org/?123", "http://example.org/?123"),
        ("http://example.org/?a=1&copy=2", "http://example.org/?a=1&copy=2"),
        ("http://example.org/?ref=main&source=x", "http://example.org/?ref=main&source=x"),
        ("http://example.org/a%2Fb", "http://example.org/a%2Fb"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_a_url_has_one_spelling(spelling: str, url: str) -> None:
    assert normalize(spelling) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "http://",
        "http://user@example.org/",
        "http://user:pass@example.org/",
        "http://exa mple.org/",
        "http://exam|ple.org/",
        "http://example.org:99999/",
        "http://[::1/",
        "http://example.org/" + "a" * MAX_LENGTH,
    ],
)
def test_what_cannot_be_fetched_is_no_url(text: str) -> None:
    assert normalize(text) is None


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("next.html", "https://example.org/docs/guide/next.html"),
        (" next.html\n", "https://example.org/docs/guide/next.html"),
        ("../up.html#part", "https://example.org/docs/up.html"),
        ("/root", "https://example.org/root"),
        ("//other.org/x", "https://other.org/x"),
        ("?page=2", "https://example.org/docs/guide/index.html?page=2"),
        ("", START),
        ("#part", START),
        ("a b.html", "https://example.org/docs/guide/a%20b.html"),
        ("\\up\\x.html", "https://example.org/up/x.html"),
        ("../../../../x", "https://example.org/x"),
        ("mailto:a@example.org", None),
        ("JavaScript:void(0)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("x" * 3000, None),
    ],
)
def test_links_are_resolved_as_browsers_do(reference: str, url: str | None) -> None:
    assert join(START, reference) == url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a/", "http://example.org/a"),
        ("http://example.org/a/", "http://example.org/a/index.html"),
        ("http://example.org/a/", "http://example.org/a/INDEX.PHP"),
        ("http://example.org/", "https://www.example.org/"),
        ("http://example.org/a//b", "http://example.org/a/b"),
        ("http://example.org/?a=1&b=2", "http://example.org/?b=2&a=1"),
    ],
)
def test_one_page_under_two_urls(one: str, other: str) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "http://example.org/A"),
        ("http://example.org/?a=1", "http://example.org/?a=2"),
        ("http://example.org/?a=1", "http://example.org/"),
        ("http://example.org/", "http://example.org:8080/"),
        ("http://example.org/", "http://docs.example.org/"),
        ("http://example.org/index.html.en", "http://example.org/"),
        ("http://example.org/a.html", "http://example.org/a"),
    ],
)
def test_two_pages_are_not_one(one: str, other: str) -> None:
    assert identity(one) != identity(other)


def test_the_directory_ends_at_the_last_slash() -> None:
    assert directory_of("http://example.org/a/b.html?x=/c/") == "/a/"
    assert directory_of("http://example.org/") == "/"


def test_a_site_with_and_without_www_and_tls_is_one_home() -> None:
    scope = scope_around("https://example.org/docs/")
    assert scope.home("http://www.example.org/docs/a?b=1") == "https://example.org/docs/a?b=1"
    assert scope.home("https://docs.example.org/docs/a") == "https://docs.example.org/docs/a"
    assert scope.home("https://example.org:8443/docs/a") == "https://example.org:8443/docs/a"


CAPTURE = "https://web.archive.org/web/20100102030405/http://old.example"


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://web.archive.org/web/20110203/http://www.old.example:80/a?b=1", f"{CAPTURE}/a?b=1"),
        ("https://web.archive.org/web/2010if_/https://old.example", f"{CAPTURE}/"),
        ("https://web.archive.org/web/20100102030405/http://other.example/a", ""),
        ("https://mirror.example/web/20100102030405/http://old.example/a", ""),
        ("https://old.example/a", ""),
    ],
)
def test_other_captures_of_a_site_are_at_home_in_the_one_that_was_asked_for(url: str, home: str) -> None:
    assert site_of(f"{CAPTURE}/manual/") == CAPTURE
    assert moved_home(url, CAPTURE) == (home or url)


@pytest.mark.parametrize("path", ["/2024/05/http-and-more/", "/2024/http:/", "/go/http://e.example/2024/"])
def test_a_path_that_names_a_protocol_is_no_capture(path: str) -> None:
    assert site_of(f"https://example.org{path}") == "https://example.org"


def test_the_scope_ends_at_origin_and_directory() -> None:
    scope = scope_around("https://example.org/docs/start.html")
    assert scope.contains("https://example.org/docs/deep/page")
    assert not scope.contains("https://example.org/docs")
    assert not scope.contains("https://example.org/documents/page")
    assert not scope.contains("https://example.org.evil.test/docs/page")


def test_patterns_choose_within_the_scope() -> None:
    scope = scope_around("https://example.org/", ("/docs/**",), ("**/old/**",))
    assert scope.chosen("https://example.org/docs/a?b=/old/")
    assert not scope.chosen("https://example.org/blog/a")
    assert not scope.chosen("https://example.org/docs/old/a")


@pytest.mark.parametrize(
    "session", ["sid=0123456789abcdef0123456789abcdef", "osCsid=aa7bb8cc9dd0ee1ff2aa3bb4", "s=1a2b3c4d5e6f7a8b9c0d1e2f"]
)
def test_a_session_id_is_no_part_of_a_url(session: str) -> None:
    assert normalize(f"https://example.org/topic.php?t=1&{session}") == "https://example.org/topic.php?t=1"


@pytest.mark.parametrize("query", ["sid=12", "s=a-long-word-without-any-digits", "q=0123456789abcdef0123456789abcdef"])
def test_a_short_name_may_mean_something_else(query: str) -> None:
    assert normalize(f"https://example.org/?{query}") == f"https://example.org/?{query}"
