"""The stages in order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sitebookify.book.contents import contents
from sitebookify.book.crawl import crawl
from sitebookify.book.extract import extract
from sitebookify.book.package import package
from sitebookify.book.picture import LONGEST_SIDE
from sitebookify.book.render import render
from sitebookify.book.stage import StageFunction
from sitebookify.jobs import Stage


def pipeline(*, image_side: int = LONGEST_SIDE) -> Mapping[Stage, StageFunction]:
    """What runs at each stage, in the order of the stages; no image has a longer side than ``image_side`` pixels."""
    return {
        Stage.CRAWL: crawl,
        Stage.EXTRACT: partial(extract, image_side=image_side),
        Stage.CONTENTS: contents,
        Stage.RENDER: render,
        Stage.PACKAGE: package,
    }
