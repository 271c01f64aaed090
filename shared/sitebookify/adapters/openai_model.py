"""A `LanguageModel` behind OpenAI's Responses API or the Chat Completions API, of OpenAI or any compatible server.

The library only speaks the protocol: it retries nothing (a timeout that it retried would be paid three times), follows
no redirects, and gets key and address from our settings. Its answers are not validated: every field may be missing.
"""

from __future__ import annotations

import asyncio
import email.utils
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
import structlog

from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.messages import Message
from sitebookify.ports import Ending, ModelAnswer, ModelRequest
from sitebookify.settings import ModelApi

log = structlog.get_logger()

_BYTES_PER_TOKEN = 3.7
_NO_MONEY = frozenset(
    (
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "billing_hard_limit_reached",
    )
)
"""Codes of a 429 that no waiting changes."""
_TOO_LONG = frozenset(("context_length_exceeded", "string_above_max_length", "request_too_large"))
_FILTERED = frozenset(("content_filter", "content_policy_violation", "invalid_prompt"))
_SCHEMA_NAME = "answer"
_MOST_BYTES = 8_000_000
"""Of an answer with all its fields: some hundred times what the longest unit takes."""
_MOST_FILE_BYTES = 400_000_000
"""Of a batch's answers, which are read line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model, where, and how it is asked; ``timeout`` is in seconds for a whole answer."""

    key: str
    base_url: str
    model: str
    api: ModelApi = ModelApi.RESPONSES
    effort: str = ""
    structured: bool = True
    timeout: float = 120.0


class _BoundedStream(httpx2.AsyncByteStream):
    """A body of which at most so much is read as any answer needs."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > self._most:
                raise httpx2.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class _BoundedTransport(httpx2.AsyncHTTPTransport):
    """Bounds every answer; a compressed one, which was not asked for, could be of any length and is not read."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.DecodingError("the answer is compressed")
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - an asynchronous transport has no other
        most = _MOST_FILE_BYTES if request.url.path.endswith("/content") else _MOST_BYTES
        response.stream = _BoundedStream(response.stream, most)
        return response


