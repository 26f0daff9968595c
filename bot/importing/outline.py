"""A document as headings, texts and question-answer pairs in their order, to drafts.

Where headings ask, the document is written as Markdown and read as any Markdown file is. Where
something else does (what folds open, definition lists, bold lines), each of these is an entry, and
headings are topics.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.faq.draft import Parsed
from bot.faq.markdown_format import parse_markdown

MAX_TEXT = 1_000_000
"""In characters, of all that is left of a document when it has become Markdown."""

_ASKS = re.compile(r"[?\uff1f\u061f\u2047]\W*$")
_SPOKEN_QUESTION = re.compile(
    r"(?:Q|Question|Frage|F|Pregunta|P)\s*\d{0,3}\s*[:.)]\s*(?=\S)", re.IGNORECASE
)
_SPOKEN_ANSWER = re.compile(
    r"(?P<open>\**)(?:A|Answer|Antwort|R|Respuesta|Réponse)\s*\d{0,3}\s*[:.)](?P<close>\**)\s*(?=\S)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:\(\d{1,3}\)|Q?\d{1,3}(?:\.\d{1,3}){0,3}[.:)]?)\s+(?=\S)", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:\.{2,3}|…)\s*")
_TO_GO_ON = re.compile(r"\s*(?:\.{2,3}|…)$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those deeper than it belong to it."""

    line: int
    level: int
    title: str
    """As readers see it."""
    markdown: str
    """The same with its code and emphasis."""


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
    return bool(_SPOKEN_QUESTION.match(text))


def is_numbered(title: str) -> bool:
    """Tell whether a title begins with a number, as in a list of questions."""
    return bool(_NUMBER.match(title))


def read_outline(items: Sequence[Item], into: Parsed, *, keeps_all_sections: bool = False) -> None:
    """Turn a document into drafts.

    Args:
        items: the document.
        into: what is to hold the drafts.
        keeps_all_sections: whether, beside pairs, a heading that does not ask is an entry, too, if
            it has a text. On web pages such headings are mostly advertising.
    """
    size = sum(len(it.markdown) for it in items if isinstance(it, Text))
    if size > MAX_TEXT:
        into.unreadable(
            1,
            f"There are more than {MAX_TEXT:,} characters of text in this file.",
            "Split it into several files.",
        )
        return
    items = _without_numbers(items)
    level = _asking_level(items)
    if level is None and not any(isinstance(it, Pair) for it in items):
        _read_as_markdown(items, into)
    else:
        _read_pairs(items, level, into, keeps_all_sections=keeps_all_sections)


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
        return replace(item, questions=tuple(_NUMBER.sub("", it, count=1) for it in item.questions))
    return replace(
        item,
        title=_NUMBER.sub("", item.title, count=1),
        markdown=_NUMBER.sub("", item.markdown.replace("\\.", ".", 1), count=1),
    )


def _title(item: Heading | Pair) -> str:
    return item.title if isinstance(item, Heading) else item.questions[0]


def _read_as_markdown(items: Sequence[Item], into: Parsed) -> None:
    lines: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    for item in items:
        starts.append(len(lines) + 1)
        origins.append(item.line)
        if isinstance(item, Heading):
            lines += [f"{'#' * item.level} {item.markdown}", ""]
        elif isinstance(item, Text):
            lines += [*item.markdown.split("\n"), ""]

    def origin(line: int) -> int:
        return origins[max(bisect_right(starts, line) - 1, 0)] if origins else 1

    parsed = parse_markdown("\n".join(lines), into.file)
    into.complete = into.complete and parsed.complete
    into.drafts += (replace(it, line=origin(it.line)) for it in parsed.drafts)
    into.problems += (
        replace(it, source=replace(it.source, line=origin(it.source.line)))
        for it in parsed.problems
    )


def _asking_level(items: Sequence[Item]) -> int | None:
    """Give the level of the questions where Markdown's rule would find another one."""
    asking: dict[int, int] = {}
    answered: dict[int, int] = {}
    for item, below in zip(items, [*items[1:], None], strict=True):
        if isinstance(item, Heading) and isinstance(below, Text):
            answered[item.level] = answered.get(item.level, 0) + 1
            asking[item.level] = asking.get(item.level, 0) + asks(item.title)
    rule = next((level for level in sorted(answered) if answered[level] > 1), None)
    best = max(sorted(asking), key=lambda level: asking[level], default=None)
    if rule is None or best is None or best <= rule or asking[best] <= max(asking[rule], 1):
        return None
    return best


def _read_pairs(
    items: Sequence[Item], level: int | None, into: Parsed, *, keeps_all_sections: bool
) -> None:
    topics: list[Heading] = []
    title = _lone_title(items)
    for item, texts in _grouped(items, level):
        if isinstance(item, Pair):
            topic = _topic(topics, title)
            questions = (_completed(it, topic) for it in item.questions)
            into.add(item.line, questions, item.answer, topic=topic)
            continue
        topics = [it for it in topics if it.level < item.level]
        answer = "\n\n".join(texts)
        is_spoken = is_spoken_question(item.title)
        is_entry = keeps_all_sections and item is not title
        if answer and (item.level == level or is_spoken or is_entry or asks(item.title)):
            question = item.title
            if is_spoken:
                question = _SPOKEN_QUESTION.sub("", question, count=1)
                answer = _SPOKEN_ANSWER.sub(_drop_answer_sign, answer, count=1)
            into.add(item.line, (question,), answer, topic=_topic(topics, title))
        else:
            topics.append(item)


def _completed(question: str, topic: str | None) -> str:
    """Give "... get a refund?" the beginning that its heading has: "How do I ..."."""
    match = _GOES_ON.match(question)
    begin = _TO_GO_ON.search(topic or "")
    return (
        f"{(topic or '')[: begin.start()]} {question[match.end() :]}"
        if match and begin
        else question
    )


def _drop_answer_sign(match: re.Match[str]) -> str:
    # "**A:** text" loses its stars, "**A: text**" must keep those that it opens.
    return "" if len(match["open"]) == len(match["close"]) else match["open"]


def _grouped(
    items: Sequence[Item], level: int | None
) -> Iterator[tuple[Heading | Pair, Sequence[str]]]:
    """Put texts to the headings above them; headings within an answer are texts, too."""
    heading: Heading | None = None
    texts: list[str] = []
    for item in items:
        if isinstance(item, Text):
            texts.append(item.markdown)
            continue
        is_inside = (
            isinstance(item, Heading)
            and heading is not None
            and level is not None
            and heading.level == level < item.level
        )
        if is_inside and isinstance(item, Heading):
            texts.append(f"**{item.title}**")
            continue
        if heading:
            yield heading, texts
        heading, texts = None, []
        if isinstance(item, Pair):
            yield item, ()
        else:
            heading = item
    if heading:
        yield heading, texts


def _lone_title(items: Sequence[Item]) -> Heading | None:
    titles = [it for it in items if isinstance(it, Heading) and it.level == 1]
    return titles[0] if len(titles) == 1 else None


def _topic(topics: Sequence[Heading], title: Heading | None) -> str | None:
    """Give the headings above; the document's title only where there is no other."""
    above = " / ".join(it.title for it in topics if it is not title)
    return above or (title.title if title else None)
