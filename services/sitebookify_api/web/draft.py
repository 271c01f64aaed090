"""A book that is still being made, as the reader and the job's page see it: what its last checkpoint holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from sitebookify.book.objects import read
from sitebookify.errors import ObjectNotFound
from sitebookify.jobs import Job, JobState, Stage
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore
from sitebookify.runner.growing_book import GrowingBook, GrowingLine, growing_book
from sitebookify_api.web.book import Line, not_found

_DRAFTS = 4
"""Kept, each some hundred KB: a book of a thousand pages is asked for by several windows at once."""
_SHORTFALL = "job.incomplete.max_pages"


class Draft:
    """The pages that are set, with the interface of `book.Book`."""

    direction = "ltr"

    def __init__(self, store: ObjectStore, growing: GrowingBook) -> None:
        self._store = store
        self.growing = growing
        self.spine = tuple(growing.texts)
        self.contents = tuple(_line(line) for line in growing.lines if line.text)

    def read(self, name: str) -> bytes:
        """A text or a picture, by its path in the EPUB.

        Raises:
            Refused: 404, there is no such file yet.
        """
        folder, _, file = name.partition("/")
        places: Mapping[str, Mapping[str, str]] = {"text": self.growing.texts, "images": self.growing.pictures}
        try:
            return read(self._store, places[folder][file])
        except (KeyError, ObjectNotFound) as error:
            raise not_found() from error

    def read_text(self, name: str) -> bytes:
        """A text, by its file name; raises as `read` does."""
        return self.read(f"text/{name}")


class Drafts:
    """Reads what jobs at work have so far, once for each checkpoint, however many ask."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = Lock()
        self._reading = Lock()

    def of(self, job: Job) -> Draft:
        """The job's book so far; blocks, so call it in a thread.

        Raises:
            TransientError: the store is away.
        """
        if job.state.terminal or not job.checkpoint:
            return Draft(self._store, GrowingBook(stage=job.stage))
        if draft := self._kept(job.checkpoint):
            return draft
        with self._reading:  # one at a time: a checkpoint takes five times its size while it is read
            if draft := self._kept(job.checkpoint):
                return draft
            draft = Draft(self._store, growing_book(self._store, job))
            with self._lock:
                self._drafts[job.checkpoint] = draft
                if len(self._drafts) > _DRAFTS:
                    self._drafts.popitem(last=False)
        return draft

    def _kept(self, checkpoint: str) -> Draft | None:
        with self._lock:
            draft = self._drafts.get(checkpoint)
            if draft:
                self._drafts.move_to_end(checkpoint)
            return draft


def contents_json(draft: Draft, job: Job) -> dict[str, Any]:
    """What the job's page shows: lines as [depth, title, URL, state, text], and `shortfall`."""
    lines = [[line.depth, line.title, line.url, line.state.value, line.text] for line in draft.growing.lines]
    return {"arranged": draft.growing.arranged, "lines": lines, "shortfall": shortfall(job)}


def shortfall(job: Job) -> dict[str, int] | None:
    """``{"kept", "about", "only"}`` of a finished book that has a part of the site, since no more pages were ordered.

    ``only``: the job's message says nothing else.
    """
    waiting = [job.progress.message] if job.state is JobState.DONE else []
    while waiting:
        message = waiting.pop()
        if message.id == _SHORTFALL:
            only = message is job.progress.message
            return {"kept": int(message.params["kept"]), "about": int(message.params["about"]), "only": only}
        waiting += [value for value in message.params.values() if isinstance(value, Message)]
    return None


def being_made(job: Job) -> bool:
    """True where the book is not there yet and may have pages that can be read."""
    return not job.artifacts and job.state is JobState.RUNNING and job.stage in (Stage.RENDER, Stage.PACKAGE)


def _line(line: GrowingLine) -> Line:
    return Line(line.depth, line.title, line.text)
