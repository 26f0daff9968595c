"""Where questions stand that are no headings: in bold, behind `Q:`, in lists and tables.

Each finder only says what may be a question; whether it is one depends on all of them together.
"""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.faq.markdown_bold import read_bold
from bot.faq.markdown_marks import has_answer_mark, has_question_mark
from bot.faq.markdown_sections import Block, Document
from bot.faq.markdown_titles import bare, is_question

_MOST_ROWS = 9
"""Of one question."""

LISTS = frozenset(("bullet_list_open", "ordered_list_open"))
ASKED_LINE = re.compile(r".*(?<!\\)[?？؟][\s*_)\"'”’»\\]*")
_ANSWER_ON_SAME_LINE = re.compile(
    r"\s(?=(?:\*{1,2}|_{1,2})?(?:a\d{0,3}|answer)(?:\*{1,2}|_{1,2})?:)", re.IGNORECASE
)
_QUOTE = re.compile(r"\s{0,3}>\s?")
_QUESTION_COLUMN_TEXT = (
    "q question questions frage fragen pregunta preguntas pergunta perguntas domanda vraag"
    " вопрос вопросы питання 问题 問題 質問 질문 سؤال"
)
_QUESTION_COLUMN = frozenset(_QUESTION_COLUMN_TEXT.split())
_ANSWER_COLUMN_TEXT = (
    "a answer answers antwort antworten respuesta respuestas réponse réponses resposta respostas"
    " risposta antwoord ответ ответы відповідь 答案 回答 解答 답변 جواب"
)
_ANSWER_COLUMN = frozenset(_ANSWER_COLUMN_TEXT.split())


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a question in the text."""

    start: int
    body: int
    """The line on which the answer goes on behind the question's lines."""
    title: str
    """As written."""
    lead: str = ""
    """What stands behind the question on its last line."""
    is_certain: bool = False
    """Whether more than its words make it a question."""
    is_numbered: bool = False
    is_alone: bool = True
    """Whether nothing else stands on its lines."""
    end: int | None = None
    """Where the answer ends; None for where the next question begins."""
    indent: int = 0
    is_quoted: bool = False
    is_definition: bool = False


def letters(blocks: Sequence[Block], document: Document) -> Iterator[Mark]:
    """Find `Q: …`."""
    for number, block in enumerate(blocks):
        if block.kind not in {"paragraph_open", "blockquote_open"}:
            continue
        rows = _rows_of(block, document)
        after = blocks[number + 1].text if number + 1 < len(blocks) else ""
        before = _rows_of(blocks[number - 1], document) if number else []
        if _is_asked_before_answer(rows, after) and not _is_still_asking(before):
            yield Mark(block.start, block.end, " ".join(rows).strip(), is_certain=True)
        for offset, row in enumerate(rows):
            if has_question_mark(row):
                mark = letter(rows[offset : offset + _MOST_ROWS], block.start + offset, after)
                is_quoted = block.kind == "blockquote_open" and any(rows[mark.body - block.start :])
                yield replace(mark, is_quoted=is_quoted)


def _is_asked_before_answer(rows: Sequence[str], after: str) -> bool:
    """Tell a question whose mark was forgotten from that of the answer below it."""
    return (
        has_answer_mark(after)
        and len(rows) <= _MOST_ROWS
        and is_question(rows[-1])
        and not any(has_question_mark(row) or has_answer_mark(row) for row in rows)
    )


def _is_still_asking(rows: Sequence[str]) -> bool:
    """Tell a question that has its answer neither in it nor right below."""
    return any(map(has_question_mark, rows)) and not any(map(has_answer_mark, rows))


def _rows_of(block: Block, document: Document) -> list[str]:
    """Give a paragraph's or a quotation's rows without what only marks them as such."""
    rows = [line.markdown.strip() for line in document.lines[block.start : block.end]]
    if block.kind == "blockquote_open":
        return [_QUOTE.sub("", row, count=1).strip() for row in rows]
    return rows


def letter(rows: Sequence[str], place: int, after: str) -> Mark:
    """Read a question that begins with its mark.

    Args:
        rows: from that on, to the end of the paragraph.
        place: the first row's line.
        after: the paragraph that follows.
    """
    bold = read_bold("\n".join(rows))
    if bold and not _is_only_mark(bold.title):
        mark = Mark(place, place + bold.rows, bold.title, bold.lead)
    elif split := _ANSWER_ON_SAME_LINE.search(rows[0]):
        mark = Mark(place, place + 1, rows[0][: split.start()], rows[0][split.end() :])
    elif "?" in rows[0]:
        end = len(rows[0]) if ASKED_LINE.fullmatch(rows[0]) else rows[0].rindex("?") + 1
        mark = Mark(place, place + 1, rows[0][:end], rows[0][end:])
    else:
        last = _last_row(rows, after)
        mark = Mark(place, place + last + 1, " ".join(rows[: last + 1]))
    return replace(mark, is_certain=True)


