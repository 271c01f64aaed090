"""The entry: ``python -m bench [NAME …] [OPTION=VALUE …] [--store]``; see `bench` for what it does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.kit import report
from bench.kit.parts import Missing, say

NAMES = sorted({module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])} - {"__main__", "kit"})


def main(words: list[str]) -> int:
    """Run the named benchmarks, or all; the number of those that failed or could not be run."""
    options = dict(word.split("=", 1) for word in words if "=" in word)
    stored = not options or "--store" in words
    names = [word for word in words if "=" not in word and word != "--store"] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        say(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(NAMES)}")
        return 2
    failed = [name for name in names if not _run(name, options, stored=stored)]
    if stored:
        report.write_page()
        say(f"written: {report.DOCS / 'benchmarks.md'}")
    if failed:
        say("not measured:", ", ".join(failed))
    return len(failed)


def _run(name: str, options: dict[str, str], *, stored: bool) -> bool:
    """Run one and print it; False where it failed, and what was stored of it before stays."""
    say(f"== {name}")
    module = importlib.import_module(f"bench.{name}")
    try:
        run = report.run_json(name, module, module.measure(**_typed(module, options)), options)
    except (Missing, pytest.skip.Exception) as missing:  # `need` skips, as tests do
        say(f"{name} is missing something: {missing}")
        return False
    except Exception:  # noqa: BLE001 - the others are still worth running
        say(traceback.format_exc())
        return False
    print(report.run_markdown(run), flush=True)
    if stored:
        report.store(run)
    return True


def _typed(module: ModuleType, options: dict[str, str]) -> dict[str, Any]:
    """The options that this benchmark has, in the types of their defaults."""
    parameters = inspect.signature(module.measure).parameters
    return {name: type(parameters[name].default)(value) for name, value in options.items() if name in parameters}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
