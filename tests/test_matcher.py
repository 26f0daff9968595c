"""What the FAQ has for a question: every promise that a ranking makes."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.matching.apart import texts_to_embed
from bot.matching.confidence import Confidence, shifted
from bot.matching.evidence import VOICES
from bot.matching.matcher import Matcher
from bot.matching.self_test import rehearsed
from bot.matching.storing import dump
from bot.model import Entry, Match, Ranking, Vector
from bot.text import has_words, normalise, one_line
from tests.fakes import entry, word_vector

# A FAQ is fitted for each example, which takes its time.
_fewer = settings(max_examples=settings().max_examples // 4)
_FAQ = (
    entry("hours", "opening hours", "when are you open", answer="From nine to five."),
    entry("password", "reset my password", "forgot password", answer="Click on the link. Wait."),
    entry("shipping", "shipping cost", "price of delivery", answer="Free within the country."),
    entry("warranty", "how long is the warranty", answer="Two years."),
    entry("colour", "which colours are there", "is it blue", answer="Blue and green."),
    entry("repair", "who repairs a broken lamp", "broken lamp", answer="We do. Send it in."),
    entry("gift", "wrap it as a gift", "gift wrapping", answer="Tick the box."),
    entry("jobs", "do you have jobs", "work at your place", answer="Write to us."),
)


def _fit(
    faq: Sequence[Entry], vectors: Mapping[str, Vector] | None = None, even_similarity: float = 0.5
) -> Matcher:
    """Fit a FAQ, by the vectors of its words unless there are others."""
    if vectors is None:
        vectors = {text: word_vector(text) for text in texts_to_embed(faq)}
    return Matcher.fit(faq, vectors, even_similarity=even_similarity)


def _ids(ranking: Ranking) -> list[str]:
    return [match.entry_id for match in ranking.matches]


def _assert_keeps_promises(ranking: Ranking) -> None:
    """Check what holds for every ranking."""
    for match in ranking.matches:
        assert math.isfinite(match.score)
        assert 0 <= match.score <= 1
    order = [(-match.score, match.entry_id) for match in ranking.matches]
    assert order == sorted(order)
    assert len(set(_ids(ranking))) == len(ranking.matches)
    assert ranking.off_topic is not None
    assert 0 <= ranking.off_topic <= 1
    assert sum(match.score for match in ranking.matches) <= 1 + 1e-6


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Fit once."""
    return _fit(_FAQ)


_WORDS = (
    "reset",
    "password",
    "open",
    "hours",
    "E-1234",
    "密码重置",
    "パスワード",
    "слово",
    "Über",
    "👍",
)
_phrases = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join).filter(has_words)
_ANSWERS = ("", "👍", "Yes.", "**From nine** to [five](x). 密码。", "One sentence. " * 300)


@st.composite
def _faqs(draw: st.DrawFn) -> list[Entry]:
    """Draw FAQs of one to eight entries, with texts that may be alike and in any script."""
    ids = draw(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=8, unique=True))
    phrases = _phrases | st.text(max_size=8).filter(has_words)
    return [
        entry(
            id_,
            *draw(st.lists(phrases, min_size=1, max_size=3, unique_by=normalise)),
            answer=draw(st.sampled_from(_ANSWERS)),
        )
        for id_ in ids
    ]


def _any_vectors(texts: Sequence[str], seed: int) -> dict[str, Vector]:
    """Draw a vector for each text; they may be all alike, opposite, or just a few numbers long."""
    generator = np.random.default_rng(seed)
    drawn = generator.normal(size=(len(texts), [2, 8, 64][seed % 3])).astype(np.float32)
    if seed % 4 == 0:
        drawn[:] = drawn[0]
    elif seed % 4 == 1:
        drawn = np.abs(drawn[:1]) * np.sign(drawn[:, :1])
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return dict(zip(texts, drawn, strict=True))


