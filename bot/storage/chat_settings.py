"""What the admins of a chat have set for it."""

import threading
from pathlib import Path

import apsw

from bot.model import GroupMode
from bot.storage.database import open_database, plain_errors, transaction


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
        create table chat_settings (
            chat_id integer primary key,
            group_mode text not null
        ) strict;
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteChatSettings:
    """Settings by chat in a SQLite file of its own; without it the defaults hold again."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises:
            StorageError: the file cannot be used.
        """
        self._path = path
        self._connection = open_database(path, MIGRATIONS)
        self._using = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._using:
            self._connection.close()

    def group_modes(self) -> dict[int, GroupMode]:
        """Give when to speak in groups that have settled it, by chat id."""
        with self._using, plain_errors(self._path):
            rows = self._connection.execute("select chat_id, group_mode from chat_settings")
            return {chat_id: GroupMode(mode) for chat_id, mode in rows}

    def set_group_mode(self, chat_id: int, mode: GroupMode) -> None:
        """Keep when to speak in a group."""
        with self._using, plain_errors(self._path), transaction(self._connection, write=True):
            self._connection.execute(
                "insert or replace into chat_settings values (?, ?)", (chat_id, mode)
            )

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        with self._using, plain_errors(self._path), transaction(self._connection, write=True):
            self._connection.execute(
                "update or replace chat_settings set chat_id = ? where chat_id = ?",
                (new_chat_id, old_chat_id),
            )
