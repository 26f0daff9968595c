"""Rows that belong together, against plain loops."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.segments import Floats, Segments

_lengths = st.lists(st.integers(0, 4), max_size=8)


def _runs(values: Floats, lengths: list[int]) -> list[Floats]:
    """Cut the last axis into runs."""
    ends = np.cumsum(lengths)
    return [
        values[..., end - length : end] for end, length in zip(ends.tolist(), lengths, strict=True)
    ]


@given(_lengths)
def test_runs_lie_one_after_the_other(lengths: list[int]) -> None:
    """Runs keep the lengths that they were made of, and every row knows its run."""
    segments = Segments.of_lengths(lengths)

    assert len(segments) == len(lengths)
    assert segments.lengths().tolist() == lengths
    assert segments.owners().tolist() == [
        run for run, length in enumerate(lengths) for _ in range(length)
    ]


@pytest.mark.parametrize(
    ("name", "naive"), [("sums", np.sum), ("means", np.mean), ("maxima", np.max)]
)
@given(lengths=_lengths, seed=st.integers(0, 99))
def test_each_run_is_reduced_alone(
    name: str, naive: Callable[[Floats], float], lengths: list[int], seed: int
) -> None:
    """Sums, means and maxima are those of each run, and 0 for an empty one, wherever it stands."""
    values = np.random.default_rng(seed).normal(size=(2, sum(lengths)))

    reduced = getattr(Segments.of_lengths(lengths), name)(values)

    assert reduced.shape == (2, len(lengths))
    for row in range(2):
        expected = [naive(run) if len(run) else 0.0 for run in _runs(values[row], lengths)]
        assert reduced[row].tolist() == pytest.approx(expected)


def test_negative_values_stay_below_an_empty_run() -> None:
    """The largest of a run may be negative: emptiness counts in empty runs only."""
    values = np.array([-2.0, -1.0, -3.0])

    assert Segments.of_lengths([0, 2, 0, 1, 0]).maxima(values).tolist() == [0, -1, 0, -3, 0]


@given(_lengths.filter(bool), st.data())
def test_some_runs_can_be_taken_out(lengths: list[int], data: st.DataObject) -> None:
    """Any runs, in any order, give their own rows and stay told apart."""
    runs = data.draw(st.lists(st.integers(0, len(lengths) - 1)))
    values = np.arange(sum(lengths), dtype=np.float64)

    places, chosen = Segments.of_lengths(lengths).places(np.array(runs, dtype=np.int64))

    assert chosen.lengths().tolist() == [lengths[run] for run in runs]
    expected = _runs(values, lengths)
    assert values[places].tolist() == [value for run in runs for value in expected[run]]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(1, 9))
def test_blocks_are_the_whole_in_order(lengths: list[int], repeated: int) -> None:
    """However many runs there are, their blocks hold each run and each row once, in order."""
    segments = Segments.of_lengths(lengths * repeated * 10)
    rows = np.arange(segments.starts[-1])
    found_runs: list[int] = []
    found_rows: list[int] = []
    for runs, of_rows, inside in segments.blocks():
        found_runs += range(len(segments))[runs]
        found_rows += rows[of_rows].tolist()
        assert (inside.lengths() == segments.lengths()[runs]).all()
    assert found_runs == list(range(len(segments)))
    assert found_rows == rows.tolist()
    values = np.stack([rows, rows**2], axis=1).astype(np.float32)
    means = np.concatenate([means for _, means in segments.row_means(values)])
    np.testing.assert_allclose(means, segments.means(values.T).T)
