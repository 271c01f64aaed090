"""The job of a child process: its slices, one after another, until it has ended or is told to stop or to make way."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

from sitebookify import bootstrap
from sitebookify.log import bound
from sitebookify.push import JobMessage
from sitebookify.runner.local import run_to_end
from sitebookify.settings import Settings, load_settings

_LINE = 64


def run_job(job_id: str, step: str, traceparent: str = "") -> None:
    """Run the job from ``step`` on.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = load_settings()
    bootstrap.configure_logging(settings, service="worker")
    with bound(job_id=job_id, traceparent=traceparent):
        asyncio.run(_run(settings, JobMessage(job_id=job_id, step=int(step))))


async def _run(settings: Settings, message: JobMessage) -> None:
    services, queue = bootstrap.open_local(settings)
    slices, pool = bootstrap.open_slices(services, queue)
    stop, make_way = asyncio.Event(), asyncio.Event()
    _listen_to_parent(asyncio.get_running_loop(), stop, make_way)
    try:
        async with services.running():
            await run_to_end(slices, queue, services.retry, message, stop=stop, make_way=make_way)
            if not stop.is_set():
                await services.webhooks.announce(message.job_id)
    finally:
        pool.close()


def _listen_to_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, make_way: asyncio.Event) -> None:
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def watch() -> None:
        while os.read(0, _LINE):  # empty at the end of the input: the parent closed it, or is no more
            loop.call_soon_threadsafe(make_way.set)
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()
