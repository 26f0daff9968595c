"""Markdown text to sections: a heading and what readers see below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from bot.faq.draft import Parsed
from bot.faq.properties import COMMENT_KEYS, Properties, check_keys, read_properties
from bot.faq.yaml_tree import Fields, YamlError, parse_yaml
from bot.text import one_line

# Inline parsing is left out: it is slow on large files, and only headings need it.
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_INLINE = MarkdownIt("commonmark")

_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_COMMENT = re.compile(r"\s*<!--(.*?)-->(.*)", re.DOTALL)
_ANCHORS = re.compile(r"\s*(?:<a\s+(?:name|id)=[^>]*>\s*(?:</a>)?\s*)+", re.IGNORECASE)
_HEADING_ID = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_PROPERTY_LINE = re.compile(rf"\s*(?:{'|'.join(COMMENT_KEYS)})[ \t]*:", re.IGNORECASE)
_CONTENTS_ITEM = re.compile(
    r"\[.*\]\(#[^)]*\)|.*\{:toc\}|\[\[?_?toc_?\]?\]", re.IGNORECASE | re.DOTALL
)
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")


@dataclass(slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of any level."""

    level: int
    line: int
    """The heading's line, from 1."""
    title: str
    """The heading as readers see it."""
    properties: Properties
    source: list[str]
    """The heading's own lines."""
    body: list[str]
    """The lines below, without comments, anchors and link definitions."""
    is_contents: bool
    """Whether it is a table of contents."""

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

    def used_definitions(self, text: str) -> list[str]:
        """Give the definitions that a piece of the document needs to stand alone."""
        labels = dict.fromkeys(map(normalizeReference, _BRACKETS.findall(text)))
        return [self.definitions[label] for label in labels if label in self.definitions]


@dataclass(slots=True)
class _Draft:
    """A section while its tokens are still coming in."""

    level: int
    heading: str
    start: int
    body_start: int
    end: int
    tokens: list[Token] = field(default_factory=list)


def read_document(text: str, into: Parsed) -> Document:
    """Take a Markdown text apart; what is wrong with it becomes problems."""
    defaults, first_line = _read_front_matter(text, into)
    # Blank lines in place of the front matter keep all line numbers true.
    lines = [""] * first_line + text.split("\n")[first_line:]
    environment: dict[str, dict[str, dict[str, list[int]]]] = {}
    tokens = _BLOCKS.parse("\n".join(lines), environment)
    definitions: dict[str, str] = {}
    for label, definition in environment.get("references", {}).items():
        start, end = definition["map"]
        definitions[label] = "\n".join(lines[start:end]).strip()
        lines[start:end] = [""] * (end - start)
    sections = [_finish(draft, lines, into) for draft in _split(tokens, len(lines))]
    return Document(defaults, sections, definitions)


def _read_front_matter(text: str, into: Parsed) -> tuple[Properties, int]:
    """Read the defaults at the top; give them and the line on which the text begins."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return Properties(), 0
    first_line = match.group(0).count("\n")
    try:
        tree = parse_yaml(match.group(1), first_line=2)
    except YamlError as error:
        into.warning(error.line, f"The front matter was left out. {error.what}", error.mend)
        return Properties(), first_line
    # Front matter holds whatever a site generator needs, so other keys are none of our business.
    return (read_properties(tree, into) if isinstance(tree, Fields) else Properties()), first_line


def _split(tokens: Sequence[Token], line_count: int) -> Iterator[_Draft]:
    draft: _Draft | None = None
    in_heading = False
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            start, end = token.map
            if draft:
                draft.end = start
                yield draft
            draft = _Draft(int(token.tag[1:]), "", start, end, line_count)
            in_heading = True
        elif draft and in_heading:
            if token.type == "inline":
                draft.heading = token.content
            in_heading = token.type != "heading_close"
        elif draft:
            draft.tokens.append(token)
    if draft:
        yield draft


def _finish(draft: _Draft, lines: list[str], into: Parsed) -> Section:
    properties = Properties()
    blocks = [token for token in draft.tokens if token.level == 0 and token.map]
    for number, block in enumerate(blocks):
        if block.type == "html_block":
            inside = _blank_comment(block, lines, into)
            if inside is not None and any(map(_PROPERTY_LINE.match, inside.split("\n"))):
                line = _first_line(block)
                if number == 0:
                    properties = _read_comment(inside, line, into)
                else:
                    into.warning(
                        line,
                        "This comment looks like an entry's properties, but stands below its "
                        "text, so it has no effect.",
                        "Move it directly under the question's heading.",
                    )
    if blocks and blocks[-1].type == "hr":
        # A rule before the next heading parts two entries; it belongs to neither.
        lines[_first_line(blocks[-1]) - 1] = ""
    title, heading_id = _read_heading(draft.heading)
    if properties.id is None:
        properties = replace(properties, id=heading_id)
    return Section(
        draft.level,
        draft.start + 1,
        title,
        properties,
        lines[draft.start : draft.body_start],
        lines[draft.body_start : draft.end],
        _is_contents(draft.tokens),
    )


def _first_line(block: Token) -> int:
    return block.map[0] + 1 if block.map else 1


def _blank_comment(block: Token, lines: list[str], into: Parsed) -> str | None:
    """Blank out what of an HTML block is not for readers; give the inside of a comment."""
    start = _first_line(block) - 1
    end = block.map[1] if block.map else start
    if _ANCHORS.fullmatch(block.content):
        lines[start:end] = [""] * (end - start)
        return None
    if not block.content.lstrip().startswith("<!--"):
        return None
    match = _COMMENT.fullmatch(block.content)
    if not match:
        lines[start:end] = [""] * (end - start)
        into.unreadable(
            start + 1,
            "A comment begins here (<!--) and never ends, so nothing below it can be read.",
            "Write --> on a line of its own where the comment ends.",
        )
        return None
    last = start + block.content[: match.start(2)].count("\n")
    lines[start:last] = [""] * (last - start)
    lines[last] = match.group(2).split("\n", 1)[0].strip()
    return match.group(1)


def _read_comment(inside: str, first_line: int, into: Parsed) -> Properties:
    try:
        tree = parse_yaml(inside, first_line)
    except YamlError as error:
        into.error(error.line, f"The properties were left out. {error.what}", error.mend)
        return Properties()
    if not isinstance(tree, Fields):
        into.error(
            first_line,
            "The properties were left out: they are not lines of the form `name: value`.",
            "Write each property on a line of its own, such as `id: delivery-time`.",
        )
        return Properties()
    check_keys(tree, COMMENT_KEYS, into)
    return read_properties(tree, into)


def _is_contents(tokens: Sequence[Token]) -> bool:
    """Tell a table of contents: nothing but links to headings of the same file."""
    inlines = [token.content.strip() for token in tokens if token.type == "inline"]
    return bool(inlines) and all(map(_CONTENTS_ITEM.fullmatch, inlines))


def _read_heading(markdown: str) -> tuple[str, str | None]:
    """Give a heading as plain text, and the id that some writers put behind it: {#id}."""
    match = _HEADING_ID.search(markdown)
    tokens = _INLINE.parseInline(markdown[: match.start()] if match else markdown)
    parts = (
        child.content if child.type in {"text", "code_inline", "image"} else " "
        for token in tokens
        for child in token.children or ()
        if child.type in {"text", "code_inline", "image", "softbreak", "hardbreak"}
    )
    return one_line("".join(parts)), match.group(1) if match else None
