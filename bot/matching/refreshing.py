"""A few entries exchanged in the evidence of a FAQ, without learning anything anew.

What was learnt of the whole FAQ (the covariances, the centre) stays as it was; what belongs to one
entry is made for those that are new, and taken over for the others.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.evidence import Evidence, Questions
from bot.matching.lexicon import Lexicon, bag
from bot.matching.plda import Plda, placed
from bot.matching.segments import Floats, Integers, Segments
from bot.matching.words import words
from bot.model import Vectors

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Parts:
    """What the evidence of some entries is made of; the fields are those of `Evidence`."""

    vectors: Vectors
    phrasings: Segments
    answer_vectors: Vectors
    sentences: Segments
    word_counts: Lexicon
    gram_counts: Lexicon
    answer_counts: Lexicon

    def __len__(self) -> int:
        return len(self.phrasings)

    @classmethod
    def of(
        cls,
        own: Questions,
        phrasings: Sequence[int],
        answers: Sequence[str],
        sentences: Sequence[int],
        answer_vectors: Vectors,
    ) -> "Parts":
        """Take entries apart, as `Evidence.of` does."""
        both = Lexicon.of([*own.words, *(bag(words(answer)) for answer in answers)])
        assert own.vectors is not None  # noqa: S101 - a FAQ is indexed with them, or not at all
        return cls(
            own.vectors,
            Segments.of_lengths(phrasings),
            answer_vectors,
            Segments.of_lengths(sentences),
            both.selected(np.arange(len(own))),
            Lexicon.of(own.grams),
            both.selected(np.arange(len(own), len(own) + len(answers))),
        )

    @classmethod
    def within(cls, evidence: Evidence) -> "Parts":
        """Give what a whole FAQ's evidence is made of."""
        return cls(
            evidence.vectors,
            evidence.phrasings,
            evidence.answer_vectors,
            evidence.sentences,
            evidence.word_counts,
            evidence.gram_counts,
            evidence.answer_counts,
        )

    def selected(self, entries: Integers) -> "Parts":
        """Keep some entries, in this order."""
        rows, phrasings = self.phrasings.places(entries)
        sentence_rows, sentences = self.sentences.places(entries)
        return Parts(
            self.vectors[rows],
            phrasings,
            self.answer_vectors[sentence_rows],
            sentences,
            self.word_counts.selected(rows),
            self.gram_counts.selected(rows),
            self.answer_counts.selected(entries),
        )

    def joined(self, other: "Parts", order: Integers) -> "Parts":
        """Keep some of these entries and of others, in an order that counts those behind these."""
        rows, phrasings = _joined(self.phrasings, other.phrasings).places(order)
        sentence_rows, sentences = _joined(self.sentences, other.sentences).places(order)
        return Parts(
            _chosen(self.vectors, other.vectors, rows),
            phrasings,
            _chosen(self.answer_vectors, other.answer_vectors, sentence_rows),
            sentences,
            _in_one(self.word_counts, other.word_counts).selected(rows),
            _in_one(self.gram_counts, other.gram_counts).selected(rows),
            _in_one(self.answer_counts, other.answer_counts).selected(order),
        )


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
            Parts.within(evidence),
            evidence.plda,
            evidence.centre,
            evidence.centroid_lengths,
            evidence.projection,
        )

    def evidence(self) -> Evidence:
        """Give the evidence."""
        parts = self.parts
        return Evidence(
            parts.vectors,
            parts.phrasings,
            parts.answer_vectors,
            parts.sentences,
            self.plda,
            self.centre,
            self.centroid_lengths,
            parts.word_counts,
            parts.gram_counts,
            parts.answer_counts,
            self.projection,
        )

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


def _chosen(one: Vectors, other: Vectors, rows: Integers) -> Vectors:
    """Give rows of two arrays, one behind the other, with no copy of all of both in between."""
    if not len(one):
        return other[rows]
    result = one[np.minimum(rows, len(one) - 1)]
    is_of_other = rows >= len(one)
    result[is_of_other] = other[rows[is_of_other] - len(one)]
    return result


def _joined(one: Segments, other: Segments) -> Segments:
    return Segments(np.concatenate([one.starts, one.starts[-1] + other.starts[1:]]))


def _in_one(one: Lexicon, other: Lexicon) -> Lexicon:
    """Put documents behind others, over the tokens of both."""
    keys = np.union1d(one.keys, other.keys)
    return Lexicon(
        keys,
        _joined(one.documents, other.documents),
        np.concatenate(
            [
                np.searchsorted(keys, one.keys)[one.columns],
                np.searchsorted(keys, other.keys)[other.columns],
            ]
        ),
        np.concatenate([one.values, other.values]),
        np.zeros(len(keys)),
        0.0,
    )
