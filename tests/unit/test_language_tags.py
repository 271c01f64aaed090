"""Tags from what people write."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sitebookify.language_tags import language_tag


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ja", "ja"),
        (" JA ", "ja"),
        ("pt_br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("jpn", "ja"),
        ("日本語", "ja"),
        ("Deutsch", "de"),
        ("german", "de"),
        ("英語", "en"),
        ("Українська", "uk"),
        ("", ""),
        ("Klingonish", ""),
        ("xx", ""),
        ("ja; drop", ""),
        ("12", ""),
    ],
)
def test_a_language_is_named_by_tag_or_by_name(text: str, expected: str) -> None:
    assert language_tag(text) == expected


def test_no_language_asked_for_costs_no_time() -> None:
    """Every command asks: loading all names took a second of its start."""
    code = (
        "import sys; from sitebookify.language_tags import language_tag as tag; tag(''); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
