"""Rows of one flat array that belong together: an entry's phrasings, a document's tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Segments:
    """Consecutive runs of rows; some may be empty."""

    starts: Integers
    """Where each run begins, and at the end where the last one ends; shape (runs + 1,)."""

    @classmethod
    def of_lengths(cls, lengths: Sequence[int] | Integers) -> "Segments":
        """Lay runs of these lengths one after the other."""
        starts = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.asarray(lengths, dtype=np.int64).cumsum(out=starts[1:])
        return cls(starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self) -> Integers:
        """Give the lengths of the runs, shape (runs,)."""
        return self.starts[1:] - self.starts[:-1]

    def owners(self) -> Integers:
        """Give the run that each row belongs to, shape (rows,)."""
        return np.repeat(np.arange(len(self)), self.lengths())

    def places(self, runs: Integers) -> tuple[Integers, "Segments"]:
        """Give the rows of some runs, one run after the other, and how they belong to those."""
        firsts = self.starts[runs]
        lengths = self.starts[runs + 1] - firsts
        chosen = Segments.of_lengths(lengths)
        places = (firsts - chosen.starts[:-1]).repeat(lengths)
        places += np.arange(len(places))
        return places, chosen

    def all_places(self) -> tuple[Integers, "Segments"]:
        """Give the same for all runs in their order."""
        return np.arange(self.starts[-1]), self

    def sums(self, values: npt.NDArray[np.floating]) -> Floats:
        """Add up each run over the last axis; 0 for an empty one. Shape (..., runs)."""
        return self._reduced(np.add, values)

    def means(self, values: npt.NDArray[np.floating]) -> Floats:
        """Average each run over the last axis; 0 for an empty one. Shape (..., runs)."""
        return self.sums(values) / np.maximum(self.lengths(), 1)

    def blocks(self) -> Iterator[tuple[slice, slice, "Segments"]]:
        """Part the runs into blocks: which runs, which rows, and how these belong to those.

        What is worked out with many digits in blocks takes little memory.
        """
        for first in range(0, len(self), _BLOCK):
            starts = self.starts[first : first + _BLOCK + 1]
            rows = slice(int(starts[0]), int(starts[-1]))
            yield slice(first, first + len(starts) - 1), rows, Segments(starts - starts[0])

    def row_means(self, values: npt.NDArray[np.floating]) -> Iterator[tuple[slice, Floats]]:
        """Average the rows of each run; 0 for an empty one.

        Returns:
            Blocks of runs, with their means, shape (runs, d).
        """
        for runs, rows, inside in self.blocks():
            yield runs, inside.means(values[rows].astype(np.float64).T).T

    def maxima(self, values: npt.NDArray[np.floating]) -> Floats:
        """Take each run's largest over the last axis; 0 for an empty one. Shape (..., runs)."""
        return self._reduced(np.maximum, values)

    def _reduced(self, by: np.ufunc, values: npt.NDArray[np.floating]) -> Floats:
        full = self.starts[1:] > self.starts[:-1]
        if full.all():  # as nearly always
            return by.reduceat(values, self.starts[:-1], axis=-1).astype(np.float64, copy=False)
        reduced = np.zeros((*values.shape[:-1], len(self)))
        if full.any():
            # Empty runs share their start with the next full one, so leaving them out is exact.
            reduced[..., full] = by.reduceat(values, self.starts[:-1][full], axis=-1)
        return reduced
