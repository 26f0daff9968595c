"""From a question to what becomes of it."""

import asyncio
import hashlib
import logging
import math
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import Answerer
from bot.combining import readings_of
from bot.indexing import Indexer
from bot.matching.apart import texts_to_embed
from bot.matching.deciding import Policy
from bot.matching.matcher import Matcher
from bot.matching.packing import Buffer
from bot.matching.storing import dump
from bot.model import (
    Details,
    EmbeddingModel,
    Entry,
    Faq,
    Outcome,
    OutcomeKind,
    Scoring,
    Vector,
    Vectors,
)
from bot.ports import EmbedderError, IndexNotReadyError
from bot.storage.index import SqliteIndex
from bot.text import has_words, normalise, one_line
from bot.vectors import Vectorizer
from bot.visibility import Asker
from tests.fakes import ZOO, FakeEmbedder, FakeVectorCache, entry

# So many numbers that hardly two words share one.
_MODEL = EmbeddingModel("fake words", 512)
_DOWN = EmbedderError("The server is down.")

_HOURS, _PLACE, _PRICE, _FOOD, _DOGS, _PARKING, *_ = ZOO
_COLOURS = [f"colour{it}" for it in range(20)]
_ANIMALS = [f"animal{it}" for it in range(20)]
_STORY = (
    "I have come a long way with my whole family because we like lions very much. {} "
    "Thanks a lot, and best wishes"
)


class _TextEmbedder(FakeEmbedder):
    """Embeds each text as a direction of its own: only equal texts have equal vectors."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed."""
        self.asked += texts
        seeds = (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts)
        vectors = np.stack([np.random.default_rng(seed).normal(size=512) for seed in seeds])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


def _calibrated(threshold: float | None = None, off_topic_share: float = 0.3) -> Policy:
    return Policy(Scoring.CALIBRATED, threshold, None, off_topic_share)


def _cosine(threshold: float | None = None) -> Policy:
    return Policy(Scoring.COSINE, threshold, None, 0.3)


_fits: dict[tuple[tuple[Entry, ...], bytes], Sequence[Buffer]] = {}


def _fitted(entries: tuple[Entry, ...], vectors: Mapping[str, Vector]) -> Sequence[Buffer]:
    """Fit a matcher as the indexer does; the same one is fitted once."""
    key = entries, np.stack(list(vectors.values())).tobytes()
    if key not in _fits:
        _fits[key] = dump(Matcher.fit(entries, vectors, even_similarity=0.5))
    return _fits[key]


class _Bot:
    """An engine without anything around it."""

    def __init__(self, folder: Path, embedder: FakeEmbedder | None = None) -> None:
        self.embedder = embedder or FakeEmbedder(_MODEL)
        self.cache = FakeVectorCache()
        self.path = folder / "index.sqlite"
        self.index = SqliteIndex(self.path)
        self.vectorizer = Vectorizer(self.embedder, self.cache)
        self._answerer = self.answerer(_calibrated())

    async def serve(self, *entries: Entry) -> None:
        """Serve entries, without the vectorizer getting to know their phrasings."""
        texts = texts_to_embed(entries)
        prepared = [self.embedder.prepare(text) for text in texts]
        vectors = dict(zip(texts, await self.embedder.embed(prepared), strict=True))
        phrasings = {text: vectors[text] for it in entries for text in it.phrasings}
        self.index.replace(entries, phrasings, _MODEL, fitted=_fitted(entries, vectors))
        self.embedder.asked = []

    async def ask(self, text: str, policy: Policy | None = None) -> Outcome:
        """Ask a question."""
        return await (self.answerer(policy) if policy else self._answerer).answer(text)

    def answerer(self, policy: Policy) -> Answerer:
        """Give the part that answers."""
        return Answerer(self.vectorizer, self.index, policy)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[_Bot]:
    """Give a bot with a small FAQ."""
    bot = _Bot(tmp_path)
    await bot.serve(*ZOO)
    yield bot
    bot.index.close()


def _answers(outcome: Outcome) -> list[str]:
    """Give the ids of the entries that answer, in their order."""
    assert (outcome.entry is not None) is (outcome.kind is OutcomeKind.ANSWER)
    return [it.id for it in (outcome.entry, *outcome.further) if it]


# What becomes of a question