class OpenAiModel:
    """See the module. For one event loop; `close` it there."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.client = openai.AsyncOpenAI(
            api_key=settings.key,
            base_url=settings.base_url,
            timeout=settings.timeout,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, transport=_BoundedTransport()),
            default_headers={"Accept-Encoding": "identity"},
        )

    @property
    def name(self) -> str:
        """See `LanguageModel`."""
        return f"{self.settings.model}/{self.settings.effort}" if self.settings.effort else self.settings.model

    async def close(self) -> None:
        """See `LanguageModel`."""
        await self.client.close()

    async def answer(self, request: ModelRequest) -> ModelAnswer:
        """See `LanguageModel`."""
        ask = self._responses if self.settings.api is ModelApi.RESPONSES else self._chat
        try:
            async with asyncio.timeout(self.settings.timeout):  # the library's own is for each read
                return await ask(request)
        except (TimeoutError, openai.APITimeoutError) as error:
            raise ModelBusy("the language model did not answer in time", paid=True) from error
        except openai.APIConnectionError as error:
            raise ModelBusy("the language model cannot be reached") from error
        except openai.APIStatusError as error:
            return _refused(error, request, self.settings.model)
        except openai.OpenAIError as error:
            raise ModelBusy(f"the language model's answer cannot be read ({type(error).__name__})") from error

    async def _responses(self, request: ModelRequest) -> ModelAnswer:
        response: Any = await self.client.responses.create(**self.body(request))
        return of_response(response, request, self.settings.model)

    def body(self, request: ModelRequest) -> dict[str, Any]:
        """The request as the API takes it."""
        return self._responses_body(request) if self.settings.api is ModelApi.RESPONSES else self._chat_body(request)

    def _responses_body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.settings.model,
            "instructions": request.instructions,
            "input": request.text,
            "max_output_tokens": request.most_tokens,
            "store": False,
        }
        if self.settings.structured:
            form = {"type": "json_schema", "name": _SCHEMA_NAME, "schema": dict(request.schema), "strict": True}
            body["text"] = {"format": form}
        if self.settings.effort:
            body["reasoning"] = {"effort": self.settings.effort}
        return body

    @property
    def _knows_completion_tokens(self) -> bool:
        """True for the services whose models refuse the limit's old name, which is the only one that others know."""
        host = urlsplit(self.settings.base_url).hostname or ""
        return host == "api.openai.com" or host.endswith(".azure.com")

    async def _chat(self, request: ModelRequest) -> ModelAnswer:
        completion: Any = await self.client.chat.completions.create(**self.body(request))
        return of_completion(completion, request, self.settings.model)

    def _chat_body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": [
                {"role": "system", "content": request.instructions},
                {"role": "user", "content": request.text},
            ],
        }
        if self.settings.structured:
            form = {"name": _SCHEMA_NAME, "schema": dict(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if self.settings.effort:
            body["reasoning_effort"] = self.settings.effort
        body["max_completion_tokens" if self._knows_completion_tokens else "max_tokens"] = request.most_tokens
        return body


def of_response(response: Any, request: ModelRequest, model: str) -> ModelAnswer:
    """The answer in an object of the Responses API.

    Raises:
        ModelBusy: there is none in it.
    """
    output = getattr(response, "output", None)
    if not isinstance(output, list):
        raise ModelBusy("the language model's answer cannot be read: it is no response")
    texts: list[str] = []
    refused = False
    for item in output:
        for part in getattr(item, "content", None) or ():
            refused = refused or getattr(part, "type", "") == "refusal"
            texts.append(getattr(part, "text", "") or "")
    status = getattr(response, "status", "completed") or "completed"
    reason = getattr(getattr(response, "incomplete_details", None), "reason", "") or ""
    if status in ("failed", "cancelled", "queued", "in_progress"):
        raise ModelBusy(f"the language model's answer is {status}")
    if refused or reason == "content_filter":
        ending = Ending.REFUSED
    elif status == "incomplete":
        ending = Ending.CUT_OFF
    else:
        ending = Ending.COMPLETE
    usage = getattr(response, "usage", None)
    paid = (getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None))
    return _answer("".join(texts), ending, paid, request, getattr(response, "model", None) or model)


_FINISHES = {"length": Ending.CUT_OFF, "content_filter": Ending.REFUSED}


def of_completion(completion: Any, request: ModelRequest, model: str) -> ModelAnswer:
    """The same of the Chat Completions API.

    Raises:
        ModelBusy: there is none in it.
    """
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        raise ModelBusy("the language model's answer cannot be read: it is no completion")
    message = getattr(choices[0], "message", None)
    ending = _FINISHES.get(getattr(choices[0], "finish_reason", None) or "", Ending.COMPLETE)
    if getattr(message, "refusal", None):
        ending = Ending.REFUSED
    usage = getattr(completion, "usage", None)
    paid = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    text = getattr(message, "content", None) or ""
    return _answer(text, ending, paid, request, getattr(completion, "model", None) or model)


def _answer(text: str, ending: Ending, paid: tuple[Any, Any], request: ModelRequest, model: str) -> ModelAnswer:
    counted = all(isinstance(count, int) and count >= 0 for count in paid)
    counts = paid if counted else (_tokens(request.instructions + request.text), _tokens(text))
    return ModelAnswer(
        text=text, ending=ending, input_tokens=counts[0], output_tokens=counts[1], model=model, estimated=not counted
    )


def _tokens(text: str) -> int:
    return 1 + int(len(text.encode()) / _BYTES_PER_TOKEN)


def _refused(error: openai.APIStatusError, request: ModelRequest, model: str) -> ModelAnswer:
    """What a status other than success means: an answer of its own kind, or an error.

    Raises:
        ModelBusy, PermanentError: see `refused`.
    """
    refusal = Refusal(
        status=error.status_code,
        code=str(getattr(error, "code", "") or ""),
        kind=str(getattr(error, "type", "") or ""),
        detail=str(getattr(error, "message", "") or ""),
    )
    log.warning(
        "model.refused",
        status=refusal.status,
        code=refusal.code,
        type=refusal.kind,
        request=error.response.headers.get("x-request-id"),
    )
    try:
        return refused(refusal, request, model, retry_after=_retry_after(error))
    except (ModelBusy, PermanentError) as meaning:
        raise meaning from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How the service says no: HTTP status, code and type of the error, and its message."""

    status: int
    code: str
    kind: str
    detail: str


def refused(refusal: Refusal, request: ModelRequest, model: str, *, retry_after: float | None = None) -> ModelAnswer:
    """What a refusal means: an answer of its own kind, or an error.

    Raises:
        ModelBusy: the same request may be answered later.
        PermanentError: none will be.
    """
    status, code = refusal.status, refusal.code
    if status == 429 and {code, refusal.kind} & _NO_MONEY:
        raise PermanentError(Message("job.model.no_money"), reason="MODEL_QUOTA_EXHAUSTED")
    if status in (408, 409, 429) or status >= 500:
        raise ModelBusy(f"the language model answered with status {status}", retry_after=retry_after)
    if status in (401, 403):
        raise PermanentError(Message("job.model.denied", status=status), reason="MODEL_ACCESS_DENIED")
    if status == 404 or 300 <= status < 400:
        raise PermanentError(Message("job.model.not_found", model=model), reason="MODEL_NOT_FOUND")
    if code in _TOO_LONG or status == 413 or "context length" in refusal.detail.lower():
        return _answer("", Ending.TOO_LONG, (0, 0), request, model)
    if code in _FILTERED:
        return _answer("", Ending.REFUSED, (0, 0), request, model)
    detail = " ".join(refusal.detail.split())[:200]
    raise PermanentError(Message("job.model.bad_request", detail=detail), reason="MODEL_REQUEST_REFUSED")


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds that the service asks for; None where it names none."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return _bounded(float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "")
        if value.replace(".", "", 1).isdigit():
            return _bounded(float(value))
        date = email.utils.parsedate_to_datetime(value) if value else None
    except (TypeError, ValueError):
        return None
    return _bounded(date.timestamp() - time.time()) if date else None


def _bounded(seconds: float) -> float | None:
    return min(max(0.0, seconds), 86_400.0) if math.isfinite(seconds) else None
