"""The vectors that are kept between runs, so that nothing is embedded twice."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import EmbeddingModel, Vector
from bot.storage.database import StorageError
from bot.storage.vector_cache import SqliteVectorCache
from tests.fakes import word_vector

_MODEL = EmbeddingModel("a model", 64)
_OTHERS = (
    EmbeddingModel("another model", 64),
    EmbeddingModel("a model", 32),
    EmbeddingModel("a model", None),
)


class _Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.days = 20_000.0

    def __call__(self) -> float:
        return self.days * 86_400


@pytest.fixture
def clock() -> _Clock:
    """Give a clock to move."""
    return _Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a cache that is not there yet."""
    return tmp_path / "vectors.sqlite"


@pytest.fixture
def cache(path: Path, clock: _Clock) -> Iterator[SqliteVectorCache]:
    """Give an empty cache that keeps for ten days what is not in use."""
    cache = SqliteVectorCache(path, keep_days=10, clock=clock)
    yield cache
    cache.close()


def test_what_was_put_is_there(cache: SqliteVectorCache) -> None:
    """A vector comes back exactly as it was, and a text that was never embedded has none."""
    vector = word_vector("hello there")
    cache.put(_MODEL, {"hello there": vector})
    found = cache.get(_MODEL, ["never seen", "hello there"])
    assert list(found) == ["hello there"]
    assert found["hello there"].dtype == np.float32
    assert np.array_equal(found["hello there"], vector)


def test_nothing_asked_nothing_given(cache: SqliteVectorCache) -> None:
    """Asking for no text and keeping no vector are both fine."""
    cache.put(_MODEL, {})
    assert cache.get(_MODEL, []) == {}


@pytest.mark.parametrize("other", _OTHERS, ids=str)
def test_models_never_share_vectors(cache: SqliteVectorCache, other: EmbeddingModel) -> None:
    """Another model, or the same one asked for another length, gets none of this one's vectors."""
    cache.put(_MODEL, {"hello": word_vector("hello")})
    assert cache.get(other, ["hello"]) == {}
    cache.put(other, {"hello": word_vector("hello", 32)})
    assert len(cache.get(_MODEL, ["hello"])["hello"]) == 64
    assert len(cache.get(other, ["hello"])["hello"]) == 32


def test_the_last_vector_counts(cache: SqliteVectorCache) -> None:
    """A text that was embedded afresh has its new vector from then on."""
    cache.put(_MODEL, {"hello": word_vector("old")})
    cache.put(_MODEL, {"hello": word_vector("new")})
    assert np.array_equal(cache.get(_MODEL, ["hello"])["hello"], word_vector("new"))


def test_a_given_vector_may_be_changed(cache: SqliteVectorCache) -> None:
    """Whoever gets a vector may calculate with it in place."""
    cache.put(_MODEL, {"hello": word_vector("hello")})
    vector = cache.get(_MODEL, ["hello"])["hello"]
    vector *= 2
    assert np.array_equal(cache.get(_MODEL, ["hello"])["hello"], word_vector("hello"))


def test_it_survives_the_program(cache: SqliteVectorCache, path: Path, clock: _Clock) -> None:
    """The next run of the program finds what this one has embedded."""
    cache.put(_MODEL, {"hello": word_vector("hello")})
    cache.close()
    again = SqliteVectorCache(path, keep_days=10, clock=clock)
    assert np.array_equal(again.get(_MODEL, ["hello"])["hello"], word_vector("hello"))
    again.close()


def test_two_programs_share_it(cache: SqliteVectorCache, path: Path, clock: _Clock) -> None:
    """What one program embeds is there for another that runs at the same time."""
    other = SqliteVectorCache(path, keep_days=10, clock=clock)
    cache.put(_MODEL, {"hello": word_vector("hello")})
    assert list(other.get(_MODEL, ["hello"])) == ["hello"]
    other.close()


def test_threads_share_it(cache: SqliteVectorCache) -> None:
    """Questions can look into the cache while the FAQ is being embedded into it."""
    stop = threading.Event()
    failures: list[Exception] = []

    def look() -> None:
        try:
            while not stop.is_set():
                for text, vector in cache.get(_MODEL, ["0", "40", "80"]).items():
                    assert np.array_equal(vector, word_vector(text))
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is for the test to see
            failures.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(100):
        cache.put(_MODEL, {str(number): word_vector(str(number))})
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(cache.get(_MODEL, [str(number) for number in range(100)])) == 100


