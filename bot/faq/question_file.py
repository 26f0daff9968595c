"""Test questions: JSON Lines of `{"text": str, "expected": entry id or null, "also_ok": [id]}`.

`expected: null` says that the right reaction is not to answer. Further keys are ignored.
"""

import json
from pathlib import Path
from typing import Any

from bot.errors import FaqbotError
from bot.model import Query

_FORM = '{"text": "when do you open", "expected": "opening-hours"} with null for "no answer"'


class QuestionFileError(FaqbotError):
    """The file of test questions cannot be used."""


def read_questions(path: Path) -> tuple[Query, ...]:
    """Read a file of test questions.

    Raises:
        QuestionFileError: it cannot be read, has no questions, or a line of another form.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise QuestionFileError(
            f"{path} cannot be read ({error.strerror}): name a file of test questions."
        ) from None
    except UnicodeDecodeError:
        raise QuestionFileError(f'{path} is not UTF-8 text: save it again as "UTF-8".') from None
    queries = tuple(
        _query(line, f"{path}, line {number}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
    if not queries:
        raise QuestionFileError(f"{path} has no questions: write one a line, as {_FORM}.")
    return queries


def _query(line: str, place: str) -> Query:
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise QuestionFileError(f"{place}: this is not valid JSON. Write {_FORM}.") from None
    if isinstance(value, dict) and "expected" in value:
        text, expected, also_ok = value.get("text"), value["expected"], value.get("also_ok") or []
        if (
            isinstance(text, str)
            and (expected is None or isinstance(expected, str))
            and isinstance(also_ok, list)
            and all(isinstance(id_, str) for id_ in also_ok)
        ):
            return Query(text, expected, frozenset(also_ok))
    raise QuestionFileError(f"{place}: this is not a test question. Write {_FORM}.")
