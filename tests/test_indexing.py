"""From FAQ files to the index that is served: only what changed is embedded, all is replaced."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.aliases import with_aliases
from bot.faq.contents import contents_of
from bot.faq.difference import difference
from bot.indexing import Indexer, IndexReport
from bot.matching.apart import texts_to_embed
from bot.matching.deciding import even_similarity
from bot.matching.matcher import Matcher
from bot.matching.packing import pack
from bot.matching.storing import dump, load
from bot.model import (
    EmbeddingModel,
    Entry,
    Faq,
    IndexState,
    Problem,
    Source,
    Usage,
    Vector,
    Vectors,
)
from bot.planning import EmptyFaqError, NoSuchStateError
from bot.ports import EmbedderError, IndexBusyError, IndexNotReadyError
from bot.publication import Difference
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import FAKE_MODEL, FakeEmbedder, FakeVectorCache, entry, word_vector

_OTHER_MODEL = EmbeddingModel("other words", 32)
_FAILURE = EmbedderError("The server is down.")


def _faq(*entries: Entry, broken: Sequence[str] = (), problems: Sequence[Problem] = ()) -> Faq:
    files = sorted({it.source.file for it in entries} | set(broken))
    return Faq(Path("faq"), entries, tuple(problems), tuple(files), frozenset(broken))


class _Watched(FakeEmbedder):
    """Calls something with the number of each request before it answers."""

    def __init__(self, watch: Callable[[int], object], model: EmbeddingModel = FAKE_MODEL) -> None:
        super().__init__(model)
        self._watch = watch
        self._requests = 0

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Call, then embed."""
        self._requests += 1
        self._watch(self._requests)
        return await super().embed(texts)


