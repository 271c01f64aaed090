"""Documentation that Debian packages, as sites to make books of."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.outside import need_path
from support.processes import SITEBOOKIFY


@dataclass(frozen=True, slots=True)
class Documentation:
    """Pages on this machine: the directory served, its Debian package, and the path of the start page."""

    directory: str
    package: str
    start: str

    @property
    def root(self) -> Path:
        """The directory; where it is missing, the test is skipped, or fails in CI."""
        return need_path(self.directory, self.package)

    @property
    def file(self) -> Path:
        """The start page; the pages beside and below it become the book."""
        return self.root / self.start.lstrip("/")


SITES = {
    "rust-book": Documentation("/usr/share/doc/rust-doc/html", "rust-doc", "/book/index.html"),
    "python-tutorial": Documentation("/usr/share/doc/python3-doc/html", "python3-doc", "/tutorial/index.html"),
    "python-library": Documentation("/usr/share/doc/python3-doc/html", "python3-doc", "/library/index.html"),
    "debian-reference-ja": Documentation("/usr/share/debian-reference", "debian-reference-ja", "/index.ja.html"),
    "postgresql": Documentation("/usr/share/doc/postgresql-doc-15/html", "postgresql-doc-15", "/index.html"),
    "celery": Documentation("/usr/share/doc/python-celery-doc/html", "python-celery-doc", "/index.html"),
    "git": Documentation("/usr/share/doc/git-doc", "git-doc", "/git.html"),
    "apache-ja": Documentation("/usr/share/doc/apache2-doc/manual", "apache2-doc", "/ja/index.html"),
}


def built(url: str, out: Path, *options: str, **settings: str) -> Path:
    """The book of the site, whole, by the command line; ``settings`` are environment variables."""
    command = [*SITEBOOKIFY, "build", url, "--out", str(out), "--delay-ms", "0", "--max-pages", "10000", *options]
    environment = {**os.environ, "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true", **settings}
    done = subprocess.run(command, timeout=3000, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out
