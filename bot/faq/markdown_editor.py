"""Editing entries of a Markdown file where they stand."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.faq.draft import Draft
from bot.faq.fields import Value, changed_properties, shared_defaults
from bot.faq.file_text import FileText, Replacement
from bot.faq.markdown_places import Place, content_end, find_places
from bot.faq.markdown_writer import heading_text, markdown_comment, markdown_entry
from bot.faq.yaml_edit import edit_fields, texts_of, value_of

_HEADING_ID = re.compile(r"\s*\{#[^\s{}]+\}\s*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:\s*\S")
_MOST_PAIRS = 4_000_000


class MarkdownEditor:
    """Knows where in a Markdown file each entry stands."""

    def __init__(self, file: FileText, drafts: Sequence[Draft]) -> None:
        self._lines = file.lines
        self._drafts = drafts
        self._places = find_places(self._lines, drafts)

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:  # noqa: ARG002 - of tables
        """Give what the file needs before it can hold these drafts: nothing."""
        return []

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else, the gentlest first."""
        old, place = self._drafts[number], self._places[number]
        changes = changed_properties(old, new)
        if "also" in rewritten:
            changes["also"] = new.questions[1:] or None
        heading = self._heading(place, old, new)
        for above, body in self._comments(place, changes):
            for answer in _answers(self._lines[body : place.end], old.answer, new.answer):
                yield Replacement(place.start, place.end, [*heading, *above, *answer])
        if place.level:
            below = self._lines[place.content_end : place.end]
            yield Replacement(place.start, place.end, [*markdown_entry(new, place.level), *below])

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry as they are written, those that stand twice, too."""
        draft, fields = self._drafts[number], self._places[number].fields
        also = value_of(fields.values["also"]) if fields and "also" in fields.values else None
        return (draft.questions[0], *texts_of(also)) if also else draft.questions

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        place = self._places[number]
        below = self._lines[place.content_end : place.end]
        while below and not below[0].strip():
            del below[0]
        start = place.start
        while not below and place.end >= len(self._lines) - 1 and self._is_blank(start - 1):
            start -= 1  # a file does not end in blank lines
        yield Replacement(start, place.end, below)
        # Other entries may have links to addresses that are given here.
        kept = [it for it in self._lines[place.start : place.end] if _DEFINITION.match(it)]
        yield Replacement(place.start, place.end, [*kept, ""] if kept else [])

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        place = self._places[after]
        if not place.level:
            return
        own = set(place.fields.values) if place.fields else set()
        # What the neighbour does not say itself, the file says for both.
        for inherited in (shared_defaults(self._drafts[after], new) - own, ()):
            lines = ["", *markdown_entry(new, place.level, inherited)]
            yield Replacement(place.content_end, place.content_end, lines)

    def _is_blank(self, number: int) -> bool:
        return number >= 0 and not self._lines[number].strip()

    def _heading(self, place: Place, old: Draft, new: Draft) -> list[str]:
        heading = self._lines[place.start : place.body]
        if new.questions[0] == old.questions[0]:
            return heading
        if not place.level:
            return [line.replace(old.questions[0], new.questions[0]) for line in heading]
        sign = _HEADING_ID.search(heading[0])
        behind = sign.group() if sign else ""
        return [f"{'#' * place.level} {heading_text(new.questions[0])}{behind}"]

    def _comments(
        self, place: Place, changes: Mapping[str, Value | None]
    ) -> Iterator[tuple[list[str], int]]:
        """Give ways to write the properties, each with the line on which the answer begins."""
        if place.comment is None or place.fields is None:
            added = {key: value for key, value in changes.items() if value}
            yield markdown_comment(added), place.body
            return
        start, end = place.comment
        between = self._lines[place.body : start]
        if not changes:
            yield self._lines[place.body : end], end
            return
        if self._lines[end - 1].rpartition("-->")[2].strip():
            return  # the answer begins on the same line
        first = min(place.fields.lines.values()) - 1
        if first > start and self._lines[end - 1].strip() == "-->":
            inside = edit_fields(self._lines, first, end - 1, place.fields, changes)
            yield [*between, *self._lines[start:first], *inside, self._lines[end - 1]], end
        values = {key: value_of(tree) for key, tree in place.fields.values.items()}
        said = {key: value for key, value in (values | dict(changes)).items() if value}
        yield [*between, *markdown_comment(said)], end


def _answers(body: list[str], old: str, new: str) -> Iterator[list[str]]:
    """Give ways to put another answer among the lines that are not for readers."""
    if old == new:
        yield body
        return
    before, after = old.split("\n"), new.split("\n")
    if len(before) * max(len(body), len(after)) < _MOST_PAIRS:
        edited = _edited_lines(body, before, after)
        if edited is not None:
            yield edited
    blank = [""] if body and not body[0].strip() else []
    yield [*blank, *after, *body[content_end(body, 0, len(body)) :]]


def _edited_lines(body: list[str], old: list[str], new: list[str]) -> list[str] | None:
    """Make of a text that holds the lines of `old`, with others between, one that holds `new`."""
    blocks = difflib.SequenceMatcher(None, old, body, autojunk=False).get_matching_blocks()
    places = {it.a + i: it.b + i for it in blocks for i in range(it.size)}
    result = list(body)
    opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in reversed(opcodes):
        if tag == "equal":
            continue
        first, last = (i1, i2 - 1) if i2 > i1 else (max(i1 - 1, 0),) * 2
        if (
            first not in places
            or last not in places
            or places[last] - places[first] != last - first
        ):
            return None  # lines that are not for readers stand between
        start, end = places[first], places[last] + 1
        if i1 == i2:
            start = end = end if i1 else start
        result[start:end] = new[j1:j2]
    return result
