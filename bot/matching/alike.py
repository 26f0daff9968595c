"""Which phrasings are so near to another entry's that they seem to mean the same.

How near is near differs from model to model and from FAQ to FAQ: in one about a single product all
questions are alike. So a pair has to stand out from how near this FAQ's phrasings are to other
entries' anyway.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from bot.matching.segments import Floats, Integers
from bot.model import Vectors

FEWEST: Final = 8
"""With fewer phrasings, what is usual is chance."""
_BLOCK = 512
_OUTSTANDING = 3.0
"""How many standard deviations above the median a similarity has to be."""
_QUARTILES_APART = 1.349
"""Those of a normal distribution, in standard deviations."""
_NEARLY_EQUAL = 0.999


@dataclass(frozen=True, slots=True)
class Neighbours:
    """To each phrasing the nearest one of another entry; n phrasings."""

    rows: Integers
    """Which one it is, shape (n,)."""
    similarities: Floats
    """Centred cosines, shape (n,); -1 where there is no other entry."""
    own: Floats
    """The same to the nearest other phrasing of its own entry; -1 where there is none."""

    @classmethod
    def of(cls, vectors: Vectors, owners: Integers) -> "Neighbours":
        """Compare all phrasings with each other, a block at a time.

        Args:
            vectors: theirs, shape (n, d).
            owners: the entry of each, ascending, shape (n,).
        """
        with threadpool_limits(limits=1):
            return cls._of(_centred(vectors), owners)

    @classmethod
    def _of(cls, vectors: Vectors, owners: Integers) -> "Neighbours":
        count = len(vectors)
        nearest = np.full(count, -1.0, dtype=np.float32)
        rows = np.zeros(count, dtype=np.int64)
        for start in range(0, count, _BLOCK):
            # Each pair is looked at once, and counts for both.
            block = vectors[start : start + _BLOCK] @ vectors[start:].T
            block[owners[start : start + _BLOCK, None] == owners[None, start:]] = -1
            for axis, first in ((1, block), (0, block.T)):
                best = block.argmax(axis=axis)
                found = first[np.arange(len(best)), best]
                places = np.flatnonzero(found > nearest[start : start + len(best)])
                nearest[start + places] = found[places]
                rows[start + places] = start + best[places]
        return cls(rows, nearest.astype(np.float64), _own(vectors, owners))

    def outstanding(self) -> Integers:
        """Give the phrasings that are nearer to another entry's than is usual here, nearest first.

        Neither phrasing of such a pair may be nearer to its own entry. Similarities are bounded, so
        they are spread out by Fisher's transformation before their median and quartiles tell what
        is usual, which a few pairs that mean the same do not move.
        """
        if len(self.rows) < FEWEST:
            return np.zeros(0, dtype=np.int64)
        spread = np.arctanh(np.clip(self.similarities, -_NEARLY_EQUAL, _NEARLY_EQUAL))
        low, median, high = np.quantile(spread, [0.25, 0.5, 0.75])
        least = median + _OUTSTANDING * (high - low) / _QUARTILES_APART
        at_home = np.maximum(self.own, self.own[self.rows])
        chosen = np.flatnonzero((spread > least) & (self.similarities >= at_home))
        return chosen[np.argsort(-self.similarities[chosen], kind="stable")]


def _centred(vectors: Vectors) -> Vectors:
    # Of few phrasings, the mean says more of each than of what they share.
    centre = vectors.sum(axis=0) / (len(vectors) + 1)
    moved = vectors - centre
    unit: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def _own(vectors: Vectors, owners: Integers) -> Floats:
    nearest = np.full(len(vectors), -1.0)
    _, starts = np.unique(owners, return_index=True)
    for start, end in pairwise((*starts.tolist(), len(owners))):
        if end - start > 1:
            similarities = vectors[start:end] @ vectors[start:end].T
            np.fill_diagonal(similarities, -1.0)
            nearest[start:end] = similarities.max(axis=1)
    return nearest
