"""What an installation weighs: the wheel in an empty environment, with byte code, and what each extra adds.

MiB of the files that each distribution's record lists, and of the whole environment, which has no pip.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bench.kit.parts import Cell, Missing, Part, Table, say
from bench.kit.trees import MIB

ROOT = Path(__file__).parents[2]
_UV = ROOT / ".cache/uv/bin/uv"
_EXTRAS = ("", "llm", "pdf", "s3")
_LARGEST = 12
_WEIGHTS = """
import importlib.metadata, json
weights = {}
for one in importlib.metadata.distributions():
    weights[one.name] = sum(f.locate().stat().st_size for f in one.files or () if f.locate().exists())
print(json.dumps(weights))
"""


def measure() -> Iterator[Part]:
    """The largest distributions of the wheel alone, and what each extra adds."""
    if not _UV.exists():
        raise Missing("this needs uv: make .cache/uv/bin/uv")
    with tempfile.TemporaryDirectory() as home:
        steps = [_installed(Path(home) / "venv", extra) for extra in _EXTRAS]
    alone, alone_whole = steps[0]
    ordered = sorted(alone.items(), key=lambda item: -item[1])
    rows: list[list[Cell]] = [[name, size / MIB] for name, size in ordered[:_LARGEST]]
    rest = ordered[_LARGEST:]
    rows.append([f"{len(rest)} others", sum(size for _, size in rest) / MIB])
    yield Table("the wheel without extras, MiB", ["distribution", "MiB"], [*rows, ["whole environment", alone_whole]])
    wholes = [whole for _, whole in steps]
    added = [more - less for less, more in pairwise(wholes)]
    extras: list[list[Cell]] = [[f"[{extra}]", size] for extra, size in zip(_EXTRAS[1:], added, strict=True)]
    yield Table("added by an extra, MiB", ["extra", "MiB"], extras)


def _installed(venv: Path, extra: str) -> tuple[dict[str, int], float]:
    """Bytes of each distribution, and MiB of the environment, which holds what was installed before too."""
    say("installing", f"sitebookify[{extra}]" if extra else "sitebookify")
    env = {**os.environ, "VIRTUAL_ENV": str(venv), "UV_LINK_MODE": "copy"}
    if not venv.exists():
        subprocess.run([_UV, "venv", "--quiet", "--python", sys.executable, venv], check=True, env=env)
    wanted = f"sitebookify[{extra}] @ {ROOT.as_uri()}" if extra else f"sitebookify @ {ROOT.as_uri()}"
    done = subprocess.run(
        [_UV, "pip", "install", "--quiet", "--compile-bytecode", wanted],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Missing(f"uv could not install it: {done.stderr.strip()[-200:]}")
    answer = subprocess.run([venv / "bin/python", "-c", _WEIGHTS], check=True, capture_output=True, text=True)
    files = (path for path in venv.rglob("*") if path.is_file() and not path.is_symlink())
    weights: dict[str, int] = json.loads(answer.stdout)
    return weights, sum(path.stat().st_size for path in files) / MIB