def _last_row(rows: Sequence[str], after: str) -> int:
    """Find the last row of a question that has no question mark on its first."""
    end = len(rows) if has_answer_mark(after) else 1
    for number, row in enumerate(rows[1:], start=1):
        if ASKED_LINE.fullmatch(row):
            return number
        if not row or has_answer_mark(row) or has_question_mark(row):
            return number - 1
    return end - 1


def _is_only_mark(title: str) -> bool:
    return bare(title).rstrip("0123456789 ") in _QUESTION_COLUMN


def bold(blocks: Sequence[Block], _: Document) -> Iterator[Mark]:
    """Find what is bold, or wholly italic, at the beginning of a paragraph."""
    for block in blocks:
        if block.kind != "paragraph_open" or has_answer_mark(block.text):
            continue
        bold = read_bold(block.text)
        if not bold or not (bold.is_alone or is_question(bold.title)):
            continue
        if bold.is_strong or (bold.is_alone and is_question(bold.title)):
            body = block.start + bold.rows
            mark = Mark(block.start, body, bold.title, bold.lead, is_alone=bold.is_alone)
            yield replace(mark, is_numbered=bold.is_numbered)


def definitions(blocks: Sequence[Block], _: Document) -> Iterator[Mark]:
    """Find terms with `: …` below."""
    for number, block in enumerate(blocks):
        if block.kind != "paragraph_open":
            continue
        rows = block.text.split("\n")
        before = blocks[number - 1] if number else None
        for offset, row in enumerate(rows):
            if not row.startswith((": ", ":\t")):
                continue
            place = block.start + offset
            if offset and not rows[offset - 1].startswith(":"):
                yield Mark(
                    place - 1,
                    place + 1,
                    rows[offset - 1],
                    row[1:].strip(),
                    is_certain=True,
                    indent=4,
                    is_definition=True,
                )
            elif (
                not offset
                and before
                and before.kind == "paragraph_open"
                and before.end - before.start == 1
                and not before.text.startswith(":")
            ):
                yield Mark(
                    before.start,
                    place + 1,
                    before.text,
                    row[1:].strip(),
                    is_certain=True,
                    indent=4,
                    is_definition=True,
                )


def rows(blocks: Sequence[Block], _: Document) -> Iterator[Mark]:
    """Find the rows of a table whose columns are questions and answers."""
    for block in blocks:
        if block.kind != "table_open":
            continue
        heads: list[str] = []
        cells: list[str] = []
        place = block.start
        for before, token in zip(block.tokens, block.tokens[1:], strict=False):
            if token.type == "tr_open":
                place, cells = (token.map or (place, 0))[0], []
            elif token.type == "inline":
                (heads if before.type == "th_open" else cells).append(token.content)
            elif token.type == "tr_close" and len(cells) > 1 and len(heads) > 1:
                names = [bare(head) for head in heads]
                asks = next((n for n, it in enumerate(names) if it in _QUESTION_COLUMN), None)
                tells = next((n for n, it in enumerate(names) if it in _ANSWER_COLUMN), None)
                if asks is not None and tells is not None and max(asks, tells) < len(cells):
                    yield Mark(
                        place, place + 1, cells[asks], cells[tells], is_certain=True, end=place + 1
                    )


def lines(blocks: Sequence[Block], document: Document) -> Iterator[Mark]:
    """Find plain or quoted lines that end with a question mark and have text below."""
    if _are_lines_above_lists(blocks):
        for block in blocks[::2]:
            yield Mark(block.start, block.end, block.text, is_certain=True)
        return
    for block in blocks:
        if block.kind not in {"paragraph_open", "blockquote_open"}:
            continue
        rows = _rows_of(block, document)
        if ASKED_LINE.fullmatch(rows[0]) and (block.kind == "paragraph_open" or len(rows) == 1):
            yield Mark(block.start, block.start + 1, rows[0])


def _are_lines_above_lists(blocks: Sequence[Block]) -> bool:
    """Tell a text of nothing but lines with a list right below each, most of which ask."""
    asked, listed = blocks[::2], blocks[1::2]
    return (
        len(asked) == len(listed) > 1
        and all(it.kind == "paragraph_open" and it.end - it.start == 1 for it in asked)
        and all(it.kind in LISTS for it in listed)
        and all(one.end == other.start for one, other in zip(asked, listed, strict=True))
        and 2 * sum(is_question(it.text) for it in asked) >= len(asked)
    )
