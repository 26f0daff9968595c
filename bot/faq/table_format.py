"""CSV and TSV: one entry a row, with the names of the columns in the first row.

Columns may have any of the names in `names.py`, in any order, and several languages side by side. A
table without such a row is read where its questions can be told by their question marks.
"""

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.faq.draft import Parsed
from bot.faq.names import role_of
from bot.faq.properties import COMMENT_KEYS
from bot.faq.record import Context, Kind, add_record, kind_of
from bot.faq.table_rows import DELIMITERS, Lines, Row
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree
from bot.text import clean, one_line

_MEND = (
    "Give the table a first row with the names question and answer; it may have more columns, such "
    "as alternatives, id, topic, language and keywords."
)
_CONTEXT = Context("Write the question in its column, or remove the row.")
_HIGHEST_HEADER = 5
_SAMPLED = 50
_LISTS = frozenset(("also", "keywords", "related", "audience", "attachments", "aliases"))
_PARTED = re.compile(r"\n|;|\||,(?=\s|\Z)")
_PARTED_SENTENCES = re.compile(r"\n|;|\|")
_PARTED_QUESTIONS = re.compile(r"\n| \|+ |;\s")
_END_OF_QUESTION = re.compile("[?\uff1f\u061f]['\"”»)]?\\s*\\Z")
# What begins so is written with an apostrophe before it, lest a spreadsheet take it for a formula.
_GUARDED = re.compile("''*[=+\\-@\t\uff1d\uff0b\uff0d\uff20]")
_ABOUT_FAQS = re.compile(r"faq|question|q&a|qna|frage|pregunta|вопрос", re.IGNORECASE)
_CODE = " " * 4
_LIKE_A_NAME = 0.8


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is to be read."""

    delimiter: str
    names: tuple[str, ...]
    first_line: int
    """From which on its rows are entries."""


def parse_csv(text: str, file: str) -> Parsed:
    """Parse a table whose cells are parted by commas, or by semicolons, tabs or bars."""
    return _parse(text, file, DELIMITERS)


def parse_tsv(text: str, file: str) -> Parsed:
    """Parse a table whose cells are parted by tabs."""
    return _parse(text, file, "\t" if "\t" in text else DELIMITERS)


def _parse(text: str, file: str, delimiters: str) -> Parsed:
    parsed = Parsed(file)
    if not text.strip():
        return parsed
    lines = Lines(text)
    layout = _find_layout(lines, lines.marked or delimiters, parsed)
    if not layout:
        return parsed
    _tell_slips(layout, parsed)
    for row in lines.rows(layout.delimiter, parsed):
        if row.line >= layout.first_line:
            add_record(_fields(row, layout, parsed), _CONTEXT, parsed)
    return parsed


def _find_layout(lines: Lines, delimiters: str, into: Parsed) -> _Layout | None:
    samples = {delimiter: lines.sample(delimiter)[:_SAMPLED] for delimiter in delimiters}
    finders: Sequence[Callable[[str, Sequence[Row], str], _Layout | None]] = (
        _by_names,
        _by_vague_names,
        _by_content,
    )
    for find in finders:
        # The delimiter that parts more is the better one, where several would do.
        for delimiter in sorted(samples, key=lambda it: -_width(samples[it])):
            layout = find(delimiter, samples[delimiter], into.file)
            if layout:
                return layout
    delimiter = max(samples, key=lambda it: _width(samples[it]))
    if samples[delimiter]:
        _tell_no_columns(samples[delimiter][0], into)
    return None


def _width(rows: Sequence[Row]) -> int:
    """Give how many cells most rows have."""
    widths = sorted(len(row.cells) for row in rows)
    return widths[len(widths) // 2] if widths else 0


def _by_names(delimiter: str, rows: Sequence[Row], _file: str) -> _Layout | None:
    for row in rows[:_HIGHEST_HEADER]:
        if _kind(row) is Kind.ENTRY:
            return _Layout(delimiter, _names(row), row.line + 1)
    return None


def _by_vague_names(delimiter: str, rows: Sequence[Row], file: str) -> _Layout | None:
    """Take names such as title and text, where what stands below or the file's name says FAQ."""
    for number, row in enumerate(rows[:_HIGHEST_HEADER]):
        if _kind(row) is Kind.VAGUE:
            asks = [_asking(rows[number + 1 :], column) for column in range(len(row.cells))]
            if _ABOUT_FAQS.search(file) or max(asks) >= 1 / 2:
                return _Layout(delimiter, _names(row), row.line + 1)
    return None


