"""Where `sitebookify build` works: a hidden directory beside the book's, gone at the end, kept where it was stopped."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from sitebookify.errors import SitebookifyError


class Stopped(SitebookifyError):
    """The build was told to stop, and what it has done is kept."""


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """The directory in which the book ``out`` is made, on its file system; no other build can be in it.

    Raises:
        BadParameter: another build is making this book.
    """
    folder = _folder(out.absolute())
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise typer.BadParameter(f"another build is already making {out}", param_hint="--out") from error
        try:
            yield folder
        except (Stopped, KeyboardInterrupt):
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


def _folder(out: Path) -> Path:
    beside = next(parent for parent in out.parents if parent.is_dir())
    return beside / f".sitebookify-{out.name}-{hashlib.sha256(str(out).encode()).hexdigest()[:8]}"