class _EditedMeanwhile(FakeVectorCache):
    """Has somebody edit the FAQ the first time that vectors are read."""

    def __init__(self, cache: FakeVectorCache, edit: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.vectors = cache.vectors
        self._edit: Callable[[], Awaitable[None]] | None = edit

    def get(self, model: EmbeddingModel, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Edit, then give what is there."""
        edit, self._edit = self._edit, None
        if edit:
            asyncio.run(_awaited(edit()))
        return super().get(model, texts)


async def _awaited(work: Awaitable[None]) -> None:
    await work


class _Setup:
    """An indexer on a real index, with the stand-ins at hand."""

    def __init__(
        self,
        folder: Path,
        *,
        embedder: FakeEmbedder | None = None,
        cache: FakeVectorCache | None = None,
        wait_seconds: float = 60,
    ) -> None:
        self.embedder = embedder or FakeEmbedder()
        self.cache = cache or FakeVectorCache()
        self.index = SqliteIndex(folder / "index.sqlite", wait_seconds=wait_seconds)
        indexer = Indexer(Vectorizer(self.embedder, self.cache), self.index)
        self.update = indexer.update
        self.preview = indexer.preview
        self.rollback = indexer.rollback
        self.refit = indexer.refit
        self._indexer = indexer

    def is_refit_due(self) -> bool:
        """Tell whether there is something to learn."""
        return self._indexer.is_refit_due

    def asked(self) -> list[str]:
        """Give what the embedder has been asked since the last time."""
        asked, self.embedder.asked = self.embedder.asked, []
        return asked

    def found(self, text: str) -> Entry:
        """Give the entry that comes nearest to a text."""
        model = self.embedder.model
        vector = word_vector(self.embedder.prepare(text), model.dimensions or 64)
        [nearest] = self.index.candidates(vector, (), model, limit=1).nearest
        return next(it for it in self.index.entries() if it.id == nearest)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., _Setup]]:
    """Give a maker of indexers that all work on the same index."""
    with ExitStack() as after:

        def make_one(**options: Any) -> _Setup:
            setup = _Setup(tmp_path, **options)
            after.callback(setup.index.close)
            return setup

        yield make_one


@pytest.fixture
def setup(make: Callable[..., _Setup]) -> _Setup:
    """Give an indexer whose index has nothing in it yet."""
    return make()


# The difference

_contents = st.builds(
    lambda questions, answer, topic, language, line: Entry(
        "", tuple(questions), answer, topic, language, Source("faq.md", line)
    ),
    st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True),
    st.sampled_from(["One.", "Two."]),
    st.sampled_from([None, "Topic"]),
    st.sampled_from([None, "en"]),
    st.integers(1, 3),
)
_states = st.dictionaries(st.sampled_from("abcdef"), _contents).map(
    lambda them: [replace(content, id=id_) for id_, content in them.items()]
)


@given(_states, _states)
def test_the_difference_tells_all_and_nothing_else(old: list[Entry], new: list[Entry]) -> None:
    """Every entry that is new, gone or other than before is named once, and no entry else."""
    result = difference(old, new)
    before, after = {it.id: it for it in old}, {it.id: it for it in new}
    named = [*result.added, *result.changed, *result.removed]
    assert len(set(named)) == len(named)
    assert set(result.added) == after.keys() - before.keys()
    assert set(result.removed) == before.keys() - after.keys()
    for id_ in before.keys() & after.keys():
        is_same = replace(before[id_], source=after[id_].source) == after[id_]
        assert (id_ in result.changed) is not is_same
    assert bool(result) is bool(named)


@given(_states)
def test_there_is_no_difference_to_oneself(state: list[Entry]) -> None:
    """A FAQ that only had its entries moved about is reported as unchanged."""
    moved = [replace(it, source=Source("other.md", 99)) for it in reversed(state)]
    assert not difference(state, moved)


def test_the_difference_is_in_the_order_of_the_faq() -> None:
    """What was added and changed is told in the order of the new FAQ, what went in the old's."""
    old = [entry("d"), entry("c"), entry("b"), entry("a")]
    new = [entry("z"), entry("c", answer="new"), entry("y"), entry("b", answer="new")]
    assert difference(old, new) == Difference(("z", "y"), ("c", "b"), ("d", "a"))


# Updates


async def test_the_first_update_embeds_everything(setup: _Setup) -> None:
    """After the first update the whole FAQ is served, and the report says what was done."""
    faq = _faq(entry("open", "When open?", "Opening hours"), entry("Where?"))
    report = await setup.update(faq)
    assert sorted(setup.asked()) == ["an answer.", "opening hours", "when open?", "where?"]
    assert setup.index.entries() == faq.entries
    assert report.faq is faq
    assert report.difference == Difference(("open", "Where?"), (), ())
    assert (report.embedded, report.reused, report.kept_files) == (4, 0, ())
    assert report.usage == Usage(tokens=7)
    matcher = load(setup.index.served(FAKE_MODEL).fitted)
    assert matcher
    assert set(matcher.ids) == {"open", "Where?"}


async def test_the_second_run_does_nothing(setup: _Setup) -> None:
    """Updating again without an edit embeds nothing, writes nothing, and says so."""
    faq = _faq(entry("a"), entry("b", "b", "c"))
    await setup.update(faq)
    before = setup.index.state()
    setup.asked()
    report = await setup.update(faq)
    assert setup.asked() == []
    assert setup.index.state() == before
    assert not report.difference
    assert (report.embedded, report.reused, report.usage) == (0, 4, Usage())
    # Their vectors are still in use.
    assert sorted(setup.cache.kept) == ["a", "an answer.", "b", "c"]


async def test_one_edited_phrasing_is_one_text(setup: _Setup) -> None:
    """Whoever rewrites one phrasing of a large FAQ pays for that one."""
    entries = [entry(f"id {i}", *(f"phrasing {i} {j}" for j in range(5))) for i in range(100)]
    await setup.update(_faq(*entries))
    setup.asked()
    entries[42] = entry("id 42", "phrasing 42 0", "rewritten words", *entries[42].questions[2:])
    report = await setup.update(_faq(*entries))
    assert setup.asked() == ["rewritten words"]
    assert report.difference == Difference((), ("id 42",), ())
    assert (report.embedded, report.reused) == (1, 500)
    assert setup.index.entries() == tuple(entries)


async def test_an_edited_answer_embeds_its_new_sentences(setup: _Setup) -> None:
    """Whoever edits an answer pays for the sentences that are new, whatever was in it before."""
    old = "It is *old*. It stays the same!\n\n- One point\n- Another one"
    await setup.update(_faq(entry("a", answer=old), entry("b"), entry("c")))
    setup.asked()
    new = "It is **new**. It stays the same!\n\n- One point\n- A third one"
    foretold = await setup.preview(_faq(entry("a", answer=new), entry("b"), entry("c")))
    report = await setup.update(_faq(entry("a", answer=new), entry("b"), entry("c")))
    assert sorted(setup.asked()) == ["- a third one", "it is new ."]
    assert report.difference == Difference((), ("a",), ())
    assert (report.embedded, report.reused) == (2, 6)
    assert _what(foretold) == _what(report)
    assert setup.found("a").answer == new


async def test_topics_moves_and_known_answers_need_no_model(setup: _Setup) -> None:
    """An edit of topics, any move and an answer that comes back work without the server."""
    await setup.update(_faq(entry("a", answer="one"), entry("b", answer="two"), entry("c")))
    setup.embedder.failure = _FAILURE
    new = (replace(entry("c"), topic="Topic"), entry("b", answer="one"), entry("a", answer="two"))
    report = await setup.update(_faq(*new))
    assert report.difference == Difference((), ("c", "b", "a"), ())
    assert (report.embedded, report.reused) == (0, 6)
    assert setup.index.entries() == new
    assert setup.found("a").answer == "two"


async def test_a_phrasing_that_comes_back_is_free(setup: _Setup) -> None:
    """An edit that is taken back costs nothing, nor does a phrasing that moves to another entry."""
    await setup.update(_faq(entry("a", "a", "moves"), entry("b", answer="B.")))
    await setup.update(_faq(entry("a", "a", "moves")))
    setup.asked()
    report = await setup.update(_faq(entry("a"), entry("b", "b", "moves", answer="B.")))
    assert setup.asked() == []
    assert (report.embedded, report.reused) == (0, 5)
    assert setup.found("moves").answer == "B."


async def test_equal_texts_are_embedded_once(setup: _Setup) -> None:
    """Phrasings that the model sees as the same text are paid for once, in whatever entries."""
    report = await setup.update(
        _faq(entry("a", "Open?"), entry("b", "OPEN??"), entry("c", "open?"))
    )
    assert setup.asked() == ["open?", "an answer."]
    assert (report.embedded, report.reused) == (2, 2)


async def test_a_moved_entry_is_no_difference(setup: _Setup) -> None:
    """Lines added above an entry are no change of it, yet problems point to where it is now."""
    await setup.update(_faq(entry("a"), entry("b")))
    moved = replace(entry("b"), source=Source("faq.md", 77))
    report = await setup.update(_faq(entry("a"), moved))
    assert not report.difference
    assert setup.index.entries()[1].source.line == 77


@given(st.lists(_states.filter(bool), min_size=1, max_size=6))
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 4)
def test_any_sequence_of_updates(states: list[list[Entry]]) -> None:
    """Whatever the edits, the last FAQ serves, by old ids, too; no text is embedded twice."""

    async def run() -> None:
        with TemporaryDirectory() as folder:
            setup = _Setup(Path(folder))
            old: Sequence[Entry] = ()
            for state in states:
                before = setup.index.state()
                cached = set(setup.cache.vectors)
                foretold = await setup.preview(_faq(*state))
                assert setup.index.state() == before
                assert set(setup.cache.vectors) == cached
                assert setup.index.entries() == tuple(old)
                assert foretold.usage == Usage()
                report = await setup.update(_faq(*state))
                served = with_aliases(old, state)
                assert setup.index.entries() == served
                assert report.difference == difference(old, served)
                assert _what(foretold) == _what(report)
                old = served
            assert len(set(setup.embedder.asked)) == len(setup.embedder.asked)
            setup.index.close()

    asyncio.run(run())


def _what(report: IndexReport) -> tuple[object, ...]:
    """Give of a report what a preview can foretell."""
    return report.faq, report.difference, report.kept_files, report.embedded, report.reused


async def test_progress_counts_up_to_all(setup: _Setup) -> None:
    """A long update tells how far it has come, from nothing to all, and never backwards."""
    told: list[tuple[int, int]] = []
    await setup.update(_faq(*(entry(f"word{i}") for i in range(600))), lambda *it: told.append(it))
    assert told[0] == (0, 601)
    assert told[-1] == (601, 601)
    assert told == sorted(told)
    assert {total for _, total in told} == {601}


async def test_afresh_embeds_all_again(make: Callable[..., _Setup]) -> None:
    """A rebuild takes new vectors for everything, even though nothing was edited."""
    faq = _faq(entry("a"), entry("b"))
    old = make()
    await old.update(faq)

    class Changed(FakeEmbedder):
        """Another model behind the same name: it takes one text for the other."""

        async def embed(self, texts: Sequence[str]) -> Vectors:
            return await super().embed([{"a": "b", "b": "a"}.get(text, text) for text in texts])

    new = make(embedder=Changed(), cache=old.cache)
    report = await new.update(faq)
    assert new.asked() == []
    assert old.found("a").id == "a"
    report = await new.update(faq, afresh=True)
    assert len(new.asked()) == 3
    assert not report.difference
    assert (report.embedded, report.reused) == (3, 0)
    assert old.found("a").id == "b"


async def test_a_model_that_changed_its_length_is_noticed(make: Callable[..., _Setup]) -> None:
    """When the same name gives longer vectors, the next edit has everything embedded again."""
    old = make(embedder=FakeEmbedder(EmbeddingModel("same name", None)))
    await old.update(_faq(entry("a"), entry("b")))

    class Longer(FakeEmbedder):
        """Gives vectors of 96 numbers."""

        async def embed(self, texts: Sequence[str]) -> Vectors:
            await super().embed(texts)
            return np.stack([word_vector(text, 96) for text in texts])

    new = make(embedder=Longer(EmbeddingModel("same name", None)), cache=old.cache)
    report = await new.update(_faq(entry("a"), entry("b"), entry("c")))
    assert sorted(new.asked()) == ["a", "an answer.", "b", "c"]
    assert (report.embedded, report.reused) == (4, 0)
    assert new.index.state() == IndexState(2, new.embedder.model, 96, entries=3, phrasings=3)


# What was fitted


def _other_form() -> bytes:
    """Give what another version of faqbot may have fitted."""
    return b"".join(pack({"form": 0}, {}))


@pytest.mark.parametrize("fitted", [b"", _other_form()], ids=["nothing fitted", "another form"])
async def test_what_another_version_fitted_is_fitted_anew(setup: _Setup, fitted: bytes) -> None:
    """After an upgrade the next update fits the same FAQ again, without asking the model."""
    faq = _faq(entry("a"), entry("b", "b", "c"))
    await setup.update(faq)
    sound = setup.index.served(FAKE_MODEL).fitted
    vectors = {text: word_vector(text) for it in faq.entries for text in it.questions}
    setup.index.replace(faq.entries, vectors, FAKE_MODEL, fitted=[fitted])
    setup.embedder.failure = _FAILURE
    foretold = await setup.preview(faq)
    assert setup.index.served(FAKE_MODEL).fitted == fitted  # a preview writes nothing
    report = await setup.update(faq)
    assert not report.difference
    assert (report.embedded, report.reused) == (0, 4)
    assert _what(foretold) == _what(report)
    served = setup.index.served(FAKE_MODEL)
    assert (served.generation, served.fitted) == (3, sound)
    # From then on there is nothing to do.
    await setup.update(faq)
    assert setup.index.served(FAKE_MODEL).generation == 3


async def test_the_fit_is_of_the_entries_that_are_served(setup: _Setup) -> None:
    """With every edit, of an answer too, what was fitted is replaced together with the entries."""
    await setup.update(_faq(entry("a", answer="old"), entry("b")))
    before = setup.index.served(FAKE_MODEL)
    await setup.update(_faq(entry("a", answer="new words"), entry("b")))
    after = setup.index.served(FAKE_MODEL)
    assert after.generation == before.generation + 1
    assert after.entries[0].answer == "new words"
    assert after.fitted != before.fitted
    await setup.update(_faq(entry("a", "a", "A 2"), entry("c")))
    matcher = load(setup.index.served(FAKE_MODEL).fitted)
    assert matcher
    assert dict(zip(matcher.ids, matcher.phrasings, strict=True)) == {
        "a": ("A 2", "a"),
        "c": ("c",),
    }


# The old index serves until the new one is complete


async def test_another_model_rebuilds_all(make: Callable[..., _Setup]) -> None:
    """While another model embeds the FAQ the old one answers, then the new one does at once."""
    faq = _faq(entry("a"), entry("b"))
    old = make()
    await old.update(faq)
    served: list[str] = []
    new = make(
        embedder=_Watched(lambda _: served.append(old.found("a").id), _OTHER_MODEL),
        cache=old.cache,
    )
    foretold = await new.preview(faq)
    report = await new.update(faq)
    assert served == ["a"]
    assert sorted(new.asked()) == ["a", "an answer.", "b"]
    assert not report.difference
    assert (report.embedded, report.reused) == (3, 0)
    assert _what(foretold) == _what(report)
    assert new.found("a").id == "a"
    with pytest.raises(IndexNotReadyError, match="another model"):
        old.found("a")
    # Back again, for which all vectors are still there.
    report = await old.update(faq)
    assert (report.embedded, report.reused) == (0, 3)
    assert old.found("b").id == "b"


async def test_a_failing_embedder_keeps_the_old_index(setup: _Setup) -> None:
    """When the server is down the update says so, and what was served before still is."""
    await setup.update(_faq(entry("a", answer="old"), entry("b")))
    before = setup.index.state()
    setup.embedder.failure = _FAILURE
    with pytest.raises(EmbedderError, match="The server is down"):
        await setup.update(_faq(entry("a", answer="new"), entry("c")))
    assert setup.index.state() == before
    assert setup.found("a").answer == "old"
    setup.embedder.failure = None
    await setup.update(_faq(entry("a", answer="new"), entry("c")))
    assert setup.found("a").answer == "new"


async def test_what_was_embedded_before_a_failure_is_kept(make: Callable[..., _Setup]) -> None:
    """A long run that breaks off is taken up where it stopped: nothing is paid for twice."""

    def fail_at_third(request: int) -> None:
        if request == 3:
            raise _FAILURE

    setup = make(embedder=_Watched(fail_at_third))
    faq = _faq(*(entry(f"word{number}") for number in range(1000)))
    with pytest.raises(EmbedderError):
        await setup.update(faq)
    assert setup.index.state() is None
    first = setup.asked()
    assert len(first) >= 2
    foretold = await setup.preview(faq)
    report = await setup.update(faq)
    assert foretold.embedded == report.embedded == 1001 - len(first)
    asked = sorted(first + setup.asked())
    assert asked == sorted([*(it.id for it in faq.entries), "an answer."])
    assert setup.index.entries() == faq.entries


async def test_an_update_that_is_called_off(make: Callable[..., _Setup]) -> None:
    """Stopping an update leaves the old index, keeps its work, and lets the next one in."""
    begun = asyncio.Event()
    setup = make(embedder=_Watched(lambda _: begun.set()))
    faq = _faq(*(entry(f"word{number}") for number in range(1000)))
    task = asyncio.create_task(setup.update(faq))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert setup.index.state() is None
    await setup.update(faq)
    assert setup.index.entries() == faq.entries


@pytest.mark.parametrize("has_problems", ["problems", "no problems"])
async def test_an_empty_faq_is_refused(setup: _Setup, has_problems: str) -> None:
    """An empty folder never wipes what is served; the message says what to do about it."""
    await setup.update(_faq(entry("a")))
    before = setup.index.state()
    setup.asked()
    problem = Problem(Source("faq.md", 1), "It is wrong.", "Mend it.")
    empty = _faq(problems=[problem] if has_problems == "problems" else [])
    what = "faqbot check" if has_problems == "problems" else "write a Markdown file"
    for attempt in (setup.update, setup.preview):
        with pytest.raises(EmptyFaqError, match=rf"no question with an answer in faq: .*{what}"):
            await attempt(empty)
    assert setup.asked() == []
    assert setup.index.state() == before
    assert setup.found("a").id == "a"


# Broken files


async def test_a_broken_file_keeps_its_last_good_entries(setup: _Setup) -> None:
    """When a file cannot be read to its end, what it said before serves on beside the rest."""
    good = [entry("a", file="a.md"), entry("b", file="b.md"), entry("c", file="b.md")]
    await setup.update(_faq(*good))
    setup.asked()
    half = [entry("a", answer="new", file="a.md"), entry("b", answer="half", file="b.md")]
    foretold = await setup.preview(_faq(*half, broken=["b.md"]))
    report = await setup.update(_faq(*half, broken=["b.md"]))
    assert report.kept_files == ("b.md",)
    assert report.difference == Difference((), ("a",), ())
    assert set(setup.index.entries()) == {half[0], good[1], good[2]}
    assert setup.asked() == ["new"]
    assert _what(foretold) == _what(report)
    # Still broken: nothing to do. Then mended.
    before = setup.index.state()
    await setup.update(_faq(*half, broken=["b.md"]))
    assert setup.index.state() == before
    report = await setup.update(_faq(*half))
    assert report.kept_files == ()
    assert report.difference == Difference((), ("b",), ("c",))
    assert setup.index.entries() == tuple(half)


async def test_a_broken_file_that_was_never_good(setup: _Setup) -> None:
    """Of a file that was broken from the start, what could be read of it is served."""
    await setup.update(_faq(entry("a", file="a.md")))
    both = [entry("a", file="a.md"), entry("b", file="b.md")]
    report = await setup.update(_faq(*both, broken=["b.md"]))
    assert report.kept_files == ()
    assert setup.index.entries() == tuple(both)


async def test_all_files_broken(setup: _Setup) -> None:
    """Even when nothing at all can be read, what was served before still is."""
    await setup.update(_faq(entry("a", file="a.md"), entry("b", file="b.md")))
    before = setup.index.state()
    report = await setup.update(_faq(broken=["a.md", "b.md"]))
    assert report.kept_files == ("a.md", "b.md")
    assert not report.difference
    assert setup.index.state() == before


async def test_an_entry_that_moved_out_of_a_broken_file(setup: _Setup) -> None:
    """An entry that now stands in a sound file is served from there, and once."""
    await setup.update(_faq(entry("a", file="a.md"), entry("b", answer="old", file="b.md")))
    moved = [entry("a", file="a.md"), entry("b", answer="new", file="a.md")]
    await setup.update(_faq(*moved, broken=["b.md"]))
    assert setup.index.entries() == tuple(moved)


async def test_a_folder_that_cannot_be_read_serves_as_it_was(setup: _Setup) -> None:
    """Entries below a folder that is shut for a while are not taken for deleted."""
    await setup.update(_faq(entry("a", file="sub/deep/a.md"), entry("b", file="subway.md")))
    await setup.update(_faq(entry("c", file="c.md"), broken=["sub"]))
    assert {it.id for it in setup.index.entries()} == {"a", "c"}


async def test_a_broken_file_does_not_lose_its_id_to_another(setup: _Setup) -> None:
    """Where two files ask the same, breaking the first takes neither's answer away."""
    one = entry("price", "Price?", answer="Of one.", file="a.md")
    two = entry("price-2", "Price?", answer="Of two.", file="b.md")
    await setup.update(_faq(one, two))
    # Of the first nothing can be read now, so the second's id needs no number any more.
    await setup.update(_faq(replace(two, id="price"), broken=["a.md"]))
    assert {it.answer for it in setup.index.entries()} == {"Of one.", "Of two."}


async def test_a_removed_file_is_not_a_broken_one(setup: _Setup) -> None:
    """Entries of a file that was deleted go, whatever else is broken."""
    await setup.update(_faq(*(entry(name, file=f"{name}.md") for name in "abc")))
    report = await setup.update(_faq(entry("a", file="a.md"), broken=["b.md"]))
    assert report.difference == Difference((), (), ("c",))
    assert {it.id for it in setup.index.entries()} == {"a", "b"}


# Former ids


async def test_a_renamed_entry_is_told_as_such(setup: _Setup) -> None:
    """An edited heading is no loss: report and preview call it renamed, and its old id stays."""
    await setup.update(_faq(entry("price", "Price?", answer="Ten."), entry("b")))
    faq = _faq(entry("cost", "Cost?", answer="Ten."), entry("b"))
    foretold = await setup.preview(faq)
    report = await setup.update(faq)
    assert report.difference == Difference((), (), (), (("price", "cost"),))
    assert _what(foretold) == _what(report)
    assert setup.index.entries()[0].details.aliases == ("price",)
    # And nothing is left to do.
    assert not (await setup.update(faq)).difference
    assert setup.index.history().serving == 2


async def test_former_ids_that_another_index_knows(setup: _Setup) -> None:
    """An index that is made for a test knows what entries were called where they serve."""
    await setup.update(_faq(entry("new", "a")), known=[entry("old", "a")])
    assert setup.index.entries()[0].details.aliases == ("old",)


# Going back


async def test_a_rollback_holds_the_files_back(setup: _Setup) -> None:
    """What was rolled back is not published again by anything, until the files are others."""
    good, bad = _faq(entry("a", answer="good")), _faq(entry("a", answer="bad"))
    await setup.update(good)
    await setup.update(bad)
    setup.asked()
    report = await setup.rollback()
    assert (report.publication.number, report.is_pinned, report.embedded) == (1, True, 0)
    assert report.difference == Difference((), ("a",), ())
    assert setup.found("a").answer == "good"
    before = setup.index.state()
    for attempt in (setup.preview, setup.update, setup.update):
        held = await attempt(bad)
        assert not held.difference
        assert held.pin
        assert held.pin.number == 1
    assert setup.index.state() == before
    # That it stands further down in its file makes it no other.
    moved = _faq(replace(entry("a", answer="bad"), source=Source("faq.md", 9)))
    assert (await setup.update(moved)).pin
    mended = await setup.update(_faq(entry("a", answer="mended")))
    assert mended.pin is None
    assert setup.found("a").answer == "mended"
    assert setup.index.history().pin is None
    # By now it is an edit like any other.
    assert (await setup.update(bad)).difference == Difference((), ("a",), ())
    assert setup.asked() == ["mended"]


async def test_files_that_say_again_what_serves_lift_the_pin(setup: _Setup) -> None:
    """Putting the old text back ends it, with nothing to publish."""
    good = _faq(entry("a", answer="good"))
    await setup.update(good)
    await setup.update(_faq(entry("a", answer="bad")))
    await setup.rollback()
    report = await setup.update(good)
    assert (report.difference, report.pin) == (Difference((), (), ()), None)
    assert (setup.index.history().serving, setup.index.history().pin) == (1, None)
    assert len(setup.index.history().publications) == 2


async def test_forced_files_are_published(setup: _Setup) -> None:
    """An operator who wants the files as they are gets them."""
    bad = _faq(entry("a", answer="bad"))
    await setup.update(_faq(entry("a", answer="good")))
    await setup.update(bad)
    await setup.rollback(1)
    assert (await setup.preview(bad, force=True)).difference
    report = await setup.update(bad, force=True)
    assert (report.difference, report.pin) == (Difference((), ("a",), ()), None)
    assert setup.found("a").answer == "bad"
    assert setup.index.history().pin is None


async def test_all_that_was_rolled_back_is_held_back(setup: _Setup) -> None:
    """Going back twice refuses both states, and going forth again holds back no longer."""
    states = [_faq(entry("a", answer=answer)) for answer in ("one", "two", "three")]
    for state in states:
        await setup.update(state)
    await setup.rollback()
    await setup.rollback()
    assert setup.found("a").answer == "one"
    assert (await setup.update(states[1])).pin
    assert (await setup.update(states[2])).pin
    report = await setup.rollback(3)
    assert report.is_pinned  # the second one is still refused
    assert not (await setup.update(states[2])).pin
    assert setup.found("a").answer == "three"
    assert setup.index.history().pin is None


async def test_a_file_that_breaks_lifts_no_pin(setup: _Setup) -> None:
    """Half a save of what was rolled back, or an emptied file, publishes nothing of the rest."""
    bad = [entry("a", answer="bad", file="a.md"), entry("b", answer="bad", file="b.md")]
    await setup.update(_faq(entry("a", answer="good", file="a.md")))
    await setup.update(_faq(*bad))
    await setup.rollback()
    assert (await setup.update(_faq(bad[0], broken=["b.md"]))).pin
    assert (await setup.update(_faq(bad[1], entry("h", file="a.md"), broken=["a.md"]))).pin
    assert [it.answer for it in setup.index.entries()] == ["good"]
    # Sound again, and gone: that is an edit.
    assert not (await setup.update(_faq(bad[0]))).pin


async def test_a_pinned_state_is_embedded_by_another_model(make: Callable[..., _Setup]) -> None:
    """Where the model changes meanwhile, what was gone back to is what it embeds."""
    old = make()
    bad = _faq(entry("a", answer="bad"))
    await old.update(_faq(entry("a", answer="good")))
    await old.update(bad)
    await old.rollback()
    new = make(embedder=FakeEmbedder(_OTHER_MODEL))
    report = await new.update(bad)
    assert report.pin
    assert report.embedded == 2
    assert new.found("a").answer == "good"
    assert new.index.history().pin == report.pin


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (None, "no earlier state to go back to; no other state is kept"),
        (1, "Number 1 serves already"),
        (7, "no state with the number 7"),
    ],
)
async def test_a_state_that_is_not_there(setup: _Setup, number: int | None, what: str) -> None:
    """Who names a wrong number reads which ones there are, and nothing changes."""
    await setup.update(_faq(entry("a")))
    with pytest.raises(NoSuchStateError, match=what):
        await setup.rollback(number)
    await setup.update(_faq(entry("b", answer="other")))
    with pytest.raises(NoSuchStateError, match="these are kept: 1"):
        await setup.rollback(2)
    assert setup.index.history().serving == 2


