"""The index in one SQLite file: one process writes, all read, and nobody sees half a change."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import apsw
import filelock
import numpy as np

from bot.model import (
    Candidates,
    EmbeddingModel,
    Entry,
    IndexState,
    Served,
    Vector,
)
from bot.ports import IndexBusyError, IndexNotReadyError
from bot.publication import Difference, History, Pin, Record
from bot.storage.database import StorageError, open_database, plain_errors, transaction
from bot.storage.entry_words import read_worded
from bot.storage.history import (
    has_history,
    note_state,
    read_history,
    read_published,
    write_serving,
)
from bot.storage.index_tables import (
    MIGRATIONS,
    read_blob,
    read_entries,
    read_near_ids,
    read_nearest_ids,
    read_state,
)
from bot.storage.index_writing import replace_all

_LENGTH_TOLERANCE = 1e-3
_CHECKED_AT_ONCE = 256
_WAIT_SECONDS = 120.0
_POLL_SECONDS = 0.1


class SqliteIndex:
    """The index in one SQLite file, safe for many processes: one writes, all read."""

    def __init__(
        self,
        path: Path,
        *,
        wait_seconds: float = _WAIT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open or create the index.

        Args:
            path: the file.
            wait_seconds: how long to wait for another writer.
            clock: seconds since the epoch.

        Raises:
            StorageError: the file cannot be used.
        """
        self._path = path
        self._wait_seconds = wait_seconds
        self._clock = clock
        # One connection for all reading; a connection bears one thread at a time.
        self._reader = open_database(path, MIGRATIONS)
        self._reading = threading.Lock()
        self._seen: tuple[object, IndexState | None] | None = None

    def close(self) -> None:
        """Close the file."""
        with self._reading:
            self._reader.close()

    def state(self) -> IndexState | None:
        """Tell what the index was built from; None before the first build."""
        with self._reading, plain_errors(self._path):
            # Every question asks. This changes with whatever another connection has written, and
            # this one writes nothing.
            version = self._reader.pragma("data_version")
            if self._seen is None or self._seen[0] != version:
                with transaction(self._reader):
                    self._seen = version, read_state(self._reader)
            return self._seen[1]

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries in the order of the FAQ."""
        with self._reading, plain_errors(self._path), transaction(self._reader):
            return tuple(read_entries(self._reader))

    def candidates(
        self,
        vector: Vector | None,
        words: Sequence[str],
        model: EmbeddingModel,
        *,
        limit: int,
        roughly: bool = False,
    ) -> Candidates:
        """Find the entries that may answer a question: by its vector, and by its words.

        Args:
            vector: the question's, of length 1; None where there is none, and nothing is near.
            words: the question's, made by bot.matching.words; none find nothing.
            model: what made the vectors.
            limit: how many entries are wanted at most in each way, at least 1.
            roughly: whether about so many of the nearest, in no order, will do: much sooner found.

        Raises:
            IndexNotReadyError: nothing is there for this model.
        """
        with self._reading, plain_errors(self._path), transaction(self._reader):
            state = self._ready_state(model, vector)
            nearest: tuple[str, ...] = ()
            if vector is not None:
                read = read_near_ids if roughly else read_nearest_ids
                nearest = read(self._reader, vector, limit, state)
            worded = read_worded(self._reader, words, limit, state.entries, alone=vector is None)
        return Candidates(state.generation, nearest, worded)

    def served(self, model: EmbeddingModel, *, with_fitted: bool = True) -> Served:
        """Give all entries and what was fitted to them, of one state.

        Args:
            model: the one in use.
            with_fitted: whether to read what was fitted, which is large.

        Raises:
            IndexNotReadyError: nothing is there for this model.
        """
        with self._reading, plain_errors(self._path), transaction(self._reader):
            state = self._ready_state(model, None)
            return Served(
                state.generation,
                tuple(read_entries(self._reader)),
                read_blob(self._reader, "fitted") if with_fitted else b"",
                read_blob(self._reader, "refreshed"),
            )

    def history(self) -> History:
        """Tell which states were published, and which one serves."""
        with self._reading, plain_errors(self._path), transaction(self._reader):
            return read_history(self._reader)

    def published(self, number: int) -> tuple[Entry, ...]:
        """Give the entries of a published state; none of one that is not kept."""
        with self._reading, plain_errors(self._path), transaction(self._reader):
            return read_published(self._reader, number)

    def unpin(self) -> None:
        """Let the state that serves be replaced again by whatever stands in the files."""
        connection = open_database(self._path, MIGRATIONS)
        try:
            with plain_errors(self._path), transaction(connection, write=True):
                connection.execute("update serving set pin = ''")
        finally:
            connection.close()

    def _ready_state(self, model: EmbeddingModel, vector: Vector | None) -> IndexState:
        """Read the state within a transaction, and make sure that it fits what is asked."""
        state = read_state(self._reader)
        if state is None:
            raise IndexNotReadyError("There is no index yet: run `faqbot index` to make it.")
        if state.model != model:
            raise IndexNotReadyError(
                f"The index was made by another model ({state.model}) than the one in use "
                f"({model}): run `faqbot index` to make it anew."
            )
        if vector is not None and state.dimensions != len(vector):
            raise IndexNotReadyError(
                f"The model {model.name} made vectors of {state.dimensions} numbers for the "
                f"index and makes {len(vector)} now: run `faqbot index --rebuild`."
            )
        return state

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Be the only writer over all processes.

        Raises:
            IndexBusyError: another writer did not come to an end in time.
        """
        lock = filelock.FileLock(self._path.with_suffix(".lock"), thread_local=False)
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except filelock.Timeout:
                if asyncio.get_running_loop().time() >= deadline:
                    raise IndexBusyError(
                        "Another faqbot is bringing this index up to date: wait until it is done, "
                        "or stop it, then try again."
                    ) from None
                await asyncio.sleep(_POLL_SECONDS)
            except OSError as error:
                raise StorageError(
                    f"{lock.lock_file} cannot be used ({error.strerror}): check who owns it and "
                    "its folder."
                ) from None
        try:
            yield
        finally:
            lock.release()

    def replace(  # noqa: PLR0913 - what becomes of the whole index
        self,
        entries: Sequence[Entry],
        vectors: Mapping[str, Vector],
        model: EmbeddingModel,
        *,
        fitted: Sequence[bytes | memoryview] | None = (),
        refreshed: bytes = b"",
        afresh: bool = False,
        state: Record | Pin | None = None,
    ) -> None:
        """Serve these entries from now on, in one transaction.

        Readers see the old index until it commits. Vectors of phrasings that stay are not touched,
        and the whole is laid out anew when the model changed or when what is gone has left too many
        holes.

        Args:
            entries: the whole FAQ.
            vectors: by question, one for each question of each entry.
            model: what made the vectors.
            fitted: what was fitted to these entries, in parts; None keeps what is there.
            refreshed: what is new to what was fitted.
            afresh: take over every vector, of unchanged phrasings, too.
            state: a new one to note, or an earlier one that is to stay; None for the same state.

        Raises:
            ValueError: a vector is missing, zero, not finite, or of another length.
            StorageError: the file cannot be written.
        """
        dimensions = _check(entries, vectors)
        connection = open_database(self._path, MIGRATIONS)
        try:
            with plain_errors(self._path), transaction(connection, write=True):
                if isinstance(state, Record):
                    self._note(connection, entries, state)
                elif state:
                    write_serving(connection, state.number, state if state.refused else None)
                replace_all(
                    connection,
                    entries,
                    vectors,
                    model,
                    dimensions,
                    fitted=fitted,
                    refreshed=refreshed,
                    afresh=afresh,
                )
        finally:
            connection.close()

    def _note(self, connection: apsw.Connection, entries: Sequence[Entry], record: Record) -> None:
        if not has_history(connection) and (before := read_entries(connection)):
            note_state(connection, before, Record(Difference((), (), ()), {}), None)
        note_state(connection, entries, record, self._clock())


def _check(entries: Sequence[Entry], vectors: Mapping[str, Vector]) -> int:
    used = [vectors.get(question) for entry in entries for question in entry.phrasings]
    present = [vector for vector in used if vector is not None]
    if not used or len(present) < len(used):
        raise ValueError("every phrasing needs a vector, and an index at least one phrasing")
    if len({vector.shape for vector in present}) > 1:
        raise ValueError("all vectors need the same length")
    # NaN fails every comparison, so the test must be for what is right. Zero and NaN vectors would
    # be accepted by sqlite-vec and come first in every search.
    for start in range(0, len(present), _CHECKED_AT_ONCE):
        stacked = np.stack(present[start : start + _CHECKED_AT_ONCE])
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.sqrt(np.einsum("ij,ij->i", stacked, stacked))
            are_sound = bool(np.all(np.abs(lengths - 1) < _LENGTH_TOLERANCE))
        if not are_sound:
            raise ValueError("every vector needs to be finite and of length 1")
    return len(present[0])
