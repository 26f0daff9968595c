"""Where in a Markdown file each entry stands: its heading, its properties, its last line.

This finds places only; what stands there is the parser's business. Lines are counted from 0.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

from bot.faq.draft import Draft
from bot.faq.properties import COMMENT_KEYS
from bot.faq.yaml_tree import Fields, YamlError, parse_yaml

_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_KEYS = frozenset(COMMENT_KEYS)
_FENCE_OF_FRONT_MATTER = re.compile(r"(?:---|\.\.\.)[ \t]*")
_HIDDEN = re.compile(r"\s*(?:<a\s[^>]{0,200}>\s*(?:</a>)?\s*)?", re.IGNORECASE)
# What may stand before a heading and belongs to it: blank lines, rules, link targets.
_BEFORE_NEXT = re.compile(r"\s*(?:[-*_]\s*){3,}|" + _HIDDEN.pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one entry stands."""

    level: int
    """That of its heading; 0 where its question is no heading."""
    start: int
    body: int
    """The line after the heading."""
    end: int
    """The line of the next heading, or the end of the file."""
    content_end: int
    """The line after its last one, without what belongs to the next heading."""
    comment: tuple[int, int] | None = None
    """From where to where its properties stand."""
    fields: Fields | None = None
    """Its properties, where they can be read."""


def find_places(lines: Sequence[str], drafts: Sequence[Draft]) -> list[Place]:
    """Find the places of entries, in their order."""
    headings = list(_headings(lines))
    starts = sorted({draft.line - 1 for draft in drafts})
    by_start = {start: (level, end) for level, start, end in headings}
    places = []
    for draft in drafts:
        start = draft.line - 1
        level, body = by_start.get(start, (0, start + 1))
        last = len(lines) - (not lines[-1])
        ends = [it for it in starts if it > start][:1]
        ends += [it for depth, it, _ in headings if it > start and depth <= (level or 6)][:1]
        end = min([*ends, last])
        comment, fields = _find_properties(lines, body, end)
        places.append(
            Place(level, start, body, end, content_end(lines, body, end), comment, fields)
        )
    return places


def content_end(lines: Sequence[str], start: int, end: int) -> int:
    """Leave out the last lines, if they belong to the next heading."""
    while end > start and _BEFORE_NEXT.fullmatch(lines[end - 1]):
        end -= 1
    return end


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Give the level, the first line and the line after each heading."""
    first = _front_matter_end(lines)
    for token in _BLOCKS.parse("\n".join([*[""] * first, *lines[first:]])):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield int(token.tag[1:]), token.map[0], token.map[1]


def _front_matter_end(lines: Sequence[str]) -> int:
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].rstrip() != "---":
        return 0
    ends = (
        number + 1
        for number in range(first + 1, len(lines))
        if _FENCE_OF_FRONT_MATTER.fullmatch(lines[number])
    )
    return next(ends, 0)


def _find_properties(
    lines: Sequence[str], start: int, end: int
) -> tuple[tuple[int, int] | None, Fields | None]:
    """Find the comment with the properties, above all text."""
    while start < end:
        if not lines[start].lstrip().startswith("<!--"):
            if not _HIDDEN.fullmatch(lines[start]):
                break
            start += 1
            continue
        stop = next((it + 1 for it in range(start, end) if "-->" in lines[it]), end)
        fields = _read(lines, start, stop)
        if fields and not _KEYS.isdisjoint(fields.values):
            return (start, stop), fields
        start = stop
    return None, None


def _read(lines: Sequence[str], start: int, stop: int) -> Fields | None:
    inside = "\n".join(lines[start:stop]).replace("<!--", "", 1).rpartition("-->")[0]
    first, _, rest = inside.partition("\n")
    try:
        tree = parse_yaml(f"{first.strip()}\n{rest}", start + 1)
    except YamlError:
        return None
    return tree if isinstance(tree, Fields) else None
