"""`ModelBatches` on OpenAI's Batch API: a file of requests, a batch of it, and files of answers and errors.

A batch's answers come in no particular order, in two files (answers and errors), either of which may be missing. A
batch that expired or was cancelled still has the answers that were finished before, and these are charged for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import openai
import structlog
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from sitebookify.adapters.openai_model import (
    ModelSettings,
    OpenAiModel,
    Refusal,
    of_completion,
    of_response,
    refused,
)
from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.messages import Message
from sitebookify.ports import BatchPhase, BatchStatus, ModelAnswer, ModelRequest
from sitebookify.settings import ModelApi

log = structlog.get_logger()

_ENDED = frozenset(("completed", "expired", "cancelled"))
_GOING_ON = frozenset(("validating", "in_progress", "finalizing"))
_JOB, _LABEL = "sitebookify_job", "sitebookify_part"
_MOST_LISTED = 1000
"""Batches that are looked at to find a job's: the newest come first."""
_LONGEST_LINE = 8_000_000
_NOTHING = ModelRequest(instructions="", text="", schema={}, most_tokens=0)


class OpenAiBatches:
    """See the module. For one event loop; `close` it there."""

    def __init__(self, settings: ModelSettings) -> None:
        self._model = OpenAiModel(settings)
        self._client = self._model.client
        self._settings = settings

    async def close(self) -> None:
        """See `ModelBatches`."""
        await self._model.close()

    async def create(self, requests: Mapping[str, ModelRequest], *, job_id: str, label: str) -> str:
        """See `ModelBatches`."""
        path = "/v1/responses" if self._settings.api is ModelApi.RESPONSES else "/v1/chat/completions"
        data = await asyncio.to_thread(self._lines, requests, path)
        with _meaning():
            file = await self._client.files.create(file=("requests.jsonl", data), purpose="batch")
            batch = await self._client.batches.create(
                input_file_id=file.id,
                endpoint=path,  # type: ignore[arg-type]  # one of two literals
                completion_window="24h",
                metadata={_JOB: job_id, _LABEL: label},
            )
        return batch.id

    def _lines(self, requests: Mapping[str, ModelRequest], path: str) -> bytes:
        lines = (
            {"custom_id": name, "method": "POST", "url": path, "body": self._model.body(request)}
            for name, request in requests.items()
        )
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()

    async def find(self, *, job_id: str, label: str = "") -> list[str]:
        """See `ModelBatches`."""
        ids: list[str] = []
        seen = 0
        with _meaning():
            async for batch in self._client.batches.list(limit=100):
                seen += 1
                marks = batch.metadata or {}
                fits = marks.get(_LABEL) == label if label else batch.status in _GOING_ON
                if marks.get(_JOB) == job_id and fits:
                    ids.append(batch.id)
                if seen >= _MOST_LISTED or (label and ids):
                    break
        return ids

    async def status(self, batch: str) -> BatchStatus:
        """See `ModelBatches`."""
        try:
            with _meaning(missing=True):
                current = await self._client.batches.retrieve(batch)
        except _Missing:
            return BatchStatus(phase=BatchPhase.ENDED)
        counts = current.request_counts
        answered = (counts.completed or 0) + (counts.failed or 0) if counts else 0
        if current.status == "failed":
            first = next(iter((current.errors.data if current.errors else None) or ()), None)
            code, detail = (first.code or "", first.message or "") if first else ("", "")
            return BatchStatus(phase=BatchPhase.FAILED, code=code, detail=detail)
        phase = BatchPhase.ENDED if current.status in _ENDED else BatchPhase.RUNNING
        return BatchStatus(phase=phase, answered=answered)

    async def answers(self, batch: str) -> AsyncGenerator[tuple[str, ModelAnswer]]:
        """See `ModelBatches`."""
        try:
            with _meaning(missing=True):
                current = await self._client.batches.retrieve(batch)
        except _Missing:
            return
        for file in (current.output_file_id, current.error_file_id):
            if not file:
                continue
            async for line in self._lines_of(file):
                answered = self._answered(line)
                if answered is not None:
                    yield answered

    async def _lines_of(self, file: str) -> AsyncIterator[bytes]:
        try:
            with _meaning(missing=True):
                async with self._client.files.with_streaming_response.content(file) as response:
                    async for line in _lines_in(response.iter_bytes()):
                        yield line
        except _Missing:
            log.warning("batch.file_missing", file=file)

    def _answered(self, line: bytes) -> tuple[str, ModelAnswer] | None:
        """A line's name and answer; None where the request was not answered, and may be sent again.

        Raises:
            PermanentError: no request will be answered.
        """
        try:
            row = json.loads(line)
            name, response, error = row["custom_id"], row.get("response"), row.get("error")
            if not isinstance(name, str) or (response is not None and not isinstance(response["body"], dict)):
                return None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            log.warning("batch.line_unreadable", length=len(line))
            return None
        try:
            answer = self._answer(response, error)
        except (ModelBusy, TypeError, ValueError) as fault:  # what it holds is no response of the API
            log.info("batch.line_unanswered", why=str(fault))
            return None
        return None if answer is None else (name, answer)

    def _answer(self, response: Any, error: Any) -> ModelAnswer | None:
        model = self._settings.model
        if not response:
            log.info("batch.line_unanswered", error=str(error)[:200])
            return None
        status, body = int(response.get("status_code") or 0), response["body"]
        if status == 200 and self._settings.api is ModelApi.RESPONSES:
            return of_response(Response.construct(None, **body), _NOTHING, model)
        if status == 200:
            return of_completion(ChatCompletion.construct(None, **body), _NOTHING, model)
        problem = body.get("error")
        fields = problem if isinstance(problem, dict) else {}
        code, kind, detail = (str(fields.get(key) or "") for key in ("code", "type", "message"))
        return refused(Refusal(status=status or 500, code=code, kind=kind, detail=detail), _NOTHING, model)

    async def cancel(self, batch: str) -> None:
        """See `ModelBatches`."""
        try:
            with _meaning(missing=True):
                await self._client.batches.cancel(batch)
        except (_Missing, PermanentError) as error:  # it has ended meanwhile
            log.info("batch.not_cancelled", why=str(error))

    async def discard(self, batch: str) -> None:
        """See `ModelBatches`."""
        try:
            with _meaning(missing=True):
                current = await self._client.batches.retrieve(batch)
        except _Missing:
            return
        for file in (current.input_file_id, current.output_file_id, current.error_file_id):
            if not file:
                continue
            try:
                with _meaning(missing=True):
                    await self._client.files.delete(file)
            except _Missing:
                continue


