"""What in a Markdown file is not for readers: front matter, properties in comments, anchors."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from bot.faq.draft import Parsed
from bot.faq.properties import COMMENT_KEYS, Properties, check_keys, is_chat, read_properties
from bot.faq.yaml_tree import Fields, Scalar, Tree, YamlError, parse_yaml

_FRONT_MATTER = re.compile(
    r"\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_COMMENT = re.compile(r"\s*<!--(.*?)-->(.*)", re.DOTALL)
_ANCHOR = re.compile(r"<a\s[^>]{0,200}\b(?:name|id)=[^>]{0,200}>\s*(?:</a>)?\s*", re.IGNORECASE)
_FIELD_LINE = re.compile(r"\s*(?:- )?([\w.-]+):(?:\s|$)")
_LIKE_A_KEY = 0.7


def read_front_matter(text: str, into: Parsed) -> tuple[Properties, int]:
    """Read the defaults at the top; give them and the line on which the text begins."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return Properties(), 0
    first_line = match.group(0).count("\n")
    inside = match.group(1)
    if not inside.strip():
        return Properties(), first_line
    if not _FIELD_LINE.match(inside):
        return Properties(), 0  # a text between two rules
    try:
        tree = parse_yaml(inside, first_line=text.count("\n", 0, match.start(1)) + 1)
    except YamlError as error:
        into.warning(
            error.line,
            f"The front matter was left out. {error.what}",
            error.mend,
            column=error.column,
        )
        return Properties(), first_line
    # Front matter holds whatever a site generator needs, so other keys are none of our business.
    if not isinstance(tree, Fields):
        return Properties(), first_line
    audience = tree.values.get("audience")
    if audience and not (isinstance(audience, Scalar) and is_chat(audience.text)):
        # To other tools this word means what kind of reader a page is for.
        tree = replace(tree, values={k: v for k, v in tree.values.items() if k != "audience"})
    return read_properties(tree, into), first_line


def strip_hidden(
    tokens: Sequence[Token], lines: list[str], into: Parsed
) -> tuple[Properties, int | None]:
    """Blank out what is not for readers.

    Returns:
        The properties that stood above all text, and the line on which they begin, if they do.
    """
    properties, properties_line = Properties(), None
    blocks = [token for token in tokens if token.level == 0 and token.map]
    is_above_text = True
    for block in blocks:
        if _is_anchors(block, lines):
            _blank(block, lines)
            continue
        inside = _blank_comment(block, lines, into) if block.type == "html_block" else None
        if inside is not None and _looks_like_properties(inside):
            if is_above_text and properties_line is None:
                properties_line = _first_line(block)
                properties = _read_comment(inside, properties_line, into)
            else:
                tell_misplaced(_first_line(block), into)
        is_above_text = is_above_text and inside is not None
    if blocks and blocks[-1].type == "hr":
        # A rule before the next heading parts two entries; it belongs to neither.
        _blank(blocks[-1], lines)
    return properties, properties_line


def tell_misplaced(line: int, into: Parsed) -> None:
    """Tell of properties that no entry can have."""
    into.warning(
        line,
        "This comment looks like an entry's properties, but does not stand directly under a "
        "question, so it has no effect.",
        "Move it directly under the question's heading.",
    )


def _is_anchors(block: Token, lines: Sequence[str]) -> bool:
    """Tell a block of nothing but link targets, which show nothing."""
    if block.type not in {"html_block", "paragraph_open"} or not block.map:
        return False
    text = "\n".join(lines[slice(*block.map)])
    return "<a" in text.lower() and not _ANCHOR.sub("", text).strip()


def _blank(block: Token, lines: list[str]) -> None:
    start, end = block.map or (0, 0)
    lines[start:end] = [""] * (end - start)


def _first_line(block: Token) -> int:
    return block.map[0] + 1 if block.map else 1


def _blank_comment(block: Token, lines: list[str], into: Parsed) -> str | None:
    """Blank out a comment, but not text behind it on the same line; give its inside."""
    start = _first_line(block) - 1
    if not block.content.lstrip().startswith("<!--"):
        return None
    match = _COMMENT.fullmatch(block.content)
    if not match:
        _blank(block, lines)
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


def _looks_like_properties(inside: str) -> bool:
    """Tell properties, slips of the pen included, from an author's note to other authors."""
    fields = filter(None, map(_FIELD_LINE.match, inside.split("\n")))
    keys = (match.group(1).lower() for match in fields)
    return any(difflib.get_close_matches(key, COMMENT_KEYS, 1, _LIKE_A_KEY) for key in keys)


def _parse_comment(inside: str, first_line: int) -> Tree | None:
    """Parse properties that may begin right behind <!--, on the same line.

    The lines after that may stand at the margin, or below the beginning of the first.
    """
    try:
        return parse_yaml(inside.lstrip(" "), first_line)
    except YamlError as at_margin:
        try:
            return parse_yaml(" " * len("<!--") + inside, first_line)
        except YamlError:
            raise at_margin from None


def _read_comment(inside: str, first_line: int, into: Parsed) -> Properties:
    try:
        tree = _parse_comment(inside, first_line)
    except YamlError as error:
        # What stands on the line of <!-- is not read from where that line begins.
        column = error.column if error.line > first_line else 1
        into.error(
            error.line, f"The properties were left out. {error.what}", error.mend, column=column
        )
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
