"""Previews: the estimate in JSON, sites that may not or cannot be looked at, and limits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import httpx2
import pytest

from sitebookify.settings import load_settings
from support.api import Api
from support.processes import eventually
from support.site import Answer, Hit, Page, Site

PAGES = {f"/docs/{name}": f"<title>{name}</title><a href='b'>b</a><a href='c'>c</a><p>Text" for name in ("", "b", "c")}


async def test_a_site_is_estimated() -> None:
    api = Api(settings=load_settings(allow_private_networks=True, token_price_input=1, token_price_output=2))
    with Site(PAGES) as site:
        async with api.client() as client:
            preview = (await client.get("/preview", params={"url": site.url("/docs/")})).json()
    assert preview["estimatedPages"] == 3
    assert preview["source"] == "links"
    assert sum(chapter["pages"] for chapter in preview["chapters"]) == 3
    assert len(preview["sampleUrls"]) == 3
    assert preview["estimatedCostUsd"] >= 0
    assert {"notes", "totalCharacters", "estimatedInputTokens", "estimatedOutputTokens"} <= preview.keys()


async def test_a_preview_has_choices_and_counts_the_one_that_is_asked_for() -> None:
    api = Api(settings=load_settings(allow_private_networks=True))
    with Site({**PAGES, "/docs/": PAGES["/docs/"] + "<a href='/shop'>shop</a>"}) as site:
        async with api.client() as client:
            query = {"url": site.url("/docs/"), "scope": "page"}
            preview = (await client.get("/preview", params=query, headers={"accept-language": "ja"})).json()
            refused = await client.get("/preview", params={**query, "scope": "everything"})
    assert (preview["scope"], preview["estimatedPages"], preview["atLeast"]) == ("SCOPE_PAGE", 1, False)
    counts = {choice["scope"]: choice["pages"] for choice in preview["choices"]}
    assert counts == {"SCOPE_PAGE": 1, "SCOPE_SECTION": 3, "SCOPE_SITE": 4}
    assert preview["choices"][0]["localizedDescription"] == {"locale": "ja", "message": "開始ページのみ"}
    assert preview["chapters"][-1]["localizedTitle"]["message"] == "そのほかのページ"
    assert refused.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "scope"


async def test_a_preview_obeys_patterns_and_names_other_languages_and_versions() -> None:
    api = Api(settings=load_settings(allow_private_networks=True))
    switch = "<a href='/docs/1.0/'>1.0</a><link rel='alternate' hreflang='ja' href='/ja/docs/'>"
    with Site({**PAGES, "/docs/": PAGES["/docs/"] + switch}) as site:
        async with api.client() as client:
            query = {"url": site.url("/docs/"), "exclude": ["/docs/1.0/**", "/docs/b*"], "include": "/docs/**"}
            preview = (await client.get("/preview", params=query)).json()
            refused = await client.get("/preview", params={**query, "exclude": "docs"})
        assert preview["languages"] == [{"name": "ja", "url": site.url("/ja/docs/")}]
        assert preview["versions"] == [{"name": "1.0", "url": site.url("/docs/1.0/")}]
    assert preview["estimatedPages"] == 2
    assert refused.status_code == 400


async def preview_of(url: str) -> httpx2.Response:
    api = Api()
    async with api.client() as client:
        return await client.get("/preview", params={"url": url})


async def test_a_private_address_is_refused_without_saying_what_is_there() -> None:
    with Site(PAGES) as site:
        response = await preview_of(site.url("/docs/"))
        assert site.hits == []
    error = response.json()["error"]
    assert (response.status_code, error["details"][0]["reason"]) == (403, "ADDRESS_REFUSED")
    assert "127.0.0.1" not in error["message"]


async def test_a_site_that_is_not_there_is_told_as_such() -> None:
    response = await preview_of("https://nowhere.example/docs/")
    assert (response.status_code, response.json()["error"]["details"][0]["reason"]) == (404, "SITE_UNAVAILABLE")


async def test_a_name_inside_and_one_that_does_not_exist_are_answered_alike() -> None:
    """Localhost stands for any name that this network's resolver knows and the internet's does not."""
    hosts = ("localhost", "nowhere.invalid")
    answers = [await preview_of(f"http://{host}/docs/") for host in hosts]
    assert {answer.status_code for answer in answers} == {404}
    inside, nowhere = (answer.text.replace(host, "HOST") for host, answer in zip(hosts, answers, strict=True))
    assert inside == nowhere


async def test_a_url_that_is_none_is_refused_with_the_field() -> None:
    for url in ("", "ftp://example.com/", "https://"):
        response = await preview_of(url)
        assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "url"


async def test_previews_at_once_are_limited_per_client_and_in_all() -> None:
    api = Api(settings=load_settings(max_previews=8, proxy_hops=1, allow_private_networks=True))
    release = threading.Event()
    with Site({"*": Answer(status=404, after=release)}) as site:
        async with api.client() as client:

            def ask(address: str) -> asyncio.Task[httpx2.Response]:
                params = {"url": site.url("/docs/")}
                return asyncio.create_task(client.get("/preview", params=params, headers={"x-forwarded-for": address}))

            addresses = ("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4", "5.5.5.5")
            asked = [ask(address) for address in addresses for _ in range(3)]
            while sum(task.done() for task in asked) < 7:  # noqa: ASYNC110 - those that are refused end by themselves
                await asyncio.sleep(0.01)
            release.set()
            statuses = [(await task).status_code for task in asked]
    assert statuses == [404, 404, 429] * 4 + [429, 429, 429]


HOSTILE = {
    "unfinished scripts": b"<title>t</title>\xe9" + b"<script " * 65_000 + b"\xff\xfe\xe9",
    "attributes": b"<title>t</title><p" + b"".join(b" a%d" % n for n in range(270_000)) + b">text",
    "attributes of many": (b"<title>t</title>" + (b"<p" + b"".join(b" a%d" % n for n in range(1000)) + b">") * 350),
    "patterns": b"<a href='" + b"a" * 1900 + b"'>",
}
ROBOTS = "User-agent: *\nDisallow: /" + "*a" * 200 + "*b\n"


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_preview_of_a_hostile_page_costs_nobody_else_anything(kind: str) -> None:
    """The API's process does none of it: others are answered meanwhile, and the next preview is one as usual."""
    api = Api(settings=load_settings(allow_private_networks=True, max_previews=1))
    job = api.add()
    pages: dict[str, Page | Callable[[Hit], Page]] = {
        "/hostile/": HOSTILE[kind],
        "/" + "a" * 1900: "<p>text",
        "/robots.txt": ROBOTS,
        **PAGES,
    }
    with Site(pages) as site:
        async with api.client() as client:
            hostile = asyncio.create_task(client.get("/preview", params={"url": site.url("/hostile/")}))
            longest = 0.0
            while not hostile.done():
                began = time.process_time()
                for path in ("/healthz", f"/jobs/{job.id}"):
                    assert (await client.get(path)).status_code == 200
                await asyncio.sleep(0.05)
                longest = max(longest, time.process_time() - began)
            assert longest < 2, "this process works for milliseconds between two turns, whatever the machine does"
            assert hostile.result().status_code in (200, 404)
            after = await client.get("/preview", params={"url": site.url("/docs/")})
    assert after.json()["estimatedPages"] == 3


async def test_a_place_is_free_once_the_work_has_ended_not_before() -> None:
    """What was given up is killed: places cannot be had for nothing while old work goes on."""
    api = Api(settings=load_settings(allow_private_networks=True, max_previews=1))
    release = threading.Event()
    with Site({"/docs/": Answer(body="<p>text", after=release)}) as site:
        async with api.client() as client:
            first = asyncio.create_task(client.get("/preview", params={"url": site.url("/docs/")}))
            await asyncio.to_thread(eventually, lambda: site.hits)
            assert (await client.get("/preview", params={"url": site.url("/docs/")})).status_code == 429
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            release.set()
            again = await client.get("/preview", params={"url": site.url("/docs/")})
    assert again.status_code == 200
