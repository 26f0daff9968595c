"""How the index's tables are replaced: what stays is not touched."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import apsw

from bot.model import Details, EmbeddingModel, Entry, Vector
from bot.storage.entry_words import write_entry_words
from bot.storage.index_tables import (
    DETAILS,
    NO_DETAILS,
    as_blob,
    first_row,
    read_state,
    signs_of,
)

_CHUNK_BYTES = 512 * 1024
_LARGEST_CHUNK = 4096  # sqlite-vec's limit for vectors in a chunk
_MOST_EXCHANGED = 0.3
"""The share of a table's rows up to which they are exchanged one by one."""


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
        row = first_row(connection, "select deleted_slots from state")
        deleted = row[0] if row else 0
    wanted = [(entry.id, question) for entry in entries for question in entry.phrasings]
    slots = {key: old_slots[key] for key in wanted if key in old_slots}
    gone = [slot for key, slot in old_slots.items() if key not in slots]
    deleted += len(gone)
    unused = max(old_slots.values(), default=0) + 1
    # A deleted row leaves a hole that is read with every search; laying all out anew is quick.
    if not old_slots or deleted * 4 > len(wanted):
        _lay_out(connection, dimensions)
        slots, gone, deleted, unused = {}, [], 0, 1
    # Not in place of each other: sqlite-vec updates no bits.
    connection.executemany(
        "delete from phrasing_vectors where slot = ?", ((slot,) for slot in gone)
    )
    missing = [key for key in wanted if key not in slots]
    slots.update(zip(missing, count(unused)))
    connection.executemany(
        "insert into phrasing_vectors (slot, embedding, signs) values (?, ?, vec_bit(?))",
        ((slots[key], as_blob(vectors[key[1]]), signs_of(vectors[key[1]])) for key in missing),
    )
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
            signs bit[{-(-dimensions // 8) * 8:d}],
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
    return "" if details == NO_DETAILS else DETAILS.dump_json(details).decode()
