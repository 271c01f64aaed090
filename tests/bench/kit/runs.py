"""Commands run to their end, with their time and the memory of their process tree."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kit.trees import MIB, Sampler

_COUNTING = """
import ctypes, os, resource, subprocess, sys

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
code = subprocess.call(sys.argv[1:])
try:
    while True:
        os.wait()
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open("used", "w") as file:
    file.write(str(used.ru_utime + used.ru_stime))
sys.exit(code)
"""
"""Runs a command, waits for its processes too that outlive it, and writes the processor time of all into a file."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds from start to end, and the largest resident memory of all its processes together, in MiB.

    ``peak`` counts what processes share in each of them, ``shared_once`` once; ``processor`` is the processor time of
    all of them in seconds, where it was measured.
    """

    seconds: float
    peak: float
    shared_once: float
    processor: float = 0.0


def timed(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run it; what it prints goes to a file in ``cwd``.

    Raises:
        CalledProcessError: it failed; the message's end is in ``stderr``.
    """
    with (cwd / "printed").open("w+b") as printed:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=printed, stderr=printed)
        with Sampler(process.pid, every=0.1) as sampler:
            code = process.wait()
        seconds = time.perf_counter() - started
        if code:
            printed.seek(0)
            raise subprocess.CalledProcessError(code, command, stderr=printed.read()[-2000:])
    return Run(seconds, sampler.peak / MIB, sampler.shared_once / MIB)


def measured(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """As `timed`, with the processor time; the process that counts it is in the memory, with some 8 MiB."""
    run = timed([sys.executable, "-c", _COUNTING, *command], cwd=cwd, env=env)
    return Run(run.seconds, run.peak, run.shared_once, float((cwd / "used").read_text()))
