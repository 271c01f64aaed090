"""The crawl stage against sites that are tables of answers."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sitebookify.book.objects import read, unpack
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress import Egress
from sitebookify.errors import PermanentError
from sitebookify.jobs import Progress, Stage
from sitebookify.spec import BookScope, Engine, JobSpec
from support.bench import FakeBench, run_stage
from support.crawling import quickly
from support.site import Answer, Hit, Page, Pages, Site, redirect

Crawl = Callable[..., Any]


def page(title: str, *links: str, head: str = "", text: str = "") -> str:
    """A page of text of its own, with links."""
    words = text or f"This is the page about {title}, and nothing else is about {title}."
    anchors = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{words}</p>{anchors}</body></html>"


class Result:
    """What a crawl left, with the site's origin taken out of the URLs."""

    def __init__(self, done: Done, bench: FakeBench, site: Site) -> None:
        origin = site.url("")
        self.output = json.loads(json.dumps(done.output).replace(origin, ""))
        for item in self.output["pages"]:
            item["blob"] = read(bench.store, item["blob"])  # where it is stored depends on the attempt
        self.pages = [item["url"] for item in self.output["pages"]]
        self.depths = {item["url"]: item["depth"] for item in self.output["pages"]}
        self.aliases = self.output["aliases"]
        lines = gzip.decompress(read(bench.store, self.output["tried"])).decode().replace(origin, "").splitlines()
        failed = json.loads(json.dumps([each.to_json() for each in bench.failures]).replace(origin, ""))
        self.rows = [*(json.loads(line) for line in lines), *({**row, "decision": "failed"} for row in failed)]
        self.bench = bench
        self.paths = site.paths

    def html(self, url: str) -> str:
        packed = next(item["blob"] for item in self.output["pages"] if item["url"] == url)
        return gzip.decompress(packed).decode()

    def why(self, url: str) -> tuple[str, str]:
        row = next(row for row in self.rows if row["url"] == url)
        return row["decision"], row["reason"]


async def crawled(
    pages: Pages, egress: Egress, start: str = "/", *, stop_after: int | None = None, **spec: Any
) -> Result:
    with Site(pages) as site:
        bench = FakeBench(spec=JobSpec(source_url=site.url(start), request_delay=0, **spec), stop_after=stop_after)
        bench.egress = egress
        return Result(await run_stage(quickly, bench), bench, site)


async def failure(pages: Pages, egress: Egress, start: str = "/", **spec: Any) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        await crawled(pages, egress, start, **spec)
    return caught.value


async def test_pages_come_breadth_first_in_the_order_of_links(egress: Egress) -> None:
    result = await crawled(
        {"/": page("Home", "/b", "/a"), "/b": page("B", "/c"), "/a": page("A", "/d"), "/c": page("C"), "/d": page("D")},
        egress,
    )
    assert result.pages == ["/", "/b", "/a", "/c", "/d"]
    assert result.depths == {"/": 0, "/b": 1, "/a": 1, "/c": 2, "/d": 2}
    assert all(row["decision"] == "kept" for row in result.rows)
    assert result.bench.book_title == "Home"


async def test_the_html_is_stored_as_utf_8(egress: Egress) -> None:
    body = "<title>é</title><p>Ça coûte 5 €".encode("windows-1252")
    result = await crawled({"/": Answer(body=body, content_type="text/html; charset=windows-1252")}, egress)
    assert result.html("/") == "<title>é</title><p>Ça coûte 5 €"
    assert result.output["pages"][0]["encoding"] == "windows-1252"


async def test_only_what_is_under_the_start_path_is_fetched(egress: Egress) -> None:
    content: Pages = {
        "/docs/intro.html": page("Intro", "/docs/a", "/blog/b", "http://elsewhere.test/docs/"),
        "/docs/a": page("A"),
        "/blog/b": page("B"),
    }
    result = await crawled(content, egress, "/docs/intro.html")
    assert result.pages == ["/docs/intro.html", "/docs/a"]
    assert "/blog/b" not in result.paths


async def test_patterns_choose_pages(egress: Egress) -> None:
    content: Pages = {"/": page("Home", "/docs/a", "/docs/old/b", "/c"), "*": lambda hit: page(hit.path)}
    result = await crawled(content, egress, include=("/", "/docs/**"), exclude=("**/old/*",))
    assert result.pages == ["/", "/docs/a"]
    assert result.output["unused"] == []


async def test_a_pattern_that_names_another_directory_brings_it_in(egress: Egress) -> None:
    content: Pages = {
        "/docs/": page("Home", "a", "/extra/b", "/other/c"),
        "/docs/a": page("A"),
        "/extra/b": page("B"),
        "/other/c": page("C"),
    }
    result = await crawled(content, egress, "/docs/", include=("/docs/**", "/extra/**", "/nowhere/**"), exclude=("*x",))
    assert result.pages == ["/docs/", "/docs/a", "/extra/b"]
    assert result.output["unused"] == ["*x", "/nowhere/**"]


async def test_a_pattern_without_a_directory_chooses_within_the_scope(egress: Egress) -> None:
    content: Pages = {"/docs/": page("Home", "a.html", "b.txt", "/c.html"), "/docs/a.html": page("A")}
    result = await crawled(content, egress, "/docs/", include=("**/*.html", "/**.html"))
    assert result.pages == ["/docs/", "/docs/a.html"]
    assert "/c.html" not in result.paths


async def test_what_a_start_page_stands_for_survives_every_pause(egress: Egress) -> None:
    menu = "".join(f'<li><a href="/{folder}/{n}.html">{folder} {n}</a></li>' for folder in ("a", "b") for n in range(3))
    content: Pages = {
        f"/{folder}/{name}.html": page(f"{folder} {name}").replace("<body>", f"<body><nav><ul>{menu}</ul></nav>")
        for folder in ("a", "b")
        for name in ("index", 0, 1, 2)
    }
    whole = await crawled(content, egress, "/a/index.html", include=("/**",), exclude=("/nothing",))
    paused = await crawled(content, egress, "/a/index.html", include=("/**",), exclude=("/nothing",), stop_after=1)
    assert sorted(whole.pages) == sorted(path for path in content if path != "/b/index.html")
    assert {**paused.output, "tried": ""} == {**whole.output, "tried": ""}
    fetched = Counter(whole.paths)
    assert [path for path in whole.pages if fetched[path] != 1] == []
    assert whole.output["unused"] == ["/nothing"]
    assert "/a/, /b/" in whole.output["scope"][0]["text"]


async def test_the_menu_of_a_home_page_that_leads_to_its_language_is_the_sites(egress: Egress) -> None:
    """Beside the sidebar in one box, as a page of the documentation has it."""

    def menu(*paths: str) -> str:
        return "<ul>" + "".join(f'<li><a href="{path}">{path}</a></li>' for path in paths) + "</ul>"

    site = menu("/en/", "/en/shop", "/en/news", "/en/guide/a")
    named = ["/en/guide/a", "/en/guide/b", "/en/api/a", "/en/api/b"]
    content: Pages = {
        "/": redirect("/en/"),
        **{path: page(path).replace("<body>", f"<body><nav>{site}{menu(*named)}</nav>") for path in named},
        **{path: page(path).replace("<body>", f"<body><nav>{site}</nav>") for path in ("/en/", "/en/shop", "/en/news")},
    }
    result = await crawled(content, egress, "/en/guide/a")
    assert result.pages == named


async def test_several_starts_are_parts_and_the_missing_ones_are_reported(egress: Egress) -> None:
    content: Pages = {
        "/one/": page("One", "a"),
        "/one/a": page("A", "/two/b"),
        "/two/": page("Two", "b"),
        "/two/b": page("B", "/three/"),
        "/three/": page("Three"),
    }
    with Site(content) as site:
        further = tuple(map(site.url, ("/two/", "/gone/", "/one/")))
        bench = FakeBench(spec=JobSpec(source_url=site.url("/one/"), source_urls=further, request_delay=0))
        bench.egress = egress
        result = Result(await run_stage(quickly, bench), bench, site)
    assert {page["url"]: page["part"] for page in result.output["pages"]} == {
        "/one/": 0,
        "/one/a": 0,
        "/two/": 1,
        "/two/b": 1,
    }
    assert result.why("/gone/") == ("failed", "START_PAGE_NOT_FOUND")


