"""The index on real files: what goes in comes out, readers never see a half, writers take turns."""

import asyncio
import hashlib
import itertools
import math
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw
import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.words import words
from bot.model import (
    Candidates,
    Details,
    EmbeddingModel,
    Entry,
    IndexState,
    Served,
    Source,
    Translation,
    Vector,
)
from bot.ports import IndexBusyError, IndexNotReadyError
from bot.storage.database import StorageError, open_database
from bot.storage.index import SqliteIndex
from bot.storage.index_tables import MIGRATIONS
from tests.fakes import entry, word_vector

_MODEL = EmbeddingModel("a model", 64)
_SMALLER = EmbeddingModel("a model", 48)
_OTHER = EmbeddingModel("another model", 64)

# Holds the writer's lock until it is told to go, or is killed.
_HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.storage.index import SqliteIndex

async def hold():
    index = SqliteIndex(Path(sys.argv[1]))
    async with index.writing():
        print("holding", flush=True)
        sys.stdin.readline()
    index.close()

asyncio.run(hold())
"""


def _unit(text: str, dimensions: int = 64) -> Vector:
    """Give a text a vector of its own, nearly at right angles to all others."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def _vectors(entries: Sequence[Entry], model: EmbeddingModel = _MODEL) -> dict[str, Vector]:
    questions = (question for entry in entries for question in entry.phrasings)
    return {question: _unit(question, model.dimensions or 64) for question in questions}


def _serve(index: SqliteIndex, *entries: Entry, model: EmbeddingModel = _MODEL) -> None:
    index.replace(entries, _vectors(entries, model), model)


def _look(path: Path, sql: str) -> list[Any]:
    """Look into the tables themselves."""
    connection = open_database(path, MIGRATIONS)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _nearest(
    index: SqliteIndex, vector: Vector, limit: int = 1, model: EmbeddingModel = _MODEL
) -> tuple[str, ...]:
    return index.candidates(vector, (), model, limit=limit).nearest


def _stored(path: Path) -> dict[str, Vector]:
    """Give the vector that each phrasing has in the file."""
    rows = _look(
        path, "select question, embedding from phrasings join phrasing_vectors using (slot)"
    )
    return {question: np.frombuffer(blob, dtype="<f4") for question, blob in rows}


def _slots(path: Path) -> dict[str, int]:
    return dict(_look(path, "select question, slot from phrasings"))


def _chunks(path: Path) -> int:
    [(count,)] = _look(path, "select count(*) from phrasing_vectors_chunks")
    assert isinstance(count, int)
    return count


