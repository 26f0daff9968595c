"""Where in the text of a table each cell stands, so that one can be changed and all else stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, by its place in the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row, which may go over several lines."""

    line: int
    """Its first line, from 0."""
    end_line: int
    """The line after its last."""
    start: int
    end: int
    """Its place in the text, without the line end."""
    cells: tuple[Cell, ...]

    def texts(self) -> list[str]:
        """Give what the cells say."""
        return [cell.text for cell in self.cells]


def read_records(text: str, delimiter: str) -> Iterator[Record]:
    """Take a table apart as the csv module does, but for remembering the places."""
    at = line = 0
    while at < len(text):
        start, first_line = at, line
        cells: list[Cell] = []
        is_over = False
        while not is_over:
            cell = _read_cell(text, at, delimiter)
            cells.append(cell)
            at = cell.end
            is_over = text[at : at + 1] != delimiter
            at += not is_over
        line += text.count("\n", start, at) + 1
        yield Record(first_line, line, start, at, tuple(cells))
        at += 1


def with_cells(
    text: str, record: Record, values: Mapping[int, str], delimiter: str
) -> Sequence[str]:
    """Give the lines of a row in which some cells say something else."""
    row = text[record.start : record.end]
    for number, value in sorted(values.items(), reverse=True):
        if number < len(record.cells):
            cell = record.cells[number]
            was_quoted = text[cell.start : cell.start + 1] == '"'
            written = written_cell(value, delimiter, is_quoted=was_quoted)
            row = row[: cell.start - record.start] + written + row[cell.end - record.start :]
    last = len(record.cells) - 1
    for number in sorted(it for it in values if it > last):
        row += delimiter * (number - last) + written_cell(values[number], delimiter)
        last = number
    return row.split("\n")


def written_cell(text: str, delimiter: str, *, is_quoted: bool = False) -> str:
    """Write a cell, in quotation marks where it needs them."""
    if is_quoted or text != text.strip() or any(char in text for char in (delimiter, '"', "\n")):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _read_cell(text: str, start: int, delimiter: str) -> Cell:
    if text[start : start + 1] != '"':
        end = _plain_end(text, start, delimiter)
        return Cell(start, end, text[start:end])
    parts: list[str] = []
    at = start + 1
    while True:
        quote = text.find('"', at)
        if quote < 0:
            return Cell(start, len(text), "".join([*parts, text[at:]]))
        parts.append(text[at:quote])
        if text[quote + 1 : quote + 2] != '"':
            break
        parts.append('"')
        at = quote + 2
    end = _plain_end(text, quote + 1, delimiter)
    return Cell(start, end, "".join([*parts, text[quote + 1 : end]]))


def _plain_end(text: str, start: int, delimiter: str) -> int:
    ends = (text.find(delimiter, start), text.find("\n", start))
    return min((end for end in ends if end >= 0), default=len(text))
