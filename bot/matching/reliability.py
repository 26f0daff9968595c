"""Whether confidence can be believed: of all that was held to be 80% sure, were 80% right?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Judgements of about the same confidence."""

    confidence: float
    """Their weighted mean confidence, from 0 to 1."""
    right: float
    """The weighted share of them that was right."""
    weight: float
    """Their share of all weight; over all bins it sums to 1."""
    count: int
    """How many they are."""


def reliability_bins(
    confidence: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.float64],
) -> tuple[ReliabilityBin, ...]:
    """Sort judgements into ten bins of equal width by their confidence.

    Args:
        confidence: the probability of being right, from 0 to 1, shape (n,).
        right: what came true, shape (n,).
        weight: how much each counts, not negative, shape (n,).

    Returns:
        The bins that have any weight, by rising confidence.
    """
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins = []
    for place in range(_BINS):
        inside = places == place
        total = weight[inside].sum()
        if total > 0:
            bins.append(
                ReliabilityBin(
                    confidence=float((weight * confidence)[inside].sum() / total),
                    right=float((weight * right)[inside].sum() / total),
                    weight=float(total / weight.sum()),
                    count=int(inside.sum()),
                )
            )
    return tuple(bins)


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """Compute the expected calibration error (Naeini, Cooper and Hauskrecht 2015).

    Returns:
        How far confidence and truth lie apart on average, from 0 to 1; None without bins.
    """
    if not bins:
        return None
    return sum(it.weight * abs(it.right - it.confidence) for it in bins)
