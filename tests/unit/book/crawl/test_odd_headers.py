"""What servers say beside their pages, as odd as it may be: it ends nothing, and asks for nothing out of bounds."""

from __future__ import annotations

import json
import math
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitebookify.book.crawl.indexing import NOFOLLOW, NOINDEX, directives
from sitebookify.book.crawl.plain_text import html_of
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.refresh import refresh_header
from sitebookify.book.crawl.robots import LONGEST_DELAY, Rules
from sitebookify.book.crawl.sitemaps import read_named
from sitebookify.book.crawl.start_documents import StartKind, read_start_document
from sitebookify.book.crawl.url_markers import markers_of
from sitebookify.book.crawl.variants import Variants
from sitebookify.book.html.days import day_in, day_of_feed
from sitebookify.book.urls import join
from sitebookify.egress.polite import retry_after

URL = "https://example.org/docs/"
NUMBER = st.one_of(
    st.integers(0, 400).map(lambda digits: "9" * digits),
    st.integers().map(str),
    st.floats().map(str),
    st.text(max_size=9),
)
DATE = st.builds(
    "Mon, {} Jan {} {}:00:00 {}".format, NUMBER, NUMBER, NUMBER, st.sampled_from(["GMT", "+9999", "-2359"])
)
LINE = st.one_of(
    st.builds("Crawl-delay: {}".format, NUMBER),
    st.builds("Request-rate: {}/{}{}".format, NUMBER, NUMBER, st.sampled_from(["", "s", "m", "h", " 0000-2500"])),
    st.builds("Visit-time: {}-{}".format, NUMBER, NUMBER),
    st.builds("{}: {}".format, st.sampled_from(["Disallow", "Allow", "Sitemap", "User-agent", "Host"]), st.text()),
    st.text(),
)


