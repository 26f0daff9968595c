"""The index: entries and phrasings in tables, vectors in sqlite-vec, replaced as one."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import apsw
import filelock
import numpy as np

from bot.model import Candidate, EmbeddingModel, Entry, IndexState, Retrieval, Source, Vector
from bot.ports import IndexBusyError, IndexNotReadyError
from bot.storage.database import open_database, plain_errors, transaction

_CHUNK_BYTES = 512 * 1024
_LARGEST_CHUNK = 4096  # sqlite-vec's limit for vectors in a chunk
_MOST_NEIGHBOURS = 4096  # sqlite-vec's limit for k
_LENGTH_TOLERANCE = 1e-3
_WAIT_SECONDS = 120.0
_POLL_SECONDS = 0.1


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
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
            slot integer primary key,  -- the row of its vector in phrasing_vectors
            entry_id text not null,
            position integer not null,  -- within the entry; 0 stands for it
            question text not null
        ) strict;
        create index phrasings_of_entry on phrasings (entry_id, position);
        create table state (
            only_row integer primary key check (only_row = 1),
            generation integer not null,
            model text not null,
            asked_dimensions integer,
            dimensions integer not null,
            deleted_slots integer not null  -- since the vectors were last laid out anew
        ) strict;
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteIndex:
    """The index in one SQLite file, safe for many processes: one writes, all read."""

    def __init__(self, path: Path, *, wait_seconds: float = _WAIT_SECONDS) -> None:
        """Open or create the index.

        Raises:
            StorageError: the file cannot be used.
        """
        self._path = path
        self._wait_seconds = wait_seconds
        # One connection for all reading; a connection bears one thread at a time.
        self._reader = open_database(path, MIGRATIONS)
        self._reading = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._reading:
            self._reader.close()

    def state(self) -> IndexState | None:
        """Tell what the index was built from; None before the first build."""
        with self._reading, plain_errors(self._path), transaction(self._reader):
            return _state(self._reader)

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries in the order of the FAQ."""
        with self._reading, plain_errors(self._path), transaction(self._reader):
            return tuple(_entries(self._reader, None))

    def search(self, vector: Vector, model: EmbeddingModel, *, limit: int) -> Retrieval:
        """Find the phrasings nearest to a question until they name `limit` entries.

        Args:
            vector: the question's, of length 1.
            model: what made it.
            limit: how many entries are wanted.

        Raises:
            IndexNotReadyError: nothing is there for this model.
        """
        with self._reading, plain_errors(self._path), transaction(self._reader):
            state = _state(self._reader)
            if state is None:
                raise IndexNotReadyError("There is no index yet: run `faqbot index` to make it.")
            if state.model != model:
                raise IndexNotReadyError(
                    f"The index was made by another model ({state.model}) than the one in use "
                    f"({model}): run `faqbot index` to make it anew."
                )
            if state.dimensions != len(vector):
                raise IndexNotReadyError(
                    f"The model {model.name} made vectors of {state.dimensions} numbers for the "
                    f"index and makes {len(vector)} now: run `faqbot index --rebuild`."
                )
            candidates = _nearest(self._reader, vector, limit, state.phrasings)
            wanted = list(dict.fromkeys(candidate.entry_id for candidate in candidates))
            found = {entry.id: entry for entry in _entries(self._reader, wanted)}
        return Retrieval(candidates, found)

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
        try:
            yield
        finally:
            lock.release()

    def replace(
        self,
        entries: Sequence[Entry],
        vectors: Mapping[str, Vector],
        model: EmbeddingModel,
        *,
        afresh: bool = False,
    ) -> None:
        """Serve these entries from now on, in one transaction.

        Readers see the old index until it commits. Vectors of phrasings that stay are not touched,
        changed ones are updated in place, and the whole is laid out anew when the model changed or
        when deletions have left too many holes.

        Raises:
            ValueError: a vector is missing, zero, not finite, or of another length.
            StorageError: the file cannot be written.
        """
        dimensions = _check(entries, vectors)
        connection = open_database(self._path, MIGRATIONS)
        try:
            with plain_errors(self._path), transaction(connection, write=True):
                _replace(connection, entries, vectors, model, dimensions, afresh=afresh)
        finally:
            connection.close()


def _check(entries: Sequence[Entry], vectors: Mapping[str, Vector]) -> int:
    used = [vectors.get(question) for entry in entries for question in entry.questions]
    present = [vector for vector in used if vector is not None]
    if not used or len(present) < len(used):
        raise ValueError("every phrasing needs a vector, and an index at least one phrasing")
    if len({vector.shape for vector in present}) > 1:
        raise ValueError("all vectors need the same length")
    # NaN fails every comparison, so the test must be for what is right. Zero and NaN vectors would
    # be accepted by sqlite-vec and come first in every search.
    lengths = np.linalg.norm(np.stack(present).astype(np.float64), axis=1)
    if not np.all(np.abs(lengths - 1) < _LENGTH_TOLERANCE):
        raise ValueError("every vector needs to be finite and of length 1")
    return len(present[0])


def _state(connection: apsw.Connection) -> IndexState | None:
    row = _one(
        connection,
        """
        select generation, model, asked_dimensions, dimensions,
               (select count(*) from entries), (select count(*) from phrasings)
        from state
        """,
    )
    if row is None:
        return None
    generation, name, asked, dimensions, entries, phrasings = row
    return IndexState(generation, EmbeddingModel(name, asked), dimensions, entries, phrasings)


