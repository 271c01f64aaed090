"""Why jobs fail: every reason is in the API's reference, and every sentence about one is there in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitebookify.book.crawl.lost import REASONS
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.messages import catalogue, languages

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "shared/sitebookify"
_MADE = re.compile(
    r'reason="([A-Z_]+)"|^_(?:UNREACHABLE|NOT_HTML) = "([A-Z_]+)"|"((?:START_PAGE|MODEL)_[A-Z_]+)"', re.MULTILINE
)
_ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
_ADVICE = (
    "advice.",
    "job.start_page",
    "job.robots_unreadable",
    "job.needs_",
    "job.blocked",
    "job.nothing_to_extract",
    "fetch.",
    "job.incomplete.",
    "waiting.",
)


def made() -> set[str]:
    """The reasons with which jobs end, as the sources have them."""
    places = [place for part in ("book", "runner", "adapters") for place in (SOURCES / part).rglob("*.py")]
    found = {"".join(groups) for place in places for groups in _MADE.findall(place.read_text())}
    return {*found, *REASONS.values(), *(each.value for each in Emptiness), "INSTALLATION_INCOMPLETE"}


def test_the_reference_has_every_reason_and_no_other() -> None:
    _, _, section = (ROOT / "docs/api.md").read_text().partition("### Why a job fails")
    rows = set(_ROW.findall(section.partition("\n## ")[0]))
    assert rows - {"JOB_CANCELLED"} == made()  # which is the commands'


def test_every_reason_is_expected_by_a_test() -> None:
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    texts = "\n".join(path.read_text() for path in tests)
    assert [reason for reason in sorted(made()) if f'"{reason}"' not in texts and f".{reason}" not in texts] == []


@pytest.mark.parametrize("language", languages())
def test_sentences_for_people_name_no_constant_and_no_machinery(language: str) -> None:
    texts = {name: text for name, text in catalogue(language).message.items() if name.startswith(_ADVICE)}
    assert texts
    for name, text in texts.items():
        for form in [text] if isinstance(text, str) else text.values():
            settings = re.sub(r"SITEBOOKIFY_\w+|User-Agent|maxPages", "", form)
            assert not re.search(r"[A-Z]{3,}_[A-Z]|deliver|traceback|exception", settings, re.IGNORECASE), name
