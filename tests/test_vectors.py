"""The memory around an embedder: what is asked for, what is kept, what is asked for again."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import EmbeddingModel, Usage, Vector, Vectors
from bot.ports import EmbedderError
from bot.storage.vector_cache import SqliteVectorCache
from bot.vectors import Vectorizer
from tests.fakes import FAKE_MODEL, FakeEmbedder, FakeVectorCache, word_vector

# More than two batches, and more questions than anyone would keep in memory.
MANY = [f"phrasing {number}" for number in range(600)]
ENDLESS = [f"question {number}" for number in range(10_000)]
DOWN = EmbedderError("The server is down: wait.")


class Progress:
    """Notes what a progress bar would show; runs something at a point."""

    def __init__(
        self, at: tuple[int, int] = (-1, -1), then: Callable[[], None] = lambda: None
    ) -> None:
        self.shown: list[tuple[int, int]] = []
        self._at = at
        self._then = then

    def __call__(self, done: int, total: int) -> None:
        """Note it."""
        self.shown.append((done, total))
        if (done, total) == self._at:
            self._then()


class RenewableEmbedder(FakeEmbedder):
    """Stands for a server whose model changes while its name stays."""

    def __init__(self) -> None:
        super().__init__(EmbeddingModel("renewed", None))
        self.length = 32

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed in the length of the day."""
        self.asked += texts
        return np.stack([word_vector(text, self.length) for text in texts])


async def _asked(vectorizer: Vectorizer, text: str) -> Vector:
    """Embed one question."""
    return (await vectorizer.asked([text]))[text]


@pytest.fixture
def embedder() -> FakeEmbedder:
    """Embed by words."""
    return FakeEmbedder()


@pytest.fixture
def cache() -> FakeVectorCache:
    """Remember on no disk."""
    return FakeVectorCache()


@pytest.fixture
def vectorizer(embedder: FakeEmbedder, cache: FakeVectorCache) -> Vectorizer:
    """Join the two."""
    return Vectorizer(embedder, cache)


# The FAQ's texts


