"""A document as headings, texts and question-answer pairs in their order, to drafts.

Headings ask as in a Markdown file, unless the document has pairs: what folds open, definition
lists. Then these are the entries, and headings their topics.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.faq.draft import Parsed
from bot.faq.markdown_marks import has_question_mark, without_answer_mark, without_number
from bot.importing.inline_markdown import escape

MAX_TEXT = 1_000_000
"""In characters, of all that a document shows."""

_ASKS = re.compile(r"[?\uff1f\u061f\u2047]\W*$")
_NUMBER = re.compile(
    r"\A(?:\(\d{1,3}\)|[A-Z]{1,2}\d{1,3}[.:)]|\d{1,3}(?:\.\d{1,3}){0,3}[.:)]?)\s+(?=\S)"
)
_GOES_ON = re.compile(r"(?:\.{2,3}|…)\s*")
_TO_GO_ON = re.compile(r"\s*(?:\.{2,3}|…)$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those deeper than it belong to it."""

    line: int
    level: int
    title: str
    """As readers see it."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between headings."""

    line: int
    markdown: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its whole answer."""

    line: int
    questions: tuple[str, ...]
    answer: str


Item: TypeAlias = Heading | Text | Pair


def asks(text: str) -> bool:
    """Tell whether a text ends as questions do."""
    return bool(_ASKS.search(text[-20:]))


def is_spoken_question(text: str) -> bool:
    """Tell whether a text begins with Q:, as interviews are written."""
    return has_question_mark(text)


def is_numbered(title: str) -> bool:
    """Tell whether a title begins with a number, as in a list of questions."""
    return bool(_NUMBER.match(title)) or without_number(title) != title


def read_outline(items: Sequence[Item], into: Parsed, *, keeps_all_sections: bool = False) -> None:
    """Turn a document into drafts.

    Args:
        items: the document.
        into: what is to hold the drafts.
        keeps_all_sections: whether, beside pairs, a heading that does not ask is an entry, too, if
            it has a text. On web pages such headings are mostly advertising.
    """
    if sum(len(it.markdown) for it in items if isinstance(it, Text)) > MAX_TEXT:
        tell_too_long(into)
        return
    _Reader(_sections(_without_numbers(items)), into, keeps_all_sections=keeps_all_sections).read()
    if not into.drafts and not into.problems:
        into.error(
            1,
            "No question was found in this file.",
            "See that it holds headings, bold lines or lists that ask, and the answers below them. "
            "A page that fills itself while it is looked at must be saved from the browser.",
        )


def tell_too_long(into: Parsed) -> None:
    """Tell of a document that holds more than a FAQ ever does."""
    into.unreadable(
        1,
        f"There are more than {MAX_TEXT:,} characters of text in this file.",
        "Split it into several files.",
    )


@dataclass(slots=True)
class _Section:
    """A heading with the text right below it."""

    line: int
    level: int
    title: str
    texts: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether it is a question by its form, and has an answer."""
        return bool(self.texts) and (asks(self.title) or is_spoken_question(self.title))


def _sections(items: Iterable[Item]) -> list[_Section | Pair]:
    """Put texts to the headings above them; what has none above it is an introduction."""
    sections: list[_Section | Pair] = []
    for item in items:
        if isinstance(item, Heading):
            sections.append(_Section(item.line, item.level, item.title))
        elif isinstance(item, Pair):
            sections.append(item)
        elif sections and isinstance(sections[-1], _Section):
            sections[-1].texts.append(item.markdown)
    return sections


