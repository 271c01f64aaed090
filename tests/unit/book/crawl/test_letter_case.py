"""Servers to which the case of letters means nothing: each page once, and none left out for its spelling."""

from __future__ import annotations

from typing import Any

import pytest

from sitebookify.book.crawl.survey import Survey, state_of, survey_of
from sitebookify.book.urls import differ_in_case, lower_path
from sitebookify.egress import Egress
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.crawling import quickly
from support.site import Answer, Hit, Page, Site

LINKS = {
    "/manual/": "/Manual/Setup.aspx /manual/use.aspx",
    "/manual/setup.aspx": "/MANUAL/use.aspx /manual/SETUP.aspx",
    "/manual/use.aspx": "/manual/Setup.aspx /manual/deep/End.aspx",
    "/manual/deep/end.aspx": "/Manual/",
}


def windows(hit: Hit) -> Page:
    """A server to which case means nothing; each visit to a page differs a little."""
    path = hit.path.lower()
    if path not in LINKS:
        return Answer(status=404)
    links = " ".join(f'<a href="{link}">{link}</a>' for link in LINKS[path].split())
    return f"<title>{path}</title><h1>{path}</h1><p>All that there is to say about {path} on this site.</p>{links}"


async def crawled(
    site: Site, egress: Egress, start: str, *, stop_after: int | None = None, **spec: Any
) -> tuple[list[str], dict[str, str]]:
    bench = FakeBench(
        spec=JobSpec(source_url=site.url(start), request_delay=0, concurrency=1, **spec), stop_after=stop_after
    )
    bench.egress = egress
    output = (await run_stage(quickly, bench)).output
    origin = site.url("")
    names = {url.removeprefix(origin): page.removeprefix(origin) for url, page in output["aliases"].items()}
    return [page["url"].removeprefix(origin) for page in output["pages"]], names


@pytest.mark.parametrize("start", ["/manual/", "/Manual/", "/MANUAL/Use.aspx"])
@pytest.mark.parametrize("stop_after", [None, 1])
async def test_each_page_is_in_the_book_once(egress: Egress, start: str, stop_after: int | None) -> None:
    with Site({"*": windows}) as site:
        pages, names = await crawled(site, egress, start, stop_after=stop_after)
        assert sorted(page.lower() for page in pages) == sorted(LINKS)
        setup = next(page for page in pages if page.lower().endswith("setup.aspx"))
        other = {"/Manual/Setup.aspx", "/manual/Setup.aspx"} - {setup}
        assert names[other.pop()] == setup


async def test_patterns_match_whatever_their_case(egress: Egress) -> None:
    with Site({"*": windows}) as site:
        pages, _ = await crawled(site, egress, "/Manual/", exclude=("/Manual/Deep/**",))
        assert sorted(page.lower() for page in pages) == ["/manual/", "/manual/setup.aspx", "/manual/use.aspx"]


async def test_where_case_means_something_pages_that_differ_in_it_are_two(egress: Egress) -> None:
    """As in a wiki, where a redirect shows what another spelling shows and names that as canonical."""
    us = "<title>US</title><link rel=canonical href=/wiki/US><h1>US</h1><p>The country is large and has many states."
    content: dict[str, Page] = {
        "/wiki/": "<title>Home</title><a href=US>a</a> <a href=us>b</a> <a href=Us>c</a><p>Everything about words.",
        "/wiki/US": us,
        "/wiki/us": us,
        "/wiki/Us": "<title>Us</title><h1>Us</h1><p>A pronoun, as everyone who reads English knows.",
        "*": Answer(status=404),
    }
    with Site(content) as site:
        pages, names = await crawled(site, egress, "/wiki/")
        assert pages == ["/wiki/", "/wiki/US", "/wiki/Us"]
        assert names["/wiki/us"] == "/wiki/US"
        assert sum(path.startswith("/WIKI") for path in site.paths) == 1


async def test_a_url_without_letters_says_nothing_of_case(egress: Egress) -> None:
    """The links leave what an include pattern brings in by their case alone; the start page has none."""
    content: dict[str, Page] = {
        "/1/": "<title>Home</title><h1>Home</h1><a href=/Docs/A>a</a><p>All that is to be said of boats.",
        "*": Answer(status=404),
    }
    with Site(content) as site:
        assert await crawled(site, egress, "/1/", include=("/docs/**", "/1/")) == (["/1/"], {})
        assert "/docs/a" not in map(str.lower, site.paths)


def test_escapes_and_queries_keep_their_case() -> None:
    assert lower_path("http://a.example/A%C3%A9/B?Q=%C3R") == "http://a.example/a%C3%A9/b?Q=%C3R"
    assert differ_in_case("http://a.example/A", "http://a.example/a")
    assert not differ_in_case("http://a.example/a?X", "http://a.example/a?x")
    assert not differ_in_case("http://a.example/a/", "http://a.example/a")


def test_what_is_known_of_case_is_part_of_the_state() -> None:
    spec = JobSpec(source_url="http://a.example/A/")
    survey = Survey.begin(spec, ("http://a.example/A/",), (), [])
    survey.scope = survey.scope.ignoring_case()
    survey.case_settled = True
    again = survey_of(state_of(survey, []), spec, [])
    assert (again.scope.caseless, again.case_settled) == (True, True)
