"""A Markdown file's lines without what is not for readers, and where folds open and close.

Every line keeps its number, so that lines may be dropped, split and put between others.
"""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from markdown_it import MarkdownIt

from bot.faq.draft import MAX_QUESTION, Parsed
from bot.faq.markdown_comments import Comment, Comments
from bot.faq.markdown_folding import Folding, Line, Untitled
from bot.faq.markdown_folds import Tag, has_tags, read_block, split_tags
from bot.faq.markdown_rows import (
    ATTRIBUTES,
    FENCE,
    HEADING,
    HIGHLIGHT,
    RAW_HTML,
    RULE,
    is_hidden,
    is_import,
    with_space,
    without_heading_tags,
)
from bot.faq.markdown_titles import is_question
from bot.text import one_line

_BLOCKS = MarkdownIt("commonmark").disable("inline")
_ENDS = ("-->", "</summary", "</pre", "</script", "</style", "</textarea")


def read_lines(text: str, first_line: int, into: Parsed) -> tuple[list[Line], list[Comment]]:
    """Read all lines below the front matter; what is wrong with them becomes problems."""
    reader = _Reader(text.split("\n"), into)
    reader.read(first_line)
    return reader.lines, reader.comments.found


class _Reader:
    """Reads row by row; what it is in the middle of stands in its attributes."""

    def __init__(self, rows: Sequence[str], into: Parsed) -> None:
        self._folds = Folding(rows)
        self.lines = self._folds.lines
        self._rows = rows
        self._into = into
        self._verbatim_ends: Callable[[str], bool] | None = None
        self._hides_headings = False
        self._untitled: Untitled | None = None
        self._has_told_space = False
        self._last = dict.fromkeys(_ENDS, -1)
        for number, row in enumerate(rows):
            if "</" in row or "-->" in row:
                self._last.update({end: number for end in _ENDS if end in row.lower()})
        self.comments = Comments(self._last["-->"], into)
        self._has_headings = any(map(HEADING.match, rows))

    def read(self, first_row: int) -> None:
        """Read all rows from one on."""
        for index in range(first_row, len(self._rows)):
            self._folds.number = index + 1
            row = self._rows[index]
            left = self.comments.end(row, len(self.lines)) if self.comments.is_open else row
            if left is not None:
                self._read_row(left, index)
            if self.comments.is_lost:
                break
        if self._untitled:
            self._give_up_title()
        while self._folds.is_open:
            self._folds.close()

    def _read_row(self, row: str, index: int) -> None:
        if self._folds.close_indented(row):
            self._verbatim_ends = None
        markdown = self._folds.dedent(row)
        if self._verbatim_ends:
            if self._verbatim_ends(markdown):
                self._verbatim_ends = None
            self._folds.add(row, f"    {markdown}" if self._hides_headings else markdown)
        elif self._is_code(markdown, index) or self._begins_fence(markdown):
            self._folds.add(row, markdown)
        else:
            text = self.comments.take_out(row, index, len(self.lines))
            if text is not None:
                self._read_text(text, index)

    # Code

    def _is_code(self, markdown: str, index: int) -> bool:
        """Tell indented code, where it holds what could be taken for something else."""
        if self._folds.is_open or not markdown.startswith(("    ", "\t")):
            return False
        return any(sign in markdown for sign in "<`~:?!{") and index in self._code_rows

    @cached_property
    def _code_rows(self) -> frozenset[int]:
        tokens = _BLOCKS.parse("\n".join(self._rows))
        maps = (token.map for token in tokens if token.type == "code_block" and token.map)
        return frozenset(index for start, end in maps for index in range(start, end))

    def _begins_fence(self, markdown: str) -> bool:
        match = FENCE.match(markdown)
        if not match or "`" in match[2] or self._folds.ends_block(markdown) or read_block(markdown):
            return False
        marks = match[1]

        def ends(row: str) -> bool:
            end = FENCE.match(row)
            return bool(end and end[1].startswith(marks) and not end[2].strip())

        self._verbatim_ends, self._hides_headings = ends, False
        return True

    # Text

    def _read_text(self, text: str, index: int) -> None:
        markdown = self._folds.dedent(text)
        if self._untitled and (
            index > self._last["</summary"]
            or len("".join(self._untitled.title or ())) > MAX_QUESTION
        ):
            self._give_up_title()
        if self._untitled or has_tags(text):
            self._read_tags(text)
        elif is_hidden(markdown) or (is_import(markdown) and self._stands_alone()):
            self._folds.add("", "")
        elif match := HIGHLIGHT.fullmatch(markdown):
            self._begin_highlight(match, text)
        elif match := RAW_HTML.match(markdown):
            self._begin_raw(match[0], match[1].lower(), text, index)
        elif (match := ATTRIBUTES.fullmatch(markdown)) and match[1].strip() != "toc":
            self._add_attributes(match[1].strip())
        elif self._folds.ends_block(markdown):
            self._folds.close(text)
        elif block := read_block(text, is_among_folds=self._is_among_folds):
            self._folds.open_block(block, text)
        else:
            self._add_text(text, markdown)

    @property
    def _is_among_folds(self) -> bool:
        return self._has_folded_boxes and not self._folds.is_open

    @cached_property
    def _has_folded_boxes(self) -> bool:
        boxes = (read_block(row) for row in self._rows if row.startswith(":::"))
        return any(box is not None and box.is_fold for box in boxes)

    def _stands_alone(self) -> bool:
        return not self.lines or not self.lines[-1].text.strip()

    def _begin_highlight(self, match: re.Match[str], text: str) -> None:
        self._folds.add(text, "")
        if not match["liquid_end"] and not match["hugo_end"]:
            self._verbatim_ends = lambda row: bool(
                (end := HIGHLIGHT.fullmatch(row.strip())) and (end["liquid_end"] or end["hugo_end"])
            )
            self._hides_headings = True

    def _begin_raw(self, opening: str, tag: str, text: str, index: int) -> None:
        end = f"</{tag}"
        if end in text.lower():
            self._folds.add(text, self._folds.dedent(text))
        elif index < self._last[end]:
            self._verbatim_ends, self._hides_headings = lambda row: end in row.lower(), False
            self._folds.add(text, self._folds.dedent(text))
        else:
            self._into.warning(
                self._folds.number,
                f"<{tag}> begins here and never ends, so it was left out.",
                f"Write </{tag}> where it ends, or remove it.",
            )
            text = self._folds.dedent(text).removeprefix(opening)
            while (match := RAW_HTML.match(text)) and index >= self._last[f"</{match[1].lower()}"]:
                text = text[match.end() :]
            self._read_text(text, index)

    def _add_attributes(self, attributes: str) -> None:
        above = self._folds.above
        if attributes.startswith("#") and HEADING.match(above) and not above.endswith("}"):
            self.lines[-1].markdown = f"{above} {{{attributes}}}"

    def _add_text(self, text: str, markdown: str) -> None:
        """Add a line as its author meant it: a heading, or a rule, needs a blank line above."""
        markdown = without_heading_tags(markdown)
        spaced = with_space(markdown)
        if spaced:
            if not self._has_told_space:
                self._has_told_space = True
                self._into.warning(
                    self._folds.number,
                    f'"{one_line(markdown)[:60]}" was read as a heading, though there is no space '
                    "after the signs.",
                    f"Write it as `{one_line(spaced)[:60]}`.",
                )
            markdown = spaced
        if HEADING.match(markdown):
            self._folds.close_what_never_ends()
        above = self._folds.above
        if above.strip() and (HEADING.match(markdown) or self._is_rule(markdown, above)):
            self._folds.add("", "")
        self._folds.add(text, markdown)

    def _is_rule(self, markdown: str, above: str) -> bool:
        """Tell dashes below a text that part it from the next heading, not underline it."""
        if not self._has_headings or not RULE.fullmatch(markdown) or HEADING.match(above):
            return False
        if is_question(above):
            return False
        below = next(
            filter(str.strip, self._rows[self._folds.number : self._folds.number + 9]), "#"
        )
        return above.rstrip().endswith((".", "!", ":", ")", "。")) or bool(HEADING.match(below))

    # Folds

    def _read_tags(self, text: str) -> None:
        is_inset = text[:1].isspace()
        for part in split_tags(text):
            if isinstance(part, str):
                self._read_between_tags(part)
            elif part.kind == "close":
                self._give_up_title()
                self._folds.close_tag(part)
            elif part.kind == "open":
                self._give_up_title()
                if part.title:
                    self._folds.open_tag(part.title, part.source, is_inset=is_inset)
                else:
                    self._untitled = Untitled(self._folds.number, is_inset, [part.source])
            elif self._untitled:
                self._read_title_tag(part, self._untitled, is_inset=is_inset)
        if self._untitled:
            self._untitled.add("\n")

    def _read_between_tags(self, text: str) -> None:
        if self._untitled and self._untitled.title is not None:
            self._untitled.add(text)
        elif text.strip():
            self._give_up_title()
            self._add_text(text, self._folds.dedent(text))

    def _read_title_tag(self, tag: Tag, untitled: Untitled, *, is_inset: bool) -> None:
        untitled.source.append(tag.source)
        untitled.is_inset = untitled.is_inset or is_inset
        if tag.kind == "title":
            untitled.title = []
            return
        self._untitled = None
        source = "".join(untitled.source).replace("><summary", ">\n<summary")
        title = " ".join(untitled.title or ())
        self._folds.open_tag(title, source, is_inset=untitled.is_inset)
        self.lines[-1].number = untitled.number

    def _give_up_title(self) -> None:
        """Leave tags as they are that never got a title."""
        untitled, self._untitled = self._untitled, None
        if untitled:
            self.lines.append(Line(untitled.number, "".join(untitled.source).rstrip(), ""))
