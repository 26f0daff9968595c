"""How a database is opened: extension, settings, schema, and errors in plain words.

sqlite-vec is pinned to 0.1.10a4, a pre-release, on purpose: the last release, 0.1.9, compares
vectors one number at a time on x86-64, and 0.1.10 uses SIMD for Euclidean distances. Its wheels for
x86-64 and arm64 hold what their names say. An exact pin, because its file format may still change;
everything in it can be made again from the FAQ.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import apsw
import sqlite_vec

from bot.errors import FaqbotError

Migration: TypeAlias = Callable[[apsw.Connection], None]
"""Brings a database from one version of its schema to the next."""

# A chunk of vectors is always read whole, so large pages pay even for a small FAQ.
_PAGE_BYTES = 65536
_LOG_BYTES = 64 * _PAGE_BYTES
_BUSY_MILLISECONDS = 10_000
_POLL_SECONDS = 0.02


class StorageError(FaqbotError):
    """The data folder or a database in it cannot be used."""


def make_data_folder(path: Path) -> None:
    """Create the data folder, kept out of version control.

    Raises:
        StorageError: it cannot be created or written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
        ignore = path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("# Made by faqbot, and made again when it is missing\n*\n")
    except OSError as error:
        raise StorageError(
            f"The data folder {path} cannot be written to ({error.strerror}): make it writable "
            "for the user who runs faqbot, or name another folder in FAQBOT_DATA_PATH."
        ) from None


def open_database(path: Path, migrations: Sequence[Migration]) -> apsw.Connection:
    """Open a database and bring its schema up to date.

    Args:
        path: the file; it is created where it is missing.
        migrations: all of them, the oldest first; the database notes how many it has had.

    Raises:
        StorageError: the file is no database, is newer than this program, or cannot be opened.
    """
    with plain_errors(path):
        connection = apsw.Connection(os.fspath(path))
        try:
            connection.set_busy_timeout(_BUSY_MILLISECONDS)
            connection.enable_load_extension(True)  # noqa: FBT003 - apsw takes no keyword
            connection.load_extension(sqlite_vec.loadable_path())
            connection.enable_load_extension(False)  # noqa: FBT003
            connection.pragma("page_size", _PAGE_BYTES)  # takes effect on a new file only
            _use_write_ahead_log(connection)
            # WAL keeps the file sound at this level; what a power cut may take back is the very
            # last commit, and all of it can be made again.
            connection.pragma("synchronous", "normal")
            # The defaults are counted in small pages; with these the log would grow to 64 MB.
            connection.pragma("wal_autocheckpoint", _LOG_BYTES // _PAGE_BYTES)
            connection.pragma("journal_size_limit", _LOG_BYTES)
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: apsw.Connection, *, write: bool = False) -> Iterator[None]:
    """Run a block in one transaction: one snapshot to read, all or nothing to write."""
    connection.execute("begin immediate" if write else "begin")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # on a full disk SQLite has rolled back by itself
            connection.execute("rollback")
        raise
    connection.execute("commit")


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says into words that an operator can act on."""
    try:
        yield
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise StorageError(
            f"{path} is not a sound database ({error}): move it away, and faqbot makes it anew "
            "from the FAQ."
        ) from None
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
        raise StorageError(
            f"{path} cannot be opened for writing ({error}): check who owns it and its folder."
        ) from None
    except (apsw.FullError, apsw.IOError) as error:
        raise StorageError(
            f"{path} cannot be written ({error}): check that the disk has room and works."
        ) from None
    except (apsw.BusyError, apsw.LockedError):
        raise StorageError(
            f"{path} has been locked by another process for {_BUSY_MILLISECONDS // 1000} seconds: "
            "stop that process, or try again."
        ) from None
    except apsw.ExtensionLoadingError as error:
        raise StorageError(
            f"sqlite-vec, a part of faqbot, cannot be loaded ({error}): install faqbot again."
        ) from None
    except apsw.Error as error:
        # An extension reports whatever befalls it, a full disk included, as a mere logic error.
        raise StorageError(
            f"{path} cannot be used ({error}): check that the disk has room. If it has, move the "
            "file away, and faqbot makes it anew from the FAQ."
        ) from error


def _use_write_ahead_log(connection: apsw.Connection) -> None:
    """Switch a new database over, waiting for others; SQLite itself gives up at once here."""
    deadline = time.monotonic() + _BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.pragma("journal_mode", "wal")
        except apsw.BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def _migrate(connection: apsw.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    # Most of the time there is nothing to do, and nobody need wait for the writer to see that.
    if _version(connection) == len(migrations):
        return
    with transaction(connection, write=True):
        version = _version(connection)
        if version > len(migrations):
            raise StorageError(
                f"{path} was made by a newer faqbot (its schema is version {version}, this one "
                f"knows {len(migrations)}): update faqbot, or name another folder in "
                "FAQBOT_DATA_PATH."
            )
        for migrate in migrations[version:]:
            migrate(connection)
        connection.pragma("user_version", len(migrations))


def _version(connection: apsw.Connection) -> int:
    version = connection.pragma("user_version")
    assert isinstance(version, int)  # noqa: S101 - SQLite keeps it as an integer
    return version
