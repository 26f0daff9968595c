"""The states in which the FAQ was published: what is kept of them, and which one serves.

A state's entries are kept as compressed JSON. Its vectors are in the vector cache, or can be made
again. All functions here run within a transaction of their caller.
"""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import apsw
from pydantic import TypeAdapter

from bot.model import Entry
from bot.publication import Contents, Difference, History, Pin, Publication, Record

_MOST_STATES = 20
_MOST_BYTES = 64_000_000
_LEVEL = 1  # a quarter larger than by default, in a quarter of the time
_ENTRIES = TypeAdapter(tuple[Entry, ...])
_DIFFERENCE = TypeAdapter(Difference)
_CONTENTS: TypeAdapter[Contents] = TypeAdapter(dict[str, str])
_PIN = TypeAdapter(Pin)


def create_history(connection: apsw.Connection) -> None:
    """Create the tables."""
    connection.execute(
        """
        create table history (
            number integer primary key,
            published_at real,  -- seconds since the epoch; null for before there was a history
            entry_count integer not null,
            difference text not null,  -- JSON, like the next one
            contents text not null,
            entries blob not null  -- JSON, compressed
        ) strict;
        create table serving (
            only_row integer primary key check (only_row = 1),
            number integer not null,
            pin text not null  -- JSON; '' for none
        ) strict;
        """
    )


def note_state(
    connection: apsw.Connection,
    entries: Sequence[Entry],
    record: Record,
    seconds: float | None,
    *,
    most_bytes: int = _MOST_BYTES,
) -> None:
    """Note a state that serves from now on, lift the pin, and forget states of long ago.

    Args:
        connection: within a write transaction.
        entries: the whole FAQ.
        record: what to note of it.
        seconds: since the epoch; None for a state of before there was a history.
        most_bytes: how much room the entries of all states may take.
    """
    [(number,)] = connection.execute("select coalesce(max(number), 0) + 1 from history")
    connection.execute(
        """
        insert into history (number, published_at, entry_count, difference, contents, entries)
        values (?, ?, ?, ?, ?, ?)
        """,
        (
            *(number, seconds, len(entries)),
            _DIFFERENCE.dump_json(record.difference).decode(),
            _CONTENTS.dump_json(dict(record.contents)).decode(),
            zlib.compress(_ENTRIES.dump_json(tuple(entries), exclude_defaults=True), level=_LEVEL),
        ),
    )
    write_serving(connection, number, None)
    _forget(connection, most_bytes)


def write_serving(connection: apsw.Connection, number: int, pin: Pin | None) -> None:
    """Note which state serves, and whether it is held."""
    connection.execute(
        "insert or replace into serving (only_row, number, pin) values (1, ?, ?)",
        (number, _PIN.dump_json(pin).decode() if pin else ""),
    )


def has_history(connection: apsw.Connection) -> bool:
    """Tell whether any state has been noted."""
    return bool(list(connection.execute("select 1 from serving")))


def read_history(connection: apsw.Connection) -> History:
    """Read what is kept, without the entries."""
    rows = connection.execute(
        """
        select number, published_at, entry_count, difference, contents
        from history order by number
        """
    )
    publications = tuple(
        Publication(
            number,
            None if seconds is None else datetime.fromtimestamp(seconds, UTC),
            count,
            _DIFFERENCE.validate_json(difference),
            _CONTENTS.validate_json(contents),
        )
        for number, seconds, count, difference, contents in rows
    )
    serving: list[Any] = connection.execute("select number, pin from serving").fetchall()
    if not serving:
        return History(publications)
    [(number, pin)] = serving
    return History(publications, number, _PIN.validate_json(pin) if pin else None)


def read_published(connection: apsw.Connection, number: int) -> tuple[Entry, ...]:
    """Read the entries of a state that is kept; none where it is not."""
    rows = connection.execute("select entries from history where number = ?", (number,))
    return next((_ENTRIES.validate_json(zlib.decompress(blob)) for (blob,) in rows), ())


def _forget(connection: apsw.Connection, most_bytes: int) -> None:
    """Forget the oldest states where there are too many of them, or too large ones."""
    connection.execute(
        """
        delete from history where number in (
            select number from (
                select number,
                       count(*) over newer as states,
                       sum(length(entries)) over newer as bytes
                from history
                window newer as (order by number desc)
            )
            where states > ? or (bytes > ? and states > 2)  -- one to go back to is always left
        )
        and number <> (select number from serving)
        """,
        (_MOST_STATES, most_bytes),
    )
