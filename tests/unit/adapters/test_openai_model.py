"""The language model's adapter on a server of both APIs, whose answers are made of the library's own types."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse

from sitebookify.adapters.openai_model import ModelSettings, OpenAiModel
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.prompt import Voice, request_for, texts_of
from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.ports import Ending, ModelAnswer
from sitebookify.settings import ModelApi
from support.model_server import ModelServer, cut_off, model_server, problem, refusal
from support.pseudo_model import pseudo

UNIT = Unit(("The first text.", "Run <c1>git push</c1> now."))
REQUEST = request_for(UNIT, Voice(language="ja", language_name="Japanese", terms={}))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@asynccontextmanager
async def connected(server: ModelServer, **options: Any) -> AsyncIterator[OpenAiModel]:
    model = OpenAiModel(ModelSettings(key="k", base_url=server.url, model="m", **options))
    try:
        yield model
    finally:
        await model.close()


async def asked(server: ModelServer, behaviour: Any = None, **options: Any) -> ModelAnswer:
    server.behaviour, server.bodies = behaviour, []
    async with connected(server, **options) as model:
        return await model.answer(REQUEST)


@pytest.mark.parametrize("api", ModelApi)
@pytest.mark.anyio
async def test_an_answer_comes_with_what_it_cost(server: ModelServer, api: ModelApi) -> None:
    answer = await asked(server, api=api)
    assert answer.ending is Ending.COMPLETE
    assert texts_of(answer.text, UNIT) == tuple(pseudo(text, "ja") for text in UNIT.texts)
    assert answer.input_tokens > 0 < answer.output_tokens
    assert not answer.estimated


@pytest.mark.anyio
async def test_requests_are_as_the_apis_want_them(server: ModelServer) -> None:
    await asked(server, effort="low")
    (body,) = server.bodies
    assert body["store"] is False
    assert body["text"]["format"]["strict"] is True
    assert body["reasoning"] == {"effort": "low"}
    assert {"temperature", "truncation", "tools"}.isdisjoint(body)
    await asked(server, api=ModelApi.CHAT, structured=False)
    (body,) = server.bodies
    assert body.keys() == {"model", "messages", "max_tokens"}


@pytest.mark.parametrize("api", ModelApi)
@pytest.mark.parametrize(("mark", "ending"), [(cut_off, Ending.CUT_OFF), (refusal, Ending.REFUSED)])
@pytest.mark.anyio
async def test_an_answer_says_why_it_ends(server: ModelServer, api: ModelApi, mark: Any, ending: Ending) -> None:
    answer = await asked(server, lambda _items, _number: mark("cut"), api=api)
    assert answer.ending is ending


@pytest.mark.parametrize(
    ("status", "code", "headers", "seconds"),
    [
        (429, "rate_limit_exceeded", {"retry_after": "7"}, 7.0),
        (429, "slow_down", {"retry_after_ms": "1500"}, 1.5),
        (503, "server_is_overloaded", {}, None),
        (500, "", {"retry_after": "soon"}, None),
    ],
)
@pytest.mark.anyio
async def test_a_busy_model_is_asked_once(
    server: ModelServer, status: int, code: str, headers: dict[str, str], seconds: float | None
) -> None:
    with pytest.raises(ModelBusy) as caught:
        await asked(server, lambda _items, _number: problem(status, code, **headers))
    assert caught.value.retry_after == seconds
    assert len(server.bodies) == 1, "the library retries nothing"


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (401, "invalid_api_key", "MODEL_ACCESS_DENIED"),
        (404, "model_not_found", "MODEL_NOT_FOUND"),
        (429, "insufficient_quota", "MODEL_QUOTA_EXHAUSTED"),
        (400, "unsupported_value", "MODEL_REQUEST_REFUSED"),
    ],
)
@pytest.mark.anyio
async def test_what_no_waiting_changes_ends_the_job(server: ModelServer, status: int, code: str, reason: str) -> None:
    with pytest.raises(PermanentError) as caught:
        await asked(server, lambda _items, _number: problem(status, code))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("code", "ending"), [("context_length_exceeded", Ending.TOO_LONG), ("content_filter", Ending.REFUSED)]
)
@pytest.mark.anyio
async def test_what_only_this_text_suffers_is_an_answer(server: ModelServer, code: str, ending: Ending) -> None:
    answer = await asked(server, lambda _items, _number: problem(400, code))
    assert answer.ending is ending


@pytest.mark.anyio
async def test_a_model_that_hangs_or_is_another_server_is_away(server: ModelServer) -> None:
    server.silent = True
    try:
        with pytest.raises(ModelBusy) as caught:
            await asked(server, timeout=0.2)
    finally:
        server.silent = False
    assert caught.value.paid
    with pytest.raises(ModelBusy):
        await asked(ModelServer(url="http://127.0.0.1:9/v1"))


@pytest.mark.anyio
async def test_no_more_of_an_answer_is_read_than_answers_need(server: ModelServer) -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(500):
            sent.append(number)
            yield b"x" * 100_000

    with pytest.raises(ModelBusy):
        await asked(server, lambda _items, _number: StreamingResponse(endless()))
    assert 80 < len(sent) < 300


@pytest.mark.anyio
async def test_a_compressed_answer_is_not_unpacked(server: ModelServer) -> None:
    bomb = Response(gzip.compress(b"x" * 20_000_000), headers={"Content-Encoding": "gzip"})
    with pytest.raises(ModelBusy) as caught:
        await asked(server, lambda _items, _number: bomb)
    assert caught.value.__cause__
    assert "compressed" in str(caught.value.__cause__.__cause__)
