"""Converts saved pages to Markdown, and prints a line for each."""

from __future__ import annotations

from pathlib import Path

import typer

from sitebookify.book.extract.saved import Converted, convert, listed
from sitebookify.errors import PermanentError
from sitebookify.messages import literal


def extract_saved(pages_jsonl: Path, out: Path, *, explain: bool = False) -> None:
    """Convert the pages; stdout gets each file with its number of words, stderr what is lost or doubtful.

    With ``explain``, the rules that were applied to a page go to a file beside its Markdown.

    Raises:
        InvalidRequest: ``pages_jsonl`` is not a list of pages.
        PermanentError: no page could be converted.
    """
    pages = listed(pages_jsonl)
    results = []
    for number, result in enumerate(convert(pages, out, explain=explain), start=1):
        _print(result, f"{number} of {len(pages)}")
        results.append(result)
    lost = sum(result.output is None for result in results)
    doubtful = sum(bool(result.problem) for result in results) - lost
    typer.echo(f"{len(results) - lost} pages converted, {doubtful} of them doubtful, {lost} lost", err=True)
    if lost == len(results):
        raise PermanentError(literal("no page could be converted"), reason="NOTHING_TO_EXTRACT")


def _print(result: Converted, place: str) -> None:
    if result.output:
        typer.echo(f"{result.output}\t{result.words} words\t{result.page.url}")
    if result.problem:
        typer.echo(f"{place}: {result.page.path}: {result.problem}", err=True)
