"""The lines of FAQ files once more, for those who show where something stands."""

import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.model import Problem, Source

_MOST_BYTES = 1_000_000  # what is larger is not read as a FAQ, either
_MOST_LINES_BELOW = 200


class Lines:
    """Looks things up in the files of a FAQ; a file that cannot be read has no lines."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # What is looked up comes in the order of the files, so one of them is enough.
        self._file: str | None = None
        self._lines: Sequence[str] = ()

    def of(self, file: str) -> Sequence[str]:
        """Give the lines of a file, by its path from the root."""
        if file != self._file:
            self._file, self._lines = file, _read(self._root / file)
        return self._lines

    def excerpted(self, problem: Problem) -> Problem:
        """Put the line into a problem."""
        lines = self.of(problem.source.file)
        number = problem.source.line
        if not 0 < number <= len(lines) or problem.excerpt:
            return problem
        return replace(problem, excerpt=lines[number - 1])

    def find(self, source: Source, text: str) -> tuple[Source, int]:
        """Find a text of an entry, such as one of its phrasings, and its column.

        Args:
            source: where the entry begins, which is given where the text is not found as it is.
            text: what to look for.
        """
        below = self.of(source.file)[source.line - 1 : source.line - 1 + _MOST_LINES_BELOW]
        for number, line in enumerate(below, start=source.line):
            place = line.find(text)
            if place >= 0:
                return replace(source, line=number), place + 1
        return source, 1


def _read(path: Path) -> Sequence[str]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ()  # a pipe would never end
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES)
    except (OSError, ValueError):
        return ()
    text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
