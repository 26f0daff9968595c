"""Markdown, as admins write it, to messages with entities, as Telegram takes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from telegram import MessageEntity

from bot.telegram.directions import directed
from bot.telegram.document import Node
from bot.telegram.formats import settle, trim
from bot.telegram.splitting import MAX_UNITS, Span, split
from bot.telegram.tree import read_markdown
from bot.telegram.writing import write
from bot.text import sendable, utf16_units

MAX_MARKDOWN = 60_000
"""In characters. Anything longer is no answer, and would keep everybody waiting."""

# The same few answers are asked for again and again.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    text: str
    """At most 4,096 UTF-16 units, and never blank."""
    entities: tuple[MessageEntity, ...]
    """At most 100, sorted; offsets and lengths in UTF-16 units."""
    preview: str | None = None
    """The address to show a preview of, where the author asked for one."""


@lru_cache(maxsize=_MOST_KEPT)
def render(
    markdown: str, *, with_pictures: bool = True, max_units: int = MAX_UNITS
) -> tuple[Part, ...]:
    """Put Markdown into messages.

    Args:
        markdown: the source.
        with_pictures: tell of images that stand alone, too, which can be sent as files instead.
        max_units: the longest message, in UTF-16 units.

    Returns:
        The messages in their order; () where there is nothing to see.
    """
    written = write(read(markdown), with_pictures=with_pictures)
    text, formats = directed(written.text, written.spans, written.items)
    spans = settle(text, formats)
    headings = sorted({
        (span.start, span.end)
        for span in spans
        if span.type == MessageEntity.BOLD and _is_whole_line(text, span)
    })  # fmt: skip
    parts = tuple(
        Part(text[start:end], _entities(text, inside, start, end))
        for start, end, inside in split(text, spans, headings, max_units=max_units)
    )
    return tuple(_with_preview(part, written.preview) for part in parts)


def plain(markdown: str) -> tuple[str, ...]:
    """Give the same texts without entities, for when Telegram refuses these."""
    return tuple(part.text for part in render(markdown))


def read(markdown: str) -> Node:
    """Parse Markdown; what no parser should be asked to take apart is left as it is."""
    source = sendable(re.sub(r"\r\n?", "\n", markdown))
    if len(source) <= MAX_MARKDOWN:
        try:
            return read_markdown(source)
        except RecursionError:  # quotes within quotes within quotes, as no one writes them
            pass
    return Node("document", children=[Node("paragraph", children=[source])])


def _with_preview(part: Part, address: str | None) -> Part:
    """Let the message that holds a link show its preview."""
    has_link = address and any(entity.url == address for entity in part.entities)
    return replace(part, preview=address) if has_link else part


def _is_whole_line(text: str, span: Span) -> bool:
    before, behind = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return before in {"", "\n"} and behind in {"", "\n"}


def _entities(text: str, spans: Iterable[Span], start: int, end: int) -> tuple[MessageEntity, ...]:
    """Give the formats of one part, those that go on beyond it cut to it."""
    inside = (
        trim(text, replace(span, start=max(span.start, start), end=min(span.end, end)))
        for span in spans
    )
    return tuple(
        MessageEntity(
            span.type,
            offset=utf16_units(text[start : span.start]),
            length=utf16_units(text[span.start : span.end]),
            url=span.url,
            language=span.language,
        )
        for span in inside
        if span
    )
