"""The working directory of `sitebookify build`: hidden, beside the book's, removed at the end, kept if stopped."""

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
    """The build was stopped, and its work is kept."""


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """The directory in which the book ``out`` is made, on the same file system; one build at a time uses it.

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
    parent = next(parent for parent in out.parents if parent.is_dir())
    digest = hashlib.sha256(str(out).encode()).hexdigest()
    return parent / f".sitebookify-{out.name}-{digest[:8]}"
