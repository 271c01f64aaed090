"""A benchmark's run as JSON and as Markdown, and the page made of all that are stored."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.kit.machine import machine, ourselves
from bench.kit.parts import Cell, Missing, Part, Sample, Table, Target, Version, number
from bench.kit.plot import plot

DOCS = Path(__file__).parents[3] / "docs"
STORED = DOCS / "benchmarks"
_HEAD = """# Benchmarks

Made by `make bench` from `docs/benchmarks/*.json`, which hold every single value. A figure is a median, with the spread
of its rounds in brackets; a ratio is one of runs in turns within the same minutes, on the same machine. What could not
be measured says so.

"""


def run_json(name: str, module: ModuleType, parts: Iterable[Part], options: dict[str, str]) -> dict[str, Any]:
    """The run as it is stored."""
    parts = list(parts)
    words = " ".join(f"{option}={value}" for option, value in options.items())
    return {
        "name": name,
        "about": inspect.getdoc(module) or "",
        "command": f"make bench NAME={name}" + (f' ARGS="{words}"' if words else ""),
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": machine(),
        "versions": ourselves() | {part.of: part.version for part in parts if isinstance(part, Version)},
        "targets": [
            {"what": t.what, "peer": t.peer, "target": t.target, "measured": t.measured, "met": t.met}
            for t in parts
            if isinstance(t, Target)
        ],
        "tables": [
            {
                "title": t.title,
                "columns": list(t.columns),
                "rows": [[_cell_json(cell) for cell in row] for row in t.rows],
                "note": t.note,
            }
            for t in parts
            if isinstance(t, Table)
        ],
    }


def _cell_json(cell: Cell) -> Any:
    match cell:
        case Sample():
            return {"text": str(cell), "median": cell.median, "values": cell.values}
        case Missing():
            return {"text": f"missing: {cell.why}"}
        case float():
            return {"text": number(cell), "median": cell}
    return cell


def run_markdown(run: dict[str, Any], *, notes: str = "") -> str:
    """A section of the page."""
    heading, _, about = run["about"].replace("``", "`").partition("\n")
    versions = ", ".join(f"{of} {version}" for of, version in run["versions"].items())
    lines = [f"## {run['name']}", "", f"{heading}{chr(10)}{about}".rstrip(), ""]
    lines += [f"`{run['command']}`, {run['date']}. {run['machine']}. {versions}.", ""]
    for table in run["tables"]:
        lines += [f"**{table['title']}**", "", *_table(table["columns"], table["rows"]), ""]
        lines += [table["note"], ""] if table["note"] else []
    return "\n".join([*lines, *targets_markdown([run]), notes.strip()]).rstrip() + "\n"


def targets_markdown(runs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The targets of these runs as a table's lines."""
    words = {True: "yes", False: "**no**", None: "not measured"}
    rows = [[t["what"], t["peer"], t["target"], t["measured"], words[t["met"]]] for run in runs for t in run["targets"]]
    if rows:
        yield from _table(["what", "beside", "target", "measured", "met"], rows)
        yield ""


def _table(columns: list[str], rows: list[list[Any]]) -> list[str]:
    aligned = ["---:" if all(_is_number(row[n]) for row in rows) else "---" for n in range(len(columns))]
    cells = [columns, aligned, *([_text(cell) for cell in row] for row in rows)]
    return ["| " + " | ".join(row) + " |" for row in cells]


def _is_number(cell: Any) -> bool:
    return cell is None or isinstance(cell, int | float) or (isinstance(cell, dict) and "median" in cell)


def _text(cell: Any) -> str:
    if isinstance(cell, dict):
        return str(cell["text"])
    if isinstance(cell, int):
        return f"{cell:,}"
    return "" if cell is None else str(cell).replace("|", "\\|")


def store(run: dict[str, Any]) -> None:
    """Keep the run, in place of the one before."""
    STORED.mkdir(exist_ok=True)
    (STORED / f"{run['name']}.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n")


def stored() -> list[dict[str, Any]]:
    """All runs that are kept, by name."""
    return [json.loads(path.read_text()) for path in sorted(STORED.glob("*.json"))]


def write_page() -> None:
    """Make ``docs/benchmarks.md`` and its plot anew."""
    runs = stored()
    targets = "\n".join(targets_markdown(runs))
    sections = [run_markdown(run, notes=_notes(run["name"])) for run in runs]
    (DOCS / "benchmarks.md").write_text("\n".join([_HEAD + targets, *sections]))
    for run in runs:
        if run["name"] == "worker_memory":
            (STORED / "worker_memory.svg").write_text(_over_pages(run["tables"][0]["rows"]))


def _over_pages(rows: list[list[Any]]) -> str:
    """Time and memory over the pages of a book."""
    points = [row[0] for row in rows]
    curves = [("seconds", [row[1] for row in rows]), ("MiB, all processes", [row[4] for row in rows])]
    return plot("pages", points, curves)


def _notes(name: str) -> str:
    path = STORED / f"{name}.notes.md"
    return path.read_text() if path.exists() else ""