LISTED: Pages = {
    "/feed": Answer(
        body="<rss><channel><item><link>/posts/b</link></item><item><link>/posts/a</link></item></channel></rss>",
        content_type="application/rss+xml",
    ),
    "/maps": Answer(
        body="<sitemapindex><sitemap><loc>/map</loc></sitemap></sitemapindex>", content_type="application/xml"
    ),
    "/map": Answer(
        body="<urlset><url><loc>/posts/b</loc></url><url><loc>/posts/a</loc></url></urlset>",
        content_type="application/xml",
    ),
    "/llms.txt": Answer(body="# Posts\n\n- [B](/posts/b)\n- [A](/posts/a)\n", content_type="text/plain"),
    "/posts/a": page("A", "/posts/c"),
    "/posts/b": page("B"),
    "/posts/c": page("C"),
}


@pytest.mark.parametrize(("start", "title"), [("/feed", ""), ("/maps", ""), ("/map", ""), ("/llms.txt", "Posts")])
async def test_a_start_that_names_pages_gives_a_book_of_those(egress: Egress, start: str, title: str) -> None:
    result = await crawled(LISTED, egress, start)
    assert result.output["title"] == title
    assert result.pages == ["/posts/b", "/posts/a"]
    assert result.output["scope"][0]["text"] == "the 2 pages that the list names"


async def test_a_start_in_markdown_gives_a_book_of_markdown(egress: Egress) -> None:
    def text(title: str, links: str = "") -> Answer:
        return Answer(body=f"# {title}\n\nAll about {title}. {links}\n", content_type="text/markdown; charset=utf-8")

    content: Pages = {
        "/g/README.md": text("Guide", "[b](b.md) [c](c.html)"),
        "/g/b.md": text("B"),
        "/g/c.html": page("C"),
    }
    result = await crawled(content, egress, "/g/README.md")
    assert result.pages == ["/g/README.md", "/g/b.md", "/g/c.html"]
    assert "<h1>Guide</h1>" in result.html("/g/README.md")
    paused = await crawled(content, egress, "/g/README.md", stop_after=1)
    assert paused.pages == result.pages


async def test_the_sources_of_web_pages_are_no_pages(egress: Egress) -> None:
    content: Pages = {"/": page("Home", "/a.md"), "/a.md": Answer(body="# A", content_type="text/markdown")}
    result = await crawled(content, egress)
    assert result.pages == ["/"]
    assert result.why("/a.md") == ("skipped", "NOT_HTML")


@pytest.mark.parametrize(
    ("content_type", "words"),
    [("application/pdf", "a PDF file"), ("image/webp", "an image"), ("application/x-y", "a file of another kind")],
)
async def test_a_start_that_is_no_page_is_told_by_name(egress: Egress, content_type: str, words: str) -> None:
    error = await failure({"/": Answer(body="\1\2\3", content_type=content_type)}, egress)
    assert words in str(error)
    assert error.reason == "START_PAGE_NOT_HTML"


