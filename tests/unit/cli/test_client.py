"""The API's client against servers that are slow, busy, wrong or gone."""

from __future__ import annotations

import itertools
import json

import pytest

from sitebookify.cli import client
from sitebookify.cli.client import JobsClient, RequestFailed
from support.processes import free_port
from support.site import Answer, Hit, Pages, Site

_STATUS = {"error": {"code": 400, "message": "spec.sourceUrl: must be http", "status": "INVALID_ARGUMENT"}}


def _in_turn(*answers: Answer) -> Pages:
    turns = itertools.chain(answers, itertools.repeat(answers[-1]))
    return {"*": lambda _: next(turns)}


def _json(body: object, **more: object) -> Answer:
    return Answer(body=json.dumps(body), content_type="application/json", **more)  # type: ignore[arg-type]  # as given


def test_a_busy_server_is_asked_again_after_the_time_it_names() -> None:
    waits: list[float] = []
    busy = Answer(status=429, headers={"Retry-After": "7"})
    with Site(_in_turn(busy, busy, _json({"name": "jobs/1"}))) as site:
        answer = JobsClient(site.url(""), sleep=waits.append).get("/v1/jobs/1")
    assert answer.body == {"name": "jobs/1"}
    assert waits == [7, 7]


def test_a_server_that_stays_busy_is_given_up() -> None:
    waits: list[float] = []
    with (
        Site(_in_turn(Answer(status=503, headers={"Retry-After": "9999"}))) as site,
        pytest.raises(RequestFailed, match="503"),
    ):
        JobsClient(site.url(""), sleep=waits.append).get("/v1/jobs/1")
    assert waits == [30] * 4


def test_a_server_that_is_not_there_is_told_after_some_tries() -> None:
    waits: list[float] = []
    with pytest.raises(RequestFailed, match=r"no answer from 127\.0\.0\.1"):
        JobsClient(f"http://127.0.0.1:{free_port()}", sleep=waits.append).get("/v1/jobs/1")
    assert waits == [0.5, 1, 2, 4]


def test_a_refusal_carries_the_server_s_message_and_is_not_repeated() -> None:
    with (
        Site(_in_turn(_json(_STATUS, status=400))) as site,
        pytest.raises(RequestFailed, match=r"spec.sourceUrl: must be http \(INVALID_ARGUMENT\)"),
    ):
        JobsClient(site.url("")).post("/v1/jobs", {})
    assert len(site.hits) == 1


@pytest.mark.parametrize("body", ["<h1>nginx", "[]", '{"error": "text"}', "{"])
def test_a_refusal_of_another_form_is_told_by_its_status(body: str) -> None:
    """A proxy in between has no google.rpc.Status."""
    with Site(_in_turn(Answer(body=body, status=404))) as site, pytest.raises(RequestFailed, match="404 Not Found"):
        JobsClient(site.url("")).get("/v1/jobs/1")


def test_a_server_of_another_kind_is_told() -> None:
    with Site({"*": "<h1>Welcome"}) as site, pytest.raises(RequestFailed, match="is it a sitebookify server"):
        JobsClient(site.url("")).get("/v1/jobs/1")


def test_a_resource_that_has_not_changed_is_not_transferred() -> None:
    def answer(hit: Hit) -> Answer:
        known = hit.headers.get("If-None-Match") == '"1"'
        return Answer(status=304) if known else _json({"n": 1}, headers={"ETag": '"1"', "Retry-After": "2"})

    with Site({"*": answer}) as site:
        client = JobsClient(site.url(""))
        first = client.get("/v1/jobs/1")
        second = client.get("/v1/jobs/1", etag=first.etag)
    assert (first.body, first.retry_after) == ({"n": 1}, 2)
    assert second.body is None


def test_the_key_goes_with_requests_but_not_to_urls_given_out() -> None:
    """A signed URL may lead to another host."""
    with Site({"*": _json({})}) as site:
        client = JobsClient(site.url(""), "secret")
        client.get("/v1/jobs/1")
        client.open(site.url("/file")).close()
    assert [hit.headers.get("X-API-Key") for hit in site.hits] == ["secret", None]


def test_the_key_is_given_to_no_other_origin() -> None:
    """Another port of the same host is another server."""
    with Site({"*": _json({"name": "jobs/1"})}) as other:
        moved = Answer(status=302, headers={"Location": other.url("/v1/jobs/1")})
        within = Answer(status=302, headers={"Location": "/v1/jobs/2"})
        with Site({"/v1/jobs/1": within, "/v1/jobs/2": moved}) as site:
            JobsClient(site.url(""), "secret").get("/v1/jobs/1")
    assert [hit.headers.get("X-API-Key") for hit in site.hits] == ["secret", "secret"]
    assert [hit.headers.get("X-API-Key") for hit in other.hits] == [None]


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "data:application/json,{}", "http://"])
def test_a_redirect_leads_to_the_web_or_nowhere(target: str) -> None:
    with (
        Site({"*": Answer(status=302, headers={"Location": target})}) as site,
        pytest.raises(RequestFailed),
    ):
        JobsClient(site.url("")).get("/v1/jobs/1")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "/etc/passwd", "http:///x"])
def test_only_the_web_is_opened(url: str) -> None:
    with pytest.raises(RequestFailed, match="http or https"):
        JobsClient(url)
    with pytest.raises(RequestFailed, match="http or https"):
        JobsClient("http://127.0.0.1").open(url)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(body="[" * 100_000, content_type="application/json"), "did not answer with JSON"),
        (Answer(body="[1]", content_type="application/json"), "did not answer with JSON"),
        (Answer(stream=lambda: itertools.repeat(b" " * 65_536), content_type="application/json"), "more than"),
        (Answer(status=400, body="[" * 60_000, content_type="application/json"), "400"),
        (Answer(headers={"Content-Length": "50"}, stream=lambda: iter([b"{"]), torn=True), "broke off|JSON"),
    ],
    ids=["nested", "no object", "endless", "nested refusal", "torn"],
)
def test_a_server_that_is_hostile_is_told_as_one_that_is_none(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, words: str
) -> None:
    monkeypatch.setattr(client, "_LARGEST", 1_000_000)
    with Site({"*": answer}) as site, pytest.raises(RequestFailed, match=words):
        JobsClient(site.url("")).get("/v1/jobs/1")


@pytest.mark.parametrize("header", ["9" * 5000, "99999"])
def test_nobody_is_made_to_wait_for_days(header: str) -> None:
    with Site({"*": _json({"name": "jobs/1"}, headers={"Retry-After": header})}) as site:
        assert JobsClient(site.url("")).get("/v1/jobs/1").retry_after <= 30
