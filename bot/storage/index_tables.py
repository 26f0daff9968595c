"""The index's tables: what stands in them, and how they are read.

Entries and phrasings are ordinary tables. A phrasing's vector stands in the same slot of a
sqlite-vec table, its signs beside it; an entry's words stand in the tables of entry_words. All
functions here run within a transaction of their caller.
"""

import json
import math
from typing import Any, Literal

import apsw
import numpy as np
from pydantic import TypeAdapter

from bot.model import Details, EmbeddingModel, Entry, IndexState, Source, Vector
from bot.storage.entry_words import create_entry_words, key_entry_words_by_row
from bot.storage.history import create_history

_MOST_NEIGHBOURS = 4096  # sqlite-vec's limit for k
_FEWEST_NEIGHBOURS = 24  # by their signs
DETAILS = TypeAdapter(Details)
"""Writes and reads details as JSON."""
NO_DETAILS = Details()


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


def _signs(connection: apsw.Connection) -> None:
    # The vectors are laid out anew, with their signs beside them.
    connection.execute("delete from state")


MIGRATIONS = (_first_schema, _words_and_fitted, _details, _history, _words_by_row, _signs)


def read_state(connection: apsw.Connection) -> IndexState | None:
    """Read what the index was built from; None before the first build."""
    row = first_row(
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
            DETAILS.validate_json(details) if details else NO_DETAILS,
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
            (as_blob(vector), asked),
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


def read_near_ids(
    connection: apsw.Connection, vector: Vector, limit: int, state: IndexState
) -> tuple[str, ...]:
    """Find the entries whose phrasings' vectors have the most signs in common with a vector.

    Among half as many neighbours as `limit` entries have phrasings, the nearest one is hardly ever
    missing; and they are found in a fifth of the time that exact distances take.

    Args:
        connection: within a transaction.
        vector: of as many numbers as the index's.
        limit: how many entries are wanted; more or fewer come where their phrasings are not
            together.
        state: what the index was built from.

    Returns:
        Ids, ascending.
    """
    neighbours = max(_FEWEST_NEIGHBOURS, limit * math.ceil(state.phrasings / state.entries) // 2)
    rows = connection.execute(
        """
        select distinct phrasings.entry_id
        from (select slot from phrasing_vectors where signs match vec_bit(?) and k = ?)
        join phrasings using (slot)
        order by phrasings.entry_id
        """,
        (signs_of(vector), min(neighbours, _MOST_NEIGHBOURS)),
    )
    return tuple(id_ for (id_,) in rows)


def read_blob(connection: apsw.Connection, name: Literal["fitted", "refreshed"]) -> bytes:
    """Read the one blob of a table; a query would hold all of it twice for a while."""
    if not first_row(connection, f"select 1 from {name}"):  # noqa: S608 - a name from here
        return b""
    blob = connection.blob_open("main", name, name, 1, False)  # noqa: FBT003 - apsw's own
    try:
        return blob.read()
    finally:
        blob.close()


def first_row(connection: apsw.Connection, sql: str) -> tuple[Any, ...] | None:
    """Give the first row of an answer; None where there is none."""
    return next(iter(connection.execute(sql)), None)


def as_blob(vector: Vector) -> bytes:
    """Give a vector as sqlite-vec takes it."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def signs_of(vector: Vector) -> bytes:
    """Give which numbers of a vector are positive, as sqlite-vec takes bits."""
    return np.packbits(vector > 0).tobytes()
