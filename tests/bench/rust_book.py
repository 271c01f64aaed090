"""The Rust Book from loopback to an EPUB, beside what people use for that today.

Ours is ``sitebookify build`` as it stands, without a delay between requests: crawl, book.md, book.epub and the zip of
both. percollate is given the list of the pages that the crawl found and makes an EPUB of them. Two more do a part of
the job: trafilatura extracts the same pages from disk and no more; pandoc makes an EPUB of the pages' HTML in one go.
All are timed as whole processes, in turns; memory is that of all their processes together. epubcheck judges the EPUBs.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pypandoc  # type: ignore[import-untyped]  # the wheel says nothing of types

from bench.kit.parts import Cell, Missing, Part, Sample, Table, Target, Version, attempt, ratios, say
from bench.kit.peers import Peer, node_package, python_package
from bench.kit.runs import Run, timed
from bench.kit.sites import RUST, serving
from support.epubcheck import epubcheck
from support.processes import SITEBOOKIFY

MOST_SECONDS, LEAST_RATIO = 8.0, 5.0
_TRAFILATURA = """
import pathlib, sys, trafilatura
for name in sys.stdin.read().split("\\n"):
    trafilatura.extract(pathlib.Path(name).read_bytes(), output_format="markdown", include_links=True)
"""
Job = Callable[[Path], Run]
"""Makes ``book.epub`` in the directory, if it makes one at all."""


def measure(*, rounds: int = 3) -> Iterator[Part]:
    """A row for each program."""
    with serving(*RUST) as site:
        pages, jobs, versions = _programs(site)
        yield from versions
        runs, errors = _in_turns(jobs, rounds)
    ours = [run.seconds for run in runs["sitebookify"]]
    rows: list[list[Cell]] = []
    for name, job in jobs.items():
        if isinstance(job, Missing):
            rows.append([name, job])
            continue
        seconds = [run.seconds for run in runs[name]]
        memory = Sample([run.peak for run in runs[name]], digits=0)
        found = errors[name]
        said = "no EPUB" if found is None else str(found)
        rows.append([name, Sample(seconds, digits=1), ratios(seconds, ours), memory, said])
    columns = ["", "seconds", "to ours", "memory, MiB", "epubcheck's errors and warnings"]
    yield Table(f"{pages} pages", columns, [[*row, *[None] * (len(columns) - len(row))] for row in rows])
    yield from _targets(ours, [run.seconds for run in runs["percollate"]], errors["sitebookify"])


def _programs(site: str) -> tuple[int, dict[str, Job | Missing], list[Version]]:
    """The number of pages, the programs by name, and the versions of those that could be had."""
    with tempfile.TemporaryDirectory() as folder:
        _ours(Path(folder), site)  # and so everything is in the caches
        lines = (Path(folder) / "book" / "manifest.jsonl").read_text().splitlines()
    urls = [str(json.loads(line)["url"]) for line in lines]
    files = [_file(url) for url in urls]
    peers = {
        "percollate": attempt(lambda: node_package("percollate")),
        "trafilatura": attempt(lambda: python_package("trafilatura", "lxml_html_clean")),
    }
    jobs: dict[str, Job | Missing] = {"sitebookify": lambda folder: _ours(folder, site)}
    for name, peer in peers.items():
        jobs[name] = peer if isinstance(peer, Missing) else _job(name, peer, urls, files)
    jobs["pandoc, one shot"] = lambda folder: timed(
        [pypandoc.get_pandoc_path(), "--from", "html", *files, "--output", "book.epub"], cwd=folder
    )
    versions = [peer.version for peer in peers.values() if isinstance(peer, Peer)]
    return len(urls), jobs, [*versions, Version("pandoc", str(pypandoc.get_pandoc_version()))]


def _ours(folder: Path, site: str) -> Run:
    run = timed(
        [*SITEBOOKIFY, "build", f"{site}/book/", "--out", str(folder / "book"), "--delay-ms", "0"],
        cwd=folder,
        # Modules are kept compiled, as they are where it was installed, whatever the caller's shell says of that.
        env={"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true", "PYTHONDONTWRITEBYTECODE": ""},
    )
    (folder / "book.epub").hardlink_to(folder / "book" / "book.epub")
    return run


def _job(name: str, peer: Peer, urls: list[str], files: list[Path]) -> Job:
    if name == "percollate":
        # Its cover would need a browser of its own.
        command = [peer.command("percollate"), "epub", "--no-cover", "--output", "book.epub", *urls]
        return lambda folder: timed(command, cwd=folder)

    def extract(folder: Path) -> Run:
        (folder / "names").write_text("\n".join(map(str, files)))
        script = f"exec \"{peer.command('python')}\" -c '{_TRAFILATURA}' <names"
        return timed(["sh", "-c", script], cwd=folder)

    return extract


def _file(url: str) -> Path:
    path = Path(RUST[0], urlsplit(url).path.lstrip("/"))
    return path / "index.html" if path.is_dir() else path


def _in_turns(jobs: dict[str, Job | Missing], rounds: int) -> tuple[dict[str, list[Run]], dict[str, int | None]]:
    """Every job's runs, and what epubcheck counted in its last EPUB; None where it makes none."""
    runs: dict[str, list[Run]] = {name: [] for name in jobs}
    errors: dict[str, int | None] = {}
    for number in range(rounds):
        for name, job in jobs.items():
            if isinstance(job, Missing):
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    runs[name].append(job(Path(folder)))
                except subprocess.CalledProcessError as failure:
                    jobs[name] = Missing(f"it failed: {failure.stderr.decode(errors='replace')[-200:]}")
                    continue
                say(name, runs[name][-1])
                book = Path(folder) / "book.epub"
                if number == rounds - 1:
                    errors[name] = len(epubcheck(book)) if book.exists() else None
    return runs, errors


def _targets(ours: list[float], percollate: list[float], errors: int | None) -> Iterator[Target]:
    seconds = Sample(ours, digits=1)
    yield Target(
        "The Rust Book, whole job",
        peer="none",
        target=f"at most {MOST_SECONDS:g} s, no error of epubcheck",
        measured=f"{seconds} s, {errors} errors",
        met=seconds.median <= MOST_SECONDS and errors == 0,
    )
    ratio = ratios(percollate, ours).median if percollate else None
    yield Target(
        "The Rust Book, whole job",
        peer="percollate",
        target=f"at least {LEAST_RATIO:g} times faster",
        measured=f"{ratio:.1f} times faster" if ratio else "percollate is missing",
        met=ratio >= LEAST_RATIO if ratio else None,
    )
