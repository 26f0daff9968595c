"""The ids under which Telegram keeps files that were sent once, so that none is uploaded twice."""

import time
from collections.abc import Callable
from pathlib import Path

import apsw

from bot.storage.sqlite_file import SqliteFile


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
        create table sent_files (
            key text primary key,
            file_id text not null,
            sent_at real not null  -- seconds since the epoch
        ) strict, without rowid;
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteSentFiles(SqliteFile):
    """File ids in a SQLite file of its own: it may be deleted."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Open or create the file.

        Args:
            path: the file.
            clock: seconds since the epoch.

        Raises:
            StorageError: the file cannot be used.
        """
        self._clock = clock
        super().__init__(path, MIGRATIONS)

    def get(self, key: str, *, max_age_seconds: float | None = None) -> str | None:
        """Give the id under which Telegram has a file; None where it has none, or an old one."""
        oldest = 0.0 if max_age_seconds is None else self._clock() - max_age_seconds
        with self._reading() as connection:
            row = connection.execute(
                "select file_id from sent_files where key = ? and sent_at >= ?", (key, oldest)
            ).fetchone()
        return str(row[0]) if row else None

    def put(self, key: str, file_id: str) -> None:
        """Keep an id."""
        with self._writing() as connection:
            connection.execute(
                "insert or replace into sent_files values (?, ?, ?)", (key, file_id, self._clock())
            )

    def drop(self, key: str) -> None:
        """Forget an id that Telegram does not know any more."""
        with self._writing() as connection:
            connection.execute("delete from sent_files where key = ?", (key,))
