"""The reconciler on the command line, once or repeatedly where no scheduler calls it."""

from __future__ import annotations

import asyncio

import structlog
import typer

from sitebookify import bootstrap
from sitebookify.errors import SettingsError, TransientError
from sitebookify.runner.reconciler import Reconciler
from sitebookify.settings import ExecutionMode, Settings, load_settings

log = structlog.get_logger()


def reconcile_jobs(*, every: float) -> None:
    """Run one round and print what it did; with ``every`` over 0, run endlessly, a round every so many seconds.

    Raises:
        SettingsError: a setting is wrong, or jobs do not run through a broker.
        TransientError: the store is unavailable; only raised for a single round.
    """
    settings = load_settings()
    if settings.execution_mode is not ExecutionMode.WORKER:
        raise SettingsError(
            "SITEBOOKIFY_EXECUTION_MODE: must be worker; with inprocess the server reconciles its own jobs"
        )
    bootstrap.configure_logging(settings, service="reconciler")
    asyncio.run(_run(settings, every))


async def _run(settings: Settings, every: float) -> None:
    services = bootstrap.open_services(settings)
    async with services.running():
        if every:
            await _repeat(services.reconciler, every)
        done = await services.reconciler.run()
    typer.echo(
        f"{done.seen} jobs checked, {done.sent} resent, {done.deleted} deleted, {done.failed} failed, "
        f"{done.unreadable} unreadable"
    )


async def _repeat(reconciler: Reconciler, every: float) -> None:
    while True:
        try:
            await reconciler.run()
        except TransientError as error:
            log.warning("reconcile.failed", why=str(error))
        except Exception:  # without the next rounds, no lost job would be sent again
            log.exception("reconcile.failed")
        await asyncio.sleep(every)