@_fewer
@given(_faqs(), _phrases | st.text().filter(has_words), st.integers(0, 999), st.data())
def test_every_ranking_keeps_its_promises(
    faq: list[Entry], text: str, seed: int, data: st.DataObject
) -> None:
    """Whatever FAQ, question and vectors: scores are probabilities, ordered, ties by entry id."""
    vectors = _any_vectors([text, *(it for it in texts_to_embed(faq) if it != text)], seed)
    matcher = _fit(faq, vectors)
    candidates = data.draw(st.lists(st.sampled_from(["?", *matcher.ids])))
    known = set(candidates) & set(matcher.ids)
    share = data.draw(st.floats(0, 1))

    for vector in (vectors[text], None):
        ranking = matcher.rank(text, vector, candidates, off_topic_share=share)
        _assert_keeps_promises(ranking)
        assert known <= set(_ids(ranking))
        assert matcher.explain(text, vector, ranking.matches) is not None
        of_all = matcher.rank(text, vector, None, off_topic_share=share, hidden=known)
        everything = matcher.rank(text, vector, matcher.ids, off_topic_share=share, hidden=known)
        assert of_all == everything
        assert not known & set(_ids(of_all))
    assert matcher.rank(text, vectors[text], None) == matcher.rank(text, vectors[text], matcher.ids)
    nearest = matcher.nearest(vectors[text], candidates)
    _assert_keeps_promises(replace(nearest, matches=nearest.matches[:1], off_topic=0.0))
    assert set(_ids(nearest)) == known
    for _, _, of_itself in rehearsed(matcher, share):
        _assert_keeps_promises(of_itself)


@_fewer
@given(_faqs(), st.integers(0, 999), st.data())
def test_a_phrasing_word_for_word_is_answered_by_its_entry(
    faq: list[Entry], seed: int, data: st.DataObject
) -> None:
    """Who asks just as one entry has it gets that entry, whatever else is known or not."""
    matcher = _fit(faq, _any_vectors(texts_to_embed(faq), seed))
    owner = data.draw(st.sampled_from(faq))
    text = data.draw(st.sampled_from(owner.questions))
    assume(sum(one_line(text) in map(one_line, it.questions) for it in faq) == 1)
    candidates = data.draw(st.lists(st.sampled_from(["?", *matcher.ids])))
    vector = data.draw(st.sampled_from([None, *_any_vectors([text], seed).values()]))
    if vector is not None:
        vector = np.resize(vector, matcher.evidence.vectors.shape[1])

    ranking = matcher.rank(f"  {text}\n", vector, candidates)

    assert ranking.matches[0] == Match(owner.id, text, 1.0)
    assert [match.score for match in ranking.matches[1:]] == [0.0] * (len(ranking.matches) - 1)
    assert ranking.off_topic == 0


@pytest.mark.parametrize(
    "text",
    [
        "RESET MY PASSWORD",
        "Reset my\N{SOFT HYPHEN} password",
        "\N{FULLWIDTH LATIN SMALL LETTER R}eset my password",
    ],
)
@pytest.mark.parametrize("candidates", [[], ["hours"], ["?"]])
def test_case_and_width_make_no_other_question(
    matcher: Matcher, text: str, candidates: list[str]
) -> None:
    """Shouting a phrasing of the FAQ is asking it."""
    for vector in (None, word_vector("zebra")):
        assert matcher.rank(text, vector, candidates).matches[0] == Match(
            "password", "reset my password", 1.0
        )


def test_what_two_entries_have_alike_is_certain_for_neither() -> None:
    """A phrasing that stands in two entries does not make either certain."""
    matcher = _fit([*_FAQ, entry("more", "reset my password", answer="Other.")])

    ranking = matcher.rank("reset my password", word_vector("reset my password"), [])

    assert {"more", "password"} == set(_ids(ranking)[:2])
    assert ranking.matches[0].score < 1


def test_capitals_may_tell_two_entries_apart() -> None:
    """Two entries may differ in case alone: each is certain of its own writing, neither else."""
    matcher = _fit([*_FAQ, entry("us", "US orders"), entry("we", "us orders")])

    assert _ids(matcher.rank("US orders", None, []))[0] == "us"
    assert _ids(matcher.rank("us orders", None, []))[0] == "we"
    assert all(it.score < 1 for it in matcher.rank("Us Orders", None, matcher.ids).matches)