def _entries(connection: apsw.Connection, ids: Sequence[str] | None) -> list[Entry]:
    rows = connection.execute(
        """
        select id, answer, topic, language, file, line,
               (select json_group_array(question) from
                   (select question from phrasings where entry_id = id order by position))
        from entries
        where :ids is null or id in (select value from json_each(:ids))
        order by position
        """,
        {"ids": None if ids is None else json.dumps(ids)},
    )
    return [
        Entry(id_, tuple(json.loads(questions)), answer, topic, language, Source(file, line))
        for id_, answer, topic, language, file, line, questions in rows
    ]


def _nearest(
    connection: apsw.Connection, vector: Vector, limit: int, phrasings: int
) -> tuple[Candidate, ...]:
    """Ask for more and more neighbours until they belong to enough entries."""
    neighbours = limit * 8
    while True:
        rows = connection.execute(
            """
            select phrasings.entry_id, phrasings.question, nearest.distance
            from (select slot, distance from phrasing_vectors
                  where embedding match ? and k = ?) as nearest
            join phrasings using (slot)
            order by nearest.distance, phrasings.entry_id, phrasings.position
            """,
            (_blob(vector), min(neighbours, _MOST_NEIGHBOURS)),
        )
        # For vectors of length 1: |a - b|^2 = 2 - 2 cos(a, b).
        candidates = tuple(
            Candidate(entry_id, question, 1 - distance * distance / 2)
            for entry_id, question, distance in rows
        )
        enough = len({candidate.entry_id for candidate in candidates}) >= limit
        if enough or neighbours >= min(phrasings, _MOST_NEIGHBOURS):
            return candidates
        neighbours *= 4


def _replace(  # noqa: PLR0913 - what `replace` was given
    connection: apsw.Connection,
    entries: Sequence[Entry],
    vectors: Mapping[str, Vector],
    model: EmbeddingModel,
    dimensions: int,
    *,
    afresh: bool,
) -> None:
    state = _state(connection)
    generation = state.generation + 1 if state else 1
    old_slots: dict[tuple[str, str], int] = {}
    deleted = 0
    if state and not afresh and state.model == model and state.dimensions == dimensions:
        rows = connection.execute("select entry_id, question, slot from phrasings")
        old_slots = {(entry_id, question): slot for entry_id, question, slot in rows}
        row = _one(connection, "select deleted_slots from state")
        deleted = row[0] if row else 0
    wanted = [(entry.id, question) for entry in entries for question in entry.questions]
    kept = {key: old_slots[key] for key in wanted if key in old_slots}
    missing = [key for key in wanted if key not in kept]
    free = [slot for key, slot in old_slots.items() if key not in kept]
    deleted += max(0, len(free) - len(missing))
    # A deleted row leaves a hole that is read with every search; laying all out anew is quick.
    if not old_slots or deleted * 4 > len(wanted):
        _lay_out(connection, dimensions)
        kept, free, missing, deleted = {}, [], wanted, 0
    unused = max([0, *kept.values(), *free]) + 1
    slots = dict(kept)
    for key in missing:
        blob = _blob(vectors[key[1]])
        if free:
            slots[key] = free.pop()
            connection.execute(
                "update phrasing_vectors set embedding = ? where slot = ?", (blob, slots[key])
            )
        else:
            slots[key] = unused
            unused += 1
            connection.execute(
                "insert into phrasing_vectors (slot, embedding) values (?, ?)", (slots[key], blob)
            )
    for slot in free:
        connection.execute("delete from phrasing_vectors where slot = ?", (slot,))
    _write_tables(connection, entries, slots)
    connection.execute(
        """
        insert or replace into state
            (only_row, generation, model, asked_dimensions, dimensions, deleted_slots)
        values (1, ?, ?, ?, ?, ?)
        """,
        (generation, model.name, model.dimensions, dimensions, deleted),
    )


def _lay_out(connection: apsw.Connection, dimensions: int) -> None:
    fitting = _CHUNK_BYTES // (4 * dimensions) // 8 * 8  # sqlite-vec wants a multiple of eight
    vectors_a_chunk = min(max(8, fitting), _LARGEST_CHUNK)
    connection.execute("drop table if exists phrasing_vectors")
    connection.execute(
        f"""
        create virtual table phrasing_vectors using vec0(
            slot integer primary key,
            embedding float[{dimensions:d}],
            chunk_size={vectors_a_chunk:d}
        )
        """
    )


def _write_tables(
    connection: apsw.Connection, entries: Sequence[Entry], slots: Mapping[tuple[str, str], int]
) -> None:
    connection.execute("delete from entries; delete from phrasings")
    connection.executemany(
        "insert into entries (id, answer, topic, language, file, line) values (?, ?, ?, ?, ?, ?)",
        (
            (it.id, it.answer, it.topic, it.language, it.source.file, it.source.line)
            for it in entries
        ),
    )
    connection.executemany(
        "insert into phrasings (slot, entry_id, position, question) values (?, ?, ?, ?)",
        (
            (slots[entry.id, question], entry.id, position, question)
            for entry in entries
            for position, question in enumerate(entry.questions)
        ),
    )


def _one(connection: apsw.Connection, sql: str) -> tuple[Any, ...] | None:
    return next(iter(connection.execute(sql)), None)


def _blob(vector: Vector) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()