async def test_a_redirected_start_moves_the_borders(egress: Egress) -> None:
    content: Pages = {
        "/": redirect("/en/latest/index.html"),
        "/en/latest/index.html": page("Home", "/en/latest/a", "/en/stable/b"),
        "/en/latest/a": page("A"),
        "/en/stable/b": page("B"),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/en/latest/index.html", "/en/latest/a"]
    assert result.aliases == {"/": "/en/latest/index.html"}


async def test_a_meta_refresh_is_a_redirect(egress: Egress) -> None:
    content: Pages = {
        "/": '<meta http-equiv="refresh" content="0; url=book/">',
        "/book/": page("Book", "a"),
        "/book/a": page("A"),
    }
    assert (await crawled(content, egress)).pages == ["/book/", "/book/a"]


async def test_a_refresh_header_leads_to_the_page(egress: Egress) -> None:
    old = Answer(body=page("Old"), headers={"Refresh": "1; url=/new"})
    content: Pages = {"/": page("Home", "/old"), "/old": old, "/new": page("New")}
    result = await crawled(content, egress)
    assert result.pages == ["/", "/new"]
    assert result.aliases == {"/old": "/new"}


async def test_a_redirected_page_is_kept_once_under_its_last_url(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/old", "/new", "/older", "/away"),
        "/old": redirect("/new"),
        "/older": redirect("/old"),
        "/away": redirect("http://127.0.0.1:1/"),
        "/new": page("New"),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/new"]
    assert result.aliases == {"/old": "/new", "/older": "/new"}
    assert result.why("/away") == ("skipped", "OUT_OF_SCOPE")
    assert result.paths.count("/new") == 1


async def test_a_redirect_to_a_slash_is_the_page_itself(egress: Egress) -> None:
    result = await crawled({"/": page("Home", "/a"), "/a": redirect("/a/", 301), "/a/": page("A", "b")}, egress)
    assert result.pages == ["/", "/a/"]
    assert result.aliases == {"/a": "/a/"}


async def test_one_page_under_many_urls_is_printed_once(egress: Egress) -> None:
    home = page("Home", "/index.html", "/?utm_source=x", "/#top", "/a?b=1&c=2", "/a?c=2&b=1", "/copy")
    result = await crawled({"/": home, "/a": page("A"), "/copy": page("A")}, egress)
    assert result.pages == ["/", "/a?b=1&c=2"]
    assert result.why("/copy") == ("duplicate", "SAME_CONTENT")
    assert result.aliases["/copy"] == "/a?b=1&c=2"


async def test_a_canonical_link_without_the_query_spares_a_fetch(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/a?view=1"),
        "/a": page("A", head='<link rel="canonical" href="/a">'),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/a?view=1"]
    assert result.aliases == {"/a": "/a?view=1"}
    assert "/a" not in result.paths


async def test_copies_of_pages_under_other_numbers_are_versions(egress: Egress) -> None:
    """Three pages of one text each: the rest of the older version is left out, too."""
    topics = ("wind", "sails", "ropes", "knots")
    links = [f"/{number}/{topic}" for number in (10, 11) for topic in topics]
    content: dict[str, Page] = {link: page(link.rpartition("/")[2]) for link in links}
    content["/10/knots"] = page("Knots as they were")
    result = await crawled({"/": page("Home", *links), **content}, egress, concurrency=1)
    assert result.why("/10/knots") == ("skipped", "OTHER_VERSION")
    assert set(result.pages) == {"/", *(f"/11/{topic}" for topic in topics)}


async def test_a_site_whose_pages_all_claim_to_be_the_home_page_is_not_lost(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/a", "/b"),
        "*": lambda hit: page(hit.path, head='<link rel="canonical" href="/">'),
    }
    assert (await crawled(content, egress)).pages == ["/", "/a", "/b"]


async def test_another_spelling_is_tried_where_one_is_missing(egress: Egress) -> None:
    content: Pages = {"/": page("Home", "/a/", "/a/index.html"), "/a/index.html": page("A")}
    result = await crawled(content, egress)
    assert result.pages == ["/", "/a/index.html"]
    assert result.why("/a/") == ("failed", "HTTP_STATUS")


@pytest.mark.parametrize("stop_after", [None, 2], ids=["from memory", "read again, in slices"])
async def test_a_page_that_repeats_the_others_is_left_out(egress: Egress, stop_after: int | None) -> None:
    bodies = {f"/{n}": "".join(f"<p>Sentence {i} about topic {n}.</p>" for i in range(20)) for n in range(5)}
    content: dict[str, Page] = {path: page(path, text=body) for path, body in bodies.items()}
    content["/"] = page("Home", *bodies, "/print.html")
    content["/print.html"] = page("Print", text="".join(bodies.values()))
    result = await crawled(content, egress, stop_after=stop_after)
    assert result.pages == ["/", *bodies]
    assert result.why("/print.html") == ("duplicate", "REPEATS_PAGES")


async def test_a_start_that_repeats_its_chapters_gives_way_to_them(egress: Egress) -> None:
    bodies = {f"/{n}": "".join(f"<p>Sentence {i} about topic {n}.</p>" for i in range(20)) for n in range(5)}
    content: dict[str, Page] = {path: page(path, text=body) for path, body in bodies.items()}
    content["/all.html"] = page("All", *bodies, text="".join(bodies.values()))
    result = await crawled(content, egress, "/all.html")
    assert result.pages == [*bodies]
    assert result.why("/all.html") == ("duplicate", "REPEATS_PAGES")


async def test_what_is_no_page_is_reported(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/gone", "/error", "/a.pdf", "/binary", "/empty", "/big", "/loop", "/ok"),
        "/gone": Answer(status=410),
        "/error": Answer(status=500),
        "/a.pdf": Answer(body="%PDF", content_type="application/pdf"),
        "/binary": Answer(body=b"\x00\x01\x02"),
        "/empty": " ",
        "/big": "x" * 9_000_000,
        "/loop": redirect("/loop?x"),
        "/loop?x": redirect("/loop"),
        "/ok": page("OK"),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/ok"]
    assert [result.why(f"/{name}") for name in ("gone", "error", "a.pdf", "binary", "empty", "big", "loop")] == [
        ("failed", "HTTP_STATUS"),
        ("failed", "HTTP_STATUS"),
        ("skipped", "NOT_HTML"),
        ("skipped", "NOT_HTML"),
        ("skipped", "EMPTY"),
        ("failed", "TOO_LARGE"),
        ("failed", "TOO_MANY_REDIRECTS"),
    ]
    statuses = {row["url"]: row["status"] for row in result.rows}
    assert [statuses[url] for url in ("/", "/gone", "/error", "/a.pdf", "/big")] == [200, 410, 500, 200, None]


async def test_a_page_for_what_does_not_exist_is_recognised(egress: Egress) -> None:
    missing = page("Oops", text="Sorry, we could not find what you asked for.")
    content: Pages = {"/": page("Home", "/a", "/broken"), "/a": page("A"), "*": missing}
    result = await crawled(content, egress)
    assert result.pages == ["/", "/a"]
    assert result.why("/broken") == ("failed", "SOFT_404")


async def test_max_pages_counts_pages_kept(egress: Egress) -> None:
    links = [f"/{n}" for n in range(20)]
    content: dict[str, Any] = {link: page(link) if n % 2 else Answer(status=404) for n, link in enumerate(links)}
    content["/"] = page("Home", *links)
    result = await crawled(content, egress, max_pages=5)
    assert result.pages == ["/", "/1", "/3", "/5", "/7"]
    assert result.why("/19") == ("skipped", "MAX_PAGES")
    assert "/19" not in result.paths


async def test_a_chain_of_next_pages_is_followed_to_its_end(egress: Egress) -> None:
    content: Pages = {
        f"/{number}": page(f"part {number}", text=f"Part {number} says {number}. <a href='/{number + 1}'>Next</a>")
        for number in range(12)
    }
    aside = page("aside", "/deeper")
    content = {**content, "/3": page("part 3", "/aside", text="Part 3. <a href='/4'>Next</a>"), "/aside": aside}
    result = await crawled({**content, "/deeper": page("deeper")}, egress, "/0", max_depth=4)
    assert {f"/{number}" for number in range(12)} | {"/aside"} == {*result.pages}


async def test_max_depth_counts_links(egress: Egress) -> None:
    content: Pages = {"*": lambda hit: page(hit.path, f"{hit.path}x")}
    assert (await crawled(content, egress, "/x", max_depth=2)).pages == ["/x", "/xx", "/xxx"]
    assert (await crawled(content, egress, "/x", max_depth=0)).pages == ["/x"]


async def test_robots_are_obeyed(egress: Egress) -> None:
    content: Pages = {
        "/robots.txt": "User-agent: *\nDisallow: /private\n",
        "/": page("Home", "/private/a", "/jump", "/b"),
        "/jump": redirect("/private/c"),
        "*": lambda hit: page(hit.path),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/b"]
    assert result.why("/private/a") == result.why("/jump") == ("skipped", "ROBOTS_DISALLOWED")
    assert not [path for path in result.paths if path.startswith("/private")]


async def test_robots_are_ignored_where_the_job_says_so(egress: Egress) -> None:
    content: Pages = {"/robots.txt": "User-agent: *\nDisallow: /\n", "/": page("Home")}
    assert (await crawled(content, egress, ignore_robots=True)).pages == ["/"]


async def test_sitemaps_and_feeds_name_what_no_link_leads_to(egress: Egress) -> None:
    entries = "".join(f"<url><loc>{place}</loc></url>" for place in ("/hidden", "/a", "//elsewhere.test/"))
    feed = '<link rel="alternate" type="application/atom+xml" href="/feed">'
    content: Pages = {
        "/robots.txt": "Sitemap: /map.xml",
        "/": page("Home", "/a", head=feed),
        "/map.xml": f"<urlset>{entries}</urlset>",
        "/feed": '<feed><entry><link href="/post"/></entry></feed>',
        "*": lambda hit: page(hit.path),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/a", "/hidden", "/post"]
    assert result.depths["/hidden"] == 1


async def test_a_sitemap_that_robots_txt_announces_and_is_gone_is_looked_for_at_the_usual_place(egress: Egress) -> None:
    content: Pages = {
        "/robots.txt": "Sitemap: /old/sitemap.xml.gz",
        "/": page("Home"),
        "/sitemap.xml": "<urlset><url><loc>/hidden</loc></url></urlset>",
        "/hidden": page("Hidden"),
    }
    assert (await crawled(content, egress)).pages == ["/", "/hidden"]


async def test_a_sitemap_index_of_very_many_files_is_read_whole(egress: Egress) -> None:
    """Each is a list that begins with a byte order mark."""

    def listed(hit: Hit) -> Answer:
        page = hit.path.replace("/map", "/p").removesuffix(".txt")
        text = f"http://{hit.headers['Host']}{page}\r\n"
        return Answer(body=b"\xef\xbb\xbf" + text.encode(), content_type="text/plain")

    index = "".join(f"<sitemap><loc>/map{n}.txt</loc></sitemap>" for n in range(70))
    content: Pages = {
        "/": page("Home"),
        "/sitemap.xml": f"<sitemapindex>{index}</sitemapindex>",
        **{f"/map{n}.txt": listed for n in range(70)},
        **{f"/p{n}": page(f"P{n}") for n in range(70)},
    }
    assert (await crawled(content, egress)).pages == ["/", *(f"/p{n}" for n in range(70))]


async def test_a_slice_that_ends_while_sitemaps_are_read_begins_them_again(egress: Egress) -> None:
    """The first slice has to end while a sitemap does not answer; it does not wait for it."""
    asked: list[Hit] = []

    def sitemap(hit: Hit) -> Answer:
        asked.append(hit)
        slow = 60 if len(asked) == 1 else 0
        return Answer(body="<urlset><url><loc>/hidden</loc></url></urlset>", pause=slow)

    class Hurried(FakeBench):
        @property
        def stopping(self) -> bool:
            return len(asked) == 1

    content: Pages = {"/robots.txt": "Sitemap: /map.xml", "/": page("Home"), "/map.xml": sitemap, "/hidden": page("H")}
    with Site(content) as site:
        bench = Hurried(spec=JobSpec(source_url=site.url("/"), request_delay=0))
        bench.egress = egress
        paused = await quickly(bench, None)
        assert isinstance(paused, Paused)
        assert not paused.state["seeded"]
        asked.append(asked[0])
        done = await quickly(bench, paused.state)
    assert isinstance(done, Done)
    assert [item["url"] for item in done.output["pages"]] == [site.url("/"), site.url("/hidden")]


async def test_traps_end_and_are_named(egress: Egress) -> None:
    def calendar(hit: Hit) -> str:
        month = int(hit.path.partition("=")[2] or 0)
        return page(hit.path, f"/calendar?month={month + 1}", f"{hit.path.partition('?')[0]}/x/y")

    result = await crawled({"*": calendar}, egress, "/", max_depth=100_000, max_pages=2000)
    reasons = {row["reason"] for row in result.rows}
    assert {"TRAP_CALENDAR", "TRAP_REPEATING_PATH"} <= reasons
    assert len(result.pages) < 1000


def wild_site(seed: int) -> Pages:
    """A site of a hundred pages with redirects, copies, dead links and answers that take different times."""
    chance = random.Random(seed)

    def answer(n: int) -> Answer:
        links = [f"/{chance.randrange(130)}" for _ in range(8)]
        kind = chance.random()
        pause = chance.random() * 0.01
        if kind < 0.1:
            return replace(redirect(links[0]), pause=pause)
        if kind < 0.15:
            return Answer(status=404, pause=pause)
        title = str(n - n % 7) if kind < 0.3 else str(n)
        return Answer(body=page(f"Page {title}", *links), pause=pause)

    return {"/": page("Home", "/1", "/2", "/3", "/4", "/5"), **{f"/{n}": answer(n) for n in range(1, 100)}}


@pytest.mark.parametrize("seed", range(2))
async def test_slices_and_speed_make_no_difference(egress: Egress, seed: int) -> None:
    """However a crawl is cut, and in whatever order answers come, pages, names and report are the same."""
    site = wild_site(seed)
    whole = await crawled(site, egress, max_pages=60, concurrency=1)
    for concurrency, stop_after in ((8, None), (8, 1), (3, 7)):
        other = await crawled(site, egress, max_pages=60, concurrency=concurrency, stop_after=stop_after)
        assert other.output["pages"] == whole.output["pages"]
        assert other.aliases == whole.aliases
        assert other.rows == whole.rows


async def test_a_kept_page_is_not_fetched_again_after_a_pause(egress: Egress) -> None:
    content: Pages = {"/": page("Home", *(f"/{n}" for n in range(20))), "*": lambda hit: page(hit.path)}
    result = await crawled(content, egress, stop_after=3, concurrency=1)
    assert len(result.pages) == 21
    assert result.paths.count("/0") == 1


@pytest.mark.parametrize("stop_after", [None, 3])
async def test_progress_grows_and_stays_in_its_share(egress: Egress, stop_after: int | None) -> None:
    content: Pages = {"/": page("Home", "/0"), "*": lambda hit: page(hit.path, *(f"/{n}" for n in range(20)))}
    reported = (await crawled(content, egress, stop_after=stop_after)).bench.reported
    percents = [progress.percent for progress in reported]
    assert percents == sorted(percents)
    assert 0 <= percents[-1] <= 40
    assert {progress.stage for progress in reported} == {Stage.CRAWL}
    assert reported[-1].pages_fetched == 21


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=404), "START_PAGE_NOT_FOUND"),
        (Answer(status=410), "START_PAGE_NOT_FOUND"),
        (Answer(status=403), "START_PAGE_UNREACHABLE"),
        (Answer(body="%PDF", content_type="application/pdf"), "START_PAGE_NOT_HTML"),
        (Answer(body=""), "START_PAGE_NOT_HTML"),
        (redirect("/"), "START_PAGE_UNREACHABLE"),
        (redirect("ftp://example.org/"), "BAD_URL"),
        (redirect("/" + "a" * 3000), "START_PAGE_UNREACHABLE"),
    ],
)
async def test_without_a_start_page_there_is_no_book(egress: Egress, answer: Answer, reason: str) -> None:
    error = await failure({"/": answer}, egress)
    assert error.reason == reason
    assert "start page" in str(error)


@pytest.mark.parametrize(
    ("html", "headers", "reason"),
    [
        ("<title>Just a moment...</title><script>turn()</script>", {}, "BLOCKED"),
        ("<h1>人間であることを確認しています</h1><form class=captcha-box></form>", {}, "BLOCKED"),
        ("<p>One moment, please.</p>", {"cf-mitigated": "challenge"}, "BLOCKED"),
        ("", {"x-amzn-waf-action": "captcha"}, "BLOCKED"),
        ("<h1>Members</h1><form><input name=user><input type=password></form>", {}, "NEEDS_LOGIN"),
        ("<title>503</title><p>Down for maintenance.</p><script>count()</script>", {}, "START_PAGE_UNREACHABLE"),
        ("<div id=root></div><script>draw()</script>", {}, "START_PAGE_UNREACHABLE"),
    ],
)
@pytest.mark.parametrize("status", [403, 503])
async def test_a_refusal_that_asks_for_proof_or_a_password_is_told_as_that(
    egress: Egress, status: int, html: str, headers: dict[str, str], reason: str
) -> None:
    error = await failure({"/": Answer(body=html, status=status, headers=headers)}, egress)
    assert error.reason == reason


async def test_robots_that_forbid_the_start_page_end_the_job(egress: Egress) -> None:
    error = await failure({"/robots.txt": "User-agent: *\nDisallow: /\n", "/": page("Home")}, egress)
    assert error.reason == "ROBOTS_DISALLOWED"
    assert "robots.txt" in str(error)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/", "START_PAGE_UNREACHABLE"),
        ("http://nowhere.invalid/", "START_PAGE_UNREACHABLE"),
        ("ftp://example.org/", "BAD_URL"),
    ],
)
async def test_a_server_that_is_not_there_ends_the_job(egress: Egress, url: str, reason: str) -> None:
    bench = FakeBench(spec=JobSpec(source_url=url))
    bench.egress = egress
    with pytest.raises(PermanentError) as caught:
        await quickly(bench, None)
    assert caught.value.reason == reason


