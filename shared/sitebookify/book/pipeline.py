"""The stages in order."""

from __future__ import annotations

from collections.abc import Mapping

from sitebookify.book.contents import contents
from sitebookify.book.crawl import crawl
from sitebookify.book.extract import extract
from sitebookify.book.package import package
from sitebookify.book.render import render
from sitebookify.book.stage import StageFunction
from sitebookify.jobs import Stage

PIPELINE: Mapping[Stage, StageFunction] = {
    Stage.CRAWL: crawl,
    Stage.EXTRACT: extract,
    Stage.CONTENTS: contents,
    Stage.RENDER: render,
    Stage.PACKAGE: package,
}
"""What runs at each stage, in the order of the stages."""
