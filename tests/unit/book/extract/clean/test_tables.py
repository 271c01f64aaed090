"""How cells are aligned."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    ("cell", "align"),
    [
        ('style="text-align:right"', "right"),
        ('style="color: red; TEXT-ALIGN: Center;"', "center"),
        ('style="text-align: end"', "right"),
        ('class="has-text-align-center"', "center"),
        ('class="tableblock halign-right valign-top"', "right"),
        ('class="text-right"', "right"),
        ('align="middle"', "center"),
        ('style="vertical-align: top"', ""),
        ('align="char"', ""),
    ],
)
def test_alignment_of_cells(cell: str, align: str) -> None:
    """By style, by the usual classes, by HTML's attribute."""
    made = cleaned(f"<table><tr><td {cell}>a</td><td>b</td></tr></table>")
    assert (f'<td align="{align}">a</td><td>b</td>' if align else "<td>a</td><td>b</td>") in made


def test_alignment_of_rows_and_columns() -> None:
    table = '<table><colgroup><col span="1"><col align="right"></colgroup><tr><td>a</td><td>b</td></tr>{}</table>'
    made = cleaned(table.format('<tr style="text-align:center"><td>c</td><td align="left">d</td></tr>'))
    assert '<td>a</td><td align="right">b</td>' in made
    assert '<td align="center">c</td><td align="left">d</td>' in made


def test_cells_that_hold_little_of_their_rows_are_no_table() -> None:
    row = '<div role="row">{}<span role="cell">a</span><span role="cell">b</span></div>'
    assert "<td>a</td>" in cleaned(f'<div role="table">{row.format("")}</div>')
    assert "<td" not in cleaned(f'<div role="table">{row.format("<p>Words that stand beside them.</p>")}</div>')


def test_what_leads_to_a_table_of_layout_leads_to_its_text() -> None:
    assert cleaned('<p>x</p><table id="t"><tr><td>a</td></tr></table>') == '<p>x</p><p id="t">a</p>'
