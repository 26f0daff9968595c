"""A matcher to bytes and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.apart import texts_to_embed
from bot.matching.matcher import Matcher
from bot.matching.packing import pack, unpack
from bot.matching.self_test import rehearsed
from bot.matching.storing import FORM, dump, load
from bot.model import Entry
from bot.text import has_words
from tests.fakes import entry, word_vector

# A FAQ is kept for each example, which takes its time.
_fewer = settings(max_examples=settings().max_examples // 4)
_FAQ = (
    entry("password", "reset my password", "forgot password", answer="Click on forgot. Wait."),
    entry("hours", "opening hours", "when are you open", answer="From nine to five."),
    entry("shipping", "shipping cost", "price of delivery", "how much is shipping", answer=""),
    entry("😀 \ud83d", "密码 E-1234", answer="**はい**。"),
    entry("colour", "which colours are there", "is it blue", answer="Blue and green."),
    entry("repair", "who repairs a broken lamp", "broken lamp", answer="We do. Send it in."),
    entry("gift", "wrap it as a gift", "gift wrapping", answer="Tick the box."),
    entry("jobs", "do you have jobs", "work at your place", answer="Write to us."),
)


def _fit(faq: tuple[Entry, ...]) -> Matcher:
    vectors = {text: word_vector(text) for text in texts_to_embed(faq)}
    return Matcher.fit(faq, vectors, even_similarity=0.5)


def _dumped(matcher: Matcher) -> bytes:
    return b"".join(dump(matcher))


def _answers(matcher: Matcher, text: str) -> list[object]:
    """Give all that a matcher says to a question."""
    with_vector = matcher.rank(text, word_vector(text), matcher.ids)
    return [
        with_vector,
        matcher.rank(text, None, matcher.ids),
        matcher.nearest(word_vector(text), matcher.ids),
        matcher.explain(text, word_vector(text), with_vector.matches),
    ]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Fit once."""
    return _fit(_FAQ)


@_fewer
@given(text=st.sampled_from(["forgot my password", "nine", "E1234?"]) | st.text().filter(has_words))
def test_what_was_kept_answers_the_same(matcher: Matcher, text: str) -> None:
    """A matcher read back ranks and explains as the one that was fitted, to the last digit."""
    again = load(_dumped(matcher))

    assert again is not None
    assert _answers(again, text) == _answers(matcher, text)
    assert rehearsed(again, 0.3) == rehearsed(matcher, 0.3)


@pytest.mark.parametrize("entries", [1, 2, 7])
def test_a_tiny_faq_is_kept_as_well(entries: int) -> None:
    """A FAQ of a few entries has less to keep, and comes back whole."""
    matcher = _fit(_FAQ[:entries])

    again = load(_dumped(matcher))

    assert again is not None
    assert again.scales is None
    assert _answers(again, "my password") == _answers(matcher, "my password")
    assert _dumped(again) == _dumped(matcher)


def test_a_word_without_end_is_kept_as_often_as_matters() -> None:
    """An answer that repeats a word many thousand times is kept, and changes no ranking."""
    matcher = _fit((*_FAQ, entry("long", "long", answer="nine " * 70_000)))

    again = load(_dumped(matcher))

    assert again is not None
    kept, known = (it.rank("nine", word_vector("nine"), it.ids).matches for it in (again, matcher))
    assert [it.entry_id for it in kept] == [it.entry_id for it in known]
    assert [it.score for it in kept] == pytest.approx([it.score for it in known], abs=1e-5)


def test_another_form_is_not_read(matcher: Matcher) -> None:
    """What another version of faqbot wrote is told from what this one can read."""
    known = unpack(_dumped(matcher))
    assert known is not None

    def rewritten(**about: object) -> Matcher | None:
        return load(b"".join(pack(known.about | about, known.arrays)))

    assert rewritten() is not None
    assert rewritten(form=FORM + 1) is None
    assert load(b"".join(pack({}, known.arrays))) is None


@given(st.binary())
def test_garbage_is_no_matcher(data: bytes) -> None:
    """Bytes of any other kind are not read, and raise nothing."""
    assert load(data) is None


def test_what_is_beside_a_matcher_must_be_readable_too(matcher: Matcher) -> None:
    """Without what is new since it was learnt, a matcher is another one, and not read."""
    assert load(_dumped(matcher), b"of another version") is None


@given(data=st.data())
def test_damage_is_noticed(matcher: Matcher, data: st.DataObject) -> None:
    """Where bytes were lost or changed there is no matcher, unless nothing in it has changed."""
    whole = _dumped(matcher)
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= data.draw(st.integers(1, 255))

    assert load(whole[:place]) is None
    found = load(bytes(flipped))
    assert found is None or _dumped(found) == whole
