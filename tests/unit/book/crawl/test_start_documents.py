"""Start pages that are no web page: what they are, and which pages they name."""

from __future__ import annotations

import json

import pytest

from sitebookify.book.crawl.plain_text import html_of
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.start_documents import StartDocument, StartKind, is_feed, read_start_document

SITE = "https://example.org"


def read(body: str | bytes, content_type: str = "", path: str = "/start") -> StartDocument:
    data = body.encode() if isinstance(body, str) else body
    return read_start_document(data, content_type, SITE + path)


NAMING = {
    "RSS": ("<rss><channel><link>/</link><item><link>/b</link></item><item><link>/a</link></item></channel></rss>", ""),
    "Atom": ('<?xml version="1.0"?><feed><entry><link href="/b"/></entry><entry><link href="/a"/></entry></feed>', ""),
    "RSS 1.0": (
        '<rdf:RDF xmlns:rdf="r" xmlns="x"><item><link>/b</link></item><item><link>/a</link></item></rdf:RDF>',
        "",
    ),
    "JSON Feed": (
        json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/b"}, 7, {"external_url": "/a"}]}
        ),
        "application/feed+json",
    ),
    "sitemap": ("<urlset><url><loc>/b</loc></url><url><loc>/a</loc></url></urlset>", "text/plain"),
    "list of URLs": (f"{SITE}/b\n\n  {SITE}/a\n{SITE}/b", "text/plain"),
}


@pytest.mark.parametrize(("body", "content_type"), NAMING.values(), ids=NAMING)
def test_pages_that_are_named_come_in_their_order(body: str, content_type: str) -> None:
    found = read(body, content_type)
    assert found.pages == (f"{SITE}/b", f"{SITE}/a")
    assert found.kind in (StartKind.FEED, StartKind.SITEMAP, StartKind.LIST)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            "<rss><channel><title>Bees &amp; honey</title><item><title>A</title><link>/a</link></item></channel></rss>",
            "Bees & honey",
        ),
        (
            '<feed><title type="html"><![CDATA[The <b>hive</b>]]></title><entry><title>A</title></entry></feed>',
            "The hive",
        ),
        ("<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>", ""),
        ('{"version": "https://jsonfeed.org/version/1", "title": " Bees\\n", "items": [{"url": "/a"}]}', "Bees"),
        ('{"version": "https://jsonfeed.org/version/1", "title": 7, "items": [{"url": "/a"}]}', ""),
    ],
)
def test_a_feed_says_what_it_is_called(body: str, title: str) -> None:
    assert read(body).title == title


def test_an_index_of_sitemaps_names_sitemaps() -> None:
    found = read("<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>")
    assert (found.kind, found.pages, found.sitemaps) == (StartKind.SITEMAP, (), (f"{SITE}/1.xml",))


def test_llms_txt_names_pages_by_its_links() -> None:
    text = (
        "# Name\n\n> About [it](/about)\n\n## Docs\n\n- [Start](docs/start.md): first\n- [API](/api)\n\n`[no](/no)`\n"
    )
    found = read(text, "text/plain", "/llms.txt")
    assert found.title == "Name"
    assert (found.kind, found.pages) == (StartKind.LIST, (f"{SITE}/about", f"{SITE}/docs/start.md", f"{SITE}/api"))
    assert read(text, "text/plain", "/other.txt").kind is StartKind.TEXT
    assert read("# Name\n\nNo links.", "text/plain", "/llms.txt").kind is StartKind.TEXT