async def test_a_rollback_that_fails_changes_nothing(make: Callable[..., _Setup]) -> None:
    """When vectors are lost and the server is down, what served before serves on."""
    old = make()
    await old.update(_faq(entry("a", "lost words")))
    await old.update(_faq(entry("b", answer="other")))
    new = make()
    new.embedder.failure = _FAILURE
    with pytest.raises(EmbedderError):
        await new.rollback()
    assert new.index.history().serving == 2
    assert new.found("b").answer == "other"


@given(st.lists(st.tuples(st.booleans(), _states.filter(bool)), min_size=1, max_size=7))
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 5)
def test_any_sequence_of_edits_and_rollbacks(steps: list[tuple[bool, list[Entry]]]) -> None:
    """Files are held back just while they say what was rolled back; else they are what serves."""

    async def run() -> None:
        with TemporaryDirectory() as folder:
            setup = _Setup(Path(folder))
            for goes_back, state in steps:
                history = setup.index.history()
                if goes_back and history.before_serving():
                    report = await setup.rollback()
                    assert setup.index.entries() == setup.index.published(report.publication.number)
                    assert report.is_pinned is (setup.index.history().pin is not None)
                    continue
                before = setup.index.entries()
                faq = _faq(*state)
                pin = history.pin
                is_refused = pin is not None and contents_of(faq) in pin.refused
                updated = await setup.update(faq)
                assert (updated.pin is not None) is is_refused
                served = before if is_refused else with_aliases(before, state)
                assert setup.index.entries() == served
                assert setup.index.history().pin == (pin if is_refused else None)
            setup.index.close()

    asyncio.run(run())


