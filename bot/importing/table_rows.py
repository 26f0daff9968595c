"""Rows of a workbook to drafts; the columns have the same names as in CSV files."""

from collections.abc import Iterable, Iterator, Sequence

from bot.faq.draft import Parsed
from bot.faq.names import role_of
from bot.faq.table_format import add_rows, names_columns
from bot.faq.table_rows import Row
from bot.text import one_line

_HEADER_WITHIN = 10


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Give the place of the row that names the columns; titles may stand above it."""
    return next((i for i, row in enumerate(rows[:_HEADER_WITHIN]) if names_columns(row)), None)


def answer_columns(header: Sequence[str]) -> frozenset[int]:
    """Give the places of the columns that hold answers."""
    return frozenset(i for i, name in enumerate(header) if _key(name).startswith("answer"))


def rows_to_drafts(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    into: Parsed,
    topic: str | None = None,
) -> None:
    """Turn rows into drafts. Questions with the same answer below each other are one entry.

    Args:
        header: the names of the columns.
        rows: their numbers, from 1, and cells.
        into: what is to hold the drafts.
        topic: of rows that name none.
    """
    width = len(header)
    filled = ((line, [*cells[:width]]) for line, cells in rows if any(map(str.strip, cells)))
    questions = [i for i, name in enumerate(header) if _key(name) == "question"]
    joined = (
        Row(line, (*cells, *[""] * (width - len(cells)), "\n".join(further)))
        for line, cells, further in _joined(filled, frozenset(questions), answer_columns(header))
    )
    add_rows([*header, "alternatives"], joined, into, topic)


def _joined(
    rows: Iterable[tuple[int, Sequence[str]]], questions: frozenset[int], answers: frozenset[int]
) -> Iterator[tuple[int, Sequence[str], list[str]]]:
    """Put rows that differ in their question only together, as one row with further questions."""
    waiting: tuple[int, Sequence[str], list[str]] | None = None
    for line, cells in rows:
        if waiting and _says_the_same(waiting[1], cells, questions, answers):
            waiting[2].extend(
                one_line(cells[i]) for i in questions if i < len(cells) and cells[i].strip()
            )
            continue
        if waiting:
            yield waiting
        waiting = line, cells, []
    if waiting:
        yield waiting


def _says_the_same(
    one: Sequence[str], other: Sequence[str], questions: frozenset[int], answers: frozenset[int]
) -> bool:
    has_answer = any(one[i].strip() for i in answers if i < len(one))
    return has_answer and all(
        a == b or (not b.strip() and i not in answers)
        for i, (a, b) in enumerate(zip(one, other, strict=False))
        if i not in questions
    )


def _key(name: str) -> str:
    role = role_of(one_line(name))
    return role.key if role else ""
