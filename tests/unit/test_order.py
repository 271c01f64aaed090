"""What takes longest is begun first."""

from __future__ import annotations

import pytest

from support.order import LONGEST, TESTS, TOGETHER, longest_first


def test_every_long_module_is_there() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


@pytest.mark.parametrize("shared", TOGETHER)
def test_modules_that_share_what_is_long_to_start_are_run_together(shared: str) -> None:
    """One that is not starts it once more."""
    importing = [
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("test_*.py")
        if any(line.startswith(f"from {shared} import") for line in path.read_text().splitlines())
    ]
    assert sorted(importing) == sorted(TOGETHER[shared])


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
