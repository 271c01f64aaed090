"""What the worker processes need, loaded once by the process that they are forked from (see `compute`).

No page can be read before it is loaded. So what few pages need is not among it: trafilatura and htmldate, which take as
long as all the rest, and the writers of formats that few books come in. A process that needs them loads them then.
"""

from __future__ import annotations

from sitebookify.runner.preloading import preload

preload(
    (
        "sitebookify.book.crawl.landing_reader",
        "sitebookify.book.crawl.reading",
        "sitebookify.book.extract.about",
        "sitebookify.book.extract.extract_tasks",
        "sitebookify.book.extract.extraction",
        "sitebookify.book.extract.site",
        "sitebookify.book.raster",
        "sitebookify.book.render.page_texts",
        "sitebookify.book.render.page_survey",
        "sitebookify.book.write.markdown.prose",
    ),
    read=[("sitebookify.book.generators", "generators")],
)
