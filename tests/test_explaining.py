"""Why an entry got its score."""

import numpy as np
import pytest

from bot.matching.evidence import VOICES, Voiced, without_embeddings
from bot.matching.explaining import explain
from bot.matching.features import Scale, Scales
from bot.model import Match

_MATCH = Match("a", "How?", 0.9)
_OF_ANSWERS = {"answer_sentence", "all_words"}


def _voiced(value: float) -> Voiced:
    """Let all voices give the second of two entries this score, and the first none."""
    nothing = np.zeros(1)
    scores = {voice: np.array([[0.0, value]]) for voice in VOICES}
    return Voiced(scores, nothing, nothing, nothing, nothing)


def _scales(*, trust: float = 0.5, own: float = 0.6) -> Scales:
    return Scales({voice: Scale(0.2, 0.2, own) for voice in VOICES}, trust, 0)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.8, "as much as one of its own phrasings"),
        (0.55, "much more than wrong entries usually have"),
        (0.45, "more than wrong entries usually have"),
        (0.35, "as much as a wrong entry may have"),
        (0.25, "little"),
        (0.0, "little"),
    ],
)
def test_a_score_is_set_against_what_is_usual(value: float, verdict: str) -> None:
    """Each part tells its score, and whether a wrong or the right entry usually has as much."""
    explanation = explain(_MATCH, _voiced(value), 1, _scales())

    assert explanation.match is _MATCH
    assert {part.verdict for part in explanation.parts} == {verdict}
    assert {part.value for part in explanation.parts} == {value}


def test_what_wrong_entries_have_is_never_its_own() -> None:
    """Where right entries hardly stand out, a common score is not taken for an own phrasing."""
    parts = explain(_MATCH, _voiced(0.35), 1, _scales(own=0.1)).parts

    assert {part.verdict for part in parts} == {"as much as a wrong entry may have"}


def test_only_what_can_be_told_is_told() -> None:
    """No answers that cannot be trusted, no meaning without embeddings; and each in plain words."""
    everything = explain(_MATCH, _voiced(1), 1, _scales()).parts
    distrusted = explain(_MATCH, _voiced(1), 1, _scales(trust=0.05)).parts
    in_words = explain(_MATCH, without_embeddings(_voiced(1)), 1, _scales()).parts

    assert {part.name for part in everything} - {part.name for part in distrusted} == _OF_ANSWERS
    assert {part.name for part in in_words} == {"words", "spelling", "all_words"}
    assert len({part.what for part in everything}) == len(everything)


def test_a_tiny_faq_knows_nothing_usual() -> None:
    """Without scales there are scores and no verdicts."""
    parts = explain(_MATCH, _voiced(1), 1, None).parts

    assert not {part.name for part in parts} & _OF_ANSWERS
    assert {part.verdict for part in parts} == {""}
