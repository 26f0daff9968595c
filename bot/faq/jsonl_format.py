"""JSON Lines: `{"id": str, "questions": [str, ...], "answer": str}`, one object a line.

Further keys are ignored.
"""

import json
from typing import Any

from bot.faq.draft import Parsed

_MEND = (
    "Write one entry a line, with no commas between the lines, such as "
    '{"id": "opening-hours", "questions": ["When are you open?"], "answer": "…"}.'
)


def parse_jsonl(text: str, file: str) -> Parsed:
    """Parse a JSON Lines file."""
    parsed = Parsed(file)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _parse_line(line, number, parsed)
    return parsed


def _parse_line(line: str, number: int, into: Parsed) -> None:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        into.error(
            number,
            f"This line is not valid JSON: {error.msg}, column {error.colno}.",
            _MEND,
            column=error.colno,
        )
        return
    except (RecursionError, ValueError):
        into.error(number, "This line is not JSON that can be used.", _MEND)
        return
    if not isinstance(value, dict):
        into.error(number, "This line is JSON, but not an object in braces.", _MEND)
        return
    missing = [
        f'"{key}" must be {what}'
        for key, what, right in (
            ("id", "a text", _is_text(value.get("id"))),
            ("questions", "a list of texts", _is_texts(value.get("questions"))),
            ("answer", "a text", isinstance(value.get("answer"), str)),
        )
        if not right
    ]
    if missing:
        into.error(number, f"{', '.join(missing)}.", _MEND)
    else:
        into.add(number, value["questions"], value["answer"], id=value["id"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
