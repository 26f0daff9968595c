"""An edit of a large FAQ: what is exchanged is as if it had been there from the start."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.apart import texts_to_embed
from bot.matching.evidence import Evidence
from bot.matching.matcher import Matcher
from bot.matching.plda import Plda
from bot.matching.segments import Segments
from bot.matching.storing import dump, dump_refreshed, load
from bot.model import Entry, Vector
from tests.fakes import ZOO, entry, word_vector

_EVEN = 0.5
_MORE = (
    entry("lions", "where are the lions", "lions to see", answer="In the south. They sleep."),
    entry("dogs", "may i bring dogs", answer="No."),
    entry("hours", "when do you open", "opening times", answer="At ten."),
    entry("zebras", "zebras", answer=""),
)


def _vectors(entries: Sequence[Entry]) -> dict[str, Vector]:
    return {text: word_vector(text) for text in texts_to_embed(entries)}


def _fit(entries: Sequence[Entry]) -> Matcher:
    return Matcher.fit(entries, _vectors(entries), even_similarity=_EVEN)


_LEARNT = _fit(ZOO)


def _after(matcher: Matcher, before: Sequence[Entry], after: Sequence[Entry]) -> Matcher:
    edit = matcher.edit(before, after)
    assert edit
    return matcher.refreshed(edit, _vectors(edit.changed))


def _tokens(evidence: Evidence, name: str) -> list[dict[int, float]]:
    """Give each document's tokens with their counts."""
    lexicon = getattr(evidence.parts if name.endswith("_counts") else evidence, name)
    starts = lexicon.documents.starts
    return [
        dict(
            zip(
                lexicon.keys[lexicon.columns[start:end]].tolist(),
                lexicon.values[start:end].tolist(),
                strict=True,
            )
        )
        for start, end in pairwise(starts)
    ]


def _assert_same_entries(one: Matcher, other: Matcher) -> None:
    """Check that nothing but what is learnt of a FAQ as a whole tells two matchers apart."""
    assert (one.ids, one.phrasings, one.places) == (other.ids, other.phrasings, other.places)
    assert one.verbatim == other.verbatim
    mine, others = one.evidence, other.evidence
    np.testing.assert_array_equal(mine.vectors, others.vectors)
    np.testing.assert_array_equal(mine.parts.answer_vectors, others.parts.answer_vectors)
    np.testing.assert_array_equal(mine.phrasings.starts, others.phrasings.starts)
    np.testing.assert_array_equal(mine.sentences.starts, others.sentences.starts)
    np.testing.assert_allclose(mine.centroid_lengths, others.centroid_lengths, rtol=1e-6)
    for name in ("word_counts", "gram_counts", "answer_counts", "words", "spelling", "all_words"):
        for a, b in zip(_tokens(mine, name), _tokens(others, name), strict=True):
            assert a == pytest.approx(b, rel=1e-5)


@st.composite
def _edited(draw: st.DrawFn) -> tuple[Entry, ...]:
    """The zoo with at most one entry less, and one that is new or has become another one."""
    gone = draw(st.none() | st.sampled_from([it.id for it in ZOO]))
    more = draw(st.none() | st.sampled_from(_MORE))
    entries = {it.id: it for it in (*ZOO, *((more,) if more else ()))}
    if gone:
        del entries[gone]
    return tuple(draw(st.permutations(list(entries.values()))))


@given(_edited(), _edited())
def test_the_entries_are_those_of_a_fit_from_nothing(
    first: tuple[Entry, ...], second: tuple[Entry, ...]
) -> None:
    """After any small edits all that belongs to one entry is what learning anew would give."""
    matcher, before = _LEARNT, ZOO
    for after in (first, second):
        edit = matcher.edit(before, after)
        if edit:
            matcher, before = matcher.refreshed(edit, _vectors(edit.changed)), after
    _assert_same_entries(matcher, _fit(before))
    assert matcher.weights is _LEARNT.weights


