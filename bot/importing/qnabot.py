"""Exports of QnABot on AWS: JSON of `{"qna": [...]}`, or a workbook with its column names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.faq.draft import Parsed
from bot.importing.json_text import Lines, load_json, text_of, texts
from bot.text import one_line

_QUESTION = re.compile(r"question\d+")
_FIELD = re.compile(r"\{\{[^}]+\}\}")


def is_qnabot(value: Any) -> bool:
    """Tell whether JSON is such an export."""
    items = value.get("qna") if isinstance(value, dict) else value
    return isinstance(items, list) and any(isinstance(it, dict) and "qid" in it for it in items)


def is_qnabot_header(header: Sequence[str]) -> bool:
    """Tell whether a sheet's first row has QnABot's column names."""
    names = {_name(it) for it in header}
    return {"qid", "answer"} <= names and any(map(_QUESTION.fullmatch, names))


def parse(data: bytes, file: str) -> Parsed:
    """Parse a JSON export."""
    parsed = Parsed(file)
    value, text = load_json(data, parsed)
    items = value.get("qna") if isinstance(value, dict) else value
    lines = Lines(text)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            _add(item, lines.find(text_of(item.get("qid"))), parsed)
    return parsed


def read_qnabot_rows(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], into: Parsed
) -> None:
    """Read the rows of a workbook."""
    names = [_name(it) for it in header]
    for line, cells in rows:
        row = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        if row:
            item = {
                "qid": row.get("qid"),
                "q": [cell for name, cell in row.items() if _QUESTION.fullmatch(name)],
                "a": row.get("answer"),
                "alt": {"markdown": row.get("markdown") or row.get("markdownanswer")},
                "t": row.get("topic"),
                "r": {"title": row.get("cardtitle"), "imageUrl": row.get("imageurl")},
            }
            _add(item, line, into)


def _add(item: Mapping[str, Any], line: int, into: Parsed) -> None:
    qid, questions = text_of(item.get("qid")), texts(item.get("q"))
    if not questions:
        into.warning(
            line,
            f'"{one_line(qid)[:60]}" has no question, so it was left out.',
            "Nothing is to be done if it is a quiz, a slot type or a document of QnABot.",
        )
        return
    alternative = item.get("alt")
    markdown = text_of(alternative.get("markdown")) if isinstance(alternative, dict) else ""
    answer = markdown.strip() or text_of(item.get("a")).strip()
    card = item.get("r")
    answer = "\n\n".join(filter(None, (answer, *(_card(card) if isinstance(card, dict) else ()))))
    if field := _FIELD.search(answer):
        into.warning(
            line,
            f'The answer to "{one_line(questions[0])[:60]}" holds {field[0][:60]}, which QnABot '
            "fills in and faqbot shows as it is.",
            "Write the text that is meant in its place.",
        )
    into.add(line, questions, answer, id=qid, topic=text_of(item.get("t")))


def _card(card: Mapping[str, Any]) -> Iterable[str]:
    """Give a card's picture and its buttons that are links."""
    image = text_of(card.get("imageUrl")).strip()
    if image:
        yield f"![{one_line(text_of(card.get('title')))}]({image})"
    buttons = card.get("buttons")
    for button in buttons if isinstance(buttons, list) else ():
        if isinstance(button, dict) and text_of(button.get("value")).startswith("http"):
            yield f"[{one_line(text_of(button.get('text')))}]({button['value'].strip()})"


def _name(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).lower()
