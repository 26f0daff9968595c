"""Documents as bags of tokens: BM25 and TF-IDF over any subset of them, exactly."""

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.matching.segments import Segments

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Columns = npt.NDArray[np.int32]
"""A large FAQ has millions of them."""

_K1, _B = 1.2, 0.5


@dataclass(frozen=True, slots=True)
class Bag:
    """The tokens of one text, each once."""

    keys: Integers
    """Hashes of the tokens, ascending."""
    counts: Floats


def bag(tokens: Iterable[str]) -> Bag:
    """Count tokens. They go by their CRC-32: in 100,000 of them, one or two pairs collide."""
    counts = Counter([zlib.crc32(token.encode(errors="replace")) for token in tokens])
    keys = sorted(counts)
    return Bag(
        np.array(keys, dtype=np.int64), np.array([counts[key] for key in keys], dtype=np.float64)
    )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A sparse matrix of documents by tokens, with what each token is worth."""

    keys: Integers
    """All tokens, ascending, shape (tokens,)."""
    documents: Segments
    """Which of the columns and values belong to which document."""
    columns: Columns
    """Places in `keys`, shape (values,)."""
    values: npt.NDArray[np.float32]
    """Weights of the tokens in the documents, shape (values,)."""
    worth: Floats
    """What a token weighs in a question, shape (tokens,); 0 where no document has it."""
    unknown_worth: float
    """The same for a token that no document has."""

    @classmethod
    def of(cls, bags: Sequence[Bag]) -> "Lexicon":
        """Collect documents; values are mere counts so far."""
        all_keys = np.concatenate([it.keys for it in bags]) if bags else np.zeros(0, np.int64)
        keys, columns = np.unique(all_keys, return_inverse=True)
        values = np.concatenate([it.counts for it in bags]) if bags else np.zeros(0)
        return cls(
            keys,
            Segments.of_lengths([len(it.keys) for it in bags]),
            columns.astype(np.int32),
            values.astype(np.float32),
            np.zeros(len(keys)),
            0.0,
        )

    def merged(self, groups: Segments, other: "Lexicon | None" = None) -> "Lexicon":
        """Make one document of each group of documents, adding up their counts.

        Args:
            groups: consecutive documents that become one.
            other: documents over the same keys, one for each group, that are added as they are.
        """
        owner = np.repeat(groups.owners(), self.documents.lengths())
        columns, values = self.columns, self.values
        if other is not None:
            owner = np.concatenate([owner, other.documents.owners()])
            columns = np.concatenate([columns, other.columns])
            values = np.concatenate([values, other.values])
        cells, inverse = np.unique(owner * len(self.keys) + columns, return_inverse=True)
        counts = np.bincount(inverse, weights=values, minlength=len(cells))
        rows = cells // max(len(self.keys), 1)
        return replace(
            self,
            documents=Segments.of_lengths(np.bincount(rows, minlength=len(groups)).tolist()),
            columns=(cells - rows * len(self.keys)).astype(np.int32),
            values=counts.astype(np.float32),
        )

    def times(self, factor: float) -> "Lexicon":
        """Count every token several times."""
        return replace(self, values=self.values * np.float32(factor))

    def selected(self, rows: Integers) -> "Lexicon":
        """Keep these documents only."""
        places, documents = self.documents.places(rows)
        return replace(
            self, documents=documents, columns=self.columns[places], values=self.values[places]
        )

    def bags(self, rows: Integers) -> tuple[Bag, ...]:
        """Give some documents as the bags that they were collected from, while these are counts."""
        starts = self.documents.starts
        runs = [slice(starts[row], starts[row + 1]) for row in rows]
        return tuple(
            Bag(self.keys[self.columns[run]], self.values[run].astype(np.float64)) for run in runs
        )

    def bm25(self) -> "Lexicon":
        """Weigh counts by Okapi BM25 (Robertson and Zaragoza 2009), k1 = 1.2, b = 0.5."""
        count = len(self.documents)
        frequency = np.bincount(self.columns, minlength=len(self.keys))
        worth = np.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
        length = self.documents.sums(self.values)
        norm = _K1 * (1 - _B + _B * length / max(float(length.mean()) if count else 0.0, 1e-9))
        values = self.values * (_K1 + 1) / (self.values + np.repeat(norm, self.documents.lengths()))
        return replace(
            self,
            values=values.astype(np.float32),
            worth=np.where(frequency > 0, worth, 0.0),
            unknown_worth=float(np.log(1 + (count + 0.5) / 0.5)),
        )

    def tf_idf(self) -> "Lexicon":
        """Weigh counts by (1 + ln tf)(1 + ln((1 + n) / (1 + df))), documents of length 1."""
        count = len(self.documents)
        frequency = np.bincount(self.columns, minlength=len(self.keys))
        worth = np.where(frequency > 0, np.log((1 + count) / (1 + frequency)) + 1, 0.0)
        values = (1 + np.log(np.maximum(self.values, 1e-9))) * worth[self.columns]
        length = np.sqrt(self.documents.sums(values * values))
        return replace(
            self,
            values=(values / np.repeat(np.maximum(length, 1e-9), self.documents.lengths())).astype(
                np.float32
            ),
            worth=worth,
            unknown_worth=float(np.log(1 + count) + 1),
        )

    def overlap(self, question: Bag, places: Integers, documents: Segments) -> tuple[Floats, float]:
        """Score documents for a question by BM25, as a share of what all its words are worth.

        Args:
            question: its words.
            places: which columns and values to look at.
            documents: how those belong to documents.

        Returns:
            A score for each document, from 0 to about 1, and the share of the question's worth
            that no document knows.
        """
        columns, _ = self._known(question)
        worth = self.worth[columns]
        of_known = float(worth.sum())
        unknown = len(question.keys) - np.count_nonzero(worth)
        whole = of_known + self.unknown_worth * unknown
        if whole <= 0:
            return np.zeros(len(documents)), 0.0
        sums = documents.sums(self._products(columns, worth, places))
        return sums * (2 / (_K1 + 1) / whole), 1 - of_known / whole

    def cosines(self, question: Bag, places: Integers, documents: Segments) -> Floats:
        """Score documents for a question by the cosine of TF-IDF vectors."""
        columns, known = self._known(question)
        frequency = 1 + np.log(question.counts)
        worth = np.full(len(question.keys), self.unknown_worth)
        worth[known] = np.where(self.worth[columns] > 0, self.worth[columns], self.unknown_worth)
        weights = frequency * worth
        length = float(np.sqrt((weights**2).sum()))
        sums = documents.sums(self._products(columns, weights[known], places))
        return sums / max(length, 1e-9)

    def _products(self, tokens: Integers, weights: Floats, places: Integers) -> Floats:
        """Multiply values by what a question's tokens weigh, and by 0 where it has no such one."""
        columns, values = self.columns, self.values
        if len(places) < len(columns):  # otherwise they are all of them, in their order
            columns, values = columns.take(places), values.take(places)
        of_all = np.zeros(len(self.keys))
        of_all[tokens] = weights
        products = of_all.take(columns)
        products *= values
        return products

    def _known(self, question: Bag) -> tuple[Integers, npt.NDArray[np.bool_]]:
        if not len(self.keys):
            return np.zeros(0, np.int64), np.zeros(len(question.keys), bool)
        columns = self.keys.searchsorted(question.keys)
        known = self.keys.take(columns, mode="clip") == question.keys
        return columns[known], known
