"""Items of lists that begin with a question and go on with its answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.faq.markdown_bold import read_bold
from bot.faq.markdown_finders import ASKED_LINE, LISTS, Mark, letter
from bot.faq.markdown_marks import has_answer_mark, has_question_mark
from bot.faq.markdown_sections import Block, Document
from bot.faq.markdown_titles import is_question

_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s{1,4}|$)")


def items(blocks: Sequence[Block], document: Document) -> Iterator[Mark]:
    """Find items of lists that begin with a question and go on with its answer."""
    for number, block in enumerate(blocks):
        if block.kind not in LISTS:
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
    bold = read_bold(text)
    asked = next((n for n, row in enumerate(rows) if ASKED_LINE.fullmatch(row)), None)
    if first == "heading_open":
        mark = Mark(place, place + len(rows), text)
    elif bold and bold.is_strong and (bold.is_alone or is_question(bold.title)):
        mark = Mark(place, place + bold.rows, bold.title, bold.lead, is_alone=bold.is_alone)
        mark = replace(mark, is_numbered=bold.is_numbered)
    elif has_question_mark(text):
        mark = letter(rows, place, "")
    elif asked is not None:
        mark = Mark(place, place + asked + 1, " ".join(rows[: asked + 1]))
    else:
        return None
    match = _ITEM.match(document.lines[place].markdown)
    return replace(mark, end=item.end, indent=match.end() if match else 0)