async def test_a_near_question_is_answered(bot: _Bot) -> None:
    """A question near enough to a phrasing gets that entry's answer, with the score to show why."""
    outcome = await bot.ask("When do you OPEN today?")
    assert outcome.kind is OutcomeKind.ANSWER
    assert outcome.entry == _HOURS
    assert (outcome.further, outcome.suggestions) == ((), ())
    assert outcome.matches[0].question == "when do you open"
    assert outcome.score == outcome.matches[0].score
    assert 0 < outcome.suggest_threshold < outcome.threshold <= outcome.score < 1
    assert outcome.off_topic is not None
    assert outcome.off_topic < 0.1
    assert not outcome.without_embeddings


async def test_scores_are_probabilities(bot: _Bot) -> None:
    """That one of the entries is right, and that none is, add up to no more than certainty."""
    for text in ("when do you open today", "lunch", "zebra stripes", "is there a dogs park"):
        outcome = await bot.ask(text)
        assert outcome.off_topic is not None
        assert sum(it.score for it in outcome.matches) + outcome.off_topic <= 1 + 1e-9
        assert outcome.matches == tuple(
            sorted(outcome.matches, key=lambda it: (-it.score, it.entry_id))
        )


async def test_an_unsure_question_gets_suggestions(bot: _Bot) -> None:
    """A question below the threshold gets up to three entries to choose from, the best first."""
    outcome = await bot.ask("is there a dogs park", _calibrated(0.99))
    assert outcome.kind is OutcomeKind.SUGGEST
    assert (outcome.entry, outcome.further) == (None, ())
    assert outcome.threshold == 0.99
    suggested = [it.id for it in outcome.suggestions]
    assert suggested == [it.entry_id for it in outcome.matches[: len(suggested)]]
    assert 1 <= len(suggested) <= 3
    assert "parking" in suggested


async def test_a_far_question_is_declined(bot: _Bot) -> None:
    """A question that nothing comes near gets no answer, and what came nearest is told."""
    outcome = await bot.ask("zebra stripes", _calibrated(off_topic_share=0.7))
    assert outcome.kind is OutcomeKind.DECLINE
    assert (outcome.entry, outcome.further, outcome.suggestions) == (None, (), ())
    assert len(outcome.matches) == 5
    assert outcome.off_topic is not None
    assert outcome.off_topic > 0.5


async def test_the_operator_tells_how_many_are_off_topic(bot: _Bot) -> None:
    """Where more questions are off the topic, every doubt weighs more."""
    few = await bot.ask("is there a dogs park", _calibrated(off_topic_share=0.05))
    many = await bot.ask("is there a dogs park", _calibrated(off_topic_share=0.8))
    none = await bot.ask("is there a dogs park", _calibrated(off_topic_share=0))
    assert few.off_topic is not None
    assert many.off_topic is not None
    assert few.off_topic < many.off_topic
    assert none.off_topic == 0
    assert few.score
    assert many.score
    assert few.score > many.score


@pytest.mark.parametrize("policy", [_calibrated(0), _cosine(0)], ids=["calibrated", "cosine"])
@pytest.mark.parametrize("text", ["", "  \n", "?!", "🎄🎄", "...", "\u200b", "\u3164", "5️⃣"])
async def test_a_text_without_words_is_never_embedded(bot: _Bot, text: str, policy: Policy) -> None:
    """Emoji and signs alone are declined, even by the most generous bot, and cost nothing."""
    outcome = await bot.ask(text, policy)
    assert outcome.kind is OutcomeKind.DECLINE
    assert (outcome.entry, outcome.further, outcome.suggestions) == (None, (), ())
    assert (outcome.matches, outcome.score, outcome.off_topic) == ((), None, None)
    assert outcome.threshold == 0
    assert bot.embedder.asked == []


async def test_the_same_question_is_embedded_once(bot: _Bot) -> None:
    """A question that many people ask is paid for once."""
    first = await bot.ask("When do you open?")
    again = await bot.ask("  WHEN do you   open?? ")
    assert replace(again, reading=first.reading) == first
    assert bot.embedder.asked == ["when do you open?"]


