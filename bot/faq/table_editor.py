"""Editing entries of a CSV or TSV file where they stand, cell by cell."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.faq.draft import Draft
from bot.faq.file_text import FileText, Replacement
from bot.faq.formulas import guard
from bot.faq.names import role_of
from bot.faq.table_cells import Record, read_records, with_cells, written_cell
from bot.faq.table_rows import DELIMITERS
from bot.faq.table_writer import OF_LANGUAGE, draft_cells

_HIGHEST_HEADER = 5


class TableEditor:
    """Knows in which row and column each property of each entry stands."""

    def __init__(self, file: FileText, drafts: Sequence[Draft]) -> None:
        self._text = file.text
        self._drafts = drafts
        self._delimiter, self._records, self._header = _find_header(self._text)
        self._columns = _columns(self._header)
        self._rows = {record.line + 1: record for record in self._records}

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:
        """Add the columns that new values need, at the end of the first row."""
        if self._header is None:
            return []
        # Rows that have nothing in a new column stay as they are, shorter than the first.
        missing = dict.fromkeys(
            name
            for draft in drafts
            for name, cell in draft_cells(draft).items()
            if cell and self._column(name, draft) is None
        )
        if not missing:
            return []
        width = len(self._header.cells)
        added = {width + number: name for number, name in enumerate(missing)}
        for number, name in added.items():
            self._columns[name] = [number]
        lines = with_cells(self._text, self._header, added, self._delimiter)
        return [Replacement(self._header.line, self._header.end_line, lines)]

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else."""
        old = self._drafts[number]
        record = self._rows.get(old.line)
        if record is None:
            return
        before, after = draft_cells(old), draft_cells(new)
        changed = {
            name: after.get(name, "")
            for name in (*before, *after)
            if before.get(name, "") != after.get(name, "")
            or (name == "alternatives" and "also" in rewritten)
        }
        values = self._values(changed, old)
        if values is not None:
            lines = with_cells(self._text, record, values, self._delimiter)
            yield Replacement(record.line, record.end_line, lines)

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry; a table may part them in many ways."""
        return self._drafts[number].questions

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        record = self._rows.get(self._drafts[number].line)
        if record is not None:
            yield Replacement(record.line, record.end_line, [])

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        record = self._rows.get(self._drafts[after].line)
        values = self._values(draft_cells(new), new)
        if record is None or values is None or self._header is None:
            return
        width = max(len(self._header.cells), *(number + 1 for number in values))
        cells = (written_cell(values.get(it, ""), self._delimiter) for it in range(width))
        lines = self._delimiter.join(cells).split("\n")
        yield Replacement(record.end_line, record.end_line, lines)

    def _column(self, name: str, draft: Draft) -> list[int] | None:
        """Find the columns of a property; those of the entry's own language may say so."""
        found = self._columns.get(name)
        if found is None and name in OF_LANGUAGE and draft.language:
            found = self._columns.get(f"{name}_{draft.language}")
        return found

    def _values(self, cells: Mapping[str, str], draft: Draft) -> dict[int, str] | None:
        values: dict[int, str] = {}
        for name, text in cells.items():
            columns = self._column(name, draft)
            if columns:
                # Of several columns of one meaning, the first says it all.
                values |= dict.fromkeys(columns, "") | {columns[0]: guard(text)}
            elif text:
                return None
        return values


def _find_header(text: str) -> tuple[str, list[Record], Record | None]:
    """Find how cells are parted, and the row that names the columns."""
    for delimiter in DELIMITERS:
        records = list(read_records(text, delimiter))
        for record in records[:_HIGHEST_HEADER]:
            names = {name.partition("_")[0] for name in _columns(record)}
            if {"question", "answer"} <= names:
                return delimiter, records, record
    return DELIMITERS[0], [], None


def _columns(header: Record | None) -> dict[str, list[int]]:
    """Give the places of the columns by the names that they have in a table of our own."""
    roles = [role_of(text) for text in header.texts()] if header else []
    keys = {role.key for role in roles if role}
    columns: dict[str, list[int]] = {}
    for number, role in enumerate(roles):
        # A name that may mean anything counts where no plainer one stands.
        if role and not (role.key.endswith("?") and role.key.rstrip("?") in keys):
            key = "alternatives" if role.key == "also" else role.key.rstrip("?")
            name = f"{key}_{role.language}" if role.language else key
            columns.setdefault(name, []).append(number)
    return columns
