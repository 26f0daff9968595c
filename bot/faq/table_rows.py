"""The rows of CSV and TSV, as spreadsheets and people write them."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.faq.draft import Parsed

DELIMITERS = ",;\t|"
_MARK = "sep="
_NOTHING = f" \n\xa0{DELIMITERS}"
_MOST_SLIPS = 20
_MOST_ROWS = 50_000
_SAMPLE_LINES = 200
_MOST_CELLS = 1000
_QUOTES = (
    "A text that holds a quotation mark is written in quotation marks, and each one inside is "
    'doubled, as in "the ""best"" one".'
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty."""

    line: int
    cells: tuple[str, ...]


class Lines:
    """The lines of a table, and how its cells are parted."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        first = self._lines[0].strip().strip('"')
        # Excel's way to name the delimiter.
        self.marked = first[len(_MARK) :] if first.lower().startswith(_MARK) else None
        if first.lower() == _MARK and "\t" in self._lines[0]:
            self.marked = "\t"
        self._start = 0 if self.marked is None else 1

    def sample(self, delimiter: str) -> Sequence[Row]:
        """Give the first rows, read in this way; what is wrong with them is told elsewhere."""
        lines = self._lines[self._start : self._start + _SAMPLE_LINES]
        rows: list[Row] = []
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
        line = self._start + 1
        try:
            for cells in reader:
                rows += _row(line, cells)
                line = self._start + reader.line_num + 1
        except csv.Error:
            pass  # a cell without end; there is enough to judge by above it
        return rows

    def rows(self, delimiter: str, into: Parsed) -> Iterator[Row]:
        """Give the rows that are not empty; what cannot be read becomes a problem."""
        at, slips, count = self._start, 0, 0
        while at < len(self._lines):
            source = _Source(self._lines, at)
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    yield from _row(at + 1, cells)
                    at, count = source.at, count + 1
                    if count > _MOST_ROWS:
                        into.unreadable(
                            at,
                            f"The table has more than {_MOST_ROWS:,} rows; the rest was not read.",
                            "Split it into several files.",
                        )
                        return
            except csv.Error as error:
                slips += 1
                is_endless = "limit" in str(error) or source.is_at_end
            else:
                return
            if is_endless and source.at - at > 1:
                into.unreadable(
                    at + 1,
                    "A quotation mark opens in this row and never closes, so the rows from here "
                    "on cannot be told apart.",
                    _QUOTES,
                )
                return
            if slips > _MOST_SLIPS:
                into.unreadable(
                    at + 1, "Too many rows of this table cannot be read; the rest was not.", _QUOTES
                )
                return
            into.warning(
                at + 1,
                "A quotation mark in this row is not where one belongs, so the row may not be read "
                "as it is meant.",
                _QUOTES,
            )
            yield from _row(at + 1, self._alone(at, delimiter))
            at += 1

    def _alone(self, at: int, delimiter: str) -> Sequence[str]:
        """Read a line by itself, as well as can be."""
        try:
            return next(csv.reader([self._lines[at]], delimiter=delimiter), [])
        except csv.Error:
            return []


class _Source:
    """Gives the lines from one on, and knows which is next."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = lines
        self.at = at

    def __iter__(self) -> Iterator[str]:
        return self

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self._lines)

    def __next__(self) -> str:
        if self.is_at_end:
            raise StopIteration
        self.at += 1
        return f"{self._lines[self.at - 1]}\n"


def _row(line: int, cells: Sequence[str]) -> Iterator[Row]:
    if any(cell.strip(_NOTHING) for cell in cells):
        yield Row(line, tuple(cells[:_MOST_CELLS]))
