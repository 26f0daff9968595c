"""The rules that Telegram has for formats, and how to keep to them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from telegram import MessageEntity

from bot.telegram.splitting import Span, is_blank

_EMPHASIS = frozenset((
    MessageEntity.BOLD,
    MessageEntity.ITALIC,
    MessageEntity.UNDERLINE,
    MessageEntity.STRIKETHROUGH,
))  # fmt: skip
_CODE = frozenset((MessageEntity.CODE, MessageEntity.PRE))
_QUOTES = frozenset((MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE))


def settle(text: str, spans: Iterable[Span]) -> list[Span]:
    """Leave only formats that Telegram can show together, sorted, without spaces at their ends.

    https://core.telegram.org/bots/api#messageentity: code holds nothing and stands in nothing but
    a quote, quotes hold no quotes, links no links, and no two formats cross.
    """
    trimmed = filter(None, (trim(text, span) for span in spans))
    kept: list[Span] = []
    around: list[Span] = []
    for span in sorted(trimmed, key=lambda it: (it.start, -it.end)):
        around = [outer for outer in around if outer.end > span.start]
        if _fits(span, around):
            around.append(span)
            kept.append(span)
    code = [span for span in kept if span.type in _CODE]
    pieces = (
        piece
        for span in kept
        for piece in (_without(span, code) if span.type in _EMPHASIS else [span])
    )
    settled = filter(None, (trim(text, piece) for piece in pieces))
    return sorted(settled, key=lambda it: (it.start, -it.end))


def trim(text: str, span: Span) -> Span | None:
    """Leave out the spaces at a format's ends; give nothing where nothing else is covered."""
    covered = text[span.start : span.end].rstrip()
    end = span.start + len(covered)
    # The first line of a code block may be indented, and so may that of a quote around it.
    may_be_indented = span.type in _QUOTES or span.type == MessageEntity.PRE
    blank = re.match(r"(\s*\n)?" if may_be_indented else r"\s*", covered)
    start = span.start + (blank.end() if blank else 0)
    return None if is_blank(text[start:end]) else replace(span, start=start, end=end)


def _fits(span: Span, around: Sequence[Span]) -> bool:
    types = {outer.type for outer in around}
    # Of code in a link, Telegram keeps the one or the other; an address is worth more.
    alone = _CODE | {MessageEntity.TEXT_LINK} if span.type in _CODE else {span.type}
    alone = _QUOTES if span.type in _QUOTES else alone
    crosses = any(outer.end < span.end for outer in around)
    return not (crosses or types & alone)


def _without(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """Cut other formats, sorted and apart, out of one."""
    start = span.start
    first = bisect_left(holes, span.start, key=attrgetter("start"))
    for hole in holes[first : bisect_left(holes, span.end, key=attrgetter("start"))]:
        yield replace(span, start=start, end=hole.start)
        start = hole.end
    yield replace(span, start=start)
