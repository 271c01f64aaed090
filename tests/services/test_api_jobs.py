"""Jobs over HTTP: created, read, changed; bad input is told what to mend."""

from __future__ import annotations

import json
import sys
import uuid
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from sitebookify.formats import ALWAYS, Format
from sitebookify.jobs import JobState, Progress
from sitebookify.messages import literal
from sitebookify.settings import load_settings
from support.api import SPEC, Api


@pytest.fixture
def api() -> Api:
    return Api()


async def test_a_created_job_is_queued_stored_and_sent(api: Api) -> None:
    async with api.client() as client:
        operation = (await client.post("/v1/jobs", json={"spec": SPEC})).json()
        job_id = operation["name"].removeprefix("operations/")
        job = (await client.get(f"/v1/jobs/{job_id}")).json()
    assert operation["done"] is False
    assert operation["metadata"]["@type"] == "type.googleapis.com/sitebookify.v1.CreateJobMetadata"
    assert operation["metadata"]["job"] == job["name"] == f"jobs/{job_id}"
    assert job["state"] == "STATE_QUEUED"
    assert api.dispatcher.sent == [(job_id, 0)]


async def test_unset_fields_have_the_defaults_and_come_back_in_proto3_json(api: Api) -> None:
    async with api.client() as client:
        body = {"spec": {**SPEC, "maxPages": 0, "title": "", "tocEngine": None, "tone": "", "concurrency": 7.0}}
        operation = (await client.post("/v1/jobs", json=body)).json()
        job = (await client.get(f"/v1/{operation['metadata']['job']}")).json()
    expected = {
        "sourceUrl": "https://example.com/docs/",
        "title": "",
        "maxPages": 200,
        "maxDepth": 8,
        "concurrency": 7,
        "requestDelay": "0.2s",
        "languageCode": "",
        "tone": "",
        "tocEngine": "ENGINE_NOOP",
        "renderEngine": "ENGINE_NOOP",
        "include": [],
        "exclude": [],
        "ignoreRobots": False,
        "webhookUrl": "",
        "formats": ["markdown", "epub", "zip"],
    }
    assert job["spec"] | expected == job["spec"]
    assert "startTime" not in job
    assert job["createTime"].endswith("Z")


async def test_snake_case_names_and_output_only_fields_are_taken(api: Api) -> None:
    async with api.client() as client:
        body = {
            "name": "jobs/ignored",
            "progressPercent": 7,
            "spec": {"source_url": "http://example.com/", "request_delay": "0s", "max_pages": 3},
        }
        operation = (await client.post("/v1/jobs", json=body)).json()
        job = (await client.get(f"/v1/{operation['metadata']['job']}")).json()
    assert (job["spec"]["requestDelay"], job["spec"]["maxPages"], job["progressPercent"]) == ("0s", 3, 0)


async def test_formats_are_added_to_those_that_always_come_each_once(api: Api) -> None:
    async with api.client() as client:
        spec = {**SPEC, "formats": ["pdf", "html", "epub", "html"]}
        operation = (await client.post("/v1/jobs", json={"spec": spec})).json()
        job = (await client.get(f"/v1/{operation['metadata']['job']}")).json()
    assert job["spec"]["formats"] == ["markdown", "epub", "zip", "html", "pdf"]
    assert api.jobs.get(job["name"].removeprefix("jobs/")).job.spec.formats == (*ALWAYS, Format.HTML, Format.PDF)


