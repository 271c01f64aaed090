"""One round of the reconciler."""

from __future__ import annotations

import asyncio

from sitebookify import bootstrap
from sitebookify.errors import SettingsError
from sitebookify.settings import ExecutionMode, Settings, load_settings


def reconcile_once() -> str:
    """Run one round; answers what it did.

    Raises:
        SettingsError: a setting is wrong, or there is no broker that jobs could be sent to.
        TransientError: the store is away.
    """
    settings = load_settings()
    if settings.execution_mode is not ExecutionMode.WORKER:
        raise SettingsError(
            "SITEBOOKIFY_EXECUTION_MODE: must be worker; with inprocess the server reconciles its own jobs"
        )
    bootstrap.configure_logging(settings, service="deadletter")
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> str:
    services = bootstrap.open_services(settings)
    async with services.running():
        result = await services.reconciler.run()
    return f"{result.seen} jobs seen, {result.sent} sent again, {result.deleted} deleted, {result.failed} failed"
