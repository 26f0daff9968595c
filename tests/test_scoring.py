"""From candidates to scored entries."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.scoring import score_entries
from bot.model import Candidate, Match

_similarities = st.floats(-1, 1) | st.sampled_from([-1.0, -0.0, 0.0, 0.5, 1.0])
_candidates = st.lists(
    st.builds(Candidate, st.sampled_from("abcd"), st.sampled_from("wxyz"), _similarities)
)


def test_the_nearest_phrasing_counts() -> None:
    """An entry scores as well as its best phrasing, however far its others are."""
    candidates = [
        Candidate("hours", "When open?", 0.4),
        Candidate("hours", "Opening hours", 0.9),
        Candidate("place", "Where?", 0.7),
        Candidate("hours", "Open today?", 0.8),
    ]
    assert score_entries(candidates) == (
        Match("hours", "Opening hours", 0.9),
        Match("place", "Where?", 0.7),
    )


def test_equal_scores_are_ordered_by_id() -> None:
    """Where two entries come equally near, everybody gets them in the same order."""
    candidates = [Candidate(id_, "Same?", 0.5) for id_ in ("b", "c", "a")]
    assert [match.entry_id for match in score_entries(candidates)] == ["a", "b", "c"]


def test_nothing_near() -> None:
    """Without candidates there are no matches."""
    assert score_entries([]) == ()


def test_scores_are_shares() -> None:
    """What points the other way scores 0, and rounding never makes more than 1."""
    candidates = [Candidate("a", "a", -0.5), Candidate("b", "b", 1.0000001)]
    assert score_entries(candidates) == (Match("b", "b", 1.0), Match("a", "a", 0.0))


@given(_candidates)
def test_scores_are_sound(candidates: list[Candidate]) -> None:
    """Each entry scores once, with its own best phrasing, finite, from 0 to 1, best first."""
    matches = score_entries(candidates)
    assert {match.entry_id for match in matches} == {it.entry_id for it in candidates}
    assert len(matches) == len({match.entry_id for match in matches})
    for match in matches:
        own = [it for it in candidates if it.entry_id == match.entry_id]
        assert math.isfinite(match.score)
        assert match.score == max(0.0, *(it.similarity for it in own), 0.0)
        assert 0 <= match.score <= 1
        assert any(
            it.question == match.question and max(it.similarity, 0) == match.score for it in own
        )
    order = [(-match.score, match.entry_id) for match in matches]
    assert order == sorted(order)


@given(_candidates, st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter(
    candidates: list[Candidate], shuffler: random.Random
) -> None:
    """The same question gets the same matches, in whatever order the search found them."""
    shuffled = list(candidates)
    shuffler.shuffle(shuffled)
    assert score_entries(shuffled) == score_entries(candidates)


@given(_candidates, st.sampled_from("abcd"))
def test_entries_do_not_disturb_each_other(candidates: list[Candidate], id_: str) -> None:
    """Adding phrasings to one entry changes no other entry's score."""
    without = [it for it in candidates if it.entry_id != id_]
    others = tuple(match for match in score_entries(candidates) if match.entry_id != id_)
    assert others == score_entries(without)