_DETAILS = Details(
    aliases=("m",),
    keywords=("stripes", "полоски"),
    related=("z",),
    audience=("-100123", "@keepers"),
    threshold=0.25,
    valid_from=date(2026, 1, 31),
    valid_until=date(2026, 12, 31),
    attachments=("zebra.jpg",),
    translations=(
        Translation("de", ("zebra?", "Wo ist das Zebra?"), "Da.", Source("ü.de.jsonl", 2)),
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of an index that is not there yet."""
    return tmp_path / "index.sqlite"


@pytest.fixture
def index(path: Path) -> Iterator[SqliteIndex]:
    """Give an index that has nothing in it yet and waits for no other writer."""
    index = SqliteIndex(path, wait_seconds=0)
    yield index
    index.close()


# What goes in comes out


def test_entries_come_back_whole(index: SqliteIndex, path: Path) -> None:
    """The served FAQ is the indexed one, to the letter and in its order, after a restart too."""
    entries = (
        Entry("z", ("Zebra?", "Stripes?"), "Black *and* white.\n\n- or so", "Zoo", "en", _at(7)),
        Entry("a", ("Ёлка?", "新年", "🎄 tree"), "«Да» \t\r\n", None, "ru", _at(1, "sub/b.yaml")),
        Entry("m:1 'x' \"y\" %", ("zebra?",), "{}", "Zoo", None, _at(3, "ü.jsonl"), _DETAILS),
    )
    _serve(index, *entries)
    assert index.entries() == entries
    assert index.state() == IndexState(1, _MODEL, 64, entries=3, phrasings=7)
    index.close()
    reopened = SqliteIndex(path)
    assert reopened.entries() == entries
    assert reopened.state() == IndexState(1, _MODEL, 64, entries=3, phrasings=7)
    reopened.close()


def _at(line: int, file: str = "a.md") -> Source:
    return Source(file, line)


def test_the_last_faq_counts(index: SqliteIndex) -> None:
    """After an edit exactly the new FAQ is served, and the generation tells that it changed."""
    _serve(index, entry("a", answer="old"), entry("b"), entry("c"))
    new = (entry("c"), entry("d"), entry("a", "a", "A as well", answer="new"))
    _serve(index, *new)
    assert index.entries() == new
    assert index.state() == IndexState(2, _MODEL, 64, entries=3, phrasings=4)


def test_entries_may_share_a_question(index: SqliteIndex) -> None:
    """Two entries with the same phrasing are both found by it, in the order of their ids."""
    _serve(index, entry("b", "Open?"), entry("a", "Hours?", "Open?"), entry("c", "Why?"))
    found = index.candidates(_unit("Open?"), words("Open?"), _MODEL, limit=2)
    assert found.nearest == ("a", "b")
    assert sorted(found.worded) == ["a", "b"]


def test_a_model_may_choose_its_own_length(index: SqliteIndex) -> None:
    """A model that was asked for no length has the length of its vectors noted."""
    model = EmbeddingModel("a model", None)
    _serve(index, entry("a"), model=model)
    assert index.state() == IndexState(1, model, 64, entries=1, phrasings=1)
    assert _nearest(index, _unit("a"), model=model) == ("a",)


# Vectors of 8 numbers are the shortest that can be asked for, those of 8192 the longest.
@pytest.mark.parametrize("dimensions", [8, 20, 31, 32, 100, 1536, 3072, 8192])
def test_every_length_that_can_be_asked_for(
    index: SqliteIndex, path: Path, dimensions: int
) -> None:
    """Whatever length of vectors the settings allow can be indexed and searched."""
    model = EmbeddingModel("a model", dimensions)
    entries = [entry(f"{number}") for number in range(20)]
    _serve(index, *entries, model=model)
    assert _nearest(index, _unit("7", dimensions), model=model) == ("7",)
    assert np.array_equal(_stored(path)["7"], _unit("7", dimensions))


@contextmanager
def _open_index() -> Iterator[SqliteIndex]:
    """Give an index in a folder of its own, for tests with many examples."""
    with TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder, "index.sqlite"))
        yield index
        index.close()


def _mixed(one: Vector, other: Vector, share: float) -> Vector:
    """Give a unit vector whose cosine to `one` is about `share`."""
    rest = other - (other @ one) * one
    vector: Vector = share * one + np.float32(np.sqrt(1 - share**2)) * rest / np.linalg.norm(rest)
    return vector / np.float32(np.linalg.norm(vector))


def test_asking_for_more_than_there_is(index: SqliteIndex) -> None:
    """A small FAQ gives all its entries when more are asked for."""
    _serve(index, entry("a"), entry("b", "b", "B too"))
    found = index.candidates(_unit("b"), words("a, or b too?"), _MODEL, limit=1000)
    assert found.nearest == ("b", "a")
    assert sorted(found.worded) == ["a", "b"]


# Candidates


def test_the_nearest_is_found_roughly(index: SqliteIndex) -> None:
    """What is much nearer to a question than all else is found without comparing exactly."""
    _serve(index, *(entry(f"{number:03}") for number in range(300)))
    for number in range(300):
        vector = _mixed(_unit(f"{number:03}"), _unit("something else"), 0.9)
        found = index.candidates(vector, (), _MODEL, limit=5, roughly=True).nearest
        assert f"{number:03}" in found
        assert len(found) < 60
    assert index.candidates(None, (), _MODEL, limit=5, roughly=True).nearest == ()


def test_an_edited_phrasing_is_found_roughly_by_its_new_words(index: SqliteIndex) -> None:
    """The signs of a phrasing are those of its words as they are now."""
    others = [entry(f"{number:03}") for number in range(500)]
    _serve(index, *others, entry("edited", "before"))
    _serve(index, *others, entry("edited", "after"))
    found = index.candidates(_unit("after"), (), _MODEL, limit=1, roughly=True).nearest
    assert "edited" in found


def test_candidates_come_in_two_ways(index: SqliteIndex) -> None:
    """A question's vector and its words find entries each on their own, of one generation."""
    faq = [entry("a", "blue whale"), entry("b", "red fox", "x"), entry("c", answer="A blue bird.")]
    _serve(index, *faq[:2])
    _serve(index, *faq)
    found = index.candidates(_unit("x"), words("Blue!"), _MODEL, limit=1)
    assert found == Candidates(2, nearest=("b",), worded=("a",))
    found = index.candidates(_unit("x"), words("Blue!"), _MODEL, limit=9)
    assert found.nearest[0] == "b"
    assert sorted(found.nearest) == ["a", "b", "c"]
    assert found.worded == ("a", "c")


def test_candidates_may_be_found_in_one_way_only(index: SqliteIndex) -> None:
    """Without a vector words still find their entries, and without words a vector does."""
    _serve(index, entry("a", "blue whale"), entry("b", "red fox"))
    assert index.candidates(None, ["red"], _MODEL, limit=5) == Candidates(1, (), ("b",))
    assert index.candidates(_unit("red fox"), [], _MODEL, limit=1) == Candidates(1, ("b",), ())
    assert index.candidates(None, [], _MODEL, limit=5) == Candidates(1, (), ())


@given(st.lists(st.integers(1, 12), min_size=1, max_size=25), st.integers(1, 30), st.integers())
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 2)
def test_the_nearest_are_exact(phrasings: list[int], limit: int, seed: int) -> None:
    """The nearest entries are exactly those that comparing all vectors one by one gives."""
    entries = [
        entry(f"{number:02}", *(f"{number} {seed} {i}" for i in range(count)))
        for number, count in enumerate(phrasings)
    ]
    vectors = _vectors(entries)
    question = _unit(f"question {seed}")
    best = {
        entry.id: max(float(vectors[text] @ question) for text in entry.questions)
        for entry in entries
    }
    with _open_index() as index:
        _serve(index, *entries)
        assert _nearest(index, question, limit) == tuple(
            sorted(best, key=lambda id_: -best[id_])[:limit]
        )


@pytest.mark.parametrize("phrasings", [1, 3, 40])
def test_equally_near_entries_come_by_id(index: SqliteIndex, phrasings: int) -> None:
    """However many entries have the same phrasing, everybody gets the same of them."""
    ids = [f"{number:03}" for number in range(300)]
    random.Random(2).shuffle(ids)  # noqa: S311 - a test that repeats itself
    own = {id_: [f"{id_} {i}" for i in range(1, phrasings)] for id_ in ids[:50]}
    _serve(index, *(entry(id_, "the same", *own.get(id_, ())) for id_ in ids))
    assert _nearest(index, _unit("the same"), 3) == ("000", "001", "002")


@pytest.mark.parametrize("phrasings", [100, 1000])
def test_the_nearest_of_an_entry_with_many_phrasings(index: SqliteIndex, phrasings: int) -> None:
    """An entry with very many phrasings counts once, and does not crowd out the others."""
    question = _unit("question")
    many = entry("many", *(f"near {number}" for number in range(phrasings)))
    others = [entry(f"other {number}") for number in range(5)]
    vectors = _vectors([many, *others])
    for text in many.questions:
        vectors[text] = _mixed(question, vectors[text], 0.9)
    for number, other in enumerate(others):
        vectors[other.id] = _mixed(question, vectors[other.id], 0.7 - number / 10)
    index.replace([many, *others], vectors, _MODEL)
    assert _nearest(index, question, 3) == ("many", "other 0", "other 1")
    assert len(_nearest(index, question, 1000)) == 6


def test_candidates_beyond_the_first_thousands(index: SqliteIndex) -> None:
    """A FAQ with more phrasings than one search may return still gives what can be found."""
    _serve(index, *(entry(f"{number}", f"{number}", f"again {number}") for number in range(2500)))
    for text, id_ in (("0", "0"), ("again 2499", "2499")):
        assert _nearest(index, _unit(text), 5)[0] == id_
    assert len(set(_nearest(index, _unit("question"), 2500))) > 1500


# What is served


def test_all_that_is_served(index: SqliteIndex, path: Path) -> None:
    """The entries come with what was fitted to them, after a restart too, until the next time."""
    faq = (entry("b", "b", "B"), entry("a"))
    index.replace(faq, _vectors(faq), _MODEL, fitted=[b"\0fit", memoryview(b"\xff")])
    assert index.served(_MODEL) == Served(1, faq, b"\0fit\xff")
    index.close()
    reopened = SqliteIndex(path)
    assert reopened.served(_MODEL) == Served(1, faq, b"\0fit\xff")
    _serve(reopened, entry("c"))
    assert reopened.served(_MODEL) == Served(2, (entry("c"),), b"")
    reopened.close()


# Another process replaces the FAQ again and again; all in it tells which time it was.
_REPLACER = """
import sys
from pathlib import Path
from bot.model import EmbeddingModel
from bot.storage.index import SqliteIndex
from tests.fakes import entry, word_vector

index = SqliteIndex(Path(sys.argv[1]))
for time in range(1, 61):
    faq = [entry(f"{time}-{i}", f"word{i} of{time}") for i in range(5 + time % 2 * 40)]
    vectors = {it.question: word_vector(it.question) for it in faq}
    index.replace(faq, vectors, EmbeddingModel("a model", 64), fitted=[str(time).encode()])
    print(time, flush=True)
index.close()
"""


def test_another_process_replaces_all_at_once(index: SqliteIndex, path: Path) -> None:
    """While another process writes, entries, candidates, fit and generation are of one state."""
    seen: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", _REPLACER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "1\n"
        while not seen or writer.poll() is None:
            served = index.served(_MODEL)
            assert served.fitted == str(served.generation).encode()
            assert len(served.entries) == 5 + served.generation % 2 * 40
            found = index.candidates(word_vector("word3"), ["word3"], _MODEL, limit=3)
            assert {it.id.split("-")[0] for it in served.entries} == {str(served.generation)}
            assert {it.split("-")[0] for it in found.nearest} == {str(found.generation)}
            assert found.worded == (f"{found.generation}-3",)
            seen |= {served.generation, found.generation}
    assert writer.returncode == 0
    assert len(seen) > 1


# An index of an older version

_OLD_SCHEMA = """
    create table entries (
        position integer primary key,
        id text not null unique,
        answer text not null,
        topic text,
        language text,
        file text not null,
        line integer not null
    ) strict;
    create table phrasings (
        slot integer primary key,
        entry_id text not null,
        position integer not null,
        question text not null
    ) strict;
    create index phrasings_of_entry on phrasings (entry_id, position);
    create table state (
        only_row integer primary key check (only_row = 1),
        generation integer not null,
        model text not null,
        asked_dimensions integer,
        dimensions integer not null,
        deleted_slots integer not null
    ) strict;
"""


def _old_schema(connection: apsw.Connection) -> None:
    connection.execute(_OLD_SCHEMA)


def _old_index(path: Path, *, filled: bool) -> None:
    """Make an index as the first version did."""
    connection = open_database(path, [_old_schema])
    if filled:
        connection.execute(
            """
            create virtual table phrasing_vectors using vec0(
                slot integer primary key, embedding float[64], chunk_size=2048
            );
            insert into entries values (1, 'a', 'An answer.', null, null, 'faq.md', 1);
            insert into phrasings values (1, 'a', 0, 'old words'), (2, 'a', 1, 'other words');
            insert into state values (1, 7, 'a model', 64, 64, 0);
            """
        )
        connection.executemany(
            "insert into phrasing_vectors values (?, ?)",
            [(1, _unit("old words").tobytes()), (2, _unit("other words").tobytes())],
        )
    connection.close()


@pytest.mark.parametrize("filled", [True, False], ids=["filled", "empty"])
def test_an_old_index_is_made_anew(path: Path, *, filled: bool) -> None:
    """An index of the first version counts as not made, keeps its entries, and can be replaced."""
    _old_index(path, filled=filled)
    old = (entry("a", "old words", "other words"),) if filled else ()
    index = SqliteIndex(path)
    assert index.state() is None
    assert index.entries() == old
    with pytest.raises(IndexNotReadyError, match=r"no index yet: run `faqbot index`"):
        index.candidates(_unit("old words"), ["old"], _MODEL, limit=5)
    new = (*old, entry("b", "new words"))
    _serve(index, *new)
    assert index.entries() == new
    assert index.state() == IndexState(1, _MODEL, 64, entries=len(new), phrasings=len(old) * 2 + 1)
    found = index.candidates(_unit("new words"), ["new"], _MODEL, limit=1)
    assert found == Candidates(1, ("b",), ("b",))
    index.close()


# Not ready


def test_there_is_no_index_yet(index: SqliteIndex) -> None:
    """Before the first build there is nothing to serve, and the message says what to run."""
    assert index.state() is None
    assert index.entries() == ()
    with pytest.raises(IndexNotReadyError, match=r"no index yet: run `faqbot index`"):
        index.candidates(_unit("a"), [], _MODEL, limit=5)
    with pytest.raises(IndexNotReadyError, match=r"no index yet: run `faqbot index`"):
        index.candidates(None, ["a"], _MODEL, limit=5)
    with pytest.raises(IndexNotReadyError, match=r"no index yet: run `faqbot index`"):
        index.served(_MODEL)


@pytest.mark.parametrize("model", [_OTHER, _SMALLER, EmbeddingModel("a model", None)], ids=str)
def test_another_model_is_refused(index: SqliteIndex, model: EmbeddingModel) -> None:
    """Vectors of another model are never compared; the message names both models."""
    _serve(index, entry("a"))
    with pytest.raises(IndexNotReadyError, match=r"another model \(a model, 64 numbers\).*anew"):
        index.candidates(_unit("a", model.dimensions or 64), [], model, limit=5)
    with pytest.raises(IndexNotReadyError, match=r"another model \(a model, 64 numbers\).*anew"):
        index.candidates(None, ["a"], model, limit=5)
    with pytest.raises(IndexNotReadyError, match=r"another model \(a model, 64 numbers\).*anew"):
        index.served(model)


def test_a_model_that_changed_its_length_is_refused(index: SqliteIndex) -> None:
    """A model that gives other vectors than before under the same name is found out."""
    model = EmbeddingModel("a model", None)
    _serve(index, entry("a"), model=model)
    with pytest.raises(IndexNotReadyError, match=r"64 numbers.*makes 48 now.*--rebuild"):
        index.candidates(_unit("a", 48), [], model, limit=5)
    assert index.candidates(None, ["a"], model, limit=5).worded == ("a",)


def _with(number: float, vector: Vector) -> Vector:
    """Put a number somewhere into a vector."""
    changed = vector.copy()
    changed[3] = number
    return changed


_BAD: Mapping[str, Callable[[Vector], Vector | None]] = {
    "missing": lambda _: None,
    "zero": lambda vector: vector * 0,
    "NaN": lambda vector: _with(math.nan, vector),
    "infinite": lambda vector: _with(math.inf, vector),
    "all infinite": lambda vector: vector * np.float32(math.inf),
    "huge": lambda vector: vector * np.float32(1e30),
    "too long": lambda vector: vector * 2,
    "too short": lambda vector: vector * np.float32(0.5),
    "of another length": lambda vector: _unit("x", len(vector) - 1),
    "empty": lambda vector: vector[:0],
}


@pytest.mark.parametrize("wrong", _BAD)
def test_bad_vectors_never_get_in(index: SqliteIndex, wrong: str) -> None:
    """A vector that would spoil every search is refused, and the old index serves on."""
    old = (entry("a", answer="old"), entry("b"))
    _serve(index, *old)
    new = (entry("a", answer="new"), entry("b"), entry("c"))
    vectors = _vectors(new)
    bad = _BAD[wrong](vectors.pop("c"))
    if bad is not None:
        vectors["c"] = bad
    with pytest.raises(ValueError, match=r"vector"):
        index.replace(new, vectors, _MODEL)
    assert index.entries() == old
    assert index.state() == IndexState(1, _MODEL, 64, entries=2, phrasings=2)
    assert _nearest(index, _unit("a")) == ("a",)


def test_an_empty_faq_never_gets_in(index: SqliteIndex) -> None:
    """Nothing at all is refused, and the old index serves on."""
    _serve(index, entry("a"))
    with pytest.raises(ValueError, match="at least one phrasing"):
        index.replace((), {}, _MODEL)
    assert index.entries() == (entry("a"),)


def test_a_write_that_fails_half_way_changes_nothing(index: SqliteIndex, path: Path) -> None:
    """When writing breaks off in the middle, what was served before still is, vectors too."""
    old = tuple(entry(f"{number}") for number in range(20))
    _serve(index, *old)
    new = (*(entry(f"{number}", f"new {number}") for number in range(30)), entry("5", "twice"))
    with pytest.raises(Exception, match="UNIQUE"):
        _serve(index, *new)
    _check_whole(index, path, old)


def _check_whole(index: SqliteIndex, path: Path, entries: Sequence[Entry]) -> None:
    """Check that these entries are served, each phrasing found by its own vector and words."""
    assert index.entries() == tuple(entries)
    for it in entries:
        found = index.candidates(_unit(it.question), words(it.question), _MODEL, limit=1)
        assert (found.nearest, found.worded) == ((it.id,), (it.id,))
    stored = _stored(path)
    assert stored.keys() == {question for it in entries for question in it.questions}
    assert all(np.array_equal(stored[question], _unit(question)) for question in stored)


@pytest.mark.parametrize("size", [300_000, 1_000_000, 3_000_000])
def test_a_full_disk_changes_nothing(index: SqliteIndex, path: Path, size: int) -> None:
    """When there is no room for the new index the operator is told so, and the old one serves."""
    old = tuple(entry(f"{number}") for number in range(20))
    _serve(index, *old)
    model = EmbeddingModel("a model", 1024)
    new = [entry(f"new {number}") for number in range(1500)]
    with _no_file_above(size), pytest.raises(StorageError, match="check that the disk has room"):
        _serve(index, *new, model=model)
    _check_whole(index, path, old)
    # Then somebody makes room.
    _serve(index, *new, model=model)
    assert index.entries() == tuple(new)


@contextmanager
def _no_file_above(size: int) -> Iterator[None]:
    """Let no file grow above a size in bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_it_needs_a_folder(tmp_path: Path) -> None:
    """An index in a folder that is not there is refused in plain words."""
    with pytest.raises(StorageError, match="cannot be opened"):
        SqliteIndex(tmp_path / "missing" / "index.sqlite")


def test_it_is_closed_properly(index: SqliteIndex, path: Path) -> None:
    """After closing, the index is one file, which can be copied."""
    _serve(index, entry("a"))
    index.close()
    assert [file.name for file in path.parent.iterdir()] == ["index.sqlite"]


# Replacing, while others read


def test_an_open_reader_sees_what_another_wrote(index: SqliteIndex, path: Path) -> None:
    """A running program serves the new FAQ as soon as another process has indexed it."""
    reader = SqliteIndex(path)
    for model, name in ((_MODEL, "a"), (_MODEL, "b"), (_SMALLER, "c"), (_OTHER, "d")):
        _serve(index, entry(name), entry("common"), model=model)
        assert reader.entries() == (entry(name), entry("common"))
        vector = _unit(name, model.dimensions or 64)
        found = reader.candidates(vector, words(name), model, limit=1)
        assert (found.nearest, found.worded) == ((name,), (name,))
        assert reader.served(model).generation == found.generation
    reader.close()


def test_readers_never_see_a_mixture(index: SqliteIndex, path: Path) -> None:
    """While the FAQ is being replaced, each search is answered wholly from one state of it."""

    def faq(state: str, size: int) -> list[Entry]:
        # The ids stay the same, so that a mixture would not even be noticed by them.
        return [
            entry(f"{number}", f"{state} {number}", f"{number}", answer=f"Answer {state}.")
            for number in range(size)
        ]

    # The second is so much smaller that all is laid out anew, each time.
    states = [faq("one", 150), faq("two", 60)]
    questions = ("7", "one 8", "two 9")
    expected = []
    for state in states:
        _serve(index, *state)
        expected.append({text: _both(index, text) for text in questions})
    # Generations are even for the second state from here on.
    seen: set[int] = set()
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        reader = SqliteIndex(path)
        try:
            while not done.is_set() or len(seen) < len(states):
                for text in questions:
                    found = _both(reader, text)
                    which = 1 - found.generation % 2
                    assert replace(found, generation=which + 1) == expected[which][text]
                    seen.add(which)
                served = reader.served(_MODEL)
                assert list(served.entries) == states[1 - served.generation % 2]
                assert list(reader.entries()) in states
                current = reader.state()
                assert current
                assert (current.entries, current.phrasings) in {(150, 300), (60, 120)}
        except BaseException as error:  # noqa: BLE001 - whatever a thread meets is for the test to see
            failures.append(error)
        finally:
            reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    rounds = itertools.cycle(states)
    written = 0
    while not failures and (written < 40 or len(seen) < len(states)):
        _serve(index, *next(rounds))
        written += 1
    done.set()
    for thread in readers:
        thread.join()
    assert failures == []
    assert seen == {0, 1}


def _both(index: SqliteIndex, text: str) -> Candidates:
    return index.candidates(_unit(text), words(text), _MODEL, limit=20)


# How vectors are laid out


def test_unchanged_phrasings_are_not_touched(index: SqliteIndex, path: Path) -> None:
    """An edit of one phrasing, or of an answer, leaves the vectors of all others where they are."""
    _serve(index, *(entry(f"{number}") for number in range(40)))
    before = _slots(path)
    entries = [entry(f"{number}", answer="Another.") for number in reversed(range(40))]
    entries[3] = entry("36", "new words")
    _serve(index, *entries)
    after = _slots(path)
    assert after.pop("new words") != before.pop("36")
    assert after == before


def test_unchanged_phrasings_keep_their_vectors(index: SqliteIndex, path: Path) -> None:
    """What is not embedded again is not written again, unless all is wanted afresh."""
    entries = (entry("a"), entry("b"))
    _serve(index, *entries)
    others = {"a": _unit("other"), "b": _unit("other, too")}
    index.replace(entries, others, _MODEL)
    assert np.array_equal(_stored(path)["a"], _unit("a"))
    index.replace(entries, others, _MODEL, afresh=True)
    assert np.array_equal(_stored(path)["a"], others["a"])
    assert _nearest(index, _unit("other, too")) == ("b",)


def test_few_deletions_leave_the_others_where_they_are(index: SqliteIndex, path: Path) -> None:
    """Taking out a few entries takes out their vectors only."""
    _serve(index, *(entry(f"{number}") for number in range(40)))
    before = _slots(path)
    _serve(index, *(entry(f"{number}") for number in range(36)))
    after = _slots(path)
    assert after == {question: before[question] for question in after}
    [(vectors,)] = _look(path, "select count(*) from phrasing_vectors")
    assert vectors == 36


def test_many_deletions_lay_all_out_anew(index: SqliteIndex, path: Path) -> None:
    """A FAQ that shrinks leaves no holes for every search to read."""
    model = EmbeddingModel("a model", 4096)  # so large that a chunk holds 32
    _serve(index, *(entry(f"{number}") for number in range(128)), model=model)
    assert _chunks(path) == 4
    _serve(index, *(entry(f"{number}") for number in range(97, 128)), model=model)
    assert _chunks(path) == 1
    assert sorted(_slots(path).values()) == list(range(1, 32))


def test_many_small_deletions_count_together(index: SqliteIndex, path: Path) -> None:
    """Deleting and adding by and by leaves no more holes than doing so at once."""
    model = EmbeddingModel("a model", 4096)  # so large that a chunk holds 32
    for first in range(0, 200, 4):
        _serve(index, *(entry(f"{number}") for number in range(first, first + 64)), model=model)
        shorter = range(first + 4, first + 64)
        _serve(index, *(entry(f"{number}") for number in shorter), model=model)
    assert _chunks(path) <= 3


def _edited(faq: list[str], numbers: Iterator[int], choose: random.Random) -> list[str]:
    """Take out some entries at random, put in others, and shuffle all."""
    kept = choose.sample(faq, k=len(faq) - choose.randrange(len(faq) // 3))
    added = [str(next(numbers)) for _ in range(choose.randrange(60))]
    edited = (kept + added)[:250]
    choose.shuffle(edited)
    return edited


def test_files_do_not_grow_with_edits(index: SqliteIndex, path: Path) -> None:
    """After a hundred edits the index takes no more space than its largest state would need."""
    model = EmbeddingModel("a model", 1024)  # a chunk holds 128
    choose, numbers = random.Random(1), itertools.count()  # noqa: S311 - a test that repeats itself
    faq = [str(next(numbers)) for _ in range(200)]
    largest = 0
    for _ in range(100):
        faq = _edited(faq, numbers, choose)
        _serve(index, *map(entry, faq), model=model)
        largest = max(largest, len(faq))
        # A quarter of holes at the most, and the last chunk may be nearly empty.
        assert _chunks(path) <= len(faq) * 1.25 / 128 + 2
    index.close()
    fresh = SqliteIndex(path.with_name("fresh.sqlite"))
    _serve(fresh, *(entry(str(number)) for number in range(largest)), model=model)
    fresh.close()
    # While all is laid out anew, the old and the new are both there.
    assert path.stat().st_size <= 3 * path.with_name("fresh.sqlite").stat().st_size


def test_the_log_does_not_grow_with_edits(index: SqliteIndex, path: Path) -> None:
    """A program that runs for months with a small FAQ does not fill the disk between restarts."""
    faq = [entry(str(number)) for number in range(20)]
    for number in range(100):
        _serve(index, *faq, entry("edited", f"phrasing {number}"))
        assert index.entries()[-1].questions == (f"phrasing {number}",)
    used = sum(file.stat().st_size for file in path.parent.iterdir())
    index.close()
    assert used < 10 * path.stat().st_size


# Any sequence of edits

_questions = [f"question {number}" for number in range(12)]
_entries = st.builds(
    lambda id_, questions, answer: entry(id_, *questions, answer=answer),
    st.sampled_from("abcdef"),
    st.lists(st.sampled_from(_questions), min_size=1, max_size=6, unique=True),
    st.sampled_from(["One.", "Two."]),
)
_faqs = st.lists(_entries, min_size=1, max_size=6, unique_by=lambda it: it.id)
_replacements = st.tuples(_faqs, st.sampled_from([_MODEL] * 4 + [_SMALLER, _OTHER]), st.booleans())


@given(st.lists(_replacements, min_size=1, max_size=8))
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 3)
def test_any_sequence_of_edits(
    replacements: list[tuple[list[Entry], EmbeddingModel, bool]],
) -> None:
    """Whatever was served before, the last FAQ is served whole, and each phrasing finds itself."""
    with _open_index() as index:
        for generation, (entries, model, afresh) in enumerate(replacements, start=1):
            index.replace(
                entries,
                _vectors(entries, model),
                model,
                fitted=[f"{generation}".encode()],
                afresh=afresh,
            )
            _check(index, entries, model, generation)


def _check(
    index: SqliteIndex, entries: list[Entry], model: EmbeddingModel, generation: int
) -> None:
    dimensions = model.dimensions or 64
    pairs = {(it.id, question) for it in entries for question in it.questions}
    assert index.entries() == tuple(entries)
    assert index.state() == IndexState(generation, model, dimensions, len(entries), len(pairs))
    for question in {question for _, question in pairs}:
        same = {it.id for it in entries if question in it.questions}
        vector, tokens = _unit(question, dimensions), words(question)[-1:]
        candidates = index.candidates(vector, tokens, model, limit=len(entries))
        assert candidates.generation == generation
        assert candidates.nearest[: len(same)] == tuple(sorted(same))
        assert set(candidates.nearest) == {it.id for it in entries}
        assert set(candidates.worded) == same
        roughly = index.candidates(vector, tokens, model, limit=len(entries), roughly=True)
        assert same <= set(roughly.nearest) <= {it.id for it in entries}
        assert list(roughly.nearest) == sorted(roughly.nearest)
    for answer in ("one", "two"):
        worded = index.candidates(None, [answer], model, limit=len(entries)).worded
        assert set(worded) == {it.id for it in entries if words(it.answer) == [answer]}
    assert index.served(model) == Served(generation, tuple(entries), f"{generation}".encode())


# One writer at a time


async def test_one_writer_at_a_time(index: SqliteIndex, path: Path) -> None:
    """A second writer of the same program is turned away, and let in after the first."""
    second = SqliteIndex(path, wait_seconds=0)
    async with index.writing():
        with pytest.raises(IndexBusyError, match=r"Another faqbot.*try again"):
            async with second.writing():
                pass
        assert second.state() is None  # reading goes on
    async with second.writing():
        pass
    second.close()


async def test_a_writer_that_fails_lets_the_next_one_in(index: SqliteIndex) -> None:
    """An update that breaks off, or is called off, does not keep the next one out."""
    with pytest.raises(ZeroDivisionError):
        async with index.writing():
            raise ZeroDivisionError
    begun = asyncio.Event()

    async def write_for_ever() -> None:
        async with index.writing():
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_for_ever())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with index.writing():
        pass


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a process that holds the writer's lock until it gets a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


@pytest.mark.usefixtures("holder")
async def test_another_process_is_not_waited_for_for_ever(index: SqliteIndex) -> None:
    """A second process gives up in the end, with a message that says why."""
    with pytest.raises(IndexBusyError, match="Another faqbot"):
        async with index.writing():
            pass


@pytest.mark.parametrize("killed", ["killed", "done"])
async def test_another_process_is_waited_for(
    path: Path, holder: subprocess.Popen[str], killed: str
) -> None:
    """A second process gets its turn when the first is done, or was killed."""
    index = SqliteIndex(path, wait_seconds=60)
    is_writing = asyncio.Event()

    async def write() -> None:
        async with index.writing():
            is_writing.set()

    task = asyncio.create_task(write())
    for _ in range(3):
        await asyncio.sleep(0.05)
        assert not is_writing.is_set()
    if killed == "killed":
        holder.kill()
    else:
        holder.communicate("go\n")
    await task
    assert is_writing.is_set()
    index.close()
