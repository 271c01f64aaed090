"""What is compared: each makes a folder of Markdown from saved pages of one site.

They are started as commands, ``COMMAND PAGES.jsonl OUT``, and write OUT/007.md for …/007.html.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]  # the wheel says nothing of types

from bench.fidelity.sites import SavedPage
from bench.kit import peers
from bench.kit.parts import Version

_TRAFILATURA = "trafilatura, everything included"
_PANDOC = "whole page through pandoc"


@dataclass(frozen=True, slots=True)
class System:
    """A command, and what stands in the list of versions (None: it is in our own)."""

    command: Sequence[str]
    version: Version | None = None


def _ours() -> System:
    return System([str(Path(sys.executable).with_name("sitebookify")), "extract"])


def _peer(name: str) -> Callable[[], System]:
    return lambda: System([sys.executable, "-m", "bench.fidelity.peer", name])


def _readability() -> System:
    """Mozilla's algorithm in Python, through the same pandoc."""
    peer = peers.python_package("readability-lxml")
    script = Path(__file__).with_name("peer_readability.py")
    return System([peer.command("python"), str(script), pypandoc.get_pandoc_path()], peer.version)


SYSTEMS: Mapping[str, Callable[[], System]] = {
    "sitebookify": _ours,
    "readability-lxml, then pandoc": _readability,
    _TRAFILATURA: _peer("trafilatura"),
    _PANDOC: _peer("pandoc"),
}
"""How to get each; `Missing` where it cannot be had."""


def run(system: System, pages: Sequence[SavedPage], home: Path) -> tuple[list[str], float]:
    """The Markdown of each page, "" where the system made none, and the seconds it took in all."""
    home.mkdir(parents=True)
    rows = []
    for number, page in enumerate(pages):
        copy = home / f"{number:03}.html"
        copy.write_bytes(page.path.read_bytes())
        rows.append(json.dumps({"url": page.url, "html_path": str(copy)}))
    (home / "pages.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    started = time.perf_counter()
    subprocess.run([*system.command, home / "pages.jsonl", home / "out"], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    outputs = [home / "out" / f"{number:03}.md" for number in range(len(pages))]
    return [output.read_text("utf-8") if output.exists() else "" for output in outputs], seconds
