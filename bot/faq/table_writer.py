"""Entries as a table: one row each, with the names of the columns in the first row."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from bot.errors import FaqbotError
from bot.faq.draft import Draft
from bot.faq.fields import PROPERTIES, Value, properties_of
from bot.faq.formulas import guard
from bot.model import Entry, Translation
from bot.text import one_line

ALWAYS = ("id", "question", "alternatives", "answer", "topic", "language", "keywords")
"""Columns that a table always has, so that who edits it sees what there can be."""

COLUMNS = (*ALWAYS, *(it for it in PROPERTIES if it not in {*ALWAYS, "also"}))
OF_LANGUAGE = ("question", "alternatives", "answer")
_SEPARATORS = frozenset(";,|\n")
_LONGEST_CELL = 32_767  # of Excel; openpyxl would cut what is longer without a word
_WIDTHS = {"question": 40, "alternatives": 40, "answer": 80}
_WIDTH = 18
_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))  # in no XML, and nothing that anyone could see


class TableError(FaqbotError):
    """The entries cannot be written as this kind of table."""


def write_csv(entries: Sequence[Entry], delimiter: str = ",") -> str:
    """Write entries as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows([guard(cell) for cell in row] for row in table_rows(entries))
    return stream.getvalue()


def table_rows(entries: Sequence[Entry]) -> Iterator[list[str]]:
    """Give the rows of a table, the names of its columns first; empty columns are left out."""
    rows = [draft_cells(whole_draft(entry)) for entry in entries]
    used = {column for row in rows for column, cell in row.items() if cell}
    languages = {it.language for entry in entries for it in entry.details.translations}
    columns = [
        *(column for column in COLUMNS if column in used or column in ALWAYS),
        *(f"{name}_{it}" for it in sorted(languages) for name in OF_LANGUAGE),
    ]
    columns = [it for it in columns if it in used or it in ALWAYS]
    yield columns
    for row in rows:
        yield [row.get(column, "") for column in columns]


def whole_draft(entry: Entry) -> Draft:
    """Give an entry as a draft that has the translations in it, as a row has them."""
    it = entry
    return Draft(0, it.id, it.questions, it.answer, it.topic, it.language, it.details)


def draft_cells(draft: Draft) -> dict[str, str]:
    """Give the cells of an entry by column."""
    cells: dict[str, str] = {"question": draft.questions[0], "answer": draft.answer}
    for key, value in properties_of(draft).items():
        cells["alternatives" if key == "also" else key] = cell_of(value)
    for it in draft.details.translations:
        cells |= {f"{name}_{it.language}": cell for name, cell in _translated(it).items()}
    return cells


def cell_of(value: Value) -> str:
    """Write a text as it is, a list with one item a line."""
    if isinstance(value, str):
        return value
    items = [one_line(item) for item in value]
    if items and items[0].startswith("["):
        return json.dumps(items, ensure_ascii=False)  # else it might be taken for such a list
    # A cell of one line is split at commas; one that has a line break is not.
    ends = "\n" if len(items) == 1 and _SEPARATORS.intersection(items[0]) else ""
    return "\n".join(items) + ends


def _translated(translation: Translation) -> Mapping[str, str]:
    return {
        "question": translation.questions[0],
        "alternatives": cell_of(translation.questions[1:]),
        "answer": translation.answer,
    }


def write_xlsx(entries: Sequence[Entry], stream: BinaryIO) -> None:
    """Write entries as an Excel workbook, all cells as texts, so that none becomes a formula.

    Raises:
        TableError: openpyxl is not installed, or a text is longer than a cell can be.
    """
    book = _new_workbook()
    sheet = book.active
    sheet.title = "FAQ"
    sheet.freeze_panes = "A2"
    rows = list(table_rows(entries))
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            _tell_too_long(text, rows[0][column - 1], entries, number)
            cell = sheet.cell(number, column)
            if text:
                cell.value = text.translate(_NO_CHARACTERS)
                cell.data_type = "s"
            _style(cell, is_name=number == 1)
    for column, name in enumerate(rows[0], start=1):
        letter = sheet.cell(1, column).column_letter
        dimension = sheet.column_dimensions[letter]
        dimension.width = _WIDTHS.get(name.partition("_")[0], _WIDTH)
        dimension.number_format = "@"  # what is typed into new rows stays as it is typed, too
    book.save(stream)


def _new_workbook() -> Any:
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an extra that not everybody has
    except ImportError:
        raise TableError(
            "Excel files need the library openpyxl, which is not installed: install faqbot with "
            "its extra, as in pip install 'faqbot[import]', or choose a CSV file."
        ) from None
    return Workbook()


def _style(cell: Any, *, is_name: bool) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - see above

    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_name:
        cell.font = Font(bold=True)


def _tell_too_long(text: str, column: str, entries: Sequence[Entry], number: int) -> None:
    if len(text) > _LONGEST_CELL:
        raise TableError(
            f'The {column} of the entry "{entries[number - 2].id}" has {len(text):,} characters, '
            f"and a cell of an Excel file can hold {_LONGEST_CELL:,}: export as CSV instead."
        )