# A large FAQ


def _large(**answers: str) -> Faq:
    """Make a FAQ that is large enough for edits to be taken over at once."""
    entries = []
    for number in range(70):
        id_, words = f"id{number}", f"word{number} thing{number % 9}"
        questions = (f"where is {words}", f"how to {words}", words)
        answer = answers.get(id_, f"Look at {words}. It is there.")
        entries.append(entry(id_, *questions, answer=answer))
    return _faq(*entries)


async def test_a_quick_edit_of_a_large_faq(setup: _Setup) -> None:
    """An edit is served at once with what was learnt before; later all is learnt from nothing."""
    await setup.update(_large())
    learnt = setup.index.served(FAKE_MODEL).fitted
    setup.asked()
    faq = _large(id7="Look at something else.", id8="New.")
    kept = tuple(it for it in faq.entries if it.id != "id9")
    faq = replace(faq, entries=(*kept, entry("added", "an added question", answer="Added.")))
    report = await setup.update(faq, quickly=True)
    assert sorted(setup.asked()) == [
        *("added.", "an added question", "look at something else.", "new."),
    ]
    assert report.difference == Difference(("added",), ("id7", "id8"), ("id9",))
    served = setup.index.served(FAKE_MODEL)
    assert served.fitted == learnt
    assert served.entries == faq.entries
    matcher = load(served.fitted, served.refreshed)
    assert matcher
    assert matcher.edited == {"added", "id7", "id8", "id9"}
    assert set(matcher.ids) == {it.id for it in faq.entries}
    assert setup.found("an added question").id == "added"
    # Nothing is left to publish, but to learn.
    assert not (await setup.update(faq, quickly=True)).difference
    assert setup.is_refit_due()
    number = setup.index.history().serving
    assert await setup.refit()
    assert not setup.is_refit_due()
    assert not await setup.refit()
    texts = texts_to_embed(faq.entries)
    vectors = {text: word_vector(FakeEmbedder().prepare(text)) for text in texts}
    afresh = Matcher.fit(faq.entries, vectors, even_similarity=even_similarity(FAKE_MODEL.name))
    served = setup.index.served(FAKE_MODEL)
    assert (served.fitted, served.refreshed) == (b"".join(dump(afresh)), b"")
    assert setup.index.history().serving == number