@_fewer
@given(_faqs(), st.integers(0, 999), _phrases, st.data())
def test_the_order_of_the_files_does_not_matter(
    faq: list[Entry], seed: int, text: str, data: st.DataObject
) -> None:
    """Entries and phrasings may be moved about: what is fitted is the same to the last byte."""
    vectors = _any_vectors([text, *(it for it in texts_to_embed(faq) if it != text)], seed)
    moved = [
        replace(it, questions=tuple(data.draw(st.permutations(it.questions))))
        for it in data.draw(st.permutations(faq))
    ]

    one, other = _fit(faq, vectors), _fit(moved, vectors)

    assert b"".join(dump(one)) == b"".join(dump(other))
    for vector in (vectors[text], None):
        expected = one.rank(text, vector, one.ids)
        assert other.rank(text, vector, data.draw(st.permutations(one.ids))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i forgot my password", "password"),
        ("opening hours please", "hours"),
        ("the price of shipping", "shipping"),
        ("the warranty is how long?", "warranty"),
    ],
)
def test_the_right_entry_comes_first(matcher: Matcher, text: str, expected: str) -> None:
    """A question in other words finds its entry, with embeddings and by words alone."""
    with_vector = matcher.rank(text, word_vector(text), [])
    in_words = matcher.rank(text, None, matcher.ids)

    assert _ids(with_vector)[0] == _ids(in_words)[0] == expected
    assert with_vector.matches[0].score > (with_vector.off_topic or 0.0)
    assert with_vector.matches[0].question in matcher.phrasings[matcher.places[expected]]


def test_a_large_faq_is_known_as_well() -> None:
    """Of hundreds of phrasings some are enough to know what is usual, and all are found."""
    faq = [
        entry(f"{number:03}", *(f"{kind} topic{number}" for kind in ("what is", "why", "where is")))
        for number in range(110)
    ]
    matcher = _fit(faq)

    for asked in ("tell me about topic0", "so why topic109?"):
        ranking = matcher.rank(asked, None, ["000", "050", "109"])
        assert _ids(ranking)[0] == ("000" if asked.endswith("topic0") else "109")
        _assert_keeps_promises(ranking)


def test_what_is_far_off_is_told_so(matcher: Matcher) -> None:
    """A question that has nothing in common with the FAQ is more likely off its topic."""
    near, far = (
        matcher.rank(text, word_vector(text), [])
        for text in ("forgot my password", "zebra crossing on mars")
    )

    assert far.matches[0].score < near.matches[0].score
    assert (far.off_topic or 0) > (near.off_topic or 0)


def test_the_phrasing_that_came_nearest_is_told(matcher: Matcher) -> None:
    """Whoever wonders why an entry came gets to see by which of its phrasings."""
    for vector in (word_vector("forgot it"), None):
        match = matcher.rank("forgot it", vector, matcher.ids).matches[0]
        assert match.question == "forgot password"


@pytest.mark.parametrize("entries", [1, 2])
def test_a_tiny_faq_goes_by_similarity(entries: int) -> None:
    """A FAQ of one or two entries, too small to learn from, answers what is like its phrasings."""
    matcher = _fit(_FAQ[:entries])

    for vector, far in ((word_vector("your opening hours"), word_vector("zebra")), (None, None)):
        near = matcher.rank("your opening hours", vector, matcher.ids)
        assert near.matches[0].entry_id == "hours"
        assert near.matches[0].score > 0.5
        _assert_keeps_promises(near)
        other = matcher.rank("zebra", far, matcher.ids)
        assert other.matches[0].score < 0.1
        assert (other.off_topic or 0) > 0.9
        assert not rehearsed(matcher, 0.3)


def test_a_tiny_faq_is_read_by_its_models_scale() -> None:
    """What counts as similar is the model's to tell."""
    text = "opening hours tomorrow please"
    lax, strict = (
        _fit(_FAQ[:2], even_similarity=even).rank(text, word_vector(text), [])
        for even in (0.5, 0.9)
    )

    assert lax.matches[0].score > 0.5 > strict.matches[0].score


@given(st.sampled_from(["forgot it", "open door", "zebra"]), st.lists(st.floats(0, 1), max_size=4))
def test_more_off_topic_questions_make_more_careful(
    matcher: Matcher, text: str, shares: list[float]
) -> None:
    """The more questions nobody can answer, the less sure is every answer; at all, none is."""
    for vector in (word_vector(text), None):
        rankings = [
            matcher.rank(text, vector, matcher.ids, off_topic_share=share)
            for share in [0, *sorted(shares), 1]
        ]
        best = [it.matches[0].score for it in rankings]
        off_topic = [it.off_topic or 0.0 for it in rankings]
        assert all(b <= a + 1e-12 for a, b in itertools.pairwise(best))
        assert all(a <= b + 1e-12 for a, b in itertools.pairwise(off_topic))
        assert (off_topic[0], off_topic[-1], best[-1]) == (0, 1, 0)
        assert best[0] > 0


_beliefs = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1)).map(
    lambda it: Confidence(np.array([it[0] / sum(it)]), np.array([it[1] / sum(it)]))
)


