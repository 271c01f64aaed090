"""Typst itself, an optional package."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sitebookify.book.limits import MEBIBYTE, limited
from sitebookify.book.write.typst.typst_syntax import array, string
from sitebookify.errors import SitebookifyError
from sitebookify.memory_limit import tighten

IMAGES = "images"
_LEAST_MEMORY = 1024 * MEBIBYTE
_MEMORY_PER_BYTE = 1024
"""Usual books take half of it, Japanese ones the most: see `formats.PDF_LONGEST_KB`."""


class NotTypeset(SitebookifyError):
    """Typst gave up on the book; the message is its own."""


_FONTS = {
    "ja": ("Noto Serif CJK JP", "IPAexMincho", "IPAMincho", "Noto Sans CJK JP", "IPAGothic"),
    "zh": ("Noto Serif CJK SC", "Noto Serif CJK JP", "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei"),
    "ko": ("Noto Serif CJK KR", "Noto Serif CJK JP", "Noto Sans CJK KR", "Noto Sans CJK JP", "NanumMyeongjo"),
}
"""By language: the fonts of the book's design that cover its script. One of them has to be installed."""


def missing_fonts(language: str) -> tuple[str, ...]:
    """The fonts of which one must be installed to set a book in the language; none where one is, or none is needed."""
    import typst  # noqa: PLC0415 - an optional extra

    fonts = _FONTS.get(language.partition("-")[0].lower(), ())
    return () if set(fonts) & set(typst.Fonts().families()) else fonts


def memory_for(text_bytes: int) -> int:
    """Bytes that typst may take for so much text as XHTML."""
    return _LEAST_MEMORY + _MEMORY_PER_BYTE * text_bytes


@limited(seconds=300, mebibytes=None)  # a long book takes more: `typeset` sets the limit that fits
def typeset(main: str, out: str, memory: int | None = None) -> None:
    """Compile the file ``main`` to the PDF ``out``; typst can read nothing but the file's directory.

    Beyond ``memory`` bytes the process ends. It ends for good: typst's allocations do not fail, they abort.

    If typst gives up, it is tried again without the images that typst cannot read.

    Raises:
        NotTypeset: typst gave up.
    """
    if memory is not None:
        tighten(memory)
    folder = Path(main).parent
    try:
        _compile(main, out)
    except NotTypeset:
        images = sorted((folder / IMAGES).iterdir())
        broken = [image for image in images if not _readable(image)]
        if not broken:
            raise
        set_broken(folder, [f"{IMAGES}/{image.name}" for image in broken])
        _compile(main, out)


def set_broken(folder: Path, paths: Iterable[str]) -> None:
    """Name the images that the book leaves out."""
    broken = array(map(string, paths))
    (folder / "broken.typ").write_text(f"#let broken = {broken}\n")


def _readable(image: Path) -> bool:
    probe = image.parent / "probe.typ"
    probe.write_text(f"#image({string(image.name)})\n")
    try:
        _compile(str(probe), str(image.parent / "probe.pdf"))
    except NotTypeset:
        return False
    return True


def _compile(main: str, out: str) -> None:
    import typst  # noqa: PLC0415 - an optional extra, which only this function needs

    try:
        typst.compile(main, output=out, root=str(Path(main).parent), format="pdf")
    except RuntimeError as error:
        raise NotTypeset(str(error)) from error
