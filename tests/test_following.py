"""How a question and the one before it are taken together."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import Answerer
from bot.following import answer_following
from bot.indexing import Indexer
from bot.matching.deciding import Policy
from bot.matching.following import Followed, Talk, is_short, joined, tie_broken
from bot.model import EmbeddingModel, Faq, Match, OutcomeKind, Ranking, Scoring
from bot.ports import EmbedderError
from bot.storage.index import SqliteIndex
from bot.told import Told
from bot.vectors import Vectorizer
from tests.fakes import ZOO, FakeEmbedder, FakeVectorCache

_IDS = "abcdef"


def _ranking(off_topic: float, **scores: float) -> Ranking:
    matches = (Match(id_, id_, score) for id_, score in scores.items())
    return Ranking(tuple(sorted(matches, key=lambda it: -it.score)), off_topic)


@st.composite
def _rankings(draw: st.DrawFn) -> Ranking:
    ids = draw(st.lists(st.sampled_from(_IDS), unique=True))
    parts = draw(st.lists(st.floats(0.001, 1), min_size=len(ids) + 1, max_size=len(ids) + 1))
    chances = [it / sum(parts) for it in parts]
    return _ranking(chances[-1], **dict(zip(ids, chances, strict=False)))


_TALKS = st.builds(
    lambda given_, near: Talk(frozenset(given_), frozenset(near) - frozenset(given_)),
    st.sets(st.sampled_from(_IDS)),
    st.sets(st.sampled_from(_IDS)),
)


@given(_rankings(), st.lists(_rankings(), min_size=1, max_size=2), _TALKS)
def test_chances_stay_chances(alone: Ranking, others: list[Ranking], talk: Talk) -> None:
    """Whatever is taken together, all chances make one, and nothing that was told comes again."""
    found = Followed.of(alone, others, talk).ranking
    scores = [it.score for it in found.matches]
    assert sum(scores) + (found.off_topic or 0) == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)
    assert not {it.entry_id for it in found.matches} & talk.given
    assert len({it.entry_id for it in found.matches}) == len(scores)


def test_both_rankings_must_agree() -> None:
    """What is likely by itself only, or only beside the earlier question, comes after both."""
    alone = _ranking(0.3, price=0.6, tour_price=0.1)
    together = _ranking(0.05, tour=0.6, tour_price=0.2, tour_length=0.15)
    talk = Talk(frozenset({"tour"}), frozenset())
    followed = Followed.of(alone, [together], talk)
    assert followed.ranking.matches[0].entry_id == "tour_price"
    assert not followed.still_there("price")


def test_words_that_say_what_they_are_about_are_heard() -> None:
    """A new question keeps its answer beside whatever was asked before."""
    alone = _ranking(0.3, dogs=0.6, tour_price=0.1)
    together = _ranking(0.05, tour=0.6, tour_price=0.2, dogs=0.1)
    assert Followed.of(alone, [together], Talk(frozenset({"tour"}), frozenset())).still_there(
        "dogs"
    )


def test_the_topic_under_way_breaks_ties() -> None:
    """Of two that are as likely the one of the topic comes first; a clear first stays."""
    matches = _ranking(0.1, other=0.42, near=0.4, far=0.08).matches
    near = Talk(frozenset(), frozenset({"near"}))
    assert [it.entry_id for it in tie_broken(matches, near)] == ["near", "other", "far"]
    far = Talk(frozenset(), frozenset({"far"}))
    assert tie_broken(matches, far) == matches
    assert tie_broken((), near) == ()


def test_only_short_questions_lean() -> None:
    """Seven words are enough to say what something is about, in any script."""
    assert is_short("and for students of all ages?")
    assert is_short("学生呢")
    assert not is_short("how much do students of all ages pay there")
    assert joined("How much is it?", "and when") == "How much is it and when"


@dataclass(frozen=True, slots=True)
class _Zoo:
    answerer: Answerer
    embedder: FakeEmbedder


@pytest.fixture(name="scoring")
def _scoring() -> Scoring:
    return Scoring.CALIBRATED


@pytest.fixture(name="zoo")
async def _zoo(tmp_path: Path, scoring: Scoring) -> AsyncIterator[_Zoo]:
    embedder = FakeEmbedder(EmbeddingModel("fake words", 512))
    vectorizer = Vectorizer(embedder, FakeVectorCache())
    index = SqliteIndex(tmp_path / "index.sqlite")
    await Indexer(vectorizer, index).update(Faq(tmp_path, ZOO, (), ("faq.md",), frozenset()))
    embedder.asked.clear()
    yield _Zoo(Answerer(vectorizer, index, Policy(scoring, None, None, 0.3)), embedder)
    index.close()


_TOLD = Told("is there a guided tour at the weekend", OutcomeKind.ANSWER, ("tours",))


async def test_all_is_embedded_at_once(zoo: _Zoo) -> None:
    """A question that may lean costs one request, and one that is long no text more than ever."""
    await answer_following(zoo.answerer, "and lunch", _TOLD)
    asked = list(zoo.embedder.asked)
    assert asked == [
        "and lunch",
        "is there a guided tour at the weekend and lunch",
        "is there a guided tour and lunch",
    ]
    zoo.embedder.asked.clear()
    long = "may all the children of my class bring their lunch"
    await answer_following(zoo.answerer, long, _TOLD)
    assert zoo.embedder.asked == [long]


async def test_without_anything_before_it_nothing_changes(zoo: _Zoo) -> None:
    """The first question of a talk gets what it gets anyway."""
    for text in ("and lunch", "lunch to eat", "what is the weather like", "!"):
        assert await answer_following(zoo.answerer, text, None) == await zoo.answerer.answer(text)


@pytest.mark.parametrize("scoring", [Scoring.COSINE])
async def test_similarities_say_too_little(zoo: _Zoo) -> None:
    """Where scores are no probabilities, every question stands for itself."""
    alone = await zoo.answerer.answer("and lunch")
    assert await answer_following(zoo.answerer, "and lunch", _TOLD) == alone


async def test_words_alone_say_too_little(zoo: _Zoo) -> None:
    """Without embeddings a question is answered by its own words, or not at all, as ever."""
    zoo.embedder.failure = EmbedderError("The server is down.")
    outcome = await answer_following(zoo.answerer, "lunch to eat today", _TOLD)
    assert outcome.without_embeddings
    assert outcome.reading == "lunch to eat today"
    with pytest.raises(EmbedderError):
        await answer_following(zoo.answerer, "weather", _TOLD)


async def test_what_was_told_and_is_gone_does_no_harm(zoo: _Zoo) -> None:
    """An answer may be deleted while people talk about it."""
    gone = replace(_TOLD, entry_ids=("deleted",))
    outcome = await answer_following(zoo.answerer, "lunch to eat", gone)
    assert outcome.entry is not None
    assert outcome.entry.id == "food"
