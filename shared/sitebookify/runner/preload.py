"""What the worker processes need, loaded once by the process that they are forked from (see `compute`)."""

from __future__ import annotations

from sitebookify.runner.preloading import preload

preload(
    (
        "htmldate",
        "trafilatura",
        "sitebookify.book.crawl.digest",
        "sitebookify.book.extract.about",
        "sitebookify.book.extract.page",
        "sitebookify.book.picture",
        "sitebookify.book.render.page",
        "sitebookify.book.render.survey",
    )
)
