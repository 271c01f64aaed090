"""The stages in order, each loaded when it first runs: a service is ready before it needs parsers and pandoc."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.stage import AtEnd, Done, Paused, StageFunction, State, Workbench
from sitebookify.formats import Format
from sitebookify.jobs import Stage


def pipeline(
    *,
    image_side: int | None = None,
    longest_kb: Mapping[Format, int] | None = None,
    at_end: AtEnd | None = None,
    model: ModelAccess | None = None,
) -> Mapping[Stage, StageFunction]:
    """What runs at each stage, in the order of the stages.

    No image has a longer side than ``image_side`` pixels, no book comes in a format of ``longest_kb`` with more KB of
    text; None: as the stages have it. ``at_end`` is called with the bench of each job whose last stage is done.
    ``model`` is the language model that jobs may ask.
    """
    stages = {
        Stage.CRAWL: _loading("crawl", "extract"),
        Stage.EXTRACT: _loading("extract", "contents", "edit", "render", "package", image_side=image_side),
        Stage.CONTENTS: _loading("contents"),
        Stage.EDIT: _loading("edit", model=model),
        Stage.RENDER: _loading("render"),
        Stage.PACKAGE: _loading("package", longest_kb=longest_kb),
    }
    if at_end is not None:
        stages[Stage.PACKAGE] = _followed(stages[Stage.PACKAGE], at_end)
    return stages


def _followed(function: StageFunction, at_end: AtEnd) -> StageFunction:
    async def stage(bench: Workbench, state: State | None) -> Done | Paused:
        result = await function(bench, state)
        if isinstance(result, Done):
            await at_end(bench)
        return result

    return stage


def _loading(name: str, *following: str, **options: Any) -> StageFunction:
    """The function ``name`` of the stage ``name``, with those options that are given.

    While it is at work, the stages ``following`` are loaded: it waits for a site, or for the worker processes.
    """
    given = {option: value for option, value in options.items() if value is not None}

    async def stage(bench: Workbench, state: State | None) -> Done | Paused:
        module = await asyncio.to_thread(_module, name)
        loading = asyncio.create_task(asyncio.to_thread(lambda: [*map(_module, following)]))
        try:
            answer: Done | Paused = await getattr(module, name)(bench, state, **given)
        finally:
            await loading
        return answer

    return stage


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"sitebookify.book.{name}.{name}_stage")
