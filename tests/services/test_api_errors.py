"""Every error has the one shape; each row of the error table in docs/api.md is made to happen here."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sitebookify.errors import TransientError
from sitebookify.settings import load_settings
from sitebookify_api.signing import UrlSigner
from support.api import SPEC, Api
from support.memory_store import MemoryObjectStore

DOCS = Path(__file__).parents[2] / "docs/api.md"
NOBODY = uuid.UUID(int=0)
Case = Callable[[], Awaitable[httpx2.Response]]


class FailingStore(MemoryObjectStore):
    """A store that can read nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def get(self, name: str, *, unless_generation: int | None = None) -> Any:
        del name, unless_generation
        raise self._error


async def ask(api: Api, method: str, path: str, **options: Any) -> httpx2.Response:
    async with api.client(raising=False) as client:
        return await client.request(method, path, **options)


async def with_keys(method: str, path: str, **options: Any) -> httpx2.Response:
    digest = hashlib.sha256(b"secret").hexdigest()
    return await ask(Api(settings=load_settings(api_keys=f"me:{digest}")), method, path, **options)


async def broken() -> httpx2.Response:
    return await ask(Api(store=FailingStore(ZeroDivisionError("a secret"))), "GET", f"/v1/jobs/{NOBODY}")


async def too_many_jobs() -> httpx2.Response:
    api = Api(settings=load_settings(max_active_jobs_per_client=1))
    await ask(api, "POST", "/v1/jobs", json={"spec": SPEC})
    return await ask(api, "POST", "/v1/jobs", json={"spec": SPEC})


async def server_busy() -> httpx2.Response:
    api = Api(settings=load_settings(max_active_jobs=1))
    api.add()
    return await ask(api, "POST", "/v1/jobs", json={"spec": SPEC})


async def taken_id() -> httpx2.Response:
    api = Api()
    job = api.add()
    return await ask(api, "POST", f"/v1/jobs?jobId={job.id}", json={"spec": SPEC})


async def of_done_job(method: str, path: str, **options: Any) -> httpx2.Response:
    api = Api()
    job = api.finished({"book.md": b"# Book", "artifact.zip": b"zip"})
    return await ask(api, method, path.format(id=job.id), **options)


async def queue_away() -> httpx2.Response:
    api = Api()
    api.dispatcher.failures = 1
    return await ask(api, "POST", "/v1/jobs", json={"spec": SPEC})


async def damaged_record() -> httpx2.Response:
    api = Api()
    job = api.add()
    api.store.put(f"jobs/{job.id}.json", b"{", metadata=api.store.stat(f"jobs/{job.id}.json").metadata)
    return await ask(api, "GET", f"/v1/jobs/{job.id}")


async def expired_url() -> httpx2.Response:
    api = Api(settings=load_settings(signing_key="k"))
    job = api.finished({"artifact.zip": b"zip"})
    return await ask(api, "GET", UrlSigner("k").sign(f"/artifacts/{job.id}", 1))


async def paused() -> httpx2.Response:
    return await ask(Api(settings=load_settings(accept_jobs=False)), "POST", "/v1/jobs", json={"spec": SPEC})


PLAIN = {"content": b"{}", "headers": {"content-type": "text/plain"}}
CASES: dict[str, tuple[int, str, Case]] = {
    "INVALID_REQUEST": (400, "INVALID_ARGUMENT", lambda: ask(Api(), "POST", "/v1/jobs", json={})),
    "FAILED_PRECONDITION": (400, "FAILED_PRECONDITION", lambda: of_done_job("POST", "/v1/jobs/{id}:retry")),
    "API_KEY_REQUIRED": (401, "UNAUTHENTICATED", lambda: with_keys("POST", "/v1/jobs", json={"spec": SPEC})),
    "LISTING_DISABLED": (
        403,
        "PERMISSION_DENIED",
        lambda: ask(Api(settings=load_settings()), "GET", "/v1/jobs"),
    ),
    "SIGNATURE_WRONG": (
        403,
        "PERMISSION_DENIED",
        lambda: of_done_job("GET", "/artifacts/{id}?expires=9999999999&signature=x"),
    ),
    "URL_EXPIRED": (403, "PERMISSION_DENIED", expired_url),
    "JOB_NOT_FOUND": (404, "NOT_FOUND", lambda: ask(Api(), "GET", f"/v1/jobs/{NOBODY}")),
    "FILE_NOT_FOUND": (404, "NOT_FOUND", lambda: of_done_job("GET", "/jobs/{id}/book.pdf")),
    "ROUTE_NOT_FOUND": (404, "NOT_FOUND", lambda: ask(Api(), "GET", "/v1/books")),
    "METHOD_NOT_ALLOWED": (405, "UNIMPLEMENTED", lambda: ask(Api(), "PUT", f"/v1/jobs/{NOBODY}")),
    "JOB_EXISTS": (409, "ALREADY_EXISTS", taken_id),
    "BODY_TOO_LARGE": (
        413,
        "INVALID_ARGUMENT",
        lambda: ask(Api(), "POST", "/v1/jobs", json={"spec": {"title": "x" * 300_000}}),
    ),
    "NOT_JSON": (415, "INVALID_ARGUMENT", lambda: ask(Api(), "POST", "/v1/jobs", **PLAIN)),
    "RANGE_NOT_SATISFIABLE": (
        416,
        "OUT_OF_RANGE",
        lambda: of_done_job("GET", "/jobs/{id}/book.md", headers={"range": "bytes=100-"}),
    ),
    "TOO_MANY_JOBS": (429, "RESOURCE_EXHAUSTED", too_many_jobs),
    "SERVER_BUSY": (429, "RESOURCE_EXHAUSTED", server_busy),
    "PAUSED": (503, "UNAVAILABLE", paused),
    "JOB_UNREADABLE": (500, "DATA_LOSS", damaged_record),
    "INTERNAL": (500, "INTERNAL", broken),
    "BACKEND_UNAVAILABLE": (503, "UNAVAILABLE", queue_away),
}

