"""What is learned of a site."""

from __future__ import annotations

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.sampling import sample
from support.pages import SITE, prose

_NAMES = "apple birch cedar damson elder fig".split()


def _learned(names: list[str]) -> Profile:
    pages = [
        (
            SITE + name,
            parse_page(
                f"<title>{name} - Site</title><div class=top>The site of trees</div>"
                f'<div class=text id="{name}">{prose(name)}</div>'
            ),
        )
        for name in names
    ]
    return learn(pages)


def test_the_template_and_not_the_pages() -> None:
    """Classes that many pages use are the template's; ids of single pages are not."""
    profile = _learned(_NAMES)
    assert profile.vocabulary == {"top", "text"}
    assert profile.affixes == ("", " - Site")
    assert len(profile.roots) == 1
    assert profile.shared


def test_nothing_is_learned_from_two_pages() -> None:
    assert _learned(_NAMES[:2]) == Profile()


def test_a_profile_survives_json() -> None:
    """And is the same whatever order the pages were given in."""
    profile = _learned(_NAMES)
    assert Profile.from_json(profile.to_json()) == profile
    assert _learned(_NAMES[::-1]).to_json() == profile.to_json()


def test_samples_are_spread_evenly() -> None:
    assert sample(range(100), 4) == [0, 25, 50, 75]
    assert sample(range(3), 4) == [0, 1, 2]
