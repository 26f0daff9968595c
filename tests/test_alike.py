"""Which phrasings are so near to another entry's that they seem to mean the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.alike import FEWEST, Neighbours
from bot.model import Vectors


def _directions(count: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, 32)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _near(vector: Vectors, by: float = 0.02) -> Vectors:
    moved = vector + by * _directions(1, seed=9)[0]
    unit: Vectors = moved / np.linalg.norm(moved)
    return unit


def test_two_that_mean_the_same_stand_out() -> None:
    """A pair that is far nearer than is usual is found, from both of its ends, and nothing else."""
    vectors = _directions(40)
    vectors[33] = _near(vectors[5])

    neighbours = Neighbours.of(vectors, np.arange(40))

    assert sorted(neighbours.outstanding().tolist()) == [5, 33]
    assert (neighbours.rows[5], neighbours.rows[33]) == (33, 5)
    assert neighbours.similarities[5] > 0.95


def test_where_all_are_alike_nobody_stands_out() -> None:
    """In a FAQ whose questions are all as near as that, the same similarity says nothing."""
    vectors = _directions(40)
    for row in range(0, 40, 2):
        vectors[row + 1] = _near(vectors[row], by=0.02 + row / 400)

    assert not len(Neighbours.of(vectors, np.arange(40)).outstanding())


def test_phrasings_of_one_entry_are_not_compared() -> None:
    """That an entry asks the same in two ways is what it should do."""
    vectors = _directions(40)
    vectors[1] = _near(vectors[0])
    owners = np.array([0, 0, *range(1, 39)])

    neighbours = Neighbours.of(vectors, owners)

    assert neighbours.own[0] > 0.95
    assert neighbours.own[5] == -1
    assert not len(neighbours.outstanding())


def test_a_phrasing_that_is_nearer_to_its_own_entry_is_no_duplicate() -> None:
    """Where an entry has still nearer phrasings, it is not taken for the other one."""
    vectors = _directions(40)
    vectors[1], vectors[39] = _near(vectors[0], by=0.01), _near(vectors[0], by=0.3)
    alone = np.arange(40)
    together = np.array([0, 0, *range(1, 39)])

    assert 39 in Neighbours.of(np.delete(vectors, 1, axis=0), alone[:39]).outstanding() + 1
    assert 38 not in Neighbours.of(vectors, together).outstanding() - 1


def test_few_phrasings_show_nothing() -> None:
    """With fewer than eight there is no usual, and one entry alone has no neighbours."""
    vectors = _directions(FEWEST - 1)
    vectors[1] = vectors[0]

    assert not len(Neighbours.of(vectors, np.arange(FEWEST - 1)).outstanding())
    assert (Neighbours.of(vectors, np.zeros(FEWEST - 1, int)).similarities == -1).all()


@pytest.mark.parametrize("count", [1, 511, 512, 513, 1100])
def test_blocks_leave_nobody_out(count: int) -> None:
    """However many there are, the result is that of comparing all with all."""
    vectors = _directions(count)
    owners = np.sort(np.random.default_rng(3).integers(0, count, count))
    centre = vectors.sum(axis=0) / (count + 1)
    moved = vectors - centre
    unit = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    full = unit @ unit.T
    full[owners[:, None] == owners[None]] = -1

    neighbours = Neighbours.of(vectors, owners)

    np.testing.assert_allclose(neighbours.similarities, full.max(axis=1), atol=1e-5)
    found = full[np.arange(count), neighbours.rows]
    np.testing.assert_allclose(found, full.max(axis=1), atol=1e-5)


@given(st.integers(1, 30), st.integers(1, 5))
def test_equal_vectors_do_no_harm(count: int, entries: int) -> None:
    """However alike the phrasings, nothing is infinite."""
    vectors = np.repeat(_directions(1), count, axis=0)

    neighbours = Neighbours.of(vectors, np.sort(np.arange(count) % entries))

    assert np.isfinite(neighbours.similarities).all()
    assert len(neighbours.outstanding()) <= count
