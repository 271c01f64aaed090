"""Loading once what many forks need; for modules that the fork server imports.

Signals are the business of the process that started us: they are ignored here and in all that is forked.
"""

from __future__ import annotations

import importlib
import signal
from collections.abc import Iterable

from sitebookify.memory import be_frugal, loading


def preload(modules: Iterable[str], *, read: Iterable[tuple[str, str]] = ()) -> None:
    """Import the modules, and keep them out of the garbage collector's sight.

    ``read`` names functions, by module and name, that read files once and keep what they hold.
    """
    be_frugal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with loading():  # or the first search for cycles in each fork would write to, and so copy, all of this
        for module in modules:
            importlib.import_module(module)
        for module, function in read:
            getattr(importlib.import_module(module), function)()
