"""The lines of a Markdown file as they come out, and which folds are open where they do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.faq.markdown_folds import Block, Tag, closes_fold

_DEEPEST_FOLD = 6
_DEEPEST_BLOCK = 50
_INDENT = 4


@dataclass(slots=True)
class Line:
    """A line, or a part of one."""

    number: int
    """In the file, from 1."""
    text: str
    """As it may be shown."""
    markdown: str
    """As the parser should see it."""
    fold: str | None = None
    """The title of the fold that opens here, as written."""
    closes_fold: bool = False
    is_inset: bool = False
    """Whether the text of the fold that opens here is indented without being code."""


@dataclass(slots=True)
class Untitled:
    """A pair of tags that folds, while its title is still to come."""

    number: int
    is_inset: bool
    source: list[str]
    title: list[str] | None = None
    """None until the title begins."""

    def add(self, text: str) -> None:
        """Add what stands within."""
        self.source.append(text)
        if self.title is not None:
            self.title.append(text)


class Folding:
    """Collects lines; every fold that opens is closed, be it by the end of the file."""

    def __init__(self, rows: Sequence[str]) -> None:
        self.lines: list[Line] = []
        self.number = 1
        """Of the row that is being read."""
        self._open: list[Block] = []
        self._last_closing_row = max(
            (number for number, row in enumerate(rows, start=1) if closes_fold(row)), default=0
        )

    @property
    def is_open(self) -> bool:
        """Whether there is anything to close."""
        return bool(self._open)

    @property
    def above(self) -> str:
        """The last line as the parser will see it."""
        return self.lines[-1].markdown if self.lines else ""

    def add(self, text: str, markdown: str) -> None:
        """Add a line that neither opens nor closes anything."""
        self.lines.append(Line(self.number, text, markdown))

    def open_tag(self, title: str, source: str, *, is_inset: bool) -> None:
        """Open a fold that a tag will close."""
        self.close_what_never_ends()
        self.open_block(Block(title, is_fold=True, marks="<"), source)
        self.lines[-1].is_inset = is_inset

    def open_block(self, block: Block, text: str) -> None:
        """Open a fold, or what only nests; what is nested too deep stays text."""
        is_fold = block.is_fold and len(self._open) < _DEEPEST_FOLD
        title = block.title if is_fold else None
        self.lines.append(Line(self.number, text, "", title, is_inset=not block.marks))
        if len(self._open) < _DEEPEST_BLOCK:
            self._open.append(replace(block, is_fold=is_fold))

    def close(self, text: str = "") -> None:
        """Close what was opened last."""
        block = self._open.pop()
        self.lines.append(Line(self.number, text, "", closes_fold=block.is_fold))

    def close_tag(self, tag: Tag) -> None:
        """Close the last tag that is open, and all within."""
        while any(it.marks == "<" for it in self._open):
            is_pair = self._open[-1].marks == "<"
            self.close(tag.source if is_pair else "")
            if is_pair:
                return
        self.add(tag.source, "")

    def close_what_never_ends(self) -> None:
        """Close tags whose ends were forgotten, where the next one, or a heading, begins."""
        if self._last_closing_row < self.number:
            while any(it.marks == "<" for it in self._open):
                self.close()

    def close_indented(self, row: str) -> bool:
        """Close the folds whose text is indented, where it no longer is; tell whether any was."""
        indent = _indent(row)
        count = len(self._open)
        while row.strip() and self._open and not self._open[-1].marks:
            if indent > self._open[-1].indent:
                break
            self.close()
        return len(self._open) < count

    def ends_block(self, markdown: str) -> bool:
        """Tell a row that closes what was opened last, because it has the same marks."""
        marks = self._open[-1].marks if self._open else ""
        bare = markdown.strip()
        return len(marks) > 1 and bare.startswith(marks) and not bare.strip(marks[0])

    def dedent(self, row: str) -> str:
        """Drop the indentation that only says which fold a row is in."""
        margin = max((it.indent + _INDENT for it in self._open if not it.marks), default=0)
        return row[min(margin, _indent(row)) :] if margin else row


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())
