"""Whole sites made into books by what people use for that, one program after the other.

The Rust Book and the manual of PostgreSQL are Debian's; a documentation in Docusaurus' mark-up and a blog are written
by the benchmark, so that order and content are known. Each program starts from the site on loopback and ends with an
EPUB. sitebookify crawls by itself. The others do not, and are given the pages breadth first, as a crawler finds them:
percollate as URLs, crawl4ai too (over HTTP, without a browser), the rest as files. Where a program ends with Markdown
or HTML, pandoc makes the EPUB of it, and its time counts. Scrapy fetches the pages and makes nothing.

Time and memory are of all processes of a program together, what they share counted once; processor time tells more
than seconds on a machine that does other work. Content and order are read from the EPUBs, by the same functions from
each. ``kept`` is the mean of what must be kept: words, headings, code blocks to the space, tables, list items, inline
code. ``pure`` is the mean of what must stay out: words beside the content, and the boilerplate's words. ``balanced`` is
their harmonic mean. ``order`` is Kendall's tau beside the site's own order, by the pages' titles that stand once in it.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bench.everybody.books import Scores, judged
from bench.everybody.places import PLACES, Place, Served, served
from bench.everybody.programs import Program, programs
from bench.kit.parts import Cell, Missing, Part, Sample, Table, Target, say
from bench.kit.runs import Run
from support.epubcheck import epubcheck

_COLUMNS = (
    "program",
    "pages",
    "seconds",
    "processor, s",
    "memory, MiB",
    "epubcheck",
    "balanced",
    "kept",
    "pure",
    "titles",
    "order",
)
_OURS = "sitebookify"


@dataclass(frozen=True, slots=True)
class Result:
    """What a program made of a site; without an EPUB there are neither findings nor scores."""

    runs: list[Run]
    pages: int
    findings: int | None = None
    scores: Scores | None = None


def measure(*, rounds: int = 1, sites: str = "") -> Iterator[Part]:
    """A table for each site; ``sites`` names some of them by parts of their names, with commas between."""
    chosen = programs()
    yield from (program.version for program in chosen.values() if not isinstance(program, Missing) and program.version)
    for place in PLACES:
        if not any(part in place.name for part in sites.split(",")):
            continue
        try:
            with served(place) as there:
                results = _results(there, chosen, rounds)
        except (Missing, pytest.skip.Exception) as missing:  # `need` skips, as tests do
            yield Table(place.name, ["site", "missing"], [[place.name, Missing(str(missing))]])
            continue
        yield Table(f"{place.name}, {len(there.pages)} pages", _COLUMNS, [_row(*one) for one in results.items()])
        yield from _targets(place, results)


def _results(there: Served, chosen: Mapping[str, Program | Missing], rounds: int) -> dict[str, Result | Missing]:
    results: dict[str, Result | Missing] = {}
    for number in range(rounds):
        for name, program in chosen.items():
            before = results.get(name)
            if isinstance(program, Missing) or isinstance(before, Missing):
                results[name] = program if isinstance(program, Missing) else before or Missing("it failed")
                continue
            result = _result(there, program, judge=number == rounds - 1)
            say(there.place.name, name, result.why if isinstance(result, Missing) else result.runs[-1])
            if isinstance(result, Result) and before:
                result = replace(result, runs=[*before.runs, *result.runs])
            results[name] = result
    return results


def _result(there: Served, program: Program, *, judge: bool) -> Result | Missing:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        try:
            run = program.run(there, folder)
        except subprocess.CalledProcessError as failure:
            last = failure.stderr.decode(errors="replace").strip().splitlines()[-1:]
            return Missing(f"it ended with {failure.returncode}: {''.join(last)[-200:]}")
        pages = program.pages(there, folder)
        book = folder / "book.epub"
        if not judge or not book.exists():
            return Result([run], pages)
        return Result([run], pages, len(epubcheck(book)), judged(book, there.truths, there.titles))


def _row(name: str, result: Result | Missing) -> list[Cell]:
    if isinstance(result, Missing):
        return [name, result, *[None] * (len(_COLUMNS) - 2)]
    seconds = Sample([run.seconds for run in result.runs], digits=1)
    processor = Sample([run.processor for run in result.runs], digits=1)
    memory = Sample([run.shared_once for run in result.runs], digits=0)
    row: list[Cell] = [name, result.pages, seconds, processor, memory]
    if result.scores is None:
        return [*row, "no EPUB", *[None] * 5]
    scores = result.scores
    shares = [f"{share:.3f}" for share in (scores.balanced, scores.kept, scores.pure)]
    order = "-" if scores.order is None else f"{scores.order:.4f}"
    return [*row, str(result.findings), *shares, f"{scores.titles} of {scores.wanted}", order]


def _targets(place: Place, results: Mapping[str, Result | Missing]) -> Iterator[Target]:
    """Beside the best of the others in content, and beside the one that needs the least processor time for an EPUB."""
    books = {name: one for name, one in results.items() if isinstance(one, Result) and one.scores}
    ours = books.pop(_OURS, None)
    if not ours or not ours.scores or not books:
        return
    content = {name: book.scores.balanced for name, book in books.items() if book.scores}
    best = max(content, key=content.__getitem__)
    yield Target(
        f"everybody, {place.name}: content",
        peer=f"{best}: {content[best]:.3f}",
        target="at least the best of the others",
        measured=f"{ours.scores.balanced:.3f}",
        met=ours.scores.balanced >= content[best],
    )
    times = {name: Sample([run.processor for run in book.runs]).median for name, book in books.items()}
    fastest = min(times, key=times.__getitem__)
    mine = Sample([run.processor for run in ours.runs]).median
    yield Target(
        f"everybody, {place.name}: processor time",
        peer=f"{fastest}: {times[fastest]:.1f} s",
        target="at most the least of the others",
        measured=f"{mine:.1f} s",
        met=mine <= times[fastest],
    )
