"""A SQLite file that one process uses from any of its threads, by one connection."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from bot.storage.database import Migration, open_database, plain_errors, transaction


class SqliteFile:
    """What stores with one connection have in common: one thread at a time uses it."""

    def __init__(self, path: Path, migrations: Sequence[Migration]) -> None:
        """Open or create the file.

        Args:
            path: the file.
            migrations: all of them, the oldest first.

        Raises:
            StorageError: the file cannot be used.
        """
        self._path = path
        self._connection = open_database(path, migrations)
        self._using = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._using:
            self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._using, plain_errors(self._path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        """Write all of a block, or nothing."""
        with self._reading() as connection, transaction(connection, write=True):
            yield connection
