"""Editing fields of YAML where they stand, so that all else keeps its lines, notes and order."""

import difflib
import re
from collections.abc import Mapping, Sequence

from bot.faq.fields import Value
from bot.faq.yaml_text import write_field, write_text
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree

_BEFORE_KEY = re.compile(r"\s*(?:- +)?")


def edit_fields(
    lines: Sequence[str], start: int, end: int, fields: Fields, changes: Mapping[str, Value | None]
) -> list[str]:
    """Change fields of a mapping in block style.

    Args:
        lines: the lines of the file.
        start: the line of the first key, from 0.
        end: the line after the last value.
        fields: what a parser found there, its lines counted from 1.
        changes: the fields with their new values, None for those to remove.

    Returns:
        What is to stand instead of the lines from `start` to `end`.
    """
    result = list(lines[start:end])
    before = _before_key(lines[start])
    indent = " " * len(before)
    starts = sorted(line - 1 for line in fields.lines.values())
    new = [key for key in changes if key not in fields.lines and changes[key] is not None]
    added = [it for key in new if key != "id" for it in _field(key, changes, indent)]
    last = _value_end(lines, starts[-1], end, len(indent)) - start
    result[last:last] = added
    for key, line in sorted(fields.lines.items(), key=lambda it: -it[1]):
        if key in changes:
            stop = min((it for it in starts if it > line - 1), default=end)
            stop = _value_end(lines, line - 1, stop, len(indent))
            old = list(lines[line - 1 : stop])
            result[line - 1 - start : stop - start] = _edited(old, line, key, fields, changes)
    if "id" in new:
        first = result[0]
        result[:1] = [f"{before}{_field('id', changes)[0]}", indent + first[len(before) :]]
    return result


def value_of(tree: Tree) -> Value | None:
    """Give what a field says; None for what no writer writes."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Items):
        return tuple(it.text for it in tree.values if isinstance(it, Scalar))
    return None


def texts_of(value: Value | None) -> tuple[str, ...]:
    """Give the texts of a list, or the one text there is."""
    return (value,) if isinstance(value, str) else value or ()


def _field(key: str, changes: Mapping[str, Value | None], indent: str = "") -> list[str]:
    value = changes[key]
    return [] if value is None else write_field(key, value, indent)


def _edited(
    old: list[str], line: int, key: str, fields: Fields, changes: Mapping[str, Value | None]
) -> list[str]:
    before = _before_key(old[0])
    value, tree = changes[key], fields.values[key]
    if isinstance(value, tuple) and isinstance(tree, Items):
        items = _edited_items(old, line, tree, value)
        if items:
            return items
    new = _field(key, changes, " " * len(before))
    return [before + new[0].lstrip(), *new[1:]] if new else []


def _edited_items(old: list[str], line: int, tree: Items, value: tuple[str, ...]) -> list[str]:
    """Change single items of a list that has each on a line of its own; [] if it has not."""
    starts = [it.line - line for it in tree.values]
    texts = [it.text if isinstance(it, Scalar) else "" for it in tree.values]
    if len(set(starts)) < len(starts) or not starts or starts[0] == 0 or not value:
        return []
    ends = [*starts[1:], len(old)]
    before = _before_key(old[starts[0]])
    if not before.strip():
        return []
    result = old[: starts[0]]
    opcodes = difflib.SequenceMatcher(None, texts, value, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            result += old[starts[i1] : ends[i2 - 1]]
        else:
            result += [before + write_text(text) for text in value[j1:j2]]
    return result


def _before_key(line: str) -> str:
    match = _BEFORE_KEY.match(line)
    return match.group() if match else ""


def _value_end(lines: Sequence[str], start: int, end: int, column: int) -> int:
    """Leave out what belongs to the next: blank lines, and notes that are not indented deeper."""
    while end > start + 1:
        line = lines[end - 1]
        is_note = line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= column
        if line.strip() and not is_note:
            break
        end -= 1
    return end
