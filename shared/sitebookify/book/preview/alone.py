"""A preview in a process of its own, which can be ended whatever it does, and which the service's memory is safe from.

All of it runs there, its requests too: robots.txt, sitemaps and thousands of links are a stranger's as pages are.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sitebookify.book.limits import limited
from sitebookify.book.preview.estimate import Preview, Prices
from sitebookify.egress import Egress, FetchError, Reason
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify.messages import Message

PROCESSES = 4
"""At a time. Beyond them previews wait: all of them may take as much memory as their limits allow."""
PRELOAD = "sitebookify.runner.preload_preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewOrder:
    """What to look at, and how; see `preview` and `Egress`."""

    url: str
    allow_private: bool
    user_agent: str
    ignore_robots: bool
    prices: Prices | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPreview:
    """Why there is none. ``field`` of the request is at fault; without one, it is the site.

    ``refused``: its address is one that must not be asked.
    """

    message: Message
    field: str = ""
    refused: bool = False


@limited(seconds=8, wall=11, mebibytes=96)
def preview_alone(order: PreviewOrder) -> Preview | NoPreview:
    """The preview; the process is of no use afterwards, since a parser may still be at work in one of its threads."""
    return asyncio.new_event_loop().run_until_complete(_preview(order))  # asyncio.run would wait for such a thread


async def _preview(order: PreviewOrder) -> Preview | NoPreview:
    from sitebookify.book.preview.look import preview  # noqa: PLC0415 - the caller's process needs none of its parsers

    egress = Egress(allow_private=order.allow_private, user_agent=order.user_agent)
    try:
        return await preview(egress, order.url, prices=order.prices, ignore_robots=order.ignore_robots)
    except (FailedPrecondition, InvalidRequest) as error:
        return _reason(error)
    finally:
        await egress.close()


def _reason(error: FailedPrecondition | InvalidRequest) -> NoPreview:
    """The request was right, unless no fetch was tried; it is the site that may not or cannot be looked at."""
    cause = error.__cause__
    if isinstance(cause, FetchError) and cause.reason is Reason.ADDRESS_REFUSED and not cause.unresolved:
        return NoPreview(message=cause.message, refused=True)
    if isinstance(error, InvalidRequest) and cause is None:
        return NoPreview(message=error.message, field=error.field)
    return NoPreview(message=error.message)
