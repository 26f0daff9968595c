"""Weights that held over many FAQs: where learning begins, and what decides where it cannot.

Learnt from some 300 FAQs of a dozen languages, with other FAQs' questions as off-topic ones; how,
and how they do on FAQs that took no part, is told in the benchmarks' README. Nobody should change
these numbers by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.matching.confidence import SUMMARY, Calibration
from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES
from bot.matching.fusion import Prior, Weights
from bot.matching.segments import Floats


@dataclass(frozen=True, slots=True)
class Priors:
    """All that is known before the FAQ is."""

    prior: Prior
    calibration: Calibration


def _priors(
    of_candidates: Mapping[str, tuple[float, float]],
    of_none: Mapping[str, tuple[float, float]],
    of_summary: Mapping[str, tuple[float, float]],
) -> Priors:
    """Put tables in the order of the features.

    Args:
        of_candidates: for FAQs of one phrasing an entry, and of very many.
        of_none: the same; the second is added to the first.
        of_summary: for "right" and for "off the topic".
    """
    shallow, deep = _columns(of_candidates, CANDIDATE_FEATURES)
    none, more_of_none = _columns(of_none, NONE_FEATURES)
    right, off_topic = _columns(of_summary, SUMMARY)
    return Priors(
        Prior(Weights(shallow, none), Weights(deep, more_of_none)), Calibration(right, off_topic)
    )


def _columns(
    table: Mapping[str, tuple[float, float]], names: tuple[str, ...]
) -> tuple[Floats, Floats]:
    both = np.array([table[name] for name in names])
    return both[:, 0], both[:, 1]


WITH_EMBEDDINGS: Final = _priors(
    {
        "entry": (0.102, 1.298),
        "nearest_centred": (-0.094, 0.185),
        "nearest": (-0.313, 0.097),
        "centroid": (0.722, 0.121),
        "spelling": (0.011, 0.263),
        "words": (-0.907, -0.586),
        "answer_sentence": (0.114, -0.241),
        "answer_mean": (1.505, -0.081),
        "answer_words": (0.193, -0.030),
        "all_words": (1.060, 0.315),
        "agreement": (0.756, 0.536),
        "entry_lead": (0.146, 0.373),
        "nearest_lead": (0.014, 0.220),
        "all_words_lead": (0.901, 0.846),
        "answer_sentence_lead": (0.960, 0.860),
        "entry_foreign": (0.254, 0.243),
        "nearest_foreign": (0.385, 0.519),
        "centroid_foreign": (0.424, 0.315),
        "entry_to_own": (2.410, 1.141),
        "nearest_to_own": (2.463, 0.535),
        "spelling_to_own": (0.923, 0.258),
        "words_to_own": (0.843, 0.126),
        "all_words_to_own": (2.063, 0.290),
    },
    {
        "one": (0.984, 0.208),
        "entries": (0.170, 0.168),
        "answered_entries": (0.311, 0.109),
        "unknown": (0.274, -0.365),
        "unknown_anywhere": (1.717, 0.052),
        "foreign": (0.729, 0.443),
        "length": (-0.398, -0.066),
        "trust": (1.181, 0.267),
        "rest": (0.955, -0.620),
        "spread": (-0.583, 0.069),
    },
    {
        "one": (-0.034, -0.092),
        "best": (0.042, -0.193),
        "none": (0.519, -0.202),
        "best_to_second": (0.275, 0.027),
        "best_to_none": (0.398, -0.211),
        "entropy": (-0.071, -0.713),
        "one_depth": (-0.028, 0.362),
        "best_depth": (0.131, -0.324),
        "none_depth": (0.065, -0.165),
        "best_to_second_depth": (0.072, 0.420),
        "best_to_none_depth": (0.183, -0.199),
        "entropy_depth": (-0.109, 0.082),
        "one_entries": (0.148, -0.179),
        "best_entries": (-0.128, 0.041),
        "none_entries": (0.049, -0.234),
        "best_to_second_entries": (0.164, 0.178),
        "best_to_none_entries": (0.058, -0.277),
        "entropy_entries": (-0.110, -0.202),
        "one_trust": (0.066, 0.371),
        "best_trust": (-0.045, -0.482),
        "none_trust": (0.135, -0.290),
        "best_to_second_trust": (0.269, 0.692),
        "best_to_none_trust": (0.318, -0.380),
        "entropy_trust": (0.117, 0.421),
        "best_foreign": (0.096, 0.230),
        "none_foreign": (0.023, -0.007),
        "best_to_second_foreign": (0.112, 0.094),
        "best_to_none_foreign": (0.085, -0.071),
        "entropy_foreign": (-0.027, 0.094),
        "foreign_depth": (0.197, 0.157),
        "foreign_trust": (-0.043, 0.159),
        "foreign": (-0.028, -0.074),
        "unknown": (0.171, 0.173),
        "unknown_anywhere": (-0.194, 0.788),
        "length": (0.026, -0.570),
    },
)
"""For all voices."""

WITHOUT_EMBEDDINGS: Final = _priors(
    {
        "entry": (0.000, 0.000),
        "nearest_centred": (0.000, 0.000),
        "nearest": (0.000, 0.000),
        "centroid": (0.000, 0.000),
        "spelling": (0.501, 0.903),
        "words": (-1.095, 0.180),
        "answer_sentence": (0.000, 0.000),
        "answer_mean": (0.000, 0.000),
        "answer_words": (0.645, 0.227),
        "all_words": (1.275, 0.595),
        "agreement": (1.823, 0.662),
        "entry_lead": (0.000, 0.000),
        "nearest_lead": (0.000, 0.000),
        "all_words_lead": (0.515, 1.036),
        "answer_sentence_lead": (0.000, 0.000),
        "entry_foreign": (0.000, 0.000),
        "nearest_foreign": (0.000, 0.000),
        "centroid_foreign": (0.000, 0.000),
        "entry_to_own": (0.000, 0.000),
        "nearest_to_own": (0.000, 0.000),
        "spelling_to_own": (2.993, 0.833),
        "words_to_own": (1.667, 0.653),
        "all_words_to_own": (2.575, 0.546),
    },
    {
        "one": (0.440, 0.054),
        "entries": (0.515, 0.269),
        "answered_entries": (0.282, -0.217),
        "unknown": (0.179, 0.146),
        "unknown_anywhere": (1.710, 0.288),
        "foreign": (0.915, -0.481),
        "length": (-0.565, -0.070),
        "trust": (0.402, 0.005),
        "rest": (0.345, 0.240),
        "spread": (0.207, 0.500),
    },
    {
        "one": (-0.172, -0.017),
        "best": (0.242, 0.015),
        "none": (0.346, -0.141),
        "best_to_second": (0.225, 0.074),
        "best_to_none": (0.180, -0.252),
        "entropy": (-0.132, -0.420),
        "one_depth": (0.009, 0.285),
        "best_depth": (0.061, -0.086),
        "none_depth": (-0.084, 0.101),
        "best_to_second_depth": (0.175, 0.427),
        "best_to_none_depth": (-0.041, 0.069),
        "entropy_depth": (-0.173, 0.206),
        "one_entries": (0.483, -0.582),
        "best_entries": (0.218, -0.233),
        "none_entries": (-0.025, -0.320),
        "best_to_second_entries": (0.003, 0.177),
        "best_to_none_entries": (-0.166, -0.090),
        "entropy_entries": (-0.115, -0.161),
        "one_trust": (-0.184, 0.290),
        "best_trust": (0.175, -0.319),
        "none_trust": (0.114, -0.284),
        "best_to_second_trust": (0.031, 0.396),
        "best_to_none_trust": (0.265, -0.372),
        "entropy_trust": (0.189, 0.343),
        "best_foreign": (0.056, 0.023),
        "none_foreign": (0.119, -0.232),
        "best_to_second_foreign": (0.809, -0.065),
        "best_to_none_foreign": (0.093, 0.168),
        "entropy_foreign": (0.184, -0.121),
        "foreign_depth": (0.233, -0.433),
        "foreign_trust": (0.126, -0.082),
        "foreign": (0.255, -0.207),
        "unknown": (0.403, 0.156),
        "unknown_anywhere": (-0.451, 0.861),
        "length": (0.188, -0.716),
    },
)
"""For the voices that need no embeddings."""
