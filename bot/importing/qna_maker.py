"""Exports of QnA Maker and of Azure's custom question answering: TSV or JSON."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.faq.draft import Parsed
from bot.faq.ids import slug
from bot.importing.decoding import decode
from bot.importing.json_text import Lines, load_json, text_of, texts
from bot.model import Details

_ESCAPED_BREAK = re.compile(r"\\r\\n|\\n|\\r")
_PROMPT_ID = re.compile(r'"qnaid"\s*:\s*(\d+)', re.IGNORECASE)
_LONGEST_FIELD = 1_000_000


@dataclass(slots=True)
class _Pair:
    """One answer with its questions."""

    line: int
    number: str
    """As the export counts; empty where it does not."""
    questions: list[str]
    answer: str
    prompts: list[str] = field(default_factory=list)
    """Numbers of the answers that it leads to."""


def is_header(line: str) -> bool:
    """Tell whether a TSV's first line is that of such an export."""
    names = [_name(it) for it in line.split("\t")]
    return {"question", "answer"} <= set(names) and not {"source", "metadata", "qnaid"}.isdisjoint(
        names
    )


def is_qna_maker(value: Any) -> bool:
    """Tell whether JSON is such an export."""
    return any(
        isinstance(it, dict) and _has(it, "questions") and _has(it, "answer")
        for it in _items(value)[:5]
    )


def parse(data: bytes, file: str) -> Parsed:
    """Parse a TSV export."""
    parsed = Parsed(file)
    text, _ = decode(data)
    _add_all(_merged(_rows(text)), parsed)
    return parsed


def parse_json(data: bytes, file: str) -> Parsed:
    """Parse a JSON export."""
    parsed = Parsed(file)
    value, text = load_json(data, parsed)
    lines = Lines(text)
    pairs = []
    for item in _items(value):
        if isinstance(item, dict):
            lowered = {key.lower(): it for key, it in item.items()}
            questions = texts(lowered.get("questions"))
            line = lines.find(questions[0]) if questions else lines.find("")
            context = lowered.get("context") or lowered.get("dialog")
            prompts = _PROMPT_ID.findall(repr(context).replace("'", '"'))
            number = lowered.get("id", lowered.get("qnaid", ""))
            pairs.append(
                _Pair(line, str(number), questions, text_of(lowered.get("answer")), prompts)
            )
    _add_all(pairs, parsed)
    return parsed


def _rows(text: str) -> Iterator[_Pair]:
    first, _, rest = text.partition("\n")
    names = [_name(it) for it in first.split("\t")]
    limit = csv.field_size_limit(_LONGEST_FIELD)
    # Quotation marks are plain signs in these files; line breaks in a cell are written as \\n.
    reader = csv.reader(rest.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        for number, cells in enumerate(reader, start=2):
            row = dict(zip(names, cells, strict=False))
            if row.get("question", "").strip() or row.get("answer", "").strip():
                yield _Pair(
                    number,
                    row.get("qnaid", "").strip(),
                    [_unescaped(row.get("question", ""))],
                    _unescaped(row.get("answer", "")),
                    _PROMPT_ID.findall(row.get("prompts", "")),
                )
    except csv.Error:
        return
    finally:
        csv.field_size_limit(limit)


def _merged(rows: Iterable[_Pair]) -> list[_Pair]:
    """Put rows of the same number, or without one of the same answer, together."""
    found: dict[str, _Pair] = {}
    for row in rows:
        key = f"#{row.number}" if row.number else row.answer.strip()
        known = found.setdefault(key, row)
        if known is not row:
            known.questions += row.questions
            known.answer = known.answer or row.answer
    return list(found.values())


def _add_all(pairs: Sequence[_Pair], into: Parsed) -> None:
    led_to = {number for pair in pairs for number in pair.prompts}
    ids = {it.number: slug(it.questions[0]) for it in pairs if it.number in led_to and it.questions}
    for pair in pairs:
        if not pair.questions:
            into.warning(
                pair.line,
                f'The answer "{pair.answer[:60]}" has no question, so it was left out.',
                "Give it a question and export again, if people shall find it.",
            )
            continue
        related = tuple(dict.fromkeys(ids[it] for it in pair.prompts if it in ids))
        into.add(
            pair.line,
            pair.questions,
            pair.answer,
            id=ids.get(pair.number),
            details=Details(related=related),
            mend_empty="Give the question an answer and export again.",
        )


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        lowered = {key.lower(): it for key, it in value.items()}
        for key in ("qnadocuments", "qnalist", "qnas", "value"):
            if isinstance(lowered.get(key), list):
                return list(lowered[key])
        return _items(lowered.get("assets"))
    return value if isinstance(value, list) else []


def _has(item: Mapping[str, Any], key: str) -> bool:
    return any(it.lower() == key for it in item)


def _unescaped(text: str) -> str:
    """Read the line breaks that these files write as two characters."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"')
    return _ESCAPED_BREAK.sub("\n", text).strip()


def _name(text: str) -> str:
    return text.strip().strip('"').replace(" ", "").lower()
