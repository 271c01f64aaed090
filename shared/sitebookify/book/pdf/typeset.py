"""Typst itself: an optional package, and the process it runs in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sitebookify.book.limits import limited
from sitebookify.book.write.typst.typst_syntax import string
from sitebookify.errors import SitebookifyError

HOW_TO_INSTALL = "pip install 'typst>=0.15' (the extra sitebookify[pdf])"
IMAGES = "images"


class NotTypeset(SitebookifyError):
    """Typst gave up on the book; the message is its own."""


def installed() -> bool:
    """True where PDF can be made here."""
    try:
        import typst  # noqa: F401, PLC0415 - an optional extra, loaded by what needs it alone
    except ImportError:
        return False
    return True


@limited(seconds=300, mebibytes=None)  # its memory is bounded by the length of the book (pdf_longest_kb)
def typeset(main: str, out: str) -> None:
    """Compile the file ``main`` to the PDF ``out``; its directory is all that typst can read.

    Raises:
        NotTypeset: typst gave up, without the images that it cannot read too.
    """
    folder = Path(main).parent
    try:
        _compile(main, out)
    except NotTypeset:
        broken = [f"images/{path.name}" for path in sorted((folder / IMAGES).iterdir()) if not _readable(path)]
        if not broken:
            raise
        set_broken(folder, broken)
        _compile(main, out)


def set_broken(folder: Path, paths: Iterable[str]) -> None:
    """Name the images that the book does without."""
    (folder / "broken.typ").write_text(f"#let broken = ({''.join(f'{string(path)},' for path in paths)})\n")


def _readable(image: Path) -> bool:
    probe = image.parent / "probe.typ"
    probe.write_text(f"#image({string(image.name)})\n")
    try:
        _compile(str(probe), str(image.parent / "probe.pdf"))
    except NotTypeset:
        return False
    return True


def _compile(main: str, out: str) -> None:
    import typst  # noqa: PLC0415 - see `installed`

    try:
        typst.compile(main, output=out, root=str(Path(main).parent), format="pdf")
    except RuntimeError as error:
        raise NotTypeset(str(error)) from error
