"""What was told is remembered for 30 days."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import OutcomeKind
from bot.storage.sent_answers import SqliteSentAnswers
from bot.told import SentAnswer, Told, Vote

_TOLD = Told("when?", OutcomeKind.ANSWER, ("hours",), (("hours", 0.8), ("place", 0.1)))
_DAY = 24 * 3600.0


class _Clock:
    now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="clock")
def _clock() -> _Clock:
    return _Clock()


@pytest.fixture(name="answers")
def _answers(tmp_path: Path, clock: _Clock) -> Iterator[SqliteSentAnswers]:
    answers = SqliteSentAnswers(tmp_path / "answers.sqlite", clock=clock)
    yield answers
    answers.close()


def test_every_message_of_an_answer_leads_to_it(answers: SqliteSentAnswers) -> None:
    """A long answer takes several messages, and each is known for it; no other message is."""
    sent = SentAnswer(7, 11, 13, _TOLD)
    answers.put(sent)
    assert [answers.get(7, it) for it in range(10, 15)] == [None, sent, sent, sent, None]
    assert answers.get(8, 11) is None


def test_what_is_told_anew_counts(answers: SqliteSentAnswers) -> None:
    """Where a message was changed into another answer, the earlier one is forgotten."""
    answers.put(SentAnswer(7, 11, 13, _TOLD))
    other = SentAnswer(7, 11, 11, Told("what?", OutcomeKind.SUGGEST, ("a", "b")))
    answers.put(other)
    assert answers.get(7, 11) == other
    assert answers.get(7, 13) is None


def test_a_vote_is_kept_with_its_answer(answers: SqliteSentAnswers, clock: _Clock) -> None:
    """The last vote counts, can be taken back, and makes no answer live longer."""
    sent = SentAnswer(7, 11, 13, _TOLD)
    other = SentAnswer(7, 14, 14, _TOLD)
    answers.put(sent)
    answers.put(other)
    clock.now += 20 * _DAY
    for vote in (Vote.UP, Vote.DOWN, None, Vote.DOWN):
        answers.vote(7, 13, vote)
        assert answers.get(7, 11) == replace(sent, vote=vote)
    assert answers.get(7, 14) == other
    answers.vote(7, 15, Vote.UP)
    assert answers.get(7, 15) is None
    clock.now += 11 * _DAY
    assert answers.get(7, 13) is None


def test_what_is_not_told_any_more_is_forgotten(answers: SqliteSentAnswers) -> None:
    """Where messages tell nothing of the FAQ any more, nothing is known of them; others stay."""
    for id_ in (11, 14, 17):
        answers.put(SentAnswer(7, id_, id_ + 2, _TOLD))
    answers.forget(7, 14, 16)
    answers.forget(8, 11, 13)
    assert [bool(answers.get(7, it)) for it in (13, 14, 16, 17)] == [True, False, False, True]


def test_answers_are_forgotten_after_thirty_days(
    answers: SqliteSentAnswers, clock: _Clock, tmp_path: Path
) -> None:
    """Nothing is given of an older one, and the next answer removes it from the file."""
    answers.put(SentAnswer(7, 11, 11, _TOLD))
    clock.now += 29 * _DAY
    assert answers.get(7, 11)
    clock.now += 2 * _DAY
    assert answers.get(7, 11) is None
    answers.put(SentAnswer(7, 12, 12, replace(_TOLD, question="something else")))
    answers.close()
    assert b"when?" not in (tmp_path / "answers.sqlite").read_bytes()


def test_a_group_that_moves_takes_its_answers_along(answers: SqliteSentAnswers) -> None:
    """When Telegram gives a group another id, its answers are found under that."""
    sent = SentAnswer(-7, 11, 11, _TOLD, Vote.UP)
    answers.put(sent)
    answers.move(-7, -100)
    assert answers.get(-7, 11) is None
    assert answers.get(-100, 11) == replace(sent, chat_id=-100)


@given(
    told=st.builds(
        Told,
        st.text(st.characters(codec="utf-8")),
        st.sampled_from(OutcomeKind),
        st.lists(st.text(st.characters(codec="utf-8"))).map(tuple),
        st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.floats(0, 1))).map(tuple),
        was_chosen=st.booleans(),
    ),
    vote=st.sampled_from([None, *Vote]),
)
def test_nothing_is_lost(
    told: Told, vote: Vote | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was told comes back as it was."""
    answers = SqliteSentAnswers(tmp_path_factory.mktemp("answers") / "answers.sqlite")
    try:
        sent = SentAnswer(1, 2, 2, told, vote)
        answers.put(sent)
        assert answers.get(1, 2) == sent
    finally:
        answers.close()
