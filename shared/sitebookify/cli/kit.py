"""What a book can be built from again without fetching anything; kept in its directory for `sitebookify render`."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sitebookify.adapters.local_file import link_or_copy
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.book.crawl.journal import SUFFIX as RAW_SUFFIX
from sitebookify.book.model import PageRef
from sitebookify.book.objects import object_of, pack, read, unpack
from sitebookify.book.stage import State, Workbench
from sitebookify.errors import SitebookifyError
from sitebookify.jobs import Stage
from sitebookify.ports import ObjectStore
from sitebookify.repository import data_prefix
from sitebookify.runner.checkpoint import Checkpoint
from sitebookify.spec import JobSpec

FOLDER = ".sitebookify"
_PLAN = "kit.json"
_STAGES = (Stage.CRAWL, Stage.EXTRACT)
_OF_EDITION = ("edition", "troubles", "omitted", "glossary")
"""What the edit stage says of a book whose text is not the site's."""


class KitError(SitebookifyError):
    """The book's directory does not hold what the book can be built from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A job's id and options, the names of the objects with its stages' outputs, and of its list of failures."""

    job: str
    spec: JobSpec
    outputs: dict[str, str]
    checkpoint: str

    @classmethod
    def of(cls, book: Path) -> Self:
        """The kit in a book's directory.

        Raises:
            KitError: there is none, or another version has made it.
        """
        try:
            plan = json.loads((book / FOLDER / _PLAN).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            message = f"{book} was not made by sitebookify build, or its directory {FOLDER} is missing"
            raise KitError(message) from error
        kit = cls(job=plan["job"], spec=JobSpec.from_json(plan["spec"]), outputs=plan["outputs"], checkpoint=plan["at"])
        store = LocalObjectStore(book / FOLDER)
        if Checkpoint.from_bytes(read(store, kit.checkpoint)).stage is not Stage.RENDER:
            raise KitError(f"{book} was made by another version of sitebookify; build it again")
        return kit

    def pages(self, store: ObjectStore) -> dict[str, PageRef]:
        """The book's pages by URL."""
        extracted = unpack(read(store, self.outputs[Stage.EXTRACT]))
        refs = map(PageRef.from_json, extracted["pages"])
        return {ref.url: ref for ref in refs}


async def keep_kit(bench: Workbench, made_in: LocalObjectStore, folder: Path) -> None:
    """Write the kit of the bench's book, which is made in the store, into ``folder``, in place of an earlier one."""
    shutil.rmtree(folder, ignore_errors=True)
    await asyncio.to_thread(_keep, bench, made_in, folder)


def _keep(bench: Workbench, made_in: LocalObjectStore, folder: Path) -> None:
    store = LocalObjectStore(folder)
    inputs = {stage: bench.inputs[stage] for stage in _STAGES}
    edited = bench.inputs[Stage.EDIT]
    inputs[Stage.EDIT] = {name: edited[name] for name in _OF_EDITION if name in edited}
    if inputs[Stage.EDIT]:
        inputs[Stage.EXTRACT] = _with_edited_pages(inputs[Stage.EXTRACT], edited)
    outputs: dict[str, str] = {}
    for stage, output in inputs.items():
        data = pack(output)
        outputs[stage.value] = bench.blob(data, ".json.gz")
        store.put(outputs[stage.value], data)
    for name in sorted(set(_names(inputs, data_prefix(bench.job_id)))):
        made_in.link(name, store)
    checkpoint = Checkpoint(stage=Stage.RENDER, outputs=outputs).to_bytes()
    place = bench.blob(checkpoint, ".json.gz")
    store.put(place, checkpoint)
    plan = {"job": bench.job_id, "spec": bench.spec.to_json(), "outputs": outputs, "at": place}
    (folder / _PLAN).write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")


def _with_edited_pages(extracted: State, edited: State) -> State:
    """The output of extraction with the pages that a language model has edited in place of the site's."""
    sections = {section["url"]: section for chapter in edited["chapters"] for section in chapter["sections"]}
    pages = []
    for page in extracted["pages"]:
        section = sections.get(page["url"], page)
        pages.append({**page, "blob": section["blob"], "title": section["title"]})
    return {**extracted, "pages": pages}


def _names(value: State | Any, prefix: str) -> Iterator[str]:
    """Names of objects in plain JSON, without those of raw pages."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, str) and item.startswith(prefix) and not object_of(item).endswith(RAW_SUFFIX):
            yield object_of(item)


def unpack_kit(book: Path, folder: Path) -> None:
    """Put the kit's objects where a job can work on them; those of the kit are never changed."""
    shutil.copytree(book / FOLDER, folder, copy_function=link_or_copy)
