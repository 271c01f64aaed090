"""A small book in English for the stage that edits it, and the stage run over it."""

from __future__ import annotations

from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import text_of
from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.edit.budget import TokenPrices
from sitebookify.book.edit.edit_stage import edit
from sitebookify.book.model import Chapter, Page, Section
from sitebookify.book.objects import read
from sitebookify.book.stage import Done
from sitebookify.jobs import Stage
from sitebookify.spec import Engine, JobSpec
from support.bench import FakeBench
from support.pretend_model import PretendModel

SPEC = JobSpec(
    source_url="https://example.org/", language_code="日本語", tone="簡潔で敬語", render_engine=Engine.OPENAI
)


def a_book(bench: FakeBench, pages: int = 3) -> None:
    """Lay out what the stages before leave for a book in English."""
    sections = []
    for number in range(pages):
        url = f"https://example.org/{number}"
        title = f"Chapter of words {number}"
        blocks: n.Blocks = (n.Header(1, (title,)),)
        for part in "alpha beta gamma".split():
            blocks += (n.Header(2, (f"About {part}",)), n.Para((f"The {part} of page {number + 10} is told here.",)))
            blocks += (n.CodeBlock(f"run {part}"), n.Para(("See ", n.Link(("the manual",), url), " for more of it.")))
        page = Page(document=n.Document(url=url, title=title, blocks=blocks, language="en"))
        blob = bench.stored(page.pack(), ".page")
        sections.append(Section(url=url, blob=blob, title=title, level=0, words=9, sha256="0"))
    chapters = [Chapter(id="chapter-001", title="The chapter", part="", sections=tuple(sections))]
    bench.inputs[Stage.EXTRACT] = {"site": {"language": "en"}}
    bench.inputs[Stage.CONTENTS] = {
        "title": "The title of it all",
        "language": bench.spec.language_code,
        "chapters": [chapter.to_json() for chapter in chapters],
    }


def access(model: PretendModel, **options: Any) -> ModelAccess:
    return ModelAccess(connect=lambda: model, prices=TokenPrices(input=1.0, output=2.0), **options)


def texts(bench: FakeBench, output: dict[str, Any]) -> list[str]:
    """The text of each page of the book."""
    chapters = map(Chapter.from_json, output["chapters"])
    blobs = [section.blob for chapter in chapters for section in chapter.sections]
    return [text_of(Page.unpack(read(bench.store, blob)).document.blocks) for blob in blobs]


async def whole(bench: FakeBench, model: PretendModel, state: Any = None, **options: Any) -> dict[str, Any]:
    """The stage's output, slice after slice."""
    while True:
        result = await edit(bench, state, model=access(model, **options))
        if isinstance(result, Done):
            return result.output
        state = result.state
        bench.next_slice()


def job(bench: FakeBench, number: int) -> FakeBench:
    """Another job on the same store."""
    other = FakeBench(spec=bench.spec, store=bench.store)
    other.job_id = f"job-{number}"
    return other
