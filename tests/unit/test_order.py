"""What takes longest is begun first."""

from __future__ import annotations

import pytest

from support.order import CHECKED_EPUBS, LONGEST, TESTS, longest_first


def test_every_long_module_is_there() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


def test_every_module_that_checks_epubs_is_run_beside_the_others() -> None:
    """One that is not has a process of epubcheck to itself."""
    line = "from support.epubcheck import epubcheck"
    importing = [path for path in TESTS.rglob("test_*.py") if line in path.read_text().splitlines()]
    assert sorted(str(path.relative_to(TESTS)) for path in importing) == sorted(CHECKED_EPUBS)


def test_the_longest_modules_come_first_and_none_is_lost(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    assert longest_first(items) == items, "the session's tests are in this order already"
    assert set(longest_first(items[::-1])) == set(items)


class Module:
    def __init__(self, name: str) -> None:
        self.path = TESTS / name


def test_a_module_that_begins_late_in_the_alphabet_is_not_begun_late() -> None:
    late, short = Module(LONGEST[0]), Module("contract/test_provision.py")
    assert longest_first([short, late, short, late]) == [late, late, short, short]  # type: ignore[list-item,comparison-overlap]  # all that it looks at is the path
