"""The command line: ``sitebookify build``, ``serve``, ``dev`` and what goes with them.

Exit codes: 0 done, 1 it failed (the message says why), 2 the command line or a setting is wrong,
130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

from sitebookify.memory import be_frugal


def main() -> None:
    """Run the command that the arguments name; the console script."""
    # The application is loaded here, not with the package: `cli.job`, the child process of in-process
    # execution, needs none of it.
    from sitebookify.cli.app import run

    be_frugal()
    run()