def test_what_nobody_uses_goes_in_the_end(cache: SqliteVectorCache, clock: _Clock) -> None:
    """A phrasing taken out of the FAQ costs nothing to put back for `keep_days`, then goes."""
    cache.put(_MODEL, {"in use": word_vector("in use"), "taken out": word_vector("taken out")})
    clock.days += 10
    cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use", "taken out"])) == {"in use", "taken out"}
    clock.days += 1
    cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use", "taken out"])) == {"in use"}


def test_what_is_used_stays(cache: SqliteVectorCache, clock: _Clock) -> None:
    """A FAQ that nobody edits keeps its vectors for years, as long as it is served."""
    cache.put(_MODEL, {"in use": word_vector("in use")})
    for _ in range(100):
        clock.days += 9.5
        cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use"])) == {"in use"}


def test_a_program_that_was_off_for_long_keeps_its_vectors(
    cache: SqliteVectorCache, clock: _Clock
) -> None:
    """After a year switched off, the FAQ is still served without embedding it again."""
    cache.put(_MODEL, {"in use": word_vector("in use"), "taken out": word_vector("taken out")})
    clock.days += 365
    cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use", "taken out"])) == {"in use"}


def test_use_by_one_model_is_no_use_by_another(cache: SqliteVectorCache, clock: _Clock) -> None:
    """After a change of model the vectors of the old one go in the end, whatever their texts."""
    for model in (_MODEL, *_OTHERS):
        cache.put(model, {"in use": word_vector("in use")})
    clock.days += 11
    cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use"])) == {"in use"}
    assert [cache.get(model, ["in use"]) for model in _OTHERS] == [{}, {}, {}]


def test_looking_is_no_use(cache: SqliteVectorCache, clock: _Clock) -> None:
    """A question that happens to be an old phrasing does not keep that phrasing's vector."""
    cache.put(_MODEL, {"taken out": word_vector("taken out")})
    clock.days += 11
    cache.get(_MODEL, ["taken out"])
    cache.keep(_MODEL, [])
    assert cache.get(_MODEL, ["taken out"]) == {}


def test_a_clock_set_back_loses_nothing(cache: SqliteVectorCache, clock: _Clock) -> None:
    """A machine that starts with a wrong date keeps all vectors."""
    cache.put(_MODEL, {"in use": word_vector("in use")})
    clock.days -= 10_000
    cache.keep(_MODEL, ["in use"])
    assert set(cache.get(_MODEL, ["in use"])) == {"in use"}


def test_texts_are_not_stored(cache: SqliteVectorCache, path: Path) -> None:
    """The file tells nobody what was embedded: it holds digests, not texts."""
    cache.put(_MODEL, {"our salaries in full": word_vector("our salaries in full")})
    cache.close()
    assert b"salaries" not in path.read_bytes()


def test_a_file_that_is_no_cache_is_refused(path: Path) -> None:
    """Something else under the cache's name is reported in plain words."""
    path.write_text("no database, " * 1000)
    with pytest.raises(StorageError, match="not a sound database"):
        SqliteVectorCache(path, keep_days=10)


def test_it_is_closed_properly(cache: SqliteVectorCache, path: Path) -> None:
    """After closing, one file is left, which can be copied, and nothing can be read any more."""
    cache.put(_MODEL, {"hello": word_vector("hello")})
    cache.close()
    assert [file.name for file in path.parent.iterdir()] == ["vectors.sqlite"]
    with pytest.raises((apsw.ConnectionClosedError, StorageError), match="has been closed"):
        cache.get(_MODEL, ["hello"])


_numbers = st.floats(-1, 1, width=32)
_vectors = st.lists(_numbers, min_size=1, max_size=8).map(lambda it: np.array(it, np.float32))
_texts = st.text(st.characters(exclude_categories=["Cs"]))
_puts = st.lists(st.tuples(st.tuples(st.integers(0, 2), _texts), _vectors))
_run = itertools.count()


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteVectorCache]:
    """Give a cache that serves many examples, each with models of its own."""
    cache = SqliteVectorCache(tmp_path_factory.mktemp("cache") / "vectors.sqlite", keep_days=10)
    yield cache
    cache.close()


@given(puts=_puts)
def test_it_is_a_mapping(
    long_lived: SqliteVectorCache, puts: list[tuple[tuple[int, str], Vector]]
) -> None:
    """Whatever is put in any order, each model finds each text's last vector, to the bit."""
    models = [EmbeddingModel(f"model {next(_run)}", 8) for _ in range(3)]
    for (owner, text), vector in puts:
        long_lived.put(models[owner], {text: vector})
    last = dict(puts)
    for number, model in enumerate(models):
        texts = {text for (owner, text) in last if owner == number}
        found = long_lived.get(model, list(texts))
        assert set(found) == texts
        for text in texts:
            assert found[text].tobytes() == last[number, text].tobytes()
