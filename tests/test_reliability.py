"""Whether confidence can be believed, against a naive computation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.reliability import ReliabilityBin, calibration_error, reliability_bins


def _bins(*judgements: tuple[float, bool, float]) -> tuple[ReliabilityBin, ...]:
    """Sort judgements into bins; each is a confidence, what came true, and a weight."""
    return reliability_bins(
        np.array([it[0] for it in judgements], dtype=float),
        np.array([it[1] for it in judgements], dtype=bool),
        np.array([it[2] for it in judgements], dtype=float),
    )


def test_bins_are_a_tenth_wide() -> None:
    """A border belongs to the bin above it, certainty to the last one; empty bins are left out."""
    bins = _bins((0, False, 1), (0.09, True, 1), (0.1, True, 1), (0.95, True, 1), (1, False, 1))
    assert [it.confidence for it in bins] == pytest.approx([0.045, 0.1, 0.975])
    assert [it.weight for it in bins] == pytest.approx([0.4, 0.2, 0.4])
    assert [(it.right, it.count) for it in bins] == [(0.5, 2), (1, 1), (0.5, 2)]


def test_weights_count_within_a_bin_and_between_bins() -> None:
    """What weighs three times as much counts as often; what weighs nothing makes no bin."""
    low, high = _bins((0.2, True, 3), (0.24, False, 1), (0.8, False, 4), (0.5, True, 0))
    assert low.confidence == pytest.approx(0.21)
    assert (low.right, low.weight) == (0.75, 0.5)
    assert (high.right, high.weight) == (0, 0.5)
    assert calibration_error([low, high]) == pytest.approx((0.54 + 0.8) / 2)


def test_nothing_has_no_error() -> None:
    """Without judgements there are no bins, and no error."""
    assert _bins() == ()
    assert calibration_error(()) is None


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.01, 10)), min_size=1, max_size=30
    )
)
def test_the_error_is_the_weighted_gap(judgements: list[tuple[float, bool, float]]) -> None:
    """The error is the sum over bins of |what was right - what was claimed|, over all weight."""
    total = sum(weight for *_, weight in judgements)
    gaps = [0.0] * 10
    for confidence, is_right, weight in judgements:
        gaps[min(int(confidence * 10), 9)] += weight * (is_right - confidence)
    bins = _bins(*judgements)
    assert calibration_error(bins) == pytest.approx(sum(map(abs, gaps)) / total, abs=1e-9)
    assert sum(it.weight for it in bins) == pytest.approx(1)
    assert sum(it.count for it in bins) == len(judgements)
    assert list(bins) == sorted(bins, key=lambda it: it.confidence)
