"""Voices to features: on one scale whatever the model and the FAQ, and set against each other."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.matching.evidence import VOICES, Evidence, Voiced
from bot.matching.questions import Questions
from bot.matching.segments import Floats, Integers

MOST_CANDIDATES: Final = 24
_MOST_IN_BLOCK = 32
_MOST_CELLS = 40_000  # questions times entries; what all voices say of so many takes 15 MB
_VOICES_TO_OWN = ("entry", "nearest", "spelling", "words", "all_words")
_VOICES_ACROSS_LANGUAGES = ("entry", "nearest", "centroid")
# How promising an entry is, for choosing the candidates.
_PROMISES: Final = {
    "entry": 1.0,
    "nearest_centred": 1.0,
    "words": 0.5,
    "spelling": 0.5,
    "answer_sentence": 1.0,
    "all_words": 1.0,
}
_LEADERS = ("entry", "nearest", "all_words", "answer_sentence")
_VOTERS = ("entry", "nearest_centred", "centroid", "spelling", "words", "all_words")

CANDIDATE_FEATURES: Final = (
    *VOICES,
    "agreement",  # share of the voices that put this entry first
    *(f"{voice}_lead" for voice in _LEADERS),  # over the best other entry
    *(
        f"{voice}_foreign" for voice in _VOICES_ACROSS_LANGUAGES
    ),  # counts for foreign questions only
    *(
        f"{voice}_to_own" for voice in _VOICES_TO_OWN
    ),  # 1: as near as the FAQ's phrasings to their own
)
NONE_FEATURES: Final = (
    "one",
    "entries",  # natural logarithm of how many there are
    "answered_entries",  # the same times the trust in answers
    "unknown",
    "unknown_anywhere",
    "foreign",
    "length",  # ln(1 + different words)
    "trust",
    "rest",  # mean of the second to fifth candidate
    "spread",  # standard deviation over the candidates
)

_PLACES: Final = {voice: place for place, voice in enumerate(VOICES)}


def _places(voices: Iterable[str]) -> Integers:
    return np.array([_PLACES[voice] for voice in voices])


# With the voices of one array, looked up once and not for each question.
_OF_WORDS = _places(("spelling", "words", "answer_words", "all_words"))
_OF_ANSWERS = _places(("answer_sentence", "answer_mean", "answer_words", "all_words"))
_PROMISING, _SHARES = _places(_PROMISES), np.array([*_PROMISES.values()])[:, None, None]
_LEADING, _TO_OWN = _places(_LEADERS), _places(_VOICES_TO_OWN)
_ACROSS_LANGUAGES = _places(_VOICES_ACROSS_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scores of one voice mean on one FAQ."""

    unrelated: float
    """The mean score of a wrong entry."""
    related: float
    """How far above that the best wrong entry typically is."""
    own: float
    """How far above that a phrasing's own entry typically is."""


@dataclass(frozen=True, slots=True)
class Scales:
    """How to read the voices on one FAQ; learnt from its own phrasings, without any label."""

    voices: dict[str, Scale]
    trust: float
    """How well answers are found by the questions above them, from 0 (as by chance) to 1."""
    depth: float
    """How many phrasings entries have: ln of their mean / 3, at most 1."""

    @classmethod
    def of(cls, evidence: Evidence, phrasings: Questions, owners: Integers) -> "Scales":
        """Learn the scales; there must be several entries.

        Args:
            evidence: the FAQ's.
            phrasings: some of the FAQ's own, as questions.
            owners: the entry of each.
        """
        seen: dict[str, list[tuple[Floats, Floats, float]]] = {}
        reciprocal_ranks = []
        for rows in blocks(len(owners), len(evidence)):
            voiced = evidence.voiced(phrasings.some(rows))
            for voice, scores in voiced.scores.items():
                seen.setdefault(voice, []).append(_own_and_wrong(scores, owners[rows]))
            reciprocal_ranks.append(_reciprocal_ranks(voiced, owners[rows]))
        scales = {}
        wrong = len(owners) * (len(evidence) - 1)
        for voice, parts in seen.items():
            own = float(np.median(np.concatenate([part[0] for part in parts])))
            related = float(np.median(np.concatenate([part[1] for part in parts])))
            unrelated = sum(part[2] for part in parts) / wrong
            scales[voice] = Scale(
                unrelated, max(related - unrelated, 1e-3), max(own - unrelated, 1e-3)
            )
        depth = min(math.log(float(evidence.phrasings.lengths().mean())) / 3, 1.0)
        return cls(scales, _trust(evidence, np.concatenate(reciprocal_ranks)), depth)