class _Reader:
    """Goes through the sections in their order."""

    def __init__(
        self, sections: Sequence[_Section | Pair], into: Parsed, *, keeps_all_sections: bool
    ) -> None:
        self._sections = sections
        self._into = into
        headings = [it for it in sections if isinstance(it, _Section)]
        self._has_pairs = len(headings) < len(sections)
        self._keeps_all = keeps_all_sections or not self._has_pairs
        self._level = _question_level(headings) if not self._has_pairs else None
        self._title = _document_title(headings, self._level) if len(sections) > 1 else None

    def read(self) -> None:
        """Add all entries."""
        topics: list[_Section] = []
        number = 0
        while number < len(self._sections):
            section = self._sections[number]
            number += 1
            if isinstance(section, Pair):
                self._add(section.line, section.questions, section.answer, topics)
                continue
            topics = [it for it in topics if it.level < section.level]
            below = self._below(number, section.level)
            if self._is_question(section, below):
                self._add_section(section, below, topics)
                number += len(below)
                continue
            if section.asks and section is not self._title:
                self._add_section(section, (), topics)  # and it groups further questions
                topics.append(section)
                continue
            topics.append(section)
            is_title = section is self._title and section.level == 1
            if section.texts and not is_title and not self._has_pairs:
                self._into.warning(
                    section.line,
                    f'The text below "{section.title[:80]}" is above the questions and belongs to '
                    "none of them, so it was left out.",
                    "If it answers a question, write that into the FAQ by hand.",
                )

    def _below(self, number: int, level: int) -> list[_Section]:
        """Give the deeper sections that follow."""
        found = []
        for place in range(number, len(self._sections)):
            section = self._sections[place]
            if isinstance(section, Pair) or section.level <= level:
                break
            found.append(section)
        return found

    def _is_question(self, section: _Section, below: Sequence[_Section]) -> bool:
        has_text = bool(section.texts) or any(it.texts for it in below)
        if section.level == self._level:
            return has_text
        if not section.texts or section is self._title:
            return False
        if any(it.level == self._level or it.asks for it in below):
            return False  # it only groups these
        return section.asks or self._keeps_all

    def _add_section(
        self, section: _Section, below: Sequence[_Section], topics: Sequence[_Section]
    ) -> None:
        parts = list(section.texts)
        for deeper in below:
            parts += [f"**{escape(deeper.title)}**", *deeper.texts]
        question, answer = section.title, "\n\n".join(parts)
        swallowed = [it.title for it in below if it.asks]
        if len(swallowed) > 1:
            self._into.warning(
                section.line,
                f'The answer to "{question[:80]}" holds {len(swallowed)} headings that look like '
                f'questions of their own, such as "{swallowed[0][:80]}".',
                "If they are, make entries of them when the FAQ is written.",
            )
        self._add(section.line, (question,), answer, topics)

    def _add(
        self, line: int, questions: Sequence[str], answer: str, topics: Sequence[_Section]
    ) -> None:
        above = " / ".join(it.title for it in topics if it is not self._title)
        topic = above or (self._title.title if self._title else None)
        is_spoken = any(map(is_spoken_question, questions))
        asked = (without_number(it) if is_spoken_question(it) else it for it in questions)
        self._into.add(
            line,
            (_completed(it, topic or "") for it in asked),
            without_answer_mark(answer, brief=is_spoken),
            topic=topic,
            mend_empty="Write its answer into the FAQ by hand, or leave it out.",
        )


def _document_title(headings: Sequence[_Section], level: int | None) -> _Section | None:
    """Give the heading that is the title of all: the first, if it stands above the questions."""
    if not headings or headings[0].asks:
        return None
    first = headings[0]
    is_lone = first.level == 1 and [it.level for it in headings].count(1) == 1
    return first if is_lone or (level is not None and first.level < level) else None


def _question_level(sections: Sequence[_Section]) -> int | None:
    """Give the level of the questions.

    As in Markdown: the shallowest that holds two or more headings with a text of their own; but a
    deeper one where clearly more headings ask, and one above where only a heading there asks.
    """
    levels = [it.level for it in sections if it.texts]
    if not levels:
        return None
    below_title = [level for level in levels if level > 1]
    rule = min((it for it in levels if levels.count(it) > 1), default=min(below_title or levels))
    asking = Counter(it.level for it in sections if it.asks)
    above = [level for level in asking if 1 < level < rule]
    if above and not asking[rule]:
        return min(above)  # a question alone, its answer divided by headings
    best = max(sorted(asking), key=lambda level: asking[level], default=rule)
    return best if best > rule and asking[best] > max(asking[rule], 1) else rule


def _completed(question: str, topic: str) -> str:
    """Give "... get a refund?" the beginning that its heading has: "How do I ..."."""
    match = _GOES_ON.match(question)
    begin = _TO_GO_ON.search(topic)
    return f"{topic[: begin.start()]} {question[match.end() :]}" if match and begin else question


def _without_numbers(items: Sequence[Item]) -> Sequence[Item]:
    """Take the numbers off questions that are numbered throughout."""
    titles = [_title(it) for it in items if not isinstance(it, Text)]
    numbered = sum(map(is_numbered, titles))
    if numbered < 2 or numbered * 2 < len(titles):  # noqa: PLR2004 - one alone counts nothing
        return items
    return [_without_number(it) for it in items]


def _without_number(item: Item) -> Item:
    if isinstance(item, Text):
        return item
    if isinstance(item, Pair):
        return replace(item, questions=tuple(map(_uncounted, item.questions)))
    return replace(item, title=_uncounted(item.title))


def _uncounted(title: str) -> str:
    return without_number(_NUMBER.sub("", title, count=1))


def _title(item: Heading | Pair) -> str:
    return item.title if isinstance(item, Heading) else item.questions[0]
