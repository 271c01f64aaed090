"""The child process of in-process execution: ``python -m sitebookify.cli.job JOB_ID STEP [TRACEPARENT]``.

It runs the job to its end and exits with 0. When its standard input closes, SIGTERM comes, or a line on standard input
asks it to make way for another job, it commits its slice and exits. Any other exit is a failed attempt, and the parent
decides what happens next.
"""

from __future__ import annotations

import os
import signal
import sys

from sitebookify.cli import load_beside, load_structlog
from sitebookify.memory import be_frugal, loading
from sitebookify.runner.fork_server import warm_up

_NICENESS = 5
"""The server that started us takes precedence."""


def main() -> int:
    """Run the job that the arguments name; the settings are the parent's, by the environment."""
    be_frugal()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group, and the parent stops us
    os.nice(_NICENESS)
    warm_up()
    load_beside("aiohttp")
    with loading():
        load_structlog()
        from sitebookify.cli.job.run import run_job  # what worker processes need is loaded meanwhile

    run_job(*sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
