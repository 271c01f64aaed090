"""How often the encoding of a short page is recognised: unlabelled, labelled wrongly, and with its language named.

Pages of two sentences each in 27 languages and the encodings that they were written in before UTF-8
(``tests/data/legacy_sentences.json``, our own). A page counts where its text is right, whatever the encoding is called.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from bench.kit.parts import Cell, Part, Table, Target
from sitebookify.book.html.charset import codec_of, decode

LEAST = 0.97
_DATA = Path(__file__).parents[1] / "data/legacy_sentences.json"
_PAGE = "<html{lang}><head><title>{first}</title></head><body><p>{first}</p><p>{second}</p></body></html>"
_HEADERS = {"none": "text/html", "Latin-1": "text/html; charset=iso-8859-1"}


def measure() -> Iterator[Part]:
    """A row for each label, with and without the language's name, and the languages that were read wrongly."""
    languages = json.loads(_DATA.read_text("utf-8"))
    rows: list[list[Cell]] = []
    right = pages = 0
    for label, header in _HEADERS.items():
        for named in (False, True):
            wrong, total = _wrong(languages, header, named=named)
            missed = ", ".join(f"{name} {count}" for name, count in wrong.most_common())
            rows.append([label, "yes" if named else "no", f"{total - wrong.total()} of {total}", missed or "none"])
            right += total - wrong.total()
            pages += total
    yield Table("Pages whose encoding is recognised", ("label", "language named", "right", "wrong"), rows)
    yield Target(
        "pages read rightly",
        peer="none",
        target=f"{LEAST:.0%}",
        measured=f"{right} of {pages}",
        met=right >= LEAST * pages,
    )


def _wrong(languages: dict[str, dict[str, list[str]]], header: str, *, named: bool) -> tuple[Counter[str], int]:
    wrong: Counter[str] = Counter()
    total = 0
    for language, data in languages.items():
        for encoding in data["encodings"]:
            for first, second in combinations(data["sentences"], 2):
                page = _PAGE.format(lang=f' lang="{language}"' if named else "", first=first, second=second)
                total += 1
                if decode(page.encode(codec_of(encoding)), header).text != page:
                    wrong[f"{language} {encoding}"] += 1
    return wrong, total
