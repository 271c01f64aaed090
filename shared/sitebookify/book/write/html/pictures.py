"""Images inside the file: one that is shown once stands in its place, others stand at the beginning and are named."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape

from sitebookify.book.model import Image
from sitebookify.book.write.html.html_page import ShownImage
from sitebookify.book.write.xhtml import image_attributes


class Pictures:
    """The book's images.

    Args:
        pictures: all of them.
        read: gives an image's bytes for its key.
        uses: how often each is shown, by name.
    """

    def __init__(self, pictures: Iterable[Image], read: Callable[[str], bytes], uses: Mapping[str, int]) -> None:
        self._pictures = {picture.name: picture for picture in pictures}
        self._read = read
        often = [picture for picture in self._pictures.values() if uses.get(picture.name, 0) > 1]
        # What an SVG's `use` shows must say how large it is.
        self._shared = {picture.name: picture for picture in often if picture.width > 0}

    def shared(self) -> Iterator[str]:
        """The images that are shown more than once, each with an id that it is shown by."""
        if not self._shared:
            return
        yield '<svg class="shared" width="0" height="0" aria-hidden="true"><defs>\n'
        for name, picture in self._shared.items():
            size = f'width="{picture.width}" height="{picture.height}"'
            yield f'<image id="Image-{name}" {size} href="{self._data(picture)}"/>\n'
        yield "</defs></svg>\n"

    def element(self, shown: ShownImage) -> str:
        """What shows the image in its place."""
        shared = self._shared.get(shown.name)
        return _use(shown, shared) if shared is not None else self._img(shown)

    def _img(self, shown: ShownImage) -> str:
        picture = self._pictures.get(shown.name)
        source = f' src="{self._data(picture)}"' if picture is not None else ""
        return f"<img{source}{image_attributes(shown)}{shown.attributes}>"

    def _data(self, picture: Image) -> str:
        return f"data:{picture.content_type};base64,{b64encode(self._read(picture.blob)).decode()}"


def _use(shown: ShownImage, picture: Image) -> str:
    """An SVG that shows the image by its id, as large as an ``img`` would be."""
    width, height = shown.width, shown.height
    if width and not height:
        height = max(1, width * picture.height // picture.width)
    elif height and not width:
        width = max(1, height * picture.width // picture.height)
    size = f'width="{width or picture.width}" height="{height or picture.height}"'
    box = f'viewBox="0 0 {picture.width} {picture.height}"'
    label = f'role="img" aria-label="{escape(shown.alt)}"'
    use = f'<use href="#Image-{escape(picture.name)}"></use>'
    return f'<svg class="image" {label} {box} {size}{shown.attributes}>{use}</svg>'
