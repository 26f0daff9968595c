"""Drafts as JSON Lines."""

import json
from collections.abc import Iterable
from typing import Any

from bot.faq.draft import Draft
from bot.faq.fields import properties_of


def write_jsonl(drafts: Iterable[Draft]) -> str:
    """Write drafts as one object a line."""
    return "".join(f"{json_line(json_fields(draft))}\n" for draft in drafts)


def json_line(fields: dict[str, Any]) -> str:
    """Write one object on one line, in letters that people can read."""
    line = json.dumps(fields, ensure_ascii=False)
    # Some programs take these for line ends.
    return line.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def json_fields(draft: Draft) -> dict[str, Any]:
    """Give a draft's fields in the order in which they are written."""
    properties: dict[str, Any] = properties_of(draft)
    properties.pop("also", None)
    if draft.details.threshold is not None:
        properties["threshold"] = draft.details.threshold
    first = {key: properties.pop(key) for key in ("id",) if key in properties}
    return {**first, "questions": draft.questions, "answer": draft.answer, **properties}
