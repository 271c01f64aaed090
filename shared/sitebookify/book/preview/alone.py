"""A preview in a process of its own, which can be ended at any time and cannot exhaust the service's memory.

All of it runs there, including its requests: robots.txt, sitemaps and links are as untrusted as pages are.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sitebookify.book.crawl.lost import StartRefused
from sitebookify.book.limits import limited
from sitebookify.book.preview.estimate import Preview, PreviewOrder
from sitebookify.egress import Egress, Reason
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify.messages import Message

PROCESSES = 4
"""At a time. Further previews wait, since each may take as much memory as its limit allows."""
PRELOAD = "sitebookify.runner.preload_preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPreview:
    """Why there is no preview: because of the request's ``field``, or if that is "", because of the site.

    ``refused``: its address must not be connected to.
    """

    message: Message
    field: str = ""
    refused: bool = False


@limited(seconds=8, wall=11, mebibytes=96)
def preview_alone(order: PreviewOrder) -> Preview | NoPreview:
    """The preview; the process must not be used again, since a parser may still be running in one of its threads."""
    loop = asyncio.new_event_loop()  # asyncio.run would wait for that thread
    return loop.run_until_complete(_preview(order))


async def _preview(order: PreviewOrder) -> Preview | NoPreview:
    from sitebookify.book.preview.look import preview  # noqa: PLC0415 - the caller's process needs none of its parsers

    egress = Egress(allow_private=order.allow_private, user_agent=order.user_agent)
    try:
        return await preview(egress, order)
    except (FailedPrecondition, InvalidRequest) as error:
        return _reason(error)
    finally:
        await egress.close()


def _reason(error: FailedPrecondition | InvalidRequest) -> NoPreview:
    """The request was right, unless no fetch was tried; it is the site that may not or cannot be looked at."""
    cause = error.__cause__
    if isinstance(cause, StartRefused) and cause.reason == Reason.ADDRESS_REFUSED and not cause.unresolved:
        return NoPreview(message=error.message, refused=True)
    if isinstance(error, InvalidRequest) and cause is None:
        return NoPreview(message=error.message, field=error.field)
    return NoPreview(message=error.message)