async def test_at_most_five_matches(bot: _Bot) -> None:
    """Of a large FAQ the best five entries are told, each once."""
    await bot.serve(*(entry(f"{i:02}", f"word{i} common", f"common word{i}") for i in range(50)))
    outcome = await bot.ask("common is word7")
    ids = [match.entry_id for match in outcome.matches]
    assert (len(ids), len(set(ids)), ids[0]) == (5, 5, "07")


async def test_a_faq_of_one_entry(bot: _Bot) -> None:
    """There is nothing to learn from a single entry, and it still answers and still declines."""
    await bot.serve(entry("only", "where is the zoo", "where to find the zoo"))
    assert _answers(await bot.ask("where is the zoo?")) == ["only"]
    assert (await bot.ask("zebra stripes")).kind is OutcomeKind.DECLINE


# A phrasing, word for word


async def test_a_phrasing_is_certain(bot: _Bot) -> None:
    """A question that is word for word a phrasing gets its answer with certainty, whatever else."""
    outcome = await bot.ask("WHEN do  you open", _calibrated(1))
    assert _answers(outcome) == ["hours"]
    assert (outcome.score, outcome.off_topic) == (1, 0)


@pytest.mark.parametrize("policy", [_calibrated(), _cosine()], ids=["calibrated", "cosine"])
async def test_a_phrasing_of_the_faq_needs_no_model(bot: _Bot, policy: Policy) -> None:
    """While the server is down, a question that stands in the FAQ is answered as ever."""
    faq = Faq(Path("faq"), ZOO, (), ("faq.md",), frozenset())
    await Indexer(bot.vectorizer, bot.index).update(faq, afresh=True)
    bot.embedder.failure = _DOWN
    outcome = await bot.ask("Are DOGS allowed", policy)
    assert _answers(outcome) == ["dogs"]
    assert not outcome.without_embeddings


async def test_a_large_faq_is_answered_as_a_small_one(bot: _Bot) -> None:
    """Among so many entries that not all are compared, the right one is found just the same."""
    topics = [f"{colour} {animal}" for colour in _COLOURS for animal in _ANIMALS]
    await bot.serve(*(entry(it, f"where is the {it}", f"show me {it}") for it in topics))
    for topic in topics[::37]:
        outcome = await bot.ask(f"where is my {topic}")
        assert outcome.entry
        assert outcome.entry.id == topic
    bot.embedder.failure = _DOWN
    by_words = await bot.ask(f"show me my {topics[0]}")
    assert by_words.without_embeddings
    assert by_words.matches[0].entry_id == topics[0]


async def test_others_have_their_turn_between_two_questions(bot: _Bot) -> None:
    """While many ask at once, whoever else works with the bot is not kept waiting for them all."""
    await bot.serve(*ZOO)
    await bot.ask("warm up")
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await asyncio.gather(*(bot.ask(f"when do you open on day {it}") for it in range(20)))
    task.cancel()
    assert turns >= 20


async def test_equal_scores_are_ordered_by_id(bot: _Bot) -> None:
    """Where several entries have the same phrasing, everybody gets the same one."""
    await bot.serve(*(entry(id_, "same words", f"own words of {id_}") for id_ in "dbeca"))
    outcome = await bot.ask("same words", _cosine())
    assert [match.entry_id for match in outcome.matches] == list("abcde")
    assert len({match.score for match in outcome.matches}) == 1
    assert _answers(outcome) == ["a"]
    again = await bot.ask("same words", _calibrated(0))
    assert again == await bot.ask("same words", _calibrated(0))
    assert again.score
    assert again.score < 1  # which of them is meant nobody can know


# Several questions, and questions with something around them


@pytest.mark.parametrize(
    "text",
    [
        "When do you open? What does a ticket cost?",
        "when do you open and what does a ticket cost",
        "when do you open, ticket cost",
        "Hello! When do you open? And what does a ticket cost?",
        "when do you open\nticket cost",
        "When do you open? What does a ticket cost? When do you open?",
    ],
)
async def test_each_of_several_questions_is_answered(bot: _Bot, text: str) -> None:
    """Who asks two things in one message gets both answers, each once, in the order asked."""
    outcome = await bot.ask(text)
    assert outcome.kind is OutcomeKind.ANSWER
    assert _answers(outcome) == ["hours", "price"]
    assert outcome.suggestions == ()


