"""JSON exports of other tools: reading, and finding the lines that JSON forgets."""

import json
from typing import Any

from bot.faq.draft import Parsed
from bot.importing.decoding import decode


def load_json(data: bytes, into: Parsed) -> tuple[Any, str]:
    """Read JSON, or one JSON value a line as a list of them.

    Returns:
        The value, None where there is none, and the text.
    """
    text, _ = decode(data)
    try:
        return json.loads(text, strict=False), text
    except json.JSONDecodeError as error:
        try:
            lines = [line for line in text.split("\n") if line.strip()]
            if len(lines) > 1:
                return [json.loads(line, strict=False) for line in lines], text
        except (ValueError, RecursionError):
            pass
        into.unreadable(
            error.lineno,
            f"This is not valid JSON: {error.msg}, column {error.colno}.",
            "Export the file once more, and import it as it is.",
        )
    except (RecursionError, ValueError):
        into.unreadable(1, "This is not JSON that can be used.", "Export the file once more.")
    return None, text


class Lines:
    """Finds the line on which a text stands in a JSON file, one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def find(self, value: str) -> int:
        """Give the line of a text that stands behind the last one found."""
        for written in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
            place = self._text.find(written, self._at)
            if place >= 0:
                self._line += self._text.count("\n", self._at, place)
                self._at = place
                break
        return self._line


def texts(value: Any) -> list[str]:
    """Give the texts in a list; one text alone is a list, too."""
    values = value if isinstance(value, list) else [value]
    return [it for it in values if isinstance(it, str) and it.strip()]


def text_of(value: Any) -> str:
    """Give a text, or nothing where it is something else."""
    return value if isinstance(value, str) else ""
