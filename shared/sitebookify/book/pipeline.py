"""The stages in order, each loaded when it first runs: a service is ready before it needs parsers and pandoc."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping

from sitebookify.book.stage import Done, Paused, StageFunction, State, Workbench
from sitebookify.jobs import Stage


def pipeline(*, image_side: int | None = None, longest_pdf_kb: int | None = None) -> Mapping[Stage, StageFunction]:
    """What runs at each stage, in the order of the stages.

    No image has a longer side than ``image_side`` pixels, no PDF more than ``longest_pdf_kb`` KB of text; None: as the
    stages have it.
    """
    return {
        Stage.CRAWL: _loading("crawl"),
        Stage.EXTRACT: _loading("extract", image_side=image_side),
        Stage.CONTENTS: _loading("contents"),
        Stage.RENDER: _loading("render"),
        Stage.PACKAGE: _loading("package", longest_pdf_kb=longest_pdf_kb),
    }


def _loading(name: str, **options: int | None) -> StageFunction:
    """The function ``name`` of the stage ``name``, with those options that are given."""
    given = {option: value for option, value in options.items() if value is not None}

    async def stage(bench: Workbench, state: State | None) -> Done | Paused:
        module = await asyncio.to_thread(importlib.import_module, f"sitebookify.book.{name}.stage")
        answer: Done | Paused = await getattr(module, name)(bench, state, **given)
        return answer

    return stage
