"""What speaks for each entry, and what is left when phrasings are left out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.entry_parts import Parts
from bot.matching.evidence import MEANING, VOICES, Evidence, without_embeddings
from bot.matching.questions import Questions
from bot.matching.segments import Floats
from bot.model import Entry, Vectors
from bot.text import has_words
from tests.fakes import entry, word_vector

_LEXICAL = tuple(voice for voice in VOICES if voice not in MEANING)
_WORDS = ("reset", "password", "open", "hours", "free", "E-1234", "密码", "слово", "über", "now")

_phrases = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
_entries = st.lists(
    st.builds(
        lambda questions, answer: entry("", *questions, answer=answer),
        st.lists(_phrases, min_size=1, max_size=4, unique=True),
        st.lists(_phrases, max_size=3).map(". ".join),
    ),
    min_size=1,
    max_size=6,
)
_texts = st.lists(_phrases | st.text().filter(has_words), min_size=1, max_size=3)


def _vectors(texts: Sequence[str]) -> Vectors:
    return np.stack([word_vector(text) for text in texts] or [word_vector("")])[: len(texts)]


def _evidence(faq: Sequence[Entry], phrasings: Sequence[Sequence[str]] | None = None) -> Evidence:
    """Take a FAQ apart, with these phrasings in place of its own; sentences end in full stops."""
    groups = [it.questions for it in faq] if phrasings is None else phrasings
    texts = [text for group in groups for text in group]
    parts = [[it for it in entry.answer.split(". ") if it] for entry in faq]
    return Evidence.of(
        Parts.of(
            Questions.of(texts, _vectors(texts)),
            [len(group) for group in groups],
            [it.answer for it in faq],
            [len(part) for part in parts],
            _vectors([it for part in parts for it in part]),
        )
    )


def _voices(evidence: Evidence, *texts: str) -> dict[str, Floats]:
    return evidence.voiced(Questions.of(texts, _vectors(texts))).scores


_FAQ = (
    entry("a", "reset my password", "forgot password", answer="Click on forgotten. Then wait"),
    entry("b", "opening hours", answer="From nine to five"),
    entry("c", "shipping cost", "price of delivery", answer=""),
)


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_speaks_for_what_it_listens_to(voice: str) -> None:
    """A question made of an entry's own words has its best score there, by each voice."""
    text = "from nine to five" if voice.startswith("answer") else "reset my password"
    expected = 1 if voice.startswith("answer") else 0
    faq = [replace(it, answer=it.answer.casefold()) for it in _FAQ]

    assert int(_voices(_evidence(faq), text)[voice][0].argmax()) == expected


@pytest.mark.parametrize("voice", ["nearest", "nearest_centred", "spelling"])
def test_the_nearest_phrasing_counts(voice: str) -> None:
    """An entry's own phrasing is a full match, however little its other phrasings fit."""
    scores = _voices(_evidence(_FAQ), "price of delivery")[voice][0]

    assert scores.tolist() == pytest.approx([scores[0], scores[1], 1], abs=1e-5)
    assert scores[:2].max() < 0.9


def test_an_entry_without_an_answer_gets_nothing_from_it() -> None:
    """Where there is no answer, what listens to answers has nothing to say."""
    voiced = _voices(_evidence(_FAQ), "shipping", "from nine")

    for voice in ("answer_sentence", "answer_mean", "answer_words"):
        assert voiced[voice][:, 2].tolist() == [0, 0]


def test_unknown_words_are_counted() -> None:
    """What no phrasing says, and what no answer says either, is told as a share of the question."""
    voiced = _evidence(_FAQ).voiced(
        Questions.of(["opening hours", "nine hours", "zebra"], None, ["en"])
    )

    assert voiced.unknown.tolist() == [0, pytest.approx(0.5, abs=0.2), 1]
    assert voiced.unknown_anywhere.tolist() == [0, 0, 1]
    assert voiced.lengths.tolist() == [2, 2, 1]


