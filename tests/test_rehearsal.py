"""A FAQ's own phrasings, asked of the rest of it."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.entry_parts import Parts
from bot.matching.evidence import Evidence
from bot.matching.features import Scales
from bot.matching.questions import Questions
from bot.matching.rehearsal import MOST_QUESTIONS, Rehearsed, rehearse
from bot.model import Vectors
from tests.fakes import word_vector

# A FAQ is fitted for each example, which takes its time.
_fewer = settings(max_examples=settings().max_examples // 4)
_counts = st.lists(st.integers(1, 9), min_size=3, max_size=6)


def _phrasings(counts: Sequence[int]) -> list[str]:
    """Give each entry its word, and each phrasing one of its own."""
    return [
        f"entry{row} phrasing{row}x{i}" for row, count in enumerate(counts) for i in range(count)
    ]


def _rehearsals(counts: Sequence[int], most: int | None = MOST_QUESTIONS) -> list[Rehearsed]:
    texts = _phrasings(counts)
    vectors: Vectors = np.stack([word_vector(text, 16) for text in texts])
    own = Questions.of(texts, vectors)
    evidence = Evidence.of(
        Parts.of(own, counts, [""] * len(counts), [0] * len(counts), vectors[:0])
    )
    scales = Scales.of(evidence, own, evidence.phrasings.owners())
    return list(rehearse(evidence, scales, most=most))


@_fewer
@given(_counts)
def test_every_phrasing_with_siblings_is_asked_once(counts: list[int]) -> None:
    """Each phrasing of an entry that has others is left out once; one alone never is."""
    owners = np.repeat(np.arange(len(counts)), counts)

    asked = [
        int(row) for it in _rehearsals(counts) if not it.entry_left_out for row in it.phrasings
    ]

    assert sorted(asked) == [row for row, owner in enumerate(owners) if counts[owner] > 1]


@_fewer
@given(_counts)
def test_an_entry_is_left_with_others_in_place(counts: list[int]) -> None:
    """While phrasings are left out every entry stays, and the right one can be found."""
    owners = np.repeat(np.arange(len(counts)), counts)
    for it in _rehearsals(counts):
        if it.entry_left_out:
            continue
        assert it.entries.tolist() == list(range(len(counts)))
        for rights, features in (
            (it.right, it.features),
            (it.right_in_words, it.without_embeddings),
        ):
            found = features.candidates[np.arange(len(rights)), rights]
            assert found.tolist() == owners[it.phrasings].tolist()


@_fewer
@given(_counts)
def test_of_an_entry_left_out_nothing_is_to_be_found(counts: list[int]) -> None:
    """Where the whole entry is missing, no candidate is right; three entries or more are left."""
    owners = np.repeat(np.arange(len(counts)), counts)
    for it in _rehearsals(counts):
        if not it.entry_left_out:
            continue
        assert len(it.entries) >= 3
        assert not set(owners[it.phrasings]) & set(it.entries)
        assert (it.right == -1).all()
        assert (it.right_in_words == -1).all()


def test_no_phrasing_hears_itself() -> None:
    """What is asked is no longer in the FAQ: words of its own only are unknown to all."""
    texts = ["red apple", "zebra", "green tree", "xylophone", "blue sky", "yacht"]
    vectors: Vectors = np.stack([word_vector(text, 16) for text in texts])
    own = Questions.of(texts, vectors)
    evidence = Evidence.of(Parts.of(own, [2, 2, 2], [""] * 3, [0] * 3, vectors[:0]))
    scales = Scales.of(evidence, own, evidence.phrasings.owners())

    for it in rehearse(evidence, scales):
        assert not it.without_embeddings.of_candidates[:, :, :10].max() > 1e-9
        assert it.features.of_none[:, 3].tolist() == [1] * len(it.phrasings)


def test_one_phrasing_an_entry_leaves_only_silence_to_rehearse() -> None:
    """A FAQ of single phrasings can tell what to decline, and nothing of what to answer."""
    assert [it.entry_left_out for it in _rehearsals([1] * 6)] == [True] * 3


@pytest.mark.parametrize("count", [3, 4])
def test_a_small_faq_keeps_its_entries(count: int) -> None:
    """Where less than three entries would be left, none is left out."""
    left_out = [it for it in _rehearsals([2] * count) if it.entry_left_out]

    assert len(left_out) == (0 if count == 3 else 2)


def test_a_large_faq_is_asked_in_part() -> None:
    """Of many phrasings as many are asked as were wished for, from all over the FAQ, or all."""
    counts = [4] * 30

    some, everything = _rehearsals(counts, most=24), _rehearsals(counts, most=None)

    for left_out in (True, False):
        asked = [row for it in some if it.entry_left_out is left_out for row in it.phrasings]
        assert len(asked) == 24
        assert min(asked) < 20
        assert max(asked) > 100
        assert sum(len(it.right) for it in everything if it.entry_left_out is left_out) == 120
