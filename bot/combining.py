"""A message that may hold several questions: what to look up of it, and one outcome of all."""

from collections.abc import Mapping
from dataclasses import replace

from bot.matching.parts import parts_of
from bot.matching.words import words
from bot.model import Entry, Match, Outcome, OutcomeKind

MOST_MATCHES = 5
CERTAIN = 1.0
"""The score of what stands in the FAQ word for word."""
_TELLING_SHARE = 0.5
"""How long a part must be, against the longest, to bring suggestions for the whole message."""


def readings_of(text: str) -> tuple[str, ...]:
    """Give the texts to embed for a message: the whole, and the parts it may consist of."""
    return text, *parts_of(text)


def combined(whole: Outcome, parts: Mapping[str, Outcome]) -> Outcome:
    """Make one outcome of a message and its parts."""
    plausible = {match.entry_id for match in whole.matches}
    # What the whole message has nothing to do with is not one of its questions, unless it stands in
    # the FAQ word for word.
    parts = {
        text: part
        for text, part in parts.items()
        if part.matches
        and (part.matches[0].entry_id in plausible or part.matches[0].score >= CERTAIN)
    }
    answers: dict[str, tuple[Entry, Match]] = {}
    for part in parts.values():
        if part.entry:
            answers.setdefault(part.entry.id, (part.entry, part.matches[0]))
    if len(answers) > 1:
        entries = tuple(entry for entry, _ in answers.values())
        sure = sorted((match for _, match in answers.values()), key=lambda it: -it.score)
        others = tuple(match for match in whole.matches if match.entry_id not in answers)
        return replace(
            whole,
            kind=OutcomeKind.ANSWER,
            entry=entries[0],
            further=entries[1:],
            suggestions=(),
            matches=(*sure, *others)[:MOST_MATCHES],
        )
    if whole.kind is OutcomeKind.ANSWER:
        return whole
    # A greeting or a story around a question hides it; the question alone does not.
    surest = max(parts.values(), key=_certainty, default=whole)
    if surest.kind is OutcomeKind.ANSWER or whole.kind is OutcomeKind.SUGGEST:
        return surest if surest.kind is OutcomeKind.ANSWER else whole
    # But "could you tell me?" is no question.
    longest = max((len(words(text)) for text in parts), default=0)
    telling = [it for text, it in parts.items() if len(words(text)) > longest * _TELLING_SHARE]
    best = max(telling, key=_certainty, default=whole)
    return best if best.kind is OutcomeKind.SUGGEST else whole


def _certainty(outcome: Outcome) -> float:
    return outcome.score or 0.0
