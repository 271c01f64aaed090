"""The command line: ``sitebookify build``, ``serve``, ``dev`` and what goes with them.

Exit codes: 0 done, 1 it failed (the message says why), 2 the command line or a setting is wrong,
130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from types import ModuleType

from sitebookify.memory import be_frugal, loading

_NOT_DRAWN = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""What typer imports to draw its help and we never use: the class that it takes from each module."""


def load_structlog() -> None:
    """Load structlog without rich, which it would use for coloured tracebacks.

    That saves a tenth of a service's start-up time and 5 MiB. It must come before anything that logs.
    """
    sys.modules["rich"] = None  # type: ignore[assignment]  # Python's import system then raises ImportError
    try:
        import structlog  # noqa: F401 - all other modules find it loaded
    finally:
        del sys.modules["rich"]


def load_help() -> None:
    """Load what draws `--help` without rich's Markdown and tracebacks, which take a quarter of its time."""
    for module, name in _NOT_DRAWN.items():
        stand_in = ModuleType(module)
        setattr(stand_in, name, type(name, (), {}))
        sys.modules[module] = stand_in
    try:
        import typer.rich_utils  # noqa: F401 - typer finds it loaded
    finally:
        for module in _NOT_DRAWN:
            del sys.modules[module]


def load_beside(module: str) -> None:
    """Load a module in a thread while others are loaded; where it is missing, whoever imports it says so.

    aiohttp reads the certificates of all authorities, and Python's other threads run meanwhile.
    """

    def load() -> None:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)

    threading.Thread(target=load, daemon=True).start()


def main() -> None:
    """Run the command that the arguments name; the console script."""
    # The application is loaded here, not with the package, because `cli.job`, the child process of in-process
    # execution, does not need it.
    be_frugal()
    helping = sys.argv[1:] == [] or "--help" in sys.argv
    if sys.argv[1:2] == ["build"] and not helping:
        from sitebookify.runner.fork_server import warm_up

        warm_up()  # first of all: no page can be read until it is done
        load_beside("aiohttp")
    with loading():
        if helping:
            load_help()
        else:
            load_structlog()
        from sitebookify.cli.app import run

    run()
