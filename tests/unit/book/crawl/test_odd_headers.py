"""What servers say beside their pages, as odd as it may be: it ends nothing, and asks for nothing out of bounds."""

from __future__ import annotations

import math

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.robots import LONGEST_DELAY, Rules
from sitebookify.book.crawl.sitemaps import read_named
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
