"""What a FAQ can tell of itself: its own phrasings, asked of the rest of it.

A phrasing that is left out must find the other phrasings of its entry; a phrasing of an entry that
is left out must find nothing. The lexical voices and the model of meaning are fitted anew without
what was left out, so that nothing has seen its own answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.evidence import Evidence, without_embeddings
from bot.matching.features import Features, Scales, blocks, features
from bot.matching.segments import Integers

_FEWEST_LEFT = 3
_PHRASING_FOLDS = 4
_ENTRY_FOLDS = 3
MOST_QUESTIONS = 400  # of each kind: enough to learn a few dozen weights that have a prior


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The FAQ's phrasings as questions to what is left of the FAQ without them; n of them."""

    phrasings: Integers
    """Which ones, shape (n,)."""
    entries: Integers
    """The entries that were left, by the columns that `features` speaks of, shape (left,)."""
    features: Features
    without_embeddings: Features
    right: Integers
    """The right candidate's place, -1 for none, shape (n,)."""
    right_in_words: Integers
    """The same among the candidates without embeddings."""
    entry_left_out: bool
    """Whether the entries that the phrasings belong to were left out with them."""


def rehearse(
    evidence: Evidence,
    scales: Scales,
    *,
    most: int | None = MOST_QUESTIONS,
) -> Iterator[Rehearsed]:
    """Put the FAQ's phrasings to the FAQ without them.

    Args:
        evidence: the FAQ's.
        scales: the FAQ's.
        most: how many phrasings to ask of each kind, evenly spread; None asks all.
    """
    for left_out in _phrasing_folds(evidence):
        asked = _some(left_out, most, _PHRASING_FOLDS)
        yield _rehearsed(evidence, scales, left_out, asked)
    for left_out in _entry_folds(evidence):
        asked = _some(left_out, most, _ENTRY_FOLDS)
        yield _rehearsed(evidence, scales, left_out, asked)


def _phrasing_folds(evidence: Evidence) -> Iterator[npt.NDArray[np.bool_]]:
    """Leave out some phrasings, never all of an entry's."""
    lengths = evidence.phrasings.lengths()
    owners = evidence.phrasings.owners()
    place = np.arange(len(owners)) - evidence.phrasings.starts[owners]
    folds = (place + owners) % _PHRASING_FOLDS
    for fold in range(_PHRASING_FOLDS):
        left_out = (folds == fold) & (lengths[owners] > 1)
        if left_out.any():
            yield left_out


def _entry_folds(evidence: Evidence) -> Iterator[npt.NDArray[np.bool_]]:
    """Leave out whole entries."""
    owners = evidence.phrasings.owners()
    for fold in range(_ENTRY_FOLDS):
        left_out = owners % _ENTRY_FOLDS == fold
        if len(evidence) - len(np.unique(owners[left_out])) >= _FEWEST_LEFT:
            yield left_out


def _rehearsed(
    evidence: Evidence,
    scales: Scales,
    left_out: npt.NDArray[np.bool_],
    asked: Integers,
) -> Rehearsed:
    owners = evidence.phrasings.owners()
    rest, entries = evidence.kept(~left_out)
    with_vectors, by_words = [], []
    for rows in blocks(len(asked), len(entries)):
        voiced = rest.voiced(evidence.parts.own(asked[rows]))
        with_vectors.append(features(voiced, scales, len(entries)))
        by_words.append(features(without_embeddings(voiced), scales, len(entries)))
    described, in_words = Features.joined(with_vectors), Features.joined(by_words)
    return Rehearsed(
        asked,
        entries,
        described,
        in_words,
        _place_of(owners[asked], entries[described.candidates]),
        _place_of(owners[asked], entries[in_words.candidates]),
        entry_left_out=len(entries) < len(evidence),
    )


def _some(left_out: npt.NDArray[np.bool_], most: int | None, folds: int) -> Integers:
    """Choose which phrasings to ask of those that are left out, evenly spread."""
    asked = np.flatnonzero(left_out)
    if most is None or len(asked) <= most // folds:
        return asked
    return asked[np.linspace(0, len(asked) - 1, most // folds).astype(np.int64)]


def _place_of(owners: Integers, candidates: Integers) -> Integers:
    found = candidates == owners[:, None]
    return np.where(found.any(axis=1), found.argmax(axis=1), -1)
