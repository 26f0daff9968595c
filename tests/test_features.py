"""Voices on one scale, and set against each other."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.entry_parts import Parts
from bot.matching.evidence import VOICES, Evidence, Voiced, without_embeddings
from bot.matching.features import (
    CANDIDATE_FEATURES,
    MOST_CANDIDATES,
    NONE_FEATURES,
    Features,
    Scale,
    Scales,
    features,
)
from bot.matching.questions import Questions
from bot.matching.segments import Floats
from bot.model import Vectors
from tests.fakes import word_vector

_EVEN = Scales({voice: Scale(0, 1, 2) for voice in VOICES}, 0.5, 0.5)


def _voiced(scores: Mapping[str, Sequence[float]], *, foreign: float = 0.0) -> Voiced:
    """Let voices say these of the same entries to one question, and all others nothing."""
    entries = len(next(iter(scores.values())))
    return Voiced(
        {voice: np.array([scores.get(voice, [0.0] * entries)], dtype=float) for voice in VOICES},
        np.array([0.5]),
        np.array([0.25]),
        np.array([3.0]),
        np.array([foreign]),
    )


def _of(described: Features, name: str) -> list[float]:
    """Give one feature of each entry, in the order of the entries."""
    values = np.zeros(described.candidates.shape[1])
    values[described.candidates[0]] = described.of_candidates[0, :, CANDIDATE_FEATURES.index(name)]
    return values.tolist()


def _of_none(described: Features, name: str) -> float:
    return float(described.of_none[0, NONE_FEATURES.index(name)])


def _scales(
    texts: Sequence[str], counts: Sequence[int], answers: Sequence[str] = ()
) -> tuple[Scales, Evidence]:
    vectors: Vectors = np.stack([word_vector(text) for text in texts])
    own = Questions.of(texts, vectors)
    evidence = Evidence.of(
        Parts.of(
            own,
            counts,
            answers or [""] * len(counts),
            [len(answers) // len(counts)] * len(counts),
            np.stack([word_vector(text) for text in answers]) if answers else vectors[:0],
        )
    )
    return Scales.of(evidence, own, evidence.phrasings.owners()), evidence


def test_scores_are_read_on_the_faqs_own_scale() -> None:
    """0 is what an unrelated entry has and 1 what the best wrong one has, whatever the model."""
    low, high = (
        _EVEN,
        Scales({voice: Scale(100, 10, 20) for voice in VOICES}, _EVEN.trust, _EVEN.depth),
    )
    scores = {voice: [0.0, 1.0, 2.0] for voice in VOICES}
    raised = {voice: [100.0, 110.0, 120.0] for voice in VOICES}

    one = features(_voiced(scores), low, 3)
    other = features(_voiced(raised), high, 3)

    assert one.of_candidates == pytest.approx(other.of_candidates)
    assert _of(one, "nearest") == [0, 1, 2]
    assert _of(one, "nearest_to_own") == [0, 0.5, 1]


def test_answers_count_as_far_as_they_can_be_trusted() -> None:
    """What an answer says is weighed by how well the FAQ's answers are found by its questions."""
    described = features(_voiced({"answer_sentence": [0.0, 1.0]}), _EVEN, 2)

    assert _of(described, "answer_sentence") == [0, 0.5]
    assert _of(described, "answer_sentence_lead") == [-0.5, 0.5]


def test_words_count_for_nothing_across_languages() -> None:
    """For a foreign question meaning alone counts, by features of its own."""
    scores = {"words": [0.0, 1.0], "nearest": [1.0, 0.0]}

    native = features(_voiced(scores), _EVEN, 2)
    foreign = features(_voiced(scores, foreign=1.0), _EVEN, 2)

    assert _of(native, "words") == [0, 1]
    assert _of(foreign, "words") == [0, 0]
    assert _of(native, "nearest_foreign") == [0, 0]
    assert _of(foreign, "nearest_foreign") == _of(foreign, "nearest") == [1, 0]
    assert _of_none(foreign, "foreign") == 1
    assert _of_none(foreign, "unknown") == 0
    assert _of_none(native, "unknown") == 0.5


def test_voices_that_agree_are_told() -> None:
    """An entry that several voices put first has their share of the votes."""
    described = features(
        _voiced({"entry": [2.0, 1.0], "nearest_centred": [1.0, 0.0], "words": [0.0, 1.0]}), _EVEN, 2
    )

    first, second = _of(described, "agreement")
    assert first == pytest.approx(2 * second)
    assert 0 < first + second < 1  # some voices were silent