async def test_the_order_is_that_of_the_message(bot: _Bot) -> None:
    """Answers come as the questions did, and one with three gets three."""
    outcome = await bot.ask("What does a ticket cost? Are dogs allowed? When do you open?")
    assert _answers(outcome) == ["price", "dogs", "hours"]


async def test_one_question_in_two_wordings_is_answered_once(bot: _Bot) -> None:
    """Who says the same twice does not read the same answer twice."""
    outcome = await bot.ask("What does a ticket cost? The price of a ticket please!")
    assert _answers(outcome) == ["price"]


async def test_a_message_is_embedded_in_one_request(bot: _Bot) -> None:
    """The message and its parts are each paid for once."""
    text = "When do you open? What does a ticket cost?"
    await bot.ask(text)
    assert sorted(bot.embedder.asked) == [
        "what does a ticket cost?",
        "when do you open?",
        normalise(text),
    ]
    assert readings_of(text) == (text, "When do you open?", "What does a ticket cost?")


@pytest.mark.parametrize("around", ["Hello there, nice people! {}", "Hi, {} Thanks!", _STORY])
async def test_what_stands_around_a_question_does_not_disturb(bot: _Bot, around: str) -> None:
    """A greeting before a question or a story around it is no reason not to answer it."""
    outcome = await bot.ask(around.format("What does a ticket cost today?"))
    assert _answers(outcome) == ["price"]
    assert outcome.score
    assert outcome.score >= outcome.threshold


async def test_a_story_without_a_question_is_declined(bot: _Bot) -> None:
    """Long messages are not answered for the length of them."""
    outcome = await bot.ask("Zebra stripes! Giraffe necks; elephant trunks.")
    assert outcome.kind is not OutcomeKind.ANSWER


# By words alone


async def test_without_the_model_words_answer(bot: _Bot, caplog: pytest.LogCaptureFixture) -> None:
    """While the model cannot be asked, what the words make clear is answered, and marked so."""
    usual = bot.answerer(_calibrated()).bands()
    bot.embedder.failure = _DOWN
    with caplog.at_level(logging.WARNING):
        outcome = await bot.ask("When do you OPEN today")
    assert outcome.without_embeddings
    assert _answers(outcome) == ["hours"]
    assert outcome.matches[0].question == "when do you open"
    assert outcome.threshold > usual.answer
    assert outcome.suggest_threshold > usual.suggest
    assert caplog.messages == ["A question was answered by words alone: The server is down."]
    # What people ask is theirs.
    assert "today" not in caplog.text


async def test_words_alone_answer_several_questions(bot: _Bot) -> None:
    """Several questions in a message are answered by their words, too."""
    bot.embedder.failure = _DOWN
    outcome = await bot.ask("ticket cost and when do you open")
    assert _answers(outcome) == ["price", "hours"]
    assert outcome.without_embeddings


async def test_words_alone_answer_at_a_stricter_bar(bot: _Bot) -> None:
    """What the operator has set is the bar with embeddings; without them it is higher."""
    score = bot.answerer(_calibrated()).outcome("lunch", {}).score
    assert score
    # With half the room for error this is just not enough.
    threshold = 2 * (score + 0.01) - 1
    assert _answers(await bot.ask("lunch", _calibrated(threshold))) == ["food"]
    bot.embedder.failure = _DOWN
    fresh = Answerer(Vectorizer(bot.embedder, bot.cache), bot.index, _calibrated(threshold))
    outcome = await fresh.answer("lunch")
    assert outcome.kind is OutcomeKind.SUGGEST
    assert outcome.suggestions[0] == _FOOD
    assert outcome.without_embeddings
    assert outcome.threshold == pytest.approx(score + 0.01)


