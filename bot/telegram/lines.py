"""A text that grows line by line, with bullets, indentation and formats."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.telegram.splitting import Span

# Character references (&#1;) bring in what may not be sent.
_CONTROL = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


@dataclass(slots=True, eq=False)
class Format:
    """A format that may still be open."""

    type: str
    """May be changed while it is open."""
    url: str | None
    language: str | None
    start: int = 0
    end: int = 0


class Lines:
    """Takes words, and puts line breaks, bullets and spaces only before words that come."""

    def __init__(self) -> None:
        self.mark = ""
        """A bullet that waits for its text."""
        self.indent = ""
        """What lines begin with that have no bullet."""
        self.is_glued = False
        """Whether what comes next stands where it would stand now, even if it is a block."""
        self.length = 0
        self.items: list[int] = []
        """Where the lines begin that have a bullet."""
        self._breaks = 0
        self._pieces: list[str] = []
        self._formats: list[Format] = []
        self._awaiting: list[Format] = []  # open ones that cover nothing yet

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._pieces).translate(_CONTROL)

    @property
    def spans(self) -> list[Span]:
        """The formats that cover something, outer ones first."""
        return [
            Span(it.start, it.end, it.type, it.url, it.language)
            for it in self._formats
            if it.end > it.start
        ]

    def write(self, text: str) -> None:
        """Write words, with no spaces at the start of a line and none twice."""
        if self._breaks or self.mark or not self._pieces or self._pieces[-1][-1].isspace():
            text = text.lstrip(" \t\n")
        self.write_raw(text)

    def write_raw(self, text: str) -> None:
        """Write a text with all its spaces."""
        if text:
            self.start_line()
            for waiting in self._awaiting:
                waiting.start = self.length
            self._awaiting.clear()
            self._put(text)

    def begin_line(self, breaks: int = 1) -> None:
        """Let what comes next stand on a new line, at least so many line breaks further on."""
        if self.length and not (self.mark or self.is_glued):
            self._breaks = max(self._breaks, breaks)

    def end_line(self) -> None:
        """Break the line, twice at most."""
        if self.length and not self.mark:
            self._breaks = min(self._breaks + 1, 2)

    def start_line(self) -> None:
        """Write what is owed before the next word, even if none comes."""
        if self._breaks or not self.length:
            self._strip_line()
            self._put("\n" * self._breaks)
            self._breaks = 0
            if self.mark:
                self.items.append(self.length)
            self._put(self.mark or self.indent)
        self.mark = ""
        self.is_glued = False

    @contextmanager
    def format(
        self, kind: str, *, url: str | None = None, language: str | None = None
    ) -> Iterator[Format]:
        """Format the words that are written in here."""
        opened = Format(kind, url, language)
        self._formats.append(opened)
        self._awaiting.append(opened)
        yield opened
        if opened in self._awaiting:
            self._awaiting.remove(opened)
        else:
            opened.end = self.length

    def _strip_line(self) -> None:
        if self._pieces and (stripped := self._pieces[-1].rstrip(" ")):
            self.length -= len(self._pieces[-1]) - len(stripped)
            self._pieces[-1] = stripped

    def _put(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self.length += len(text)
