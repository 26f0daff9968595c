"""Editing entries of a Markdown file where they stand."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.faq.draft import Draft, Parsed
from bot.faq.fields import Value, changed_properties, shared_defaults
from bot.faq.file_text import FileText, Replacement
from bot.faq.markdown_sections import Section, read_document
from bot.faq.markdown_writer import heading_text, markdown_comment, markdown_entry
from bot.faq.yaml_edit import edit_fields, texts_of, value_of
from bot.faq.yaml_tree import Fields, YamlError, parse_yaml

_HEADING_ID = re.compile(r"\s*\{#[^\s{}]+\}\s*$")
# What may stand before a heading and belongs to it: blank lines, rules, link targets.
_BEFORE_NEXT = re.compile(
    r"\s*(?:[-*_]\s*){3,}$|\s*(?:<a\s[^>]{0,200}>\s*(?:</a>)?\s*)*$", re.IGNORECASE
)
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:\s*\S")
_MOST_PAIRS = 4_000_000


class MarkdownEditor:
    """Knows where in a Markdown file each entry stands."""

    def __init__(self, file: FileText, drafts: Sequence[Draft]) -> None:
        self._lines = file.lines
        self._count = len(file.raw)
        self._drafts = drafts
        sections = read_document(file.text, Parsed("")).sections
        starts = {draft.line for draft in drafts}
        self._sections: dict[int, Section] = {}
        self._ends: dict[int, int] = {}
        for number, section in enumerate(sections):
            if section.line in starts:
                self._sections[section.line] = section
                self._ends[section.line] = self._end(section, sections[number + 1 :], starts)

    def preparation(self, drafts: Collection[Draft]) -> list[Replacement]:  # noqa: ARG002 - of tables
        """Give what the file needs before it can hold these drafts: nothing."""
        return []

    def changes(
        self, number: int, new: Draft, rewritten: Collection[str] = ()
    ) -> Iterator[Replacement]:
        """Give ways to make one entry say something else, the gentlest first."""
        old = self._drafts[number]
        section = self._sections.get(old.line)
        if section is None:
            return
        start, end = old.line - 1, self._ends[old.line]
        changes = changed_properties(old, new)
        if "also" in rewritten:
            changes["also"] = new.questions[1:] or None
        for comment_is_kept in (True, False):
            above = self._above(section, old, new, changes, comment_is_kept=comment_is_kept)
            if above is None:
                continue
            lines, body_start = above
            body = self._lines[body_start:end]
            for answer in self._answers(body, old.answer, new.answer):
                yield Replacement(start, end, [*lines, *answer])
        below = self._lines[self._content_end(start, end) : end]
        yield Replacement(start, end, [*markdown_entry(new, section.level), *below])

    def phrasings(self, number: int) -> Sequence[str]:
        """Give the wordings of an entry as they are written, those that stand twice, too."""
        draft = self._drafts[number]
        section = self._sections.get(draft.line)
        _, own = self._comment(section) if section else (None, None)
        also = value_of(own.values["also"]) if own and "also" in own.values else None
        return (draft.questions[0], *texts_of(also)) if also else draft.questions

    def removal(self, number: int) -> Iterator[Replacement]:
        """Give ways to take an entry out."""
        line = self._drafts[number].line
        if line not in self._sections:
            return
        start, end = line - 1, self._ends[line]
        below = self._lines[self._content_end(start, end) : end]
        while below and not below[0].strip():
            del below[0]
        yield Replacement(start, end, below)
        # Other entries may have links to addresses that are given here.
        kept = [it for it in self._lines[start:end] if _DEFINITION.match(it)]
        yield Replacement(start, end, [*kept, ""] if kept else [])

    def addition(self, after: int, new: Draft) -> Iterator[Replacement]:
        """Give ways to put a new entry below another one."""
        neighbour = self._drafts[after]
        section = self._sections.get(neighbour.line)
        if section is None:
            return
        end = self._content_end(neighbour.line - 1, self._ends[neighbour.line])
        _, own = self._comment(section)
        # What the neighbour does not say itself, the file says for both.
        for inherited in (shared_defaults(neighbour, new) - set(own.values if own else ()), ()):
            yield Replacement(end, end, ["", *markdown_entry(new, section.level, inherited)])

    def _end(self, section: Section, below: Sequence[Section], starts: Collection[int]) -> int:
        ends = (it.line - 1 for it in below if it.level <= section.level or it.line in starts)
        return next(ends, self._count)

    def _content_end(self, start: int, end: int) -> int:
        """Leave out what belongs to the next heading."""
        while end > start + 1 and _BEFORE_NEXT.fullmatch(self._lines[end - 1]):
            end -= 1
        return end

    def _comment(self, section: Section) -> tuple[tuple[int, int], Fields | None]:
        """Give the lines of the comment with the properties, and what it says."""
        body_start = section.line - 1 + len(section.source)
        if not section.properties_line:
            return (body_start, body_start), None
        start = section.properties_line - 1
        end = next(
            (it + 1 for it in range(start, self._count) if "-->" in self._lines[it]), self._count
        )
        inside = "\n".join(self._lines[start:end]).replace("<!--", "    ", 1)
        inside = inside.rpartition("-->")[0]
        first, _, rest = inside.partition("\n")
        try:
            tree = parse_yaml(f"{first.strip()}\n{rest}", start + 1)
        except YamlError:
            return (start, end), None
        return (start, end), tree if isinstance(tree, Fields) else None

    def _above(
        self,
        section: Section,
        old: Draft,
        new: Draft,
        changes: Mapping[str, Value | None],
        *,
        comment_is_kept: bool,
    ) -> tuple[list[str], int] | None:
        """Give heading and comment as they are to be, and the line on which the rest begins."""
        heading = list(section.source)
        if new.questions[0] != old.questions[0]:
            sign = _HEADING_ID.search(section.source[0])
            behind = sign.group() if sign else ""
            heading = [f"{'#' * section.level} {heading_text(new.questions[0])}{behind}"]
        (start, end), tree = self._comment(section)
        between = self._lines[section.line - 1 + len(section.source) : start]
        if not changes:
            return [*heading, *between, *self._lines[start:end]], end
        if section.properties_line and (
            tree is None or self._lines[end - 1].split("-->")[1].strip()
        ):
            return None
        if tree is None:
            added = {key: value for key, value in changes.items() if value}
            return [*heading, *markdown_comment(added), *between], end
        if comment_is_kept:
            if self._lines[start].strip() != "<!--" or self._lines[end - 1].strip() != "-->":
                return None
            inside = edit_fields(self._lines, min(tree.lines.values()) - 1, end - 1, tree, changes)
            top = self._lines[start : min(tree.lines.values()) - 1]
            return [*heading, *between, *top, *inside, self._lines[end - 1]], end
        values = {key: value_of(value) for key, value in tree.values.items()} | dict(changes)
        said = {key: value for key, value in values.items() if value}
        return [*heading, *between, *markdown_comment(said)], end

    def _answers(self, body: list[str], old: str, new: str) -> Iterator[list[str]]:
        """Give ways to put another answer between the lines that are not for readers."""
        if old == new:
            yield body
            return
        before, after = old.split("\n"), new.split("\n")
        if len(before) * max(len(body), len(after)) < _MOST_PAIRS:
            edited = _edited_lines(body, before, after)
            if edited is not None:
                yield edited
        end = self._content_end_of(body)
        yield [*([""] if body and not body[0].strip() else []), *after, *body[end:]]

    @staticmethod
    def _content_end_of(body: Sequence[str]) -> int:
        end = len(body)
        while end and _BEFORE_NEXT.fullmatch(body[end - 1]):
            end -= 1
        return end


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
