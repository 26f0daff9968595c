"""Cosines around a centre, from the plain dot products that are needed anyway."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.segments import Integers
from bot.model import Vectors

_TINY = 1e-9
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Centred:
    """What turns plain dot products with some vectors into cosines around a centre."""

    along_centre: npt.NDArray[np.float32]
    """Dot product of each vector with the centre, shape (vectors,)."""
    lengths: npt.NDArray[np.float32]
    """Distance of each vector from the centre, shape (vectors,)."""

    @classmethod
    def of(cls, vectors: Vectors, centre: npt.NDArray[np.float32]) -> "Centred":
        """Look at vectors, shape (vectors, d), from a centre, shape (d,)."""
        lengths = np.zeros(len(vectors), dtype=np.float32)
        # Bit by bit, since the difference of all of them would take as much memory as they do.
        for start in range(0, len(vectors), _ROWS):
            rows = slice(start, start + _ROWS)
            lengths[rows] = np.linalg.norm(vectors[rows] - centre, axis=1)
        return cls(vectors @ centre, np.maximum(lengths, _TINY))

    def cosines(
        self, plain: npt.NDArray[np.float32], rows: Integers, questions: "CentredQuestions"
    ) -> npt.NDArray[np.float32]:
        """Turn dot products of questions with some of the vectors into centred cosines.

        Args:
            plain: the dot products, shape (n, r).
            rows: which of the vectors they are with, shape (r,).
            questions: n of them, seen from the same centre.
        """
        dots = plain - chosen(self.along_centre, rows)
        dots -= questions.along_centre
        dots /= questions.lengths * chosen(self.lengths, rows)
        return dots


@dataclass(frozen=True, slots=True)
class CentredQuestions:
    """What the same takes of questions, found once for all that they are compared with."""

    along_centre: npt.NDArray[np.float32]
    """Dot product of each with the centre, counted from the centre, shape (n, 1)."""
    lengths: npt.NDArray[np.float32]
    """Distance of each from the centre, shape (n, 1)."""

    @classmethod
    def of(cls, questions: Vectors, centre: npt.NDArray[np.float32]) -> "CentredQuestions":
        """Look at questions, shape (n, d), from a centre, shape (d,)."""
        lengths = np.linalg.norm(questions - centre, axis=1, keepdims=True)
        along_centre = questions @ centre - centre @ centre
        return cls(along_centre[:, None], np.maximum(lengths, _TINY))


def chosen(values: npt.NDArray[np.float32], rows: Integers) -> npt.NDArray[np.float32]:
    """Give some rows of an array, without a copy where they are all of them in their order."""
    return values if len(rows) == len(values) else values.take(rows, axis=0)
