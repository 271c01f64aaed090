"""Tables whose words all fit keep them whole; others may be broken anywhere, so that nothing leaves the page."""

from __future__ import annotations

import pytest

from sitebookify.book.document.nodes import Table
from sitebookify.book.write.xhtml.widths import Fit, fit
from support.documents import document_from_html


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ("<tr><td><code>emacs-nox</code></td><td>one of many editors</td></tr>", True),
        (f"<tr><td>{'long words ' * 50}</td></tr>", True),
        ("<tr>" + "<td>sixteen-or</td>" * 2 + "</tr>", True),
        (f"<tr><td>{'端末' * 40}</td><td>x</td></tr>", True),
        ("<tr><th>パッケージ</th><th>ポプコン</th><th>サイズ</th><th>説明</th></tr>", True),
        (f'<tr><td colspan="2">{"a" * 40}</td></tr><tr><td>{"b" * 20}</td><td>{"c" * 20}</td></tr>', True),
        (f'<tr><td colspan="2">{"a" * 60}</td></tr><tr><td>b</td><td>c</td></tr>', False),
        ("<tr><td><table><tr><td>a</td></tr></table></td></tr>", False),
        ("<tr><td></td></tr>", True),
        ("<tr><td><p>a</p><p>b</p></td>" + f"<td>{'x' * 20}<br>{'y' * 20}</td></tr>", True),
    ],
)
def test_a_table_keeps_words_that_fit(rows: str, whole: bool) -> None:  # noqa: FBT001 - a column of the table above
    (table,) = document_from_html(f"<table>{rows}</table>").blocks
    assert isinstance(table, Table)
    assert fit(table).breaking == (frozenset() if whole else None)


SMALL = Fit(small=True, breaking=frozenset())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr>" + "<td>fourteenletter</td>" * 3 + "</tr>", Fit(small=False, breaking=frozenset())),
        ("<tr>" + "<td>fourteenletter</td>" * 3 + "<td>a b</td></tr>", SMALL),
        ("<tr>" + "<td>Operator</td>" * 6 + "</tr>", SMALL),
        (f'<tr><td colspan="2">{"a" * 52}</td></tr><tr><td>b</td><td>c</td></tr>', SMALL),
        (f'<tr><td colspan="2">{"a" * 62}</td></tr><tr><td>b</td><td>c</td></tr>', Fit(small=True, breaking=None)),
        (f"<tr><td><code>{'/usr/share/' * 6}</code></td></tr>", Fit(small=False, breaking=frozenset({0}))),
        (f"<tr><th>{'端末' * 40}</th><td>x</td></tr>", Fit(small=False, breaking=frozenset({0}))),
        (
            f"<tr><th>Operator</th><td>{'x' * 30}</td><td>{'y' * 50}</td></tr><tr><td>Storage</td></tr>",
            Fit(small=False, breaking=frozenset({1, 2})),
        ),
        ("<tr>" + "<td>fourteenletter</td>" * 5 + "</tr>", Fit(small=True, breaking=frozenset(range(5)))),
        ("<tr>" + "<td>sixteenletters-x</td>" * 8 + "</tr>", Fit(small=True, breaking=None)),
    ],
)
def test_letters_get_smaller_then_the_widest_columns_break(rows: str, expected: Fit) -> None:
    (table,) = document_from_html(f"<table>{rows}</table>").blocks
    assert isinstance(table, Table)
    assert fit(table) == expected
