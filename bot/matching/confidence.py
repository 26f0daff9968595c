"""How sure to be of the best candidate: right, wrong, or was the question off the topic?

The conditional logit spreads its belief over neighbours that say much the same, and how thinly
differs from FAQ to FAQ. A second, smaller model, learnt over many FAQs, reads off it how often an
answer that looks like this one turned out to be right.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.matching.features import NONE_FEATURES, Features, Scales
from bot.matching.segments import Floats

_READINGS = ("best", "none", "best_to_second", "best_to_none", "entropy")
_QUESTION_FEATURES = ("foreign", "unknown", "unknown_anywhere", "length")
_OF_QUESTION = [NONE_FEATURES.index(name) for name in _QUESTION_FEATURES]
SUMMARY: Final = (
    "one",
    *_READINGS,
    *(f"{reading}_depth" for reading in ("one", *_READINGS)),
    *(f"{reading}_entries" for reading in ("one", *_READINGS)),
    *(f"{reading}_trust" for reading in ("one", *_READINGS)),
    *(f"{reading}_foreign" for reading in _READINGS),
    "foreign_depth",
    "foreign_trust",
    *_QUESTION_FEATURES,
)
ASSUMED_OFF_TOPIC_SHARE: Final = 0.3
"""The share of questions that no entry answers, with which the weights were learnt."""
_TYPICAL_ENTRIES = 3.5  # natural logarithm


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of the second model, against "the best candidate is wrong"."""

    right: Floats
    """Shape (SUMMARY,)."""
    off_topic: Floats
    """Shape (SUMMARY,)."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """What to believe of each question's best candidate, shape (n,) each."""

    right: Floats
    off_topic: Floats


def summary(chances: Floats, features: Features, scales: Scales, entries: int) -> Floats:
    """Describe how probabilities are spread; shape (n, SUMMARY)."""
    ordered = np.sort(chances[:, :-1], axis=1)[:, ::-1]
    best, none = ordered[:, 0], chances[:, -1]
    second = ordered[:, 1] if ordered.shape[1] > 1 else 0.0
    # 1 for "one", then in the order of _READINGS.
    readings = np.ones((len(best), 1 + len(_READINGS)))
    readings[:, 1] = best
    readings[:, 2] = none
    readings[:, 3] = best / np.maximum(best + second, 1e-12)
    readings[:, 4] = best / np.maximum(best + none, 1e-12)
    readings[:, 1:5] = _logit(readings[:, 1:5])
    readings[:, 5] = -(chances * np.log(chances + 1e-12)).sum(axis=1)
    of_question = features.of_none[:, _OF_QUESTION]
    foreign = of_question[:, :1]
    # In the order of SUMMARY.
    parts = (
        readings,
        readings * scales.depth,
        readings * (math.log(entries) - _TYPICAL_ENTRIES),
        readings * scales.trust,
        readings[:, 1:] * foreign,
        foreign * scales.depth,
        foreign * scales.trust,
        of_question,
    )
    return np.concatenate(parts, axis=1)


def confidence(summaries: Floats, calibration: Calibration) -> Confidence:
    """Give the probabilities that the best candidate is right, and that no entry could be."""
    utilities = np.zeros((len(summaries), 3))
    utilities[:, 0] = summaries @ calibration.right
    utilities[:, 1] = summaries @ calibration.off_topic
    utilities -= utilities.max(axis=1, keepdims=True)
    likelihoods = np.exp(utilities)
    chances = likelihoods / likelihoods.sum(axis=1, keepdims=True)
    return Confidence(chances[:, 0], chances[:, 1])


def shifted(belief: Confidence, off_topic_share: float) -> Confidence:
    """Believe in another share of off-topic questions than the priors were learnt with (Bayes)."""
    if off_topic_share >= 1:
        return Confidence(np.zeros_like(belief.right), np.ones_like(belief.off_topic))
    learnt_odds = ASSUMED_OFF_TOPIC_SHARE / (1 - ASSUMED_OFF_TOPIC_SHARE)
    ratio = off_topic_share / (1 - off_topic_share) / learnt_odds
    whole = 1 + belief.off_topic * (ratio - 1)
    return Confidence(belief.right / whole, belief.off_topic * ratio / whole)


def _logit(chances: Floats) -> Floats:
    held = chances.clip(1e-4, 1 - 1e-4)
    return np.asarray(np.log(held / (1 - held)))
