"""Texts of the API in the language that a request asks for, beside the English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sitebookify.jobs import JobState, Progress, Stage, WebhookDelivery
from sitebookify.messages import Message
from support.api import SPEC, Api

JA = {"accept-language": "ja"}
START = "https://example.com/docs/"
NOBODY = "5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d"
NOT_FOUND = Message("job.start_page", url=START, why=Message("page.status", status=404))


def details(answer: Any, kind: str) -> dict[str, Any]:
    """The detail of this kind in an error's answer, or nothing."""
    found = answer.json()["error"]["details"]
    return next((item for item in found if item["@type"].endswith(kind)), {})


async def test_an_error_is_said_in_the_language_that_is_asked_for() -> None:
    wrong = {"spec": {"sourceUrl": "ftp://example.com/", "title": "x" * 300, "formats": ["doc"]}}
    async with Api().client() as client:
        japanese = await client.post("/v1/jobs", json=wrong, headers=JA)
        english = await client.post("/v1/jobs", json=wrong)
        chosen = await client.post("/v1/jobs", json=wrong, headers={"cookie": "lang=ja"})
    localized = details(japanese, "LocalizedMessage")
    assert localized["locale"] == "ja"
    assert localized["message"].startswith("spec.sourceUrl: http:// または https:// で始まるアドレス")
    assert "ほか 2 件" in localized["message"]
    fields = {item["field"]: item["localizedMessage"] for item in details(japanese, "BadRequest")["fieldViolations"]}
    assert fields["spec.title"] == {"locale": "ja", "message": "256 文字以内で指定してください。"}
    assert "'html', 'pdf'" in fields["spec.formats[0]"]["message"]
    assert japanese.json()["error"]["message"] == english.json()["error"]["message"]
    assert details(english, "LocalizedMessage") == {}
    assert "localizedMessage" not in english.text
    assert details(chosen, "LocalizedMessage") == localized
    assert "accept-language" in english.headers["vary"]


async def test_errors_of_a_moment_in_japanese() -> None:
    """A quota, a job that is none, a site that is not there, a job in another state, a page for people."""
    api = Api()
    done = api.finished({"book.md": b"#"})
    async with api.client(headers=JA) as client:
        answers = [
            await client.get(f"/v1/jobs/{NOBODY}"),
            await client.get("/preview", params={"url": START}),
            await client.post(f"/v1/jobs/{done.id}:cancel", json={}),
            await client.get("/nowhere"),
        ]
        page = await client.get(f"/jobs/{done.id}/read", headers={"accept": "text/html"})
        for _ in range(99):
            refused = await client.post("/v1/jobs", json={"spec": SPEC})
            if refused.status_code == 429:
                break
    said = [details(answer, "LocalizedMessage")["message"] for answer in answers]
    assert said == [
        f"ジョブ {NOBODY} は見つかりません。存在しないか、削除されたか、保存期間が過ぎています。",
        f"{START} を取得できません: 公開されたインターネット上に、この名前のホストはありません。",
        f"ジョブ {done.id} の状態は完成です。中止できるのは、待機中か実行中のジョブだけです。",
        "/nowhere には何もありません。/openapi.json を参照してください。",
    ]
    assert "このジョブにそのファイルはありません。" in page.text
    assert re.search(r"上限の \d+ 件", details(refused, "LocalizedMessage")["message"])


async def test_a_job_is_described_in_the_language_that_is_asked_for() -> None:
    """Its progress, its error and its webhook; the English stands beside them, and the answers are told apart."""
    api = Api()
    progress = Progress(stage=Stage.CRAWL, percent=10, message=Message("progress.fetched", count=1200))
    running = api.add(lambda job: replace(job.moved(JobState.RUNNING, job.create_time), progress=progress))
    failed = api.failed(NOT_FOUND, "START_PAGE_NOT_FOUND")
    news = WebhookDelivery(due=datetime.now(UTC), attempts=1, last_error=Message("webhook.status", status=500))
    told = api.add(lambda job: replace(job.moved(JobState.CANCELLED, job.create_time), webhook=news))

    async def both(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
        english, japanese = await client.get(path), await client.get(path, headers=JA)
        assert english.headers["etag"] != japanese.headers["etag"]
        assert "accept-language" in english.headers["vary"]
        return english.json(), japanese.json()

    async with api.client() as client:
        english, japanese = await both(f"/v1/jobs/{running.id}")
        assert english["message"] == japanese["message"] == "Fetched 1,200 pages"
        assert "localizedMessage" not in english
        assert japanese["localizedMessage"] == {"locale": "ja", "message": "1,200 ページを取得済み"}
        english, japanese = await both(f"/v1/jobs/{failed.id}")
        assert english["error"]["message"] == f"The start page {START} cannot be fetched: the server answered 404."
        why = f"開始ページ {START} を取得できません: サーバーの応答は 404 でした。"
        assert japanese["error"]["localizedMessage"]["message"] == why
        _, operation = await both(f"/v1/operations/{failed.id}")
        (detail,) = (item for item in operation["error"]["details"] if item["@type"].endswith("LocalizedMessage"))
        assert detail["message"] == why
        _, japanese = await both(f"/v1/jobs/{told.id}")
        assert japanese["webhook"]["localizedLastError"]["message"] == "受信側の応答は 500 でした"


async def test_a_job_of_an_older_version_is_described_in_english() -> None:
    """Its record has no ids; nothing claims to be a translation."""
    api = Api()
    failed = api.failed("The start page cannot be fetched: it is empty.", "START_PAGE_NOT_HTML")
    async with api.client(headers=JA) as client:
        job = (await client.get(f"/v1/jobs/{failed.id}")).json()
        page = await client.get(f"/jobs/{failed.id}")
    assert job["error"]["message"] == "The start page cannot be fetched: it is empty."
    assert "localizedMessage" not in job["error"]
    assert "it is empty." in page.text
