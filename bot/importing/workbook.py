"""Excel workbooks: a row is an entry, and some row above names the columns."""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import datetime, time

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from bot.faq.draft import Parsed
from bot.importing.outline import asks
from bot.importing.qnabot import is_qnabot_header, read_qnabot_rows
from bot.importing.table_rows import answer_columns, find_header, rows_to_drafts

MAX_UNPACKED = 50_000_000
"""In bytes. Workbooks are zip files, and some unpack to a thousand times their size."""
MAX_CELLS = 500_000
"""Of a sheet, empty ones between others included."""

_MERGED = re.compile(rb'mergeCell [^>]*?ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')
_DECIMALS = re.compile(r"0\.(0+)")


def parse(data: bytes, file: str) -> Parsed:
    """Parse an Excel workbook (.xlsx)."""
    parsed = Parsed(file)
    try:
        if _is_too_large(data):
            parsed.unreadable(
                1,
                f"This workbook holds more than {MAX_UNPACKED:,} bytes when unpacked, or a sheet "
                f"of more than {MAX_CELLS:,} cells.",
                "Copy the questions and answers into a new workbook, and import that.",
            )
            return parsed
        with warnings.catch_warnings(action="ignore"):  # about charts and the like that it drops
            # Only whole sheets, not the library's streams of rows, know merged cells and links.
            book = load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    except Exception as error:  # noqa: BLE001 - the library fails in many ways for broken files
        parsed.unreadable(
            1,
            f"This is no Excel workbook that can be read ({type(error).__name__}).",
            "Open it in your spreadsheet program and save it again as .xlsx, without a password.",
        )
        return parsed
    sheets = [it for it in book.worksheets if it.sheet_state == "visible"]
    for sheet in sheets:
        _read_sheet(sheet, parsed, topic=sheet.title if len(sheets) > 1 else None)
    if not parsed.drafts and not parsed.problems:
        parsed.error(
            1,
            "No sheet of this workbook has a column of questions and one of answers.",
            "Name the columns in the first row: question, answer, and if you like also, topic, "
            "keywords, id, language.",
        )
    return parsed


def _is_too_large(data: bytes) -> bool:
    """Tell what would fill the memory, before anything of it is taken apart."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(it.file_size for it in archive.infolist()) > MAX_UNPACKED:
            return True
        sheets = [it for it in archive.namelist() if it.startswith("xl/worksheets/")]
        return any(_count_cells(archive.read(it)) > MAX_CELLS for it in sheets)


def _count_cells(sheet: bytes) -> int:
    """Count a sheet's cells; the library makes one of each that a merged range covers."""
    merged = sum(
        CellRange(match[1].decode()).size["columns"] * CellRange(match[1].decode()).size["rows"]
        for match in _MERGED.finditer(sheet)
    )
    return sheet.count(b"<c ") + merged


def _read_sheet(sheet: Worksheet, into: Parsed, topic: str | None) -> None:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        into.unreadable(
            1,
            f'The sheet "{sheet.title}" is {sheet.max_row:,} rows long and {sheet.max_column:,} '
            "columns wide, so it was left out.",
            "Delete the empty rows and columns behind the last entry, or split the sheet.",
        )
        return
    merged = _merged(sheet)
    cells = {
        number: [merged.get((number, column), it) for column, it in enumerate(row, start=1)]
        for number, row in enumerate(sheet.iter_rows(), start=1)
        if not sheet.row_dimensions[number].hidden
    }
    rows = [
        (number, [_text(it, with_link=False) for it in of_row]) for number, of_row in cells.items()
    ]
    texts = [row for _, row in rows]
    place = find_header(texts)
    if rows and is_qnabot_header(texts[0]):
        read_qnabot_rows(texts[0], rows[1:], into)
    elif place is not None:
        for column in answer_columns(texts[place]):
            for number, row in rows:
                row[column] = _text(cells[number][column], with_link=True)
        rows_to_drafts(texts[place], rows[place + 1 :], into, topic)
    else:
        _read_without_header(rows, into, topic)


def _read_without_header(
    rows: Sequence[tuple[int, Sequence[str]]], into: Parsed, topic: str | None
) -> None:
    """Read rows of two texts where the first ones ask."""
    filled = [(number, [text for text in row if text]) for number, row in rows]
    pairs = [(number, row) for number, row in filled if len(row) == 2]  # noqa: PLR2004
    if pairs and sum(asks(row[0]) for _, row in pairs) * 2 > len(pairs):
        rows_to_drafts(["question", "answer"], pairs, into, topic)


def _merged(sheet: Worksheet) -> dict[tuple[int, int], Cell | MergedCell]:
    """Give for each cell of a merged range, by row and column, the one with the text.

    Only down the rows: a title above several columns does not stand in each of them.
    """
    found: dict[tuple[int, int], Cell | MergedCell] = {}
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col)
        last_row = min(area.max_row, sheet.max_row)
        found |= dict.fromkeys(
            ((row, area.min_col) for row in range(area.min_row, last_row + 1)), first
        )
    return found


def _text(cell: Cell | MergedCell, *, with_link: bool) -> str:
    value = cell.value
    if isinstance(value, CellRichText):
        text = "".join(map(_rich, value)) if with_link else str(value)
    elif isinstance(value, str):
        text = value
    else:
        text = _shown(value, cell.number_format)
    address = cell.hyperlink.target if isinstance(cell, Cell) and cell.hyperlink else None
    if with_link and address and text.strip() and "\n" not in text and address not in text:
        text = f"[{text.strip()}]({address})"
    return text.replace("\r\n", "\n").replace("_x000D_", "").strip()


def _rich(part: str | TextBlock) -> str:
    """Write a piece of a cell that has a font of its own."""
    if isinstance(part, str) or not part.text.strip():
        return str(part)
    sign = "**" if part.font.b else "*" if part.font.i else ""
    inside = part.text.strip()
    return part.text.replace(inside, f"{sign}{inside}{sign}") if "\n" not in inside else part.text


def _shown(value: object, number_format: str) -> str:
    """Write a number or a day as the spreadsheet shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        has_time = value.time() != time()
        return value.isoformat(" ", "minutes") if has_time else value.date().isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return "" if value is None else str(value)


def _number(value: float, number_format: str) -> str:
    decimals = _DECIMALS.search(number_format)
    places = len(decimals[1]) if decimals else 0
    comma = "," if "#,##" in number_format else ""
    if "%" in number_format:
        return f"{value:.{places}%}"
    if decimals or comma:
        return f"{value:{comma}.{places}f}"
    return f"{value:.15g}"
