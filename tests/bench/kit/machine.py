"""What a measurement was taken on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[3]


def machine() -> str:
    """Processor, cores, memory and system in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, {_system()}, {platform.machine()}"


def ourselves() -> dict[str, str]:
    """Our version, by commit, and Python's."""
    described = subprocess.run(
        ["git", "-C", str(_ROOT), "describe", "--always", "--dirty", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    commit = described.stdout.strip() or "no commit"
    return {"sitebookify": f"{version('sitebookify')} ({commit})", "Python": platform.python_version()}


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "processor unknown")


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
