"""Tables whose words all fit keep them whole; others may be broken anywhere, so that nothing leaves the page."""

from __future__ import annotations

import pytest
from lxml import etree

from sitebookify.book.epub.widths import keeps_words

XHTML = "http://www.w3.org/1999/xhtml"


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ("<tr><td><code>emacs-nox</code></td><td>one of many editors</td></tr>", True),
        (f"<tr><td>{'long words ' * 50}</td></tr>", True),
        (f"<tr><td><code>{'/usr/share/' * 5}</code></td></tr>", False),
        ("<tr>" + "<td>sixteen-or</td>" * 2 + "</tr>", True),
        ("<tr>" + "<td>fourteenletter</td>" * 4 + "</tr>", False),
        (f"<tr><td>{'端末' * 40}</td><td>x</td></tr>", True),
        (f"<tr><th>{'端末' * 40}</th><td>x</td></tr>", False),
        ("<tr><th>パッケージ</th><th>ポプコン</th><th>サイズ</th><th>説明</th></tr>", True),
        (f'<tr><td colspan="2">{"a" * 40}</td></tr><tr><td>{"b" * 20}</td><td>{"c" * 20}</td></tr>', True),
        (f'<tr><td colspan="2">{"a" * 60}</td></tr><tr><td>b</td><td>c</td></tr>', False),
        ("<tr><td><table><tr><td>a</td></tr></table></td></tr>", False),
        ("", True),
        ("<tr><td/></tr>", True),
    ],
)
def test_a_table_keeps_words_that_fit(rows: str, whole: bool) -> None:  # noqa: FBT001 - a column of the table above
    table = etree.fromstring(f'<table xmlns="{XHTML}">{rows}</table>')
    assert keeps_words(table) == whole
