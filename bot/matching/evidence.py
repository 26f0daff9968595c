"""What speaks for each entry: a voice for meaning, for words, for spelling and for the answer.

Every voice gives a raw score for any question and any entries. What makes the scores of different
voices, models and FAQs comparable, and what becomes of them together, is for `fusion`.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.matching.centred import Centred, CentredQuestions, chosen
from bot.matching.entry_parts import Parts
from bot.matching.lexicon import Lexicon
from bot.matching.plda import Plda, principal
from bot.matching.questions import Questions
from bot.matching.segments import Floats, Integers, Segments
from bot.model import Vectors

VOICES: Final = (
    "entry",  # PLDA: all of an entry's phrasings together
    "nearest_centred",  # cosine to the nearest phrasing, the FAQ's mean taken away
    "nearest",  # cosine to the nearest phrasing
    "centroid",  # cosine to the mean of an entry's phrasings
    "spelling",  # TF-IDF cosine of character n-grams to the nearest phrasing
    "words",  # BM25 on an entry's phrasings
    "answer_sentence",  # centred cosine to the nearest sentence of the answer
    "answer_mean",  # the same, averaged over the sentences
    "answer_words",  # BM25 on the answer
    "all_words",  # BM25 on phrasings and answer
)
MEANING: Final = VOICES[:4] + VOICES[6:8]
_PHRASING_COUNTS_AS = 2.0  # answers, in "all_words"
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Voiced:
    """What the voices say; n questions, c entries."""

    scores: dict[str, Floats]
    """By voice, each of shape (n, c)."""
    unknown: Floats
    """The share of a question's words, by their worth, that no phrasing has, shape (n,)."""
    unknown_anywhere: Floats
    """The same for phrasings and answers."""
    lengths: Floats
    """Different words in a question, shape (n,)."""
    foreign: Floats
    """From 0 to 1, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the voices need to know of a FAQ."""

    parts: Parts
    plda: Plda
    centre: npt.NDArray[np.float32]
    """What is taken away to centre vectors, shape (d,)."""
    centroid_lengths: Floats
    """Shape (entries,)."""
    projection: npt.NDArray[np.float32] | None = None
    """To fewer dimensions, where vectors are long; found once, since that takes a while."""
    words: Lexicon = field(init=False)
    spelling: Lexicon = field(init=False)
    answer_words: Lexicon = field(init=False)
    all_words: Lexicon = field(init=False)
    centred_phrasings: Centred = field(init=False)
    centred_sentences: Centred = field(init=False)

    def __post_init__(self) -> None:
        parts = self.parts
        of_entries = parts.word_counts.merged(parts.phrasings)
        derived: dict[str, Lexicon | Centred] = {
            "centred_phrasings": Centred.of(parts.vectors, self.centre),
            "centred_sentences": Centred.of(parts.answer_vectors, self.centre),
            "words": of_entries.bm25(),
            "spelling": parts.gram_counts.tf_idf(),
            "answer_words": parts.answer_counts.bm25(),
            "all_words": parts.answer_counts.merged(
                Segments.of_lengths([1] * len(self)), of_entries.times(_PHRASING_COUNTS_AS)
            ).bm25(),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def vectors(self) -> Vectors:
        """Of the phrasings, shape (phrasings, d)."""
        return self.parts.vectors

    @property
    def phrasings(self) -> Segments:
        """Which phrasings belong to which entry."""
        return self.parts.phrasings

    @property
    def sentences(self) -> Segments:
        """Which sentences belong to which entry."""
        return self.parts.sentences

    @classmethod
    def of(cls, parts: Parts) -> "Evidence":
        """Learn what there is to learn of all of a FAQ's entries."""
        return cls._fitted(parts, principal(parts.vectors))

    def kept(self, keep: npt.NDArray[np.bool_]) -> tuple["Evidence", Integers]:
        """Leave phrasings out, as if they had never been there.

        Args:
            keep: which phrasings stay, shape (phrasings,).

        Returns:
            What is left, fitted anew, and which entries those are: an entry without any phrasing
            goes, with its answer.
        """
        parts, entries = self.parts.kept(keep)
        return self._fitted(parts, self.projection), entries

    @classmethod
    def _fitted(cls, parts: Parts, projection: npt.NDArray[np.float32] | None) -> "Evidence":
        entries, vectors = len(parts), parts.vectors
        total, lengths = np.zeros(vectors.shape[1]), np.empty(entries)
        for runs, centroids in parts.phrasings.row_means(vectors):
            total += centroids.sum(axis=0)
            lengths[runs] = np.linalg.norm(centroids, axis=1)
        return cls(
            parts,
            Plda.fit(vectors, parts.phrasings, projection),
            # Of few entries, the mean says more of each than of what they share.
            (total / entries * entries / (entries + 1)).astype(np.float32),
            np.maximum(lengths, _TINY),
            projection,
        )

    def voiced(
        self,
        questions: Questions,
        entries: Integers | None = None,
        ratios: Floats | None = None,
    ) -> Voiced:
        """Ask every voice.

        Args:
            questions: n of them.
            entries: which entries to score, ascending; None scores all.
            ratios: what the PLDA says of all entries, where that is known already.
        """
        chosen = np.arange(len(self)) if entries is None else entries
        scores: dict[str, Floats] = {}
        if questions.vectors is not None:
            scores |= self._meaning(questions.vectors, chosen, ratios)
        shape = (len(questions), len(chosen))
        for voice in ("spelling", "words", "answer_words", "all_words"):
            scores[voice] = np.zeros(shape)
        unknown, unknown_anywhere = np.zeros(len(questions)), np.zeros(len(questions))
        phrasing_rows, phrasings = _places(self.phrasings, chosen)
        spelling = _places(self.spelling.documents, phrasing_rows)
        of_words = _places(self.words.documents, chosen)
        of_answers = _places(self.answer_words.documents, chosen)
        of_all = _places(self.all_words.documents, chosen)
        for row in range(len(questions)):
            asked = questions.words[row]
            scores["spelling"][row] = phrasings.maxima(
                self.spelling.cosines(questions.grams[row], *spelling)
            )
            scores["words"][row], unknown[row] = self.words.overlap(asked, *of_words)
            scores["answer_words"][row], _ = self.answer_words.overlap(asked, *of_answers)
            scores["all_words"][row], unknown_anywhere[row] = self.all_words.overlap(asked, *of_all)
        return Voiced(
            scores,
            unknown,
            unknown_anywhere,
            np.array([float(len(it.keys)) for it in questions.words]),
            questions.foreign,
        )

    def _meaning(
        self, questions: Vectors, entries: Integers, ratios: Floats | None
    ) -> dict[str, Floats]:
        rows, phrasings = _places(self.phrasings, entries)
        sentence_rows, sentences = _places(self.sentences, entries)
        plain = questions @ chosen(self.parts.vectors, rows).T
        in_answer = questions @ chosen(self.parts.answer_vectors, sentence_rows).T
        around_centre = CentredQuestions.of(questions, self.centre)
        centred = self.centred_phrasings.cosines(plain, rows, around_centre)
        in_answer = self.centred_sentences.cosines(in_answer, sentence_rows, around_centre)
        if ratios is None:
            ratios = self.plda.log_likelihood_ratios(questions)
        return {
            "entry": ratios if len(entries) == len(self) else ratios[:, entries],
            "nearest_centred": phrasings.maxima(centred),
            "nearest": phrasings.maxima(plain),
            "centroid": phrasings.means(plain) / self.centroid_lengths[entries],
            "answer_sentence": sentences.maxima(in_answer),
            "answer_mean": sentences.means(in_answer),
        }


def _places(segments: Segments, runs: Integers) -> tuple[Integers, Segments]:
    """Give the rows of some runs, ascending; of all of them without looking for any."""
    return segments.all_places() if len(runs) == len(segments) else segments.places(runs)


def without_embeddings(voiced: Voiced) -> Voiced:
    """Leave out the voices that need embeddings."""
    return replace(
        voiced, scores={voice: it for voice, it in voiced.scores.items() if voice not in MEANING}
    )
