"""The figures of an evaluation, against cases computed by hand and naive formulas."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.evaluating import Judged, auc, figures, reliability
from bot.model import OutcomeKind, Query


def _judged(  # noqa: PLR0913 - the fields of a judged question
    expected: str | None,
    ranking: str,
    *,
    answered: bool,
    score: float = 0.5,
    also_ok: str = "",
    suggested: str = "",
    off_topic: float | None = None,
    threshold: float = 0.75,
    milliseconds: float = 1.0,
) -> Judged:
    """Make a judged question; entries have ids of one letter."""
    if answered:
        kind = OutcomeKind.ANSWER
    else:
        kind = OutcomeKind.SUGGEST if suggested else OutcomeKind.DECLINE
    return Judged(
        Query("?", expected, frozenset(also_ok)),
        tuple(ranking),
        score,
        kind,
        tuple(ranking[:1] if answered else suggested),
        off_topic,
        threshold,
        0.4,
        milliseconds,
    )


_RIGHT = _judged("a", "abc", answered=True, score=0.9)
_WRONG = _judged("b", "acb", answered=True, score=0.8)
_SHY = _judged("c", "cab", answered=False, score=0.4, suggested="ac")
_LOST = _judged("z", "abc", answered=False, score=0.3)
_DECLINED = _judged(None, "abc", answered=False, score=0.4)
_FOOLED = _judged(None, "abc", answered=True, score=0.85)


def test_ranks() -> None:
    """The rank is the place of the first entry that is right, also_ok or not."""
    assert _RIGHT.rank == 1
    assert _WRONG.rank == 3
    assert _LOST.rank is None
    assert _DECLINED.rank is None
    assert _judged("c", "abc", answered=True, also_ok="b").rank == 2
    assert _judged("a", "", answered=False).rank is None


def test_what_is_right() -> None:
    """Right is the right answer, or none where there is none; a suggestion is no answer."""
    assert [it.right for it in (_RIGHT, _WRONG, _SHY, _LOST, _DECLINED, _FOOLED)] == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert _judged("c", "abc", answered=True, also_ok="a").right
    assert not _judged(None, "abc", answered=True, also_ok="a").right


def test_figures_of_a_small_case() -> None:
    """Six questions, all figures computed by hand from their definitions."""
    result = figures([_RIGHT, _WRONG, _SHY, _LOST, _DECLINED, _FOOLED])
    assert (result.queries, result.in_scope, result.out_of_scope) == (6, 4, 2)
    assert (result.threshold, result.suggest_threshold) == pytest.approx((0.75, 0.4))
    assert result.p_at_1 == 2 / 4  # right and shy
    assert result.recall_at_3 == 3 / 4  # all but lost
    assert result.mrr == pytest.approx((1 + 1 / 3 + 1 + 0) / 4)
    # In scope .9 .8 .4 .3 against .4 .85: 2 + 1 + (half of a tie) + 0 of 8.
    assert result.auc == pytest.approx(3.5 / 8)
    assert result.combined_accuracy == pytest.approx(2 / 6)  # right and declined
    assert result.answered_precision == pytest.approx(1 / 3)
    assert result.coverage == 2 / 4
    assert result.oos_recall == 1 / 2
    assert result.helped == 2 / 4  # right, and shy, where it was the second suggestion
    # True a b c z - -, given a a - - - a. Right 2 of 6; true classes 1 1 1 1 2; given a 3, none 3.
    # (2*6 - (1*3 + 2*3)) / sqrt((36 - 18) * (36 - 8)).
    assert result.mcc == pytest.approx(3 / math.sqrt(18 * 28))
    # Bins .3: 0 of 1; .4: shy of shy and declined; .8: 0 of .8 and .85; .9: 1 of 1.
    raw = (0.3 + abs(1 - 0.4 - 0.4) + (0.8 + 0.85) + (1 - 0.9)) / 6
    assert result.calibration_error_raw == pytest.approx(raw)
    # The same bins, a question in scope weighing .7 / 4, one out of scope .3 / 2.
    near, far = 0.7 / 4, 0.3 / 2
    error = 0.3 * near
    error += abs(near - 0.4 * (near + far))
    error += 0.8 * near + 0.85 * far
    error += 0.1 * near
    assert result.calibration_error == pytest.approx(error)


def test_also_ok_is_right_too() -> None:
    """A question with several right entries counts as right whichever of them comes."""
    result = figures(
        [
            _judged("a", "ba", answered=True, also_ok="b"),
            _judged("a", "cab", answered=True, also_ok="b"),
        ]
    )
    assert result.p_at_1 == result.combined_accuracy == result.answered_precision == 0.5
    assert result.mrr == pytest.approx((1 + 1 / 2) / 2)


def test_recall_counts_three_ranks() -> None:
    """A right entry at the third place is found, one at the fourth is not."""
    ranked = [_judged("c", "abc", answered=True), _judged("d", "abcd", answered=True)]
    assert figures(ranked).recall_at_3 == 0.5


def test_all_right() -> None:
    """An engine without fault has 1 throughout."""
    result = figures([_RIGHT, _judged("b", "ba", answered=True, score=0.95), _DECLINED])
    ones = dataclasses.replace(result, ms_per_query_p50=0, ms_per_query_p95=0)
    assert [
        ones.p_at_1,
        ones.recall_at_3,
        ones.mrr,
        ones.auc,
        ones.combined_accuracy,
        ones.answered_precision,
        ones.coverage,
        ones.oos_recall,
        ones.helped,
        ones.mcc,
    ] == pytest.approx([1] * 10)


def test_only_in_scope() -> None:
    """Without out-of-scope questions, what needs them is left out rather than made up."""
    result = figures([_RIGHT, _WRONG])
    assert (result.auc, result.oos_recall) == (None, None)
    assert result.combined_accuracy == 0.5


def test_only_out_of_scope() -> None:
    """Without in-scope questions, what needs them is left out rather than made up."""
    result = figures([_DECLINED, _FOOLED])
    assert (result.p_at_1, result.recall_at_3, result.mrr) == (None, None, None)
    assert (result.auc, result.coverage, result.helped) == (None, None, None)
    assert result.oos_recall == result.combined_accuracy == 0.5
    assert result.answered_precision == 0


def test_never_answered() -> None:
    """When nothing was answered there is no precision, and no correlation either."""
    result = figures([_SHY, _LOST, _DECLINED])
    assert result.answered_precision is None
    assert result.mcc is None
    assert (result.coverage, result.oos_recall) == (0, 1)
    assert result.combined_accuracy == pytest.approx(1 / 3)


def test_one_class_has_no_correlation() -> None:
    """Where all questions have the same true answer, or get the same, nothing correlates."""
    assert figures([_RIGHT, _RIGHT]).mcc is None
    assert figures([_RIGHT, _judged("a", "ba", answered=False)]).mcc is None
    assert figures([_RIGHT, _FOOLED]).mcc is None


def test_without_off_topic_questions_the_confidence_is_that_of_a_question_in_scope() -> None:
    """What cannot happen in a set is left out of the confidence that is judged on it."""
    judged = [
        _judged("a", "a", answered=True, score=0.6, off_topic=0.25),
        _judged("b", "a", answered=True, score=0.6, off_topic=0.25),
        _judged("c", "a", answered=False, score=0.5, off_topic=0.25),
    ]
    result = figures(judged)
    assert result.calibration_error == pytest.approx((abs(1 - 0.8 - 0.8) + 0.5 / 0.75) / 3)
    assert result.calibration_error_raw == pytest.approx((abs(1 - 0.6 - 0.6) + 0.5) / 3)


def test_without_off_topic_questions_no_confidence_exceeds_certainty() -> None:
    """However sure the engine was that a question is off-topic, the confidence stays within 1."""
    judged = [
        _judged("a", "a", answered=True, score=0.6, off_topic=0.6),
        _judged("a", "a", answered=True, score=0.1, off_topic=1),
        _judged("a", "", answered=False, score=0, off_topic=1),
        _judged("a", "a", answered=True, score=0.7),
    ]
    assert [(it.confidence, it.right, it.count) for it in reliability(judged)] == [
        (0, 0, 1),
        (pytest.approx(0.7), 1, 1),
        (1, 1, 2),
    ]


def test_off_topic_questions_weigh_what_is_assumed() -> None:
    """However many of them a set has, out-of-scope questions together have the assumed weight."""
    judged = [_RIGHT] * 2 + [_judged(None, "a", answered=False, score=0.1)] * 6
    low, high = reliability(judged, 0.1)
    assert [low.confidence, low.weight] == pytest.approx([0.1, 0.1])
    assert [high.confidence, high.weight] == pytest.approx([0.9, 0.9])
    assert [(it.right, it.count) for it in (low, high)] == [(0, 6), (1, 2)]
    error = figures(judged, 0.1).calibration_error
    assert error == pytest.approx(0.1 * 0.1 + 0.1 * 0.9)


def test_a_set_of_off_topic_questions_alone_is_weighed_as_it_is() -> None:
    """Where there is nothing in scope, the confidence should have been nought throughout."""
    result = figures([_DECLINED, _FOOLED], 0)
    assert result.calibration_error == pytest.approx((0.4 + 0.85) / 2)
    assert result.calibration_error == pytest.approx(result.calibration_error_raw)


def test_times() -> None:
    """The typical time is the median; the slow end is the 95th percentile."""
    judged = [_judged("a", "a", answered=True, milliseconds=float(ms)) for ms in range(101)]
    result = figures(judged)
    assert (result.ms_per_query_p50, result.ms_per_query_p95) == (50, 95)


_scores = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=30)


@given(_scores, _scores)
def test_auc_is_the_share_of_pairs(positives: list[float], negatives: list[float]) -> None:
    """The AUC is what comparing each in-scope score with each out-of-scope one gives."""
    result = auc(np.array(positives), np.array(negatives))
    pairs = [(a, b) for a in positives for b in negatives]
    if not pairs:
        assert result is None
    else:
        won = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs)
        assert result == pytest.approx(won / len(pairs))


_judgements = st.lists(
    st.builds(
        lambda expected, also_ok, ranking, is_answered, score: _judged(
            expected,
            "".join(ranking),
            answered=is_answered and bool(ranking),
            score=score,
            also_ok="".join(also_ok),
        ),
        st.sampled_from(["a", "b", "c", None]),
        st.sets(st.sampled_from("abc")),
        st.permutations("abcd").flatmap(lambda it: st.integers(0, 4).map(lambda n: it[:n])),
        st.booleans(),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=25,
)


@given(_judgements)
def test_mcc_is_the_correlation_of_the_confusion_matrix(judged: list[Judged]) -> None:
    """The MCC is Gorodkin's sum over the confusion matrix, with "not answered" as a class."""
    classes = ["a", "b", "c", "d", None]
    matrix = np.zeros((5, 5), dtype=int)
    for it in judged:
        given_class = it.ranking[0] if it.answered else None
        is_right = it.answered and it.query.accepts(it.ranking[0])
        true_class = given_class if is_right else it.query.expected
        matrix[classes.index(true_class), classes.index(given_class)] += 1
    expected = _gorodkin(matrix.tolist())
    result = figures(judged).mcc
    assert result == (None if expected is None else pytest.approx(expected, abs=1e-9))


