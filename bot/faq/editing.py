"""Editing a FAQ file: the gentlest way in which it comes to say what is meant, and nothing else.

Each format knows a few ways to write an edit down, from one that changes a few letters to one that
writes the entry anew. The text is read again after every try, and the first way whose result says
exactly what was meant is taken. Where none does, the file stays as it is.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol

from bot.errors import FaqbotError
from bot.faq.draft import Draft, Parsed
from bot.faq.faq_file import limits_of, parse_text
from bot.faq.fields import placeless
from bot.faq.file_text import FileText, Replacement
from bot.faq.jsonl_editor import JsonlEditor
from bot.faq.markdown_editor import MarkdownEditor
from bot.faq.table_editor import TableEditor
from bot.faq.yaml_editor import YamlEditor


class EditError(FaqbotError):
    """An edit cannot be written down where the entry stands."""


class Editor(Protocol):
    """Knows where in a file each entry stands, and the ways to write an edit there."""

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:
        """Give what the file needs before it can hold these drafts, at most once."""
        ...

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else, the gentlest first."""
        ...

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry as they are written, those that stand twice, too."""
        ...

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        ...

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        ...


EDITORS: Mapping[str, Callable[[FileText, Sequence[Draft]], Editor]] = {
    **dict.fromkeys((".md", ".markdown", ".mdx", ".txt"), MarkdownEditor),
    **dict.fromkeys((".yaml", ".yml"), YamlEditor),
    **dict.fromkeys((".jsonl", ".ndjson"), JsonlEditor),
    **dict.fromkeys((".csv", ".tsv", ".tab"), TableEditor),
}


@dataclass(slots=True)
class Edits:
    """What is to become of the entries of one file, each named by its number in the file."""

    changed: dict[int, Draft] = field(default_factory=dict)
    rewritten: dict[int, frozenset[str]] = field(default_factory=dict)
    """Properties to write down anew though their values stay."""
    removed: set[int] = field(default_factory=set)
    added: list[tuple[int, Draft]] = field(default_factory=list)
    """New entries, each with the number of the one that it comes below."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.rewritten or self.removed or self.added)

    def result(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Give what the file is to hold then."""
        return [draft for _, draft in self.numbered(drafts)]

    def numbered(self, drafts: Sequence[Draft]) -> Iterator[tuple[int | None, Draft]]:
        """Give what the file is to hold, with the numbers that the drafts have now."""
        below: dict[int, list[Draft]] = {}
        for after, new in self.added:
            below.setdefault(after, []).append(new)
        for number, draft in enumerate(drafts):
            if number not in self.removed:
                yield number, self.changed.get(number, draft)
            yield from ((None, new) for new in below.get(number, ()))

    def plus(self, others: Iterable["Edits"]) -> "Edits":
        """Give these edits and others together."""
        result = Edits(
            dict(self.changed), dict(self.rewritten), set(self.removed), list(self.added)
        )
        for it in others:
            result.changed |= it.changed
            result.rewritten |= it.rewritten
            result.removed |= it.removed
            result.added += it.added
        return result

    def single(self) -> Iterator["Edits"]:
        """Give the edits one by one."""
        for number in sorted({*self.changed, *self.rewritten}):
            changed = {number: self.changed[number]} if number in self.changed else {}
            kept = {number: self.rewritten[number]} if number in self.rewritten else {}
            yield Edits(changed, kept)
        yield from (Edits(removed={number}) for number in sorted(self.removed))
        yield from (Edits(added=[it]) for it in self.added)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Edits that were not made."""

    edits: Edits
    why: str
    """Whole sentences, with what to do instead."""


def edit_file(file: FileText, name: str, edits: Edits) -> FileText:
    """Edit a file's text.

    Raises:
        EditError: there is no way to write an edit down that does not change something else.
    """
    edited, refusals = edit_what_can_be(file, name, edits)
    if refusals:
        raise EditError(refusals[0].why)
    return edited


def edit_what_can_be(file: FileText, name: str, edits: Edits) -> tuple[FileText, list[Refusal]]:
    """Edit a file's text as far as that can be done; give it, and what was left out."""
    make = EDITORS.get(PurePosixPath(name).suffix.lower())
    if make is None:
        why = f"{name} cannot be edited by a program, so please edit it by hand."
        return file, [Refusal(edits, why)] if edits else []
    parsed = parse_text(file.text, name)
    if not parsed.complete:
        why = f"{name} has to be mended first: `faqbot check` tells how."
        return file, [Refusal(edits, why)] if edits else []
    session = _Session(file, name, parsed, make(file, parsed.drafts))
    session.prepare(edits)
    session.settle(list(edits.single()))
    edited = session.edited([])
    if edited is not file and not fits(edited, name):
        why = f"{name} would become larger than a FAQ file may be: split it into several files."
        return file, [Refusal(edits, why)]
    return edited, session.refusals


def fits(file: FileText, name: str) -> bool:
    """Tell whether a file stays within what the reader of the folder reads."""
    lines, limits = file.lines, limits_of(name)
    return (
        len(file.encoded()) <= limits.file_bytes
        and len(lines) <= limits.lines
        and all(len(line.encode()) <= limits.line_bytes for line in lines)
    )


class _Session:
    """Finds for each edit a way that works together with those found before."""

    def __init__(self, file: FileText, name: str, parsed: Parsed, editor: Editor) -> None:
        self._file = file
        self._name = name
        self._parsed = parsed
        self._editor = editor
        self._prepared: list[Replacement] = []
        self._taken: list[Replacement] = []
        self._so_far = Edits()
        self.refusals: list[Refusal] = []

    def prepare(self, edits: Edits) -> None:
        """Let the editor make room for all that is to come."""
        new = [*edits.changed.values(), *(it for _, it in edits.added)]
        self._prepared = self._editor.preparation(new)

    def settle(self, edits: Sequence[Edits]) -> None:
        """Make edits in the gentlest way; where that fails, take the two halves one by one.

        So a few that need another way cost a few readings of the file, not one for each edit.
        """
        if not edits:
            return
        first = [next(self._ways(edit), None) for edit in edits]
        ways = [way for way in first if way]
        if len(ways) == len(edits) and self._take(edits, ways):
            return
        if len(edits) > 1:
            half = len(edits) // 2
            self.settle(edits[:half])
            self.settle(edits[half:])
            return
        if not any(self._take(edits, [way]) for way in islice(self._ways(edits[0]), 1, None)):
            why = _refusal(edits[0], self._name, self._parsed.drafts)
            self.refusals.append(Refusal(edits[0], why))

    def edited(self, ways: Sequence[Replacement]) -> FileText:
        """Give the file with all ways found so far, and further ones."""
        taken = [*self._taken, *ways]
        return _applied(self._file, [*self._prepared, *taken]) if taken else self._file

    def _ways(self, edit: Edits) -> Iterator[Replacement]:
        return _ways(self._editor, edit, self._parsed.drafts)

    def _take(self, edits: Sequence[Edits], ways: Sequence[Replacement]) -> bool:
        """Take these ways, if the file then says what is meant."""
        together = self._so_far.plus(edits)
        meant = together.result(self._parsed.drafts)
        if not _says(self.edited(ways), self._name, meant, self._parsed):
            return False
        self._taken += ways
        self._so_far = together
        return True


def _ways(editor: Editor, edit: Edits, drafts: Sequence[Draft]) -> Iterator[Replacement]:
    for number in (*edit.changed, *(it for it in edit.rewritten if it not in edit.changed)):
        new = edit.changed.get(number, drafts[number])
        yield from editor.changes(number, new, edit.rewritten.get(number, ()))
    for number in edit.removed:
        yield from editor.removal(number)
    for after, new in edit.added:
        yield from editor.addition(after, new)


def _applied(file: FileText, replacements: Sequence[Replacement]) -> FileText:
    lines = file.lines
    return file.edited(part for it in replacements for part in _smallest(it, lines))


def _smallest(replacement: Replacement, lines: Sequence[str]) -> Iterator[Replacement]:
    """Leave out the lines that stay, so that they keep their line ends."""
    old = lines[replacement.start : replacement.end]
    matcher = difflib.SequenceMatcher(None, old, replacement.lines, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            start = replacement.start
            yield Replacement(start + i1, start + i2, replacement.lines[j1:j2])


def _says(file: FileText, name: str, meant: Sequence[Draft], before: Parsed) -> bool:
    after = parse_text(file.text, name)
    return (
        after.complete
        and placeless(after.drafts) == placeless(meant)
        and _errors(after) <= _errors(before)
    )


def _errors(parsed: Parsed) -> int:
    return sum(problem.severity == "error" for problem in parsed.problems)


def _refusal(edit: Edits, name: str, drafts: Sequence[Draft]) -> str:
    numbers = [*edit.changed, *edit.rewritten, *edit.removed]
    draft = drafts[numbers[0]] if numbers else edit.added[0][1]
    place = f"{name}, line {draft.line}" if numbers else name
    return (
        f'{place}: the edit of "{draft.questions[0]}" cannot be written there in a way that '
        "reads back as what is meant, so nothing was changed: please make this edit by hand."
    )