def test_the_model_of_meaning_places_entries_as_it_did_the_first_time() -> None:
    """For covariances that stay, a new entry gets what fitting would have given it."""
    evidence = _LEARNT.evidence
    away = (*(it for it in ZOO if it.id != "dogs"),)
    back = _after(_after(_LEARNT, ZOO, away), away, ZOO).evidence
    np.testing.assert_allclose(
        back.plda.weighted_means, evidence.plda.weighted_means, rtol=1e-3, atol=1e-5
    )
    np.testing.assert_allclose(back.plda.constants, evidence.plda.constants, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(back.plda.counts, evidence.plda.counts)


def test_long_vectors_are_placed_as_well() -> None:
    """A model whose vectors are first made shorter places a new entry where fitting would."""
    random = np.random.default_rng(3)
    vectors = random.normal(size=(40, 700)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"text {number}" for number in range(40)]
    entries = [entry(f"e{it:02}", *texts[4 * it : 4 * it + 4], answer="-") for it in range(10)]
    of_texts = dict(zip(texts, vectors, strict=True))
    matcher = Matcher.fit(entries, of_texts, even_similarity=_EVEN)
    fewer = entries[:-1]
    edit = matcher.edit(entries, fewer)
    assert edit
    less = matcher.refreshed(edit, {})
    edit = less.edit(fewer, entries)
    assert edit
    again = less.refreshed(edit, of_texts).evidence.plda
    plda: Plda = matcher.evidence.plda
    np.testing.assert_allclose(again.weighted_means, plda.weighted_means, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(again.constants, plda.constants, rtol=1e-3, atol=1e-3)


def test_an_edited_entry_answers_by_what_it_says_now() -> None:
    """A question about what is new finds it, and what is gone is found no more."""
    after = (*(it for it in ZOO if it.id != "dogs"), _MORE[0])
    matcher = _after(_LEARNT, ZOO, after)
    lions = "where can i see lions"
    found = matcher.rank(lions, word_vector(lions), ("lions", "photos", "dogs")).matches
    assert found[0].entry_id == "lions"
    dogs = "are dogs allowed"
    assert "dogs" not in {it.entry_id for it in matcher.rank(dogs, word_vector(dogs), ()).matches}


def test_what_concerns_no_matching_changes_nothing() -> None:
    """Another topic, order or place leaves all as it is, and there is nothing to learn."""
    moved = [replace(it, topic="Zoo") for it in reversed(ZOO)]
    edit = _LEARNT.edit(ZOO, moved)
    assert edit
    assert not edit.edited
    assert _LEARNT.refreshed(edit, {}) is _LEARNT


def test_too_much_at_once_is_another_faq() -> None:
    """A fifth of all entries may be others, also in many steps; of few entries none."""
    half = tuple(replace(it, answer="New.") for it in ZOO[:5]) + ZOO[5:]
    assert _LEARNT.edit(ZOO, half) is None
    one = (replace(ZOO[0], answer="New."), *ZOO[1:])
    two = (*one[:1], replace(ZOO[1], answer="New."), *ZOO[2:])
    three = (*two[:2], replace(ZOO[2], answer="New."), *ZOO[3:])
    matcher = _after(_after(_LEARNT, ZOO, one), one, two)
    assert matcher.edited == {ZOO[0].id, ZOO[1].id}
    assert matcher.edit(two, three) is None
    few = ZOO[:3]
    small = _fit(few)
    assert small.edit(few, few[:2]) is None
    assert small.edit(few, few)


def test_what_was_exchanged_is_kept_beside_what_was_learnt() -> None:
    """A restart has the same matcher from the large old bytes and the few new ones."""
    after = (*(it for it in ZOO if it.id != "dogs"), _MORE[0])
    matcher = _after(_LEARNT, ZOO, after)
    fitted, refreshed = b"".join(dump(_LEARNT)), dump_refreshed(matcher)
    assert len(refreshed) < len(fitted) / 2
    again = load(fitted, refreshed)
    assert again
    assert again.edited == matcher.edited == {"dogs", "lions"}
    _assert_same_entries(again, matcher)
    question = "where can i see lions"
    assert again.rank(question, word_vector(question), ("lions",)) == matcher.rank(
        question, word_vector(question), ("lions",)
    )
    assert dump_refreshed(_LEARNT) == b""
    assert dump_refreshed(again) == refreshed
    assert load(fitted, b"damaged") is None
    # With entries that are only gone, too.
    gone = _after(_LEARNT, ZOO, ZOO[1:])
    again = load(fitted, dump_refreshed(gone))
    assert again
    _assert_same_entries(again, _fit(ZOO[1:]))


def _arrays(value: object) -> list[npt.NDArray[Any]]:
    """Give all arrays in a value."""
    if isinstance(value, np.ndarray):
        return [value]
    if not is_dataclass(value):
        return []
    return [array for it in fields(value) for array in _arrays(getattr(value, it.name))]


def test_an_edit_lets_go_of_what_was_read_at_the_start() -> None:
    """What was read is large; once nothing of it serves any more, nothing keeps it in memory."""
    data = b"".join(dump(_LEARNT))
    whole = np.frombuffer(data, np.uint8)
    before = load(data)
    assert before
    after = _after(before, ZOO, (*ZOO, _MORE[0]))
    assert any(np.shares_memory(it, whole) for it in _arrays(before))
    assert not any(np.shares_memory(it, whole) for it in _arrays(after))


def test_a_faq_of_bare_questions_gains_an_answer() -> None:
    """Where no answer has a sentence yet, the first one can be exchanged as well."""
    bare = tuple(replace(it, answer="…") for it in ZOO)
    matcher = _fit(bare)
    assert not len(matcher.evidence.parts.answer_vectors)
    after = (ZOO[0], *bare[1:])
    _assert_same_entries(_after(matcher, bare, after), _fit(after))


def test_segments_stay_whole() -> None:
    """The phrasings of an entry stay together, whatever comes before them."""
    matcher = _after(_LEARNT, ZOO, ZOO[1:])
    lengths = matcher.evidence.phrasings.lengths().tolist()
    assert lengths == [len(it) for it in matcher.phrasings]
    assert isinstance(matcher.evidence.sentences, Segments)
