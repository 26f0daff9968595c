"""Cosines around a centre."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.centred import Centred, CentredQuestions, chosen


@given(st.integers(0, 10_000), st.lists(st.integers(0, 6), unique=True))
def test_dot_products_become_cosines_around_the_centre(seed: int, some: list[int]) -> None:
    """They are what comes of moving every vector first, for any choice of the vectors."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((7, 5), np.float32)
    questions = random.standard_normal((3, 5), np.float32)
    centre = random.standard_normal(5, np.float32)
    rows = np.array(sorted(some), dtype=np.int64)

    cosines = Centred.of(vectors, centre).cosines(
        questions @ chosen(vectors, rows).T, rows, CentredQuestions.of(questions, centre)
    )

    moved, moved_questions = vectors[rows] - centre, questions - centre
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    moved_questions /= np.linalg.norm(moved_questions, axis=1, keepdims=True)
    assert np.allclose(cosines, moved_questions @ moved.T, atol=1e-3)


def test_a_vector_at_the_centre_is_near_nothing() -> None:
    """Where there is no direction there is no similarity, and no division by zero."""
    centre = np.full(4, 0.5, dtype=np.float32)
    itself = centre.reshape(1, 4)

    cosines = Centred.of(itself, centre).cosines(
        np.ones((1, 1), dtype=np.float32), np.array([0]), CentredQuestions.of(itself, centre)
    )

    assert np.isfinite(cosines).all()