async def test_who_has_the_time_learns_what_was_left(setup: _Setup) -> None:
    """After a quick edit, an update that need not be quick learns all of the FAQ as it is."""
    await setup.update(_large())
    await setup.update(_large(id1="An edit."), quickly=True)
    assert setup.is_refit_due()
    setup.asked()
    report = await setup.update(_large(id1="An edit."))
    assert not report.difference
    assert setup.asked() == []
    assert not setup.is_refit_due()
    assert setup.index.history().serving == 2


async def test_an_edit_while_all_is_learnt_is_taken_over(make: Callable[..., _Setup]) -> None:
    """Whoever learns in the background loses no edit that is published meanwhile."""
    setup = make()
    await setup.update(_large())
    await setup.update(_large(id1="First edit."), quickly=True)

    async def edit() -> None:
        await setup.update(_large(id1="First edit.", id2="Second edit."), quickly=True)

    other = make(cache=_EditedMeanwhile(setup.cache, edit))
    assert await other.refit()
    served = setup.index.served(FAKE_MODEL)
    assert {it.answer for it in served.entries if it.id in {"id1", "id2"}} == {
        "First edit.",
        "Second edit.",
    }
    matcher = load(served.fitted, served.refreshed)
    assert matcher
    assert matcher.edited == {"id2"}
    assert setup.is_refit_due()


