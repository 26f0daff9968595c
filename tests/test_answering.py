"""From a question to what becomes of it."""

import asyncio
import hashlib
import math
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import Answerer
from bot.model import EmbeddingModel, Entry, Outcome, OutcomeKind, Vectors
from bot.ports import EmbedderError, IndexNotReadyError
from bot.storage.index import SqliteIndex
from bot.text import has_words, normalise, one_line
from bot.vectors import Vectorizer
from tests.fakes import FAKE_MODEL, FakeEmbedder, FakeVectorCache, entry

_FAQ = (
    entry("hours", "when do you open", "opening hours please", answer="At nine."),
    entry("place", "where are you", answer="Here."),
    entry("price", "what does it cost", "price of a ticket", answer="Nothing."),
)


class _TextEmbedder(FakeEmbedder):
    """Embeds each text as a direction of its own: only equal texts have equal vectors."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed."""
        self.asked += texts
        seeds = (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts)
        vectors = np.stack([np.random.default_rng(seed).normal(size=64) for seed in seeds])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


class _Bot:
    """An engine without anything around it."""

    def __init__(self, folder: Path, embedder: FakeEmbedder | None = None) -> None:
        self.embedder = embedder or FakeEmbedder()
        self.index = SqliteIndex(folder / "index.sqlite")
        self.vectorizer = Vectorizer(self.embedder, FakeVectorCache())

    async def serve(self, *entries: Entry) -> None:
        """Serve entries, without the vectorizer getting to know their phrasings."""
        texts = [question for it in entries for question in it.questions]
        vectors = await self.embedder.embed([self.embedder.prepare(text) for text in texts])
        self.index.replace(entries, dict(zip(texts, vectors, strict=True)), FAKE_MODEL)
        self.embedder.asked = []

    async def ask(self, text: str, threshold: float = 0.6) -> Outcome:
        """Ask a question."""
        return await self.answerer(threshold).answer(text)

    def answerer(self, threshold: float) -> Answerer:
        """Give the part that answers."""
        return Answerer(self.vectorizer, self.index, threshold)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[_Bot]:
    """Give a bot with a small FAQ."""
    bot = _Bot(tmp_path)
    await bot.serve(*_FAQ)
    yield bot
    bot.index.close()


async def test_a_near_question_is_answered(bot: _Bot) -> None:
    """A question near enough to a phrasing gets that entry's answer, with the score to show why."""
    outcome = await bot.ask("When do you OPEN today?", 0.6)
    assert outcome.kind is OutcomeKind.ANSWER
    assert outcome.entry == _FAQ[0]
    assert outcome.suggestions == ()
    assert outcome.threshold == 0.6
    assert outcome.matches[0].question == "when do you open"
    assert outcome.score == outcome.matches[0].score == pytest.approx(4 / math.sqrt(20), abs=1e-5)


async def test_an_unsure_question_gets_suggestions(bot: _Bot) -> None:
    """A question just below the threshold gets up to three entries to choose from."""
    outcome = await bot.ask("When do you OPEN today?", 0.95)
    assert outcome.kind is OutcomeKind.SUGGEST
    assert outcome.entry is None
    assert outcome.suggestions == (_FAQ[0],)


async def test_a_far_question_is_declined(bot: _Bot) -> None:
    """A question that nothing comes near gets no answer, and what came nearest is told."""
    outcome = await bot.ask("zebra stripes", 0.6)
    assert outcome.kind is OutcomeKind.DECLINE
    assert (outcome.entry, outcome.suggestions) == (None, ())
    assert {match.entry_id for match in outcome.matches} == {"hours", "place", "price"}


@pytest.mark.parametrize("text", ["", "  \n", "?!", "🎄🎄", "...", "\u200b", "\u3164", "5️⃣"])
async def test_a_text_without_words_is_never_embedded(bot: _Bot, text: str) -> None:
    """Emoji and signs alone are declined, even by the most generous bot, and cost nothing."""
    outcome = await bot.ask(text, 0)
    assert outcome.kind is OutcomeKind.DECLINE
    assert (outcome.entry, outcome.suggestions, outcome.matches) == (None, (), ())
    assert outcome.score is None
    assert outcome.threshold == 0
    assert bot.embedder.asked == []


async def test_the_same_question_is_embedded_once(bot: _Bot) -> None:
    """A question that many people ask is paid for once."""
    first = await bot.ask("When do you open?")
    assert await bot.ask("  WHEN do you   open?? ") == first
    assert bot.embedder.asked == ["when do you open?"]


async def test_equal_scores_are_ordered_by_id(bot: _Bot) -> None:
    """Where several entries have the same phrasing, everybody gets the same one."""
    await bot.serve(*(entry(id_, "same words", f"own words of {id_}") for id_ in "dbeca"))
    outcome = await bot.ask("same words")
    assert [match.entry_id for match in outcome.matches] == list("abcde")
    assert {match.score for match in outcome.matches} == {1.0}
    assert outcome.entry
    assert outcome.entry.id == "a"


async def test_at_most_five_matches(bot: _Bot) -> None:
    """Of a large FAQ the best five entries are told, each once."""
    await bot.serve(*(entry(f"{i:02}", f"word{i} common", f"common word{i}") for i in range(50)))
    outcome = await bot.ask("common word7")
    ids = [match.entry_id for match in outcome.matches]
    assert (len(ids), len(set(ids)), ids[0]) == (5, 5, "07")


async def test_an_edit_counts_from_the_next_question(bot: _Bot) -> None:
    """As soon as the index is replaced, the new answer is given."""
    assert (await bot.ask("where are you")).entry == _FAQ[1]
    moved = entry("place", "where are you", answer="There.")
    bot.index.replace(
        [moved], {"where are you": await bot.vectorizer.question("where are you")}, FAKE_MODEL
    )
    assert (await bot.ask("where are you")).entry == moved


async def test_failures_are_told(bot: _Bot) -> None:
    """A question that cannot be embedded is an error for the operator, not a wrong answer."""
    bot.embedder.failure = EmbedderError("The server is down.")
    with pytest.raises(EmbedderError, match="The server is down"):
        await bot.ask("where are you")
    bot.embedder.failure = None
    assert (await bot.ask("where are you")).entry == _FAQ[1]


async def test_another_model_is_told(bot: _Bot) -> None:
    """A question to an index of another model is an error for the operator, not a wrong answer."""
    other = FakeEmbedder(EmbeddingModel("other words", 64))
    answerer = Answerer(Vectorizer(other, FakeVectorCache()), bot.index, 0.6)
    with pytest.raises(IndexNotReadyError, match="another model"):
        await answerer.answer("where are you")


async def test_the_ranking_goes_on(bot: _Bot) -> None:
    """For evaluation all entries are ranked, however far they are."""
    vector = await bot.vectorizer.question("where are you")
    ranking = bot.answerer(1).ranking(vector, 3)
    assert ranking[0].entry_id == "place"
    assert {match.entry_id for match in ranking} == {"hours", "place", "price"}


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
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 2)
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
        for it in entries:
            for phrasing in it.questions:
                outcome = await bot.ask(phrasing, 1)
                assert outcome.kind is OutcomeKind.ANSWER
                assert outcome.entry
                assert outcome.entry.id in owners[normalise(phrasing)]
                assert outcome.score == 1
        outcome = await bot.ask(question, 0.5)
        assert all(0 <= match.score <= 1 for match in outcome.matches)
        assert len(outcome.matches) >= min(5, len(entries))

    with TemporaryDirectory() as folder:
        bot = _Bot(Path(folder), _TextEmbedder())
        asyncio.run(ask_all(bot))
        bot.index.close()