async def test_each_phrasing_gets_its_vector(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """All phrasings are embedded, over as many batches as it takes, each under its own text."""
    vectors, embedded = await vectorizer.of_faq(MANY, Progress())

    assert embedded == 600
    assert embedder.asked == MANY
    assert list(vectors) == MANY
    assert all(np.array_equal(vectors[text], word_vector(text)) for text in MANY)


async def test_nothing_is_embedded_twice(vectorizer: Vectorizer, embedder: FakeEmbedder) -> None:
    """A second run over the same FAQ asks the model for nothing, a changed one for the change."""
    before, _ = await vectorizer.of_faq(["one", "two"], Progress())
    embedder.asked.clear()

    after, embedded = await vectorizer.of_faq(["two", "one", "three"], Progress())

    assert embedded == 1
    assert embedder.asked == ["three"]
    assert np.array_equal(after["one"], before["one"])


async def test_nothing_is_embedded_twice_between_two_starts(tmp_path: Path) -> None:
    """What one process embedded serves the next one from the disk, bit for bit."""
    path = tmp_path / "vectors.sqlite"
    first_cache = SqliteVectorCache(path, keep_days=90)
    before, _ = await Vectorizer(FakeEmbedder(), first_cache).of_faq(MANY, Progress())
    first_cache.close()

    second_cache = SqliteVectorCache(path, keep_days=90)
    embedder = FakeEmbedder()
    vectorizer = Vectorizer(embedder, second_cache)
    after, embedded = await vectorizer.of_faq(MANY, Progress())
    question = await _asked(vectorizer, "PHRASING 7")
    second_cache.close()

    assert embedded == 0
    assert embedder.asked == []
    assert all(np.array_equal(after[text], before[text]) for text in MANY)
    assert np.array_equal(question, before["phrasing 7"])


async def test_what_was_embedded_before_a_failure_is_kept(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """When the server fails on the way, what has been paid for is not paid for again."""

    def fail() -> None:
        embedder.failure = DOWN

    with pytest.raises(EmbedderError, match="The server is down"):
        await vectorizer.of_faq(MANY, Progress(at=(256, 600), then=fail))
    before_failure = list(embedder.asked)
    embedder.failure = None
    _, embedded = await vectorizer.of_faq(MANY, Progress())

    assert before_failure == MANY[:256]
    assert embedded == 600 - 256
    assert embedder.asked == MANY


async def test_what_was_embedded_before_a_failure_is_kept_on_disk(tmp_path: Path) -> None:
    """The same holds over a restart."""
    path = tmp_path / "vectors.sqlite"
    failing = FakeEmbedder()

    def fail() -> None:
        failing.failure = DOWN

    first_cache = SqliteVectorCache(path, keep_days=90)
    with pytest.raises(EmbedderError):
        await Vectorizer(failing, first_cache).of_faq(MANY, Progress((512, 600), fail))
    first_cache.close()

    second_cache = SqliteVectorCache(path, keep_days=90)
    missing = Vectorizer(FakeEmbedder(), second_cache).missing(MANY)
    second_cache.close()

    assert missing == 600 - 512


async def test_texts_that_the_model_sees_alike_are_embedded_once(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """Phrasings that differ in nothing that the model sees share one vector, and its price."""
    texts = ["How much?", "HOW MUCH???", "how  much?", "Where?"]

    vectors, embedded = await vectorizer.of_faq(texts, Progress())

    assert embedded == 2
    assert embedder.asked == ["how much?", "where?"]
    assert list(vectors) == texts
    assert np.array_equal(vectors["HOW MUCH???"], vectors["How much?"])


async def test_afresh_asks_for_everything(
    vectorizer: Vectorizer, embedder: FakeEmbedder, cache: FakeVectorCache
) -> None:
    """Where the model changed behind its name, all old vectors are replaced, in the cache too."""
    cache.put(FAKE_MODEL, {"one": word_vector("something else"), "two": word_vector("two")})

    vectors, embedded = await vectorizer.of_faq(["one", "two"], Progress(), afresh=True)

    assert embedded == 2
    assert embedder.asked == ["one", "two"]
    assert np.array_equal(vectors["one"], word_vector("one"))
    assert np.array_equal(cache.get(FAKE_MODEL, ["one"])["one"], word_vector("one"))


async def test_vectors_of_another_length_are_made_anew(cache: FakeVectorCache) -> None:
    """When the same name now stands for another model, its old vectors compare to nothing."""
    embedder = RenewableEmbedder()
    vectorizer = Vectorizer(embedder, cache)
    await vectorizer.of_faq(["old", "older"], Progress())
    embedder.asked.clear()

    embedder.length = 64
    vectors, embedded = await vectorizer.of_faq(["old", "new", "older"], Progress())
    _, embedded_later = await vectorizer.of_faq(["old", "new", "older"], Progress())

    assert embedded == 3
    assert sorted(embedder.asked) == ["new", "old", "older"]
    assert [len(vectors[text]) for text in ("old", "new", "older")] == [64, 64, 64]
    assert embedded_later == 0


async def test_another_model_has_vectors_of_its_own(cache: FakeVectorCache) -> None:
    """After a change of model or dimensions everything is embedded; a change back costs nothing."""
    small, large = EmbeddingModel("words", 32), EmbeddingModel("words", 64)
    for model, expected in ((small, 1), (large, 1), (small, 0)):
        vectors, embedded = await Vectorizer(FakeEmbedder(model), cache).of_faq(["one"], Progress())
        assert embedded == expected
        assert len(vectors["one"]) == model.dimensions


async def test_progress_reaches_the_total(vectorizer: Vectorizer) -> None:
    """Whoever watches sees it start at nothing, grow, and end complete."""
    progress = Progress()

    await vectorizer.of_faq(MANY, progress)

    assert progress.shown == [(0, 600), (256, 600), (512, 600), (600, 600)]


async def test_progress_counts_what_needs_the_model(vectorizer: Vectorizer) -> None:
    """What is at hand already is no work, so it is not in the total; no work shows nothing."""
    await vectorizer.of_faq(MANY[:590], Progress())
    some, none = Progress(), Progress()

    await vectorizer.of_faq(MANY, some)
    await vectorizer.of_faq(MANY, none)

    assert some.shown == [(0, 10), (10, 10)]
    assert none.shown == []


async def test_an_empty_faq_needs_no_model(vectorizer: Vectorizer, embedder: FakeEmbedder) -> None:
    """No phrasings are no work."""
    embedder.failure = DOWN

    assert await vectorizer.of_faq([], Progress()) == ({}, 0)


async def test_the_phrasings_in_use_are_noted(
    vectorizer: Vectorizer, cache: FakeVectorCache
) -> None:
    """The cache learns which vectors the FAQ still uses, in the form it knows them by."""
    await vectorizer.of_faq(["One", "TWO"], Progress())
    assert cache.kept == ["one", "two"]

    await vectorizer.keep(["Three", "THREE"])
    assert cache.kept == ["three"]


async def test_what_an_update_would_embed_can_be_known_before(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """A preview counts the texts that need the model, and asks it for none."""
    await vectorizer.of_faq(["one"], Progress())
    embedder.asked.clear()

    assert vectorizer.missing(["ONE", "two", "Two", "three"]) == 2
    assert embedder.asked == []


@given(st.lists(st.lists(st.sampled_from(["a", "A", "b", "b!", "b!!", "c", "d"]), max_size=8)))
async def test_over_any_edits_each_text_is_embedded_at_most_once(
    versions: Sequence[Sequence[str]],
) -> None:
    """However a FAQ is edited back and forth, each text has its vector and is paid for once."""
    embedder = FakeEmbedder()
    vectorizer = Vectorizer(embedder, FakeVectorCache())

    total = 0
    for texts in versions:
        missing = vectorizer.missing(texts)
        vectors, embedded = await vectorizer.of_faq(texts, Progress())
        assert embedded == missing
        total += embedded
        assert set(vectors) == set(texts)
        for text, vector in vectors.items():
            assert np.array_equal(vector, word_vector(embedder.prepare(text)))

    assert len(embedder.asked) == len(set(embedder.asked)) == total
    assert set(embedder.asked) == {
        embedder.prepare(text) for text in itertools.chain.from_iterable(versions)
    }


# What people ask


async def test_a_question_is_embedded_as_the_model_wants_it(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """A question reaches the model prepared, and its vector comes back."""
    vector = await _asked(vectorizer, "How  MUCH??")

    assert embedder.asked == ["how much?"]
    assert np.array_equal(vector, word_vector("how much?"))


async def test_a_question_that_is_a_phrasing_needs_no_model(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """While the server is down, a question that stands in the FAQ word for word still works."""
    vectors, _ = await vectorizer.of_faq(["How much is it?"], Progress())
    embedder.failure = DOWN

    assert np.array_equal(await _asked(vectorizer, "HOW MUCH IS IT??"), vectors["How much is it?"])
    with pytest.raises(EmbedderError, match="The server is down"):
        await _asked(vectorizer, "How much was it?")


async def test_a_question_that_is_asked_again_needs_no_model(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """What many people ask is embedded once."""
    first = await _asked(vectorizer, "How much?")
    embedder.failure = DOWN

    assert np.array_equal(await _asked(vectorizer, "how much?"), first)


async def test_what_is_at_hand_needs_no_model(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """What was asked before is there while the server is away, what was not is known to be not."""
    asked = await vectorizer.asked(["What does it cost?"])
    embedder.failure = DOWN
    known = vectorizer.at_hand(["What does it cost?"])
    assert known is not None
    np.testing.assert_array_equal(known["What does it cost?"], asked["What does it cost?"])
    assert vectorizer.at_hand(["What does it cost?", "Where are you?"]) is None


async def test_a_failed_question_can_be_asked_again(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """A failure is not remembered."""
    embedder.failure = DOWN
    with pytest.raises(EmbedderError):
        await _asked(vectorizer, "How much?")
    embedder.failure = None

    assert np.array_equal(await _asked(vectorizer, "How much?"), word_vector("how much?"))


async def test_a_message_is_embedded_in_one_request(cache: FakeVectorCache) -> None:
    """A message and its parts go to the model together, equal ones once, known ones not at all."""
    requests: list[list[str]] = []

    class Noting(FakeEmbedder):
        """Notes each request."""

        async def embed(self, texts: Sequence[str]) -> Vectors:
            requests.append(list(texts))
            return await super().embed(texts)

    vectorizer = Vectorizer(Noting(), cache)
    await vectorizer.of_faq(["where are you?"], Progress())
    await _asked(vectorizer, "when is it?")
    requests.clear()

    texts = ["When is it? WHERE are you? How?", "When is it?", "WHERE are you?", "How?", "how??"]
    vectors = await vectorizer.asked(texts)

    assert requests == [["when is it? where are you? how?", "how?"]]
    assert list(vectors) == texts
    assert all(np.array_equal(vectors[it], word_vector(FakeEmbedder().prepare(it))) for it in texts)


async def test_nothing_asked_needs_no_model(vectorizer: Vectorizer, embedder: FakeEmbedder) -> None:
    """Nobody is asked for nothing."""
    embedder.failure = DOWN

    assert await vectorizer.asked([]) == {}


async def test_a_message_is_not_remembered_in_parts(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """When a message cannot be embedded, nothing of it is taken for known."""
    await _asked(vectorizer, "known?")
    embedder.failure = DOWN
    with pytest.raises(EmbedderError, match="The server is down"):
        await vectorizer.asked(["known?", "unknown?"])
    assert np.array_equal(await _asked(vectorizer, "known?"), word_vector("known?"))
    embedder.failure = None

    assert np.array_equal(await _asked(vectorizer, "unknown?"), word_vector("unknown?"))


async def test_the_memory_of_questions_is_bounded(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """A bot that runs for years forgets old questions, but none that keeps being asked."""
    for question in ENDLESS:
        await _asked(vectorizer, question)
        await _asked(vectorizer, "the evergreen")
    assert embedder.asked.count("the evergreen") == 1
    embedder.asked.clear()

    await _asked(vectorizer, ENDLESS[-1])
    await _asked(vectorizer, ENDLESS[0])

    assert embedder.asked == [ENDLESS[0]]


async def test_questions_never_reach_the_disk(
    vectorizer: Vectorizer, cache: FakeVectorCache
) -> None:
    """What people ask is kept in memory only, not even as a vector in a file."""
    await _asked(vectorizer, "something private")
    await vectorizer.questions(["something else private"], Progress())

    assert cache.vectors == {}


@pytest.mark.parametrize("afresh", [True, False], ids=["afresh", "noticed"])
async def test_a_model_that_changed_behind_its_name_answers_earlier_questions_too(
    cache: FakeVectorCache, *, afresh: bool
) -> None:
    """Once the FAQ has the new model's vectors, no question keeps one of the old model's."""
    embedder = RenewableEmbedder()
    vectorizer = Vectorizer(embedder, cache)
    await vectorizer.of_faq(["where?"], Progress())
    before = await _asked(vectorizer, "how much?")

    embedder.length = 64
    phrasings, _ = await vectorizer.of_faq(["where?", "when?"], Progress(), afresh=afresh)
    after = await _asked(vectorizer, "how much?")

    assert len(before) == 32
    assert len(phrasings["where?"]) == 64
    assert len(after) == 64


async def test_many_questions_are_embedded_in_batches_and_not_remembered(
    vectorizer: Vectorizer, embedder: FakeEmbedder, cache: FakeVectorCache
) -> None:
    """Test questions are embedded for an evaluation, each once, and crowd out nobody's memory."""
    progress = Progress()
    vectors = await vectorizer.questions([*MANY, "PHRASING 0"], progress)

    assert embedder.asked == MANY
    assert list(vectors) == [*MANY, "PHRASING 0"]
    assert np.array_equal(vectors["PHRASING 0"], word_vector("phrasing 0"))
    assert progress.shown == [(0, 600), (256, 600), (512, 600), (600, 600)]
    assert cache.vectors == {}


async def test_test_questions_that_are_phrasings_need_no_model(
    vectorizer: Vectorizer, embedder: FakeEmbedder
) -> None:
    """What the FAQ's vectors already say is not asked for."""
    await vectorizer.of_faq(["One", "Two"], Progress())
    embedder.asked.clear()

    vectors = await vectorizer.questions(["ONE", "three"], Progress())

    assert embedder.asked == ["three"]
    assert np.array_equal(vectors["ONE"], word_vector("one"))


async def test_the_model_and_its_usage_are_those_of_the_embedder(
    vectorizer: Vectorizer,
) -> None:
    """Whoever reports on costs need not know the embedder."""
    await _asked(vectorizer, "two words")

    assert vectorizer.model == FAKE_MODEL
    assert vectorizer.usage == Usage(tokens=2)
