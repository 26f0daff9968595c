"""What every format yields: drafts of entries, and problems told by line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bot.model import Details, Problem, Source, Translation
from bot.text import has_words, normalise, one_line, sendable

MAX_QUESTION = 1000
"""In characters. Longer ones are slips, and some cost minutes to take apart."""


MAX_PROBLEMS = 1000
"""To be told of one file; who mends these finds out about the others."""

_NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that may not have an id of its own yet."""

    line: int
    id: str | None
    questions: tuple[str, ...]
    answer: str
    topic: str | None
    language: str | None
    details: Details = _NO_DETAILS


@dataclass(slots=True)
class Parsed:
    """What one file holds; a parser fills it and never stops at the first problem."""

    file: str
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    """False when something kept the parser from reading the file to its end."""

    def error(self, line: int, what: str, mend: str) -> None:
        """Note something that keeps an entry, or a part of one, out of the index."""
        self._note(line, what, mend, "error")

    def warning(self, line: int, what: str, mend: str) -> None:
        """Note something that is probably not meant so, but does no harm."""
        self._note(line, what, mend, "warning")

    def unreadable(self, line: int, what: str, mend: str) -> None:
        """Note why the file cannot be read (further)."""
        self.complete = False
        self._note(line, what, mend, "error")

    def not_faq(self, line: int, what: str, mend: str) -> None:
        """Note that this seems to be another kind of file, which is nobody's mistake."""
        self.complete = False
        self._note(line, what, mend, "warning")

    def add(  # noqa: PLR0913 - the fields of an entry
        self,
        line: int,
        questions: Iterable[str],
        answer: str,
        *,
        id: str | None = None,  # noqa: A002 - the field's name in every format
        topic: str | None = None,
        language: str | None = None,
        details: Details = _NO_DETAILS,
        mend_empty: str = "Write the answer below the question, or remove the question.",
    ) -> None:
        """Add an entry, if it has a question and an answer."""
        kept = self._kept(line, questions)
        if not kept:
            return
        title = kept[0]
        answer = _trim(answer)
        if not answer:
            self.error(line, f'"{title}" has no answer.', mend_empty)
            return
        own_id = one_line(id or "") or None
        draft = Draft(line, own_id, kept, answer, _text(topic), _text(language), details)
        self.drafts.append(draft)

    def translation(
        self, line: int, language: str, questions: Iterable[str], answer: str
    ) -> Translation | None:
        """Give an entry's version in a further language, if it has a question and an answer."""
        kept = self._kept(line, questions)
        answer = _trim(answer)
        if not kept or not answer:
            return None
        return Translation(language, kept, answer, Source(self.file, line))

    def _kept(self, line: int, questions: Iterable[str]) -> tuple[str, ...]:
        """Give the questions that can be asked, none twice; tell of the others."""
        kept: dict[str, str] = {}
        for question in map(one_line, questions):
            if len(question) > MAX_QUESTION:
                self.error(
                    line,
                    f'The question "{question[:60]}…" is longer than {MAX_QUESTION:,} characters.',
                    "Ask it in a sentence, and move the rest into the answer.",
                )
            elif has_words(question):
                kept.setdefault(normalise(question), question)
            else:
                self.error(
                    line,
                    f'The question "{question}" has no letter or digit, so nobody can ask it.',
                    "Write the question out in words.",
                )
        return tuple(kept.values())

    def _note(self, line: int, what: str, mend: str, severity: Literal["error", "warning"]) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            return
        if len(self.problems) == MAX_PROBLEMS - 1:
            what, mend = "There are more problems in this file.", "Mend those above first."
        self.problems.append(Problem(Source(self.file, line), what, mend, severity))


def _trim(text: str) -> str:
    """Drop blank lines at both ends, but not the indentation that makes a first line code."""
    lines = sendable(text).rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)


def _text(value: str | None) -> str | None:
    return one_line(value or "") or None
