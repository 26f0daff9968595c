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
        "one": (0.002, -0.082),
        "best": (0.062, -0.144),
        "none": (0.471, -0.166),
        "best_to_second": (0.310, 0.111),
        "best_to_none": (0.329, -0.240),
        "entropy": (-0.040, -0.533),
        "one_depth": (-0.026, 0.273),
        "best_depth": (0.121, -0.242),
        "none_depth": (0.018, -0.137),
        "best_to_second_depth": (0.063, 0.383),
        "best_to_none_depth": (0.169, -0.163),
        "entropy_depth": (-0.110, 0.182),
        "one_entries": (0.093, -0.155),
        "best_entries": (-0.082, 0.026),
        "none_entries": (0.066, -0.196),
        "best_to_second_entries": (0.132, 0.135),
        "best_to_none_entries": (0.069, -0.214),
        "entropy_entries": (-0.058, -0.212),
        "one_trust": (0.052, 0.300),
        "best_trust": (0.016, -0.435),
        "none_trust": (0.132, -0.270),
        "best_to_second_trust": (0.211, 0.574),
        "best_to_none_trust": (0.310, -0.339),
        "entropy_trust": (0.074, 0.333),
        "foreign": (-0.048, 0.000),
        "unknown": (0.108, 0.210),
        "unknown_anywhere": (-0.178, 0.661),
        "length": (0.034, -0.566),
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
        "one": (-0.130, -0.034),
        "best": (0.229, 0.022),
        "none": (0.411, -0.079),
        "best_to_second": (0.269, 0.065),
        "best_to_none": (0.192, -0.196),
        "entropy": (-0.012, -0.366),
        "one_depth": (-0.018, 0.212),
        "best_depth": (0.062, -0.057),
        "none_depth": (-0.051, 0.011),
        "best_to_second_depth": (0.137, 0.374),
        "best_to_none_depth": (0.011, 0.030),
        "entropy_depth": (-0.115, 0.194),
        "one_entries": (0.350, -0.366),
        "best_entries": (0.144, -0.166),
        "none_entries": (-0.009, -0.191),
        "best_to_second_entries": (0.030, 0.127),
        "best_to_none_entries": (-0.116, -0.019),
        "entropy_entries": (-0.113, -0.129),
        "one_trust": (-0.101, 0.219),
        "best_trust": (0.162, -0.298),
        "none_trust": (0.095, -0.229),
        "best_to_second_trust": (0.048, 0.343),
        "best_to_none_trust": (0.308, -0.296),
        "entropy_trust": (0.136, 0.262),
        "foreign": (0.440, -0.691),
        "unknown": (0.179, 0.392),
        "unknown_anywhere": (-0.353, 0.804),
        "length": (0.112, -0.634),
    },
)
"""For the voices that need no embeddings."""
