"""Tables as the grid that typst asks for: each of its places is filled by one cell."""

from __future__ import annotations

from sitebookify.book.document.nodes import Cell, Plain, Row, RowGroup, Table
from sitebookify.book.write.typst.typst_tables import grid
from support.growth import assert_proportional


def cell(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell((Plain((text,)),), colspan=columns, rowspan=rows)


def name(each: Cell) -> str:
    (line,) = each.blocks
    assert isinstance(line, Plain)
    return str(line.content[0])


def group(*rows: list[Cell]) -> RowGroup:
    return RowGroup(tuple(Row(tuple(row)) for row in rows))


def test_what_spans_rows_pushes_the_cells_of_those_below_aside() -> None:
    table = Table((group([cell("a", rows=2), cell("b")], [cell("c", columns=2)]),))
    assert grid(table, name) == ("table(columns: 3,table.cell(rowspan: 2,a),table.cell(b),[],table.cell(colspan: 2,c))")


def test_a_cell_reaches_no_further_than_its_group_and_gaps_are_filled() -> None:
    table = Table((group([cell("x", rows=900)], [cell("y"), cell("z")]),), head=group([cell("h", rows=5)]))
    assert grid(table, name) == (
        "table(columns: 3,table.header(table.cell(h),[],[]),table.cell(rowspan: 2,x),[],[],table.cell(y),table.cell(z))"
    )


def test_a_cell_that_would_lie_on_another_is_cut_short() -> None:
    table = Table((group([cell("a"), cell("b", rows=2), cell("c")], [cell("d", columns=2)]),))
    assert grid(table, name) == (
        "table(columns: 3,table.cell(a),table.cell(rowspan: 2,b),table.cell(c),table.cell(d),[])"
    )


def test_what_is_wider_than_paper_is_set_one_below_the_other() -> None:
    table = Table((group([cell(str(number)) for number in range(41)]),))
    assert grid(table, name).startswith("{{0;parbreak()};{1;parbreak()};")
    assert grid(Table((group([cell("a", columns=1000)]),)), name) == "{{a;parbreak()}}"


def test_a_table_without_cells_is_nothing() -> None:
    assert grid(Table((group([]),)), name) == '{""}'


def test_a_table_of_spans_only_takes_no_longer_than_its_cells() -> None:
    def work(rows: int) -> str:
        return grid(Table((group(*([cell("x", columns=2, rows=1000) for _ in range(3)] for _ in range(rows))),)), name)

    assert_proportional(work, 250)
