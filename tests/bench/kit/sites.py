"""Sites for benchmarks: documentation that Debian packages, served by a process of its own: it shares no GIL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.outside import need_path
from support.site import Site

RUST = ("/usr/share/doc/rust-doc/html", "rust-doc")
PYTHON = ("/usr/share/doc/python3-doc/html", "python3-doc")


@contextmanager
def serving(path: str, package: str) -> Iterator[str]:
    """The base URL, without a slash at its end, of the directory that the Debian package holds."""
    command = [sys.executable, "-m", "bench.kit.sites", str(need_path(path, package))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


if __name__ == "__main__":
    with Site(Path(sys.argv[1])) as site:
        print(site.url(""), flush=True)
        sys.stdin.read()
