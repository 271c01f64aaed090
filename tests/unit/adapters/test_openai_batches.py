"""Batches on a server of the API, whose answers are made of the library's own types."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.responses import Response

from sitebookify.adapters.openai_batches import OpenAiBatches
from sitebookify.adapters.openai_model import ModelSettings
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.prompt import Voice, request_for, texts_of
from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.ports import BatchPhase, Ending, ModelAnswer
from sitebookify.settings import ModelApi
from support.batch_desk import BatchDesk
from support.model_server import ModelServer, cut_off, model_server, problem
from support.pseudo_model import pseudo

UNITS = {f"name-{number}": Unit((f"The text {number} of all.",)) for number in range(5)}
VOICE = Voice(language="ja", language_name="Japanese", terms={})
REQUESTS = {name: request_for(unit, VOICE) for name, unit in UNITS.items()}


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture
def server(shared_server: ModelServer) -> ModelServer:
    """The server with nothing on its desk."""
    desk = shared_server.batches
    for name, value in vars(BatchDesk()).items():
        setattr(desk, name, value)
    shared_server.behaviour, shared_server.bodies = None, []
    return shared_server


@asynccontextmanager
async def connected(server: ModelServer, **options: Any) -> AsyncIterator[OpenAiBatches]:
    batches = OpenAiBatches(ModelSettings(key="k", base_url=server.url, model="m", **options))
    try:
        yield batches
    finally:
        await batches.close()


async def answered(batches: OpenAiBatches, *, label: str = "1") -> dict[str, ModelAnswer]:
    """The answers to all requests of a batch that has ended."""
    batch = await batches.create(REQUESTS, job_id="job", label=label)
    assert (await batches.status(batch)).phase is BatchPhase.ENDED
    return {name: answer async for name, answer in batches.answers(batch)}


@pytest.mark.parametrize("api", ModelApi)
@pytest.mark.anyio
async def test_answers_come_under_their_names(server: ModelServer, api: ModelApi) -> None:
    async with connected(server, api=api) as batches:
        answers = await answered(batches)
    assert {name: texts_of(answer.text, UNITS[name])[0] for name, answer in answers.items()} == {
        name: pseudo(unit.texts[0], "ja") for name, unit in UNITS.items()
    }
    assert all(answer.input_tokens > 0 < answer.output_tokens and not answer.estimated for answer in answers.values())


@pytest.mark.anyio
async def test_lines_without_an_answer_are_missing_or_say_why(server: ModelServer) -> None:
    def by_text(items: dict[int, str], _number: int) -> str | Response:
        answers: dict[str, str | Response] = {
            "0": problem(500),
            "1": problem(400, "context_length_exceeded"),
            "2": problem(429, "rate_limit_exceeded"),
            "3": cut_off("x"),
        }
        return answers.get(items[1].split()[2], "fine")

    server.behaviour = by_text
    async with connected(server) as batches:
        answers = await answered(batches)
    endings = {name: answer.ending for name, answer in answers.items()}
    assert endings == {"name-1": Ending.TOO_LONG, "name-3": Ending.CUT_OFF, "name-4": Ending.COMPLETE}


@pytest.mark.anyio
async def test_a_line_that_no_waiting_changes_ends_the_job(server: ModelServer) -> None:
    server.behaviour = lambda _items, _number: problem(401, "invalid_api_key")
    async with connected(server) as batches:
        with pytest.raises(PermanentError) as caught:
            await answered(batches)
    assert caught.value.reason == "MODEL_ACCESS_DENIED"


@pytest.mark.anyio
async def test_of_a_batch_that_expired_the_answers_are_there(server: ModelServer) -> None:
    server.batches.most = 2
    async with connected(server) as batches:
        assert (await answered(batches)).keys() == {"name-4", "name-3"}


@pytest.mark.anyio
async def test_a_batch_that_is_not_taken_says_why(server: ModelServer) -> None:
    server.batches.failure = "token_limit_exceeded"
    async with connected(server) as batches:
        batch = await batches.create(REQUESTS, job_id="job", label="1")
        status = await batches.status(batch)
    assert (status.phase, status.code) == (BatchPhase.FAILED, "token_limit_exceeded")
    assert status.detail


@pytest.mark.anyio
async def test_a_batch_whose_id_was_lost_is_found_and_a_jobs_batches_are_cancelled(server: ModelServer) -> None:
    server.batches.polls, server.batches.lost = 9, 1
    async with connected(server) as batches:
        with pytest.raises(ModelBusy):
            await batches.create(REQUESTS, job_id="job", label="2")
        await batches.create(REQUESTS, job_id="another", label="2")
        (batch,) = await batches.find(job_id="job", label="2")
        assert await batches.find(job_id="job") == [batch]
        assert await batches.find(job_id="job", label="3") == []
        await batches.cancel(batch)
        assert (await batches.status(batch)).phase is BatchPhase.ENDED
        assert await batches.find(job_id="job") == []
        assert await batches.find(job_id="job", label="2") == [batch]
        await batches.cancel(batch)


@pytest.mark.anyio
async def test_nothing_is_left_of_a_batch_that_is_discarded(server: ModelServer) -> None:
    server.batches.most = 2
    async with connected(server) as batches:
        batch = await batches.create(REQUESTS, job_id="job", label="1")
        await batches.status(batch)
        await batches.discard(batch)
        assert {*server.batches.deleted} == {*server.batches.files}
        assert [name async for name, _ in batches.answers(batch)] == []
        assert (await batches.status("batch_none")).phase is BatchPhase.ENDED


@pytest.mark.anyio
async def test_lines_that_make_no_sense_are_left_out(server: ModelServer) -> None:
    async with connected(server) as batches:
        batch = await batches.create(REQUESTS, job_id="job", label="1")
        await batches.status(batch)
        file = server.batches.batches[batch]["output_file_id"]
        good = server.batches.files[file]
        odd = [b"{", b"[]", b"null", b'"x"', b'{"custom_id": 1}', b'{"custom_id": "a", "response": []}', b"[" * 20_000]
        odd += [
            json.dumps({"custom_id": "b", "response": {"status_code": code, "body": {}}}).encode()
            for code in (200, "x")
        ]
        odd += [b'{"custom_id": "c", "response": {"status_code": 200, "body": {"output": [1], "_fields_set": 2}}}']
        server.batches.files[file] = b"\n".join([*odd, b"x" * 9_000_000, good])
        assert {name async for name, _ in batches.answers(batch)} == {*REQUESTS}


@pytest.mark.anyio
async def test_a_service_without_batches_says_so(server: ModelServer) -> None:
    async with connected(ModelServer(url=server.url.replace("/v1", "/v2"))) as batches:
        with pytest.raises(PermanentError) as caught:
            await batches.create(REQUESTS, job_id="job", label="1")
    assert caught.value.reason == "MODEL_WITHOUT_BATCHES"
