"""What the worker processes need, loaded once by the process that they are forked from (see `compute`).

Signals are the business of the process that started us: they are ignored here and in all that is forked.
"""

from __future__ import annotations

import gc
import importlib
import signal

from sitebookify.memory import be_frugal

_NEEDED = (
    "htmldate",
    "trafilatura",
    "sitebookify.book.crawl.digest",
    "sitebookify.book.extract.about",
    "sitebookify.book.extract.page",
    "sitebookify.book.picture",
    "sitebookify.book.render.page",
    "sitebookify.book.render.survey",
)

be_frugal()
for _signal in (signal.SIGINT, signal.SIGTERM):
    signal.signal(_signal, signal.SIG_IGN)
for _module in _NEEDED:
    importlib.import_module(_module)
gc.collect()
gc.freeze()  # or the first collection in each fork would write to, and so copy, all of this
