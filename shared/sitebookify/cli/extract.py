"""Saved pages to Markdown, with a line for each of them."""

from __future__ import annotations

from pathlib import Path

import typer

from sitebookify.book.extract.saved import Converted, convert, listed
from sitebookify.errors import PermanentError
from sitebookify.messages import literal


def extract_saved(pages_jsonl: Path, out: Path, *, explain: bool = False) -> None:
    """Convert the pages; files and words go to stdout, what is lost or doubtful to stderr, as it happens.

    Where ``explain`` is true, each page's rules go to a file beside its Markdown.

    Raises:
        InvalidRequest: the list of pages is none.
        PermanentError: no page could be converted.
    """
    pages = listed(pages_jsonl)
    results = []
    for number, result in enumerate(convert(pages, out, explain=explain), start=1):
        _tell(result, f"{number} of {len(pages)}")
        results.append(result)
    lost = sum(result.output is None for result in results)
    doubtful = sum(bool(result.problem) for result in results) - lost
    typer.echo(f"{len(results) - lost} pages converted, {doubtful} of them doubtful, {lost} lost", err=True)
    if lost == len(results):
        raise PermanentError(literal("no page could be converted"), reason="NOTHING_TO_EXTRACT")


def _tell(result: Converted, place: str) -> None:
    if result.output:
        typer.echo(f"{result.output}\t{result.words} words\t{result.page.url}")
    if result.problem:
        typer.echo(f"{place}: {result.page.path}: {result.problem}", err=True)
