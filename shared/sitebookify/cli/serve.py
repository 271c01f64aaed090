"""One service in this process, under uvicorn."""

from __future__ import annotations

import math
import signal
import sys

import uvicorn

from sitebookify.settings import load_settings
from sitebookify.web.unfinished import impatient_protocol


def serve_service(name: str) -> None:
    """Serve until SIGTERM or SIGINT; running requests then have the grace time and a second to finish.

    The service is named as text, because this package imports no service. After SIGTERM the exit code is 0: uvicorn
    raises the signal again at its end, and the default action would skip Python's exit handlers.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = load_settings()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        f"sitebookify_{name}.main:app",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_config=None,  # the service configures logging for all, uvicorn too
        access_log=False,  # the service logs its requests itself
        server_header=False,
        proxy_headers=False,  # whom to believe about a client's address is a setting, and the service's to decide
        http=impatient_protocol(settings.request_seconds),
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=math.ceil(settings.grace_seconds) + 1,
    )
