"""``sitebookify extract``: saved pages to Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sitebookify.cli.app import app
from sitebookify.errors import InvalidRequest, PermanentError
from support.pages import SITE, prose

_NAMES = "apple birch cedar damson".split()
_GOOD = {name: f"<title>{name}</title><h1>{name}</h1>{prose(name)}<pre>a\n\n\nb</pre>" for name in _NAMES}


def _listed(folder: Path, pages: Mapping[str, str | bytes]) -> Path:
    rows = []
    for name, html in pages.items():
        path = folder / f"{name}.html"
        path.write_bytes(html if isinstance(html, bytes) else html.encode())
        rows.append(json.dumps({"url": SITE + name, "html_path": str(path)}))
    (folder / "pages.jsonl").write_text("\n".join(rows))
    return folder / "pages.jsonl"


def test_a_file_a_page(tmp_path: Path) -> None:
    """Each named like its page, with a line on stdout."""
    result = CliRunner().invoke(app, ["extract", str(_listed(tmp_path, _GOOD)), str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{name}.md" for name in _NAMES]
    markdown = (tmp_path / "out" / "apple.md").read_text()
    assert markdown.startswith("# apple\n\napple0one ")
    assert "```\na\n\n\nb\n```" in markdown
    assert [line.split("\t")[2] for line in result.stdout.splitlines()] == [SITE + name for name in _NAMES]


def test_a_page_in_its_own_charset(tmp_path: Path) -> None:
    html = '<meta charset="shift_jis"><title>t</title><h1>庭</h1><p>庭の木は梅と桜である。</p>'.encode("shift_jis")
    CliRunner().invoke(app, ["extract", str(_listed(tmp_path, {"tree": html})), str(tmp_path / "out")])
    assert (tmp_path / "out" / "tree.md").read_text() == "# 庭\n\n庭の木は梅と桜である。\n"


def test_a_page_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    """It is named with the reason; if there is no other, the command fails."""
    listed = _listed(tmp_path, _GOOD | {"empty": ""})
    with listed.open("a") as rows:
        rows.write(f'\n{{"url": "{SITE}gone", "html_path": "{tmp_path}/gone.html"}}\n')
    result = CliRunner().invoke(app, ["extract", str(listed), str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "empty.html: no HTML was found" in result.stderr
    assert "gone.html" in result.stderr
    assert "4 pages converted, 0 of them doubtful, 2 lost" in result.stderr
    alone = CliRunner().invoke(app, ["extract", str(_listed(tmp_path, {"empty": ""})), str(tmp_path / "out")])
    assert isinstance(alone.exception, PermanentError)


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"url": "https://e.org/"}', '{"url": "https://e.org/", "html_path": 1}']
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "pages.jsonl").write_text("\n" + line)
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "pages.jsonl"), str(tmp_path / "out")])
    assert isinstance(result.exception, InvalidRequest)
    assert "pages.jsonl:2: expected" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_two_pages_do_not_write_one_file(tmp_path: Path) -> None:
    row = f'{{"url": "{SITE}", "html_path": "a/x.html"}}\n'
    (tmp_path / "pages.jsonl").write_text(row + row.replace("a/", "b/"))
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "pages.jsonl"), str(tmp_path / "out")])
    assert "html_path: several files are called x" in str(result.exception)


def test_each_page_is_explained(tmp_path: Path) -> None:
    """The rule that chose the content, and what was dropped by which."""
    pages = {name: f'{html}<nav><a href="/else">Else {name}</a></nav>' for name, html in _GOOD.items()}
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["extract", str(_listed(tmp_path, pages)), str(out), "--explain"])
    assert result.exit_code == 0, result.output
    told = (out / "apple.explain.txt").read_text().splitlines()
    assert told[0] == "generator: none that is known"
    assert told[1].startswith("root: ")
    assert "dropped by HTML's own chrome: <nav> 2 words: Else apple" in told
