"""Pictures are as large as the page shows them."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.clean.picture_sizes import set_size, sizes_of
from sitebookify.book.tree import fragment


def _sized(image: str, sheet: str = "") -> dict[str, str]:
    root = fragment(f"<style>{sheet}</style>{image}")
    shown = root.find(".//img")
    assert shown is not None
    set_size(shown, sizes_of(root))
    return {side: shown.get(side, "") for side in ("width", "height") if shown.get(side)}


@pytest.mark.parametrize(
    ("image", "sheet", "size"),
    [
        ("<img class=mark>", ".mark{width:24px}", {"width": "24"}),
        ("<img class=mark>", "/* .no { */ p img.mark, .other { color: red; height: 1.5em }", {"height": "24"}),
        ("<img class=mark>", "@media print { .mark { width: 2rem } }", {"width": "32"}),
        ("<img class=premium>", ".premium { width: 20px }", {"width": "20"}),
        ("<img style='height: 1.5rem'>", "", {"height": "24"}),
        ("<img class=mark>", ".mark { max-width: 10px; line-height: 2px }", {}),
        ("<img class=mark>", ".mark { width: 50% }", {}),
        ("<img class=mark>", ".mark p { width: 24px }", {}),
        ("<img class=mark style='width: 3em'>", ".mark { width: 24px }", {"width": "48"}),
        ("<img width=2em>", "", {"width": "32"}),
        ("<p>See <img class='nav-icon'> there</p>", "", {"height": "16"}),
        ("<p>See <img class='nav-icon' width=40> there</p>", "", {"width": "40"}),
        ("<p><img class='nav-icon'></p>", "", {}),
        ("<p>See <img class=iconography> there</p>", "", {}),
    ],
)
def test_sizes(image: str, sheet: str, size: dict[str, str]) -> None:
    """By rules for a class, by style and by attributes; an icon in a line is as high as the line."""
    assert _sized(image, sheet) == size


@pytest.mark.parametrize("box", ["<p>{}</p>", "<div>See {} there</div>", "<span>{}</span>"])
def test_an_icon_outside_of_a_line_has_no_size(box: str) -> None:
    assert _sized(box.format("<img class='nav-icon'>"), "") == {}
