"""What speaks for each entry: a voice for meaning, for words, for spelling and for the answer.

Every voice gives a raw score for any question and any entries. What makes the scores of different
voices, models and FAQs comparable, and what becomes of them together, is for `fusion`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.matching.centred import Centred, CentredQuestions, chosen
from bot.matching.language import foreignness
from bot.matching.lexicon import Bag, Lexicon, bag
from bot.matching.plda import Plda, principal
from bot.matching.segments import Floats, Integers, Segments
from bot.matching.words import grams, words
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
class Questions:
    """Questions in all the forms that voices ask for; n of them."""

    vectors: Vectors | None
    """Shape (n, d); None where no embeddings are to be had."""
    words: tuple[Bag, ...]
    grams: tuple[Bag, ...]
    foreign: Floats
    """How surely each is in no language of the FAQ, from 0 to 1, shape (n,)."""

    @classmethod
    def of(
        cls, texts: Sequence[str], vectors: Vectors | None, languages: Sequence[str] = ()
    ) -> "Questions":
        """Take texts apart.

        Args:
            texts: the questions.
            vectors: theirs, shape (n, d), or None.
            languages: the FAQ's; none where the questions are its own.
        """
        return cls(
            vectors,
            tuple(bag(words(text)) for text in texts),
            tuple(bag(grams(text)) for text in texts),
            np.array([foreignness(text, languages) for text in texts]),
        )

    def __len__(self) -> int:
        return len(self.words)

    def some(self, rows: Integers) -> "Questions":
        """Keep these questions only."""
        return Questions(
            None if self.vectors is None else self.vectors[rows],
            tuple(self.words[row] for row in rows),
            tuple(self.grams[row] for row in rows),
            self.foreign[rows],
        )


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

    vectors: Vectors
    """Of the phrasings, shape (phrasings, d)."""
    phrasings: Segments
    """Which phrasings belong to which entry; every entry has at least one."""
    answer_vectors: Vectors
    """Of the answers' sentences, shape (sentences, d)."""
    sentences: Segments
    """Which sentences belong to which entry."""
    plda: Plda
    centre: npt.NDArray[np.float32]
    """What is taken away to centre vectors, shape (d,)."""
    centroid_lengths: Floats
    """Shape (entries,)."""
    word_counts: Lexicon
    """Of the phrasings; mere counts, like the next two, of which all else is made."""
    gram_counts: Lexicon
    answer_counts: Lexicon
    """Over the same tokens as `word_counts`."""
    projection: npt.NDArray[np.float32] | None = None
    """To fewer dimensions, where vectors are long; found once, since that takes a while."""
    words: Lexicon = field(init=False)
    spelling: Lexicon = field(init=False)
    answer_words: Lexicon = field(init=False)
    all_words: Lexicon = field(init=False)
    centred_phrasings: Centred = field(init=False)
    centred_sentences: Centred = field(init=False)

    def __post_init__(self) -> None:
        of_entries = self.word_counts.merged(self.phrasings)
        derived: dict[str, Lexicon | Centred] = {
            "centred_phrasings": Centred.of(self.vectors, self.centre),
            "centred_sentences": Centred.of(self.answer_vectors, self.centre),
            "words": of_entries.bm25(),
            "spelling": self.gram_counts.tf_idf(),
            "answer_words": self.answer_counts.bm25(),
            "all_words": self.answer_counts.merged(
                Segments.of_lengths([1] * len(self)), of_entries.times(_PHRASING_COUNTS_AS)
            ).bm25(),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.phrasings)

    @classmethod
    def of(
        cls,
        own: "Questions",
        phrasings: Sequence[int],
        answers: Sequence[str],
        sentences: Sequence[int],
        answer_vectors: Vectors,
    ) -> "Evidence":
        """Take a FAQ apart.

        Args:
            own: all its phrasings, those of an entry together, with vectors.
            phrasings: how many each entry has.
            answers: each entry's, as plain text.
            sentences: how many of its sentences have a vector.
            answer_vectors: theirs, in the same order.
        """
        # One vocabulary for phrasings and answers, so that counts can be added.
        both = Lexicon.of([*own.words, *(bag(words(answer)) for answer in answers)])
        assert own.vectors is not None  # noqa: S101 - a FAQ is indexed with them, or not at all
        return cls._fitted(
            own.vectors,
            Segments.of_lengths(phrasings),
            answer_vectors,
            Segments.of_lengths(sentences),
            both.selected(np.arange(len(own))),
            Lexicon.of(own.grams),
            both.selected(np.arange(len(own), len(own) + len(answers))),
            principal(own.vectors),
        )

    def kept(self, keep: npt.NDArray[np.bool_]) -> tuple["Evidence", Integers]:
        """Leave phrasings out, as if they had never been there.

        Args:
            keep: which phrasings stay, shape (phrasings,).

        Returns:
            What is left, fitted anew, and which entries those are: an entry without any phrasing
            goes, with its answer.
        """
        lengths = self.phrasings.sums(keep.astype(np.float64)).astype(np.int64)
        entries = np.flatnonzero(lengths)
        rows = np.flatnonzero(keep)
        of_answers, left = self.sentences.places(entries)
        evidence = self._fitted(
            self.vectors[rows],
            Segments.of_lengths(lengths[entries].tolist()),
            chosen(self.answer_vectors, of_answers),
            left,
            self.word_counts.selected(rows),
            self.gram_counts.selected(rows),
            self.answer_counts.selected(entries),
            self.projection,
        )
        return evidence, entries

    @classmethod
    def _fitted(  # noqa: PLR0913, PLR0917 - the parts that the rest is made of
        cls,
        vectors: Vectors,
        phrasings: Segments,
        answer_vectors: Vectors,
        sentences: Segments,
        word_counts: Lexicon,
        gram_counts: Lexicon,
        answer_counts: Lexicon,
        projection: npt.NDArray[np.float32] | None,
    ) -> "Evidence":
        entries = len(phrasings)
        total, lengths = np.zeros(vectors.shape[1]), np.empty(entries)
        for runs, centroids in phrasings.row_means(vectors):
            total += centroids.sum(axis=0)
            lengths[runs] = np.linalg.norm(centroids, axis=1)
        return cls(
            vectors,
            phrasings,
            answer_vectors,
            sentences,
            Plda.fit(vectors, phrasings, projection),
            # Of few entries, the mean says more of each than of what they share.
            (total / entries * entries / (entries + 1)).astype(np.float32),
            np.maximum(lengths, _TINY),
            word_counts,
            gram_counts,
            answer_counts,
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
        plain = questions @ chosen(self.vectors, rows).T
        in_answer = questions @ chosen(self.answer_vectors, sentence_rows).T
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
