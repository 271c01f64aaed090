"""The built wheel, installed without our locks by the system's own pip, makes a book."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from support.outside import need
from support.site import Site

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
PYTHON = "/usr/bin/python3"
"""The system's, with the pip of its release: pip that resolves worse than today's is what many have."""
FITS = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
NO_INDEX = "after connection broken by"
"""What pip says of each try to reach an index that cannot be reached."""


def run(*command: str | Path, env: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


def checked(*command: str | Path, env: Mapping[str, str], cwd: Path) -> str:
    done = run(*command, env=env, cwd=cwd)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def env() -> dict[str, str]:
    """This process's environment without what would lead another Python to this one's packages or settings."""
    ours = ("PYTHON", "VIRTUAL_ENV", "SITEBOOKIFY_", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture
def command(tmp_path: Path, env: Mapping[str, str]) -> Path:
    """`sitebookify` of an environment that holds what the wheel asks for, and no more."""
    usable = Path(PYTHON).exists() and run(PYTHON, "-c", FITS, env=env, cwd=tmp_path).returncode == 0
    need(usable, "apt-get install python3-venv (Python 3.11 or newer)")
    checked(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path, env=env, cwd=ROOT)
    [wheel] = tmp_path.glob("*.whl")
    checked(PYTHON, "-m", "venv", tmp_path / "venv", env=env, cwd=tmp_path)
    bin_ = tmp_path / "venv/bin"
    installed = run(bin_ / "pip", "install", "--no-compile", wheel, env=env, cwd=tmp_path)
    need(NO_INDEX not in installed.stderr, "a package index that pip can reach")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    checked(bin_ / "pip", "check", env=env, cwd=tmp_path)
    return bin_ / "sitebookify"


def test_the_wheel_makes_a_book(command: Path, site: Site, tmp_path: Path, env: Mapping[str, str]) -> None:
    book = tmp_path / "book"
    build: Sequence[str | Path] = (command, "build", site.url("/"), "--out", book, "--delay-ms", "0")
    checked(*build, env={**env, "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}, cwd=tmp_path)
    assert "Winter" in (book / "book.md").read_text()
    assert (book / "book.epub").read_bytes().startswith(b"PK")
