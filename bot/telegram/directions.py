"""Keep right-to-left lines in order around what runs the other way.

A chat shows each line in the direction of its first letter, so a line that begins with a foreign
word, or one item of a list, would stand on the wrong side, and signs at the ends of code would
change places. Invisible marks (UAX #9) prevent that; they stand outside all code, so that nobody
copies them.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from bot.telegram.splitting import Span

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"
_QUOTES = frozenset(("blockquote", "expandable_blockquote"))


def is_right_to_left(text: str) -> bool:
    """Tell whether there is anything in it that runs from right to left."""
    # No such letter comes before those of Hebrew.
    return any(char >= "\u0590" and _way(char) == _RIGHT_TO_LEFT for char in text)


def directed(
    text: str, spans: Sequence[Span], items: Collection[int]
) -> tuple[str, Sequence[Span]]:
    """Put direction marks into a text that needs them.

    Args:
        text: a whole text.
        spans: its formats.
        items: where lines begin that have a bullet or a number.

    Returns:
        The text, and the formats at their new places.
    """
    if not is_right_to_left(text):
        return text, spans
    marks = dict(_line_marks(text, spans, frozenset(items)))
    for place in _code_borders(text, spans):
        marks[place] = marks.get(place, "") + _LEFT_TO_RIGHT
    places = sorted(marks)
    added = [0, *accumulate(len(marks[place]) for place in places)]

    def moved(span: Span) -> Span:
        # A mark at its start stands before it, but for a quote, which takes whole lines.
        before = bisect_left(places, span.start + (span.type not in _QUOTES))
        inside = bisect_left(places, span.end)
        return replace(span, start=span.start + added[before], end=span.end + added[inside])

    borders = [0, *places, *([] if len(text) in marks else [len(text)])]
    pieces = (text[start:end] + marks.get(end, "") for start, end in pairwise(borders))
    return "".join(pieces), [moved(span) for span in spans]


def _way(char: str) -> str:
    return {"L": _LEFT_TO_RIGHT, "R": _RIGHT_TO_LEFT, "AL": _RIGHT_TO_LEFT}.get(
        unicodedata.bidirectional(char), ""
    )


def _ways(text: str) -> list[str]:
    return [way for way in map(_way, text) if way]


def _line_marks(
    text: str, spans: Sequence[Span], items: frozenset[int]
) -> Iterator[tuple[int, str]]:
    """Give the marks for lines whose first letter misleads, by place."""
    blocks = [span for span in spans if span.type == "pre"]
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    whole = _prevailing(text)
    for start, line in zip(starts, lines, strict=False):
        if any(it.start <= start < it.end for it in blocks):
            continue
        ways = _ways(line)
        # Within a text from right to left a line of many foreign names is one of its lines still.
        is_native = start in items or (whole == _RIGHT_TO_LEFT and whole in ways)
        wanted = whole if is_native else _prevailing(line)
        if ways and ways[0] != wanted:
            yield start, wanted


def _prevailing(text: str) -> str:
    """Give the direction of most words: an address or a name of many letters is one of them."""
    ways = [way for word in text.split() for way in _ways(word)[:1]]
    right = ways.count(_RIGHT_TO_LEFT)
    return _RIGHT_TO_LEFT if right * 2 >= len(ways) else _LEFT_TO_RIGHT


def _code_borders(text: str, spans: Sequence[Span]) -> set[int]:
    """Give the places around code that stands in a line with letters from right to left."""
    code = [span for span in spans if span.type == "code"]
    return {
        place
        for span in code
        if is_right_to_left(text[text.rfind("\n", 0, span.start) + 1 : span.start])
        or is_right_to_left(text[span.end :].partition("\n")[0])
        for place in (span.start, span.end)
    }
