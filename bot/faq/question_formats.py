"""Test questions as JSON, YAML or a table: texts to queries, one function a form.

Whatever the form, a question has `text`, `expected` (the id of the entry that should answer, or
null, or nothing: it should not be answered) and maybe `also_ok` (ids that are right, too). What
else stands there is left alone. Line ends are those that Python reads a file with.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.faq.yaml_tree import Fields, Items, Scalar, Tree, YamlError, parse_yaml
from bot.model import Query
from bot.text import clean, one_line

_JSON = 'Write {"text": "when do you open", "expected": "opening-hours"}, null for "no answer".'
_YAML = (
    "Begin each question with `- text: when do you open` and write `expected: opening-hours` "
    "below it, indented alike; null for “no answer”."
)
_TABLE = (
    "Give the table a first row with the names text, expected and also_ok; leave expected empty "
    "for “no answer”."
)
_SOLID = re.compile(r"[^ \t\n]|\Z")
_DELIMITERS = ",;\t"


@dataclass
class QuestionSlip(Exception):  # noqa: N818 - a slip of the pen, told as an error by its reader
    """A place in a text that holds no test question."""

    line: int
    what: str
    """What is wrong, a whole sentence."""
    mend: str
    """How to mend it, a whole sentence."""


def parse_json_lines(text: str) -> Iterator[Query]:
    """Parse one object a line.

    Raises:
        QuestionSlip: a line has another form.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                raise QuestionSlip(number, "This is not valid JSON.", _JSON) from None
            yield _from_json(value, number)


def parse_json(text: str) -> Iterator[Query]:
    """Parse a list of objects, or one object a line, as some name it .json, too.

    Raises:
        QuestionSlip: it is something else.
    """
    if not text.lstrip().startswith("["):
        yield from parse_json_lines(text)
        return
    decoder = json.JSONDecoder()
    at = _skip_spaces(text, text.index("[") + 1)
    line, counted = 1, 0
    is_over = text.startswith("]", at)
    while not is_over:
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise QuestionSlip(line, "This is not valid JSON.", _JSON) from None
        yield _from_json(value, line)
        at = _skip_spaces(text, at)
        is_over = not text.startswith(",", at)
        at = at if is_over else _skip_spaces(text, at + 1)
    if text[at:].strip() != "]":
        raise QuestionSlip(
            line + text.count("\n", counted, at),
            "The list of questions neither goes on nor ends here as JSON does.",
            "Put a comma between two questions, and one ] behind the last.",
        )


def parse_yaml_questions(text: str) -> Iterator[Query]:
    """Parse a list of mappings.

    Raises:
        QuestionSlip: it is something else.
    """
    try:
        tree = parse_yaml(text)
    except YamlError as error:
        raise QuestionSlip(error.line, error.what, error.mend) from None
    if tree is None:
        return
    if not isinstance(tree, Items):
        raise QuestionSlip(tree.line, "This file holds no list of questions.", _YAML)
    yield from map(_from_yaml, tree.values)


def parse_table(text: str) -> Iterator[Query]:
    """Parse CSV as spreadsheets write it: commas, semicolons or tabs between the columns.

    Raises:
        QuestionSlip: the first row does not name the columns, or a row cannot be read.
    """
    rows = _rows(text)
    _, header = next(rows, (1, []))
    if not header:
        return
    columns = {_folded(name): i for i, name in reversed(list(enumerate(header)))}
    for name in ("text", "expected"):
        if name not in columns:
            raise QuestionSlip(1, f'The first row names no column "{name}".', _TABLE)
    for line, row in rows:
        # Spreadsheets leave out what is empty at the end of a row.
        cells = {name: row[i] if i < len(row) else "" for name, i in columns.items()}
        if not clean(cells["text"]):
            raise QuestionSlip(line, "This row has no question.", "Write one, or remove the row.")
        expected = one_line(cells["expected"])
        yield _query(
            cells["text"],
            "" if expected.lower() == "null" else expected,
            _split_ids(cells.get("also_ok", "")),
        )


def _from_json(value: Any, line: int) -> Query:
    if isinstance(value, dict) and "expected" in value:
        text, expected, also_ok = value.get("text"), value["expected"], value.get("also_ok") or []
        if (
            isinstance(text, str)
            and (expected is None or isinstance(expected, str))
            and isinstance(also_ok, list)
            and all(isinstance(id_, str) for id_ in also_ok)
        ):
            return _query(text, expected or "", also_ok)
    raise QuestionSlip(line, "This is not a test question.", _JSON)


def _from_yaml(tree: Tree) -> Query:
    if isinstance(tree, Fields) and "expected" in tree.values:
        text, expected = tree.values.get("text"), tree.values["expected"]
        also_ok = tree.values.get("also_ok")
        listed = also_ok.values if isinstance(also_ok, Items) else (also_ok,) if also_ok else ()
        ids = [it.text for it in listed if isinstance(it, Scalar)]
        if (
            isinstance(text, Scalar)
            and clean(text.text)
            and isinstance(expected, Scalar)
            and len(ids) == len(listed)
        ):
            return _query(text.text, expected.text, ids)
    raise QuestionSlip(tree.line, "This is not a test question.", _YAML)


def _query(text: str, expected: str, also_ok: Sequence[str]) -> Query:
    # Ids are cleaned in the way that those of entries are.
    ids = (one_line(id_) for id_ in also_ok)
    return Query(clean(text), one_line(expected) or None, frozenset(id_ for id_ in ids if id_))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not empty, each with the line that it begins on."""
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.lower().startswith("sep=") and rest:  # Excel's way to name the delimiter
        text, skipped = rest, 1
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(
        (f"{line}\n" for line in text.split("\n")), delimiter=delimiter, strict=True
    )
    line = skipped + 1
    try:
        for row in reader:
            if any(map(clean, row)):
                yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error:
        raise QuestionSlip(
            line,
            "The table cannot be read from this line on.",
            "Look for a quotation mark that stands alone: a text that holds one is written in "
            'quotation marks, and each one inside is doubled, as in "the ""best"" one".',
        ) from None


def _folded(name: str) -> str:
    return re.sub(r"[\s-]+", "_", clean(name).lower())


def _split_ids(cell: str) -> list[str]:
    """Split ids at ; | or commas, and where there are none of these, at spaces."""
    return re.split(r"[;|,]", cell) if re.search(r"[;|,]", cell) else cell.split()


def _skip_spaces(text: str, at: int) -> int:
    return next(_SOLID.finditer(text, at)).start()
