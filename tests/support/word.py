"""Documents for word processors, opened again; and the smallest picture to put into one."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from lxml import etree
from PIL import Image

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def png() -> bytes:
    """A picture of one pixel."""
    out = io.BytesIO()
    Image.new("RGB", (1, 1)).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its style, its text, and where its links lead."""

    style: str
    text: str
    links: tuple[str, ...]


class Docx:
    """A file's parts, by name, and its paragraphs in order."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        relations = etree.fromstring(self.parts["word/_rels/document.xml.rels"])
        self._relations = {str(each.get("Id")): str(each.get("Target")) for each in relations}

    @property
    def media(self) -> list[bytes]:
        """The pictures."""
        return [data for name, data in self.parts.items() if name.startswith("word/media/")]

    @property
    def bookmarks(self) -> list[str]:
        """Names of the places that links can lead to."""
        return [str(mark.get(f"{_W}name")) for mark in self.body.iter(f"{_W}bookmarkStart")]

    def paragraphs(self, part: str = "word/document.xml") -> list[Paragraph]:
        """The paragraphs of a part."""
        return [self._paragraph(each) for each in etree.fromstring(self.parts[part]).iter(f"{_W}p")]

    def _paragraph(self, element: etree._Element) -> Paragraph:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        links = [self._target(link) for link in element.iter(f"{_W}hyperlink")]
        text = "".join(each.text or "" for each in element.iter(f"{_W}t"))
        return Paragraph("" if style is None else str(style.get(f"{_W}val")), text, tuple(links))

    def _target(self, link: etree._Element) -> str:
        anchor = link.get(f"{_W}anchor")
        if anchor:
            return f"#{anchor}"
        return self._relations[next(str(value) for key, value in link.attrib.items() if str(key).endswith("}id"))]
