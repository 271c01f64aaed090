"""Sites that scripts draw, and whose Markdown is there to be read: docsify, twins of pages, llms.txt."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from sitebookify.book.crawl.landing_reader import docsify_of
from sitebookify.book.crawl.markdown_site import Docsify, MarkdownSite, contents_of, drawn_contents, twins_of
from sitebookify.book.crawl.plain_text import html_of
from sitebookify.book.html.parser import parse
from sitebookify.book.objects import read
from sitebookify.book.preview.estimate import PreviewOrder, SiteKind
from sitebookify.book.preview.look import preview
from sitebookify.egress import Egress
from sitebookify.errors import TooComplex
from sitebookify.spec import BookScope, JobSpec
from support.bench import FakeBench, run_stage
from support.crawling import quickly
from support.site import Answer, Pages, Site

T = TypeVar("T")

ROOT = "https://example.org/manual/"
SHELL = "<html><head><title>Kites</title></head><body><div id='app'></div><script src='/a.js'></script></body></html>"
DOCSIFY = """<html><head><title>Kites</title></head><body><div id="app">Please wait...</div>
<script>window.$docsify = { name: 'The Kite Book', loadSidebar: 'menu.md', subMaxLevel: 2 }</script>
<script src="//cdn.example/npm/docsify@4/lib/docsify.min.js"></script></body></html>"""
SIDEBAR = "- Making\n  - [Frame](/frame)\n  - [Sail](sail.md)\n- [Flying](flying/)\n- [Wind](flying/wind)\n"


def markdown(title: str, *links: str) -> Answer:
    text = " ".join(f"[{link}]({link})" for link in links)
    body = f"# {title}\n\nThis page says of {title} what no other page of the site has to say. {text}\n"
    return Answer(body=body, content_type="text/markdown; charset=utf-8")


class ShortOfTime(FakeBench):
    """A bench on which nothing can be read that names a site's pages."""

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        if function is contents_of:
            raise TooComplex("it took more than 20 s of CPU time")
        return await super().compute(function, *args)


async def crawled(
    pages: Pages,
    egress: Egress,
    start: str = "/",
    *,
    stop_after: int | None = None,
    kind: type[FakeBench] = FakeBench,
    **spec: Any,
) -> tuple[list[str], dict[str, str], str]:
    """The pages' paths, the other names of pages, and the HTML of the first."""
    with Site({"*": Answer(status=404), **pages}) as site:
        bench = kind(spec=JobSpec(source_url=site.url(start), request_delay=0, **spec), stop_after=stop_after)
        bench.egress = egress
        output = (await run_stage(quickly, bench)).output
        origin = site.url("")
        names = {url.removeprefix(origin): page.removeprefix(origin) for url, page in output["aliases"].items()}
        if "scope" not in spec:  # the summary says where a site's text comes from
            assert output["scope"][-1]["id"] == "preview.note.markdown"
        first = gzip.decompress(read(bench.store, output["pages"][0]["blob"])).decode()
        return [page["url"].removeprefix(origin) for page in output["pages"]], names, first.replace(origin, "")


KITES: Pages = {
    "/": DOCSIFY,
    "/README.md": markdown("Kites", "#/frame?id=wood", "https://elsewhere.example/"),
    "/menu.md": Answer(body=SIDEBAR, content_type="text/plain"),
    "/frame.md": markdown("Frame"),
    "/sail.md": markdown("Sail", "/flying/wind"),
    "/flying/README.md": markdown("Flying"),
    "/flying/wind.md": markdown("Wind"),
}


@pytest.mark.parametrize("stop_after", [None, 1])
async def test_a_docsify_site_is_read_from_its_markdown(egress: Egress, stop_after: int | None) -> None:
    pages, names, html = await crawled(KITES, egress, stop_after=stop_after)
    assert sorted(pages) == ["/README.md", "/flying/README.md", "/flying/wind.md", "/frame.md", "/sail.md"]
    assert names["/"] == "/README.md"
    assert "<nav><ul><li>Making<ul><li>" in html
    assert 'href="/frame.md#wood"' in html


TWINS: Pages = {
    "*": SHELL,  # as sites of scripts answer everything, robots.txt too
    "/robots.txt": Answer(status=404),
    "/sitemap.xml": Answer(body="<urlset><url><loc>/docs/reel</loc></url></urlset>", content_type="application/xml"),
    "/docs/intro.md": markdown("Intro", "/docs/line", "/docs/reel"),
    "/docs/line.md": markdown("Line"),
    "/docs/reel.md": markdown("Reel"),
}


async def test_a_page_that_scripts_draw_is_read_from_the_markdown_beside_it(egress: Egress) -> None:
    pages, names, _ = await crawled(TWINS, egress, "/docs/intro")
    assert pages[0] == "/docs/intro"
    assert {name.removesuffix(".md") for name in pages} == {"/docs/intro", "/docs/line", "/docs/reel"}
    assert len(pages) == 3
    assert names["/docs/intro.md"] == "/docs/intro"


async def test_a_twin_that_the_page_names_needs_no_guess(egress: Egress) -> None:
    link = "<link rel='alternate' type='text/markdown' href='/raw/1.txt'>"
    shell = SHELL.replace("<title>", link + "<title>")
    raw = Answer(body="# One\n\nThe text.", content_type="text/plain")
    pages, names, html = await crawled({"/one": shell, "/raw/1.txt": raw}, egress, "/one", scope=BookScope.PAGE)
    assert (pages, names["/raw/1.txt"]) == (["/one"], "/one")
    assert "<title>One</title>" in html
    assert '<base href="/raw/1.txt">' in html