async def test_what_words_do_not_find_is_an_error(
    bot: _Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """A question that needs the model is an error for the operator, and no honest no."""
    bot.embedder.failure = _DOWN
    with caplog.at_level(logging.WARNING), pytest.raises(EmbedderError, match="server is down"):
        await bot.ask("zebra stripes")
    assert caplog.messages == []
    bot.embedder.failure = None
    assert (await bot.ask("zebra stripes")).kind is not OutcomeKind.ANSWER


async def test_similarities_need_the_model(bot: _Bot) -> None:
    """Where the operator wants plain similarities, words do not stand in for them."""
    bot.embedder.failure = _DOWN
    with pytest.raises(EmbedderError, match="The server is down"):
        await bot.ask("when do you open today", _cosine())
    bot.embedder.failure = None
    assert _answers(await bot.ask("when do you open today", _cosine())) == ["hours"]


@pytest.mark.parametrize("model", ["fake words", "other words"])
async def test_without_model_and_index_the_model_is_to_blame(tmp_path: Path, model: str) -> None:
    """Where there is nothing to find words in either, the reason told is the one to mend."""
    bot = _Bot(tmp_path, FakeEmbedder(EmbeddingModel(model, 512)))
    if model == "other words":
        made = _Bot(tmp_path)
        await made.serve(*ZOO)
        made.index.close()
    bot.embedder.failure = _DOWN
    with pytest.raises(EmbedderError, match="The server is down"):
        await bot.ask("when do you open")
    bot.index.close()


# By plain similarity


async def test_a_score_may_be_a_similarity(bot: _Bot) -> None:
    """Whoever wants the cosine of the nearest phrasing and nothing else gets it."""
    outcome = await bot.ask("When do you OPEN today?", _cosine(0.6))
    assert _answers(outcome) == ["hours"]
    assert outcome.matches[0].question == "when do you open"
    assert outcome.score == pytest.approx(4 / math.sqrt(20), abs=1e-5)
    assert (outcome.threshold, outcome.suggest_threshold) == (0.6, 0.5)
    assert outcome.off_topic is None


async def test_a_similarity_below_the_threshold_suggests(bot: _Bot) -> None:
    """Up to a tenth below the threshold entries are suggested, farther below there is nothing."""
    outcome = await bot.ask("When do you OPEN today?", _cosine(0.95))
    assert (outcome.kind, outcome.suggestions[0]) == (OutcomeKind.SUGGEST, _HOURS)
    outcome = await bot.ask("When do you OPEN today?", _cosine(1))
    assert (outcome.kind, outcome.suggestions) == (OutcomeKind.DECLINE, ())


async def test_similarities_are_of_whole_messages(bot: _Bot) -> None:
    """By plain similarity a message is one question, and only that is embedded."""
    text = "When do you open? What does a ticket cost?"
    outcome = await bot.ask(text, _cosine(0.3))
    assert (outcome.kind, outcome.further) == (OutcomeKind.ANSWER, ())
    assert bot.embedder.asked == [normalise(text)]


# Which index


async def test_an_edit_counts_from_the_next_question(bot: _Bot) -> None:
    """As soon as the index is replaced, the new answer is given."""
    assert (await bot.ask("where is the zoo")).entry == _PLACE
    moved = entry("place", *_PLACE.questions, answer="There.")
    added = entry("rain", "what about rain", "rain and umbrellas", answer="Bring an umbrella.")
    await bot.serve(moved, added, *ZOO[2:])
    assert (await bot.ask("where is the zoo")).entry == moved
    assert (await bot.ask("what about rain")).entry == added
    assert "hours" not in {it.entry_id for it in (await bot.ask("when do you open")).matches}


# Indexes the FAQ with another answer, as another process.
_INDEXER = """
import asyncio, sys
from pathlib import Path
from bot.model import Faq
from tests import test_answering as it

async def index():
    bot = it._Bot(Path(sys.argv[1]))
    await bot.serve(it.entry("place", *it._PLACE.questions, answer="There."), *it.ZOO[2:])
    bot.index.close()

asyncio.run(index())
"""


async def test_what_another_process_indexed_is_served(bot: _Bot) -> None:
    """A running bot answers from what `faqbot index` has made since, without being told."""
    assert _answers(await bot.ask("when do you open")) == ["hours"]
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", _INDEXER, str(bot.path.parent)],
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    moved = await bot.ask("where is the zoo today")
    assert moved.entry
    assert moved.entry.answer == "There."
    assert "hours" not in {it.entry_id for it in (await bot.ask("when do you open")).matches}


async def test_another_model_is_told(bot: _Bot) -> None:
    """A question to an index of another model is an error for the operator, not a wrong answer."""
    other = FakeEmbedder(EmbeddingModel("other words", 512))
    answerer = Answerer(Vectorizer(other, FakeVectorCache()), bot.index, _calibrated())
    with pytest.raises(IndexNotReadyError, match="another model"):
        await answerer.answer("where is the zoo")


async def test_another_version_is_told(bot: _Bot) -> None:
    """What another version of faqbot has fitted is not used; the message says what to run."""
    assert _answers(await bot.ask("where is the zoo")) == ["place"]
    vectors = {it: (await bot.vectorizer.asked([it]))[it] for it in _PLACE.questions}
    bot.index.replace([_PLACE], vectors, _MODEL, fitted=())
    with pytest.raises(IndexNotReadyError, match=r"another version.*`faqbot index`"):
        await bot.ask("where is the zoo")
    faq = Faq(Path("faq"), (_PLACE,), (), ("faq.md",), frozenset())
    await Indexer(bot.vectorizer, bot.index).update(faq)
    assert _answers(await bot.ask("where is the zoo")) == ["place"]


# For evaluation, and for whoever edits the FAQ


async def test_the_ranking_goes_on(bot: _Bot) -> None:
    """For evaluation all entries that can be found are ranked, however far they are."""
    vectors = await bot.vectorizer.asked(["where is the zoo?"])
    ranking = bot.answerer(_calibrated(1)).ranking("where is the zoo?", vectors)
    assert ranking.matches[0].entry_id == "place"
    assert {match.entry_id for match in ranking.matches} == {it.id for it in ZOO}
    nearest = bot.answerer(_cosine()).ranking("where is the zoo?", vectors)
    assert {match.entry_id for match in nearest.matches} == {it.id for it in ZOO}


async def test_it_can_be_explained(bot: _Bot) -> None:
    """What spoke for the best entries is told for each of them, best first."""
    answerer = bot.answerer(_calibrated())
    outcome = await answerer.answer("when do you open today")
    explanations = await answerer.explain("when do you open today")
    assert tuple(it.match for it in explanations) == outcome.matches
    parts = {part.name: part for part in explanations[0].parts}
    assert parts["nearest"].value == pytest.approx(4 / math.sqrt(20), abs=1e-5)
    assert parts["nearest"].verdict
    assert "words" in parts


async def test_words_alone_can_be_explained(bot: _Bot) -> None:
    """Without the model there is no meaning to tell of, only words."""
    bot.embedder.failure = _DOWN
    explanations = await bot.answerer(_calibrated()).explain("when do you open today")
    assert explanations[0].match.entry_id == "hours"
    names = {part.name for part in explanations[0].parts}
    assert "words" in names
    assert "nearest" not in names


async def test_it_rehearses_its_own_phrasings(bot: _Bot) -> None:
    """The FAQ is asked each of its phrasings, each left out meanwhile, and the model for none."""
    bot.embedder.failure = _DOWN
    rehearsed = bot.answerer(_calibrated()).rehearsed()
    assert sorted((entry_id, text) for text, entry_id, _ in rehearsed) == sorted(
        (it.id, text) for it in ZOO for text in it.questions
    )
    assert all(ranking.matches[0].score < 1 for _, _, ranking in rehearsed)


# Any FAQ


async def test_a_phrasing_is_as_similar_as_can_be(tmp_path: Path) -> None:
    """With a threshold of 1 a question that is word for word a phrasing answers by similarity."""
    bot = _Bot(tmp_path, _TextEmbedder(_MODEL))
    entries = [entry(f"{number}", f"{number}", f"again {number}") for number in range(40)]
    await bot.serve(*entries)
    answerer = bot.answerer(_cosine(1))
    for it in entries:
        for phrasing in it.questions:
            outcome = await answerer.answer(phrasing)
            assert (outcome.score, _answers(outcome)) == (1, [it.id])
    bot.index.close()


_questions = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1)
    .map(one_line)
    .filter(has_words)
)
_faqs = st.dictionaries(
    st.text(st.sampled_from("abcdef-"), min_size=1),
    st.lists(_questions, min_size=1, max_size=4),
    min_size=1,
    max_size=12,
)