@settings(max_examples=100)
@given(st.one_of(st.text(), NUMBER, DATE))
@example("Mon, 01 Jan 99999999999999999999 00:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
def test_retry_after_says_seconds_or_nothing(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or (seconds >= 0 and math.isfinite(seconds))


@settings(max_examples=100)
@given(st.lists(LINE, max_size=5))
@example([f"Request-rate: 1/{'9' * 400}s"])
@example([f"Request-rate: {'9' * 400}/1s"])
@example(["Crawl-delay: nan"])
def test_robots_ask_for_a_delay_within_bounds(lines: list[str]) -> None:
    rules = Rules("\n".join(["User-agent: *", *lines]))
    assert 0 <= rules.delay <= LONGEST_DELAY
    assert rules.allows(URL) in (True, False)


@settings(max_examples=50)
@given(st.one_of(NUMBER, st.text()), st.text())
def test_a_refresh_leads_to_a_url_or_nowhere(seconds: str, target: str) -> None:
    document = read_document(f'<meta http-equiv="refresh" content="{seconds};url={target}"><p>text', URL)
    assert document.refresh == "" or document.refresh.startswith(("http://", "https://"))


@settings(max_examples=50)
@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_a_sitemap_names_urls_or_nothing(file: bytes) -> None:
    for xml in (file, b"<urlset><url><loc>" + file + b"</loc></url></urlset>"):
        assert all(url.startswith(("http://", "https://")) for url in read_named(xml, URL).pages)


TYPES = st.sampled_from(
    ["text/plain", "text/markdown", "application/json", "application/feed+json", "application/rss+xml", "image/png", ""]
)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | st.text(max_size=20) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "external_url", "x"]), inner),
    max_leaves=6,
)
FEED = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(["https://jsonfeed.org/version/1.1", 1, None]),
        "items": VALUE | st.lists(st.dictionaries(st.sampled_from(["url", "external_url"]), VALUE), max_size=4),
        "title": VALUE,
    },
).map(lambda feed: json.dumps(feed).encode())
ENTRY = st.builds(
    "<{0}><title>{1}</title><link>{1}</link><link href='{2}'/><pubDate>{3}</pubDate></{0}>".format,
    st.sampled_from(["item", "entry"]),
    st.text(max_size=20),
    st.text(max_size=20),
    DATE | NUMBER,
)
FEED_OF_XML = st.builds(
    "<{0}><title><![CDATA[{1}]]></title>{2}</{0}>".format,
    st.sampled_from(["rss", "feed", "rdf:RDF", "urlset"]),
    st.text(max_size=20),
    ENTRY,
).map(lambda text: text.encode("utf-8", "replace"))
LIST = st.lists(st.text(max_size=20).map("# {0}\n- [{0}]({0})\n{0}".format) | NUMBER, max_size=4).map("\n".join)
FILE = st.binary(max_size=200) | FEED | FEED_OF_XML | LIST.map(lambda text: text.encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(FILE, TYPES, st.sampled_from(["llms.txt", "feed.json", "a.md", "list.txt", ""]))
@example(b'{"version": "https://jsonfeed.org/version/1", "items": [1, {"url": "http://["}, {"url": {}}]}', "", "")
@example(b'{"items": ' + b"[" * 100_000, "application/json", "")
@example(b"<rss><title>" + b"a" * 100_000, "text/xml", "")
@example(b"\x1f\x8b" + b"\0" * 100, "", "llms.txt")
def test_a_start_document_names_urls_or_says_what_it_is(file: bytes, content_type: str, name: str) -> None:
    document = read_start_document(file, content_type, URL + name)
    assert document.kind in StartKind
    assert len(document.title) <= 200
    assert all(url.startswith(("http://", "https://")) for url in (*document.pages, *document.sitemaps))
    assert document.refusal(URL)


@settings(max_examples=50, deadline=None)
@given(st.text() | LIST, TYPES)
@example("---\ntitle: " + "a" * 1000 + "\n---\n", "text/markdown")
def test_any_text_is_a_page(text: str, content_type: str) -> None:
    document = read_document(html_of(text, URL + "a.md", content_type), URL)
    assert len(document.title) <= 300


@settings(max_examples=100)
@given(st.text() | DATE | NUMBER)
@example("Mon, 01 Jan 99999999999999999999 00:00:00 GMT")
@example("2024-13-45")
@example("9" * 5000)
def test_a_day_is_a_day_or_none(value: str) -> None:
    for day in (day_in(value), day_of_feed(value)):
        assert not day or re.fullmatch(r"\d{4}-\d\d-\d\d", day)


@settings(max_examples=50)
@given(
    st.text() | st.builds("{}: {}, {}".format, st.sampled_from(["sitebookify", "bot", "max-snippet"]), NUMBER, NUMBER)
)
@example("unavailable_after: " + "9" * 5000 + ", noindex")
def test_directives_are_those_we_know(value: str) -> None:
    assert directives([value]) <= {NOINDEX, NOFOLLOW}
    target = refresh_header(value, URL)
    assert target == "" or target.startswith(("http://", "https://"))


TAG = st.sampled_from(["de", "x-default", "zh-Hant-TW", "", "d" * 5000, "\u0130", "de_DE"]) | st.text(max_size=9)
PLACE = st.text(max_size=20) | st.builds("/{}/v{}/a?lang={}&{}".format, TAG, NUMBER, TAG, NUMBER)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TAG, PLACE), max_size=4), TAG)
def test_translations_of_any_name_are_urls(alternates: list[tuple[str, str]], language: str) -> None:
    links = "".join(
        f'<link rel=alternate hreflang="{tag}" href="{place}"><a href="{place}">x</a>' for tag, place in alternates
    )
    document = read_document(f'<html lang="{language}">{links}<p>text', URL)
    assert all(url.startswith(("http://", "https://")) for _, url in document.alternates)
    variants = Variants(starts=(URL,))
    variants.begin(URL, document)
    for url in filter(None, (join(URL, place) for _, place in alternates)):
        variants.learn(url)
        variants.keep(url)
        variants.read(url, document)
        assert len(markers_of(url)) <= 40
        assert variants.why(url) is None or variants.others() is not None
    assert set(variants.take_doubtful()) <= {join(URL, place) for _, place in alternates}
