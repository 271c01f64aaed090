"""The contents stage: reading order from the site's own navigation, chapters of bounded size."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from sitebookify.book.contents.chapters import chapters
from sitebookify.book.model import Page, PageRef
from sitebookify.book.objects import read, unpack
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.jobs import Progress, Stage

_PERCENT = 66


async def contents(bench: Workbench, _state: State | None) -> Done | Paused:
    """Put every page into exactly one chapter. Fast, so it never pauses."""
    extracted = bench.inputs[Stage.EXTRACT]
    refs = [PageRef.from_json(page) for page in extracted["pages"]]
    bench.report(Progress(stage=Stage.CONTENTS, percent=_PERCENT, message="Putting the pages in order"))
    best: dict[str, int] = {}
    known = {ref.url for ref in refs}
    depths: dict[str, int] = {}
    for ref in refs:
        data = await asyncio.to_thread(read, bench.store, ref.blob)
        page = Page.from_json(unpack(data))
        listed = [(url, depth) for url, _, depth in page.nav if url in known]
        if len(listed) > len(best):
            best = {url: place for place, (url, _) in enumerate(listed)}
            depths = dict(listed)
    ordered = sorted(refs, key=lambda ref: (best.get(ref.url, len(best)), _path(ref.url)))
    site = extracted["site"]
    made = chapters([(ref, depths.get(ref.url, 0)) for ref in ordered])
    return Done(
        {
            "title": bench.spec.title or site["title"],
            "language": bench.spec.language_code or site["language"] or "en",
            "chapters": [chapter.to_json() for chapter in made],
        }
    )


def _path(url: str) -> list[str]:
    return urlsplit(url).path.split("/")
