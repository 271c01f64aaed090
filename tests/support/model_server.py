"""A server of both of OpenAI's APIs, for programs that ask a language model; it answers as `pseudo_model` does.

What it answers is made of the openai library's own types, so that the library reads it as it reads the service's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from openai.types.chat import ChatCompletion
from openai.types.responses import Response as ModelResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from support.batch_desk import BatchDesk
from support.pseudo_model import contents_of, honest, items_of
from support.serving import serving

Behaviour = Callable[[dict[int, str], int], "str | Response"]
"""From the items and the number of the request to the text of an answer, or to another response."""


@dataclass
class ModelServer:
    """What was asked, and what it is to answer: nothing comes while it is ``silent``."""

    language: str = "ja"
    behaviour: Behaviour | None = None
    silent: bool = False
    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    batches: BatchDesk = field(default_factory=BatchDesk)

    async def responses(self, request: Request) -> Response:
        """``POST /v1/responses``."""
        return await self.response(await self._body(request))

    async def response(self, body: dict[str, Any]) -> Response:
        """The answer to a body of the Responses API."""
        answer = await self._answer(body["input"])
        if isinstance(answer, Response):
            return answer
        status, text = _status(answer)
        part = {"type": "output_text", "text": text, "annotations": []}
        if status == "refusal":
            part = {"type": "refusal", "refusal": text}
        message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
        made = ModelResponse.model_validate(
            {
                "id": "resp_1",
                "object": "response",
                "created_at": 0,
                "status": "incomplete" if status == "length" else "completed",
                "incomplete_details": {"reason": "max_output_tokens"} if status == "length" else None,
                "model": f"{body['model']}-2026",
                "output": [{"type": "reasoning", "id": "rs_1", "summary": []}, message],
                "parallel_tool_calls": False,
                "tool_choice": "none",
                "tools": [],
                "usage": {
                    "input_tokens": len(body["input"]) // 4,
                    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                    "output_tokens": len(text) // 2,
                    "output_tokens_details": {"reasoning_tokens": 0},
                    "total_tokens": len(body["input"]) // 4 + len(text) // 2,
                },
            }
        )
        return JSONResponse(made.model_dump(mode="json"))

    async def chat(self, request: Request) -> Response:
        """``POST /v1/chat/completions``."""
        return await self.completion(await self._body(request))

    async def completion(self, body: dict[str, Any]) -> Response:
        """The answer to a body of the Chat Completions API."""
        question = body["messages"][-1]["content"]
        answer = await self._answer(question)
        if isinstance(answer, Response):
            return answer
        status, text = _status(answer)
        refused = status == "refusal"
        message = {"role": "assistant", "content": None if refused else text, "refusal": text if refused else None}
        made = ChatCompletion.model_validate(
            {
                "id": "chat_1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [
                    {"index": 0, "finish_reason": "length" if status == "length" else "stop", "message": message}
                ],
                "usage": {"prompt_tokens": len(question) // 4, "completion_tokens": len(text) // 2, "total_tokens": 1},
            }
        )
        return JSONResponse(made.model_dump(mode="json"))

    async def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        return body

    async def _answer(self, question: str) -> str | Response:
        number = len(self.bodies)
        while self.silent:  # noqa: ASYNC110 - the test ends it, in another thread
            await asyncio.sleep(0.02)
        answer: str | Response = contents_of(question, self.language)
        if not answer:
            items = items_of(question)
            answer = self.behaviour(items, number) if self.behaviour else honest(items, self.language)
        if not isinstance(answer, Response):
            self.answered[question] += 1
        return answer

    async def in_batch(self, url: str, body: dict[str, Any]) -> Response:
        """The answer to a request of a batch, which counts as one."""
        self.bodies.append(body)
        return await (self.response(body) if url == "/v1/responses" else self.completion(body))

    @property
    def app(self) -> Starlette:
        """Both APIs, and that of batches."""
        return Starlette(
            routes=[
                Route("/v1/responses", self.responses, methods=["POST"]),
                Route("/v1/chat/completions", self.chat, methods=["POST"]),
                *self.batches.routes(self.in_batch),
            ]
        )


_MARKS = ("length", "refusal")


def cut_off(text: str) -> str:
    """An answer that ends at its limit."""
    return f"length\0{text}"


def refusal(text: str) -> str:
    """An answer in which the model says no."""
    return f"refusal\0{text}"


def _status(answer: str) -> tuple[str, str]:
    mark, _, text = answer.partition("\0")
    return (mark, text) if mark in _MARKS else ("", answer)


def problem(status: int, code: str = "", **headers: str) -> Response:
    """An error as the service words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"message": "It does not work.", "type": code or "server_error", "code": code or None}}
    return Response(json.dumps(body), status, named, media_type="application/json")


@contextlib.contextmanager
def model_server(**options: Any) -> Iterator[ModelServer]:
    """The server on a port of its own; its ``url`` is the base URL."""
    server = ModelServer(**options)
    with serving(server.app) as url:
        server.url = f"{url}/v1"
        yield server
