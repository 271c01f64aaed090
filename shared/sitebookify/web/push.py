"""The push endpoint that worker and dead-letter handler share: parse, handle, acknowledge or refuse.

================================  ======  ==============================================
what the handler does             answer  what Pub/Sub does
================================  ======  ==============================================
returns                           204     acknowledged
body is no job message            204     acknowledged: it can never succeed; kept for inspection
TransientError, JobConflict       503     delivered again, with backoff
any other exception               500     delivered again, logged with its traceback
================================  ======  ==============================================
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response

from sitebookify.errors import InvalidRequest, JobConflict, StoreError, TransientError
from sitebookify.log import bound
from sitebookify.ports import ObjectStore
from sitebookify.push import Delivery, parse_delivery
from sitebookify.web.context import label_request

log = structlog.get_logger()

_LARGEST_BODY = 10 * 1024 * 1024
"""Bytes; Pub/Sub's own limit for a request."""
_REFUSED = {"Retry-After": "30"}

Handler = Callable[[Delivery], Awaitable[None]]


def push_endpoint(handle: Handler, store: ObjectStore) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a push subscription that hands each delivery to ``handle``."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request, _LARGEST_BODY)
        if body is None:
            log.error("push.too_large")
            return Response(status_code=204)
        try:
            delivery = parse_delivery(body)
        except InvalidRequest as error:
            await _keep(store, body, str(error))
            return Response(status_code=204)
        keys = {"job_id": delivery.message.job_id, "message_id": delivery.message_id}
        label_request(request, **keys)
        with bound(traceparent=delivery.traceparent, **keys):
            return await _answer(handle, delivery)

    return endpoint


async def read_body(request: Request, limit: int) -> bytes | None:
    """The request's body, or None where it is longer than ``limit`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


async def _answer(handle: Handler, delivery: Delivery) -> Response:
    try:
        await handle(delivery)
    except (TransientError, JobConflict) as error:
        log.warning("push.refused", why=str(error), step=delivery.message.step, delivery_attempt=delivery.attempt)
        return Response(status_code=503, headers=_REFUSED)
    except Exception:
        log.exception("push.failed", step=delivery.message.step, delivery_attempt=delivery.attempt)
        return Response(status_code=500)
    return Response(status_code=204)


async def _keep(store: ObjectStore, body: bytes, why: str) -> None:
    name = f"malformed/{hashlib.sha256(body).hexdigest()}"
    log.error("push.malformed", why=why, kept_as=name, size=len(body))
    try:
        await asyncio.to_thread(store.put, name, body)
    except (StoreError, TransientError) as error:
        log.warning("push.malformed_not_kept", why=str(error))
