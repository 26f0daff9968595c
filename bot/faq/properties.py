"""An entry's properties, the same in every format that holds YAML."""

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from bot.faq.draft import Parsed
from bot.faq.yaml_tree import Fields, Items, Scalar, Tree
from bot.model import Details
from bot.text import one_line

DEFAULTS = ("topic", "language", "audience", "threshold", "valid_from", "valid_until")
"""What may be set for a whole file."""

COMMENT_KEYS = ("id", "also", *DEFAULTS, "keywords", "related", "attachments", "aliases")
"""What may stand in the comment under a Markdown heading."""

_Value = TypeVar("_Value")
_NO_DETAILS = Details()
_CHAT = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}")
# Where days are parted by full stops, the day of the month always comes first.
_DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_LISTED = re.compile(r"[;,|\n]")


@dataclass(frozen=True, slots=True)
class Properties:
    """Properties as written; None and () where nothing is."""

    id: str | None = None
    also: tuple[str, ...] = ()
    topic: str | None = None
    language: str | None = None
    details: Details = _NO_DETAILS

    def over(self, defaults: "Properties") -> "Properties":
        """Take the defaults of the whole file where nothing else is written."""
        own, general = self.details, defaults.details
        has_threshold = own.threshold is not None
        return replace(
            self,
            topic=self.topic or defaults.topic,
            language=self.language or defaults.language,
            details=replace(
                own,
                audience=own.audience or general.audience,
                threshold=own.threshold if has_threshold else general.threshold,
                valid_from=own.valid_from or general.valid_from,
                valid_until=own.valid_until or general.valid_until,
            ),
        )


def read_properties(fields: Fields, into: Parsed) -> Properties:
    """Read the known properties; what has the wrong shape becomes a problem."""
    return Properties(
        id=read_text(fields, "id", into),
        also=read_texts(fields, "also", into),
        topic=read_text(fields, "topic", into),
        language=read_text(fields, "language", into),
        details=Details(
            aliases=_read_list(fields, "aliases", into),
            keywords=_read_list(fields, "keywords", into),
            related=_read_list(fields, "related", into),
            audience=_read_audience(fields, into),
            threshold=_read(fields, "threshold", parse_threshold, into),
            valid_from=_read(fields, "valid_from", parse_date, into),
            valid_until=_read(fields, "valid_until", parse_date, into),
            attachments=read_texts(fields, "attachments", into),
        ),
    )


def parse_threshold(text: str) -> float:
    """Read a threshold.

    Raises:
        ValueError: with what is wrong and how to mend it, two whole sentences.
    """
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError(
            f'"{one_line(text)[:40]}" is no threshold.',
            "Write a number from 0 (always answer) to 1, such as `0.6`.",
        )
    return value


def parse_date(text: str) -> date:
    """Read a day.

    Raises:
        ValueError: with what is wrong and how to mend it, two whole sentences.
    """
    written = _DAY_FIRST.fullmatch(text.strip())
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise ValueError(
            f'"{one_line(text)[:40]}" is no day.',
            "Write year, month and day, such as `2026-12-31`.",
        ) from None


def split_list(text: str) -> tuple[str, ...]:
    """Split a list that is written as one text: at commas, semicolons, bars or line ends."""
    return tuple(one_line(part) for part in _LISTED.split(text) if part.strip())


def is_chat(text: str) -> bool:
    """Tell whether this names a chat or a group."""
    return bool(_CHAT.fullmatch(text))


def _read_list(fields: Fields, key: str, into: Parsed) -> tuple[str, ...]:
    """Read a list that may be written as one text with commas."""
    texts = read_texts(fields, key, into)
    return split_list(texts[0]) if isinstance(fields.values.get(key), Scalar) and texts else texts


def _read_audience(fields: Fields, into: Parsed) -> tuple[str, ...]:
    chats = _read_list(fields, "audience", into)
    for chat in chats:
        if not is_chat(chat):
            into.error(
                fields.lines["audience"],
                f'"{chat[:40]}" names no chat, so nobody is shown what is only for it.',
                "Write the chat's number, such as `-1001234567890`, or its @name.",
            )
    return chats


def _read(fields: Fields, key: str, parse: Callable[[str], _Value], into: Parsed) -> _Value | None:
    text = read_text(fields, key, into)
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        into.error(fields.lines[key], *error.args)
        return None


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
