"""Pictures that most pages show around their text are the site's; in the text they are the page's."""

from __future__ import annotations

import pytest

from sitebookify.book.extract import work as work_module
from sitebookify.book.extract.logos import drop_logos, learn_pictures
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.work import Work
from sitebookify.book.tree import fragment
from support.documents import to_html

_BASE = "https://example.org/guide/"
_LOGO = '<img src="/logo.png">'


def _learned(shown: int, of: int) -> frozenset[int]:
    return learn_pictures([(_BASE, fragment(_LOGO if page < shown else "<p>a</p>")) for page in range(of)])


@pytest.mark.parametrize(("shown", "of", "known"), [(4, 6, True), (3, 6, False), (2, 2, False), (3, 3, True)])
def test_a_logo_is_on_most_pages(shown: int, of: int, known: bool) -> None:  # noqa: FBT001 - a row of a table
    assert bool(_learned(shown, of)) == known


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<div><a href=/>{_LOGO}</a></div><h1>Ash</h1><p>a</p>", "<h1>Ash</h1><p>a</p>"),
        (f"<h1>Ash</h1><p>{_LOGO}</p><p>a</p>", "<h1>Ash</h1><p>a</p>"),
        (f"<p>a</p><h2>Ash</h2><p>{_LOGO}</p>", f"<p>a</p><h2>Ash</h2><p>{_LOGO}</p>"),
        (f"<p>a</p><center>{_LOGO}</center>", "<p>a</p>"),
        (f"<p>a</p><p>{_LOGO}</p><p>b</p>", f"<p>a</p><p>{_LOGO}</p><p>b</p>"),
        (f"<ul><li>{_LOGO}</li></ul><p>a</p>", f"<ul><li>{_LOGO}</li></ul><p>a</p>"),
        (f"<figure>{_LOGO}<figcaption>Our sign</figcaption></figure>", None),
        ('<p><img src="map.png"></p><p>a</p>', None),
    ],
)
def test_a_logo_goes_from_the_margins_only(html: str, left: str | None) -> None:
    """With the box and the link that hold nothing else."""
    root = fragment(html)
    before = to_html(root)
    drop_logos(root, _BASE, _learned(4, 4), Explanation())
    assert to_html(root) == (before if left is None else f"<div>{left}</div>")


def test_the_report_names_a_logo_once_and_a_text_may_show_it() -> None:
    logo = "https://example.org/logo.png"
    root = fragment(f"{_LOGO}<p>a</p>{_LOGO}")
    assert drop_logos(root, _BASE, _learned(4, 4), Explanation()) == (logo,)
    work = Work()
    for page in ("a", "b"):
        work.leave_out(logo, page)
    work = Work.from_json(work.to_json())
    work.leave_out(logo, "c")
    assert work.lost == [{"url": logo, "page": "a", "reason": "LOGO"}]
    assert work.wants(logo)


def test_lost_images_are_listed_and_remembered_up_to_a_bound_and_counted_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work_module, "_MOST_LOST", 3)
    monkeypatch.setattr(work_module, "_MOST_CHARACTERS", 130)
    work = Work()
    assert "unlisted" not in work.to_json(), "versions that do not know it read it too"
    for number in range(9):
        work.lose_image(f"https://e.org/{number}.png", "https://e.org/", "HTTP_STATUS")
        work = Work.from_json(work.to_json())
    assert (len(work.lost), work.unlisted) == (3, 6)
    assert not work.wants("https://e.org/0.png")
    assert work.wants("https://e.org/8.png")
