"""The process that worker processes are forked from (multiprocessing's fork server), started as early as possible.

This module imports next to nothing, so that whoever starts with it has that process loading beside it at once.
"""

from __future__ import annotations

import multiprocessing.context
from multiprocessing import forkserver

PRELOAD = "sitebookify.runner.preload"
"""The module that it loads before anything is forked."""


def warm_up() -> None:
    """Begin to load what the processes need, without waiting for it; cheap where that was done before.

    It takes about as long as loading the rest of a service: whoever begins with it has both at once.
    """
    fork_context(PRELOAD)
    forkserver.ensure_running()


def fork_context(preload: str) -> multiprocessing.context.ForkServerContext:
    """Where processes are forked from; the first ``preload`` of this process counts."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    return context