@given(_faqs, _questions)
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 5)
def test_a_phrasing_gets_its_answer(faq: dict[str, list[str]], question: str) -> None:
    """Whoever asks a phrasing word for word gets its entry's answer, however strict the bot is."""
    # As the parser does: within an entry, phrasings that the model cannot tell apart count once.
    entries = [
        entry(id_, *{normalise(it): it for it in questions}.values())
        for id_, questions in faq.items()
    ]
    owners: dict[str, set[str]] = {}
    for it in entries:
        for phrasing in it.questions:
            owners.setdefault(normalise(phrasing), set()).add(it.id)

    async def ask_all(bot: _Bot) -> None:
        await bot.serve(*entries)
        by_cosine, calibrated = bot.answerer(_cosine(0.999)), bot.answerer(_calibrated(1))
        for it in entries:
            for phrasing in it.questions:
                same = owners[normalise(phrasing)]
                [answer] = _answers(await by_cosine.answer(phrasing))
                assert answer in same
                if len(same) == 1:
                    outcome = await calibrated.answer(phrasing)
                    assert _answers(outcome) == [it.id]
                    assert outcome.score == 1
        for policy in (_cosine(0.5), _calibrated()):
            outcome = await bot.ask(question, policy)
            assert all(0 <= match.score <= 1 for match in outcome.matches)
            assert len(outcome.matches) == min(5, len(entries))
            assert outcome.off_topic is None or 0 <= outcome.off_topic <= 1

    with TemporaryDirectory() as folder:
        bot = _Bot(Path(folder), _TextEmbedder(_MODEL))
        asyncio.run(ask_all(bot))
        bot.index.close()


