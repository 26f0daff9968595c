"""Test questions through the whole engine."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.evaluation import evaluate, leave_one_out
from bot.indexing import Indexer
from bot.matching.deciding import Policy
from bot.matching.evaluating import Judged, figures
from bot.model import Entry, Faq, OutcomeKind, Query, Scoring
from bot.ports import EmbedderError, IndexNotReadyError
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import ZOO, FakeEmbedder, FakeVectorCache, entry

_HOURS = entry("hours", "when do you open", "opening hours please")
_PLACE = entry("place", "where are you")


class _Bench:
    """An engine to put questions to."""

    def __init__(self, folder: Path) -> None:
        self.embedder = FakeEmbedder()
        self.vectorizer = Vectorizer(self.embedder, FakeVectorCache())
        self.index = SqliteIndex(folder / "index.sqlite")
        self.progress: list[tuple[int, int]] = []

    async def serve(self, *entries: Entry) -> None:
        """Serve entries, and forget what that has asked of the embedder."""
        faq = Faq(Path("faq"), entries, (), ("faq.md",), frozenset())
        await Indexer(self.vectorizer, self.index).update(faq)
        self.embedder.asked = []

    def answerer(self, policy: Policy) -> Answerer:
        """Give the engine."""
        return Answerer(self.vectorizer, self.index, policy)

    async def judge(self, *queries: Query, threshold: float = 0.6) -> list[Judged]:
        """Put questions to the engine, by plain similarity."""
        return await self.put(*queries, policy=Policy(Scoring.COSINE, threshold, None, 0.3))

    async def put(self, *queries: Query, policy: Policy) -> list[Judged]:
        """Put questions to the engine."""
        return await evaluate(
            queries,
            self.answerer(policy),
            self.vectorizer,
            progress=lambda *it: self.progress.append(it),
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[_Bench]:
    """Give an engine without an index."""
    bench = _Bench(tmp_path)
    yield bench
    bench.index.close()


def _of(judged: Sequence[Judged], what: Callable[[Judged], object]) -> list[object]:
    return [what(it) for it in judged]


async def test_each_question_is_judged(bench: _Bench) -> None:
    """Each question comes back in its place, with what the engine made of it."""
    await bench.serve(_HOURS, _PLACE)
    queries = (
        Query("when do you open today", "hours"),
        Query("where are you", "hours"),
        Query("zebra stripes", None),
    )
    judged = await bench.judge(*queries)
    assert _of(judged, lambda it: it.query) == list(queries)
    assert _of(judged, lambda it: it.answered) == [True, True, False]
    assert _of(judged, lambda it: it.rank) == [1, 2, None]
    assert _of(judged, lambda it: it.right) == [True, False, True]
    assert judged[1].ranking == ("place", "hours")
    assert judged[1].score == pytest.approx(1)
    assert _of(judged, lambda it: it.shown) == [("hours",), ("place",), ()]
    assert all(it.milliseconds >= 0 for it in judged)


async def test_a_suggestion_is_no_answer(bench: _Bench) -> None:
    """A question that only gets suggestions counts as not answered, though the rank is right."""
    await bench.serve(_HOURS, _PLACE)
    [judged] = await bench.judge(Query("when do you open today", "hours"), threshold=0.95)
    assert (judged.answered, judged.rank, judged.right) == (False, 1, False)
    assert (judged.kind, judged.helped) == (OutcomeKind.SUGGEST, True)
    assert judged.shown[0] == "hours"


async def test_a_right_entry_far_behind_is_found(bench: _Bench) -> None:
    """An entry ranked behind what the bot would ever show still has its true rank."""
    entries = [entry(f"{i:03}", f"common word{i}", f"common other{i}") for i in range(9)]
    await bench.serve(*entries, entry("far", "nothing alike"))
    [far] = await bench.judge(Query("common word7", "far"))
    assert far.rank == 10
    assert sorted(far.ranking) == sorted(it.id for it in bench.index.entries())
    assert far.score == pytest.approx(1)


async def test_what_cannot_be_found_has_no_rank(bench: _Bench) -> None:
    """An entry that is not even among the candidates of a large FAQ was not found."""
    entries = [entry(f"{i:03}", f"common word{i}", f"common other{i}") for i in range(300)]
    await bench.serve(*entries, entry("far", "nothing alike", answer="Ohne Worte."))
    [far] = await bench.judge(Query("common word7", "far"))
    assert far.rank is None
    assert len(set(far.ranking)) == len(far.ranking) < 300


async def test_the_ranking_begins_the_same(bench: _Bench) -> None:
    """However far down the right entry is looked for, the first ranks stay as people see them."""
    await bench.serve(*(entry(f"{i}", f"common word{i}") for i in range(10)))
    short, long = await bench.judge(Query("common word3", "3"), Query("common word3", "none"))
    assert len(short.ranking) == 5
    assert len(long.ranking) == 10
    assert long.ranking[:5] == short.ranking
    assert (short.score, short.answered) == (long.score, long.answered)


async def test_an_entry_that_is_not_in_the_faq(bench: _Bench) -> None:
    """A question whose entry does not exist has no rank, and is wrong."""
    await bench.serve(_HOURS, _PLACE)
    [judged] = await bench.judge(Query("where are you", "gone"))
    assert (judged.rank, judged.right) == (None, False)


async def test_also_ok(bench: _Bench) -> None:
    """An entry that is named as right, too, is as good as the expected one."""
    await bench.serve(_HOURS, _PLACE)
    [judged] = await bench.judge(Query("where are you", "hours", frozenset({"place"})))
    assert (judged.rank, judged.right) == (1, True)


async def test_a_question_without_words(bench: _Bench) -> None:
    """A question of signs alone is judged as people meet it: not embedded, not answered."""
    await bench.serve(_HOURS, _PLACE)
    policy = Policy(Scoring.CALIBRATED, 0, None, 0.3)
    judged = await bench.put(Query("?!", None), Query("🎄", "hours"), policy=policy)
    assert _of(judged, lambda it: it.answered) == [False, False]
    assert _of(judged, lambda it: it.right) == [True, False]
    assert _of(judged, lambda it: (it.score, it.ranking)) == [(0, ()), (0, ())]
    assert bench.embedder.asked == []
    assert figures(judged).combined_accuracy == 0.5


async def test_questions_are_embedded_beforehand_and_once(bench: _Bench) -> None:
    """Thousands of questions are embedded in batches, equal ones once, with progress told."""
    await bench.serve(_HOURS, _PLACE)
    queries = [Query(f"word{i % 400}", None) for i in range(1000)]
    judged = await bench.judge(*queries)
    assert len(judged) == 1000
    assert len(bench.embedder.asked) == len(set(bench.embedder.asked)) == 400
    assert bench.progress[0] == (0, 400)
    assert bench.progress[-1] == (400, 400)
    assert bench.progress == sorted(bench.progress)


async def test_phrasings_need_no_model(bench: _Bench) -> None:
    """Questions that are phrasings of the FAQ cost nothing."""
    await bench.serve(_HOURS, _PLACE)
    bench.embedder.failure = EmbedderError("The server is down.")
    [judged] = await bench.judge(Query("Where ARE you", "place"))
    assert judged.right
    with pytest.raises(EmbedderError, match="The server is down"):
        await bench.judge(Query("where are they", "place"))


# By probabilities

_CALIBRATED = Policy(Scoring.CALIBRATED, None, None, 0.3)
_FAQ = (*ZOO, entry("shop", "is there a shop"))


async def test_several_questions_at_once_are_judged(bench: _Bench) -> None:
    """A message with several questions is judged as people meet it: with all its answers."""
    await bench.serve(*_FAQ)
    query = Query("when do you open and what does a ticket cost", "price", frozenset({"hours"}))
    [judged] = await bench.put(query, policy=_CALIBRATED)
    assert (judged.kind, judged.shown) == (OutcomeKind.ANSWER, ("hours", "price"))
    assert judged.off_topic is not None
    assert sorted(bench.embedder.asked) == [query.text]  # its parts are phrasings


async def test_messages_in_parts_are_embedded_at_once(bench: _Bench) -> None:
    """The parts of a message go to the model together with it, and count as texts."""
    await bench.serve(*_FAQ)
    await bench.put(
        Query("Hello there! Are dogs allowed here?", "dogs"),
        Query("Hello there! Where is your zoo?", "place"),
        policy=_CALIBRATED,
    )
    assert sorted(bench.embedder.asked) == [
        "are dogs allowed here?",
        "hello there!",
        "hello there! are dogs allowed here?",
        "hello there! where is your zoo?",
        "where is your zoo?",
    ]
    assert bench.progress == [(0, 5), (5, 5)]


async def test_the_faq_is_asked_its_own_phrasings(bench: _Bench) -> None:
    """Without test questions each phrasing is asked of the FAQ without it, and the model nothing.

    An entry of a single phrasing is not asked: nothing of it would be left to find.
    """
    await bench.serve(*_FAQ)
    bench.embedder.failure = EmbedderError("The server is down.")
    judged = leave_one_out(bench.answerer(_CALIBRATED))
    assert sorted((it.query.text, it.query.expected) for it in judged) == sorted(
        (text, it.id) for it in _FAQ for text in it.questions if len(it.questions) > 1
    )
    for it in judged:
        assert it.in_scope
        assert it.score < 1
        assert it.off_topic is not None
        assert it.ranking[: len(it.shown)] == it.shown
        assert it.milliseconds >= 0
    assert sum(it.rank == 1 for it in judged) > len(judged) / 2


async def test_how_the_faq_does_depends_on_the_threshold(bench: _Bench) -> None:
    """What would be answered of the FAQ's own phrasings is what the operator's threshold says."""
    await bench.serve(*_FAQ)
    all_ = leave_one_out(bench.answerer(Policy(Scoring.CALIBRATED, 0, None, 0.3)))
    none = leave_one_out(bench.answerer(Policy(Scoring.CALIBRATED, 1, None, 0.3)))
    assert {it.kind for it in all_} == {OutcomeKind.ANSWER}
    assert OutcomeKind.ANSWER not in {it.kind for it in none}
    assert _of(all_, lambda it: it.ranking) == _of(none, lambda it: it.ranking)


@pytest.mark.parametrize(
    "faq",
    [(_HOURS, _PLACE), (_PLACE, entry("one"), entry("two"), entry("three"))],
    ids=["two entries", "one phrasing each"],
)
async def test_there_may_be_nothing_to_leave_out(bench: _Bench, faq: tuple[Entry, ...]) -> None:
    """A FAQ of very few entries, or of one phrasing each, cannot be tested with itself."""
    await bench.serve(*faq)
    assert leave_one_out(bench.answerer(_CALIBRATED)) == []


async def test_there_must_be_an_index(bench: _Bench) -> None:
    """Without an index there is nothing to measure, and the message says what to run."""
    with pytest.raises(IndexNotReadyError, match="run `faqbot index`"):
        await bench.judge(Query("where are you", "place"))
    with pytest.raises(IndexNotReadyError, match="run `faqbot index`"):
        leave_one_out(bench.answerer(_CALIBRATED))