async def test_a_large_edit_is_learnt_at_once(setup: _Setup) -> None:
    """Where much has changed, what was learnt before no longer holds, and all is learnt anew."""
    await setup.update(_large())
    await setup.update(_large(**{f"id{it}": f"New {it}." for it in range(30)}), quickly=True)
    assert not setup.is_refit_due()


async def test_a_rollback_of_a_large_faq_is_quick_as_well(setup: _Setup) -> None:
    """Going back does not wait for all to be learnt either."""
    await setup.update(_large())
    await setup.update(_large(id1="Bad."), quickly=True)
    await setup.rollback(quickly=True)
    assert setup.index.entries() == _large().entries
    assert setup.is_refit_due()
    assert await setup.refit()
    assert setup.index.history().pin
    assert setup.index.history().serving == 1


async def test_topics_and_places_leave_what_was_learnt(setup: _Setup) -> None:
    """An edit of what does not speak for an entry needs nothing learnt, of any FAQ."""
    await setup.update(_faq(entry("a"), entry("b")))
    learnt = setup.index.served(FAKE_MODEL).fitted
    await setup.update(_faq(replace(entry("a"), topic="Topic"), entry("b")))
    assert setup.index.served(FAKE_MODEL).fitted == learnt
    assert setup.index.entries()[0].topic == "Topic"
    assert not setup.is_refit_due()


