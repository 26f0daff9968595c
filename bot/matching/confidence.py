"""How sure to be of the best candidate: right, wrong, or was the question off the topic?

The conditional logit spreads its belief over neighbours that say much the same, and how thinly
differs from FAQ to FAQ. A second, smaller model, learnt over many FAQs, reads off it how often an
answer that looks like this one turned out to be right.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.matching.features import NONE_FEATURES, Features, Scales
from bot.matching.segments import Floats

_READINGS = ("best", "none", "best_to_second", "best_to_none", "entropy")
SUMMARY: Final = (
    "one",
    *_READINGS,
    *(f"{reading}_depth" for reading in ("one", *_READINGS)),
    *(f"{reading}_entries" for reading in ("one", *_READINGS)),
    *(f"{reading}_trust" for reading in ("one", *_READINGS)),
    *(f"{reading}_foreign" for reading in _READINGS),
    "foreign_depth",
    "foreign_trust",
    "foreign",
    "unknown",
    "unknown_anywhere",
    "length",
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
    second = ordered[:, 1] if ordered.shape[1] > 1 else np.zeros(len(best))
    readings = {
        "one": np.ones(len(best)),
        "best": _logit(best),
        "none": _logit(none),
        "best_to_second": _logit(best / np.maximum(best + second, 1e-12)),
        "best_to_none": _logit(best / np.maximum(best + none, 1e-12)),
        "entropy": -(chances * np.log(chances + 1e-12)).sum(axis=1),
    }
    values = dict(readings)
    about = {
        "depth": scales.depth,
        "entries": float(np.log(entries)) - _TYPICAL_ENTRIES,
        "trust": scales.trust,
    }
    of_question = ("foreign", "unknown", "unknown_anywhere", "length")
    values |= {name: features.of_none[:, NONE_FEATURES.index(name)] for name in of_question}
    for name, value in (*about.items(), ("foreign", values["foreign"])):
        values |= {f"{reading}_{name}": it * value for reading, it in readings.items()}
    values |= {f"foreign_{name}": values["foreign"] * about[name] for name in ("depth", "trust")}
    return np.stack([values[name] for name in SUMMARY], axis=1)


def confidence(summaries: Floats, calibration: Calibration) -> Confidence:
    """Give the probabilities that the best candidate is right, and that no entry could be."""
    utilities = np.stack(
        [
            summaries @ calibration.right,
            summaries @ calibration.off_topic,
            np.zeros(len(summaries)),
        ],
        axis=1,
    )
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
    held = np.clip(chances, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(held / (1 - held)))
