"""When a file is not made: what its row in the table of formats needs, and how long a book it takes."""

from __future__ import annotations

from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade
from sitebookify.errors import PermanentError
from sitebookify.formats import BookFile

_IMAGES_FACTOR = 20
"""Images may have so many times as many bytes as the text."""


def require(file: BookFile) -> None:
    """Refuse the job where the file needs a package that is not installed here.

    Raises:
        PermanentError: with the reason FORMAT_UNAVAILABLE.
    """
    if missing := file.missing():
        raise PermanentError(
            f"{file.name} cannot be made: the operator must install {missing.package} where jobs run, with "
            f"{missing.install}; then try the job again",
            reason="FORMAT_UNAVAILABLE",
        )


def check_length(file: BookFile, volume: Volume, longest_kb: int | None = None) -> None:
    """Refuse a book that is longer than its row allows, or than ``longest_kb`` KB of text where that is given.

    Raises:
        NotMade: it is longer.
    """
    if file.bound is None:
        return
    most_text = file.bound.kilobytes if longest_kb is None else longest_kb
    text = sum(text.size for entry in volume.entries() for text in entry.texts) // 1000
    images = sum(image.size for image in volume.images) // 1000
    for what, size, most in (("text", text, most_text), ("images", images, most_text * _IMAGES_FACTOR)):
        if size > most:
            raise NotMade(f"the book has {size:,} KB of {what}, a {file.title} at most {most:,}; {_advice(file)}")


def _advice(file: BookFile) -> str:
    advice = "order fewer pages"
    if file.bound and file.bound.setting:
        setting = f"SITEBOOKIFY_{file.bound.setting.upper()}"
        advice += f", or have the operator raise {setting} where there is the memory"
    return advice
