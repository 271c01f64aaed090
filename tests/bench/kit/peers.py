"""What we are compared with, installed by the benchmark itself into environments of its own under ``.cache/bench``.

Each function returns where the peer is and its version, or raises `Missing` with the reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kit.parts import Missing, Version, say

CACHE = Path(__file__).parents[3] / ".cache" / "bench"


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: ``folder`` holds its commands."""

    folder: Path
    version: Version

    def command(self, name: str) -> str:
        """The path of one of its commands."""
        return str(self.folder / name)


def python_package(name: str, *more: str, version: str = "") -> Peer:
    """A package of PyPI, with what it forgets to ask for, in a virtual environment, whose ``python`` is a command.

    The newest, unless a version is named.
    """
    home = CACHE / (f"{name}-{version}" if version else name)
    wanted = f"{name}=={version}" if version else name
    ready = home / "ready"
    if not ready.exists():
        say(f"installing {name} into {home.relative_to(Path.cwd()) if home.is_relative_to(Path.cwd()) else home}")
        venv.create(home, with_pip=True, clear=True)
        _install([str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", wanted, *more])
        ready.touch()
    asked = f"import importlib.metadata as m; print(m.version({name!r}))"
    answer = subprocess.run([home / "bin" / "python", "-c", asked], check=True, capture_output=True, text=True)
    return Peer(home / "bin", Version(name, answer.stdout.strip()))


def node_package(name: str, *, version: str = "") -> Peer:
    """A package of npm, the newest unless a version is named, without the browsers that some bring."""
    if not shutil.which("npm"):
        raise Missing(f"{name} needs Node.js: apt-get install nodejs npm")
    home = CACHE / (f"{name}-{version}" if version else name)
    wanted = f"{name}@{version}" if version else name
    manifest = home / "node_modules" / name / "package.json"
    if not manifest.exists():
        say(f"installing {name} with npm")
        home.mkdir(parents=True, exist_ok=True)
        # percollate brings Puppeteer, whose browser is for PDF alone.
        _install(["env", "PUPPETEER_SKIP_DOWNLOAD=1", "npm", "install", "--silent", "--prefix", str(home), wanted])
    return Peer(home / "node_modules" / ".bin", Version(name, json.loads(manifest.read_text())["version"]))


def _install(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise Missing(f"{' '.join(map(str, command[-2:]))} failed: {last}")