class _Missing(Exception):
    """The service does not know it."""


@contextmanager
def _meaning(*, missing: bool = False) -> Iterator[None]:
    """Errors of the library as ours; ``missing``: what is not there may have been there.

    Raises:
        _Missing: it is not there.
        ModelBusy: the service is away, or its answer cannot be read.
        PermanentError: it has no batches, or does not accept the key.
    """
    try:
        yield
    except openai.APITimeoutError as error:
        raise ModelBusy("the language model's service did not answer in time", paid=True) from error
    except openai.APIConnectionError as error:
        raise ModelBusy("the language model's service cannot be reached") from error
    except openai.NotFoundError as error:
        if missing:
            raise _Missing from error
        raise PermanentError(Message("job.model.no_batches"), reason="MODEL_WITHOUT_BATCHES") from error
    except openai.APIStatusError as error:
        code, kind = str(getattr(error, "code", "") or ""), str(getattr(error, "type", "") or "")
        refused(Refusal(status=error.status_code, code=code, kind=kind, detail=str(error.message)), _NOTHING, "")
        raise ModelBusy(f"the language model's service answered with status {error.status_code}") from error
    except (openai.OpenAIError, AttributeError) as error:  # a login page in place of the service is a mere text
        raise ModelBusy(f"the service's answer cannot be read ({type(error).__name__})") from error


async def _lines_in(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a body; one that is longer than any answer is left out."""
    pieces: list[bytes] = []
    length = 0
    async for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        for piece in (first, *rest):
            if piece is not first and length <= _LONGEST_LINE and (line := b"".join(pieces).strip()):
                yield line
            if piece is not first:
                pieces, length = [], 0
            length += len(piece)
            if length <= _LONGEST_LINE:
                pieces.append(piece)
    if length <= _LONGEST_LINE and (line := b"".join(pieces).strip()):
        yield line
