"""Texts and lists as YAML that reads back as exactly the same, and looks as a person writes it."""

import json
import re
from collections.abc import Mapping

from bot.faq.fields import Value
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree, YamlError, parse_yaml

# What may not stand in YAML as it is, or is taken for a line break there.
_ESCAPED = re.compile(
    "[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def write_fields(values: Mapping[str, Value], indent: str = "") -> list[str]:
    """Write a mapping, one key after the other, as lines."""
    return [line for key, value in values.items() for line in write_field(key, value, indent)]


def write_field(key: str, value: Value, indent: str = "") -> list[str]:
    """Write one key and its value as lines."""
    if isinstance(value, tuple):
        return [f"{indent}{key}:", *(f"{indent}  - {write_text(item)}" for item in value)]
    if "\n" in value:
        block = _block(value)
        if _reads_back([f"{key}: {block[0]}", *block[1:]], key, value):
            inside = (f"{indent}{line}" if line else "" for line in block[1:])
            return [f"{indent}{key}: {block[0]}", *inside]
    return [f"{indent}{key}: {write_text(value)}"]


def write_text(text: str) -> str:
    """Write a text on one line: as it is where that means the same, else in quotation marks."""
    # What could end a comment of HTML is quoted, so that it never stands as it is anywhere.
    if "\n" not in text and "-->" not in text and not _ESCAPED.search(text):
        try:
            tree = parse_yaml(f"- {text}\n- a: {text}")
        except YamlError:
            tree = None
        if tree == _plain(text):
            return text
    return quoted(text)


def quoted(text: str) -> str:
    """Write a text in quotation marks, with nothing in it that could end a comment of HTML."""
    escaped = _ESCAPED.sub(
        lambda match: f"\\u{ord(match.group()):04x}", json.dumps(text, ensure_ascii=False)
    )
    return escaped.replace("-->", "--\\u003e")


def _block(text: str) -> list[str]:
    """Write a text of several lines as they are, below a bar."""
    sign = "|2" if text[0] in " \n\t" else "|"
    return [sign, *(f"  {line}" if line else "" for line in text.split("\n"))]


def _reads_back(lines: list[str], key: str, text: str) -> bool:
    try:
        tree = parse_yaml("\n".join([*lines, ""]))
    except YamlError:
        return False
    value = tree.values[key] if isinstance(tree, Fields) else None
    # The line break at the end is that of the block, and answers are trimmed in any case.
    return isinstance(value, Scalar) and value.text.removesuffix("\n") == text


def _plain(text: str) -> Tree:
    fields = Fields(2, {"a": Scalar(2, text)}, {"a": 2})
    return Items(1, (Scalar(1, text), fields))
