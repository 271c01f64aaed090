"""The order in which tests are given out: what takes longest first, so that no process idles at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist has annotations, and does not say so

TESTS = Path(__file__).parents[1]
LONGEST = (
    "e2e/test_durability.py",
    "unit/test_memory_bounds.py",
    "unit/book/test_growth.py",
    "e2e/test_real_books.py",
    "e2e/test_wheel.py",
    "services/test_api_openapi.py",
    "e2e/test_build.py",
    "e2e/web/test_journey.py",
    "e2e/web/test_pages.py",
    "e2e/test_pipeline.py",
    "e2e/test_dev.py",
    "e2e/test_formats.py",
    "e2e/test_tutorial.py",
    "contract/test_object_store.py",
    "contract/test_object_store_faults.py",
    "unit/book/extract/test_large_page.py",
    "unit/book/extract/test_rules.py",
    "e2e/test_logs.py",
    "unit/book/test_allowance.py",
    "e2e/test_api_process.py",
    "services/test_api_preview.py",
    "unit/book/document/test_pandoc_ast.py",
    "unit/book/edit/test_hostile_answers.py",
    "e2e/test_api_docs.py",
    "unit/book/test_complex_pages.py",
    "e2e/test_unfinished_requests.py",
    "services/test_cli_jobs.py",
    "e2e/test_crash_points.py",
    "e2e/web/test_reader.py",
    "e2e/web/test_bilingual.py",
)
"""Those that take more than 20 s on a busy machine, longest first, as `make test ARGS=--durations=0` says."""

TOGETHER = {
    "support.epubcheck": (
        "e2e/test_real_books.py",
        "unit/book/edit/test_editions_in_formats.py",
        "unit/book/package/test_drawings.py",
        "unit/book/package/test_package.py",
    ),
    "support.terraform": (
        "e2e/test_logs.py",
        "unit/test_alerts.py",
        "unit/test_capacity.py",
        "unit/test_cloud_facts.py",
        "unit/test_monitoring.py",
        "unit/test_terraform.py",
    ),
}
"""Modules of tests by what they import: epubcheck and a parser of Terraform take longer to start than all they do."""


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # for the same reason
    """A module's tests run in one process, and so do those that share what is long to start."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        name = module.removeprefix("tests/")
        return next((shared for shared, names in TOGETHER.items() if name in names), module)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of the longest modules, then the others in their order; a module's tests stay together."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    return sorted(items, key=lambda item: places.get(item.path, len(places)))
