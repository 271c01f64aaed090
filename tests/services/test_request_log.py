"""One record for every request, with what an operator asks for and nothing a client may keep to itself."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sitebookify.log import configure_logging
from sitebookify.web.context import RequestContext, label_request

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """What a service would write to stdout."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, level, filters = root.handlers[:], root.level, uvicorn.filters[:]
    output = io.StringIO()
    configure_logging(service="api", project_id="demo", stream=output)
    yield output
    root.handlers[:], uvicorn.filters[:] = handlers, filters
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


async def _answer(request: Request) -> Response:
    if request.path_params["what"] == "bug":
        raise ZeroDivisionError("a bug")
    label_request(request, job_id="j1", message_id="m1")
    return PlainTextResponse("hello", status_code=int(request.path_params["what"]))


async def _request(path: str, **headers: str) -> None:
    app = Starlette(
        routes=[Route("/{what}", _answer), Route("/jobs/{job_id}/{what}", _answer)],
        middleware=[Middleware(RequestContext)],
    )
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get(path, headers=headers)


def _record(output: io.StringIO) -> dict[str, Any]:
    """The service's one record; those of the test's own client are left out."""
    records = [json.loads(line) for line in output.getvalue().splitlines()]
    (record,) = (record for record in records if not record["message"].startswith("HTTP Request: "))
    assert isinstance(record, dict)
    return record


async def test_a_request_is_one_record_under_the_caller_s_trace(output: io.StringIO) -> None:
    await _request("/200", traceparent=f"00-{TRACE}-b7ad6b7169203331-01")
    record = _record(output)
    assert record["message"] == "request.served"
    assert record["logging.googleapis.com/trace"] == f"projects/demo/traces/{TRACE}"
    assert record["httpRequest"] | {"latency": "", "userAgent": "", "remoteIp": ""} == {
        "requestMethod": "GET",
        "requestUrl": "/200",
        "status": 200,
        "responseSize": "5",
        "latency": "",
        "userAgent": "",
        "remoteIp": "",
    }


async def test_an_endpoint_can_label_its_request(output: io.StringIO) -> None:
    """Of a push only the body says which job it is for."""
    await _request("/200")
    labels = _record(output)["logging.googleapis.com/labels"]
    assert labels == {"job_id": "j1", "message_id": "m1", "service": "api"}


@pytest.mark.parametrize(("status", "severity"), [(200, "INFO"), (404, "INFO"), (503, "WARNING"), (500, "ERROR")])
async def test_the_severity_follows_the_status(status: int, severity: str, output: io.StringIO) -> None:
    await _request(f"/{status}")
    assert _record(output)["severity"] == severity


async def test_a_bug_s_traceback_is_on_the_record_of_its_request(output: io.StringIO) -> None:
    """There it has the trace and the job; uvicorn's own record of it has neither and is left out."""
    await _request("/jobs/j2/bug")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=ValueError("again"))
    record = _record(output)
    assert record["severity"] == "ERROR"
    assert record["httpRequest"]["status"] == 500
    assert record["logging.googleapis.com/labels"]["job_id"] == "j2"
    assert record["stack_trace"].rstrip().endswith("ZeroDivisionError: a bug")


async def test_what_a_client_may_send_at_any_length_is_cut_and_its_query_left_out(
    output: io.StringIO,
) -> None:
    """A query may carry a signature, a header whatever a stranger likes."""
    await _request(f"/jobs/{'j' * 4000}/200?signature=secret", **{"User-Agent": "x" * 4000, "Authorization": "secret"})
    line = json.dumps(_record(output)["httpRequest"])
    assert "secret" not in line
    assert len(line) < 1500