def test_a_lead_is_over_the_best_other_entry() -> None:
    """The first leads by what the second is behind; all others trail the first."""
    described = features(_voiced({"nearest": [1.0, 0.75, 0.0]}), _EVEN, 3)

    assert _of(described, "nearest_lead") == [0.25, -0.25, -1]
    assert _of(features(_voiced({"nearest": [1.0]}), _EVEN, 1), "nearest_lead") == [0]


def test_the_most_promising_entries_become_candidates() -> None:
    """Of many entries a few dozen are looked at, the best first, by whichever voice they lead."""
    entry, words = [*np.linspace(1, 0, 100).tolist()], [0.0] * 100
    words[99] = 5.0
    described = features(_voiced({"entry": entry, "words": words}), _EVEN, 100)

    assert described.candidates[0].tolist() == [99, *range(MOST_CANDIDATES - 1)]


def test_none_is_told_of_the_question_and_the_faq() -> None:
    """What speaks for "no entry" is the size of the FAQ, unknown words, and a close field."""
    described = features(_voiced({"entry": [3.0, 1.0, 0.0]}), _EVEN, 50)

    assert _of_none(described, "one") == 1
    assert _of_none(described, "entries") == pytest.approx(np.log(50))
    assert _of_none(described, "answered_entries") == pytest.approx(np.log(50) / 2)
    assert _of_none(described, "unknown_anywhere") == 0.25 * 0.5
    assert _of_none(described, "length") == pytest.approx(np.log(4))
    assert _of_none(described, "rest") == pytest.approx(0.5)
    assert _of_none(described, "spread") == pytest.approx(np.std([3, 1, 0]))


def test_one_question_can_be_taken_out() -> None:
    """A row of many is what the question would have alone."""
    scores = {voice: np.array([[0.0, 1.0], [2.0, 0.0]]) for voice in VOICES}
    two: Floats = np.array([0.0, 0.5])
    both = features(Voiced(scores, two, two, two, two), _EVEN, 2)

    row = both.row(1)

    assert row.candidates.tolist() == both.candidates[1:].tolist()
    assert row.of_candidates.tolist() == both.of_candidates[1:].tolist()
    assert row.of_none.tolist() == both.of_none[1:].tolist()


@given(
    st.integers(0, 999),
    st.integers(1, 40),
    st.sampled_from([0, 1e-6, 1, 1e6]),
    st.booleans(),
)
def test_features_are_numbers(
    seed: int,
    entries: int,
    scale: float,
    with_embeddings: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever the voices say, with and without embeddings, each feature is a finite number."""
    generator = np.random.default_rng(seed)
    voiced = Voiced(
        {voice: scale * generator.normal(size=(3, entries)) for voice in VOICES},
        *generator.uniform(size=(4, 3)),
    )
    if not with_embeddings:
        voiced = without_embeddings(voiced)

    described = features(voiced, _EVEN, entries)

    shape = (3, min(entries, MOST_CANDIDATES))
    assert described.candidates.shape == shape
    assert described.of_candidates.shape == (*shape, len(CANDIDATE_FEATURES))
    assert described.of_none.shape == (3, len(NONE_FEATURES))
    assert np.isfinite(described.of_candidates).all()
    assert np.isfinite(described.of_none).all()


def test_scales_come_from_the_faqs_own_phrasings() -> None:
    """A phrasing's own entry has 1 by the nearest phrasing, and wrong ones less."""
    texts = ["a shared", "b shared", "c shared"]
    scales, _ = _scales(texts, [1, 1, 1])

    nearest = scales.voices["nearest"]
    assert nearest.unrelated == pytest.approx(0.5)
    assert nearest.own == pytest.approx(0.5)
    assert nearest.related == pytest.approx(1e-3)  # all wrong entries are alike
    assert set(scales.voices) == set(VOICES)


def test_depth_tells_how_many_phrasings_entries_have() -> None:
    """One phrasing an entry is depth 0; some twenty and more are depth 1."""
    texts = [f"word{number}" for number in range(90)]

    assert _scales(texts[:3], [1, 1, 1])[0].depth == 0
    assert 0 < _scales(texts[:9], [3, 3, 3])[0].depth < 1
    assert _scales(texts, [30, 30, 30])[0].depth == 1


def test_answers_are_trusted_if_questions_find_them() -> None:
    """Answers that repeat the question are trusted, placeholders and missing ones are not."""
    texts = ["red apple", "green tree", "blue sky", "tall tower"]

    real = _scales(
        texts, [1] * 4, ["an apple is red", "trees are green", "blue is the sky", "tower"]
    )
    placeholders = _scales(texts, [1] * 4, ["see below"] * 4)

    assert real[0].trust > 0.9
    assert placeholders[0].trust < 0.1
    assert _scales(texts, [1] * 4)[0].trust == 0