@given(_beliefs, st.floats(0, 1), st.floats(0, 1))
def test_a_share_shifts_beliefs_as_bayes_has_it(
    belief: Confidence, one: float, other: float
) -> None:
    """Beliefs stay probabilities, follow the share, and stay put at the share they come from."""
    lower, higher = (shifted(belief, share) for share in sorted([one, other]))

    for it in (lower, higher):
        assert 0 <= it.right[0] <= 1
        assert 0 <= it.off_topic[0] <= 1
        assert it.right[0] + it.off_topic[0] <= 1 + 1e-9
    assert lower.right[0] >= higher.right[0] - 1e-12
    assert lower.off_topic[0] <= higher.off_topic[0] + 1e-12
    same = shifted(belief, 0.3)
    assert same.right[0] == pytest.approx(belief.right[0])
    assert same.off_topic[0] == pytest.approx(belief.off_topic[0])


def test_similarity_alone_ranks_by_the_nearest_phrasing(matcher: Matcher) -> None:
    """By cosine an entry has that of its nearest phrasing, and nothing is known of the topic."""
    ranking = matcher.nearest(word_vector("forgot password please"), ["hours", "password", "?"])

    assert ranking.off_topic is None
    assert _ids(ranking) == ["password", "hours"]
    assert ranking.matches[0].question == "forgot password"
    assert ranking.matches[0].score == pytest.approx(math.sqrt(2 / 3), abs=1e-6)
    assert matcher.nearest(word_vector("forgot"), ["?"]) == Ranking((), None)


def test_an_opposite_vector_has_no_similarity(matcher: Matcher) -> None:
    """A cosine below 0 counts as nothing in common."""
    ranking = matcher.nearest(-word_vector("opening hours"), matcher.ids)

    assert {it.score for it in ranking.matches} == {0}
    assert _ids(ranking) == sorted(matcher.ids)


def test_without_candidates_there_is_nothing(matcher: Matcher) -> None:
    """By words alone, what no candidate was found for is off the topic."""
    assert matcher.rank("zebra", None, []) == Ranking((), 1.0)
    assert matcher.rank("zebra", None, ["?"]) == Ranking((), 1.0)


def test_an_explanation_belongs_to_its_entry(matcher: Matcher) -> None:
    """In whatever order entries are explained, each gets what speaks for itself."""
    text = "when are you open"
    matches = [Match(id_, "", 0.0) for id_ in matcher.ids]

    for vector in (word_vector(text), None):
        one = matcher.explain(text, vector, matches)
        other = matcher.explain(text, vector, matches[::-1])
        assert [it.match for it in other] == matches[::-1]
        assert list(other) == list(one)[::-1]
        for match, explanation in zip(matches, one, strict=True):
            alone = matcher.explain(text, vector, [match])[0]
            assert [part.verdict for part in alone.parts] == [
                part.verdict for part in explanation.parts
            ]
    assert matcher.explain(text, None, []) == ()


def test_the_faq_is_asked_its_own_phrasings() -> None:
    """Each phrasing that has siblings is asked once of the rest, and mostly finds its entry."""
    faq = [
        entry(
            f"{number}", *(f"{kind} topic{number} thing{number}" for kind in ("what", "why", "how"))
        )
        for number in range(8)
    ] + [entry("single", "nothing like it")]
    matcher = _fit(faq)

    asked = rehearsed(matcher, 0.3)

    assert sorted(text for text, _, _ in asked) == sorted(
        text for it in faq[:-1] for text in it.questions
    )
    owners = {text: it.id for it in faq for text in it.questions}
    for text, id_, ranking in asked:
        assert id_ == owners[text]
        _assert_keeps_promises(ranking)
        assert ranking.matches[0].score < 1  # nothing has seen its own answer
    assert all(_ids(ranking)[0] == id_ for _, id_, ranking in asked)


def test_every_text_is_embedded_once() -> None:
    """What the answers need beside the questions is told in one list, nothing twice."""
    faq = [
        entry("a", "one?", "two?", answer="Yes. Click. One more."),
        entry("b", "one?", answer="Yes. two?"),
        entry("c", "three?", answer=""),
    ]

    assert texts_to_embed(faq) == ["one?", "two?", "three?", "Yes.", "Click.", "One more."]


def test_all_voices_have_a_scale(matcher: Matcher) -> None:
    """A FAQ of eight entries or more knows how to read each voice."""
    assert matcher.scales is not None
    assert set(matcher.scales.voices) == set(VOICES)
    assert "en" in matcher.languages
