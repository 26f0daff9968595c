"""A few entries exchanged in the evidence of a FAQ, without learning anything anew.

What was learnt of the whole FAQ (the covariances, the centre) stays as it was; what belongs to one
entry is made for those that are new, and taken over for the others.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.entry_parts import Parts
from bot.matching.evidence import Evidence
from bot.matching.plda import Plda, placed
from bot.matching.segments import Floats, Integers

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the evidence of a FAQ is made of, before anything is derived from it."""

    parts: Parts
    plda: Plda
    centre: npt.NDArray[np.float32]
    centroid_lengths: Floats
    projection: npt.NDArray[np.float32] | None = None

    @classmethod
    def of(cls, evidence: Evidence) -> "Basis":
        """Give what a whole FAQ's evidence is made of."""
        return cls(
            evidence.parts,
            evidence.plda,
            evidence.centre,
            evidence.centroid_lengths,
            evidence.projection,
        )

    def evidence(self) -> Evidence:
        """Give the evidence."""
        return Evidence(self.parts, self.plda, self.centre, self.centroid_lengths, self.projection)

    def exchanged(self, fresh: Parts, order: Integers) -> "Basis":
        """Put other entries in the place of some.

        Args:
            fresh: the others.
            order: which entries there are then, and in what order: places in these, followed by
                those of the others.
        """
        parts = self.parts.joined(fresh, order)
        plda = self.plda
        centroids = fresh.phrasings.means(fresh.vectors.astype(np.float64).T).T
        means, constants = placed(
            (centroids - plda.mean) @ plda.basis,
            fresh.phrasings.lengths(),
            plda.between.astype(np.float64),
        )
        lengths = np.maximum(np.linalg.norm(centroids, axis=1), _TINY)
        return Basis(
            parts,
            Plda(
                plda.mean,
                plda.basis,
                plda.between,
                parts.phrasings.lengths(),
                np.concatenate([plda.weighted_means, means.astype(np.float32)])[order],
                np.concatenate([plda.constants, constants.astype(np.float32)])[order],
            ),
            self.centre,
            np.concatenate([self.centroid_lengths, lengths])[order],
            self.projection,
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """Entries that take the place of others."""

    gone: AbstractSet[str]
    """Ids of those to leave out; ids that are not there do no harm."""
    ids: tuple[str, ...]
    """Of those to add; each is new, or left out."""
    phrasings: tuple[tuple[str, ...], ...]
    """Theirs, ascending."""
    parts: Parts
    """Theirs."""

    def apply(
        self, ids: Sequence[str], phrasings: Sequence[tuple[str, ...]], basis: Basis
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], Basis]:
        """Give ids, phrasings and what evidence is made of, with the entries exchanged."""
        all_ids, all_phrasings = [*ids, *self.ids], [*phrasings, *self.phrasings]
        kept = [row for row, id_ in enumerate(ids) if id_ not in self.gone]
        order = sorted([*kept, *range(len(ids), len(all_ids))], key=all_ids.__getitem__)
        return (
            tuple(all_ids[row] for row in order),
            tuple(all_phrasings[row] for row in order),
            basis.exchanged(self.parts, np.array(order, dtype=np.int64)),
        )
