"""Errors in Japanese, beside the English: whatever a person can be told has its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import sitebookify
import sitebookify_api
from sitebookify.book.crawl.opening import _ADVICE, _OTHERWISE
from sitebookify.egress.errors import FetchError, Reason
from sitebookify_api.language import sentence, texts, translated
from sitebookify_api.parsing import _DESCRIPTIONS
from support.api import SPEC, Api

JA = {"accept-language": "ja"}
API = Path(sitebookify_api.__file__).parent
GUIDE = Path(__file__).parents[2] / "docs/api.md"
SHARED = Path(sitebookify.__file__).parent
CONTEXT = {"max_length": 256, "ge": 1, "le": 10, "expected": "'html' or 'pdf'"}
NOT_OF_A_FIELD_ONE_FILLS_IN = {"enum"}
"""What it expects is a list of constants: the general words of a wrong field are as good."""
START = "https://example.com/docs/"


def calls(folder: Path, name: str) -> Iterator[ast.Call]:
    """Calls of a function or class of this name in the sources."""
    return (call for call in _calls(folder) if getattr(call.func, "id", "") == name)


@lru_cache
def _calls(folder: Path) -> list[ast.Call]:
    trees = (ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py"))
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def constants(found: Iterator[ast.Call], keyword: str, place: int) -> set[str]:
    """The constant that each call is given by the keyword or at the place, where it is one."""
    given = [
        next((word.value for word in call.keywords if word.arg == keyword), (*call.args, *[None] * 9)[place])
        for call in found
    ]
    return {str(node.value) for node in given if isinstance(node, ast.Constant)}


def test_every_reason_of_the_api_has_words() -> None:
    """Of the sources and of the guide's table."""
    reasons = constants(calls(API, "Status"), "reason", 8) | constants(calls(API, "exhausted"), "reason", 0)
    assert {"TOO_MANY_JOBS", "SITE_UNAVAILABLE", "JOB_NOT_FOUND"} <= reasons
    table = re.findall(r"^\| \d{3} \| \w+ \| `(\w+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert len(table) > 15
    reasons |= set(table)
    assert reasons - texts("ja").refused.keys() == set()


def test_every_reason_for_which_a_job_fails_has_words() -> None:
    reasons = {reason for reason, _ in (*_ADVICE.values(), _OTHERWISE)} | {"DISPATCH_FAILED", "JOB_FAILED"}
    for kind in ("JobError", "PermanentError"):
        reasons |= constants(calls(SHARED, kind), "reason", 1)
    assert {"DEAD_LETTERED", "NOTHING_TO_EXTRACT"} <= reasons
    assert reasons - texts("ja").failed.keys() == set()


def test_every_way_in_which_a_field_is_wrong_has_words() -> None:
    fixed = {text.format(**CONTEXT) for kind, text in _DESCRIPTIONS.items() if kind not in NOT_OF_A_FIELD_ONE_FILLS_IN}
    own = {text for text in constants(calls(API, "PydanticCustomError"), "", 1) if "{" not in text}
    assert len(own) > 5
    assert {text for text in fixed | own if not translated(text, texts("ja").refused)} == set()


@pytest.mark.parametrize("why", [why for _, why in (*_ADVICE.values(), _OTHERWISE)] + ["its server answered 403"])
def test_why_a_start_page_cannot_be_fetched_has_words(why: str) -> None:
    said = translated(f"The start page {START} cannot be fetched: {why}.", texts("ja").told)
    assert START in said


@pytest.mark.parametrize("reason", Reason)
def test_why_a_fetch_failed_has_words(reason: Reason) -> None:
    why = str(FetchError(reason))
    assert translated(why, texts("ja").told)
    assert translated(why, texts("ja").refused)
    assert START in translated(f"{START} cannot be fetched: {why}", texts("ja").refused)


@pytest.mark.parametrize("group", ["told", "refused"])
def test_a_translation_has_places_for_no_more_than_varies(group: str) -> None:
    for language in ("en", "ja"):
        known: dict[str, str] = getattr(texts(language), group)
        for key, text in known.items():
            if key != "and_more":
                places = [int(place) for place in re.findall(r"\{(\w+)\}", text)]
                assert max(places, default=-1) < key.count("#"), key
                assert sentence(key.replace("#", "7")) == key


def test_scripts_find_what_varies_as_the_server_does() -> None:
    """The pattern is written twice, for Python and for the browser."""
    script = files("sitebookify_api.web").joinpath("static", "page.js").read_text("utf-8")
    found = re.search(r"VARYING = /(.+)/g;", script)
    assert found
    in_python = re.sub(r"\\/", "/", found[1])
    for said in (
        "The start page https://a.example/b cannot be fetched: its server answered 404.",
        "book.pdf was not made: the book has 9,000 KB of text",
        "job 5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d is done",
    ):
        assert re.sub(in_python, "#", said, flags=re.ASCII) == sentence(said)


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
    assert fields["spec.formats[0]"]["message"] == "この値は使えません。"
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
            await client.get("/v1/jobs/5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d"),
            await client.get("/preview", params={"url": START}),
            await client.post(f"/v1/jobs/{done.id}:cancel", json={}),
            await client.get("/nowhere"),
        ]
        page = await client.get(f"/jobs/{done.id}/read", headers={"accept": "text/html"})
        for _ in range(99):
            refused = await client.post("/v1/jobs", json={"spec": SPEC})
            if refused.status_code == 429:
                break
    await api.egress.close()
    said = [details(answer, "LocalizedMessage")["message"] for answer in answers]
    assert said == [
        "このジョブは見つかりません。存在しないか、削除されたか、保存期間が過ぎています。",
        f"{START} を取得できません: ホスト名が見つかりません。",
        "ジョブが今の状態では、この操作はできません。ページを再読み込みして状態を確かめてください。",
        "このアドレスには何もありません。",
    ]
    assert "ファイルがありません。" in page.text
    assert re.search(r"上限の \d+ 件", details(refused, "LocalizedMessage")["message"])
