"""The index's tables: what stands in them, how they are read, and how they are replaced.

Entries and phrasings are ordinary tables. A phrasing's vector stands in the same slot of a
sqlite-vec table, whose rows are updated in place; an entry's words stand in the tables of
entry_words. All functions here run within a transaction of their caller.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import apsw
import numpy as np
from pydantic import TypeAdapter

from bot.model import Details, EmbeddingModel, Entry, IndexState, Source, Vector
from bot.storage.entry_words import (
    create_entry_words,
    key_entry_words_by_row,
    write_entry_words,
)
from bot.storage.history import create_history

_CHUNK_BYTES = 512 * 1024
_LARGEST_CHUNK = 4096  # sqlite-vec's limit for vectors in a chunk
_MOST_NEIGHBOURS = 4096  # sqlite-vec's limit for k
_MOST_EXCHANGED = 0.3
"""The share of a table's rows up to which they are exchanged one by one."""
_DETAILS = TypeAdapter(Details)
_NO_DETAILS = Details()


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


def _words_and_fitted(connection: apsw.Connection) -> None:
    create_entry_words(connection)
    connection.execute(
        """
        create table fitted (
            only_row integer primary key check (only_row = 1),
            fitted blob not null
        ) strict;
        -- Without a state the index counts as not made, and the next update makes all of it. The
        -- entries stay: they are the last good version of a file that is broken now.
        delete from state;
        """
    )


def _details(connection: apsw.Connection) -> None:
    connection.execute(
        """
        alter table entries add column details text not null default '';  -- JSON; '' for none
        alter table phrasings add column own integer not null default 1;  -- 0 in a translation only
        """
    )


def _history(connection: apsw.Connection) -> None:
    create_history(connection)
    # What was fitted is large; after a small edit, only what is new to it is written.
    connection.execute(
        """
        create table refreshed (
            only_row integer primary key check (only_row = 1),
            refreshed blob not null
        ) strict;
        """
    )


def _words_by_row(connection: apsw.Connection) -> None:
    key_entry_words_by_row(connection)
    connection.execute("delete from state")  # as above: the words are to be written again


MIGRATIONS = (_first_schema, _words_and_fitted, _details, _history, _words_by_row)


def read_state(connection: apsw.Connection) -> IndexState | None:
    """Read what the index was built from; None before the first build."""
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


def read_entries(connection: apsw.Connection) -> list[Entry]:
    """Read the entries in the order of the FAQ."""
    rows = connection.execute(
        """
        select id, answer, topic, language, file, line, details,
               (select json_group_array(question) from
                   (select question from phrasings where entry_id = id and own order by position))
        from entries
        order by position
        """
    )
    return [
        Entry(
            id_,
            tuple(json.loads(questions)),
            answer,
            topic,
            language,
            Source(file, line),
            _DETAILS.validate_json(details) if details else _NO_DETAILS,
        )
        for id_, answer, topic, language, file, line, details, questions in rows
    ]


def read_nearest_ids(
    connection: apsw.Connection, vector: Vector, limit: int, state: IndexState
) -> tuple[str, ...]:
    """Find the entries with the phrasings nearest to a vector.

    Args:
        connection: within a transaction.
        vector: of length 1, of as many numbers as the index's.
        limit: how many entries are wanted at most; more and more neighbours are asked for until
            they belong to that many.
        state: what the index was built from.

    Returns:
        Ids, the nearest first, equally near ones by id.
    """
    # Each neighbour costs. An entry's phrasings tend to be near together.
    neighbours = limit * math.ceil(state.phrasings / state.entries)
    while True:
        asked = min(neighbours, _MOST_NEIGHBOURS)
        rows: list[tuple[Any, ...]] = connection.execute(
            """
            select phrasings.entry_id, nearest.distance
            from (select slot, distance from phrasing_vectors
                  where embedding match ? and k = ?) as nearest
            join phrasings using (slot)
            order by nearest.distance, phrasings.entry_id
            """,
            (_blob(vector), asked),
        ).fetchall()
        distances: dict[str, float] = {}
        for entry_id, distance in rows:
            distances.setdefault(entry_id, distance)
        ids = tuple(distances)[:limit]
        # Beyond the last neighbour there may be others as near as it is.
        complete = len(ids) == limit and distances[ids[-1]] < rows[-1][1]
        if complete or len(rows) < asked or asked == _MOST_NEIGHBOURS:
            return ids
        neighbours *= 4


