"""What the limits of foreign work cost: the Rust Book made with them and without them.

Both are ``sitebookify build`` on the same site, in turns. Without limits nothing bounds a task's CPU time, wall time
and memory, and no process is looked at before its next task. Compared is the CPU time of all processes of a run, since
that depends least on what else the machine does. Only this benchmark can switch the limits off.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.kit.parts import Part, Sample, Table, Target, ratios, say
from bench.kit.runs import timed
from bench.kit.sites import RUST, serving

MOST_PERCENT = 3.0
_WITH_LIMITS = "from sitebookify.runner import compute"
_WITHOUT_LIMITS = f"""
{_WITH_LIMITS}
from sitebookify.book.limits import Limits

compute.limits_of = lambda function: Limits(cpu=1e6, wall=1e6, memory=None)
compute._Worker.growth = lambda worker: 0
"""
_PROGRAMS: Mapping[str, str] = {
    "as it is": _WITH_LIMITS,
    "without limits": _WITHOUT_LIMITS,
}
_MEASURED = """
import ctypes, os, resource, subprocess, sys

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
code = subprocess.call(sys.argv[2:])
try:
    while True:
        os.wait()
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_utime + used.ru_stime))
sys.exit(code)
"""
"""Runs a command, waits for its processes too that outlive it, and writes the CPU time of all into a file."""


def measure(*, rounds: int = 5) -> Iterator[Part]:
    """The CPU time of each program, and what the limits add to it."""
    seconds: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    with serving(*RUST) as site:
        _cpu(_WITH_LIMITS, site)  # and so everything is in the caches
        for number in range(rounds):
            names = [*_PROGRAMS] if number % 2 == 0 else [*reversed([*_PROGRAMS])]
            for name in names:
                seconds[name].append(_cpu(_PROGRAMS[name], site))
                say(name, seconds[name][-1])
    bare = seconds["without limits"]
    yield Table(
        "CPU time of the Rust Book, all processes",
        ("", "seconds", "to without limits"),
        [[name, Sample(values, digits=2), ratios(values, bare, digits=3)] for name, values in seconds.items()],
    )
    percent = 100 * (Sample(seconds["as it is"]).median / Sample(bare).median - 1)
    yield Target(
        "limits of foreign work on the Rust Book, CPU time",
        peer="the same without limits",
        target=f"under {MOST_PERCENT:g} %",
        measured=f"{percent:.1f} %",
        met=percent < MOST_PERCENT,
    )


def _cpu(program: str, site: str) -> float:
    """Seconds of CPU time of a whole build."""
    with tempfile.TemporaryDirectory() as folder:
        used = Path(folder) / "used"
        code = f"{program}\nfrom sitebookify.cli import main\nmain()"
        build = [sys.executable, "-c", code, "build", f"{site}/book/", "--out", "book", "--delay-ms", "0"]
        try:
            timed(
                [sys.executable, "-c", _MEASURED, used, *build],
                cwd=Path(folder),
                env={"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true", "PYTHONDONTWRITEBYTECODE": ""},
            )
        except subprocess.CalledProcessError as failure:
            say(failure.stderr.decode(errors="replace"))
            raise
        return float(used.read_text())