PREVIEWS = {
    ("ADDRESS_REFUSED", 403, "PERMISSION_DENIED"),
    ("SITE_UNAVAILABLE", 404, "NOT_FOUND"),
    ("TOO_MANY_PREVIEWS", 429, "RESOURCE_EXHAUSTED"),
}
"""Made to happen in test_api_preview.py."""
DOORS = {
    ("HOST_NOT_ALLOWED", 421, "PERMISSION_DENIED"),
    ("TOO_MANY_SEARCHES", 429, "RESOURCE_EXHAUSTED"),
    ("TOO_MANY_WATCHERS", 429, "RESOURCE_EXHAUSTED"),
}
"""Made to happen in test_doors.py."""


@pytest.mark.parametrize("reason", CASES)
async def test_an_error_has_the_shape_and_the_documented_status(reason: str) -> None:
    http, status, case = CASES[reason]
    response = await case()
    error = response.json()["error"]
    info = error["details"][0]
    assert (response.status_code, error["code"], error["status"]) == (http, http, status)
    assert (info["@type"], info["reason"], info["domain"]) == (
        "type.googleapis.com/google.rpc.ErrorInfo",
        reason,
        "sitebookify",
    )
    assert response.headers["content-type"] == "application/json"
    assert len(error["message"]) > 10


@pytest.mark.parametrize("reason", ["TOO_MANY_JOBS", "SERVER_BUSY", "PAUSED", "BACKEND_UNAVAILABLE"])
async def test_what_may_succeed_later_says_when(reason: str) -> None:
    response = await CASES[reason][2]()
    seconds = int(response.headers["retry-after"])
    retry = next(item for item in response.json()["error"]["details"] if item["@type"].endswith("RetryInfo"))
    assert retry["retryDelay"] == f"{seconds}s"
    assert seconds > 0


async def test_a_bug_tells_the_client_nothing() -> None:
    assert "secret" not in (await broken()).text


async def test_a_store_that_is_away_is_unavailable() -> None:
    response = await ask(Api(store=FailingStore(TransientError("away"))), "GET", f"/v1/jobs/{NOBODY}")
    assert (response.status_code, response.json()["error"]["status"]) == (503, "UNAVAILABLE")


async def test_a_wrong_method_is_told_the_right_ones() -> None:
    response = await ask(Api(), "PUT", f"/v1/jobs/{NOBODY}")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "DELETE"}


def test_the_documented_table_of_errors_is_what_is_tested() -> None:
    rows = re.findall(r"^\| (\d{3}) \| ([A-Z_]+) \| `([A-Z_]+)` \|", DOCS.read_text(), flags=re.MULTILINE)
    assert {(reason, int(http), status) for http, status, reason in rows} == {
        (reason, http, status) for reason, (http, status, _) in CASES.items()
    } | PREVIEWS | DOORS


async def test_a_client_that_goes_away_is_no_error_of_ours() -> None:
    """Half a body, then nothing: no 500, and no traceback in the log."""
    sent: list[dict[str, Any]] = []
    begun = {"type": "http.request", "body": b"{", "more_body": True}
    messages: Iterator[dict[str, Any]] = iter([begun, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
    scope = {"type": "http", "method": "POST", "path": "/v1/jobs", "headers": headers, "query_string": b""}
    scope |= {"http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1)}
    await Api().app(scope, receive, send)  # type: ignore[arg-type]  # plain dicts are what servers pass
    assert sent[0]["status"] == 499
