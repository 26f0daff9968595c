"""What a single row of a Markdown file is: hidden, code, a heading in disguise."""

import bisect
import re
from collections.abc import Iterator

HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
FENCE = re.compile(r"(?:\s|>|[-*+] |\d{1,9}[.)] )*(`{3,}|~{3,})(.*)")
RAW_HTML = re.compile(r"\s{0,3}<(pre|script|style|textarea)(?=[\s>]|$)[^<>]*>?", re.IGNORECASE)
RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}|[ ]{0,3}(?:\*[ \t]*){3,}|[ ]{0,3}(?:_[ \t]*){3,}")
ATTRIBUTES = re.compile(r"\s{0,3}\{:[ \t]*([^{}]*)\}\s*")
"""Kramdown's, on a row of their own."""
HIGHLIGHT = re.compile(
    r"\s*(?:\{%-? ?(?P<liquid_end>end)?highlight\b[^%]*%\}"
    r"|\{\{[<%] ?(?P<hugo_end>/)? ?highlight\b[^}]*[>%]\}\})\s*"
)

_HEADING_WITHOUT_SPACE = re.compile(r" {0,3}(#{1,6})[\u00a0\u3000\u200b]*([^#\s!].*)")
_HTML_HEADING = re.compile(r"\s*<h([1-6])(?:\s[^<>]*)?>(.*)</h\1>\s*", re.IGNORECASE)
_ANCHORS = re.compile(
    r"\s*(?:(?:<a\s(?=[^<>]*\b(?:name|id)=)[^<>]*+>(?:\s*</a>)?|</a>)\s*)+", re.IGNORECASE
)
_HIDDEN = re.compile(
    r"\s{0,3}(?:(?:\{%-? ?(?:end)?(?:raw|include|capture|assign|comment)\b[^%]*%\}\s*)+"  # Jekyll
    r"|\{\{[<%] ?toc\b[^}]*[>%]\}\}"  # Hugo
    r"|\([\w:.-]+\)="  # MyST
    r"|\[(?://|comment|_+)\]: (?:#|<>)(?:\s+[(\"'].*)?)\s*"  # a comment in disguise
)
_IMPORT = re.compile(
    r"""import\s[^'"]*["'][^"']+["'];?\s*|export\s+(?:const|let|default|function)\s.*"""
)
_CODE_OR_COMMENT = re.compile(r"`+|<!--")


def is_hidden(row: str) -> bool:
    """Tell a row of which readers see nothing."""
    return bool(_HIDDEN.fullmatch(row) or ("<" in row and _ANCHORS.fullmatch(row)))


def is_import(row: str) -> bool:
    """Tell a row that is the code of an MDX page, if it stands alone."""
    return bool(_IMPORT.fullmatch(row))


def without_heading_tags(row: str) -> str:
    """Write <h2>…</h2> as Markdown does."""
    match = _HTML_HEADING.fullmatch(row) if row.endswith(">") or "</h" in row else None
    return f"{'#' * int(match[1])} {match[2].strip()}" if match else row


def with_space(row: str) -> str | None:
    """Write a heading with the space that it lacks; None where it is no such heading."""
    match = _HEADING_WITHOUT_SPACE.fullmatch(row)
    if not match or HEADING.match(row):
        return None
    marks, title = match.groups()
    # One sign alone may begin a hashtag or the number of an issue.
    if len(marks) == 1 and not (title.rstrip().endswith("?") and " " in title):
        return None
    return f"{marks} {title}"


def comments(row: str) -> Iterator[tuple[int, int]]:
    """Give where comments begin and end in a row, outside of its code; -1 where one does not end.

    What follows one that does not end is left out.
    """
    runs: dict[int, list[int]] = {}
    for match in _CODE_OR_COMMENT.finditer(row):
        if match[0][0] == "`":
            runs.setdefault(len(match[0]), []).append(match.start())
    position = 0
    while found := _CODE_OR_COMMENT.search(row, position):
        position = found.end()
        if found[0][0] == "`":
            starts = runs[len(found[0])]
            after = bisect.bisect_left(starts, position)
            if after < len(starts):
                position = starts[after] + len(found[0])
            continue
        end = row.find("-->", found.start() + len("<!"))
        yield found.start(), end
        if end < 0:
            return
        position = end + len("-->")
