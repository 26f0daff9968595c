"""Cells of a table are found where they stand, and changed there."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.table_cells import read_records, with_cells

_TABLES = st.lists(
    st.sampled_from((*'"', "a", ",", "\n", '"a"', '"a\nb"', '""', ";", " ", "b c")), max_size=30
).map("".join)

_CELLS = st.sampled_from(("", "a", '"a"', '"a\nb"', '""', 'a"b', " ", '"x ""y"" z"', '"a" b'))
_ROWS = st.lists(st.lists(_CELLS, min_size=1, max_size=4).map(",".join), max_size=4).map("\n".join)


@given(_TABLES)
def test_a_table_is_taken_apart_as_python_does_it(text: str) -> None:
    """Rows, cells and quotation marks are those of the csv module."""
    rows = list(csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=","))
    found = [record.texts() for record in read_records(f"{text}\n", ",")]
    # A cell that is never closed has no end that both agree on; an empty line is a row of nothing.
    if text.count('"') % 2 == 0:
        assert [it for it in found if it != [""]] == [it for it in rows if it not in ([], [""])]


@given(_ROWS, st.text('a",;\n ', max_size=5))
def test_one_cell_changes_and_no_other(text: str, value: str) -> None:
    """Whatever is put into a cell, its row says the same of all other columns."""
    for record in read_records(f"{text}\n", ","):
        for number in range(len(record.cells) + 2):
            lines = with_cells(f"{text}\n", record, {number: value}, ",")
            (changed,) = list(read_records("\n".join([*lines, ""]), ","))
            cells = record.texts() + [""] * (number + 1 - len(record.cells))
            cells[number] = value
            assert changed.texts() == cells


@pytest.mark.parametrize(
    ("row", "values", "written"),
    [
        ('a,"b",c', {1: "x"}, 'a,"x",c'),
        ("a,b", {1: "x,y"}, 'a,"x,y"'),
        ("a", {2: "x"}, "a,,x"),
        ('"a ""b""",  c', {0: 'say "no"'}, '"say ""no""",  c'),
    ],
)
def test_a_row_keeps_its_look(row: str, values: dict[int, str], written: str) -> None:
    """Quotation marks stay where they were, and come where they are needed."""
    (record,) = read_records(row, ",")
    assert with_cells(row, record, values, ",") == [written]
