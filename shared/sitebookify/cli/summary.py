"""What `sitebookify build` says at its end: the report in a few lines, and where everything is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sitebookify.formats import REPORT

_WORDS = {
    "CONNECTION_FAILED": "connection failed",
    "ALPHABETICAL_INDEX": "alphabetical index",
    "EDIT_FORM": "edit form",
    "EMPTY": "empty",
    "EXCLUDED": "left out by --include and --exclude",
    "HISTORY": "history",
    "JOB_LIMIT": "beyond the job's limits",
    "LISTING": "list of other pages",
    "LOGIN_PAGE": "login page",
    "MAX_DEPTH": "beyond --max-depth",
    "MAX_PAGES": "beyond --max-pages",
    "NOINDEX": "marked “noindex”",
    "NOT_HTML": "not a web page",
    "OTHER_LANGUAGE": "in another language",
    "OTHER_VERSION": "of another version",
    "OUT_OF_SCOPE": "outside the part of the site that was asked for",
    "PIXEL": "tracking pixel",
    "PRINT_VIEW": "print view",
    "REPEATS_PAGES": "repeats other pages",
    "RATE_LIMITED": "refused for too many requests",
    "ROBOTS_DISALLOWED": "forbidden by robots.txt",
    "ROBOTS_UNREADABLE": "robots.txt unreadable",
    "SAME_CONTENT": "same as another page",
    "SEARCH_PAGE": "search page",
    "SITE_STOPPED": "not fetched, because the site had stopped responding",
    "SOFT_404": "says “not found”",
    "SOURCE_CODE": "listing of source code",
    "SPECIAL_PAGE": "page of the wiki software",
    "TIMEOUT": "no complete answer in time",
    "TRAP_CALENDAR": "calendar without end",
    "TRAP_DEEP_PATH": "paths without end",
    "TRAP_QUERIES": "queries without end",
    "TRAP_REPEATING_PATH": "repeating paths",
}
_LOGO = "LOGO"
_DECISIONS = {"failed": "failed", "skipped": "left out", "duplicate": "duplicates"}


def summary(out: Path) -> Iterator[str]:
    """The lines about the book in ``out``."""
    totals, *rows = _rows(out / REPORT)
    yield _line("kept", f"{_many(totals, 'pages')} in {_many(totals, 'chapters')}, {_many(totals, 'words')}")
    yield from (_line("scope", each) for each in totals.get("scope", ()))
    yield from _edition(totals.get("edition"))
    if unused := totals.get("unused_patterns"):
        yield _line("unused", f"{', '.join(unused)}: no URL matched")
    for decision, name in _DECISIONS.items():
        if urls := [row for row in rows if row["kind"] == "url" and row["decision"] == decision]:
            yield _line(name, f"{len(urls):,} {'URL' if len(urls) == 1 else 'URLs'}: {_reasons(urls)}")
    for axis, names in totals.get("variants", {}).items():
        yield _line(f"{axis}s", f"the site has others: {', '.join(names)}")
    if empty := [row for row in rows if row["kind"] == "lost" and row["what"] == "page"]:
        yield _line("no content", f"{_count(len(empty), 'pages')}: {_reasons(empty)}")
    missing = [row for row in rows if row["kind"] == "lost" and row["what"] == "image"]
    yield from _images(totals["images"], missing)
    yield _line("links", f"{totals['links_in']:,} within the book, {totals['links_out']:,} to other sites")
    if doubts := [row for row in rows if row["kind"] == "doubt"]:
        yield _line("doubtful", f"{_count(len(doubts), 'pages')} that may contain too much or too little text")
    if totals["troubles"]:
        yield _line("simplified", f"{totals['troubles']:,} elements that could not be reproduced exactly")
    for name, reason in totals["not_made"].items():
        yield _line("not made", f"{name}: {reason}")
    if totals.get("incomplete"):
        yield _line("incomplete", totals["incomplete"])
    yield _line("report", f"{out / REPORT} lists every URL, image and page")
    yield ""
    yield from (_file(path) for path in sorted(out.iterdir()) if not path.name.startswith("."))


def _edition(edition: Mapping[str, Any] | None) -> Iterator[str]:
    """What a language model has made of the text."""
    if edition:
        originals = f"; {_count(edition['kept'], 'texts')} left in the original" if edition["kept"] else ""
        yield _line("edited", f"{_count(edition['edited'], 'texts')} by {edition['model']}{originals}")


def _images(count: int, missing: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Pictures in the book, those that are lost, and the site's own around the text."""
    lost = [row for row in missing if row["reason"] != _LOGO]
    yield _line("images", f"{count:,}{f'; {len(lost):,} lost: {_reasons(lost)}' if lost else ''}")
    if logos := len(missing) - len(lost):
        pictures = "picture" if logos == 1 else "pictures"
        yield _line("logos", f"{logos:,} {pictures} of the site left out: on most pages, outside the text")


def summary_json(out: Path) -> dict[str, Any]:
    """The same for programs: where the book is, the report's totals, and the files with their sizes in bytes."""
    with (out / REPORT).open(encoding="utf-8") as lines:
        totals = json.loads(next(lines))
    del totals["kind"]
    files = {path.name: path.stat().st_size for path in sorted(out.iterdir()) if path.is_file()}
    return {"out": str(out), "totals": totals, "files": files}


def _rows(report: Path) -> list[dict[str, Any]]:
    """The report without what is of no use here, since that is most of it."""
    with report.open(encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return [row for row in rows if row["kind"] != "links_out" and row.get("decision") != "kept"]


def _line(name: str, text: str) -> str:
    return f"{name:10} {text}"


def _many(totals: Mapping[str, int], what: str) -> str:
    return _count(totals[what], what)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what.removesuffix('s') if number == 1 else what}"


def _reasons(rows: Iterable[Mapping[str, Any]]) -> str:
    """How often each reason occurs, the most frequent first."""
    return ", ".join(f"{count:,} {reason}" for reason, count in Counter(map(_reason, rows)).most_common())


def _reason(row: Mapping[str, Any]) -> str:
    reason: str = row["reason"]
    if reason == "HTTP_STATUS":
        return f"answered {row['status']}" if row.get("status") else "answered with an error"
    return _WORDS.get(reason, reason.lower().replace("_", " "))


def _file(path: Path) -> str:
    if path.is_dir():
        return f"{path}/"
    size = path.stat().st_size
    return f"{path}  ({size / 1e6:.1f} MB)" if size >= 100_000 else f"{path}  ({max(1, round(size / 1000))} KB)"