async def test_a_private_address_ends_the_job_and_is_not_named() -> None:
    async with Egress(allow_private=False, user_agent="t") as strict:
        bench = FakeBench(spec=JobSpec(source_url="http://localhost/"))
        bench.egress = strict
        with pytest.raises(PermanentError) as caught:
            await quickly(bench, None)
    assert caught.value.reason == "ADDRESS_REFUSED"
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize(
    ("pages", "reason", "words"),
    [
        ({"/": Answer(status=503)}, "START_PAGE_UNREACHABLE", "answered 503). Check that the address opens"),
        ({"/": page("x"), "/robots.txt": Answer(status=500)}, "ROBOTS_UNREADABLE", "robots.txt could not be read"),
        ({"/": Answer(status=429, headers={"Retry-After": "3600"})}, "START_PAGE_UNREACHABLE", "for 60 minutes"),
        ({"/": Answer(status=401)}, "START_PAGE_UNREACHABLE", "user name and password"),
        ({"/": Answer(status=403)}, "START_PAGE_UNREACHABLE", "--user-agent"),
    ],
)
async def test_a_start_that_stays_away_is_named_with_what_may_help(
    egress: Egress, pages: Pages, reason: str, words: str
) -> None:
    error = await failure(pages, egress)
    assert error.reason == reason
    assert words in str(error)


async def test_a_long_crawl_delay_is_told_before_the_first_page_is_there(egress: Egress) -> None:
    told = threading.Event()

    class Bench(FakeBench):
        def report(self, progress: Progress) -> None:
            super().report(progress)
            told.set()

    with Site({"/robots.txt": "User-agent: *\nCrawl-delay: 30", "/": Answer(body=page("Home"), after=told)}) as site:
        bench = Bench(spec=JobSpec(source_url=site.url("/")))
        bench.egress = egress
        await run_stage(quickly, bench)
    assert str(bench.reported[0].message) == "robots.txt asks for 30 s between pages; the first ones are being read"


async def test_a_start_that_fails_for_a_while_is_waited_for(egress: Egress) -> None:
    tries: list[str] = []

    def moody(hit: Hit) -> Answer:
        tries.append(hit.path)
        return Answer(status=500) if len(tries) < 4 else Answer(body=page("Home"))

    assert (await crawled({"/": moody}, egress)).pages == ["/"]


def broken(hit: Hit) -> Answer:
    return Answer(status=503, body=hit.path)


