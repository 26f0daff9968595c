"""What is served, held in memory once: read when it must be, never twice, never too late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.matching.apart import texts_to_embed
from bot.matching.matcher import Matcher
from bot.matching.storing import dump
from bot.model import EmbeddingModel, Entry, Served
from bot.ports import IndexNotReadyError
from bot.serving import Serving
from bot.storage.index import SqliteIndex
from tests.fakes import FAKE_MODEL, entry, word_vector


@pytest.fixture(name="index")
def _index(tmp_path: Path) -> Iterator[SqliteIndex]:
    index = SqliteIndex(tmp_path / "index.sqlite")
    yield index
    index.close()


def _matcher(*entries: Entry) -> Matcher:
    vectors = {text: word_vector(text) for text in texts_to_embed(entries)}
    return Matcher.fit(entries, vectors, even_similarity=0.5)


def _publish(index: SqliteIndex, *entries: Entry, fitted: bytes | None = None) -> Matcher:
    matcher = _matcher(*entries)
    vectors = matcher.phrasing_vectors()
    parts = dump(matcher) if fitted is None else [fitted]
    index.replace(entries, vectors, FAKE_MODEL, fitted=parts)
    return matcher


def test_what_is_served_is_read_once(index: SqliteIndex) -> None:
    """Asking again for what has not changed gives the very same."""
    serving = Serving(index, FAKE_MODEL)
    _publish(index, entry("a"), entry("b"))
    state = serving.current()
    assert [it.id for it in state.entries] == ["a", "b"]
    assert state.by_id["b"].id == "b"
    assert serving.current() is serving.current(1) is state
    serving.release()
    assert serving.current() is not state


def test_what_another_process_publishes_is_read(index: SqliteIndex) -> None:
    """A new generation takes the place of the old one as soon as it is asked for."""
    serving = Serving(index, FAKE_MODEL)
    _publish(index, entry("a"))
    assert serving.current().generation == 1
    _publish(index, entry("b"))
    assert serving.current(2).by_id.keys() == {"b"}


class _CountingIndex(SqliteIndex):
    """Counts how often all of it is read."""

    readings = 0

    def served(self, model: EmbeddingModel, *, with_fitted: bool = True) -> Served:
        self.readings += 1
        return super().served(model, with_fitted=with_fitted)


def test_what_cannot_be_read_is_not_read_for_every_question(tmp_path: Path) -> None:
    """After an upgrade, until all is learnt anew, nobody waits for what is of no use anyway."""
    index = _CountingIndex(tmp_path / "index.sqlite")
    serving = Serving(index, FAKE_MODEL)
    _publish(index, entry("a"), fitted=b"of another version")
    for _ in range(3):
        with pytest.raises(IndexNotReadyError, match="another version of faqbot"):
            serving.current()
    assert index.readings == 1
    _publish(index, entry("a"))
    assert serving.current().by_id.keys() == {"a"}
    index.close()


def test_what_was_expected_is_taken_over(index: SqliteIndex) -> None:
    """Whoever writes the index gives what it holds to those who answer, without reading it."""
    serving = Serving(index, FAKE_MODEL)
    _publish(index, entry("a"))
    old = serving.current()
    new = _matcher(entry("b"))
    serving.expect(2, [entry("b")], new)
    assert serving.current() is old
    _publish(index, entry("b"))
    assert serving.current().matcher is new
    serving.forget_expected()
    assert serving.current().matcher is new


def test_what_was_not_written_is_forgotten(index: SqliteIndex) -> None:
    """A publication that failed is not mistaken for the next one that is made."""
    serving = Serving(index, FAKE_MODEL)
    _publish(index, entry("a"))
    lost = _matcher(entry("b"))
    serving.expect(2, [entry("b")], lost)
    serving.forget_expected()
    _publish(index, entry("c"))
    assert serving.current().by_id.keys() == {"c"}


def test_what_cannot_be_used_is_not_served(index: SqliteIndex) -> None:
    """Without an index, with another model's or another version's, there is nothing, and why."""
    serving = Serving(index, FAKE_MODEL)
    assert serving.latest() is None
    _publish(index, entry("a"), fitted=b"of another version")
    assert serving.latest() is None
    with pytest.raises(IndexNotReadyError, match="another version of faqbot"):
        serving.current()
    assert Serving(index, EmbeddingModel("other", None)).latest() is None
    _publish(index, entry("a"))
    assert serving.latest() is serving.current()
