"""The working directory of `sitebookify build`: hidden, beside the book's, and removed once the book is whole."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from sitebookify.errors import SitebookifyError


class Stopped(SitebookifyError):
    """The build was stopped, and its work is kept."""


@dataclass(slots=True)
class Workshop:
    """A directory, and whether it is kept: the same command then goes on from what it holds."""

    folder: Path
    keep: bool = False


@contextmanager
def workshop(out: Path) -> Iterator[Workshop]:
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
        shop = Workshop(folder)
        try:
            yield shop
        except (Stopped, KeyboardInterrupt):
            shop.keep = True
            raise
        finally:
            if not shop.keep:
                shutil.rmtree(folder, ignore_errors=True)


def has_workshop(out: Path) -> bool:
    """True where an earlier build of the book ``out`` left something to go on from."""
    return _folder(out.absolute()).is_dir()


def _folder(out: Path) -> Path:
    """The one that an earlier build left, or the place for one: where ``out`` will be, as far as that exists."""
    digest = hashlib.sha256(str(out).encode()).hexdigest()
    name = f".sitebookify-{out.name}-{digest[:8]}"
    places = [parent / name for parent in out.parents if parent.is_dir()]
    return next((place for place in places if place.is_dir()), places[0])
