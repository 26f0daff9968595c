"""The faulty line on a terminal: cut around the column, with a caret below it."""

import unicodedata
from dataclasses import dataclass

from rich.cells import cell_len

_MOST_CHARS = 100
_BEFORE = 60
"""How many characters are kept before the column of a long line, to read where it is."""
_MARKS = frozenset(("Mn", "Mc", "Me"))
_JOINERS = frozenset("\u200c\u200d")  # which some scripts need to be written rightly
_FROM_RIGHT = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a line."""

    text: str
    """At most about a hundred characters, without what would steer a terminal."""
    place: int
    """Where the column is in it, from 0; its length where the column is behind the line's end."""

    @property
    def caret(self) -> str:
        """Give the line to put below, which ends in a caret; empty where none could be right.

        On a line that is written from right to left, or partly so, no two terminals agree on where
        its tenth character is.
        """
        if any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in self.text):
            return ""
        return " " * cell_len(self.text[: self.place]) + "^"


def excerpt_of(line: str, column: int) -> Excerpt:
    """Cut a line around a column, never between a letter and its accents.

    Args:
        line: the whole line.
        column: from 1.
    """
    place = min(max(column - 1, 0), len(line))
    start, end = 0, len(line)
    if len(line) > _MOST_CHARS:
        start = max(min(place - _BEFORE, len(line) - _MOST_CHARS), 0)
        end = start + _MOST_CHARS
    while start > 0 and unicodedata.category(line[start]) in _MARKS and place - start < _MOST_CHARS:
        start -= 1
    while (
        end < len(line) and unicodedata.category(line[end]) in _MARKS and end - place < _MOST_CHARS
    ):
        end += 1
    before, behind = "…" if start else "", "…" if end < len(line) else ""
    text = "".join(map(_harmless, line[start:end]))
    return Excerpt(before + text + behind, len(before) + place - start)


def _harmless(char: str) -> str:
    """Give a character of the same place that neither moves the cursor nor turns the text round."""
    if char in _JOINERS:
        return char
    return " " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char
