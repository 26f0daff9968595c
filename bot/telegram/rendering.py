"""Markdown, as admins write it, to messages with entities, as Telegram takes them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import attrgetter

from telegram import MessageEntity
from telegramify_markdown.config import RenderConfig
from telegramify_markdown.converter import EventWalker

from bot.telegram.markdown_events import events
from bot.telegram.splitting import Span, is_blank, split
from bot.text import sendable

_EMPHASIS = frozenset((MessageEntity.BOLD, MessageEntity.ITALIC, MessageEntity.STRIKETHROUGH))
_CODE = frozenset((MessageEntity.CODE, MessageEntity.PRE))
# Character references (&#1;) bring in what may not be sent.
_CONTROL = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    text: str
    """At most 4,096 UTF-16 units, and never blank."""
    entities: tuple[MessageEntity, ...]
    """At most 100, sorted; offsets and lengths in UTF-16 units."""


def render(markdown: str) -> tuple[Part, ...]:
    """Put Markdown into messages.

    Returns:
        The messages in their order; () where there is nothing to see.
    """
    text, written = _write(markdown)
    headings = sorted(
        (span.start, span.end)
        for span in written
        if span.type == MessageEntity.BOLD and _is_whole_line(text, span)
    )
    spans = _settle(text, written)
    return tuple(
        Part(text[start:end], _entities(text, inside, start, end))
        for start, end, inside in split(text, spans, headings)
    )


def plain(markdown: str) -> tuple[str, ...]:
    """Give the same texts without entities, for when Telegram refuses these."""
    return tuple(part.text for part in render(markdown))


def _write(markdown: str) -> tuple[str, list[Span]]:
    """Write Markdown out as text and what the library makes of its formats, outer ones first."""
    source = sendable(re.sub(r"\r\n?", "\n", markdown))
    text, entities, _ = EventWalker(_config(), source).walk(tuple(events(source)))
    units = [0, *accumulate(1 + (char > "\uffff") for char in text)]
    spans = [
        Span(
            bisect_left(units, entity.offset),
            bisect_left(units, entity.offset + entity.length),
            entity.type,
            entity.url,
            entity.language,
        )
        for entity in reversed(entities)  # it ends inner ones first
    ]
    return text.translate(_CONTROL), spans


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    config.cite_expandable = False  # nobody asked to fold long quotes
    config.markdown_symbol.unordered_list_item = "•"
    config.markdown_symbol.task_completed = "☑"
    config.markdown_symbol.task_uncompleted = "☐"  # its own default is a ticked box, too
    return config


def _settle(text: str, spans: Iterable[Span]) -> list[Span]:
    """Leave only formats that Telegram can show together, sorted, without spaces at their ends.

    https://core.telegram.org/bots/api#messageentity: code holds nothing and stands in nothing but
    a quote, quotes hold no quotes, and no two formats cross.
    """
    trimmed = filter(None, (_trim(text, span) for span in spans))
    kept: list[Span] = []
    around: list[Span] = []
    for span in sorted(trimmed, key=lambda it: (it.start, -it.end)):
        around = [outer for outer in around if outer.end > span.start]
        types = {outer.type for outer in around}
        crosses = any(outer.end < span.end for outer in around)
        # Of code in a link, Telegram keeps the one or the other; an address is worth more.
        is_code_in_link = span.type in _CODE and MessageEntity.TEXT_LINK in types
        if not (crosses or span.type in types or is_code_in_link):
            around.append(span)
            kept.append(span)
    code = [span for span in kept if span.type in _CODE]
    pieces = (
        piece
        for span in kept
        for piece in (_without(span, code) if span.type in _EMPHASIS else [span])
    )
    settled = filter(None, (_trim(text, piece) for piece in pieces))
    return sorted(settled, key=lambda it: (it.start, -it.end))


def _without(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """Cut other formats, sorted and apart, out of one."""
    start = span.start
    first = bisect_left(holes, span.start, key=attrgetter("start"))
    for hole in holes[first : bisect_left(holes, span.end, key=attrgetter("start"))]:
        yield replace(span, start=start, end=hole.start)
        start = hole.end
    yield replace(span, start=start)


def _trim(text: str, span: Span) -> Span | None:
    """Leave out the spaces at a format's ends; give nothing where nothing else is covered."""
    covered = text[span.start : span.end].rstrip()
    end = span.start + len(covered)
    # The first line of a code block may be indented.
    blank = re.match(r"(\s*\n)?" if span.type == MessageEntity.PRE else r"\s*", covered)
    start = span.start + (blank.end() if blank else 0)
    return None if is_blank(text[start:end]) else replace(span, start=start, end=end)


def _is_whole_line(text: str, span: Span) -> bool:
    before, behind = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return before in {"", "\n"} and behind in {"", "\n"}


def _entities(text: str, spans: Iterable[Span], start: int, end: int) -> tuple[MessageEntity, ...]:
    """Give the formats of one part, those that go on beyond it cut to it."""
    inside = (
        _trim(text, replace(span, start=max(span.start, start), end=min(span.end, end)))
        for span in spans
    )
    return tuple(
        MessageEntity(
            span.type,
            offset=_units(text[start : span.start]),
            length=_units(text[span.start : span.end]),
            url=span.url,
            language=span.language,
        )
        for span in inside
        if span
    )


def _units(text: str) -> int:
    """Measure a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
