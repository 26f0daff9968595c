"""Editing entries of a YAML file where they stand."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from bot.faq.draft import Draft
from bot.faq.fields import Value, changed_properties, shared_defaults
from bot.faq.file_text import FileText, Replacement
from bot.faq.yaml_edit import edit_fields, texts_of, value_of
from bot.faq.yaml_tree import Fields, Items, parse_yaml
from bot.faq.yaml_writer import yaml_item

_QUESTION_KEYS = ("question", "questions", "also")


class YamlEditor:
    """Knows where in a YAML file each entry stands."""

    def __init__(self, file: FileText, drafts: Sequence[Draft]) -> None:
        self._lines = file.lines
        self._drafts = drafts
        tree = parse_yaml(file.text)
        entries = tree.values.get("entries") if isinstance(tree, Fields) else tree
        items = entries.values if isinstance(entries, Items) else ()
        self._items = {it.line: it for it in items if isinstance(it, Fields)}
        # What stands beside the list ends its last entry.
        beside = [line - 1 for line in tree.lines.values()] if isinstance(tree, Fields) else []
        starts = sorted([*(it.line - 1 for it in items), *beside, len(file.raw)])
        self._ends = {a: self._content_end(a, b) for a, b in pairwise(starts)}

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:  # noqa: ARG002 - of tables
        """Give what the file needs before it can hold these drafts: nothing."""
        return []

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else, the gentlest first."""
        old = self._drafts[number]
        item = self._items.get(old.line)
        if item is None:
            return
        start = old.line - 1
        end = self._ends[start]
        changes: dict[str, Value | None] = dict(changed_properties(old, new))
        changes.pop("also", None)
        if new.questions != old.questions or "also" in rewritten:
            changes |= question_fields(item.values, new.questions)
        if new.answer != old.answer:
            changes["answer"] = new.answer
        if min(item.lines.values()) == item.line:
            yield Replacement(start, end, edit_fields(self._lines, start, end, item, changes))
        yield Replacement(start, end, yaml_item(new, self._dash_indent(start)))

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry as they are written, those that stand twice, too."""
        item = self._items.get(self._drafts[number].line)
        written = [item.values[key] for key in _QUESTION_KEYS if key in item.values] if item else []
        return [text for tree in written for text in texts_of(value_of(tree))]

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        start = self._drafts[number].line - 1
        if start in self._ends:
            end = self._ends[start]
            while end < len(self._lines) - 1 and not self._lines[end].strip():
                end += 1
            yield Replacement(start, end, [])

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        neighbour = self._drafts[after]
        start = neighbour.line - 1
        if start not in self._ends:
            return
        end = self._ends[start]
        above = start - 1
        while above > 0 and self._lines[above].lstrip().startswith("#"):
            above -= 1
        is_spaced = start > 0 and not self._lines[above].strip()
        # What the neighbour does not say itself, the file says for both.
        own = self._items[neighbour.line].values
        for inherited in (shared_defaults(neighbour, new) - set(own), ()):
            lines = yaml_item(new, self._dash_indent(start), inherited)
            yield Replacement(end, end, ["", *lines] if is_spaced else lines)

    def _dash_indent(self, start: int) -> str:
        line = self._lines[start]
        return line[: len(line) - len(line.lstrip())]

    def _content_end(self, start: int, end: int) -> int:
        """Leave out what belongs to the next entry: blank lines, and notes at its margin."""
        margin = len(self._dash_indent(start))
        while end > start + 1:
            line = self._lines[end - 1]
            indent = len(line) - len(line.lstrip())
            is_note = line.lstrip().startswith(("#", "...")) and indent <= margin
            if line.strip() and not is_note:
                break
            end -= 1
        return end


def question_fields(fields: Collection[str], questions: Sequence[str]) -> dict[str, Value | None]:
    """Spread questions over the fields that an entry has for them already."""
    spread: dict[str, Value | None] = dict.fromkeys(key for key in _QUESTION_KEYS if key in fields)
    if "question" not in fields and "questions" in fields:
        return spread | {"questions": tuple(questions)}
    spread["question"] = questions[0]
    if questions[1:]:
        spread["questions" if "questions" in fields and "also" not in fields else "also"] = tuple(
            questions[1:]
        )
    return spread
