"""A small book laid out on a bench, as the stages before render leave it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image as Picture

from sitebookify.book.failures import PageFailure
from sitebookify.book.model import Chapter, Image, Page, PageRef, Section
from sitebookify.jobs import Stage
from sitebookify.messages import Message
from sitebookify.spec import JobSpec, WritingMode
from support.bench import FakeBench
from support.documents import document_from_html

SITE = "https://example.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page to be: ``path`` below the site, clean HTML, its level in its chapter, its language, its number."""

    path: str
    html: str
    title: str = "Title"
    level: int = 0
    language: str = ""
    number: str = ""


def bench_with(
    chapters: Sequence[Sequence[Draft]],
    *,
    parts: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    stop_after: int | None = None,
    site: Mapping[str, Any] | None = None,
    writing_mode: WritingMode = WritingMode.HORIZONTAL_TB,
) -> FakeBench:
    """A bench whose inputs are this book; it has one image, ``https://example.org/i.png``."""
    bench = FakeBench(spec=JobSpec(source_url=SITE, writing_mode=writing_mode), stop_after=stop_after)
    made = [
        Chapter(
            id=f"chapter-{number:03}",
            title=drafts[0].title,
            part=parts[number - 1] if parts else "",
            sections=tuple(_section(bench, draft) for draft in drafts),
        )
        for number, drafts in enumerate(chapters, 1)
    ]
    refs = [
        PageRef(url=each.url, blob=each.blob, title=each.title, words=each.words, sha256=each.sha256, doubt={})
        for chapter in made
        for each in chapter.sections
    ]
    rows = [{"url": ref.url, "status": 200, "decision": "kept", "reason": ""} for ref in refs]
    gone = Message("page.status", status=404)
    bench.failures.append(
        PageFailure(url=f"{SITE}gone", stage=Stage.CRAWL, status=404, reason="HTTP_STATUS", message=gone)
    )
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    image = _image(bench)
    contents = {"title": "The Book", "language": "en", "chapters": [chapter.to_json() for chapter in made]}
    bench.inputs = {
        "crawl": {
            "pages": [],
            "aliases": dict(aliases or {}),
            "tried": bench.stored(gzip.compress(lines.encode(), mtime=0), ".jsonl.gz"),
        },
        "extract": {
            "pages": [ref.to_json() for ref in refs],
            "site": dict(site or {}),
            "images": {image.url: image.to_json()},
            "lost": [{"url": f"{SITE}lost.png", "page": refs[0].url, "reason": "HTTP_STATUS"}],
        },
        "contents": contents,
        "edit": contents,
    }
    return bench


def _section(bench: FakeBench, draft: Draft) -> Section:
    page = Page(
        document=document_from_html(draft.html, url=SITE + draft.path, title=draft.title, language=draft.language)
    )
    return Section(
        url=page.url,
        blob=bench.stored(page.pack(), ".msgpack.gz"),
        title=draft.title,
        number=draft.number,
        level=draft.level,
        words=len(draft.html.split()),
        sha256=hashlib.sha256(draft.html.encode()).hexdigest(),
    )


def _image(bench: FakeBench) -> Image:
    out = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(out, "PNG")
    data = out.getvalue()
    return Image(
        url=f"{SITE}i.png",
        blob=bench.stored(data, ".png"),
        name="i.png",
        content_type="image/png",
        width=4,
        height=4,
        size=len(data),
    )
