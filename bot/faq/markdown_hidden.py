"""What a Markdown file says to faqbot alone: front matter, and properties in comments."""

import bisect
import difflib
import re
from dataclasses import replace

from bot.faq.draft import Parsed
from bot.faq.markdown_sections import Document
from bot.faq.properties import COMMENT_KEYS, Properties, check_keys, is_chat, read_properties
from bot.faq.yaml_tree import Fields, Scalar, Tree, YamlError, parse_yaml

_FRONT_MATTER = re.compile(
    r"\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML = re.compile(r"\s*^\+\+\+[ \t]*\n.*?^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD_LINE = re.compile(r"\s*(?:- )?([\w.-]+):(?:\s|$)")
_LIKE_A_KEY = 0.7


def read_front_matter(text: str, into: Parsed) -> tuple[Fields | None, int]:
    """Read what stands between rules at the top; give it and the row on which the text begins."""
    match = _TOML.match(text)
    if match:
        return None, match.group(0).count("\n")
    match = _FRONT_MATTER.match(text)
    if not match:
        return None, 0
    first_row = match.group(0).count("\n")
    inside = match.group(1)
    if not inside.strip():
        return None, first_row
    if not _FIELD_LINE.match(inside):
        return None, 0  # a text between two rules
    try:
        tree = parse_yaml(inside, first_line=text.count("\n", 0, match.start(1)) + 1)
    except YamlError as error:
        into.warning(
            error.line,
            f"The front matter was left out. {error.what}",
            error.mend,
            column=error.column,
        )
        return None, first_row
    return tree if isinstance(tree, Fields) else None, first_row


def read_defaults(fields: Fields, into: Parsed) -> Properties:
    """Read what front matter sets for a whole file.

    It may hold whatever else a site generator needs, so other keys are none of our business.
    """
    audience = fields.values.get("audience")
    if audience and not (isinstance(audience, Scalar) and is_chat(audience.text)):
        # To other tools this word means what kind of reader a page is for.
        fields = replace(fields, values={k: v for k, v in fields.values.items() if k != "audience"})
    return read_properties(fields, into)


def read_comments(document: Document, into: Parsed) -> None:
    """Give the sections the properties that stand in a comment above their text."""
    sections = list(document.root.walk())
    starts = [section.body for section in sections]
    for comment in document.comments:
        if not _looks_like_properties(comment.inside):
            continue
        # Of sections that begin alike the innermost comes last.
        section = sections[bisect.bisect_right(starts, comment.place) - 1]
        is_above_text = not section.lead and not any(
            line.text.strip() for line in document.lines[section.body : comment.place]
        )
        if section.level and is_above_text and not section.properties_line:
            section.properties_line = comment.number
            section.properties = _read_comment(comment.inside, comment.number, into)
        else:
            tell_misplaced(comment.number, into)


def tell_misplaced(line: int, into: Parsed) -> None:
    """Tell of properties that no entry can have."""
    into.warning(
        line,
        "This comment looks like an entry's properties, but does not stand directly under a "
        "question, so it has no effect.",
        "Move it directly under the question's heading.",
    )


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
