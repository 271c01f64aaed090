"""The child process of in-process execution: ``python -m sitebookify.cli.job JOB_ID STEP [TRACEPARENT]``.

It runs the job to its end and exits with 0; told to stop (standard input closed, SIGTERM) it commits its slice
first. Any other exit is a failed attempt, and the parent decides what follows.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from sitebookify import bootstrap
from sitebookify.log import bound
from sitebookify.memory import be_frugal
from sitebookify.push import JobMessage
from sitebookify.runner.local import run_to_end
from sitebookify.settings import Settings, load_settings

_NICENESS = 5
"""The server that started us answers first."""


def main(job_id: str, step: str, traceparent: str = "") -> int:
    """Run the job from ``step`` on; the settings are the parent's, by the environment."""
    be_frugal()
    settings = load_settings()
    os.nice(_NICENESS)
    bootstrap.configure_logging(settings, service="worker")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent ends us in order
    with bound(job_id=job_id, traceparent=traceparent):
        asyncio.run(_run(settings, JobMessage(job_id=job_id, step=int(step))))
    return 0


async def _run(settings: Settings, message: JobMessage) -> None:
    services, queue = bootstrap.open_local(settings)
    slices, pool = bootstrap.open_slices(services, queue)
    pool.warm_up()
    stop = asyncio.Event()
    _stop_with_parent(asyncio.get_running_loop(), stop)
    try:
        async with services.running():
            await run_to_end(slices, queue, services.retry, message, stop=stop)
            if not stop.is_set():
                await services.webhooks.announce(message.job_id)
    finally:
        pool.close()


def _stop_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def watch() -> None:
        os.read(0, 1)  # answers at the end of the input: the parent closed it, or is no more
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
