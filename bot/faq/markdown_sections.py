"""Markdown text to sections: a heading and what readers see below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from bot.faq.draft import MAX_QUESTION, Parsed
from bot.faq.markdown_hidden import read_front_matter, strip_hidden, tell_misplaced
from bot.faq.properties import Properties
from bot.text import one_line

# Inline parsing is left out: it is slow on large files, and only headings need it.
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_INLINE = MarkdownIt("commonmark")

_HEADING_ID = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_CONTENTS_LINK = re.compile(r"\[(?:[^\]]|\](?!\())*\]\(#[^)]*\)")
_CONTENTS_MARK = re.compile(r".*\{:toc\}|\[\[?_?toc_?\]?\]", re.IGNORECASE | re.DOTALL)
_HEADING_WITHOUT_SPACE = re.compile(r"(#{2,6})([^#\s].*)")
_HEADING_LINE = re.compile(r" {0,3}#{1,6} \S", re.MULTILINE)
# A label, not the text of a link that has its label or address behind it.
_LABEL = re.compile(r"\[([^\[\]]+)\](?!\[[^\]]|\()")


@dataclass(slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of any level."""

    level: int
    line: int
    """The heading's line, from 1."""
    title: str
    """The heading as readers see it."""
    properties: Properties
    properties_line: int | None
    """Where its properties begin, if it has any."""
    source: list[str]
    """The heading's own lines."""
    body: list[str]
    """The lines below, without comments, anchors and link definitions."""
    is_contents: bool
    """Whether it is a table of contents."""
    is_underlined: bool
    """Whether a line of dashes or equals signs below it, not # before it, made it a heading."""

    @property
    def has_text(self) -> bool:
        """Whether there is something to read below the heading."""
        return not self.is_contents and any(line.strip() for line in self.body)


@dataclass(slots=True)
class Document:
    """A Markdown file in parts."""

    defaults: Properties
    sections: list[Section]
    definitions: dict[str, str]
    """Link reference definitions, `[label]: address`, by normalised label."""
    has_preamble: bool
    """Whether there is text above the first heading."""

    def used_definitions(self, text: str) -> list[str]:
        """Give the definitions that a piece of the document needs to stand alone."""
        labels = dict.fromkeys(map(normalizeReference, _LABEL.findall(text)))
        return [self.definitions[label] for label in labels if label in self.definitions]


@dataclass(slots=True)
class _Draft:
    """A section while its tokens are still coming in."""

    level: int
    heading: str
    start: int
    body_start: int
    end: int
    is_underlined: bool = False
    tokens: list[Token] = field(default_factory=list)


