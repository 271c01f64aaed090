"""The Batch API of a model server: files of requests, batches of them, files of answers and errors.

What it answers is made of the openai library's own types. The answers are in another order than the requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from openai.types import Batch, FileObject
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Answers = Callable[[str, dict[str, Any]], Awaitable[Response]]
"""From a request's path and body to its answer."""


@dataclass
class BatchDesk:
    """Files and batches, and how they go.

    A batch ends after ``polls`` looks at it. ``most``: it expires after so many answers. ``failure`` is the code with
    which it fails. ``lost``: so many batches are made, and the answer to their creation is not.
    """

    polls: int = 0
    most: int | None = None
    failure: str = ""
    lost: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)

    def routes(self, answers: Answers) -> list[Route]:
        """What the desk serves."""
        self._answers = answers
        return [
            Route("/v1/files", self.upload, methods=["POST"]),
            Route("/v1/files/{id}/content", self.content),
            Route("/v1/files/{id}", self.delete, methods=["DELETE"]),
            Route("/v1/batches", self.create, methods=["POST"]),
            Route("/v1/batches", self.list),
            Route("/v1/batches/{id}", self.retrieve),
            Route("/v1/batches/{id}/cancel", self.cancel, methods=["POST"]),
        ]

    async def upload(self, request: Request) -> Response:
        """``POST /v1/files``, of the one form that the library sends."""
        boundary = request.headers["content-type"].partition("boundary=")[2].encode()
        parts = dict(map(_part, (await request.body()).split(b"--" + boundary)[1:-1]))
        assert parts["purpose"] == b"batch"
        return _json(FileObject, **self._stored(parts["file"]))

    def _stored(self, data: bytes) -> dict[str, Any]:
        name = f"file-{len(self.files)}"
        self.files[name] = data
        about = {"bytes": len(data), "created_at": 0, "filename": "f", "object": "file"}
        return {"id": name, "purpose": "batch", "status": "processed", **about}

    async def content(self, request: Request) -> Response:
        """``GET /v1/files/{id}/content``."""
        name = request.path_params["id"]
        return _missing() if name in self.deleted else Response(self.files[name])

    async def delete(self, request: Request) -> Response:
        """``DELETE /v1/files/{id}``."""
        self.deleted.append(request.path_params["id"])
        return JSONResponse({"id": request.path_params["id"], "object": "file", "deleted": True})

    async def create(self, request: Request) -> Response:
        """``POST /v1/batches``."""
        wanted = await request.json()
        name = f"batch_{len(self.batches)}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "created_at": 0,
            "status": "validating",
            "polled": 0,
            **{key: wanted[key] for key in ("completion_window", "endpoint", "input_file_id", "metadata")},
        }
        if self.lost:
            self.lost -= 1
            return JSONResponse({"error": {"message": "away"}}, 503)
        return self._shown(name)

    async def list(self, _request: Request) -> Response:
        """``GET /v1/batches``, the newest first."""
        shown = [self._batch(name) for name in reversed(self.batches)]
        return JSONResponse({"object": "list", "data": shown, "has_more": False})

    async def retrieve(self, request: Request) -> Response:
        """``GET /v1/batches/{id}``: every look brings it nearer to its end."""
        name = request.path_params["id"]
        batch = self.batches.get(name)
        if batch is None:
            return _missing()
        if batch["status"] in ("validating", "in_progress"):
            batch["polled"] += 1
            batch["status"] = "in_progress"
            if self.failure:
                error = {"code": self.failure, "message": f"It failed: {self.failure}."}
                batch |= {"status": "failed", "errors": {"object": "list", "data": [error]}}
            elif batch["polled"] > self.polls:
                await self._work(batch)
        return self._shown(name)

    async def cancel(self, request: Request) -> Response:
        """``POST /v1/batches/{id}/cancel``."""
        batch = self.batches[request.path_params["id"]]
        if batch["status"] in ("completed", "failed", "expired"):
            return JSONResponse({"error": {"message": "It has ended.", "code": None}}, 400)
        batch["status"] = "cancelled"
        return self._shown(batch["id"])

    async def _work(self, batch: dict[str, Any]) -> None:
        lines = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        assert len({line["custom_id"] for line in lines}) == len(lines), "duplicate_custom_id"
        answers: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for number, line in enumerate(reversed(lines)):
            if self.most is not None and number >= self.most:
                error = {"code": "batch_expired", "message": "This request could not be executed in time."}
                errors.append({"id": "l", "custom_id": line["custom_id"], "response": None, "error": error})
                continue
            assert line["method"] == "POST"
            assert line["url"] == batch["endpoint"]
            answer = await self._answers(line["url"], line["body"])
            response = {"status_code": answer.status_code, "request_id": "r", "body": json.loads(bytes(answer.body))}
            row = {"id": "l", "custom_id": line["custom_id"], "response": response, "error": None}
            (answers if answer.status_code == 200 else errors).append(row)
        batch["status"] = "completed" if self.most is None else "expired"
        batch["request_counts"] = {"total": len(lines), "completed": len(answers), "failed": len(errors)}
        for key, rows in (("output_file_id", answers), ("error_file_id", errors)):
            if rows:
                batch[key] = self._stored("".join(json.dumps(row) + "\n" for row in rows).encode())["id"]

    def _shown(self, name: str) -> Response:
        return JSONResponse(self._batch(name))

    def _batch(self, name: str) -> dict[str, Any]:
        batch = {key: value for key, value in self.batches[name].items() if key != "polled"}
        return Batch.model_validate(batch).model_dump(mode="json")


def _part(data: bytes) -> tuple[str, bytes]:
    """Name and content of a part of a form."""
    head, _, content = data.partition(b"\r\n\r\n")
    name = re.search(rb'name="([^"]+)"', head)
    assert name is not None
    return name[1].decode(), content.removesuffix(b"\r\n")


def _json(kind: Any, **values: Any) -> Response:
    return JSONResponse(kind.model_validate(values).model_dump(mode="json"))


def _missing() -> Response:
    return JSONResponse({"error": {"message": "There is none.", "code": None, "type": "invalid_request_error"}}, 404)
