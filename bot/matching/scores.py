"""What is believed of the candidates of one question, as scores that people are shown."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np

from bot.matching.confidence import Confidence
from bot.matching.evidence import Voiced
from bot.matching.features import Features
from bot.matching.segments import Floats, Integers
from bot.model import Match

Scored: TypeAlias = tuple[Integers, Floats, float]
"""The candidates, the best first; their scores in that order; and the chance that none is right."""

# For FAQs too small to learn from: where a similarity means "even chances", and how softly.
_EVEN_SPELLING, _SOFTNESS = 0.6, 0.08


def best_first(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Order matches by their scores, equal ones by id."""
    return tuple(sorted(matches, key=lambda it: (-it.score, it.entry_id)))


def by_belief(described: Features, chances: Floats, belief: Confidence) -> Scored:
    """Score by what was learnt.

    Args:
        described: the candidates of one question.
        chances: what the fusion gives each of them and none of them, shape (1, c + 1).
        belief: how sure to be of the best of them.
    """
    of_candidates = chances[0, :-1]
    order = np.argsort(-of_candidates, kind="stable")
    best, off_topic = float(belief.right[0]), float(belief.off_topic[0])
    scores = of_candidates[order].copy()
    others = float(scores[1:].sum())
    # What is left of all belief is shared by the others; none of them gets past the best.
    scores[1:] *= max(1 - best - off_topic, 0.0) / others if others > 0 else 0.0
    scores[0] = best
    scores[1:] = np.minimum(scores[1:], best * (1 - 1e-9))
    return described.candidates[0][order], scores, off_topic


def by_similarity(voiced: Voiced, even_similarity: float) -> Scored:
    """Score by plain similarity, for a FAQ too small to learn from.

    Args:
        voiced: what the voices say of one question.
        even_similarity: the cosine at which an entry is as likely right as wrong.
    """
    if "nearest" in voiced.scores:
        similarities, even = voiced.scores["nearest"][0], even_similarity
    else:
        similarities, even = voiced.scores["spelling"][0], _EVEN_SPELLING
    order = np.argsort(-similarities, kind="stable")
    scores = 1 / (1 + np.exp(-(similarities[order] - even) / _SOFTNESS))
    scores /= max(1.0, float(scores.sum()))
    # What no entry takes is left for none of them.
    return order, scores, max(1 - float(scores.sum()), 0.0)
