"""Where questions stand that are no headings: in bold, behind `Q:`, in lists and tables.

Each finder only says what may be a question; whether it is one depends on all of them together.
"""
# ruff: noqa: RUF001 - in other scripts letters and signs look like Latin ones

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.faq.markdown_marks import has_answer_mark, has_question_mark, without_number
from bot.faq.markdown_sections import Block, Document
from bot.faq.markdown_titles import bare, is_question

_MOST_ROWS = 9
"""Of one question."""

_BOLD = re.compile(
    r"(?:<a\s[^<>]*>\s*(?:</a>\s*)?)*(?P<number>(?:q?\d{1,3}[.):]|q[.:])\s+)?"
    r"(?:(?P<marks>\*{1,3}|_{1,3})(?=\S)(?P<title>.{1,1000}?) ?(?P=marks)(?![\w*])"
    r"|(?P<tag><(?:b|strong|u)>)\s*(?P<inside>.{1,1000}?)</(?:b|strong|u)>)"
    r"(?P<end>[ \t]*[?？؟:]?)",
    re.DOTALL | re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:[ \t:：.\\]|<br\s?/?>|</?\w+>|\{[:#][^{}]*\})*", re.IGNORECASE)
_ASKED_LINE = re.compile(r".*(?<!\\)[?？؟][\s*_)\"'”’»\\]*")
_ANSWER_ON_SAME_LINE = re.compile(
    r"\s(?=(?:\*{1,2}|_{1,2})?(?:a\d{0,3}|answer)(?:\*{1,2}|_{1,2})?:)", re.IGNORECASE
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s{1,4}|$)")
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
        for offset, row in enumerate(rows):
            if has_question_mark(row):
                mark = _letter(rows[offset : offset + _MOST_ROWS], block.start + offset, after)
                is_quoted = block.kind == "blockquote_open" and any(rows[mark.body - block.start :])
                yield replace(mark, is_quoted=is_quoted)


def _rows_of(block: Block, document: Document) -> list[str]:
    """Give a paragraph's or a quotation's rows without what only marks them as such."""
    rows = [line.markdown.strip() for line in document.lines[block.start : block.end]]
    if block.kind == "blockquote_open":
        return [_QUOTE.sub("", row, count=1).strip() for row in rows]
    return rows


def _letter(rows: Sequence[str], place: int, after: str) -> Mark:
    """Read a question that begins with its mark.

    Args:
        rows: from that on, to the end of the paragraph.
        place: the first row's line.
        after: the paragraph that follows.
    """
    bold = _read_bold("\n".join(rows))
    if bold and not _is_only_mark(bold.title):
        mark = Mark(place, place + bold.rows, bold.title, bold.lead)
    elif split := _ANSWER_ON_SAME_LINE.search(rows[0]):
        mark = Mark(place, place + 1, rows[0][: split.start()], rows[0][split.end() :])
    elif "?" in rows[0]:
        end = len(rows[0]) if _ASKED_LINE.fullmatch(rows[0]) else rows[0].rindex("?") + 1
        mark = Mark(place, place + 1, rows[0][:end], rows[0][end:])
    else:
        last = _last_row(rows, after)
        mark = Mark(place, place + last + 1, " ".join(rows[: last + 1]))
    return replace(mark, is_certain=True)


def _last_row(rows: Sequence[str], after: str) -> int:
    """Find the last row of a question that has no question mark on its first."""
    end = len(rows) if has_answer_mark(after) else 1
    for number, row in enumerate(rows[1:], start=1):
        if _ASKED_LINE.fullmatch(row):
            return number
        if not row or has_answer_mark(row) or has_question_mark(row):
            return number - 1
    return end - 1


@dataclass(frozen=True, slots=True)
class _Bold:
    title: str
    lead: str
    rows: int
    is_numbered: bool
    is_alone: bool
    is_strong: bool


def _read_bold(text: str) -> _Bold | None:
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
    return _Bold(title, "" if is_alone else rest.strip(), rows, is_numbered, is_alone, is_strong)


def _is_only_mark(title: str) -> bool:
    return bare(title).rstrip("0123456789 ") in _QUESTION_COLUMN


def bold(blocks: Sequence[Block], _: Document) -> Iterator[Mark]:
    """Find what is bold, or wholly italic, at the beginning of a paragraph."""
    for block in blocks:
        if block.kind != "paragraph_open" or has_answer_mark(block.text):
            continue
        bold = _read_bold(block.text)
        if not bold or not (bold.is_alone or is_question(bold.title)):
            continue
        if bold.is_strong or (bold.is_alone and is_question(bold.title)):
            body = block.start + bold.rows
            mark = Mark(block.start, body, bold.title, bold.lead, is_alone=bold.is_alone)
            yield replace(mark, is_numbered=bold.is_numbered)


def items(blocks: Sequence[Block], document: Document) -> Iterator[Mark]:
    """Find items of lists that begin with a question and go on with its answer."""
    for number, block in enumerate(blocks):
        if block.kind not in {"bullet_list_open", "ordered_list_open"}:
            continue
        items = list(_list_items(block))
        marks = _marks_of_items(items, document)
        answered = [it for it in marks if it.lead or document.is_text(it.body, it.end or 0)]
        is_alone = len(items) == 1
        others = [it for it in items if not has_answer_mark(it.text)]
        if not is_alone and (2 * len(answered) < len(marks) or 2 * len(marks) < len(others)):
            continue  # a list of questions that are answered elsewhere, or of other things
        goes_on = any(
            it.kind == block.kind and document.is_text(block.end, it.start)
            for it in blocks[number + 1 :]
        )
        for mark in marks:
            is_last = mark is marks[-1] and (goes_on or is_alone)
            yield replace(mark, end=None) if is_last else mark


def _marks_of_items(items: Sequence[Block], document: Document) -> list[Mark]:
    marks: list[Mark] = []
    for item in items:
        mark = _item(item, document)
        if mark:
            marks.append(mark)
        elif marks and has_answer_mark(item.text):
            marks[-1] = replace(marks[-1], end=item.end)  # the answer is an item of its own
    return marks


def _list_items(block: Block) -> Iterator[Block]:
    first = None
    for number, token in enumerate(block.tokens):
        if token.level == 1 and token.type == "list_item_open":
            first = number
        elif token.level == 1 and token.type == "list_item_close" and first is not None:
            start, end = block.tokens[first].map or (0, 0)
            yield Block("item", start, end, block.tokens[first : number + 1])


def _item(item: Block, document: Document) -> Mark | None:
    """Read an item's question."""
    first, text, place = item.tokens[1].type, item.text, item.start
    if first not in {"paragraph_open", "heading_open"} or has_answer_mark(text):
        return None
    rows = text.split("\n")
    bold = _read_bold(text)
    asked = next((n for n, row in enumerate(rows) if _ASKED_LINE.fullmatch(row)), None)
    if first == "heading_open":
        mark = Mark(place, place + len(rows), text)
    elif bold and bold.is_strong and (bold.is_alone or is_question(bold.title)):
        mark = Mark(place, place + bold.rows, bold.title, bold.lead, is_alone=bold.is_alone)
        mark = replace(mark, is_numbered=bold.is_numbered)
    elif has_question_mark(text):
        mark = _letter(rows, place, "")
    elif asked is not None:
        mark = Mark(place, place + asked + 1, " ".join(rows[: asked + 1]))
    else:
        return None
    match = _ITEM.match(document.lines[place].markdown)
    return replace(mark, end=item.end, indent=match.end() if match else 0)


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
    for block in blocks:
        if block.kind not in {"paragraph_open", "blockquote_open"}:
            continue
        rows = _rows_of(block, document)
        if _ASKED_LINE.fullmatch(rows[0]) and (block.kind == "paragraph_open" or len(rows) == 1):
            yield Mark(block.start, block.start + 1, rows[0])
