"""What is bold, or italic, at the beginning of a text, as questions often are."""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import re
from dataclasses import dataclass

from bot.faq.markdown_marks import without_number

_BOLD = re.compile(
    r"(?:<a\s[^<>]*>\s*(?:</a>\s*)?)*(?P<number>(?:q?\d{1,3}[.):]|q[.:])\s+)?"
    r"(?:(?P<marks>\*{1,3}|_{1,3})(?=\S)(?P<title>.{1,1000}?) ?(?P=marks)(?![\w*])"
    r"|(?P<tag><(?:b|strong|u)>)\s*(?P<inside>.{1,1000}?)</(?:b|strong|u)>)"
    r"(?P<end>[ \t]*[?？؟:]?)",
    re.DOTALL | re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:[ \t:：.\\]|<br\s?/?>|</?\w+>|\{[:#][^{}]*\})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bold:
    """What is bold, and how it stands there."""

    title: str
    lead: str
    rows: int
    is_numbered: bool
    is_alone: bool
    is_strong: bool


def read_bold(text: str) -> Bold | None:
    """Read what is bold at the beginning of a text."""
    match = _BOLD.match(text)
    if not match:
        return None
    inside = match["title"] or match["inside"]
    end = match["end"].strip()
    title = (match["number"] or "") + inside + (end if end in "?？؟" else "")
    rest, _, _ = text[match.end() :].partition("\n")
    rows = text.count("\n", 0, match.end()) + 1
    is_alone = bool(_NOTHING.fullmatch(rest))
    if is_alone and "{" in rest:
        title = f"{title} {rest.strip()}"  # its id
    is_numbered = bool(match["number"]) or without_number(inside) != inside.strip()
    is_strong = bool(match["tag"]) or len(match["marks"]) > 1
    return Bold(title, "" if is_alone else rest.strip(), rows, is_numbered, is_alone, is_strong)
