"""What the worker processes need, loaded once by the process that they are forked from (see `compute`)."""

from __future__ import annotations

from sitebookify.runner.preloading import preload

preload(
    (
        "htmldate",
        "trafilatura",
        "sitebookify.book.crawl.digest",
        "sitebookify.book.extract.about",
        "sitebookify.book.extract.extraction",
        "sitebookify.book.picture",
        "sitebookify.book.render.page_texts",
        "sitebookify.book.render.page_survey",
    )
)