def read_blob(connection: apsw.Connection, name: Literal["fitted", "refreshed"]) -> bytes:
    """Read the one blob of a table; a query would hold all of it twice for a while."""
    if not _one(connection, f"select 1 from {name}"):  # noqa: S608 - a name from here
        return b""
    blob = connection.blob_open("main", name, name, 1, False)  # noqa: FBT003 - apsw's own
    try:
        return blob.read()
    finally:
        blob.close()


def replace_all(  # noqa: PLR0913 - what `replace` was given
    connection: apsw.Connection,
    entries: Sequence[Entry],
    vectors: Mapping[str, Vector],
    model: EmbeddingModel,
    dimensions: int,
    *,
    fitted: Sequence[bytes | memoryview] | None,
    refreshed: bytes,
    afresh: bool,
) -> None:
    """Put these entries in the place of what is there, touching no vector that stays.

    Args:
        connection: within a write transaction.
        entries: the whole FAQ.
        vectors: by question, checked.
        model: what made the vectors.
        dimensions: their length.
        fitted: what was fitted to the entries, in parts; None leaves what is there.
        refreshed: what is new to what was fitted.
        afresh: take over every vector.
    """
    state = read_state(connection)
    generation = state.generation + 1 if state else 1
    old_slots: dict[tuple[str, str], int] = {}
    deleted = 0
    if state and not afresh and state.model == model and state.dimensions == dimensions:
        rows = connection.execute("select entry_id, question, slot from phrasings")
        old_slots = {(entry_id, question): slot for entry_id, question, slot in rows}
        row = _one(connection, "select deleted_slots from state")
        deleted = row[0] if row else 0
    wanted = [(entry.id, question) for entry in entries for question in entry.phrasings]
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
    write_entry_words(connection, {slots[it.id, it.phrasings[0]]: it for it in entries})
    if fitted is not None:
        _write_fitted(connection, fitted)
    connection.execute(
        "insert or replace into refreshed (only_row, refreshed) values (1, ?)", (refreshed,)
    )
    connection.execute(
        """
        insert or replace into state
            (only_row, generation, model, asked_dimensions, dimensions, deleted_slots)
        values (1, ?, ?, ?, ?, ?)
        """,
        (generation, model.name, model.dimensions, dimensions, deleted),
    )


def _write_fitted(connection: apsw.Connection, parts: Sequence[bytes | memoryview]) -> None:
    """Write it part by part; a query would hold all of it twice for a while."""
    size = sum(memoryview(part).nbytes for part in parts)
    connection.execute(
        "insert or replace into fitted (only_row, fitted) values (1, zeroblob(?))", (size,)
    )
    blob = connection.blob_open("main", "fitted", "fitted", 1, True)  # noqa: FBT003 - apsw's own
    try:
        for part in parts:
            blob.write(part)
    finally:
        blob.close()


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
    _write_rows(
        connection,
        "entries",
        ("position", "id", "answer", "topic", "language", "file", "line", "details"),
        (
            (
                *(position, it.id, it.answer, it.topic, it.language),
                *(it.source.file, it.source.line, _as_json(it.details)),
            )
            for position, it in enumerate(entries, start=1)
        ),
    )
    _write_rows(
        connection,
        "phrasings",
        ("slot", "entry_id", "position", "question", "own"),
        (
            (
                *(slots[entry.id, question], entry.id, position, question),
                int(position < len(entry.questions)),
            )
            for entry in entries
            for position, question in enumerate(entry.phrasings)
        ),
    )


def _write_rows(
    connection: apsw.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str | int | None, ...]],
) -> None:
    """Have a table hold these rows, writing only what is new; the first column is the key."""
    key, names = columns[0], ", ".join(columns)
    # Names from here, no values.
    insert = f"insert into {table} ({names}) values ({', '.join('?' * len(columns))})"  # noqa: S608
    before = {row[0]: row for row in connection.execute(f"select {names} from {table}")}  # noqa: S608
    wanted = {row[0]: row for row in rows}
    fresh = [row for key_, row in wanted.items() if before.get(key_) != row]
    # To empty a table takes no time, to look for each row takes twice as long as to write it.
    if len(fresh) > len(wanted) * _MOST_EXCHANGED:
        connection.execute(f"delete from {table}")  # noqa: S608
        connection.executemany(insert, wanted.values())
        return
    others = [(key_,) for key_, row in before.items() if wanted.get(key_) != row]
    connection.executemany(f"delete from {table} where {key} = ?", others)  # noqa: S608
    connection.executemany(insert, fresh)


def _as_json(details: Details) -> str:
    return "" if details == _NO_DETAILS else _DETAILS.dump_json(details).decode()


def _one(connection: apsw.Connection, sql: str) -> tuple[Any, ...] | None:
    return next(iter(connection.execute(sql)), None)


def _blob(vector: Vector) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()
