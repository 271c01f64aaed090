"""The sites: Debian packages, unpacked by the benchmark itself, and a sample of their pages."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kit.parts import Missing, say
from bench.kit.peers import CACHE

_LARGEST = 400_000
"""Bytes of a page: a few pages of megabytes would be all that is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site and where its content is; the fields are described in ``sites.toml``."""

    name: str
    package: str
    folder: str
    include: tuple[str, ...]
    exclude: str = "$^"
    root: tuple[str, ...]
    drop: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    layout: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page of a site: its URL and the file."""

    url: str
    path: Path


def known_sites(file: str = "sites.toml") -> list[Site]:
    """Those of ``sites.toml``, or of ``held_back.toml``."""
    table = tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))
    return [_site(name, row) for name, row in table.items()]


def _site(name: str, row: dict[str, Any]) -> Site:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Site(name=name, **fields)


def sampled(site: Site, most: int) -> list[SavedPage]:
    """At most so many pages of the site, always the same ones.

    Raises:
        Missing: its package cannot be had.
    """
    home = unpacked(site.package) / site.folder
    paths = sorted({path.relative_to(home).as_posix() for glob in site.include for path in home.glob(glob)})
    paths = [path for path in paths if not re.search(site.exclude, path) and (home / path).stat().st_size <= _LARGEST]
    random.Random(site.name).shuffle(paths)
    return [SavedPage(f"https://site.example/{path}", home / path) for path in paths[:most]]


def unpacked(package: str) -> Path:
    """The folder of the package's files, which are not installed."""
    home = CACHE / "sites" / package
    if home.exists():
        return home
    if not shutil.which("apt-get"):
        raise Missing(f"{package} is a Debian package, and there is no apt-get")
    say(f"unpacking {package}")
    part = home.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    done = subprocess.run(
        ["apt-get", "-qq", "download", package], cwd=part, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"apt-get download {package} failed: {done.stderr.strip()[:200]}")
    (archive,) = part.glob("*.deb")
    subprocess.run(["dpkg", "-x", archive, part], check=True)
    archive.unlink()
    part.rename(home)
    return home