async def test_a_site_without_twins_is_read_from_its_list_for_language_models(egress: Egress) -> None:
    listed = "# Kites\n\n## Guide\n\n- [Tail](/text/tail.md): how long\n- [Knot](/text/knot.md)\n"
    content: Pages = {
        "*": SHELL,
        "/robots.txt": Answer(status=404),
        "/llms.txt": Answer(body=listed, content_type="text/plain"),
        "/text/tail.md": markdown("Tail"),
        "/text/knot.md": markdown("Knot"),
    }
    pages, _, html = await crawled(content, egress)
    assert pages == ["/text/tail.md", "/text/knot.md"]
    assert "<li>Guide<ul>" in html
    full = Answer(body="# All\n\nText.", content_type="text/plain")
    whole: Pages = {**content, "/llms.txt": SHELL, "/llms-full.txt": full}
    assert (await crawled(whole, egress))[0] == ["/llms-full.txt"]
    unreadable: Pages = {**content, "/llms-full.txt": full}
    assert (await crawled(unreadable, egress, kind=ShortOfTime))[0] == ["/llms-full.txt"]


async def test_a_sidebar_that_takes_too_long_ends_no_job(egress: Egress) -> None:
    pages, _, html = await crawled(KITES, egress, kind=ShortOfTime)
    assert pages == ["/README.md", "/frame.md"]
    assert "<nav>" not in html


async def test_a_preview_says_where_the_text_comes_from(egress: Egress) -> None:
    with Site({"*": Answer(status=404), **KITES}) as site:
        found = await preview(egress, PreviewOrder(url=site.url("/")))
    assert found.kind is SiteKind.DOCUMENTATION
    assert (found.title, found.generator) == ("The Kite Book", "docsify")
    assert [title for _, title, _ in found.contents] == ["Making", "Frame", "Sail", "Flying", "Wind"]
    assert found.estimated_pages == 5
    assert "preview.note.markdown" in [note.id for note in found.notes]
    with Site(TWINS) as site:
        found = await preview(egress, PreviewOrder(url=site.url("/docs/intro")))
    assert (found.estimated_pages, found.title) == (3, "Kites")
    assert found.total_characters > 100


def test_settings_of_docsify_are_read_from_its_script() -> None:
    script = "window.$docsify = {homepage: 'start.md', basePath: 'text', relativePath: true, loadSidebar: true}"
    found = docsify_of(parse(f"<body><script>{script}</script>"), ROOT + "index.html")
    assert found == Docsify(root=ROOT + "text/", home="start.md", sidebar="_sidebar.md", relative=True)
    assert docsify_of(parse("<script src='/lib/docsify.js'></script>"), ROOT) == Docsify(root=ROOT)
    assert docsify_of(parse("<script src='/lib/app.js'></script><p>docsify"), ROOT) is None


@pytest.mark.parametrize(
    ("reference", "source"),
    [
        ("/", "README.md"),
        ("#/", "README.md"),
        ("a/b", "a/b.md"),
        ("/a/b.md", "a/b.md"),
        ("#/a/?id=x", "a/README.md"),
        ("a/", "a/README.md"),
        ("#part", ""),
        ("https://example.org/x", ""),
        ("mailto:a@example.org", ""),
        ("/files/a.zip", ""),
    ],
)
def test_links_of_docsify_begin_at_its_root(reference: str, source: str) -> None:
    found = Docsify(root=ROOT).source(reference, ROOT + "deep/page.md")
    assert found.removeprefix(ROOT) == source


def test_links_may_be_relative_to_their_page() -> None:
    settings = Docsify(root=ROOT, relative=True)
    assert settings.source("next", ROOT + "deep/page.md") == ROOT + "deep/next.md"
    assert settings.source("/next", ROOT + "deep/page.md") == ROOT + "next.md"


def test_notes_of_docsify_are_boxes_and_ignored_links_stay() -> None:
    site = MarkdownSite(docsify=Docsify(root=ROOT))
    html = html_of(
        "# A\n\n!> Mind *this*.\n\n?> A hint.\n\n[raw](data ':ignore') and `!> code`", ROOT + "a.md", "", site
    )
    assert '<p class="admonition warning">Mind <em>this</em>.</p>' in html
    assert '<p class="admonition tip">A hint.</p>' in html
    assert 'href="data"' in html
    assert "<code>!&gt; code</code>" in html


def test_contents_are_the_lists_with_the_headings_above_them() -> None:
    text = (
        '# Site\n\nSee [us](/us).\n\n## First\n\n- [A](/a)\n  - B\n    - [C `x`](c.md "t")\n\n## Second\n\n1. [D](/d)\n'
    )
    found = contents_of(text, ROOT)
    origin = "https://example.org"
    assert found == (
        ("", "First", 0),
        (f"{origin}/a", "A", 1),
        ("", "B", 2),
        (f"{ROOT}c.md", "C x", 3),
        ("", "Second", 0),
        (f"{origin}/d", "D", 1),
    )
    html = drawn_contents(found)
    assert html.count("<ul>") == html.count("</ul>") == 5
    assert html.count("<li>") == html.count("</li>") == 6
    assert drawn_contents(()) == ""


def test_twins_are_beside_their_pages() -> None:
    assert twins_of("https://a.example/x/y?z=1")[0] == "https://a.example/x/y.md"
    assert twins_of("https://a.example/x/y.html")[:2] == ["https://a.example/x/y.md", "https://a.example/x/y.html.md"]
    assert twins_of("https://a.example/x/")[:2] == ["https://a.example/x/index.md", "https://a.example/x.md"]
    assert all("/.md" not in url for url in twins_of("https://a.example/"))
