"""A receiver of webhooks, a real server on loopback, that verifies with another hand's implementation."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from support.serving import serving


def new_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


@dataclass
class Told:
    """One request: its path, its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """The message; raises where the signature is not by ``secret``."""
        message: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return message

    def signed_by(self, secret: str) -> bool:
        try:
            self.verified(secret)
        except WebhookVerificationError:
            return False
        return True


@dataclass
class Receiver:
    """Answers with ``statuses`` one after the other, the last one for ever, each while ``silent`` is False."""

    statuses: list[int] = field(default_factory=lambda: [204])
    silent: bool = False
    told: list[Told] = field(default_factory=list)
    url: str = ""

    @contextlib.contextmanager
    def serving(self) -> Iterator[Self]:
        app = Starlette(routes=[Route("/{path:path}", self._take, methods=["GET", "POST"])])
        with serving(app) as base:
            self.url = f"{base}/hook?for=us"
            yield self

    async def _take(self, request: Request) -> Response:
        status = self.statuses[min(len(self.told), len(self.statuses) - 1)]
        self.told.append(Told(request.url.path, dict(request.headers), await request.body()))
        while self.silent:  # noqa: ASYNC110 - the test ends it, in another thread
            await asyncio.sleep(0.02)
        headers = {"location": "/elsewhere"} if status in (301, 302, 307, 308) else None
        return PlainTextResponse("" if status == 204 else "what a receiver says", status_code=status, headers=headers)