def read_document(text: str, into: Parsed) -> Document:
    """Take a Markdown text apart; what is wrong with it becomes problems."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    defaults, first_line = read_front_matter(text, into)
    # Blank lines in place of the front matter keep all line numbers true.
    lines = [""] * first_line + text.split("\n")[first_line:]
    environment: dict[str, Any] = {}
    tokens = _BLOCKS.parse("\n".join(lines), environment)
    definitions: dict[str, str] = {}
    for label, definition in environment.get("references", {}).items():
        start, end = definition["map"]
        definitions[label] = "\n".join(lines[start:end]).strip()
        lines[start:end] = [""] * (end - start)
    _tell_slips(tokens, lines, into)
    preamble, *drafts = _split(tokens, len(lines))
    _, misplaced_line = strip_hidden(preamble.tokens, lines, into)
    if misplaced_line:
        tell_misplaced(misplaced_line, into)
    sections = [_finish(draft, lines, environment, into) for draft in drafts]
    has_text = any(line.strip() for line in lines[: preamble.end])
    return Document(defaults, sections, definitions, has_text)


def _tell_slips(tokens: Sequence[Token], lines: Sequence[str], into: Parsed) -> None:
    """Tell of what looks like a heading to its author, and is none."""
    for token in tokens:
        if token.level > 1 or not token.map:
            continue
        if token.type == "inline":
            _tell_missing_spaces(token, into)
        elif token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
            _tell_swallowed(token, into)
        elif token.type == "fence":
            _tell_open_fence(token, lines, into)


def _tell_missing_spaces(token: Token, into: Parsed) -> None:
    for number, line in enumerate(token.content.split("\n"), start=_first_line(token)):
        slip = _HEADING_WITHOUT_SPACE.fullmatch(line)
        if slip:
            into.warning(
                number,
                f'"{one_line(line)}" is no heading: there is no space after the signs.',
                f"Write it as `{slip.group(1)} {one_line(slip.group(2))}`.",
            )


def _tell_swallowed(token: Token, into: Parsed) -> None:
    for number, line in enumerate(token.content.split("\n"), start=_first_line(token)):
        if _HEADING_LINE.match(line):
            into.warning(
                number,
                f'"{one_line(line)}" is no heading: it is part of the HTML above it.',
                "Put a blank line before it.",
            )
            return


def _tell_open_fence(token: Token, lines: Sequence[str], into: Parsed) -> None:
    start, end = token.map or (0, 0)
    if end < len(lines) - 1:
        return
    is_closed = end - start > 1 and lines[end - 1].strip().startswith(token.markup)
    if not is_closed and _HEADING_LINE.search(token.content):
        into.unreadable(
            start + 1,
            f"A block of code begins here ({token.markup}) and never ends, so the "
            "questions below are part of it.",
            f"Write {token.markup} on a line of its own where the code ends.",
        )


def _first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _split(tokens: Sequence[Token], line_count: int) -> Iterator[_Draft]:
    """Cut the document at its headings; what stands above the first comes first."""
    draft = _Draft(0, "", 0, 0, line_count)
    in_heading = False
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            start, end = token.map
            draft.end = start
            yield draft
            level, is_underlined = int(token.tag[1:]), "#" not in token.markup
            draft = _Draft(level, "", start, end, line_count, is_underlined)
            in_heading = True
        elif in_heading:
            if token.type == "inline":
                draft.heading = token.content
            in_heading = token.type != "heading_close"
        else:
            draft.tokens.append(token)
    yield draft


def _finish(draft: _Draft, lines: list[str], environment: dict[str, Any], into: Parsed) -> Section:
    properties, properties_line = strip_hidden(draft.tokens, lines, into)
    title, heading_id = _read_heading(draft.heading, environment)
    return Section(
        draft.level,
        draft.start + 1,
        title,
        replace(properties, id=properties.id or heading_id),
        properties_line,
        lines[draft.start : draft.body_start],
        lines[draft.body_start : draft.end],
        _is_contents(draft.tokens),
        draft.is_underlined,
    )


def _is_contents(tokens: Sequence[Token]) -> bool:
    """Tell a table of contents: nothing but links to headings of the same file."""
    texts = [token.content.strip() for token in tokens if token.type == "inline"]
    if texts and all(map(_CONTENTS_MARK.fullmatch, texts)):
        return True
    # One link alone is an answer that points to another one.
    return len(texts) > 1 and all(map(_CONTENTS_LINK.fullmatch, texts))


def _read_heading(markdown: str, environment: dict[str, Any]) -> tuple[str, str | None]:
    """Give a heading as plain text, and the id that some writers put behind it: {#id}."""
    if len(markdown) > MAX_QUESTION:
        return one_line(markdown), None  # too long for a question, and maybe for the parser
    match = _HEADING_ID.search(markdown)
    # The environment knows the addresses of links that are defined elsewhere in the file.
    tokens = _INLINE.parseInline(markdown[: match.start()] if match else markdown, environment)
    parts = (
        child.content if child.type in {"text", "code_inline", "image"} else " "
        for token in tokens
        for child in token.children or ()
        if child.type in {"text", "code_inline", "image", "softbreak", "hardbreak"}
    )
    return one_line("".join(parts)), match.group(1) if match else None
