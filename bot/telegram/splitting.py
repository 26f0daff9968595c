"""Where to divide a long text so that each part is a message that Telegram takes."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from apsw import unicode as segments

MAX_UNITS = 4096
"""The longest message, in UTF-16 units."""

MAX_ENTITIES = 100
"""The most entities a message shows; Telegram drops further ones without a word."""

_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)+")
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")
_BETWEEN_LINES = re.compile(r"\n")
_BETWEEN_WORDS = re.compile(r"\s+")
_SPACES = re.compile(r"\s*")
# Fillers, blanks, variation selectors: letters, symbols, marks by category, yet nothing to see.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

# A border is good enough if it fills this much of the room. A heading asks for more: a border
# further on may be before the next one.
_LEAST_FILL = 1 / 8
_LEAST_FILL_BEFORE_HEADING = 1 / 2

# Formats that stand for themselves stay whole, such as links, but those of whole blocks do not.
MOST_HELD = 1024
_BLOCKS = frozenset(("pre", "blockquote", "expandable_blockquote"))


@dataclass(frozen=True, slots=True)
class Span:
    """A format over a stretch of text, counted in code points."""

    start: int
    end: int
    """Exclusive."""
    type: str
    """As Telegram names its entities."""
    url: str | None = None
    language: str | None = None


def is_blank(text: str) -> bool:
    """Tell whether there is nothing to see, so that Telegram would refuse the text as empty."""
    return all(
        unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
        for char in _INVISIBLE.sub("", text)
    )


def split(
    text: str,
    spans: Sequence[Span],
    headings: Sequence[tuple[int, int]],
    *,
    max_units: int = MAX_UNITS,
) -> Iterator[tuple[int, int, list[Span]]]:
    """Divide a text at its natural borders: paragraphs, lines, sentences, words, graphemes.

    Args:
        text: the whole text.
        spans: its formats, in the order of their starts.
        headings: the start and end of each heading, in code points and in their order.
        max_units: the longest part, in UTF-16 units.

    Yields:
        The start and end of each part in code points, and the spans that reach into it: at most
        that long, under at most MAX_ENTITIES of the spans, never blank, without blank lines
        before and spaces behind.
    """
    units = [0, *accumulate(1 + (char > "\uffff") for char in text)]
    starts = [span.start for span in spans]
    seen, near = 0, list[Span]()
    start = 0
    while start < len(text):
        blank_lines = _BLANK_LINES.match(text, start)
        start = blank_lines.end() if blank_lines else start
        limit = bisect_right(units, units[start] + max_units) - 1
        reached = max(seen, bisect_left(starts, limit))
        near = [span for span in (*near, *spans[seen:reached]) if span.end > start]
        seen = reached
        if len(near) > MAX_ENTITIES:
            limit = min(limit, max(near[MAX_ENTITIES].start, start + 1))
        border = limit
        if limit < len(text):
            held = [span for span in near if span.end - span.start < MOST_HELD]
            code = [span for span in near if span.type == "pre"]
            first = max(bisect_left(headings, (start,)) - 1, 0)
            heads = headings[first : bisect_left(headings, (limit + 1,))]
            borders = list(_borders(text, start, limit, code, heads))
            border = _whole(borders, [it for it in held if it.type not in _BLOCKS])
        end = start + len(text[start:border].rstrip())
        if not is_blank(text[start:end]):
            yield start, end, [span for span in near if span.start < end]
        start = border


def _whole(borders: Sequence[int], held: Sequence[Span]) -> int:
    """Choose the best border that cuts no link, name or other short format in two, if any."""
    return next(
        (it for it in borders if not any(span.start < it < span.end for span in held)), borders[0]
    )


def _borders(
    text: str, start: int, limit: int, code: Iterable[Span], headings: Iterable[tuple[int, int]]
) -> Iterator[int]:
    """Give where a part that begins at `start` may end, what is best first."""
    window = text[start : limit + 1]  # whether a cluster ends depends on one code point behind it
    clusters = {start + end for end in _breaks(segments.grapheme_next_break, window)}
    # A heading goes with what is below it.
    kept_whole = [
        (begin, blank.end())
        for begin, end in headings
        if (blank := _SPACES.match(text, end, max(limit, end)))
    ]

    def ends(pattern: re.Pattern[str]) -> Iterator[int]:
        return (match.end() for match in pattern.finditer(text, start, limit))

    def segment_ends(next_break: Callable[[str, int], int]) -> Iterator[int]:
        return (start + end for end in _breaks(next_break, window))

    paragraphs = (
        end
        for end in ends(_BETWEEN_PARAGRAPHS)
        if not any(span.start < end < span.end for span in code)
    )
    kinds: tuple[tuple[Iterable[int], float], ...] = (
        ((begin for begin, _ in headings), _LEAST_FILL_BEFORE_HEADING),
        (paragraphs, _LEAST_FILL),
        (ends(_BETWEEN_LINES), _LEAST_FILL),
        (segment_ends(segments.sentence_next_break), _LEAST_FILL),
        (ends(_BETWEEN_WORDS), _LEAST_FILL),
        (segment_ends(segments.line_break_next_break), _LEAST_FILL),
    )
    for borders, least_fill in kinds:
        least = start + least_fill * (limit - start)
        good = [
            border
            for border in borders
            if least <= border <= limit
            and border in clusters
            and not any(begin < border <= end for begin, end in kept_whole)
        ]
        yield from sorted(good, reverse=True)
    # One cluster may be longer than a message: a letter under thousands of marks.
    yield max((border for border in clusters if border <= limit), default=limit)


def _breaks(next_break: Callable[[str, int], int], window: str) -> Iterator[int]:
    """Give all breaks inside a stretch of text; its end is none, it may be anywhere."""
    position = next_break(window, 0)
    while position < len(window):
        yield position
        position = next_break(window, position)
