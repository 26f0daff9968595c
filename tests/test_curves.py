"""What reports and plots show: thresholds and confusions, against naive computations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.curves import Confusion, confusions, threshold_curve
from bot.matching.evaluating import Judged
from bot.model import OutcomeKind, Query


def _judged(
    expected: str | None, ranking: str, score: float = 0.5, *, is_answer: bool = False
) -> Judged:
    """Make a judged question; entries have ids of one letter."""
    kind = OutcomeKind.ANSWER if is_answer else OutcomeKind.DECLINE
    shown = tuple(ranking[:1]) if is_answer else ()
    return Judged(
        Query("?", expected, frozenset("o")), tuple(ranking), score, kind, shown, None, 0.5, 0.2, 1
    )


def test_a_stricter_threshold_answers_less() -> None:
    """At each score that occurs: what share of the answers would be right, and how many given."""
    curve = threshold_curve(
        [
            _judged("a", "ab", 0.9),
            _judged("a", "ba", 0.9),
            _judged("a", "oa", 0.5),
            _judged(None, "a", 0.7),
            _judged("a", "", 0.0),
        ]
    )
    assert curve.thresholds.tolist() == [0.5, 0.7, 0.9]
    assert curve.answered.tolist() == [4, 3, 2]
    assert curve.precision.tolist() == pytest.approx([2 / 4, 1 / 3, 1 / 2])
    assert curve.coverage is not None
    assert curve.coverage.tolist() == [3 / 4, 2 / 4, 2 / 4]


def test_off_topic_questions_alone_have_no_coverage() -> None:
    """Without in-scope questions no answer can be right, and none is missed."""
    curve = threshold_curve([_judged(None, "a", 0.7)])
    assert (curve.precision.tolist(), curve.coverage) == ([0], None)


def test_nothing_found_makes_an_empty_curve() -> None:
    """Where no question found anything there is no threshold to show."""
    curve = threshold_curve([_judged("a", "", 0.0)])
    assert len(curve.thresholds) == len(curve.precision) == 0


@given(
    st.lists(
        st.builds(
            _judged,
            st.sampled_from(["a", "b", None]),
            st.sampled_from(["ab", "ba", "o", ""]),
            st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0, 1),
        ),
        max_size=25,
    )
)
def test_the_curve_is_what_each_threshold_gives(judged: list[Judged]) -> None:
    """Each point is what counting the questions at or above its threshold gives."""
    curve = threshold_curve(judged)
    found = [it for it in judged if it.ranking]
    inside = [it for it in judged if it.query.expected is not None]
    assert curve.thresholds.tolist() == sorted({it.score for it in found})
    for i, threshold in enumerate(curve.thresholds):
        above = [it for it in found if it.score >= threshold]
        right = [it for it in above if it.query.accepts(it.ranking[0])]
        assert curve.answered[i] == len(above)
        assert curve.precision[i] == pytest.approx(len(right) / len(above))
        if curve.coverage is not None:
            covered = [it for it in above if it.query.expected is not None]
            assert curve.coverage[i] == pytest.approx(len(covered) / len(inside))


def test_confusions_come_worst_first() -> None:
    """Most questions first, then most wrong answers; what is right or off-topic is no confusion."""
    judged = [
        _judged("a", "bac"),
        _judged("a", "bca"),
        _judged("b", "ab"),
        _judged("c", "ac", is_answer=True),
        _judged("d", "a"),
        _judged("a", "ab", is_answer=True),
        _judged("a", "oa"),
        _judged(None, "ab", is_answer=True),
        _judged("a", ""),
    ]
    assert confusions(judged) == (
        Confusion("a", "b", 2, 0),
        Confusion("c", "a", 1, 1),
        Confusion("b", "a", 1, 0),
        Confusion("d", "a", 1, 0),
    )