def _by_content(delimiter: str, rows: Sequence[Row], _file: str) -> _Layout | None:
    """Tell questions by their question marks; the longest texts behind them are the answers.

    A first row without a question mark, where all others have one, names the columns in a language
    that is not known here.
    """
    width = _width(rows)
    if width < 2 or _kind(rows[0]) is Kind.FAULTY:  # noqa: PLR2004 - a question and an answer
        return None
    asks = [_asking(rows, column) for column in range(width)]
    question = asks.index(max(asks))
    if asks[question] < 1 / 2:
        return None
    lengths = [sum(len(_cell(row, column)) for row in rows) for column in range(width)]
    right = range(question + 1, width)
    answer = max(right or range(question), key=lengths.__getitem__)
    names = [""] * width
    names[question], names[answer] = "question", "answer"
    first, others = rows[0], rows[1:]
    is_header = bool(others) and not any(map(_asks, first.cells)) and _asking(others, question) == 1
    return _Layout(delimiter, tuple(names), first.line + is_header)


def _asking(rows: Sequence[Row], column: int) -> float:
    """Give the share of rows that have a question in a column."""
    asking = sum(_asks(_cell(row, column)) for row in rows)
    return asking / len(rows) if rows else 0.0


def _asks(cell: str) -> bool:
    return bool(_END_OF_QUESTION.search(cell))


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _kind(row: Row) -> Kind:
    names = _names(row)
    values = {name: Scalar(row.line, "") for name in names if name}
    return kind_of(Fields(row.line, values, dict.fromkeys(values, row.line)))


def _names(row: Row) -> tuple[str, ...]:
    """Give the names in a first row, none twice."""
    numbers: Counter[str] = Counter()
    names: list[str] = []
    for name in map(one_line, row.cells):
        numbers[name] += 1
        names.append(f"{name} {numbers[name]}" if name and numbers[name] > 1 else name)
    return tuple(names)


def _tell_no_columns(first: Row, into: Parsed) -> None:
    found = [f'"{name[:40]}"' for name in map(one_line, first.cells) if name]
    has = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")  # noqa: PLR2004 - enough to see
    kind = _kind(first)
    if kind is Kind.FAULTY:
        keys = {role.key for name in _names(first) if (role := role_of(name))}
        missing = "answers" if "question" in keys else "questions"
        into.unreadable(
            first.line, f"The first row names no column for the {missing}: it has {has}.", _MEND
        )
        return
    into.not_faq(
        first.line,
        f"The first row names no columns for questions and answers: it has {has}.",
        f"{_MEND} If it is no FAQ, begin its name with an underscore.",
    )


def _tell_slips(layout: _Layout, into: Parsed) -> None:
    """Warn of column names that are nearly right; other columns are nobody's business."""
    known = ("question", "answer", "alternatives", *COMMENT_KEYS)
    for name in layout.names:
        if name and not role_of(name):
            near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_LIKE_A_NAME)
            if near:
                into.warning(
                    max(1, layout.first_line - 1),
                    f'The column "{name}" has no meaning here, so it has no effect.',
                    f"Did you mean `{near[0]}`?",
                )


def _fields(row: Row, layout: _Layout, into: Parsed) -> Fields:
    names, cells = layout.names, row.cells
    surplus = [cell for cell in cells[len(names) :] if cell.strip()]
    if surplus:
        role = role_of(names[-1])
        is_answer = role is not None and role.key.startswith("answer")
        if is_answer:
            rest = layout.delimiter.join(cells[len(names) - 1 :])
            cells = (*cells[: len(names) - 1], rest)
        into.warning(
            row.line,
            "This row has more cells than there are columns, so "
            + ("the last ones were put into the answer." if is_answer else "the rest is left out."),
            "Put quotation marks around a text that holds the sign between two cells.",
        )
    values = {
        name: _value(name, _unguarded(cell), row.line)
        for name, cell in zip(names, cells, strict=False)
        if name and cell.strip()
    }
    return Fields(row.line, values, dict.fromkeys(values, row.line))


def _value(name: str, cell: str, line: int) -> Tree:
    role = role_of(name)
    key = role.key if role else ""
    if key in _LISTS:
        parts = _parts_of_list(cell, _PARTED_SENTENCES if key == "also" else _PARTED)
    elif key == "question":
        parts = _parts_of_question(cell)
    else:
        # Spaces behind a delimiter are no indentation; four of them make code in Markdown.
        return Scalar(line, cell if cell.startswith(_CODE) else cell.lstrip(" "))
    return Items(line, tuple(Scalar(line, part) for part in parts))


def _parts_of_list(cell: str, parted: re.Pattern[str]) -> Sequence[str]:
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(it, str) for it in listed):
            return listed
    # Where there are line breaks, each line is one: so it is written by faqbot itself.
    parts = cell.split("\n") if "\n" in cell else parted.split(cell)
    return [part for part in map(clean, parts) if part]


def _parts_of_question(cell: str) -> Sequence[str]:
    """Part several questions in a cell; a long one may have line breaks, too."""
    parts = [part for part in map(clean, _PARTED_QUESTIONS.split(cell)) if part]
    return parts if len(parts) > 1 and all(map(_asks, parts)) else (cell,)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell
