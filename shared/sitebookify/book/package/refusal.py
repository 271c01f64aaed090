"""When a file is refused: the package that it needs is not installed, or the book is too long for it."""

from __future__ import annotations

from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade
from sitebookify.errors import PermanentError
from sitebookify.formats import BookFile, Bound
from sitebookify.messages import Message

_IMAGES_FACTOR = 20
"""Images may take this many times as many bytes as the text."""


def require(file: BookFile) -> None:
    """Refuse the job where the file needs a package that is not installed here.

    Raises:
        PermanentError: with the reason FORMAT_UNAVAILABLE.
    """
    missing = file.missing()
    if missing is None:
        return
    message = Message(
        "job.format_unavailable",
        file=file.name,
        package=missing.package,
        command=missing.install,
    )
    raise PermanentError(message, reason="FORMAT_UNAVAILABLE")


def check_length(file: BookFile, volume: Volume, longest_kb: int | None) -> None:
    """Refuse a book with more text than the file's bound; ``longest_kb``, in KB, replaces the bound.

    Raises:
        NotMade: it is longer.
    """
    if file.bound is None:
        return
    most_text = file.bound.kilobytes if longest_kb is None else longest_kb
    most_images = most_text * _IMAGES_FACTOR
    text = volume.text_bytes() // 1000
    images = volume.image_bytes() // 1000
    title = file.title
    advice = _advice(file.bound)
    if text > most_text:
        raise NotMade(Message("job.too_much_text", size=text, limit=most_text, format=title, advice=advice))
    if images > most_images:
        raise NotMade(Message("job.too_many_images", size=images, limit=most_images, format=title, advice=advice))


def _advice(bound: Bound) -> Message:
    if not bound.setting:
        return Message("job.fewer_pages")
    return Message("job.fewer_pages_or_more_memory", setting=f"SITEBOOKIFY_{bound.setting.upper()}")