def _gorodkin(matrix: Sequence[Sequence[int]]) -> float | None:
    """Compute R_K as in Gorodkin 2004, sum by sum; a row is a true class, a column a given one."""
    n = range(len(matrix))
    above = sum(
        matrix[i][i] * matrix[j][k] - matrix[i][j] * matrix[k][i] for i in n for j in n for k in n
    )

    def side(cell: Sequence[Sequence[int]]) -> int:
        return sum(sum(cell[k]) * sum(sum(cell[other]) for other in n if other != k) for k in n)

    below = math.sqrt(side(matrix)) * math.sqrt(side(list(zip(*matrix, strict=True))))
    return above / below if below else None


@given(_judgements)
def test_figures_are_shares(judged: list[Judged]) -> None:
    """Every share is from 0 to 1, the correlation from -1 to 1, and none is NaN."""
    result = figures(judged)
    shares = (
        result.p_at_1,
        result.recall_at_3,
        result.mrr,
        result.auc,
        result.combined_accuracy,
        result.answered_precision,
        result.coverage,
        result.oos_recall,
        result.helped,
        result.calibration_error,
        result.calibration_error_raw,
    )
    assert all(share is None or 0 <= share <= 1.000001 for share in shares)
    assert result.mcc is None or -1.000001 <= result.mcc <= 1.000001
    assert result.in_scope + result.out_of_scope == result.queries == len(judged)
    if result.p_at_1 is not None and result.mrr is not None and result.recall_at_3 is not None:
        assert result.p_at_1 <= result.mrr
        assert result.p_at_1 <= result.recall_at_3
