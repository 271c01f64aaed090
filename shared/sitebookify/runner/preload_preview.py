"""What previews need, loaded once by the process that theirs are forked from (see `compute`)."""

from __future__ import annotations

from sitebookify.runner.preloading import preload

preload(("sitebookify.book.preview.alone", "sitebookify.egress.exchange"))