async def test_a_broken_section_costs_its_own_pages_only(egress: Egress) -> None:
    """It lies between two good ones; its pages are tried again, and the site is not waited for."""
    good, bad, more = ([f"/{name}{n}" for n in range(size)] for name, size in (("a", 8), ("b", 60), ("c", 8)))
    content: Pages = {
        "/": page("Home", *good, *bad, *more),
        "/robots.txt": "",
        **dict.fromkeys(bad, broken),
        "*": lambda hit: page(hit.path),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", *good, *more]
    assert all(result.why(url) == ("failed", "HTTP_STATUS") for url in bad)
    assert len([path for path in result.paths if path in bad]) < 4 * len(bad)
    (incomplete,) = result.output["incomplete"]
    assert incomplete["params"] == {"count": 60}
    assert result.output["retry"]


class Moody:
    """A site of 81 pages that fails from its 20th answer on, until it is mended."""

    def __init__(self, answer: Answer) -> None:
        self.mended = False
        self._asked = 0
        self._answer = answer

    @property
    def pages(self) -> Pages:
        home = page("Home", *(f"/{n}" for n in range(80)))
        return {"/robots.txt": "", "/": lambda hit: self._reply(hit, home), "*": lambda hit: self._reply(hit, "")}

    def _reply(self, hit: Hit, body: str) -> Answer:
        self._asked += 1
        if self._asked > 20 and not self.mended:
            return self._answer
        return Answer(body=body or page(hit.path))


@pytest.mark.parametrize(
    "answer", [Answer(status=503), Answer(status=429), Answer(status=429, headers={"Retry-After": "3600"})]
)
async def test_a_site_that_fails_and_comes_back_is_had_whole(egress: Egress, answer: Answer) -> None:
    """It rests as a job does: the stage says how long, and goes on from its state."""
    site = Moody(answer)
    most = 1 if "Retry-After" in answer.headers else 3
    with Site(site.pages) as server:
        bench = FakeBench(spec=JobSpec(source_url=server.url("/"), request_delay=0))
        bench.egress = egress
        rests: list[float] = []

        async def resting(bench: Workbench, state: State | None) -> Done | Paused:
            found = await quickly(bench, state)
            if isinstance(found, Paused):
                rests.append(found.wait)
                site.mended = len(rests) == most
            return found

        result = Result(await run_stage(resting, bench), bench, server)
    assert sorted(result.pages) == sorted(["/", *(f"/{n}" for n in range(80))])
    assert len(rests) == most
    assert rests == sorted(rests)
    assert max(rests) == 3600 or "Retry-After" not in answer.headers
    assert not bench.failures
    assert any("The crawl resumes in" in str(progress.message) for progress in bench.reported)


async def test_a_site_whose_robots_txt_fails_before_its_sitemap_is_read_gets_its_rest(egress: Egress) -> None:
    """A later slice has to read robots.txt again, and may have nothing else to fetch by which failures show."""
    content: dict[str, Answer | str] = {"/": page("Home", "/a"), "/a": page("A"), "/robots.txt": ""}
    with Site(content) as server:
        bench = FakeBench(spec=JobSpec(source_url=server.url("/"), request_delay=0), stop_after=1)
        bench.egress = egress
        first = await quickly(bench, None)
        assert isinstance(first, Paused)
        content["/robots.txt"] = Answer(status=503)
        bench.next_slice()
        async with asyncio.timeout(20):
            rest = await quickly(bench, first.state)
        assert isinstance(rest, Paused)
        assert rest.wait
        content["/robots.txt"] = ""
        bench.next_slice()
        result = Result(await run_stage(quickly, bench, state=rest.state), bench, server)
    assert result.pages == ["/", "/a"]
    assert not result.output["incomplete"]


async def test_a_site_that_stays_away_makes_a_book_of_what_there_is_and_a_retry_fetches_the_rest(
    egress: Egress,
) -> None:
    site = Moody(Answer(status=429))
    every = {"/", *(f"/{n}" for n in range(80))}
    with Site(site.pages) as server:
        bench = FakeBench(spec=JobSpec(source_url=server.url("/"), request_delay=0))
        bench.egress = egress
        result = Result(await run_stage(quickly, bench), bench, server)
        missing = {row["url"] for row in result.rows if row["decision"] == "failed"}
        assert {*missing, *result.pages} == every
        assert result.output["incomplete"][0]["id"] == "job.incomplete.site_stopped"
        site.mended = True
        before = len(server.paths)
        again = await run_stage(quickly, bench, state=unpack(read(bench.store, result.output["retry"])))
        assert not bench.failures
        assert not again.output["incomplete"]
        assert {item["url"].removeprefix(server.url("")) for item in again.output["pages"]} == every
        seeds = {"/robots.txt", "/sitemap.xml", "/sitemap_index.xml"}
        assert {*server.paths[before:]} - seeds == missing


async def test_pages_beyond_the_limit_are_counted_and_named(egress: Egress) -> None:
    content: Pages = {"/": page("Home", *(f"/{n}" for n in range(9))), "*": lambda hit: page(hit.path)}
    result = await crawled(content, egress, max_pages=4)
    (incomplete,) = result.output["incomplete"]
    assert incomplete["text"].startswith("The book has 4 of about 10 pages.")
    assert [row["reason"] for row in result.rows].count("MAX_PAGES") == 6


async def test_a_page_that_fails_for_a_while_is_had(egress: Egress) -> None:
    tries: list[str] = []

    def moody(hit: Hit) -> Answer:
        tries.append(hit.path)
        return Answer(status=503, headers={"Retry-After": "1"}) if len(tries) < 3 else Answer(body=page("Moody"))

    assert (await crawled({"/": page("Home", "/moody"), "/moody": moody}, egress)).pages == ["/", "/moody"]


async def test_the_sitemap_of_a_failing_site_does_not_fail_the_book(egress: Egress) -> None:
    content: Pages = {"/": page("Home"), "/sitemap.xml": Answer(status=500)}
    assert (await crawled(content, egress)).pages == ["/"]


async def test_pages_that_ask_to_be_left_out_are_left_out_with_their_reason(egress: Egress) -> None:
    """By a meta element or a header; what they link to is followed unless they say nofollow; none takes a place."""
    tagged = Answer(body=page("Tagged", "/c"), headers={"X-Robots-Tag": "noindex, nofollow"})
    content: Pages = {
        "/": page("Home", "/list", "/tagged", "/a"),
        "/list": page("List", "/b", head='<meta name="robots" content="noindex, follow">'),
        "/tagged": tagged,
        "*": lambda hit: page(hit.path),
    }
    result = await crawled(content, egress, max_pages=3)
    assert result.pages == ["/", "/a", "/b"]
    assert result.why("/list") == result.why("/tagged") == ("skipped", "NOINDEX")


async def test_the_sites_search_is_no_chapter_and_its_links_are_followed(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/find", "/a"),
        "/find": page("Search", "/b", head='<link rel="search" href="/find">'),
        "*": lambda hit: page(hit.path),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/a", "/b"]
    assert result.why("/find") == ("skipped", "SEARCH_PAGE")


async def test_a_record_of_a_visit_keeps_what_the_answer_asked_for(egress: Egress) -> None:
    tagged = Answer(body=page("Tagged"), headers={"X-Robots-Tag": "noindex"})
    content: Pages = {"/": page("Home", "/tagged", "/a"), "/tagged": tagged, "/a": page("A")}
    result = await crawled(content, egress, stop_after=1, concurrency=4)
    assert result.pages == ["/", "/a"]


@pytest.mark.parametrize(("whole", "pages"), [(True, ["/", "/a"]), (False, ["/"])])
async def test_a_site_that_asks_to_be_left_out_as_a_whole_means_search_engines(
    egress: Egress, *, whole: bool, pages: list[str]
) -> None:
    """Single pages that ask for it (print views, forms) are left out of a book that ignores robots.txt, too."""
    head = '<meta name="robots" content="noindex">'
    content: Pages = {"/": page("Home", "/a", head=head if whole else ""), "/a": page("A", head=head)}
    for own in (True, False):
        assert (await crawled(content, egress, ignore_robots=own)).pages == pages


async def test_forms_and_histories_are_reported_and_never_fetched(egress: Egress) -> None:
    links = ("/a?action=edit", "/a?action=history", "/a")
    result = await crawled({"/": page("Home", *links), "*": lambda hit: page(hit.path)}, egress)
    assert result.pages == ["/", "/a"]
    assert result.why("/a?action=edit") == ("skipped", "EDIT_FORM")
    assert not any("action" in path for path in result.paths)


async def test_a_print_view_that_a_button_names_is_never_fetched_but_a_chapter_on_printing_is(egress: Egress) -> None:
    """MdBook's holds the whole book once more: on each site the largest page of all."""
    button = '<a href="/all" title="Print this book" aria-label="Print this book"><i class="fa fa-print"></i></a>'
    chapter = '<a href="/print" title="Print">Print</a><a href="/view" title="print view">View</a><a href="/view">x</a>'
    content: Pages = {"/": page("Home", "/a", text=button + chapter), "*": lambda hit: page(hit.path)}
    result = await crawled(content, egress)
    assert sorted(result.pages) == ["/", "/a", "/print", "/view"]
    assert result.why("/all") == ("skipped", "PRINT_VIEW")
    assert "/all" not in result.paths


@pytest.mark.parametrize(
    "label", ["Print Site", "Druckversion", "Imprimer cette page", "このページを印刷", "印刷用ページ"]
)
async def test_buttons_that_print_are_known_in_the_languages_of_most_sites(egress: Egress, label: str) -> None:
    content: Pages = {"/": page("Home", "/a", text=f'<a href="/all" title="{label}">P</a>'), "/a": page("A")}
    result = await crawled(content, egress)
    assert result.why("/all") == ("skipped", "PRINT_VIEW")


async def test_a_print_view_that_was_asked_for_is_the_book(egress: Egress) -> None:
    button = '<a href="/all" title="Print this book">P</a>'
    result = await crawled({"/all": page("All of it", text=button)}, egress, start="/all")
    assert result.pages == ["/all"]


def translated(lang: str, name: str, *links: str) -> str:
    text = f"This is {name} in the language {lang}, and no other page is {name} in {lang}."
    return page(f"{name} {lang}", *links, text=text).replace("<html>", f'<html lang="{lang}">')


async def test_old_texts_of_pages_and_lists_of_them_are_no_chapters(egress: Egress) -> None:
    """A page with a number of its own stays where nothing is there without it, and so does a chapter on history."""

    def tabs(path: str) -> tuple[str, ...]:
        return path, f"{path}/history", "/w/Fog", "/w/Gales"

    def revisions(path: str) -> list[str]:
        return [f"{path}?rev={number}" for number in range(9)]

    def answer(hit: Hit) -> str:
        return page(f"old {hit.path}", *tabs(hit.path.partition("?")[0]), text=f"An old text: {hit.path}.")

    content: Pages = {
        "/w/Home": page("Home", *tabs("/w/Home"), "/w/Ships/history", "/w/Part?revision=2"),
        "/w/Ships/history": page("The history of ships", "/w/Fog"),
        "/w/Part": page("A part that is there by its number alone"),
        **{f"/w/{name}": page(name, *tabs(f"/w/{name}")) for name in ("Fog", "Gales")},
        **{f"/w/{n}/history": page(f"History of {n}", *revisions(f"/w/{n}")) for n in ("Home", "Fog", "Gales")},
        "*": answer,
    }
    result = await crawled(content, egress, "/w/Home")
    assert sorted(result.pages) == ["/w/Fog", "/w/Gales", "/w/Home", "/w/Part?revision=2", "/w/Ships/history"]
    assert result.why("/w/Fog/history") == ("skipped", "HISTORY")
    assert result.why("/w/Fog?rev=3") == ("skipped", "HISTORY")


async def test_one_language_is_fetched_and_the_others_are_named(egress: Egress) -> None:
    """No link says which page is a translation, only its URL and itself; they take no places in the book."""
    names = ("one", "two", "three", "four")
    content: Pages = {"/": translated("en", "Home", "/de/", "/one"), "/de/": translated("de", "Home", "/de/one")}
    for folder, lang in (("/", "en"), ("/de/", "de")):
        links = [f"{folder}{name}" for name in names]
        content = {**content, **{link: translated(lang, link, *links) for link in links}}
    for concurrency in (1, 8):
        result = await crawled(content, egress, max_pages=5, concurrency=concurrency)
        assert result.pages == ["/", *(f"/{name}" for name in names)]
        assert result.why("/de/") == ("skipped", "OTHER_LANGUAGE")
        assert result.output["variants"] == {"language": ["de"]}
    assert (await crawled(content, egress, max_pages=5, stop_after=3)).output["variants"] == {"language": ["de"]}


async def test_the_language_that_is_asked_for_moves_the_start(egress: Egress) -> None:
    content: Pages = {
        "/docs/": translated("en", "Home", "/docs/ja/", "/docs/a"),
        "/docs/ja/": translated("ja", "Home", "/docs/", "/docs/ja/a"),
        "/docs/a": translated("en", "A"),
        "/docs/ja/a": translated("ja", "A"),
    }
    assert (await crawled(content, egress, "/docs/", language_code="ja")).pages == ["/docs/ja/", "/docs/ja/a"]
    assert (await crawled(content, egress, "/docs/", language_code="fr")).pages == ["/docs/", "/docs/a"]


async def test_the_language_that_is_asked_for_is_asked_of_the_site(egress: Egress) -> None:
    def answer(hit: Hit) -> str:
        return page(hit.headers.get("Accept-Language", "none"))

    result = await crawled({"/": answer}, egress, language_code="pt-BR")
    assert "pt-BR, pt;q=0.9, *;q=0.1" in result.html("/")
    assert "none" in (await crawled({"/": answer}, egress)).html("/")


async def test_a_book_that_is_to_be_translated_is_taken_as_the_site_has_it(egress: Egress) -> None:
    content: Pages = {"/": translated("en", "Home", "/ja/", "/a"), "/ja/": translated("ja", "Home"), "/a": page("A")}
    result = await crawled(content, egress, language_code="ja", render_engine=Engine.OPENAI)
    assert result.pages == ["/", "/a"]


async def test_a_page_that_was_taken_for_a_copy_of_another_version_comes_back(egress: Egress) -> None:
    """The older version is met first; where its pages turn out to be another version's, their copies are the book's."""
    same = {name: "The same words stand in both versions of this page, " + name for name in "abc"}
    content: Pages = {"/": page("Home", "/v1/a", "/v2/a", "/v1/b", "/hub")}
    content = {**content, "/hub": page("Hub", *(f"/{version}/{name}" for version in ("v1", "v2") for name in "abc"))}
    content |= {f"/{v}/{name}": page(name, text=text) for v in ("v1", "v2") for name, text in same.items()}
    result = await crawled(content, egress)
    assert sorted(result.pages) == ["/", "/hub", "/v2/a", "/v2/b", "/v2/c"]
    assert result.why("/v1/a") == ("skipped", "OTHER_VERSION")


def a_post(number: int, *, whole: bool = True) -> str:
    said = f"Post number {number} says what no other post says, and it says so in {number} ways. " * (3 if whole else 1)
    return f'<div class="entry"><h2><a href="/{number}-post/">Post {number}</a></h2><p>{said}</p></div>'


def blog(posts: int, *, a_page: int = 4, whole: bool = True) -> dict[str, str]:
    """A front page with the newest posts and pages of older ones, tags and months, no days."""
    around = (
        '<a href="/tag/all/">tag</a><a href="/tag/rare/">tag</a><a href="/2024/05/">May</a><a href="/about/">About</a>'
    )
    pages = {f"/{n}-post/": f"<title>{n}</title>{a_post(n)}{around}" for n in range(1, posts + 1)}
    pages["/about/"] = "<title>About</title><h1>About</h1><p>The blog of somebody who writes posts by their numbers."
    newest = [*range(posts, 0, -1)]
    for first in range(0, posts, a_page):
        older = f'<a href="/page/{first // a_page + 2}/">Older</a>' if first + a_page < posts else ""
        shown = "".join(a_post(n, whole=whole) for n in newest[first : first + a_page])
        pages[f"/page/{first // a_page + 1}/" if first else "/"] = f"<title>Blog</title>{shown}{older}{around}"
    pages["/tag/all/"] = "<title>Tag</title>" + "".join(a_post(n, whole=whole) for n in newest[:5]) + around
    pages["/tag/rare/"] = f"<title>Rare</title>{a_post(3, whole=whole)}{around}"
    pages["/2024/05/"] = "<title>May</title>" + "".join(a_post(n, whole=whole) for n in newest[1:6]) + around
    return pages


@pytest.mark.parametrize("whole", [True, False])
async def test_the_lists_of_a_blog_lead_to_its_posts_and_are_no_chapters(egress: Egress, *, whole: bool) -> None:
    """However far back they go, and however few pages the book may have."""
    result = await crawled(blog(40, whole=whole), egress, max_depth=3)
    assert sorted(result.pages) == sorted(["/about/", *(f"/{n}-post/" for n in range(1, 41))])
    assert [url for url, _ in result.output["posts"]] == [f"/{n}-post/" for n in range(40, 0, -1)]
    assert {result.why(url) for url in ("/", "/page/2/", "/tag/all/")} == {("skipped", "LISTING")}
    few = await crawled(blog(40, whole=whole), egress, max_pages=11)
    assert [page for page in few.pages if "post" not in page] == ["/about/"]
    assert few.paths.count("/tag/all/") == 0


async def test_a_front_page_of_whole_posts_is_no_chapter_though_nothing_says_that_it_is_a_list(egress: Egress) -> None:
    content = {path: html for path, html in blog(6, a_page=6).items() if path == "/" or "post" in path}
    assert sorted((await crawled(content, egress)).pages) == [f"/{n}-post/" for n in range(1, 7)]


@pytest.mark.parametrize("days_in_urls", [False, True])
async def test_pages_of_topics_that_only_name_posts_are_no_chapters(egress: Egress, *, days_in_urls: bool) -> None:
    """Whatever they are called, and however few posts they name beside the site's menu.

    The posts are those of the front page, or have days in their URLs.
    """
    topics = ("sea", "air")
    menu = [("/", "Home"), ("/about/", "About"), *((f"/topics/{name}/", name) for name in topics)]
    header = "<header><ul>" + "".join(f'<li><a href="{url}">{text}</a>' for url, text in menu) + "</ul></header>"
    urls = [f"/2024/0{n}/post-{n}/" if days_in_urls else f"/post-{n}/" for n in range(1, 7)]
    posts = dict(zip(urls, range(1, 7), strict=True))
    listed = "".join(
        f'<article><h2><a href="{url}">{n}</a></h2><p>May {n}, 2024</p></article>' for url, n in posts.items()
    )
    front = "<h1>Welcome</h1>" + "".join(f'<p>There is <a href="{url}">one of mine</a>, among others.' for url in urls)

    def topic(first: int) -> str:
        return (
            "<main><h1>Topic</h1><ul>"
            + "".join(f'<li><a href="{url}">A post</a>' for url in urls[first::2])
            + "</ul></main>"
        )

    content = {
        "/": header + (front if days_in_urls else listed),
        "/about/": page("About"),
        **{f"/topics/{name}/": header + topic(first) for first, name in enumerate(topics)},
        **{url: header + page(f"Post {n}") for url, n in posts.items()},
    }
    result = await crawled(content, egress)
    assert {result.why(f"/topics/{name}/") for name in topics} == {("skipped", "LISTING")}
    assert sorted(result.pages) == sorted(["/about/", *urls, *(["/"] if days_in_urls else [])])


@pytest.mark.parametrize("scope", [BookScope.AUTO, BookScope.SITE])
async def test_a_site_in_a_web_archive_is_one_site_whatever_the_times_of_capture(
    egress: Egress, scope: BookScope
) -> None:
    """The archive answers with each page's nearest capture, whose links state that one's time, or others'."""

    def at(path: str, time: int = 20100102030405, host: str = "old.example") -> str:
        return f"/web/{time}/http://{host}/manual/{path}"

    content: Pages = {
        at(""): page("Manual", at("one"), at("two", 2011), at("", 2009), at("ad", host="ads.example")),
        at("one"): redirect(at("one", 20100615000000)),
        at("one", 20100615000000): page("One", at("three", 20100615000000), at("one", 20100615000000)),
        at("two"): page("Two", at("one"), at("three", host="www.old.example:80")),
        at("three"): redirect(at("three", 20120101000000)),
        at("three", 20120101000000): page("Three", at("", 20120101000000)),
        "/": page("Archive", at("")),
    }
    result = await crawled(content, egress, at(""), scope=scope)
    assert sorted(result.pages) == [at(""), at("one"), at("three"), at("two")]
    assert result.aliases[at("three", 20100615000000)] == at("three")


@pytest.mark.parametrize("start", ["/page/2/", "/page/10/", "/"])
async def test_a_further_page_of_a_blog_stands_for_the_blog(egress: Egress, start: str) -> None:
    result = await crawled(blog(40), egress, start)
    assert sorted(result.pages) == sorted(["/about/", *(f"/{n}-post/" for n in range(1, 41))])
    assert result.output["start"] == "/"


async def test_a_further_page_alone_may_be_wanted(egress: Egress) -> None:
    assert (await crawled(blog(40), egress, "/page/2/", scope=BookScope.PAGE)).pages == ["/page/2/"]


async def test_a_further_page_without_a_first_one_stands_for_what_it_leads_to(egress: Egress) -> None:
    content = {path: html for path, html in blog(9).items() if path != "/"}
    assert "/2-post/" in (await crawled(content, egress, "/page/2/")).pages


@pytest.mark.parametrize(("start", "stop_after"), [("/weblog/", None), ("/weblog/", 1), ("/weblog/page/3/", None)])
async def test_a_blog_whose_posts_are_elsewhere_is_had_whole(
    egress: Egress, start: str, stop_after: int | None
) -> None:
    def post(number: int) -> str:
        words = f"This is what post {number} says, in words that are its own and no other's."
        title = f'<h2><a href="/post-{number}/">Post {number}</a></h2>'
        return f"<article>{title}<time>2024-01-{number:02}</time>{words}</article>"

    def listing(first: int, further: str) -> str:
        older = f'<a rel="next" href="{further}">Older</a>' if further else ""
        return f"<main><h1>Weblog</h1>{''.join(map(post, range(first, first + 4)))}{older}</main>"

    content: Pages = {
        "/weblog/": listing(1, "/weblog/page/2/"),
        "/weblog/page/2/": listing(5, "/weblog/page/3/"),
        "/weblog/page/3/": listing(9, ""),
        "/about/": page("About"),
        **{f"/post-{n}/": page(f"Post {n}", "/about/", "/post-12/") for n in range(1, 13)},
    }
    result = await crawled(content, egress, start, stop_after=stop_after)
    assert sorted(result.pages) == sorted(f"/post-{n}/" for n in range(1, 13))
    assert result.why("/about/") == ("skipped", "OUT_OF_SCOPE")
    assert sum(row["url"] == "/post-12/" for row in result.rows) == 1
    assert "/about/" not in result.paths


async def test_the_landing_page_of_a_manual_stays(egress: Egress) -> None:
    cards = "".join(f'<div><h3><a href="/{n}">Part {n}</a></h3><p>What part {n} is about.</p></div>' for n in "abc")
    content: Pages = {"/": f"<title>Manual</title>{cards}", "*": lambda hit: page(hit.path)}
    assert (await crawled(content, egress)).pages == ["/", "/a", "/b", "/c"]


@pytest.mark.parametrize("stop_after", [None, 1])
async def test_the_menu_in_a_frame_gives_the_order_and_is_no_chapter(egress: Egress, stop_after: int | None) -> None:
    """A menu's own words are a heading and a few labels; a page that says more is a page."""
    menu = "<b>Contents</b><ul>" + "".join(f"<li><a href={name} target=text>{name}</a>" for name in "zxy") + "</ul>"
    frames = "<frameset rows='90,*'><frame src=bar><frameset><frame src=menu><frame src=z></frameset></frameset>"
    content: Pages = {
        "/": f"<title>Boats</title>{frames}",
        "/bar": "<a href=menu>Contents</a> <a href=links>Links</a>",
        "/menu": menu,
        "/links": page("links", "/z", "/y"),
        **{f"/{name}": page(name) for name in "xyz"},
    }
    result = await crawled(content, egress, stop_after=stop_after)
    assert result.pages == ["/", "/z", "/links", "/x", "/y"]
    assert result.output["listed"]
    assert result.why("/menu") == ("skipped", "LISTING")


@pytest.mark.parametrize("stop_after", [None, 2])
async def test_the_name_of_a_site_in_a_small_frame_is_no_chapter(egress: Egress, stop_after: int | None) -> None:
    """Of two frames with a few words each, the large one's is a title page; a small one that says more is a page."""
    inner = "<frameset cols='20%,*,300'><frame src=menu><frame src=title><frame src=side></frameset>"
    name = "<body bgcolor=navy><b>Boats of the lake</b> <a href=title>Home</a>"
    content: Pages = {
        "/": f"<title>Boats</title><frameset rows='60,*'><frame src=name>{inner}</frameset>",
        "/name": name,
        "/menu": "<ul><li><a href=title>Title</a><li><a href=oars>Oars</a></ul>",
        "/title": "<title>Title</title><h1>Boats of a lake</h1><p>Second edition",
        "/side": page("side"),
        "/oars": page("oars"),
    }
    result = await crawled(content, egress, stop_after=stop_after)
    assert sorted(result.pages) == ["/", "/oars", "/side", "/title"]
    assert result.why("/name") == ("skipped", "LISTING")


@pytest.mark.parametrize("stop_after", [None, 2])
async def test_the_menu_that_pages_show_inside_a_frame_is_known(egress: Egress, stop_after: int | None) -> None:
    """It is a page of its own, which search engines are to leave alone; other such pages are no menus."""
    quiet = "<meta name=robots content=noindex>"
    frame = "<noscript><iframe src=parts></iframe></noscript>"
    content: Pages = {
        "/": page("Boats", "/print", head=frame),
        "/print": page("Print", "/z", "/x", head=quiet),
        "/parts": f"{quiet}<ol><li><a href=x>X</a><ol><li><a href=z>Z</a></ol></ol>",
        **{f"/{name}": page(name) for name in "xz"},
    }
    result = await crawled(content, egress, stop_after=stop_after)
    assert sorted(result.pages) == ["/", "/x", "/z"]
    assert result.output["menu"][0] == "/parts"
    assert result.why("/parts") == ("skipped", "NOINDEX")


async def test_the_page_of_a_tag_is_no_chapter(egress: Egress) -> None:
    """It leads to its pages even where no other does."""
    named = "<ul><li><a href=/{0}>A</a><li><a href=/y>Y</a></ul>"
    tag = f"<title>Boats</title><h1>Boats</h1><a href=/tags/ports/>ports</a>{named}"
    content: Pages = {
        "/": page("Home", "/x", "/y"),
        "/x": page("x", "/tags/boats/"),
        "/y": page("y", "/category/ports/"),
        "/z": page("z"),
        "/tags/boats/": tag.format("x"),
        "/category/ports/": tag.replace("Boats", "Ports").format("z"),
    }
    result = await crawled(content, egress)
    assert result.pages == ["/", "/x", "/y", "/z"]
    assert {result.why(url) for url in ("/tags/boats/", "/category/ports/")} == {("skipped", "LISTING")}


async def test_a_page_of_nothing_but_links_to_posts_is_no_chapter_whatever_it_is_called(egress: Egress) -> None:
    menu = "<aside><h3>Latest</h3><a href=/1/>One</a> <a href=/2/>Two</a> <a href=/about/>About</a></aside>"
    posts = "".join(f"<li>2024-05-0{n} <a href=/{n}/>Post {n}</a></li>" for n in (3, 2, 1))
    content: Pages = {
        "/": f"<title>Blog</title><ul>{posts}</ul><a href=/themes/bees/>Bees</a>",
        "/themes/bees/": f"<h1>Bees</h1><ul><li><a href=/1/>One</a><li><a href=/2/>Two</a></ul>{menu}",
        "/about/": f"<h1>About</h1><p>Written by somebody who keeps bees beside a harbour. Write to me.</p>{menu}",
        **{f"/{n}/": page(f"Post {n}", "/themes/bees/", "/about/") for n in (1, 2, 3)},
    }
    result = await crawled(content, egress)
    assert sorted(result.pages) == ["/1/", "/2/", "/3/", "/about/"]
    assert result.why("/themes/bees/") == ("skipped", "LISTING")


def a_list_in_views(hit: Hit) -> str:
    """Goods that two filters and an order can be asked for, in any combination."""
    asked = dict(pair.split("=") for pair in hit.path.partition("?")[2].split("&") if pair)
    ways = [("size", "small"), ("size", "large"), ("made", "here"), ("made", "there"), ("sort", "name")]
    views = [
        "/goods?" + "&".join(f"{name}={value}" for name, value in {**asked, **dict([way])}.items()) for way in ways
    ]
    goods = [f"/{made}-{size}" for made in ("here", "there") for size in ("small", "large")]
    shown = [each for each in goods if all(value in each for name, value in asked.items() if name != "sort")]
    items = "".join(f"<li><a href={link}>{link.strip('/')}</a></li>" for link in (*views, *shown))
    return f"<title>Goods</title><h1>Goods</h1><p>Choose below.</p><ul>{items}</ul>"


async def test_views_of_a_list_are_no_chapters(egress: Egress) -> None:
    goods = {f"/{made}-{size}": page(f"{made} {size}") for made in ("here", "there") for size in ("small", "large")}
    content: Pages = {"/": page("Home", "/goods"), "/goods": a_list_in_views, **goods}
    result = await crawled(content, egress)
    assert set(goods) <= set(result.pages)
    assert len([url for url in result.pages if url.startswith("/goods")]) <= 3


async def test_pages_of_few_words_that_one_parameter_addresses_are_chapters(egress: Egress) -> None:
    def photo(hit: Hit) -> str:
        number = int(hit.path.partition("=")[2] or 1)
        following = f"<a href=/photo?id={number + 1}>on</a><a href=/>home</a>" if number < 6 else ""
        return f"<title>{number}</title><img src=/{number}.jpg><p>Harbour {number}</p>{following}"

    result = await crawled({"/": page("Home", "/photo?id=1"), "/photo": photo}, egress)
    assert result.pages == ["/", *(f"/photo?id={number}" for number in range(1, 7))]


async def test_a_page_of_links_is_a_page_where_there_are_no_frames(egress: Egress) -> None:
    content: Pages = {
        "/": page("Home", "/menu"),
        "/menu": "<a href=x>X</a> <a href=y>Y</a>",
        "/x": page("x"),
        "/y": page("y"),
    }
    assert "/menu" in (await crawled(content, egress)).pages


async def test_a_list_of_posts_that_the_book_does_not_have_is_a_page(egress: Egress) -> None:
    content: Pages = {
        "/blog/": "<title>Blog</title>" + "".join(map(a_post, (3, 2, 1))) + "<a href=/blog/page/2/>Older</a>"
    }
    assert (await crawled(content, egress, "/blog/", scope=BookScope.PAGE)).pages == ["/blog/"]


async def test_a_feed_states_days(egress: Egress) -> None:
    feed = "<rss><channel><item><link>/a</link><pubDate>Fri, 17 May 2024 10:00:00 GMT</pubDate></item></channel></rss>"
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    content: Pages = {
        "/": page("Home", head=head),
        "/a": page("A"),
        "/feed.xml": Answer(body=feed, content_type="application/rss+xml"),
    }
    assert (await crawled(content, egress)).output["posts"] == [["/a", "2024-05-17"]]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/x", Answer(body=f"<?xml version='1.0'?>{page('X')}", content_type="application/xml")),
        ("/u", Answer(body=page("U").encode("utf-16-le"), content_type="text/html; charset=utf-16le")),
        ("/t", Answer(body=page("T"), content_type="text/html, text/html; charset=utf-8")),
    ],
)
async def test_a_page_is_known_by_its_bytes_where_its_type_is_odd(path: str, answer: Answer, egress: Egress) -> None:
    result = await crawled({"/": page("Home", path), path: answer}, egress)
    assert result.pages == ["/", path]


@pytest.mark.parametrize("body", [b"%PDF-1.7 stream", b"<rss version='2.0'><channel/></rss>", b"<data>x</data>"])
async def test_what_is_no_page_is_left_out_whatever_it_is_called(body: bytes, egress: Egress) -> None:
    kind = "application/xml" if b"data" in body else "text/html"
    result = await crawled({"/": page("Home", "/x"), "/x": Answer(body=body, content_type=kind)}, egress)
    assert result.why("/x") == ("skipped", "NOT_HTML")
