"""Comments of HTML, taken out of a Markdown file's lines."""

from dataclasses import dataclass

from bot.faq.draft import Parsed
from bot.faq.markdown_rows import comments


@dataclass(frozen=True, slots=True)
class Comment:
    """What stood between <!-- and -->."""

    number: int
    """Of the line on which it begins."""
    inside: str
    place: int
    """How many of the lines that are left stand above it."""


class Comments:
    """Collects the comments of a file, read row by row."""

    def __init__(self, last_end: int, into: Parsed) -> None:
        """Begin above the first row.

        Args:
            last_end: the last row in which a comment ends, from 0; below 0 if none does.
            into: what is told of a comment that never ends.
        """
        self.found: list[Comment] = []
        self.is_lost = False
        """Whether all the rest is in a comment that never ends."""
        self._last_end = last_end
        self._into = into
        self._open: tuple[int, list[str]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next row is still in a comment."""
        return self._open is not None

    def take_out(self, row: str, index: int, above: int) -> str | None:
        """Take the comments out of a row; None where nothing is left to read in it.

        Args:
            row: the row.
            index: its number, from 0.
            above: how many lines were left above it.
        """
        if "<!--" not in row:
            return row
        kept = ""
        position = 0
        for start, end in comments(row):
            kept += row[position:start]
            is_above = not kept.strip()
            if end >= 0:
                inside = row[start + len("<!--") : end]
                self.found.append(Comment(index + 1, inside, above + (not is_above)))
                position = end + len("-->")
            elif index < self._last_end:
                self._open = index + 1, [row[start + len("<!--") :]]
                return None if is_above else kept.rstrip()
            elif is_above:
                self.is_lost = True
                self._into.unreadable(
                    index + 1,
                    "A comment begins here (<!--) and never ends, so nothing below it can be read.",
                    "Write --> on a line of its own where the comment ends.",
                )
                return None
            else:
                position = start
        rest = row[position:]
        return kept + rest if kept.strip() else rest.strip() if position else row

    def end(self, row: str, above: int) -> str | None:
        """Read on in a comment; give what is behind its end, None before that."""
        number, inside = self._open or (1, [])
        end = row.find("-->")
        inside.append(row if end < 0 else row[:end])
        if end < 0:
            return None
        self.found.append(Comment(number, "\n".join(inside), above))
        self._open = None
        return row[end + len("-->") :].strip()
