"""Markdown text to sections: a title and what readers see below it, with the sections inside."""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from bot.faq.draft import Parsed
from bot.faq.markdown_comments import Comment
from bot.faq.markdown_contents import is_contents
from bot.faq.markdown_folding import Line
from bot.faq.markdown_inline import is_literal, read_title
from bot.faq.markdown_lines import read_lines
from bot.faq.markdown_marks import has_answer_mark
from bot.faq.markdown_rows import RULE
from bot.faq.markdown_titles import bare
from bot.faq.properties import Properties

# Inline parsing is left out: it is slow on large files, and only titles need it.
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")

_TAGS = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_SHOWN_TAG = re.compile(r"<(?:img|video|audio|iframe|picture|svg)\b", re.IGNORECASE)
_HEADING_LINE = re.compile(r" {0,3}#{1,6} \S", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[(\^[^\[\]\s]+)\]:")
# A label, not the text of a link that has its label or address behind it.
_LABEL = re.compile(r"\[([^\[\]]+)\](?!\[[^\]]|\()")
_FOLD_LEVEL = 7
_LEVELS_OF_A_FOLD = 10


@dataclass(slots=True)
class Section:
    """A title and what stands below it. Lines are counted from 0, without those left out."""

    level: int
    """1 to 6 for headings, 0 for the whole file; within a fold, and for all else, higher."""
    line: int
    """The title's line in the file, from 1."""
    title: str
    """As readers see it."""
    start: int
    """Where its title begins."""
    body: int
    """Where the text below begins."""
    end: int
    """Where the text ends."""
    is_heading: bool = False
    is_fold: bool = False
    is_underlined: bool = False
    """Whether a line of dashes or equals signs below it, not # before it, made it a heading."""
    is_marked: bool = False
    """Whether its text marks it as a question, be it bold or `Q:`."""
    is_contents: bool = False
    """Whether it is a table of contents."""
    has_text: bool = False
    """Whether there is something to read in it outside of the sections inside."""
    id: str | None = None
    also: tuple[str, ...] = ()
    is_literal: bool = False
    """Whether the title is meant as it is, with the number at its beginning."""
    lead: str = ""
    """The beginning of the text, where it stands on the title's line."""
    indent: int | None = 0
    """By how much the text is indented without being code; None for as much as all of it is."""
    is_definition: bool = False
    """Whether paragraphs of the text begin with the colon of a definition."""
    is_quoted: bool = False
    """Whether each line of the text begins with the mark of a quotation."""
    properties: Properties = Properties()  # noqa: RUF009 - it is frozen
    properties_line: int | None = None
    """Where its properties begin, if it has any."""
    sections: list["Section"] = field(default_factory=list)

    def walk(self) -> Iterator["Section"]:
        """Give it and all sections inside, in the order of the file."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of Markdown that stands in no other."""

    kind: str
    """The type of its first token."""
    start: int
    end: int
    tokens: Sequence[Token]

    @property
    def text(self) -> str:
        """The Markdown of its first text."""
        return next((token.content for token in self.tokens if token.type == "inline"), "")


@dataclass(slots=True)
class Document:
    """A Markdown file in parts."""

    root: Section
    lines: list[Line]
    comments: list[Comment]
    blocks: list[Block]
    definitions: dict[str, str]
    """Link reference definitions, `[label]: address`, and footnotes, by normalised label."""
    environment: dict[str, Any]

    def blocks_of(self, section: Section) -> list[Block]:
        """Give the blocks that a section has outside of the sections inside."""
        found: list[Block] = []
        for start, end in own_parts(section):
            first = bisect.bisect_left(self.blocks, start, key=lambda it: it.start)
            last = bisect.bisect_left(self.blocks, end, key=lambda it: it.start)
            found += self.blocks[first:last]
        return found

    def used_definitions(self, text: str) -> list[str]:
        """Give the definitions that a piece of the document needs to stand alone."""
        labels = dict.fromkeys(map(normalizeReference, _LABEL.findall(text)))
        return [self.definitions[label] for label in labels if label in self.definitions]

    def read_title(self, markdown: str) -> tuple[str, str | None]:
        """Give a title as plain text, and the id that some writers put behind it: {#id}."""
        return read_title(markdown, self.environment)

    def is_text(self, start: int, end: int) -> bool:
        """Tell whether there is something to read from one line to another."""
        return any(_is_text(line) for line in self.lines[start:end])


def own_parts(section: Section) -> Iterator[tuple[int, int]]:
    """Give from where to where a section has lines outside of the sections inside."""
    start = section.body
    for inside in section.sections:
        yield start, inside.start
        start = inside.end + inside.is_fold
    yield start, section.end


def read_document(text: str, first_line: int, into: Parsed) -> Document:
    """Take a Markdown text apart; what is wrong with it becomes problems."""
    lines, comments = read_lines(text, first_line, into)
    environment: dict[str, Any] = {}
    tokens = _BLOCKS.parse("\n".join(line.markdown for line in lines), environment)
    definitions: dict[str, str] = {}
    for label, definition in environment.get("references", {}).items():
        definitions[label] = _take_out(lines, *definition["map"])
    blocks = list(_blocks(tokens))
    _take_footnotes(blocks, lines, definitions)
    _tell_open_fence(blocks, lines, into)
    root = Section(0, 1, "", 0, 0, len(lines))
    document = Document(root, lines, comments, blocks, definitions, environment)
    _build(document)
    titles = {bare(section.title) for section in root.walk()} - {""}
    for section in root.walk():
        section.has_text = any(document.is_text(*part) for part in own_parts(section))
        texts = [
            token.content.strip()
            for block in document.blocks_of(section)
            for token in block.tokens
            if token.type in {"inline", "fence", "code_block"}
        ]
        section.is_contents = section.has_text and is_contents(section.title, texts, titles)
        section.has_text = section.has_text and not section.is_contents
    return document


def _take_out(lines: Sequence[Line], start: int, end: int) -> str:
    text = "\n".join(line.text for line in lines[start:end]).strip()
    for line in lines[start:end]:
        line.text = ""
    return text


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    first = 0
    for number, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            start, end = tokens[first].map or (0, 0)
            yield Block(tokens[first].type, start, end, tokens[first : number + 1])
            first = number + 1


def _take_footnotes(
    blocks: Sequence[Block], lines: Sequence[Line], definitions: dict[str, str]
) -> None:
    """Take footnotes from where they stand; whoever refers to one gets it back."""
    for number, block in enumerate(blocks):
        if block.kind != "paragraph_open" or not _FOOTNOTE.match(block.text):
            continue
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        end = after.end if after and after.kind == "code_block" else block.end
        starts = [
            n for n in range(block.start, block.end) if _FOOTNOTE.match(lines[n].text.strip())
        ]
        for start, stop in zip(starts, [*starts[1:], end], strict=True):
            match = _FOOTNOTE.match(lines[start].text.strip())
            if match:
                label = normalizeReference(match[1])
                definitions.setdefault(label, _take_out(lines, start, stop))


def _tell_open_fence(blocks: Sequence[Block], lines: Sequence[Line], into: Parsed) -> None:
    last = blocks[-1] if blocks else None
    if not last or last.kind != "fence" or last.end < len(lines) - 1:
        return
    token = last.tokens[0]
    is_closed = last.end - last.start > 1 and lines[last.end - 1].markdown.strip().startswith(
        token.markup
    )
    if not is_closed and _HEADING_LINE.search(token.content):
        into.unreadable(
            lines[last.start].number,
            f"A block of code begins here ({token.markup}) and never ends, so the "
            "questions below are part of it.",
            f"Write {token.markup} on a line of its own where the code ends.",
        )


def _build(document: Document) -> None:
    """Put headings and folds into one another."""
    headings = {it.start: it for it in document.blocks if it.kind == "heading_open"}
    stack = [document.root]

    def end_at(place: int, level: int) -> None:
        while stack[-1].is_heading and stack[-1].level >= level:
            stack.pop().end = place

    def begin(section: Section) -> None:
        stack[-1].sections.append(section)
        stack.append(section)

    depth = 0
    for place, line in enumerate(document.lines):
        if line.fold is not None:
            title, id_ = document.read_title(_plain_summary(line.fold))
            level = depth * _LEVELS_OF_A_FOLD + _FOLD_LEVEL
            fold = Section(level, line.number, title, place, place + 1, len(document.lines))
            fold.is_fold, fold.id = True, id_
            fold.indent = None if line.is_inset else 0
            begin(fold)
            depth += 1
        elif line.closes_fold:
            end_at(place, 0)
            stack.pop().end = place
            depth -= 1
        elif block := headings.get(place):
            title, id_ = document.read_title(block.text)
            if has_answer_mark(title) and len(stack) > 1:
                continue  # some write their answers as headings, too
            level = depth * _LEVELS_OF_A_FOLD + int(block.tokens[0].tag[1:])
            end_at(place, level)
            section = Section(level, line.number, title, place, block.end, len(document.lines))
            section.is_heading, section.id = True, id_
            section.is_underlined = "#" not in block.tokens[0].markup
            section.is_literal = is_literal(block.text)
            begin(section)


def _plain_summary(markdown: str) -> str:
    return markdown.strip().lstrip("#").strip()


def _is_text(line: Line) -> bool:
    text = line.text
    if not text.strip() or line.closes_fold or RULE.fullmatch(text):
        return False
    if "<" not in text or _SHOWN_TAG.search(text):
        return True
    return bool(_TAGS.sub("", text).strip())
