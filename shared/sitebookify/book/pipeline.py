"""The stages in order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sitebookify.book.contents import contents
from sitebookify.book.crawl import crawl
from sitebookify.book.extract import extract
from sitebookify.book.package import package
from sitebookify.book.package.paper import LONGEST_KB
from sitebookify.book.picture import LONGEST_SIDE
from sitebookify.book.render import render
from sitebookify.book.stage import StageFunction
from sitebookify.jobs import Stage


def pipeline(*, image_side: int = LONGEST_SIDE, longest_pdf_kb: int = LONGEST_KB) -> Mapping[Stage, StageFunction]:
    """What runs at each stage, in the order of the stages.

    No image has a longer side than ``image_side`` pixels, no PDF more than ``longest_pdf_kb`` KB of text.
    """
    return {
        Stage.CRAWL: crawl,
        Stage.EXTRACT: partial(extract, image_side=image_side),
        Stage.CONTENTS: contents,
        Stage.RENDER: render,
        Stage.PACKAGE: partial(package, longest_pdf_kb=longest_pdf_kb),
    }
