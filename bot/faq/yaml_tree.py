"""YAML as a tree that remembers its lines and leaves every scalar a text.

The usual loaders turn `no` into False, `1.10` into 1.1 and forget where it stood; an admin who
writes a FAQ means the text, and wants to know the line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_DEEPEST = 20
# YAML counts these as line breaks, editors do not, and nobody writes them on purpose.
_RARE_BREAKS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
# What YAML 1.1 does not allow anywhere (section 5.1, the character set).
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER_CLOSED = ("while scanning a quoted", "while parsing a flow")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# libyaml's parser is ten times faster, and some builds come without it. Only its events are used:
# its composer recurses in C, and a file of nested brackets overflows the stack there.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """The text is not YAML that can be used here."""

    def __init__(self, line: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text."""

    line: int
    text: str
    has_comment: bool = False
    """Whether a # behind it made the rest of its line a comment."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    values: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping."""

    line: int
    values: Mapping[str, "Tree"]
    lines: Mapping[str, int]
    """Where each key stands."""


Tree: TypeAlias = Scalar | Items | Fields
Tell: TypeAlias = Callable[[int, str, str], None]
"""Takes note of what is wrong in a line, and how to mend it."""


def parse_yaml(text: str, first_line: int = 1, on_repeat: Tell | None = None) -> Tree | None:
    """Parse one YAML document; None when it is empty.

    Args:
        text: the document.
        first_line: the line of the file on which it begins.
        on_repeat: takes note of keys that stand twice in the same place, of which the first
            counts; without it they are an error of the whole document.

    Raises:
        YamlError: it is no YAML, or has what a FAQ has no use for (anchors, deep nesting).
    """
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        raise YamlError(
            first_line + text.count("\n", 0, unprintable.start()),
            f"There is a character here that cannot be seen (U+{ord(unprintable.group()):04X}).",
            "Delete the character that cannot be seen, or write the line anew.",
        )
    events = yaml.parse(text.translate(_RARE_BREAKS), Loader=_Loader)
    builder = _Builder(events, first_line, text.split("\n"), on_repeat)
    tree: Tree | None = None
    try:
        for event in events:
            if isinstance(event, DocumentStartEvent):
                further = builder.build(next(events), 0)
                if tree is None or further == Scalar(further.line, ""):
                    tree = tree or further  # a line --- below all, as front matter ends, is none
                    continue
                raise YamlError(
                    _line(event, first_line),
                    "A second YAML document begins here (---).",
                    "Remove this line, so that the file is one document.",
                )
    except yaml.MarkedYAMLError as error:
        # For what is never closed the parser names the end; where it began helps more.
        opened = (error.context or "").startswith(_NEVER_CLOSED)
        mark = (error.context_mark if opened else None) or error.problem_mark
        line = first_line + (mark.line if mark else 0)
        lines = text.split("\n")
        faulty = lines[mark.line] if mark and mark.line < len(lines) else ""
        raise YamlError(
            line, f"This is not valid YAML: {error.problem}.", _hint(error, faulty)
        ) from None
    return tree


def repeated(key: str, line: int, first: int) -> tuple[int, str, str]:
    """Say that a key stands twice: where, what is wrong, and how to mend it."""
    return (
        line,
        f'"{key}" stands twice in the same place (first on line {first}).',
        "Keep one of the two, or put a dash before each entry of a list.",
    )


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(
        self,
        events: Iterator[Event],
        first_line: int,
        lines: Sequence[str],
        on_repeat: Tell | None,
    ) -> None:
        self._events = events
        self._first_line = first_line
        self._lines = lines
        self._on_repeat = on_repeat

    def build(self, event: Event, depth: int) -> Tree:
        """Build what begins with an event."""
        line = _line(event, self._first_line)
        if isinstance(event, ScalarEvent):
            is_null = event.implicit[0] and event.value in _NULLS
            return Scalar(line, "" if is_null else event.value, self._has_comment(event))
        if isinstance(event, AliasEvent):
            raise YamlError(
                line,
                "YAML aliases (a text that begins with *) are not supported here.",
                "Put quotation marks around the text, or write out what the alias stands for.",
            )
        if depth == _DEEPEST:
            raise YamlError(
                line, "This is nested too deeply.", "Check the brackets and indentation."
            )
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(item := next(self._events), SequenceEndEvent):
                items.append(self.build(item, depth + 1))
            return Items(line, tuple(items))
        assert isinstance(event, MappingStartEvent)  # noqa: S101 - there are these four kinds
        return self._fields(line, depth)

    def _fields(self, line: int, depth: int) -> Fields:
        values: dict[str, Tree] = {}
        lines: dict[str, int] = {}
        while not isinstance(key_event := next(self._events), MappingEndEvent):
            key_tree = self.build(key_event, depth + 1)
            key = key_tree.text if isinstance(key_tree, Scalar) else "?"
            if key in values:
                slip = repeated(key, key_tree.line, lines[key])
                if not self._on_repeat:
                    raise YamlError(*slip)
                self._on_repeat(*slip)
                self.build(next(self._events), depth + 1)
                continue
            lines[key] = key_tree.line
            values[key] = self.build(next(self._events), depth + 1)
        return Fields(line, values, lines)

    def _has_comment(self, event: ScalarEvent) -> bool:
        # Only a text without quotation marks can lose its end without its author's noticing.
        if event.style not in {None, ""} or not event.end_mark or not event.value:
            return False
        rest = self._lines[event.end_mark.line : event.end_mark.line + 1]
        return any(it[event.end_mark.column :].lstrip().startswith("#") for it in rest)


def _line(event: Event, first_line: int) -> int:
    return first_line + (event.start_mark.line if event.start_mark else 0)


def _hint(error: yaml.MarkedYAMLError, line: str) -> str:
    if "\t" in line:
        return "Indent with spaces, not with tabs."
    if "mapping values are not allowed" in (error.problem or ""):
        return (
            'Put quotation marks around a text that holds a colon, as in "Note: closed"; if there '
            "is none, look for an indentation that differs from the line above."
        )
    return (
        "Look at this line and the one above for a missing quotation mark, a colon without a "
        "space after it, or an indentation that differs."
    )
