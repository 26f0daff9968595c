"""Test questions through the whole engine."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.evaluation import evaluate
from bot.indexing import Indexer
from bot.matching.evaluating import Judged, figures
from bot.model import Entry, Faq, OutcomeKind, Query
from bot.ports import EmbedderError, IndexNotReadyError
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import FakeEmbedder, FakeVectorCache, entry

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

    async def judge(self, *queries: Query, threshold: float = 0.6) -> list[Judged]:
        """Put questions to the engine."""
        return await evaluate(
            queries,
            Answerer(self.vectorizer, self.index, threshold),
            self.vectorizer,
            entries=len(self.index.entries()),
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
    assert judged[1].score == 1
    assert _of(judged, lambda it: it.shown) == [("hours",), ("place",), ()]
    assert all(it.milliseconds >= 0 for it in judged)


async def test_a_suggestion_is_no_answer(bench: _Bench) -> None:
    """A question that only gets suggestions counts as not answered, though the rank is right."""
    await bench.serve(_HOURS, _PLACE)
    [judged] = await bench.judge(Query("when do you open today", "hours"), threshold=0.95)
    assert (judged.answered, judged.rank, judged.right) == (False, 1, False)
    assert (judged.kind, judged.shown, judged.helped) == (OutcomeKind.SUGGEST, ("hours",), True)


async def test_a_right_entry_far_behind_is_found(bench: _Bench) -> None:
    """An entry ranked behind what the bot would ever show still has its true rank."""
    entries = [entry(f"{i:03}", f"common word{i}", f"common other{i}") for i in range(300)]
    await bench.serve(*entries, entry("far", "nothing alike"))
    [far] = await bench.judge(Query("common word7", "far"))
    assert far.rank == 301
    assert sorted(far.ranking) == sorted(it.id for it in bench.index.entries())
    assert far.score == 1


async def test_the_ranking_begins_the_same(bench: _Bench) -> None:
    """However far down the right entry is looked for, the first ranks stay as people see them."""
    await bench.serve(*(entry(f"{i}", f"common word{i}") for i in range(30)))
    short, long = await bench.judge(Query("common word3", "3"), Query("common word3", "none"))
    assert len(short.ranking) == 5
    assert len(long.ranking) == 30
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
    judged = await bench.judge(Query("?!", None), Query("🎄", "hours"), threshold=0)
    assert _of(judged, lambda it: it.answered) == [False, False]
    assert _of(judged, lambda it: it.right) == [True, False]
    assert _of(judged, lambda it: (it.score, it.ranking)) == [(0, ()), (0, ())]
    assert bench.embedder.asked == []
    assert figures(judged, 0, 0).combined_accuracy == 0.5


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


async def test_there_must_be_an_index(bench: _Bench) -> None:
    """Without an index there is nothing to measure, and the message says what to run."""
    with pytest.raises(IndexNotReadyError, match="run `faqbot index`"):
        await bench.judge(Query("where are you", "place"))
