"""An entry's properties, the same in every format that holds YAML."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from bot.faq.draft import Parsed
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree

DEFAULTS = ("topic", "language")
"""What may be set for a whole file."""

COMMENT_KEYS = ("id", "also", *DEFAULTS)
"""What may stand in the comment under a Markdown heading."""


@dataclass(frozen=True, slots=True)
class Properties:
    """Properties as written; None and () where nothing is."""

    id: str | None = None
    also: tuple[str, ...] = ()
    topic: str | None = None
    language: str | None = None


def read_properties(fields: Fields, into: Parsed) -> Properties:
    """Read the known properties; what has the wrong shape becomes a problem."""
    return Properties(
        id=read_text(fields, "id", into),
        also=read_texts(fields, "also", into),
        topic=read_text(fields, "topic", into),
        language=read_text(fields, "language", into),
    )


def read_text(fields: Fields, key: str, into: Parsed) -> str | None:
    """Read one text; None when it is absent, empty or no text."""
    value = fields.values.get(key)
    if value is None:
        return None
    if isinstance(value, Scalar):
        _tell_comment(value, into)
        return value.text or None
    into.error(
        value.line,
        f'"{key}" must be a text.',
        f"Write it as `{key}: some text`, in quotation marks if it holds a colon.",
    )
    return None


def read_texts(fields: Fields, key: str, into: Parsed) -> tuple[str, ...]:
    """Read a list of texts; one text alone will do, too."""
    value = fields.values.get(key)
    if value is None:
        return ()
    texts = [value] if isinstance(value, Scalar) else []
    if isinstance(value, Items):
        texts = [item for item in value.values if isinstance(item, Scalar)]
        for item in value.values:
            if not isinstance(item, Scalar):
                _no_text(item, into)
    elif isinstance(value, Fields):
        into.error(
            value.line,
            f'"{key}" must be a list.',
            "Put each text on a line of its own, indented, with a dash and a space before it.",
        )
    for text in texts:
        _tell_comment(text, into)
    return tuple(text.text for text in texts if text.text.strip())


def check_keys(fields: Fields, allowed: Collection[str], into: Parsed) -> None:
    """Warn of keys that mean nothing here, most of them slips of the pen."""
    for key, line in fields.lines.items():
        if key not in allowed:
            near = difflib.get_close_matches(key.lower(), allowed, n=1)
            into.warning(
                line,
                f'"{key}" is not a property, so it has no effect.',
                f"Did you mean `{near[0]}`?" if near else f"Known are: {', '.join(allowed)}.",
            )


def _tell_comment(text: Scalar, into: Parsed) -> None:
    if text.has_comment:
        into.warning(
            text.line,
            f'Of this text only "{text.text}" counts: a # with a space before it begins a note.',
            "If the # is part of the text, put quotation marks around the whole.",
        )


def _no_text(item: Tree, into: Parsed) -> None:
    into.error(
        item.line,
        "This item of the list is not a plain text, so it was left out.",
        'Put quotation marks around a text that holds a colon, as in - "Note: is it open?"',
    )