# Who is shown what, and when

_STAFF, _STRANGER = Asker.in_chat(-100123, "staff"), Asker.in_chat(5)


def _with(id_: str, **details: Any) -> tuple[Entry, ...]:
    """Give the zoo's FAQ with details of one entry."""
    return tuple(replace(it, details=Details(**details)) if it.id == id_ else it for it in ZOO)


@pytest.mark.parametrize("text", ["when do you open", "when do you open today"])
@pytest.mark.parametrize("policy", [None, _cosine(0.3)])
async def test_what_is_for_some_chats_is_found_there_only(
    bot: _Bot, text: str, policy: Policy | None
) -> None:
    """Elsewhere it is as if the entry were not there: not answered, suggested or offered."""
    await bot.serve(*_with("hours", audience=("@staff",)))
    answerer = bot.answerer(policy or _calibrated())
    assert _answers(await answerer.answer(text, _STAFF)) == ["hours"]
    elsewhere = await answerer.answer(text, _STRANGER)
    assert "hours" not in [match.entry_id for match in elsewhere.matches]
    assert "hours" not in _answers(elsewhere)
    assert "hours" in [it.id for it in answerer.entries(_STAFF)]
    assert "hours" not in [it.id for it in answerer.entries(_STRANGER)]


async def test_by_words_alone_nothing_hidden_is_shown_either(bot: _Bot) -> None:
    """An outage opens no doors."""
    await bot.serve(*_with("hours", audience=("@staff",)))
    bot.embedder.failure = _DOWN
    assert _answers(await bot.answerer(_calibrated()).answer("when do you open", _STAFF))
    with pytest.raises(EmbedderError):
        await bot.answerer(_calibrated()).answer("when do you open", _STRANGER)


async def test_an_entry_ends_with_its_last_day(bot: _Bot) -> None:
    """From one day to the next it is gone, without any indexing."""
    await bot.serve(*_with("hours", valid_until=date(2026, 12, 24)))
    day = date(2026, 12, 24)
    answerer = Answerer(bot.vectorizer, bot.index, _calibrated(), today=lambda: day)
    assert _answers(await answerer.answer("when do you open")) == ["hours"]
    day = date(2026, 12, 25)
    assert _answers(await answerer.answer("when do you open")) != ["hours"]


async def test_an_entry_may_have_a_threshold_of_its_own(bot: _Bot) -> None:
    """A delicate answer asks for more than the others do, an easy one for less."""
    text = "when do you open today"
    usual = await bot.ask(text)
    assert usual.kind is OutcomeKind.ANSWER
    await bot.serve(*_with("hours", threshold=0.999))
    careful = await bot.ask(text)
    assert careful.kind is OutcomeKind.SUGGEST
    assert (careful.threshold, careful.score) == (0.999, usual.score)
    strict = Policy(Scoring.CALIBRATED, 0.999, None, 0.3)
    assert (await bot.ask(text, strict)).kind is OutcomeKind.SUGGEST
    await bot.serve(*_with("hours", threshold=0.1))
    assert _answers(await bot.ask(text, strict)) == ["hours"]
