"""Rows of a table to drafts: which column holds what is told by their names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.faq.draft import Parsed
from bot.faq.ids import slug
from bot.faq.properties import split_list
from bot.model import Details
from bot.text import one_line

_NAMES: Mapping[str, str] = {
    name: meaning
    for meaning, names in {
        "question": "question questions q query frage fragen pregunta preguntas domanda pergunta "
        "vraag titre title titel вопрос 问题 質問 질문 سؤال",
        "answer": "answer answers a response reply antwort antworten respuesta respuestas réponse "
        "reponse risposta resposta antwoord ответ 答案 回答 답변 جواب",
        "also": "also alternatives alternative variants variant phrasings phrasing synonyms "
        "alternate_questions alternative_questions other_questions similar_questions varianten",
        "topic": "topic category section group thema kategorie bereich tema categoría categoria "
        "catégorie rubrik тема 分类",
        "keywords": "keywords keyword tags tag stichwörter schlagwörter schlagworte",
        "id": "id key slug",
        "language": "language lang locale sprache idioma langue",
    }.items()
    for name in names.split()
}
_LANGUAGE = re.compile(
    r"(?P<name>.+?)[_ ]?[(\[]?(?<=[_ (\[])(?P<language>[a-z]{2}(?:[-_][a-z]{2})?)[)\]]?"
)
_NUMBERED = re.compile(r"(?P<name>.+?)_?\d{1,3}")
_HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column holds."""

    meaning: str
    language: str | None = None


def is_header(cells: Sequence[str]) -> bool:
    """Tell whether a row names a column of questions and one of answers."""
    meanings = {it.meaning for it in _columns(cells).values()}
    return {"question", "answer"} <= meanings


def answer_columns(header: Sequence[str]) -> frozenset[int]:
    """Give the places of the columns that hold answers."""
    return frozenset(i for i, it in _columns(header).items() if it.meaning == "answer")


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Give the place of the row that names the columns; titles may stand above it."""
    return next((i for i, row in enumerate(rows[:_HEADER_WITHIN]) if is_header(row)), None)


def rows_to_drafts(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    into: Parsed,
    topic: str | None = None,
) -> None:
    """Turn rows into drafts. Questions with the same answer below each other are one entry.

    Args:
        header: the names of the columns.
        rows: their numbers, from 1, and cells.
        into: what is to hold the drafts.
        topic: of rows that name none.
    """
    columns = _columns(header)
    waiting: _Row | None = None
    for row in (_Row.read(line, cells, columns) for line, cells in rows if any(cells)):
        if waiting and waiting.takes(row):
            waiting = waiting.joined(row)
            continue
        if waiting:
            waiting.add_to(into, topic)
        waiting = row
    if waiting:
        waiting.add_to(into, topic)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, its questions and answers by language."""

    line: int
    questions: Mapping[str | None, tuple[str, ...]]
    answers: Mapping[str | None, str]
    others: Mapping[str, str]

    @classmethod
    def read(cls, line: int, cells: Sequence[str], columns: Mapping[int, _Column]) -> "_Row":
        """Sort a row's cells by what their columns hold."""
        questions: dict[str | None, list[str]] = {}
        answers: dict[str | None, str] = {}
        others: dict[str, str] = {}
        for i, text in enumerate(cells):
            column = columns.get(i)
            if not column or not text.strip():
                continue
            if column.meaning == "question":
                questions.setdefault(column.language, []).append(one_line(text))
            elif column.meaning == "also":
                questions.setdefault(column.language, []).extend(_alternatives(text))
            elif column.meaning == "answer":
                answers[column.language] = text
            else:
                others.setdefault(column.meaning, text)
        return cls(line, {key: tuple(it) for key, it in questions.items()}, answers, others)

    def takes(self, other: "_Row") -> bool:
        """Tell whether another row is only a further phrasing of this one's question."""
        same_id = self.others.get("id") == other.others.get("id")
        return bool(self.answers) and self.answers == other.answers and same_id

    def joined(self, other: "_Row") -> "_Row":
        """Take another row's questions."""
        languages = {**self.questions, **other.questions}
        questions = {
            it: (*self.questions.get(it, ()), *other.questions.get(it, ())) for it in languages
        }
        return _Row(self.line, questions, self.answers, {**other.others, **self.others})

    def add_to(self, into: Parsed, topic: str | None) -> None:
        """Add an entry, one draft a language."""
        if not self.questions:
            into.warning(
                self.line,
                "This row has an answer or notes, but no question, so it was left out.",
                "Write the question into its column.",
            )
            return
        several = len(self.questions) > 1
        first = next(iter(self.questions.values()))[0]
        keywords = split_list(self.others.get("keywords", ""))
        for language, questions in self.questions.items():
            into.add(
                self.line,
                questions,
                self.answers.get(language, ""),
                id=self.others.get("id") or (slug(first) if several else None),
                topic=self.others.get("topic") or topic,
                language=language or self.others.get("language"),
                details=Details(keywords=keywords),
                mend_empty="Write the answer into its column, or remove the row.",
            )


def _alternatives(text: str) -> Iterator[str]:
    """Split further questions: each on a line, or between bars or semicolons."""
    separator = next((it for it in "\n|;" if it in text), None)
    return (part for part in map(one_line, text.split(separator) if separator else [text]) if part)


def _columns(header: Sequence[str]) -> dict[int, _Column]:
    return {i: column for i, name in enumerate(header) if (column := _column(name))}


def _column(name: str) -> _Column | None:
    name = re.sub(r"[\s-]+", "_", one_line(name).lower().strip(" :*?"))
    if name in _NAMES:
        return _Column(_NAMES[name])
    match = _LANGUAGE.fullmatch(name)
    if match and match["name"].strip("_ ") in _NAMES:
        return _Column(_NAMES[match["name"].strip("_ ")], match["language"].replace("_", "-"))
    match = _NUMBERED.fullmatch(name)
    meaning = _NAMES.get(match["name"]) if match else None
    return _Column(meaning) if meaning in {"question", "also"} else None
