"""Entries become tables that spreadsheets open without harm."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from bot.faq.faq_file import FORMATS
from bot.faq.formulas import guard, unguard
from bot.faq.ids import assign_ids
from bot.faq.table_writer import TableError, write_csv, write_xlsx
from bot.model import Details, Entry, Source, Translation
from tests.entry_strategies import NOWHERE, placeless_entries, whole_entries
from tests.faq_strategies import anything

HOURS = Entry(
    "hours",
    ("When?", "open; now"),
    "=1+1\n\n- nine",
    "Shop",
    "en",
    Source("a.md", 1),
    Details(
        audience=("-1001234567890", "@staff"),
        threshold=0.5,
        translations=(Translation("de", ("Wann?", "offen"), "Um neun.", Source("a.md", 9)),),
    ),
)


def test_a_table_has_a_row_for_each_entry() -> None:
    """Lists have one item a line, other languages have columns of their own."""
    header, row = csv.reader(io.StringIO(write_csv([HOURS]), newline=""))
    assert dict(zip(header, row, strict=True)) == {
        "id": "hours",
        "question": "When?",
        "alternatives": "open; now\n",
        "answer": "'=1+1\n\n- nine",
        "topic": "Shop",
        "language": "en",
        "keywords": "",
        "audience": "'-1001234567890\n@staff",
        "threshold": "0.5",
        "question_de": "Wann?",
        "alternatives_de": "offen",
        "answer_de": "Um neun.",
    }


@settings(deadline=None)
@given(whole_entries())
def test_no_cell_is_a_formula(entries: list[Entry]) -> None:
    """Nothing that anyone wrote is run by whoever opens the table."""
    for row in csv.reader(io.StringIO(write_csv(entries), newline="")):
        assert not [cell for cell in row if cell[:1] in set("=+-@\t")]


@settings(deadline=None, max_examples=50)
@given(whole_entries())
def test_a_table_holds_whatever_an_entry_says(entries: list[Entry]) -> None:
    """All comes back from CSV to the letter, but for spaces before an answer that mean nothing."""
    entries = [_without_margin(entry) for entry in entries]
    found, _ = assign_ids([("faq.csv", FORMATS[".csv"](write_csv(entries), "faq.csv").drafts)])
    assert placeless_entries(found) == entries


def _without_margin(entry: Entry) -> Entry:
    def trimmed(text: str) -> str:
        return text if text.startswith("    ") else text.lstrip(" ")

    translations = tuple(
        replace(it, answer=trimmed(it.answer)) for it in entry.details.translations
    )
    details = replace(entry.details, translations=translations)
    return replace(entry, answer=trimmed(entry.answer), details=details)


@given(anything())
def test_what_was_made_safe_comes_back(text: str) -> None:
    """The apostrophe before a formula is taken away again, and no other."""
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in set("=+-@\t＝＋－＠")  # noqa: RUF001 - wide forms count, too


@settings(deadline=None, max_examples=20)
@given(whole_entries())
def test_an_excel_file_has_the_same_cells_as_texts(entries: list[Entry]) -> None:
    """A workbook has what the CSV file has, without apostrophes, and all of it is text."""
    stream = io.BytesIO()
    write_xlsx(entries, stream)
    sheet = load_workbook(stream).active
    assert sheet is not None
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    expected = list(csv.reader(io.StringIO(write_csv(entries), newline="")))
    unseen = str.maketrans("", "", "\ufffe\uffff")
    assert rows == [[unguard(cell).translate(unseen) for cell in row] for row in expected]
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in written} <= {"s", "inlineStr"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}


def test_what_no_cell_can_hold_is_told() -> None:
    """An answer that Excel would cut is named, with what to do instead."""
    entry = Entry("long", ("Long?",), "x" * 40_000, None, None, NOWHERE)
    with pytest.raises(TableError, match=r'"long" has 40,000 characters.* export as CSV'):
        write_xlsx([entry], io.BytesIO())
