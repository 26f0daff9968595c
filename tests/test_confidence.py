"""How sure to be of the best candidate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.confidence import SUMMARY, Calibration, confidence, summary
from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES, Features, Scales

_ENTRIES = 20


def _described(chances: list[float], *, trust: float = 0.0, depth: float = 0.0) -> dict[str, float]:
    """Describe one question's probabilities, that of none last."""
    candidates = len(chances) - 1
    of_none = np.arange(len(NONE_FEATURES), dtype=np.float64)[None]
    features = Features(
        np.arange(candidates)[None], np.zeros((1, candidates, len(CANDIDATE_FEATURES))), of_none
    )
    row = summary(np.array([chances]), features, Scales({}, trust, depth), _ENTRIES)
    assert row.shape == (1, len(SUMMARY))
    return dict(zip(SUMMARY, row[0].tolist(), strict=True))


def test_a_summary_tells_how_belief_is_spread() -> None:
    """The best candidate is set against the second, against none, and against all together."""
    described = _described([0.2, 0.5, 0.3])

    assert described["one"] == 1
    assert described["best"] == pytest.approx(0)
    assert described["none"] == pytest.approx(math.log(0.3 / 0.7))
    assert described["best_to_second"] == pytest.approx(math.log(5 / 2))
    assert described["best_to_none"] == pytest.approx(math.log(5 / 3))
    entropy = -sum(p * math.log(p) for p in (0.2, 0.5, 0.3))
    assert described["entropy"] == pytest.approx(entropy)


def test_a_summary_tells_of_the_faq_and_the_question() -> None:
    """Each reading is there for shallow and deep, small and large, wordy and terse FAQs."""
    described = _described([0.2, 0.5, 0.3], trust=0.5, depth=0.25)

    assert described["none_depth"] == pytest.approx(described["none"] / 4)
    assert described["entropy_trust"] == pytest.approx(described["entropy"] / 2)
    assert described["one_entries"] == pytest.approx(math.log(_ENTRIES) - 3.5)
    for name in ("foreign", "unknown", "unknown_anywhere", "length"):
        assert described[name] == NONE_FEATURES.index(name)


@pytest.mark.parametrize("chances", [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
def test_certainty_is_held_within_bounds(chances: list[float]) -> None:
    """A candidate alone, and probabilities of 0 and 1, give finite numbers."""
    assert all(map(math.isfinite, _described(chances).values()))


@given(st.integers(0, 999), st.integers(0, 5), st.sampled_from([0.1, 1, 50]))
def test_beliefs_leave_room_for_each_other(seed: int, questions: int, scale: float) -> None:
    """Right and off the topic are probabilities; what is left is "another entry is right"."""
    generator = np.random.default_rng(seed)
    calibration = Calibration(generator.normal(size=3), generator.normal(size=3))

    belief = confidence(scale * generator.normal(size=(questions, 3)), calibration)

    for chances in (belief.right, belief.off_topic, 1 - belief.right - belief.off_topic):
        assert chances.shape == (questions,)
        assert (chances >= -1e-12).all()
        assert (chances <= 1).all()


def test_without_evidence_all_is_open() -> None:
    """A summary that weighs nothing leaves a third each for right, wrong and off the topic."""
    belief = confidence(np.zeros((1, 2)), Calibration(np.ones(2), np.ones(2)))

    assert [*belief.right, *belief.off_topic] == pytest.approx([1 / 3, 1 / 3])