@pytest.mark.parametrize(
    ("body", "content_type", "path", "kind"),
    [
        (b"%PDF-1.7", "", "/x", StartKind.PDF),
        (b"\x00", "application/pdf", "/x", StartKind.PDF),
        (b"\x89PNG", "image/png", "/x", StartKind.IMAGE),
        (b"ID3", "audio/mpeg", "/x", StartKind.MEDIA),
        (b"PK\x03\x04", "application/octet-stream", "/x", StartKind.ARCHIVE),
        (b'{"items": [{"url": "/a"}]}', "application/json", "/x", StartKind.JSON),
        (b"[" * 100_000, "application/json", "/x", StartKind.JSON),
        (b"{oh", "application/json", "/x", StartKind.JSON),
        (b"# Title", "application/octet-stream", "/x.md", StartKind.TEXT),
        (b"# Title", "text/markdown", "/x", StartKind.TEXT),
        (b"\x00\x01", "application/octet-stream", "/x", StartKind.OTHER),
    ],
)
def test_files_are_told_apart(body: bytes, content_type: str, path: str, kind: StartKind) -> None:
    assert read(body, content_type, path) == StartDocument(kind=kind)


def test_a_page_of_markdown_has_its_title_and_links() -> None:
    lines = (
        "---",
        "title: 'Front'",
        "---",
        "Intro",
        "=====",
        "",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "",
        "[n](two.md)",
    )
    html = html_of("\r\n".join(lines), f"{SITE}/docs/one.md")
    document = read_document(html, f"{SITE}/docs/one.md")
    assert (document.title, document.links) == ("Front", (f"{SITE}/docs/two.md",))
    assert "<h1>Intro</h1>" in html
    assert "<td>1</td>" in html
    assert "title:" not in html
    assert read_document(html_of("# A *b*\n", SITE + "/"), SITE + "/").title == "A *b*"
    assert read_document(html_of("text\n", SITE + "/read%20me.md"), SITE + "/").title == "read me"


def test_a_text_keeps_its_lines_where_they_are_set() -> None:
    html = html_of("Name\n\nA line <of> words\nand more.\n\n  column   one\n  column   two\n", f"{SITE}/notes.txt")
    assert "<p>A line &lt;of&gt; words\nand more.</p>" in html
    assert "<pre>  column   one\n  column   two</pre>" in html
    assert "<title>Name</title>" in html


def test_feeds_state_the_days_of_their_posts() -> None:
    items = [
        {"url": "/a", "date_published": "2024-05-06T07:00:00+09:00"},
        {"url": "/b"},
        {"url": "/c", "date_published": 7},
    ]
    data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    assert dict(read(data, "application/json").days) == {f"{SITE}/a": "2024-05-06", f"{SITE}/b": "", f"{SITE}/c": ""}
    rss = "<rss><channel><item><link>/a</link><pubDate>6 May 2024 07:00 GMT</pubDate></item></channel></rss>"
    assert read(rss).days == ((f"{SITE}/a", "2024-05-06"),)


def test_entries_of_a_feed_that_were_never_published_come_by_their_changes() -> None:
    """As Atom's may: each says when it was changed."""
    changed = '<entry><link href="/{0}"/><updated>2024-0{1}-01T00:00:00Z</updated>{2}</entry>'
    published = "<published>2023-01-01T00:00:00Z</published>"
    atom = (
        f'<feed>{changed.format("a", 6, "")}{changed.format("b", 5, published)}<entry><link href="/c"/></entry></feed>'
    )
    assert read(atom).days == ((f"{SITE}/a", "2024-06-01"), (f"{SITE}/b", "2023-01-01"), (f"{SITE}/c", ""))
    item = {"url": "/a", "date_modified": "2024-05-06"}
    data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    assert read(data, "application/json").days == ((f"{SITE}/a", "2024-05-06"),)


@pytest.mark.parametrize("before", ["", "\ufeff", "\n<?xml version='1.0'?>\n", "<?xml version='1.0'?><!-- by hand -->"])
def test_a_feed_that_is_called_html_is_a_feed(before: str) -> None:
    feed = f"{before}<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
    assert read(feed, "text/html").pages == (f"{SITE}/a",)


def test_a_page_about_feeds_is_no_feed() -> None:
    page = "<!DOCTYPE html><html><body><pre><rss version='2.0'><item><link>/a</link></item></rss></pre></body></html>"
    assert not is_feed(page.encode())


def test_a_whole_documentation_in_one_text_is_a_page() -> None:
    assert read("# All\n\nSee [a](https://other.example/a).", "text/plain", "/llms-full.txt").kind is StartKind.TEXT
