"""What uvicorn starts: ``uvicorn --factory sitebookify_api.main:app``."""

from __future__ import annotations

from starlette.applications import Starlette

from sitebookify import bootstrap
from sitebookify.settings import load_settings
from sitebookify.web.termination import termination
from sitebookify_api.app import Dependencies, create_app


def app() -> Starlette:
    """The service as the environment's settings want it.

    Raises:
        SettingsError: a setting is wrong; the message starts with its name.
    """
    settings = load_settings()
    bootstrap.configure_logging(settings, service="api")
    services = bootstrap.open_services(settings)
    return create_app(
        Dependencies(
            settings=settings,
            jobs=services.jobs,
            commands=services.commands,
            store=services.store,
            background=(services.running,),
            termination=termination,
        )
    )
