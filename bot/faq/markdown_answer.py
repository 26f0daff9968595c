"""A section's text as an answer: without what only makes sense on the page that it is from."""

import re
from collections.abc import Sequence

from bot.faq.markdown_folding import Line
from bot.faq.markdown_marks import (
    has_answer_mark,
    has_question_mark,
    without_answer_mark,
    without_number,
)
from bot.faq.markdown_rows import RULE
from bot.faq.markdown_sections import Document, Section
from bot.faq.markdown_titles import leads_back

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()]*)\)|<a\s([^<>]*)>([^<>]*)</a>", re.IGNORECASE)
_TO_ANCHOR = re.compile(r"\s*#|[^<>]*\bhref=[\"']#", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w.-]*+)[^<>]*?(/?)>")
_TAGS_ONLY = re.compile(r"(?:\s*<[/a-zA-Z][^<>]*>)+\s*")
_MOST_LOST_ROWS = 20
_CLOSING = re.compile(r"</([a-zA-Z][\w.-]*)\s*>")
_BREAK = re.compile(r"\s*(?:<br\s?/?>\s*)+", re.IGNORECASE)
_PAGER = re.compile(r" {0,3}#{1,6}\s+\[[^\[\]]*\]\([^()]*\)\s*")
"""A heading that only leads to another page, at the end of an answer."""
_LEADS_BACK = re.compile(r"\s*\[\W*[←⬅⇐↩🔙«◀◄↑⬆🔝][^\[\]]*\]\([^()]*\)\s*")
"""A link with an arrow back to where a reader came from, in a paragraph of its own."""
_BULLET = re.compile(r"^\s*[-*+]\s+")
_CODE = " " * 4
_QUOTE = re.compile(r"\s{0,3}> ?")


def read_answer(document: Document, section: Section, end: int) -> str:
    """Give the text of a section up to a line, with the definitions that it needs."""
    rows = [line.text for line in _unfolded(document.lines[section.body : end])]
    if section.is_quoted:
        rows = [_QUOTE.sub("", row, count=1) for row in rows]
    if section.is_definition:
        rows = [row[1:].lstrip() if row.startswith((": ", ":\t")) else row for row in rows]
    rows = _dedented(rows, section.indent)
    if section.lead:
        rows.insert(0, section.lead)
    rows = _without_ways_back(rows)
    _trim(rows)
    if rows:
        title = document.lines[section.start].markdown.lstrip("# >*_-")
        is_counted = has_question_mark(title) or without_number(title) != title.strip()
        row = _BULLET.sub("", rows[0])
        if has_answer_mark(row, brief=is_counted):
            rows[0] = without_answer_mark(row, brief=is_counted)
        if not rows[0].strip():
            del rows[0]
    answer = "\n".join(rows)
    definitions = document.used_definitions(answer)
    if definitions and answer.strip():
        # A footnote may refer to a link.
        further = document.used_definitions("\n".join(definitions))
        definitions = list(dict.fromkeys((*definitions, *further)))
        answer = "\n".join([answer.rstrip(), "", *definitions])
    return answer


def _unfolded(lines: Sequence[Line]) -> Sequence[Line]:
    """Take what all of an answer is folded into from around it."""
    shown = [number for number, line in enumerate(lines) if line.text.strip()]
    if not shown or lines[shown[0]].fold is None or not lines[shown[-1]].closes_fold:
        return lines
    if sum(line.fold is not None for line in lines) > 1:
        return lines
    return lines[shown[0] + 1 : shown[-1]]


def _dedented(rows: list[str], indent: int | None) -> list[str]:
    """Drop indentation that is no code's."""
    if indent is None:
        indent = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    if not indent:
        return rows
    rows = [row[min(indent, len(row) - len(row.lstrip())) :] for row in rows]
    first = next(filter(str.strip, rows), "")
    # What stands in an item of a list may be indented by more than the item's own text.
    is_inset = first[:1] == " " and (_BULLET.match(first) or not first.startswith(_CODE))
    return _dedented(rows, None) if is_inset else rows


def _without_ways_back(rows: list[str]) -> list[str]:
    """Drop links that lead back to the top, where they stand alone."""
    return [row for row in rows if not _is_way_back(row)]


def _is_way_back(row: str) -> bool:
    if "](" not in row and "<a " not in row.lower():
        return False
    links = list(_LINK.finditer(row))
    rest = _TAG.sub("", _LINK.sub("", row))
    if not links or any(map(str.isalnum, rest)):
        return False
    return all(
        _TO_ANCHOR.match(it[2] or it[3] or "") and leads_back(it[1] or it[4] or "") for it in links
    )


def _trim(rows: list[str]) -> None:
    """Drop blank lines, rules and lost ends of HTML at both ends."""
    lost = 0
    while rows:
        if rows[-1].strip() and not _is_end_of_page(rows):
            lost += 1
            if lost > _MOST_LOST_ROWS or not _is_lost(rows):
                break
        del rows[-1]
    while rows and (not rows[0].strip() or RULE.fullmatch(rows[0]) or _BREAK.fullmatch(rows[0])):
        del rows[0]


def _is_end_of_page(rows: Sequence[str]) -> bool:
    if RULE.fullmatch(rows[-1]) or _PAGER.fullmatch(rows[-1]):
        return True
    is_paragraph = len(rows) > 1 and not rows[-2].strip()
    return is_paragraph and bool(_LEADS_BACK.fullmatch(rows[-1]))


def _is_lost(rows: Sequence[str]) -> bool:
    """Tell a last row of nothing but tags that end, or begin, what is not in the answer."""
    row = rows[-1]
    if "<" not in row or not _TAGS_ONLY.fullmatch(row):
        return False
    if _BREAK.fullmatch(row):
        return True
    closing = _CLOSING.findall(row)
    names = [name for _, name, empty in _TAG.findall(row) if not empty]
    if not closing:
        # Something opens here that holds what comes after.
        return bool(names) and not any(it in row.lower() for it in ("<img", "<video", "<iframe"))
    if len(closing) < len(names):
        return False
    text = "\n".join(rows).lower()
    return any(
        text.count(f"</{name.lower()}") > len(re.findall(rf"<{re.escape(name.lower())}[\s>]", text))
        for name in closing
    )
