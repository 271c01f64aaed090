"""What a build says at its end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sitebookify.cli.summary import summary

TOTALS: dict[str, Any] = {
    "kind": "totals",
    "pages": 1204,
    "chapters": 1,
    "words": 50_000,
    "links_in": 3,
    "links_out": 4,
    "images": 5,
    "troubles": 0,
    "not_made": {},
}


def said(folder: Path, *rows: dict[str, Any], **totals: Any) -> dict[str, str]:
    """The summary's lines by what they are about, for a report of these rows."""
    lines = [TOTALS | totals, *rows]
    (folder / "report.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines))
    return {line[:10].strip(): line[11:] for line in summary(folder)}


def url(decision: str, reason: str, status: int | None = None) -> dict[str, Any]:
    return {"kind": "url", "url": "https://example.org/", "decision": decision, "reason": reason, "status": status}


def test_a_good_book_needs_few_lines(tmp_path: Path) -> None:
    lines = said(tmp_path, url("kept", "", 200))
    assert lines["kept"] == "1,204 pages in 1 chapter, 50,000 words"
    assert lines["links"] == "3 within the book, 4 to other sites"
    assert lines["images"] == "5"
    assert not lines.keys() & {"failed", "left out", "duplicates", "doubtful", "simplified", "not made"}


def test_an_edition_says_what_a_model_has_done(tmp_path: Path) -> None:
    edition = {"kind": "EDITION_TRANSLATION", "model": "gpt", "edited": 1551, "kept": 0}
    assert said(tmp_path, edition=edition)["edited"] == "1,551 texts by gpt"
    assert said(tmp_path, edition={**edition, "kept": 1})["edited"] == "1,551 texts by gpt; 1 text left in the original"


def test_whatever_is_not_in_the_book_is_counted_by_its_reason(tmp_path: Path) -> None:
    lost = {"kind": "lost", "what": "image", "url": "https://example.org/i.png", "reason": "TIMEOUT"}
    lines = said(
        tmp_path,
        *[url("failed", "HTTP_STATUS", 404)] * 2,
        url("failed", "TIMEOUT"),
        url("skipped", "MAX_PAGES"),
        url("duplicate", "SAME_CONTENT", 200),
        lost,
        lost | {"url": "https://example.org/logo.png", "reason": "LOGO"},
        {"kind": "lost", "what": "page", "url": "https://example.org/e", "reason": "NO_TEXT"},
        {"kind": "doubt", "url": "https://example.org/", "reason": "no content root"},
        not_made={"book.pdf": "the book has 9,000 KB of text"},
        troubles=2,
    )
    assert lines["failed"] == "3 URLs: 2 answered 404, 1 no complete answer in time"
    assert lines["left out"] == "1 URL: 1 beyond --max-pages"
    assert lines["duplicates"] == "1 URL: 1 same as another page"
    assert lines["no content"] == "1 page: 1 no text"
    assert lines["images"] == "5; 1 lost: 1 no complete answer in time"
    assert lines["logos"] == "1 picture of the site left out: on most pages, outside the text"
    assert lines["doubtful"].startswith("1 page that ")
    assert lines["not made"] == "book.pdf: the book has 9,000 KB of text"
    assert "simplified" in lines
