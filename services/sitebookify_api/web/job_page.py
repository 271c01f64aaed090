"""What a job's page holds before any script has run: how far the job is, why it failed, its files."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlencode, urlsplit

from sitebookify.formats import BookFile, Format, file_of, for_people
from sitebookify.jobs import Artifact, Job, JobState, Stage
from sitebookify.messages import Catalogue
from sitebookify.spec import Engine
from sitebookify_api.web.pages import Html

_FILES = {file.name: file for file in for_people()}
_ORDER = {name: place for place, name in enumerate(_FILES)}
_HIDDEN = Html(" hidden")
_EPUB = file_of(Format.EPUB).name
MOST_TITLE = 400
"""Characters of a title that a cover is asked for with."""


def title_of(job: Job) -> str:
    """The title that was ordered or found, else the site's address without what every address has."""
    address = urlsplit(job.spec.source_url)
    return job.spec.title or job.title or (address.netloc + address.path).rstrip("/")


def job_values(job: Job, words: Catalogue) -> dict[str, object]:
    """Values of the template; sizes and times, which depend on the reader's own settings, come with the script."""
    state = f"STATE_{job.state.name}"
    progress = job.progress
    running = job.state is JobState.RUNNING
    artifacts = sorted(job.artifacts, key=_place)
    return {
        "title": title_of(job),
        "id": job.id,
        "source": job.spec.source_url,
        "cover": cover_url(job),
        "state": state,
        "state.said": words.script[f"state.{state}"],
        "percent": progress.percent,
        "stages": Html("".join(_stages(job, words))),
        "fetched": words.number(progress.pages_fetched),
        "failed": words.number(progress.pages_failed),
        "no.failed": "" if progress.pages_failed else _HIDDEN,
        "doing": words.show(progress.message) if running else "",
        "problem": words.show(job.error.message) if job.error else "",
        "no.problem": "" if job.error else _HIDDEN,
        "files": Html("".join(_file(job, item, words) for item in artifacts if not _for_programs(item))),
        "more.files": Html("".join(_file(job, item, words) for item in artifacts if _for_programs(item))),
        "no.files": "" if artifacts else _HIDDEN,
    }


def _stages(job: Job, words: Catalogue) -> Iterator[str]:
    at = list(Stage).index(job.progress.stage)
    edited = job.spec.render_engine is Engine.OPENAI
    for place, stage in enumerate(Stage):
        if stage is Stage.EDIT and not edited:
            continue
        mark = ' class="done"' if place < at else ""
        if place == at:
            mark = {JobState.RUNNING: ' aria-current="step"', JobState.ERROR: ' class="stopped"'}.get(job.state, "")
        yield f'<li data-stage="{stage}"{mark}>{words.script[f"stage.{stage}"]}</li>'


def cover_url(job: Job) -> str:
    """The address of the book's cover: the EPUB's, or else one that is drawn like it."""
    if any(artifact.name == _EPUB for artifact in job.artifacts):
        return f"/jobs/{job.id}/book/cover.png"
    return "/cover.svg?" + urlencode({"title": title_of(job)[:MOST_TITLE], "url": job.spec.source_url})


def files_for_people(words: Catalogue) -> list[dict[str, str]]:
    """The files that a book may have, in the order in which they are listed, for the page's script.

    What is for programs has no title.
    """
    return [{"name": name, "title": _title(name), "label": label_of(file, words)} for name, file in _FILES.items()]


def label_of(file: BookFile, words: Catalogue) -> str:
    """What the file is good for, in the language of the words."""
    return words.page.get(f"file.{file.name}", file.label)


def _place(artifact: Artifact) -> int:
    return _ORDER.get(artifact.name, len(_ORDER))


def _title(name: str) -> str:
    """What people call the file's format; "" for lists that programs read, and for what no version writes any more."""
    file = _FILES.get(name)
    return file.title if file else ""


def _for_programs(artifact: Artifact) -> bool:
    return not _title(artifact.name)


def _file(job: Job, artifact: Artifact, words: Catalogue) -> str:
    file = _FILES.get(artifact.name)
    what = escape(label_of(file, words)) if file else ""
    name = escape(_title(artifact.name) or artifact.name)
    link = f'<a href="/jobs/{job.id}/{quote(artifact.name)}" download>{name}</a>'
    return f"<li><span>{link}<small>{what}</small></span></li>"