def blocks(count: int, entries: int) -> Iterator[Integers]:
    """Part questions into blocks, as what all voices say of many takes much memory."""
    size = min(_MOST_IN_BLOCK, max(1, _MOST_CELLS // max(entries, 1)))
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def _own_and_wrong(scores: Floats, owners: Integers) -> tuple[Floats, Floats, float]:
    """Give the scores of each phrasing's own entry and of the best other, and the others' sum."""
    rows = np.arange(len(owners))
    wrong = scores.copy()
    own = wrong[rows, owners].copy()
    wrong[rows, owners] = -np.inf
    best = wrong.max(axis=1)
    wrong[rows, owners] = 0.0
    return own, best, float(wrong.sum())


def _reciprocal_ranks(voiced: Voiced, owners: Integers) -> Floats:
    """Give one divided by the rank that each phrasing's own answer has."""
    scores = 0.5 * voiced.scores["answer_words"]
    if "answer_sentence" in voiced.scores:
        scores = scores + voiced.scores["answer_sentence"]
    own = scores[np.arange(len(owners)), owners]
    return np.asarray(1 / (scores >= own[:, None]).sum(axis=1))


def _trust(evidence: Evidence, reciprocal_ranks: Floats) -> float:
    """Compare the mean reciprocal rank of a phrasing's own answer with that by chance."""
    if not evidence.sentences.lengths().any():
        return 0.0
    chance = float((1 / np.arange(1, len(evidence) + 1)).mean())
    return max(0.0, (float(reciprocal_ranks.mean()) - chance) / (1 - chance))


@dataclass(frozen=True, slots=True)
class Features:
    """What the fusion sees; n questions, each with the same number of candidates, c."""

    candidates: Integers
    """Columns of the voices, the most likely first, shape (n, c)."""
    of_candidates: Floats
    """Shape (n, c, CANDIDATE_FEATURES)."""
    of_none: Floats
    """Shape (n, NONE_FEATURES)."""

    @classmethod
    def joined(cls, parts: Sequence["Features"]) -> "Features":
        """Put the questions of several together."""
        return cls(
            np.concatenate([it.candidates for it in parts]),
            np.concatenate([it.of_candidates for it in parts]),
            np.concatenate([it.of_none for it in parts]),
        )

    def row(self, index: int) -> "Features":
        """Keep one question only."""
        one = slice(index, index + 1)
        return Features(self.candidates[one], self.of_candidates[one], self.of_none[one])


def features(voiced: Voiced, scales: Scales, entries: int) -> Features:
    """Choose the candidates of each question and describe them.

    Args:
        voiced: what the voices say; without those of meaning where there are no embeddings.
        scales: how to read it.
        entries: how many the FAQ has.
    """
    native = (1 - voiced.foreign)[:, None]
    raw, unrelated, related, own = _aligned(voiced, scales)
    above = raw - unrelated
    scaled = above / related
    weights = np.ones((len(VOICES), *native.shape))
    weights[_OF_WORDS] = native
    weights[_OF_ANSWERS] *= scales.trust
    promise = (_SHARES * weights[_PROMISING] * scaled[_PROMISING]).sum(axis=0)
    chosen = np.argsort(-promise, axis=1, kind="stable")[:, :MOST_CANDIDATES]
    rows = np.arange(len(chosen))[:, None]
    held = scaled[:, rows, chosen].clip(-3, 6) * weights
    to_own = (above[_TO_OWN] / own[_TO_OWN])[:, rows, chosen].clip(-1, 1.5) * weights[_TO_OWN]
    # In the order of CANDIDATE_FEATURES.
    parts = (
        held,
        _agreement(voiced, scaled, weights, chosen)[None],
        _leads(held[_LEADING]),
        held[_ACROSS_LANGUAGES] * (1 - native),
        to_own,
    )
    of_candidates = np.concatenate(parts).transpose(1, 2, 0)
    first = held[_PLACES["entry" if "entry" in voiced.scores else "words"]]
    return Features(chosen, of_candidates, _of_none(voiced, scales, first, entries))


def _aligned(voiced: Voiced, scales: Scales) -> tuple[Floats, Floats, Floats, Floats]:
    """Put all voices into one array, shape (VOICES, n, entries), and their scales beside it.

    A voice that says nothing, or whose scale nobody knows, has 0.
    """
    shape = next(iter(voiced.scores.values())).shape
    raw = np.zeros((len(VOICES), *shape))
    levels = np.zeros((3, len(VOICES), 1, 1))
    levels[1:] = 1.0
    for place, voice in enumerate(VOICES):
        if voice in voiced.scores:
            scale = scales.voices[voice]
            raw[place] = voiced.scores[voice]
            levels[:, place, 0, 0] = scale.unrelated, scale.related, scale.own
    return raw, levels[0], levels[1], levels[2]


def _leads(scores: Floats) -> Floats:
    """Give by how much each candidate leads over the best other one, or trails it."""
    if scores.shape[-1] < 2:  # noqa: PLR2004 - nobody to lead over
        return np.zeros(scores.shape)
    ordered = np.sort(scores, axis=-1)
    best, second = ordered[..., -1:], ordered[..., -2:-1]
    return (scores - np.where(scores == best, second, best)).clip(-2, 2)


def _agreement(voiced: Voiced, scaled: Floats, weights: Floats, chosen: Integers) -> Floats:
    """Give the share of the voices that put each candidate first."""
    voters = [_PLACES[voice] for voice in _VOTERS if voice in voiced.scores]
    scores, counts_as = scaled[voters], weights[voters]
    firsts = scores.argmax(axis=2)[:, :, None] == chosen
    votes = (firsts * counts_as * (scores.max(axis=2, keepdims=True) > 0)).sum(axis=0)
    return np.asarray(votes / np.maximum(counts_as.sum(axis=0), 1e-9))


def _of_none(voiced: Voiced, scales: Scales, leading: Floats, entries: int) -> Floats:
    native = 1 - voiced.foreign
    ordered = np.sort(leading, axis=1)[:, ::-1]
    others = ordered[:, 1:5]
    values: dict[str, Floats | float] = {
        "one": 1.0,
        "entries": math.log(entries),
        "answered_entries": scales.trust * math.log(entries),
        "unknown": voiced.unknown * native,
        "unknown_anywhere": voiced.unknown_anywhere * native * scales.trust,
        "foreign": voiced.foreign,
        "length": np.log1p(voiced.lengths),
        "trust": scales.trust,
        "rest": others.mean(axis=1) if others.shape[1] else 0.0,
        "spread": ordered.std(axis=1),
    }
    of_none = np.empty((len(leading), len(NONE_FEATURES)))
    for place, name in enumerate(NONE_FEATURES):
        of_none[:, place] = values[name]
    return of_none