# Several at once


async def test_two_updates_at_once(make: Callable[..., _Setup]) -> None:
    """Two programs that notice an edit together take turns, and pay for it once."""
    first = make()
    second = make(cache=first.cache)
    faq = _faq(*(entry(f"word{number}") for number in range(600)))
    reports = await asyncio.gather(first.update(faq), second.update(faq))
    assert sorted(report.embedded for report in reports) == [0, 601]
    assert len(first.asked()) + len(second.asked()) == 601
    assert first.index.entries() == second.index.entries() == faq.entries


async def test_whoever_comes_second_does_not_write_again(make: Callable[..., _Setup]) -> None:
    """A program that waited for another to index the same FAQ finds its work done."""
    first, second = make(), make()
    faq = _faq(entry("a"), entry("b"))
    await asyncio.gather(first.update(faq), second.update(faq))
    state = first.index.state()
    assert state
    assert state.generation == 1
    assert sorted(first.asked() + second.asked()) == ["a", "an answer.", "b"]


async def test_an_update_while_another_one_never_ends(make: Callable[..., _Setup]) -> None:
    """An update gives up when another does not end: nothing embedded, and the old one serves."""
    setup, other = make(wait_seconds=0), make()
    await setup.update(_faq(entry("a")))
    setup.asked()
    async with other.index.writing():
        with pytest.raises(IndexBusyError):
            await setup.update(_faq(entry("b")))
        # What needs no writing does not wait.
        await setup.update(_faq(entry("a")))
        await setup.preview(_faq(entry("b")))
    assert setup.asked() == []
    assert setup.found("a").id == "a"
