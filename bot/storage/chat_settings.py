"""What the admins of a chat have set for it."""

from pathlib import Path

import apsw

from bot.model import GroupMode
from bot.storage.sqlite_file import SqliteFile


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


class SqliteChatSettings(SqliteFile):
    """Settings by chat in a SQLite file of its own; without it the defaults hold again."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Args:
            path: the file.

        Raises:
            StorageError: the file cannot be used.
        """
        super().__init__(path, MIGRATIONS)

    def group_modes(self) -> dict[int, GroupMode]:
        """Give when to speak in groups that have settled it, by chat id."""
        with self._reading() as connection:
            rows = connection.execute("select chat_id, group_mode from chat_settings")
            return {chat_id: GroupMode(mode) for chat_id, mode in rows}

    def set_group_mode(self, chat_id: int, mode: GroupMode) -> None:
        """Keep when to speak in a group."""
        with self._writing() as connection:
            connection.execute(
                "insert or replace into chat_settings values (?, ?)", (chat_id, mode)
            )

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        with self._writing() as connection:
            connection.execute(
                "update or replace chat_settings set chat_id = ? where chat_id = ?",
                (new_chat_id, old_chat_id),
            )
