"""Images inside the file: one that is shown once stands in its place, others stand at the beginning and are named."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.epub.model import Content, PictureRef
from sitebookify.book.tree import replace


class Pictures:
    """The book's images. Args: ``uses``: how often each is shown, by name."""

    def __init__(self, content: Content, uses: Mapping[str, int]) -> None:
        self._content = content
        self._pictures = {picture.name: picture for picture in content.pictures()}
        # What an SVG's `use` shows must say how large it is.
        self._shared = [name for name, each in self._pictures.items() if uses.get(name, 0) > 1 and each.width > 0]

    def shared(self) -> Iterator[str]:
        """The images that are shown more than once, each to be named by its id."""
        if not self._shared:
            return
        yield '<svg class="shared" width="0" height="0" aria-hidden="true"><defs>\n'
        for name in self._shared:
            picture = self._pictures[name]
            size = f'width="{picture.width}" height="{picture.height}"'
            yield f'<image id="Image-{name}" {size} href="{self._data(picture)}"/>\n'
        yield "</defs></svg>\n"

    def place(self, image: Element, name: str) -> None:
        """Give the ``img`` the image that was ``name`` in the EPUB."""
        picture = self._pictures.get(name)
        if picture is None:
            image.attrib.pop("src")
        elif name in self._shared:
            replace(image, _named(image, picture))
        else:
            image.set("src", self._data(picture))

    def _data(self, picture: PictureRef) -> str:
        return f"data:{picture.content_type};base64,{b64encode(self._content.read(picture.key)).decode()}"


def _named(image: Element, picture: PictureRef) -> Element:
    """An SVG that shows the image with this id, as large as the ``img`` would be."""
    svg = etree.Element("svg", {"class": "image", "role": "img", "aria-label": image.get("alt", "")})
    width, height = (int(image.get(name) or 0) for name in ("width", "height"))
    if width and not height:
        height = max(1, width * picture.height // picture.width)
    elif height and not width:
        width = max(1, height * picture.width // picture.height)
    svg.set("viewBox", f"0 0 {picture.width} {picture.height}")
    svg.set("width", str(width or picture.width))
    svg.set("height", str(height or picture.height))
    if name := image.get("id"):
        svg.set("id", name)
    etree.SubElement(svg, "use", {"href": f"#Image-{picture.name}"})
    return svg
