"""The model of meaning, against the normal distributions that it stands for."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.plda import Plda, principal
from bot.matching.segments import Floats, Segments
from bot.model import Vectors


def _vectors(seed: int, rows: int, dimensions: int) -> Vectors:
    """Draw vectors of length 1."""
    drawn = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def _log_density(values: Floats, covariance: Floats) -> float:
    """Give the logarithm of a normal density around 0."""
    _, volume = np.linalg.slogdet(2 * np.pi * covariance)
    return float(-0.5 * (volume + values @ np.linalg.solve(covariance, values)))


def _joint(vectors: Floats, between: Floats, within: Floats) -> float:
    """Give the log-density of vectors that share one centre."""
    count = len(vectors)
    covariance = np.kron(np.ones((count, count)), between) + np.kron(np.eye(count), within)
    return _log_density(vectors.reshape(-1), covariance)


@given(
    st.integers(0, 9999),
    st.lists(st.integers(1, 4), min_size=3, max_size=5),
    st.integers(3, 5),
)
def test_a_ratio_is_that_of_two_normal_densities(
    seed: int, counts: list[int], dimensions: int
) -> None:
    """An entry's score compares "one centre for all of them" with "a centre of its own"."""
    vectors = _vectors(seed, sum(counts), dimensions)
    questions = _vectors(seed + 1, 3, dimensions)
    phrasings = Segments.of_lengths(counts)

    model = Plda.fit(vectors, phrasings)

    back = np.linalg.inv(model.basis.astype(np.float64))
    within, between = back.T @ back, back.T @ np.diag(model.between) @ back
    ratios = model.log_likelihood_ratios(questions)
    assert ratios.shape == (3, len(counts))
    for row, question in enumerate(questions):
        alone = (question - model.mean)[None].astype(np.float64)
        for column in range(len(counts)):
            start, end = phrasings.starts[column : column + 2]
            siblings = (vectors[start:end] - model.mean).astype(np.float64)
            direct = (
                _joint(np.concatenate([alone, siblings]), between, within)
                - _joint(alone, between, within)
                - _joint(siblings, between, within)
            )
            expected = direct / np.sqrt(dimensions)
            assert ratios[row, column] == pytest.approx(expected, rel=1e-2, abs=1e-2)


def test_more_phrasings_sharpen() -> None:
    """An entry of many like phrasings draws what is like them more, and the rest less."""
    one, other, *rest = np.eye(8, dtype=np.float32)
    vectors = np.stack([one, *[other] * 6, *rest, *rest])
    model = Plda.fit(vectors, Segments.of_lengths([1, 6, *[1] * 12]))

    ratios = model.log_likelihood_ratios(np.stack([one, other, rest[0]]))

    assert ratios[1, 1] > ratios[0, 0] > 0
    assert ratios[2, 1] < ratios[2, 0] < ratios[0, 0]


@given(st.integers(0, 9999), st.integers(1, 6), st.integers(1, 3), st.booleans())
def test_whatever_the_vectors_a_ratio_is_a_number(
    seed: int,
    entries: int,
    most: int,
    same: bool,  # noqa: FBT001 - hypothesis draws it
) -> None:
    """One phrasing an entry, one entry, or all vectors alike: there is always a finite score."""
    counts = np.random.default_rng(seed).integers(1, most + 1, entries)
    vectors = _vectors(seed, int(counts.sum()), 6)
    if same:
        vectors = np.repeat(vectors[:1], len(vectors), axis=0)

    ratios = Plda.fit(vectors, Segments.of_lengths(counts)).log_likelihood_ratios(
        np.concatenate([vectors, _vectors(seed + 1, 4, 6)])
    )

    assert np.isfinite(ratios).all()


@given(st.integers(0, 9999))
def test_a_phrasing_is_nearest_to_its_own_entry(seed: int) -> None:
    """Among entries of one phrasing each, each phrasing has its best score at home."""
    vectors = _vectors(seed, 6, 32)

    ratios = Plda.fit(vectors, Segments.of_lengths([1] * 6)).log_likelihood_ratios(vectors)

    assert ratios.argmax(axis=1).tolist() == list(range(6))


def test_what_entries_vary_in_counts_for_less() -> None:
    """A direction in which the phrasings of each entry differ tells entries apart less."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(40, 8))
    noise = np.zeros((400, 8))
    noise[:, 0] = generator.normal(size=400) * 4
    vectors = (np.repeat(centres, 10, axis=0) + noise).astype(np.float32)

    model = Plda.fit(vectors, Segments.of_lengths([10] * 40))

    def told_apart(direction: int) -> float:
        step = np.zeros((2, 8), dtype=np.float32)
        step[1, direction] = 1
        low, high = model.log_likelihood_ratios(model.mean + step)
        return float(np.abs(high - low).mean())

    assert told_apart(0) < min(map(told_apart, range(1, 8)))


@pytest.fixture(scope="module")
def long_vectors() -> npt.NDArray[np.float32]:
    """Draw vectors of 520 numbers, which differ in the first 40 of them only."""
    drawn = np.zeros((60, 520), dtype=np.float32)
    drawn[:, :40] = _vectors(0, 60, 40)
    return drawn


def test_very_long_vectors_are_projected(long_vectors: npt.NDArray[np.float32]) -> None:
    """Of vectors with more than 512 numbers, only the directions that hold anything are kept."""
    projection = principal(long_vectors)
    assert projection is not None
    model = Plda.fit(long_vectors, Segments.of_lengths([2] * 30), projection)

    assert model.basis.shape == (520, 40)
    ratios = model.log_likelihood_ratios(long_vectors)
    assert np.isfinite(ratios).all()
    assert (ratios.argmax(axis=1) == np.repeat(np.arange(30), 2)).all()


@pytest.mark.parametrize("count", [60, 600], ids=["fewer vectors than numbers", "more"])
def test_the_projection_keeps_every_distance(count: int) -> None:
    """Where vectors span fewer than 512 directions, nothing is lost, however many they are."""
    vectors = np.zeros((count, 520), dtype=np.float32)
    vectors[:, 100:140] = _vectors(3, count, 40)

    projection = principal(vectors)

    assert projection is not None
    assert projection.shape == (520, 40)
    assert np.allclose(vectors @ projection @ projection.T, vectors, atol=1e-4)


def test_short_vectors_are_left_as_they_are() -> None:
    """512 numbers are as few as are kept anyway."""
    assert principal(np.ones((3, 512), dtype=np.float32)) is None
