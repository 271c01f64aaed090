"""Commands run to their end, with their time and the memory of their process tree."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kit.trees import MIB, Sampler


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds from start to end, and the largest resident memory of all its processes together, in MiB."""

    seconds: float
    peak: float


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
    return Run(seconds, sampler.peak / MIB)