async def test_pdf_is_refused_where_the_server_cannot_make_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own way to say that a package is not there."""
    monkeypatch.setitem(sys.modules, "typst", None)
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": {**SPEC, "formats": ["html", "pdf"]}})
        without = await client.post("/v1/jobs", json={"spec": {**SPEC, "formats": ["html"]}})
    error = response.json()["error"]
    assert (response.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    violation = error["details"][1]["fieldViolations"][0]
    assert violation["field"] == "spec.formats[1]"
    assert "pip install 'typst>=0.15'" in violation["description"]
    assert without.status_code == 200


BAD_SPECS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no URL": ({}, "spec.sourceUrl", "is required"),
    "empty URL": ({"sourceUrl": ""}, "spec.sourceUrl", "must start with http:// or https://"),
    "ftp": ({"sourceUrl": "ftp://example.com/"}, "spec.sourceUrl", "must start with http:// or https://"),
    "40 KB URL": ({"sourceUrl": "https://e.com/" + "a" * 40_000}, "spec.sourceUrl", "at most 2,048 characters"),
    "no host": ({"sourceUrl": "https:///docs"}, "spec.sourceUrl", "absolute URL"),
    "user name": ({"sourceUrl": "https://me:pw@example.com/"}, "spec.sourceUrl", "without user name"),
    "backslash": ({"sourceUrl": "http://a:6666\\@b/"}, "spec.sourceUrl", "backslashes"),
    "port": ({"sourceUrl": "http://a:65536/"}, "spec.sourceUrl", "absolute URL"),
    "URL no string": ({"sourceUrl": 7}, "spec.sourceUrl", "must be a string"),
    "negative pages": ({**SPEC, "maxPages": -1}, "spec.maxPages", "must be 0 or more"),
    "too many pages": ({**SPEC, "maxPages": 10_001}, "spec.maxPages", "must be 10,000 or less"),
    "pages as text": ({**SPEC, "maxPages": "many"}, "spec.maxPages", "must be a whole number"),
    "half a page": ({**SPEC, "maxPages": 1.5}, "spec.maxPages", "must be a whole number"),
    "true pages": ({**SPEC, "maxPages": True}, "spec.maxPages", "must be a whole number"),
    "too deep": ({**SPEC, "maxDepth": 129}, "spec.maxDepth", "must be 128 or less"),
    "too wide": ({**SPEC, "concurrency": 257}, "spec.concurrency", "must be 256 or less"),
    "delay as number": ({**SPEC, "requestDelay": 0.2}, "spec.requestDelay", 'such as "0.2s"'),
    "negative delay": ({**SPEC, "requestDelay": "-1s"}, "spec.requestDelay", 'such as "0.2s"'),
    "long delay": ({**SPEC, "requestDelay": "601s"}, "spec.requestDelay", "must be 600 or less"),
    "long title": ({**SPEC, "title": "x" * 257}, "spec.title", "at most 256 characters"),
    "no language": ({**SPEC, "languageCode": "Klingonish"}, "spec.languageCode", "must name a language"),
    "long language": ({**SPEC, "languageCode": "x" * 65}, "spec.languageCode", "at most 64 characters"),
    "long tone": ({**SPEC, "tone": "x" * 65}, "spec.tone", "at most 64 characters"),
    "unknown engine": ({**SPEC, "tocEngine": "ENGINE_MAGIC"}, "spec.tocEngine", "ENGINE_NOOP"),
    "OpenAI": ({**SPEC, "renderEngine": "ENGINE_OPENAI"}, "spec.renderEngine", "not available on this server"),
    "unknown field": ({**SPEC, "pages": 3}, "spec.pages", "is not a field of this request"),
    "unknown format": ({**SPEC, "formats": ["html", "mobi"]}, "spec.formats[1]", "pdf"),
    "format as text": ({**SPEC, "formats": "html"}, "spec.formats", "must be a list"),
    "empty glob": ({**SPEC, "include": ["/a/**", ""]}, "spec.include[1]", "must start with /"),
}


@pytest.mark.parametrize("case", BAD_SPECS)
async def test_a_bad_spec_is_refused_with_the_field_and_the_fix(api: Api, case: str) -> None:
    spec, field, fix = BAD_SPECS[case]
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": spec})
    error = response.json()["error"]
    assert (response.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
    violation = error["details"][1]["fieldViolations"][0]
    assert violation["field"] == field
    assert fix in violation["description"]
    assert field in error["message"]
    assert api.dispatcher.sent == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"spec": {"sourceUrl": ', ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
        (b'{"spec": {"sourceUrl": "https://e.com/", "maxPages": NaN}}', ""),
        (b"[]", ""),
        (b"7", ""),
        (b"{}", "spec"),
        (b"", "spec"),
        (b'{"spec": null}', "spec"),
        (b'{"spec": []}', "spec"),
        (b'{"sourceUrl": "https://e.com/"}', "sourceUrl"),
        (b'{"spec": {"sourceUrl": "https://e.com/"}, "more": 1}', "more"),
    ],
)
async def test_a_broken_body_is_refused(api: Api, body: bytes, field: str) -> None:
    async with api.client() as client:
        response = await client.post("/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == field


async def test_many_violations_are_told_at_once(api: Api) -> None:
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": {"maxPages": -1, "maxDepth": -1}})
    fields = {item["field"] for item in response.json()["error"]["details"][1]["fieldViolations"]}
    assert fields == {"spec.sourceUrl", "spec.maxPages", "spec.maxDepth"}


async def test_a_job_id_of_the_clients_choice_can_be_used_once(api: Api) -> None:
    job_id = str(uuid.uuid4())
    async with api.client() as client:
        first = await client.post("/v1/jobs", params={"jobId": job_id.upper()}, json={"spec": SPEC})
        second = await client.post("/v1/jobs", params={"job_id": job_id}, json={"spec": SPEC})
        third = await client.post("/v1/jobs", params={"jobId": "mine"}, json={"spec": SPEC})
    assert first.json()["name"] == f"operations/{job_id}"
    assert (second.status_code, second.json()["error"]["status"]) == (409, "ALREADY_EXISTS")
    assert third.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "jobId"


async def test_progress_and_error_of_a_job_are_shown(api: Api) -> None:
    failed = api.failed("The start page could not be read.", "START_PAGE_UNREACHABLE")
    running = api.add(
        lambda job: replace(
            job.moved(JobState.RUNNING, job.create_time),
            progress=Progress(
                percent=40, message=literal("Reading pages"), pages_fetched=12, pages_failed=1, pages_queued=5
            ),
        )
    )
    async with api.client() as client:
        bad = (await client.get(f"/v1/jobs/{failed.id}")).json()
        good = (await client.get(f"/v1/jobs/{running.id}")).json()
    assert bad["state"] == "STATE_ERROR"
    assert bad["error"] == {
        "code": 9,
        "message": "The start page could not be read.",
        "reason": "START_PAGE_UNREACHABLE",
    }
    assert "expireTime" in bad
    assert good["progressPercent"] == 40
    assert good["progress"] == {
        "stage": "crawl",
        "pagesFetched": 12,
        "pagesFailed": 1,
        "pagesQueued": 5,
        "textsEdited": 0,
        "textsKept": 0,
        "inputTokens": "0",
        "outputTokens": "0",
        "costUsd": 0.0,
    }


PREDECESSOR = {
    "sourceUrl": "https://example.com/docs/",
    "title": "",
    "maxPages": 200,
    "maxDepth": 8,
    "requestDelay": "0.2s",
    "languageCode": "日本語",
    "tone": "簡潔で敬語",
    "tocEngine": "ENGINE_OPENAI",
    "renderEngine": "ENGINE_OPENAI",
}
"""As the page of the service before this one sent it."""


async def test_the_order_that_the_predecessor_took_is_taken() -> None:
    api = Api(settings=load_settings(openai_model="m", openai_api_key=SecretStr("k")))
    async with api.client() as client:
        operation = (await client.post("/v1/jobs", json={"spec": PREDECESSOR})).json()
        job = (await client.get(f"/v1/{operation['metadata']['job']}")).json()
    assert job["spec"]["renderEngine"] == job["spec"]["tocEngine"] == "ENGINE_OPENAI"
    assert job["spec"]["tone"] == "簡潔で敬語"
    assert job["spec"]["edition"] == "EDITION_TRANSLATION"


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"languageCode": "", "tocEngine": "ENGINE_NOOP"}, "spec.languageCode"),
        ({"maxCost": 3}, "spec.maxCost"),
    ],
)
async def test_what_a_model_cannot_do_is_refused_before_the_crawl(spec: dict[str, Any], field: str) -> None:
    api = Api(settings=load_settings(openai_model="m", openai_api_key=SecretStr("k")))
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": PREDECESSOR | spec})
    assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == field


async def test_a_server_without_a_model_makes_no_contents_by_one(api: Api) -> None:
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": {**SPEC, "tocEngine": "ENGINE_OPENAI"}})
    assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "spec.tocEngine"


async def test_a_retry_may_raise_the_limits_of_the_language_model() -> None:
    api = Api(settings=load_settings(token_price_input=1.0, token_price_output=2.0))
    job = api.failed("The translation has cost too much.", "BUDGET_EXCEEDED", max_cost=1.0, max_tokens=500)
    async with api.client() as client:
        await client.post(f"/v1/jobs/{job.id}:retry", json={"maxCost": 2.5})
    spec = api.jobs.read(job.id).job.spec
    assert (spec.max_cost, spec.max_tokens) == (2.5, 500)


async def test_a_limit_that_cannot_be_enforced_is_refused_at_a_retry(api: Api) -> None:
    job = api.failed("The translation has taken too many tokens.", "BUDGET_EXCEEDED", max_tokens=500)
    async with api.client() as client:
        response = await client.post(f"/v1/jobs/{job.id}:retry", json={"maxCost": 2.5})
    assert response.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "maxCost"
    assert api.jobs.read(job.id).job.state is JobState.ERROR


async def test_cancel_retry_and_delete(api: Api) -> None:
    job = api.add()
    async with api.client() as client:
        assert (await client.get(f"/v1/jobs/{job.id}")).json()["state"] == "STATE_QUEUED"
        cancelled = await client.post(f"/v1/jobs/{job.id}:cancel", json={})
        assert cancelled.json()["state"] == "STATE_CANCELLED"
        assert (await client.get(f"/v1/jobs/{job.id}")).json()["state"] == "STATE_CANCELLED"
        retried = await client.post(f"/v1/jobs/{job.id}:retry")
        assert retried.json()["done"] is False
        assert (await client.post(f"/v1/jobs/{job.id}:retry")).json()["error"]["status"] == "FAILED_PRECONDITION"
        assert (await client.delete(f"/v1/jobs/{job.id}")).json() == {}
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 404
        assert (await client.delete(f"/v1/jobs/{job.id}")).status_code == 404


async def test_a_queue_that_is_away_is_told_as_such(api: Api) -> None:
    api.dispatcher.failures = 1
    async with api.client() as client:
        response = await client.post("/v1/jobs", json={"spec": SPEC})
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["error"]["status"] == "UNAVAILABLE"


async def test_the_body_is_json_and_says_so(api: Api) -> None:
    body = json.dumps({"spec": SPEC}).encode()
    async with api.client() as client:
        plain = await client.post("/v1/jobs", content=body, headers={"content-type": "text/plain"})
        with_charset = await client.post(
            "/v1/jobs", content=body, headers={"content-type": "application/JSON; charset=utf-8"}
        )
        huge = await client.post("/v1/jobs", json={"spec": {**SPEC, "title": "x" * 300_000}})
    assert plain.status_code == 415
    assert with_charset.status_code == 200
    assert huge.status_code == 413


async def test_a_language_may_be_given_by_its_name(api: Api) -> None:
    async with api.client() as client:
        await client.post("/v1/jobs", json={"spec": {**SPEC, "languageCode": "日本語"}})
        listed = await client.get("/v1/jobs")
    assert listed.json()["jobs"][0]["spec"]["languageCode"] == "ja"


async def test_a_paused_server_takes_neither_jobs_nor_retries_but_serves_what_there_is() -> None:
    api = Api(settings=load_settings(server_private=True, accept_jobs=False))
    job = api.failed("The site is down.", "START_PAGE_UNREACHABLE")
    async with api.client() as client:
        created = await client.post("/v1/jobs", json={"spec": SPEC})
        retried = await client.post(f"/v1/jobs/{job.id}:retry", json={})
        read = await client.get(f"/v1/jobs/{job.id}")
    assert [created.status_code, retried.status_code, read.status_code] == [503, 503, 200]
    assert created.json()["error"]["details"][0]["reason"] == "PAUSED"
    assert api.dispatcher.sent == []


async def test_a_server_may_limit_the_pages_of_a_job() -> None:
    api = Api(settings=load_settings(server_private=True, max_pages_per_job=60))
    async with api.client() as client:
        refused = await client.post("/v1/jobs", json={"spec": {**SPEC, "maxPages": 61}})
        taken = await client.post("/v1/jobs", json={"spec": {**SPEC, "maxPages": 60}})
        default = await client.post("/v1/jobs", json={"spec": SPEC})
        job = (await client.get(f"/v1/{default.json()['metadata']['job']}")).json()
    violation = refused.json()["error"]["details"][1]["fieldViolations"][0]
    assert refused.status_code == 400
    assert (violation["field"], violation["description"]) == ("spec.maxPages", "must be 60 or less")
    assert taken.status_code == 200
    assert job["spec"]["maxPages"] == 60


async def test_a_server_may_forbid_jobs_that_ignore_robots() -> None:
    api = Api(settings=load_settings(server_private=True, allow_ignore_robots=False))
    async with api.client() as client:
        refused = await client.post("/v1/jobs", json={"spec": {**SPEC, "ignoreRobots": True}})
        taken = await client.post("/v1/jobs", json={"spec": {**SPEC, "ignoreRobots": False}})
    assert refused.status_code == 400
    assert refused.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "spec.ignoreRobots"
    assert taken.status_code == 200
