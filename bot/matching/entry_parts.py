"""What entries are taken apart into: vectors and counts, that evidence is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.centred import chosen
from bot.matching.lexicon import Lexicon, bag
from bot.matching.questions import Questions
from bot.matching.segments import Integers, Segments
from bot.matching.words import words
from bot.model import Vectors


@dataclass(frozen=True, slots=True)
class Parts:
    """What the evidence of some entries is made of, before anything is learnt of it."""

    vectors: Vectors
    """Of the phrasings, shape (phrasings, d)."""
    phrasings: Segments
    """Which phrasings belong to which entry; every entry has at least one."""
    answer_vectors: Vectors
    """Of the answers' sentences, shape (sentences, d)."""
    sentences: Segments
    """Which sentences belong to which entry."""
    word_counts: Lexicon
    """Of the phrasings; mere counts, like the next two, of which all else is made."""
    gram_counts: Lexicon
    answer_counts: Lexicon
    """Over the same tokens as `word_counts`."""

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
        """Put entries together.

        Args:
            own: all their phrasings, those of an entry together, with vectors.
            phrasings: how many each entry has.
            answers: each entry's, as plain text.
            sentences: how many of its sentences have a vector.
            answer_vectors: theirs, in the same order.
        """
        # One vocabulary for phrasings and answers, so that counts can be added.
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

    def own(self, rows: Integers) -> Questions:
        """Give some of the phrasings as questions, put together again from what is known of them.

        Args:
            rows: which ones.
        """
        return Questions(
            self.vectors[rows],
            self.word_counts.bags(rows),
            self.gram_counts.bags(rows),
            np.zeros(len(rows)),
        )

    def kept(self, keep: npt.NDArray[np.bool_]) -> tuple["Parts", Integers]:
        """Leave phrasings out.

        Args:
            keep: which phrasings stay, shape (phrasings,).

        Returns:
            What is left, and which entries those are: one without any phrasing goes.
        """
        lengths = self.phrasings.sums(keep.astype(np.float64)).astype(np.int64)
        entries, rows = np.flatnonzero(lengths), np.flatnonzero(keep)
        of_answers, sentences = self.sentences.places(entries)
        parts = Parts(
            self.vectors[rows],
            Segments.of_lengths(lengths[entries]),
            chosen(self.answer_vectors, of_answers),
            sentences,
            self.word_counts.selected(rows),
            self.gram_counts.selected(rows),
            self.answer_counts.selected(entries),
        )
        return parts, entries

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
            ],
            dtype=np.int32,
        ),
        np.concatenate([one.values, other.values]),
        np.zeros(len(keys)),
        0.0,
    )
