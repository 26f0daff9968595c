"""What is probably not meant so in a FAQ, as far as its text alone shows it."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bot.faq.disagreement import disagreement
from bot.faq.lines import Lines
from bot.model import Entry, Faq, Problem, Source
from bot.text import normalise

_MOST_UNITS = 4096
_LIKE_AN_ID = 0.75
_MOST_GUESSES = 20  # comparing an id with thousands of others takes a while


def lint_text(faq: Faq, today: date, messages_of: Callable[[str], int]) -> Iterator[Problem]:
    """Tell of everything that needs no embedding.

    Args:
        faq: the FAQ.
        today: what counts as the past.
        messages_of: counts the messages that an answer needs.
    """
    lines = Lines(faq.root)
    yield from _same_questions(faq.entries, lines)
    yield from _unknown_related(faq.entries, lines)
    for entry in faq.entries:
        yield from _validity(entry, today)
        yield from _length(entry, messages_of)


def where_asked(entry: Entry, phrasing: str) -> Source:
    """Give where the questions begin that a phrasing is one of: of a translation, or its own."""
    if phrasing not in entry.questions:
        for translation in entry.details.translations:
            if phrasing in translation.questions:
                return translation.source
    return entry.source


def same_people_see(one: Entry, other: Entry) -> bool:
    """Tell whether two entries stand in each other's way: for the same people at some time."""
    first, second = one.details, other.details
    if set(first.audience) != set(second.audience):
        return False  # one for a group beside one for all is meant so
    return (first.valid_from or date.min) <= (second.valid_until or date.max) and (
        second.valid_from or date.min
    ) <= (first.valid_until or date.max)


def told_apart(entry: Entry, source: Source) -> str:
    """Name an entry and where to find it, for someone who looks at another place."""
    where = f"line {entry.source.line}"
    if entry.source.file != source.file:
        where = f"{entry.source.file}, {where}"
    return f'"{entry.id}" ({where})'


def contradiction(  # noqa: PLR0913, PLR0917 - two of all that there is
    source: Source, column: int, question: str, other: Entry, other_question: str, wherein: str
) -> Problem:
    """Tell of two answers to the same question that cannot both be true."""
    same = asked_the_same(question) == asked_the_same(other_question)
    asked = "also answers this question" if same else f'answers nearly the same: "{other_question}"'
    return Problem(
        source,
        f'"{question}": the entry {told_apart(other, source)} {asked}, and the two answers '
        f"contradict each other: {wherein}.",
        "Correct the one that is wrong, and make one entry of both if they mean the same.",
        "warning",
        column,
        "contradictory-answers",
    )


def asked_the_same(text: str) -> str:
    """Leave out what does not change which question a text is."""
    return normalise(text).rstrip("?!. ")


def _same_questions(entries: Sequence[Entry], lines: Lines) -> Iterator[Problem]:
    """Tell of each phrasing that an entry before has, too; of two entries only once."""
    first: dict[str, list[tuple[Entry, str]]] = {}
    told: set[tuple[str, str]] = set()
    for entry in entries:
        for phrasing in entry.phrasings:
            earlier = first.setdefault(asked_the_same(phrasing), [])
            for other, other_phrasing in earlier[:1]:
                if (other.id, entry.id) not in told and same_people_see(other, entry):
                    told.add((other.id, entry.id))
                    yield _same_question(entry, phrasing, other, other_phrasing, lines)
            if not any(it is entry for it, _ in earlier):
                earlier.append((entry, phrasing))


def _same_question(
    entry: Entry, phrasing: str, other: Entry, other_phrasing: str, lines: Lines
) -> Problem:
    source, column = lines.find(where_asked(entry, phrasing), phrasing)
    wherein = disagreement(entry.answer, other.answer)
    if wherein:
        return contradiction(source, column, phrasing, other, other_phrasing, wherein)
    same_answer = normalise(entry.answer) == normalise(other.answer)
    return Problem(
        source,
        f'"{phrasing}" is a question of the entry {told_apart(other, source)}, too, so which of '
        "the two answers is left to chance.",
        "Remove one of the two entries, since their answers are the same."
        if same_answer
        else "Remove it from one of the two entries, or make one entry of both.",
        "warning",
        column,
        "duplicate-question",
    )


def _unknown_related(entries: Sequence[Entry], lines: Lines) -> Iterator[Problem]:
    known = {id_ for entry in entries for id_ in (entry.id, *entry.details.aliases)}
    guesses = _MOST_GUESSES
    for entry in entries:
        for id_ in entry.details.related:
            if id_ in known:
                continue
            near = difflib.get_close_matches(id_, known, 1, _LIKE_AN_ID) if guesses > 0 else []
            guesses -= 1
            source, column = lines.find(entry.source, id_)
            yield Problem(
                source,
                f'"related" names "{id_}", but no entry has this id.',
                f"Did you mean `{near[0]}`?" if near else "Write the id of another entry.",
                "warning",
                column,
                "unknown-related",
            )


def _validity(entry: Entry, today: date) -> Iterator[Problem]:
    begin, end = entry.details.valid_from, entry.details.valid_until
    if end is None or (end >= today and (begin is None or begin <= end)):
        return
    if begin and begin > end:
        kind = "never-shown"
        what = f'"{entry.question}" is never shown: it would be from {begin} on, but until {end}.'
        mend = "Let `valid_until` be the later of the two days."
    else:
        kind = "expired"
        what = f'"{entry.question}" is no longer shown: it was valid until {end}.'
        mend = "Remove the entry, or give it a later day in `valid_until`."
    # The day may be written for the whole file, so it is told where the entry begins.
    yield Problem(entry.source, what, mend, "warning", kind=kind)


def _length(entry: Entry, messages_of: Callable[[str], int]) -> Iterator[Problem]:
    texts = [(entry.question, entry.answer, entry.source)]
    texts += [(it.questions[0], it.answer, it.source) for it in entry.details.translations]
    for question, answer, source in texts:
        # A character is at most two units; what is shorter is not worth the rendering.
        if len(answer) * 2 > _MOST_UNITS and len(answer.encode("utf-16-le")) // 2 > _MOST_UNITS:
            count = messages_of(answer)
            if count > 1:
                yield Problem(
                    source,
                    f'The answer to "{question}" is too long for one message in Telegram: it '
                    f"arrives as {count}.",
                    "Shorten it, or make several entries of it, each with a question of its own.",
                    "warning",
                    kind="long-answer",
                )
