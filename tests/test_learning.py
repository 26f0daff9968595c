"""From what a FAQ tells of itself to its weights."""

import numpy as np
import pytest

from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES, Features
from bot.matching.fusion import Weights, probabilities
from bot.matching.learning import learnt
from bot.matching.priors import WITH_EMBEDDINGS, WITHOUT_EMBEDDINGS
from bot.matching.rehearsal import Rehearsed

_PRIOR = WITH_EMBEDDINGS.prior
_SPELLING = CANDIDATE_FEATURES.index("spelling")
_CENTROID = CANDIDATE_FEATURES.index("centroid")


def _features(questions: int, telling: int) -> Features:
    """Describe questions with three candidates, of which one feature singles out the second."""
    of_candidates = np.zeros((questions, 3, len(CANDIDATE_FEATURES)))
    of_candidates[:, 1, telling] = 2
    of_none = np.zeros((questions, len(NONE_FEATURES)))
    of_none[:, 0] = 1
    return Features(np.tile(np.arange(3), (questions, 1)), of_candidates, of_none)


def _rehearsed(questions: int, *, entry_left_out: bool = False) -> Rehearsed:
    right = np.full(questions, -1 if entry_left_out else 1)
    return Rehearsed(
        np.arange(questions),
        np.arange(3),
        _features(questions, _CENTROID),
        _features(questions, _SPELLING),
        right,
        right,
        entry_left_out,
    )


def _is_prior(weights: Weights) -> bool:
    expected = _PRIOR.at(0.5)
    return np.array_equal(weights.of_candidates, expected.of_candidates) and np.array_equal(
        weights.of_none, expected.of_none
    )


@pytest.mark.parametrize("rehearsals", [[], [_rehearsed(0)], [_rehearsed(9, entry_left_out=True)]])
def test_a_faq_with_nothing_to_tell_keeps_what_others_told(rehearsals: list[Rehearsed]) -> None:
    """Where no phrasing has siblings to be found by, the weights are those of other FAQs."""
    assert _is_prior(learnt(rehearsals, _PRIOR, 0.5))


def test_what_finds_siblings_gains_weight() -> None:
    """A voice that finds the right entry in rehearsal is trusted more, the more it was tried."""
    prior = _PRIOR.at(0.5).of_candidates[_CENTROID]

    few, many = (
        learnt([_rehearsed(count)], _PRIOR, 0.5).of_candidates[_CENTROID] for count in (5, 50)
    )

    assert prior < few < many


def test_words_learn_from_words() -> None:
    """Without embeddings, what the words alone found is learnt from."""
    prior = WITHOUT_EMBEDDINGS.prior

    weights = learnt([_rehearsed(20)], prior, 0.5, in_words=True)

    assert weights.of_candidates[_SPELLING] > prior.at(0.5).of_candidates[_SPELLING]
    assert weights.of_candidates[_CENTROID] == prior.at(0.5).of_candidates[_CENTROID]


def test_what_must_stay_silent_makes_more_careful() -> None:
    """Entries that were left out raise the chance that nothing is right, a little."""
    phrasings, silence = _rehearsed(20), _rehearsed(20, entry_left_out=True)

    def chance_of_none(*rehearsals: Rehearsed) -> float:
        weights = learnt(rehearsals, _PRIOR, 0.5)
        return float(probabilities(_features(1, _CENTROID), weights)[0, -1])

    assert chance_of_none(phrasings) < chance_of_none(phrasings, silence) < chance_of_none()
