"""Previews: the estimate in JSON, sites that may not or cannot be looked at, and limits."""

from __future__ import annotations

import asyncio

import httpx2

from sitebookify.settings import load_settings
from support.api import Api
from support.site import Site

PAGES = {f"/docs/{name}": f"<title>{name}</title><a href='b'>b</a><a href='c'>c</a><p>Text" for name in ("", "b", "c")}


async def test_a_site_is_estimated() -> None:
    api = Api(settings=load_settings(allow_private_networks=True, token_price_input=1, token_price_output=2))
    with Site(PAGES) as site:
        async with api.client() as client:
            preview = (await client.get("/preview", params={"url": site.url("/docs/")})).json()
        await api.egress.close()
    assert preview["estimatedPages"] == 3
    assert preview["source"] == "links"
    assert sum(chapter["pages"] for chapter in preview["chapters"]) == 3
    assert len(preview["sampleUrls"]) == 3
    assert preview["estimatedCostUsd"] >= 0
    assert {"notes", "totalCharacters", "estimatedInputTokens", "estimatedOutputTokens"} <= preview.keys()


async def preview_of(url: str) -> httpx2.Response:
    api = Api()
    async with api.client() as client:
        response = await client.get("/preview", params={"url": url})
    await api.egress.close()
    return response


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


async def test_a_url_that_is_none_is_refused_with_the_field() -> None:
    for url in ("", "ftp://example.com/", "https://"):
        response = await preview_of(url)
        assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "url"


async def test_previews_at_once_are_limited_per_client_and_in_all() -> None:
    api = Api(settings=load_settings(max_previews=8, proxy_hops=1))
    release = asyncio.Event()

    async def slow(host: str) -> list[str]:
        await release.wait()
        raise OSError(host)

    api.egress._resolver = slow
    async with api.client() as client:

        def ask(address: str) -> asyncio.Task[httpx2.Response]:
            headers = {"x-forwarded-for": address}
            return asyncio.create_task(client.get("/preview?url=https://a.example/", headers=headers))

        asked = [ask(address) for address in ("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4", "5.5.5.5") for _ in range(3)]
        while sum(task.done() for task in asked) < 7:  # noqa: ASYNC110 - those that are refused end by themselves
            await asyncio.sleep(0.01)
        release.set()
        statuses = [(await task).status_code for task in asked]
    await api.egress.close()
    assert statuses == [404, 404, 429] * 4 + [429, 429, 429]
