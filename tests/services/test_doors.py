"""What stands at the server's doors: names it answers to, addresses it counts, and how much one client may hold."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from typing import IO, Any

import httpx2
import pytest
from starlette.datastructures import Headers

from sitebookify.errors import InvalidRequest
from sitebookify.nesting import too_deep
from sitebookify.push import parse_delivery
from sitebookify.settings import PushAuth, Settings, load_settings
from sitebookify.web.guard import push_guard
from sitebookify.web.hosts import AllowedHosts
from sitebookify.web.oidc import Certificates, OidcGuard, Refused
from support.api import SPEC, Api
from support.ebook import ebook
from support.memory_store import MemoryObjectStore

KEY = "A" * 43
KEYS = f"ann:{hashlib.sha256(KEY.encode()).hexdigest()}"
DOORS = [("GET", "/v1/jobs"), ("POST", "/v1/jobs"), ("GET", "/status/figures"), ("GET", "/v1/operations"), ("GET", "/")]


@pytest.mark.parametrize(("method", "path"), DOORS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", ""]
)
async def test_a_name_that_was_made_to_lead_here_gets_nothing(method: str, path: str, host: str) -> None:
    api = Api(settings=load_settings(server_private=True))
    async with api.client() as client:
        answer = await client.request(method, path, headers={"host": host}, json={"spec": SPEC})
    assert answer.status_code == 421
    assert "reason" in answer.text
    assert list(api.jobs.list()) == []


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "books.example.org"])
async def test_the_server_s_own_names_are_answered(host: str) -> None:
    api = Api(settings=load_settings(server_private=True, public_url="https://books.example.org"))
    async with api.client() as client:
        assert (await client.get("/v1/jobs", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    ("settings", "host", "allowed"),
    [
        ({"allowed_hosts": "a.example, *.b.example"}, "a.example", True),
        ({"allowed_hosts": "a.example, *.b.example"}, "x.b.example:1", True),
        ({"allowed_hosts": "a.example, *.b.example"}, "c.example", False),
        ({"allowed_hosts": "*"}, "c.example", True),
        ({"host": "0.0.0.0"}, "c.example", True),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example"}, "c.example", False),
        ({"host": "0.0.0.0", "server_private": True}, "c.example", False),
        ({"host": "0.0.0.0", "server_private": True}, "192.168.1.7:8080", True),
        ({"host": "0.0.0.0", "server_private": True}, "api:8080", True),
        ({"host": "127.0.0.1"}, "192.168.1.7:8080", False),
        ({"host": "127.0.0.1"}, "user@localhost", False),
        ({"host": "127.0.0.1"}, "localhost, evil.example", False),
    ],
)
def test_which_names_are_the_server_s_own(settings: dict[str, Any], host: str, allowed: bool) -> None:  # noqa: FBT001 - a table
    assert AllowedHosts.of(load_settings(**settings)).allow(host) is allowed


async def test_pushes_without_tokens_have_to_mean_this_server() -> None:
    guard = push_guard(Settings(push_auth=PushAuth.NONE), audience="")
    await guard(Headers({"host": "127.0.0.1:8081"}))
    with pytest.raises(Refused):
        await guard(Headers({"host": "evil.example"}))


async def created(client: httpx2.AsyncClient, *forwarded: str) -> int:
    headers = [("x-forwarded-for", line) for line in forwarded]
    return (await client.post("/v1/jobs", json={"spec": SPEC}, headers=headers)).status_code


async def test_lines_of_forwarded_addresses_are_one_list() -> None:
    """The last line is the trusted proxy's own, what stands before it the client made up."""
    api = Api(settings=load_settings(max_active_jobs_per_client=1, proxy_hops=1))
    async with api.client() as client:
        assert await created(client, "9.9.9.9", "1.1.1.1") == 200
        assert await created(client, "8.8.8.8", "1.1.1.1") == 429
        assert await created(client, "8.8.8.8, 1.1.1.1") == 429
        assert await created(client, "1.1.1.1", "2.2.2.2") == 200


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("[2001:db8::1]:4711", "2001:db8::2", True),
        ("192.0.2.1:4711", "192.0.2.1:4712", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
async def test_a_customer_s_addresses_are_one_client(first: str, second: str, same: bool) -> None:  # noqa: FBT001 - a table
    api = Api(settings=load_settings(max_active_jobs_per_client=1, proxy_hops=1))
    async with api.client() as client:
        assert await created(client, first) == 200
        assert await created(client, second) == (429 if same else 200)


@pytest.mark.parametrize(
    ("settings", "headers", "secure"),
    [
        ({}, {}, False),
        ({"public_url": "https://localhost"}, {}, True),
        ({"proxy_hops": 1}, {"x-forwarded-proto": "https"}, True),
        ({"proxy_hops": 1}, {"x-forwarded-proto": "https, http"}, False),
        ({}, {"x-forwarded-proto": "https"}, False),
    ],
)
async def test_the_cookie_of_a_key_goes_by_https_alone_where_there_is_https(
    settings: dict[str, Any],
    headers: dict[str, str],
    secure: bool,  # noqa: FBT001 - a table
) -> None:
    api = Api(settings=load_settings(api_keys=KEYS, **settings))
    async with api.client() as client:
        cookie = (await client.post("/session", json={"key": KEY}, headers=headers)).headers["set-cookie"]
    assert ("; secure" in cookie.lower()) is secure
    assert "httponly" in cookie.lower()


class SlowStore(MemoryObjectStore):
    """Objects can be read once ``release`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        self.release.wait(30)
        return super().open_read(name, offset=offset, length=length)


async def test_searches_at_once_are_limited_per_client() -> None:
    store = SlowStore()
    api = Api(settings=load_settings(max_searches=4, proxy_hops=1), store=store)
    job = api.finished({"book.epub": ebook({"a.xhtml": ("A", "<p>x</p>")})})
    async with api.client() as client:

        def ask(address: str) -> asyncio.Task[httpx2.Response]:
            path, headers = f"/jobs/{job.id}/search?q=x", {"x-forwarded-for": address}
            return asyncio.create_task(client.get(path, headers=headers))

        asked = [ask("1.1.1.1"), ask("1.1.1.1"), ask("2.2.2.2")]
        while not asked[1].done():  # noqa: ASYNC110 - what is refused ends by itself
            await asyncio.sleep(0.01)
        store.release.set()
        statuses = [(await task).status_code for task in asked]
        assert statuses == [200, 429, 200]
        assert (await ask("1.1.1.1")).status_code == 200, "a place is free again once the search has ended"


async def test_those_who_watch_or_wait_are_limited_per_client() -> None:
    api = Api(settings=load_settings(max_watchers=4, proxy_hops=1))
    job = api.add()
    wait = f"/v1/operations/{job.id}:wait"

    def ask(client: httpx2.AsyncClient, address: str) -> asyncio.Task[httpx2.Response]:
        headers = {"x-forwarded-for": address}
        return asyncio.create_task(client.post(wait, json={"timeout": "2s"}, headers=headers))

    async with api.client() as client:
        asked = [ask(client, "1.1.1.1"), ask(client, "1.1.1.1"), ask(client, "2.2.2.2")]
        await asyncio.wait({asked[1]})
        watched = await client.get(f"/v1/jobs/{job.id}:watch", headers={"x-forwarded-for": "1.1.1.1"})
        assert watched.status_code == 429
        assert [(await task).status_code for task in asked] == [200, 429, 200]


NESTED = b"[" * 100_000
JWT_PARTS = {
    "nested": NESTED,
    "nested in claims": b'{"kid": ' * 40 + b"1" + b"}" * 40,
}


@pytest.mark.parametrize("kind", JWT_PARTS)
async def test_a_nested_token_is_refused_before_it_is_parsed(kind: str) -> None:
    part = base64.urlsafe_b64encode(JWT_PARTS[kind][:4000]).rstrip(b"=").decode()
    guard = OidcGuard(audience="a", identity="i", certificates=Certificates("http://127.0.0.1:1/"))
    for token in (f"{part}.e30.AA", f"e30.{part}.AA"):
        with pytest.raises(Refused, match="nested"):
            await guard(Headers({"authorization": f"Bearer {token}"}))


def test_a_nested_push_is_malformed() -> None:
    with pytest.raises(InvalidRequest, match="nested"):
        parse_delivery(NESTED)
    data = base64.b64encode(b'{"a":' * 1000 + b"1" + b"}" * 1000).decode()
    with pytest.raises(InvalidRequest, match="nested"):
        parse_delivery(b'{"message": {"data": "%s"}}' % data.encode())


async def test_a_nested_body_is_refused_and_brackets_in_text_are_not() -> None:
    api = Api()
    async with api.client(headers={"content-type": "application/json"}) as client:
        assert (await client.post("/v1/jobs", content=NESTED)).status_code == 400
        brackets = {"spec": {**SPEC, "title": '[{"' * 60}}
        assert (await client.post("/v1/jobs", json=brackets)).status_code == 200


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"[" * 32, False),
        (b"[" * 33, True),
        (b"[]" * 100, False),
        (b'"' + b"[" * 100 + b'"', False),
        (b'"\\"' + b"[" * 100, False),
        (b'"\\\\"' + b"[" * 100, True),
        (b'"\\' + b"[" * 100, False),
    ],
)
def test_how_deep_json_is_nested(text: bytes, deep: bool) -> None:  # noqa: FBT001 - a table
    assert too_deep(text) is deep
