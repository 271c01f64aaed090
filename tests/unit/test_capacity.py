"""A burst of long books waits and is not lost: the simulation with the number of deliveries that Terraform sets."""

from __future__ import annotations

import pytest

from bench.capacity import dead_lettered
from support.terraform import module


@pytest.mark.parametrize(("jobs", "work"), [(40, 900), (40, 3600), (100, 3600)])
@pytest.mark.parametrize("instances", [3, 5, 10])
def test_a_burst_of_long_books_is_not_dead_lettered(jobs: int, work: float, instances: int) -> None:
    attempts = module().variables["max_delivery_attempts"]["default"]
    assert dead_lettered(jobs, work, instances, attempts) == 0


def test_with_few_deliveries_a_burst_is_lost() -> None:
    """What the number is for: Cloud Run's refusals count, too."""
    assert dead_lettered(40, 900, 3, 5) > 10
