"""The command line: ``sitebookify build``, ``serve``, ``dev`` and what goes with them.

Exit codes: 0 done, 1 it failed (the message says why), 2 the command line or a setting is wrong,
130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import sys

from sitebookify.memory import be_frugal


def load_structlog() -> None:
    """Load structlog without rich, which it takes for tracebacks in colour: a tenth of a service's start, and 5 MiB.

    It must come before anything that logs.
    """
    sys.modules["rich"] = None  # type: ignore[assignment]  # so Python's import system says: not to be had
    try:
        import structlog  # noqa: F401 - the others find it loaded
    finally:
        del sys.modules["rich"]


def main() -> None:
    """Run the command that the arguments name; the console script."""
    # The application is loaded here, not with the package: `cli.job`, the child process of in-process
    # execution, needs none of it.
    be_frugal()
    if sys.argv[1:2] == ["build"] and "--help" not in sys.argv:
        from sitebookify.runner.compute import warm_up

        warm_up()  # before anything else: until it is done, no page can be read
    load_structlog()
    from sitebookify.cli.app import run

    run()
