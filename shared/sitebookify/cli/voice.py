"""How a command speaks: for people, for programs, or not at all; and where a book lies if nobody says so."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import typer

from sitebookify.cli.progress import Show, shown_progress
from sitebookify.cli.saved_site import saved_path
from sitebookify.cli.summary import summary, summary_json
from sitebookify.errors import PermanentError, SitebookifyError, StoreFull, StoreReadOnly
from sitebookify.terminal import visible

_LONGEST_NAME = 80
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_SEPARATORS = re.compile(r"[^\w.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """``quiet``: errors only; ``as_json``: the end as an object on stdout."""

    quiet: bool = False
    as_json: bool = False

    @contextmanager
    def progress(self) -> Iterator[Show]:
        """What shows the progress, on stderr."""
        if self.quiet:
            yield lambda _: None
            return
        with shown_progress() as show:
            yield show

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Print why there is no book as JSON too; the error passes through."""
        try:
            with _disk_explained():
                yield
        except SitebookifyError as error:
            if self.as_json:
                reason = error.reason if isinstance(error, PermanentError) else "NOT_MADE"
                typer.echo(json.dumps({"error": {"reason": reason, "message": str(error)}}, ensure_ascii=False))
            raise

    def note(self, text: str) -> None:
        """Say something beside the summary."""
        if not self.quiet:
            typer.echo(text, err=True)

    def summarise(self, out: Path) -> None:
        """Print what is in the book's directory."""
        if self.as_json:
            typer.echo(json.dumps(summary_json(out), ensure_ascii=False, indent=2))
        elif not self.quiet:
            for line in summary(out):
                typer.echo(visible(line))


@contextmanager
def _disk_explained() -> Iterator[None]:
    """Say of a disk that takes nothing what a person can do about it."""
    try:
        yield
    except (StoreFull, StoreReadOnly, OSError) as error:
        number = error.errno if isinstance(error, OSError) else None
        if isinstance(error, StoreFull) or number in _FULL:
            raise SitebookifyError("the disk is full: make space, then run the same command again") from error
        if isinstance(error, StoreReadOnly) or number in _READ_ONLY:
            raise SitebookifyError(
                f"{error}: the directory's owner or permissions are wrong, or the disk is mounted read-only"
            ) from error
        raise


def book_folder(url: str) -> Path:
    """Where the book of a site lies by default: ``books/example.org-docs-guide``; of one on this machine, its name."""
    path = saved_path(url)
    if path is not None:
        return Path("books") / (path.resolve().name.partition(".")[0] or "book")
    try:
        parts = urlsplit(url)
        place = f"{parts.netloc.rpartition('@')[2]} {unquote(parts.path)}"
    except ValueError:  # it is refused later, with its reason
        place = url
    name = _SEPARATORS.sub("-", place).strip("-.")[:_LONGEST_NAME].rstrip("-.")
    return Path("books") / (name.lower() or "book")
