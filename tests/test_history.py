"""What is kept of published states: all of the last ones, the one that serves, and the pin."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Details, Entry, Source, Translation
from bot.publication import Difference, History, Pin, Record
from bot.storage import history as storage_history
from bot.storage.database import open_database
from bot.storage.index import SqliteIndex
from bot.storage.index_tables import MIGRATIONS
from tests.fakes import FAKE_MODEL, entry, word_vector

_NOTHING = Difference((), (), ())


class _Clock:
    """Tells a second more each time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


@pytest.fixture(name="index")
def _index(tmp_path: Path) -> Iterator[SqliteIndex]:
    index = SqliteIndex(tmp_path / "index.sqlite", clock=_Clock())
    yield index
    index.close()


def _publish(
    index: SqliteIndex, *entries: Entry, state: Record | Pin | None = None, about: str = "hash"
) -> None:
    vectors = {text: word_vector(text) for it in entries for text in it.phrasings}
    record = Record(Difference((entries[0].id,), (), ()), {"faq.md": about})
    index.replace(entries, vectors, FAKE_MODEL, state=state or record)


def _numbers(history: History) -> list[int]:
    return [it.number for it in history.publications]


def test_before_the_first_publication_there_is_nothing(index: SqliteIndex) -> None:
    """A new index has no history, and lifting a pin that is not there does nothing."""
    index.unpin()
    assert index.history() == History()
    assert index.history().before_serving() is None
    assert index.published(1) == ()


_entries = st.builds(
    Entry,
    st.text(max_size=5),
    st.lists(st.text(min_size=1), min_size=1, max_size=3).map(tuple),
    st.text(),
    st.none() | st.text(),
    st.none() | st.sampled_from(["en", "de"]),
    st.builds(Source, st.text(), st.integers(1, 10**6)),
    st.builds(
        Details,
        aliases=st.lists(st.text(), max_size=2).map(tuple),
        threshold=st.none() | st.floats(0, 1),
        valid_from=st.none() | st.dates(min_value=date(1, 1, 1)),
        translations=st.lists(
            st.builds(
                Translation,
                st.sampled_from(["fr", "it"]),
                st.lists(st.text(min_size=1), min_size=1).map(tuple),
                st.text(),
                st.builds(Source, st.text(), st.integers(1, 9)),
            ),
            max_size=2,
        ).map(tuple),
    ),
)


@given(st.lists(_entries, min_size=1, max_size=4))
@settings(max_examples=settings().max_examples // 2)
def test_what_is_kept_comes_back_as_it_was(entries: list[Entry]) -> None:
    """Whatever an entry says, going back to its state gives it back to the last character."""
    with TemporaryDirectory() as folder:
        connection = open_database(Path(folder, "index.sqlite"), MIGRATIONS)
        difference = Difference(("a",), ("b",), (), (("c", "d"),))
        record = Record(difference, {"ü.md": "hash"})
        storage_history.note_state(connection, entries, record, 1.5)
        assert storage_history.read_published(connection, 1) == tuple(entries)
        [publication] = storage_history.read_history(connection).publications
        assert publication.difference == difference
        assert publication.contents == {"ü.md": "hash"}
        assert publication.entries == len(entries)
        assert publication.when == datetime.fromtimestamp(1.5, UTC)
        connection.close()


def test_each_publication_has_a_number_of_its_own(index: SqliteIndex) -> None:
    """States are counted up, the newest serves, and the one before it is what it replaced."""
    _publish(index, entry("a"))
    _publish(index, entry("b"), entry("c"))
    history = index.history()
    assert (_numbers(history), history.serving, history.pin) == ([1, 2], 2, None)
    before = history.before_serving()
    assert before
    assert (before.number, before.entries) == (1, 1)
    assert [it.id for it in index.published(2)] == ["b", "c"]
    assert history.find(3) is None


def test_a_pinned_state_serves_until_the_next_publication(index: SqliteIndex) -> None:
    """Going back notes no state; the pin holds until something is published, or it is lifted."""
    _publish(index, entry("a"))
    _publish(index, entry("b"))
    pin = Pin(1, ({"faq.md": "hash"},))
    _publish(index, entry("a"), state=pin)
    assert (index.history().serving, index.history().pin) == (1, pin)
    # The same state, fitted anew.
    vectors = {"a": word_vector("a")}
    index.replace([entry("a")], vectors, FAKE_MODEL, fitted=[b"fitted"])
    assert (index.history().serving, index.history().pin) == (1, pin)
    _publish(index, entry("c"))
    history = index.history()
    assert (_numbers(history), history.serving, history.pin) == ([1, 2, 3], 3, None)
    _publish(index, entry("a"), state=pin)
    index.unpin()
    assert (index.history().serving, index.history().pin) == (1, None)
    # What refuses nothing holds nothing back.
    _publish(index, entry("b"), state=Pin(2, ()))
    assert (index.history().serving, index.history().pin) == (2, None)


def test_only_so_many_states_are_kept(index: SqliteIndex) -> None:
    """Of many states the last ones stay, and the one that serves however old it is."""
    for number in range(30):
        _publish(index, entry(f"e{number}"))
    assert _numbers(index.history()) == list(range(11, 31))
    _publish(index, entry("e10"), state=Pin(11, ({"faq.md": "hash"},)))
    assert index.history().serving == 11
    _publish(index, entry("new"))
    assert _numbers(index.history()) == list(range(12, 32))


def test_large_states_are_kept_while_there_is_room(tmp_path: Path) -> None:
    """A FAQ that is huge keeps fewer states, but always one to go back to."""
    connection = open_database(tmp_path / "index.sqlite", MIGRATIONS)
    record = Record(_NOTHING, {})
    for number in range(5):
        storage_history.note_state(connection, [entry(f"e{number}")], record, 0, most_bytes=1)
    assert _numbers(storage_history.read_history(connection)) == [4, 5]
    connection.close()


def test_what_served_before_there_was_a_history_is_its_first_state(index: SqliteIndex) -> None:
    """After an update of faqbot the first edit can be undone like any other."""
    old: Sequence[Entry] = (entry("a"), replace(entry("b"), topic="Topic"))
    vectors = {it.id: word_vector(it.id) for it in old}
    index.replace(old, vectors, FAKE_MODEL)
    assert index.history() == History()
    _publish(index, entry("new"))
    first, second = index.history().publications
    assert (first.number, first.when, first.entries, first.difference) == (1, None, 2, _NOTHING)
    assert (second.number, second.when) == (2, datetime.fromtimestamp(1, UTC))
    assert index.published(1) == tuple(old)
