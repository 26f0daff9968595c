"""Why an entry got its score, in words that whoever edits the FAQ understands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matching.evidence import Voiced
from bot.matching.features import Scale, Scales
from bot.model import Match

_PARTS: Final = {
    "nearest": "meaning of its nearest phrasing",
    "entry": "meaning of all its phrasings together",
    "words": "words shared with its phrasings",
    "spelling": "letters shared with its nearest phrasing",
    "answer_sentence": "meaning of a sentence in its answer",
    "all_words": "words shared with its phrasings and its answer",
}
_OF_ANSWERS = ("answer_sentence", "all_words")
_AS_OWN = 0.9
_TRUSTED = 0.15
"""From which trust in the FAQ's answers on they are worth telling of."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one voice says of an entry."""

    name: str
    """The voice."""
    what: str
    """What it looks at."""
    value: float
    """Its raw score."""
    verdict: str
    """How that compares with what is usual in this FAQ."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of an entry's score."""

    match: Match
    parts: tuple[Part, ...]


def explain(match: Match, voiced: Voiced, column: int, scales: Scales | None) -> Explanation:
    """Tell what speaks for an entry.

    Args:
        match: the entry with its score.
        voiced: what the voices say to one question.
        column: the entry's in it.
        scales: how to read that; None for a FAQ too small to know what is usual.
    """
    parts = []
    for voice, what in _PARTS.items():
        if voice not in voiced.scores:
            continue
        if voice in _OF_ANSWERS and (scales is None or scales.trust < _TRUSTED):
            continue
        value = float(voiced.scores[voice][0, column])
        verdict = "" if scales is None else _verdict(value, scales.voices[voice])
        parts.append(Part(voice, what, value, verdict))
    return Explanation(match, tuple(parts))


def _verdict(value: float, scale: Scale) -> str:
    """Place a score between what a wrong entry has and what a phrasing's own entry has."""
    height = (value - scale.unrelated) / scale.related
    if height >= 1 and (value - scale.unrelated) / scale.own >= _AS_OWN:
        return "as much as one of its own phrasings"
    marks: Sequence[tuple[float, str]] = (
        (1.5, "much more than wrong entries usually have"),
        (1.0, "more than wrong entries usually have"),
        (0.5, "as much as a wrong entry may have"),
    )
    return next((words for mark, words in marks if height >= mark), "little")
