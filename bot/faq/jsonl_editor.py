"""Editing entries of a JSON Lines file where they stand."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from bot.faq.draft import Draft
from bot.faq.fields import changed_properties
from bot.faq.file_text import FileText, Replacement
from bot.faq.json_writer import json_fields, json_line
from bot.faq.yaml_editor import question_fields


class JsonlEditor:
    """Knows on which line of a JSON Lines file each entry stands."""

    def __init__(self, file: FileText, drafts: Sequence[Draft]) -> None:
        self._lines = file.lines
        self._drafts = drafts

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:  # noqa: ARG002 - of tables
        """Give what the file needs before it can hold these drafts: nothing."""
        return []

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else, the gentlest first."""
        old = self._drafts[number]
        line = self._lines[old.line - 1]
        fields: dict[str, Any] = json.loads(line)
        changes: dict[str, Any] = dict(changed_properties(old, new))
        changes.pop("also", None)
        if new.questions != old.questions or "also" in rewritten:
            changes |= question_fields(fields, new.questions)
        if new.answer != old.answer:
            changes["answer"] = new.answer
        if changes.get("threshold"):
            changes["threshold"] = new.details.threshold
        changed = {
            key: value
            for key, value in (fields | changes).items()
            if key in fields or value or key == "threshold"  # which may be 0
        }
        changed = {
            key: value for key, value in changed.items() if value is not None or key not in changes
        }
        if "id" in changed and "id" not in fields:
            changed = {"id": changed["id"], **changed}
        # Whoever wrote all letters but those of English as numbers goes on doing so.
        is_ascii = "\\u" in line and line.isascii()
        yield self._at(old.line, json.dumps(changed) if is_ascii else json_line(changed))

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry as they are written, those that stand twice, too."""
        fields: dict[str, Any] = json.loads(self._lines[self._drafts[number].line - 1])
        values = (fields.get(key) or () for key in ("question", "questions", "also"))
        return [text for it in values for text in ([it] if isinstance(it, str) else it)]

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        line = self._drafts[number].line
        yield Replacement(line - 1, line, [])

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        line = self._drafts[after].line
        yield Replacement(line, line, [json_line(json_fields(new))])

    @staticmethod
    def _at(line: int, text: str) -> Replacement:
        return Replacement(line - 1, line, [text])
