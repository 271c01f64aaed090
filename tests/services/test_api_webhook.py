"""A job's webhook over HTTP: ordered, kept secret, and shown in the job."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sitebookify.errors import SettingsError
from sitebookify.jobs import JobState, Progress, Spent, WebhookDelivery
from sitebookify.messages import literal
from sitebookify.runner.webhook_message import message
from sitebookify.settings import load_settings
from support.api import SPEC, Api
from support.webhook_receiver import new_secret

HOOK = "https://hooks.example.com/done?for=us"


@pytest.fixture
def api() -> Api:
    return Api(settings=load_settings(webhook_secret=new_secret()))


async def test_a_job_s_webhook_is_stored_and_its_secret_never_shown(api: Api) -> None:
    secret = new_secret()
    async with api.client() as client:
        body = {"spec": {**SPEC, "webhookUrl": HOOK, "webhookSecret": secret}}
        operation = (await client.post("/v1/jobs", json=body)).json()
        answer = await client.get(f"/v1/{operation['metadata']['job']}")
    job_id = operation["name"].removeprefix("operations/")
    spec = api.jobs.read(job_id).job.spec
    assert (spec.webhook_url, spec.webhook_secret) == (HOOK, secret)
    assert answer.json()["spec"]["webhookUrl"] == HOOK
    assert secret not in answer.text + json.dumps(operation)
    assert secret not in repr(spec)
    assert "webhook" not in answer.json()


@pytest.mark.parametrize(
    ("spec", "field", "words"),
    [
        ({"webhookUrl": "ftp://example.com/"}, "spec.webhookUrl", "must start with http:// or https://"),
        ({"webhookUrl": "https:///done"}, "spec.webhookUrl", "absolute URL"),
        ({"webhookUrl": "https://me:pw@example.com/"}, "spec.webhookUrl", "without user name"),
        ({"webhookUrl": "https://e.com/" + "a" * 2048}, "spec.webhookUrl", "at most 2,048 characters"),
        ({"webhookUrl": HOOK, "webhookSecret": "secret"}, "spec.webhookSecret", "openssl rand -base64 32"),
        ({"webhookUrl": HOOK, "webhookSecret": "whsec_c2hvcnQ="}, "spec.webhookSecret", "24 to 64 random bytes"),
        ({"webhookUrl": HOOK, "webhookSecret": "whsec_" + "€" * 40}, "spec.webhookSecret", "base64"),
        ({"webhookUrl": HOOK, "webhookSecret": new_secret() * 9}, "spec.webhookSecret", "at most 128 characters"),
    ],
)
async def test_a_webhook_that_cannot_be_is_told_what_to_mend(
    api: Api, spec: dict[str, Any], field: str, words: str
) -> None:
    async with api.client() as client:
        answer = await client.post("/v1/jobs", json={"spec": {**SPEC, **spec}})
    assert answer.status_code == 400
    (violation,) = answer.json()["error"]["details"][1]["fieldViolations"]
    assert violation["field"] == field
    assert words in violation["description"]
    assert list(api.jobs.list()) == []


async def test_without_a_secret_of_the_server_a_webhook_needs_its_own() -> None:
    async with Api(settings=load_settings()).client() as client:
        answer = await client.post("/v1/jobs", json={"spec": {**SPEC, "webhookUrl": HOOK}})
        assert answer.status_code == 400
        assert answer.json()["error"]["details"][1]["fieldViolations"][0]["field"] == "spec.webhookSecret"
        spec = {**SPEC, "webhookUrl": HOOK, "webhookSecret": new_secret()}
        assert (await client.post("/v1/jobs", json={"spec": spec})).status_code == 200


async def test_how_the_telling_went_is_in_the_job(api: Api) -> None:
    job = api.finished({"book.md": b"# Book"}, webhook_url=HOOK)
    assert job.completion_time
    due = job.completion_time + timedelta(minutes=1)
    news = WebhookDelivery(due=due, attempts=1, last_error=literal("the receiver answered 500"))
    api.jobs.update(job.id, lambda job: replace(job, webhook=news))
    async with api.client() as client:
        shown = (await client.get(f"/v1/jobs/{job.id}")).json()["webhook"]
    assert shown == {
        "attempts": 1,
        "nextAttemptTime": due.isoformat().replace("+00:00", "Z"),
        "lastError": "the receiver answered 500",
    }


def part_of(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return part.keys() <= whole.keys() and all(part_of(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(part_of, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize("state", [JobState.DONE, JobState.ERROR])
async def test_what_a_receiver_is_sent_is_part_of_the_job_as_the_api_shows_it(api: Api, state: JobState) -> None:
    """Under the same names, so that one program reads both."""
    done = state is JobState.DONE
    job = api.finished({"book.md": b"# Book", "artifact.zip": b"z"}) if done else api.failed("no", "JOB_FAILED")
    spent = Spent(input_tokens=900, output_tokens=450, cost=0.25)
    progress = Progress(pages_fetched=12, texts_edited=30, texts_kept=1)
    job = api.jobs.update(job.id, lambda job: replace(job, spent=spent, progress=progress)).job
    async with api.client() as client:
        shown = (await client.get(f"/v1/jobs/{job.id}")).json()
    data = message(job)["data"]
    assert part_of(data, shown), (data, shown)
    assert (data["progress"]["costUsd"], data["progress"]["textsKept"]) == (0.25, 1)
    assert "error" in data or data["artifacts"]


def test_a_wrong_secret_in_the_settings_stops_the_start_and_is_not_printed() -> None:
    with pytest.raises(SettingsError, match=r"^SITEBOOKIFY_WEBHOOK_SECRET: must be") as caught:
        load_settings(webhook_secret=f"{new_secret()}, whsec_hush")
    assert "hush" not in str(caught.value)