def test_words_alone_need_no_vectors() -> None:
    """Without embeddings the voices of words and spelling speak as ever, the others are silent."""
    evidence = _evidence(_FAQ)

    without = evidence.voiced(Questions.of(["my password"], None))

    assert set(without.scores) == set(_LEXICAL)
    everything = evidence.voiced(Questions.of(["my password"], _vectors(["my password"])))
    left = without_embeddings(everything)
    assert set(everything.scores) == set(VOICES)
    assert set(left.scores) == set(_LEXICAL)
    for voice in _LEXICAL:
        assert left.scores[voice].tolist() == without.scores[voice].tolist()


@given(_entries, _texts, st.data())
def test_some_entries_score_as_among_all(
    faq: list[Entry], texts: list[str], data: st.DataObject
) -> None:
    """Looking at a few candidates only gives them the scores that they have among all."""
    evidence = _evidence(faq)
    questions = Questions.of(texts, _vectors(texts))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(faq) - 1), min_size=1)))

    everything = evidence.voiced(questions)
    few = evidence.voiced(questions, np.array(chosen))

    for voice in VOICES:
        assert few.scores[voice] == pytest.approx(everything.scores[voice][:, chosen], abs=1e-6)
    assert few.unknown.tolist() == everything.unknown.tolist()
    known = evidence.plda.log_likelihood_ratios(_vectors(texts))
    again = evidence.voiced(questions, np.array(chosen), known).scores["entry"]
    assert again == pytest.approx(few.scores["entry"], abs=1e-6)


@given(_entries, _texts, st.data())
def test_what_is_left_out_was_never_there(
    faq: list[Entry], texts: list[str], data: st.DataObject
) -> None:
    """Leaving phrasings out is exact: the rest speaks as a FAQ that never had them."""
    keep = [
        data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
        for n in (len(it.questions) for it in faq)
    ]
    if not any(map(any, keep)):
        keep[0][0] = True
    evidence = _evidence(faq)
    questions = Questions.of(texts, _vectors(texts))

    kept, entries = evidence.kept(np.array([it for group in keep for it in group]))

    left = [
        (it, [text for text, stays in zip(it.questions, group, strict=True) if stays])
        for it, group in zip(faq, keep, strict=True)
    ]
    assert entries.tolist() == [row for row, (_, phrasings) in enumerate(left) if phrasings]
    alone = _evidence(
        [it for it, phrasings in left if phrasings],
        [phrasings for _, phrasings in left if phrasings],
    )
    voiced, expected = kept.voiced(questions), alone.voiced(questions)
    for voice in MEANING:
        assert voiced.scores[voice] == pytest.approx(expected.scores[voice], abs=1e-4)
    for voice in _LEXICAL:
        # The last digit depends on where in memory the numbers stand.
        assert voiced.scores[voice] == pytest.approx(expected.scores[voice], rel=1e-13, abs=1e-15)
    assert voiced.unknown == pytest.approx(expected.unknown, abs=1e-15)
    assert voiced.unknown_anywhere == pytest.approx(expected.unknown_anywhere, abs=1e-15)


@given(_entries, _texts)
def test_every_voice_gives_numbers(faq: list[Entry], texts: list[str]) -> None:
    """Whatever the FAQ and the question, each voice has a finite score for each entry."""
    voiced = _evidence(faq).voiced(Questions.of(texts, _vectors(texts)))

    assert set(voiced.scores) == set(VOICES)
    for scores in voiced.scores.values():
        assert scores.shape == (len(texts), len(faq))
        assert np.isfinite(scores).all()
    for share in (voiced.unknown, voiced.unknown_anywhere):
        assert (share >= -1e-12).all()
        assert (share <= 1).all()


def test_some_questions_can_be_taken_out() -> None:
    """A few of many questions are asked as they would be alone."""
    texts = ["my password", "opening", "price"]
    some = Questions.of(texts, _vectors(texts), ["en"]).some(np.array([2, 0]))
    alone = Questions.of(["price", "my password"], _vectors(["price", "my password"]), ["en"])

    assert len(some) == 2
    evidence = _evidence(_FAQ)
    for voice, scores in evidence.voiced(some).scores.items():
        assert scores.tolist() == evidence.voiced(alone).scores[voice].tolist()
    assert some.foreign.tolist() == alone.foreign.tolist()
    assert Questions.of(texts, None).some(np.array([1])).vectors is None
