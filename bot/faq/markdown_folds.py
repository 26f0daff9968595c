"""What folds a text away below a title: HTML's details and what site generators have for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.faq.markdown_titles import is_question

_NAMES = (
    r"(?:details|Details|Accordion\w*|Faq\w*|FAQ\w*|Question\w*|QandA|Expand\w*|Collaps\w*"
    r"|Disclosure|Dropdown|Toggle\w*|Spoiler)"
)
_SHORTCODES = r"(?:details|expand|collapse|accordion|faq|question|spoiler|toggle)[\w-]*"
_TAG = re.compile(
    rf"<(?P<end>/?)(?P<name>{_NAMES}|summary|Summary)(?P<within>\s[^<>]*)?>"
    rf"|\{{\{{[<%]\s*(?P<short_end>/?)(?P<short>{_SHORTCODES})(?P<short_within>[^{{}}]*)[%>]\}}\}}"
    r"|\{%-?\s*(?P<liquid_end>end)?details\b(?P<liquid_within>[^{}]*?)-?%\}"
)
_TITLE = re.compile(
    r"\b(?:title|question|header|heading|summary|label|q)\s{0,9}=\s{0,9}\{?\s{0,9}"
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|`(?P<back>[^`]*)`)"""
)
_BACKTICKS = re.compile("`+")
_QUOTED = re.compile(r"""\s*"([^"]+)"|\s*'([^']+)'""")
_INDENTED = re.compile(r"""(?P<kind>[?!]{3})\+? (?P<words>[\w -]*)["“](?P<title>.+)["”]""")
_ASKING_KINDS = frozenset({"question", "faq", "help"})
_COLONS = re.compile(r"(?P<marks>:{3,}) ?(?P<name>\{?[\w-]+\}?)(?P<title>.*)")
_COLON_NAMES = frozenset(
    {"details", "dropdown", "collapse", "spoiler", "faq", "question", "expand"}
)
_FENCED = re.compile(r"(?P<marks>`{3,}|~{3,}) ?\{dropdown\}(?P<title>.*)")


@dataclass(frozen=True, slots=True)
class Tag:
    """Something in a line that opens or closes a fold, or the title of one."""

    kind: Literal["open", "close", "title", "end of title"]
    source: str
    title: str = ""
    """Where the opening says it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line that opens a fold which ends by indentation, or at a line of the same marks."""

    title: str
    is_fold: bool
    """Whether it has a title and folds; else it only nests."""
    marks: str = ""
    """What closes it; by indentation where empty."""
    indent: int = 0


def split_tags(line: str) -> Iterator[str | Tag]:
    """Take a line apart at the tags of folds."""
    position = 0
    code = list(_code_spans(line))
    for match in _TAG.finditer(line):
        while code and code[0][1] <= match.start():
            del code[0]
        tag = None if code and code[0][0] < match.start() else _tag(match)
        if tag:
            yield line[position : match.start()]
            yield tag
            position = match.end()
    yield line[position:]


def _code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Find what stands between two equally long runs of backticks, in which a tag is a text."""
    runs = list(_BACKTICKS.finditer(line))
    closing: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        closing.setdefault(len(runs[place].group()), []).append(place)
    place = 0
    while place < len(runs):
        later = closing[len(runs[place].group())]
        while later and later[-1] <= place:
            later.pop()
        if later:
            yield runs[place].start(), runs[later[-1]].end()
            place = later[-1]
        place += 1


def has_tags(line: str) -> bool:
    """Tell quickly whether it is worth taking a line apart."""
    return ("<" in line or "{" in line) and bool(_TAG.search(line))


def closes_fold(line: str) -> bool:
    """Tell a line with the end of a pair of tags."""
    return has_tags(line) and any(
        isinstance(part, Tag) and part.kind == "close" for part in split_tags(line)
    )


def _tag(match: re.Match[str]) -> Tag | None:
    source, name = match.group(), (match["name"] or "").lower()
    if name == "summary":
        return Tag("end of title" if match["end"] else "title", source)
    if match["end"] or match["short_end"] or match["liquid_end"]:
        return Tag("close", source)
    within = match["within"] or match["short_within"] or match["liquid_within"] or ""
    if match["liquid_within"] is not None:
        return Tag("open", source, within.strip().strip("\"'"))
    found = _TITLE.search(within) or (_QUOTED.match(within) if match["short"] else None)
    title = next(filter(None, found.groups()), "") if found else ""
    if within.endswith("/") or not (title or name == "details"):
        return None  # a component of which nobody knows what it is
    return Tag("open", source, title)


def read_block(line: str, *, is_among_folds: bool = False) -> Block | None:
    """Read the opening line of a fold that is no pair of tags.

    Args:
        line: the line.
        is_among_folds: whether a box of any name is a fold, too, if its title asks.
    """
    text = line.strip()
    if not text.startswith(("???", "!!!", ":::", "```", "~~~")):
        return None
    if match := _INDENTED.fullmatch(text):
        asks = not _ASKING_KINDS.isdisjoint(match["words"].lower().split())
        if match["kind"] == "!!!" and not asks:
            return None
        return Block(match["title"], is_fold=True, indent=len(line) - len(line.lstrip()))
    match = _FENCED.fullmatch(text) or _COLONS.fullmatch(text)
    if not match:
        return None
    title = match["title"].strip().strip("[]")
    name = match["name"].strip("{}").lower() if match.re is _COLONS else "dropdown"
    folds = name in _COLON_NAMES or (is_among_folds and is_question(title))
    return Block(title, bool(title) and folds, match["marks"])
