"""Which languages people and groups have chosen, and nothing else about them."""

from pathlib import Path
from typing import Any

import apsw

from bot.storage.sqlite_file import SqliteFile


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
        create table chosen_languages (
            chat_id integer primary key,  -- of a private chat: the person's id
            language text not null
        ) strict;
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteChosenLanguages(SqliteFile):
    """Chosen languages in a SQLite file of its own.

    All are kept in memory, too, since every message asks for one. Nobody else writes the file.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Args:
            path: the file.

        Raises:
            StorageError: the file cannot be used.
        """
        super().__init__(path, MIGRATIONS)
        with self._reading() as connection:
            rows: Any = connection.execute("select chat_id, language from chosen_languages")
            self._chosen = {int(chat_id): str(language) for chat_id, language in rows}

    def get(self, chat_id: int) -> str | None:
        """Give the tag that was chosen in a chat; None where none was."""
        return self._chosen.get(chat_id)

    def put(self, chat_id: int, language: str | None) -> None:
        """Keep what was chosen; None forgets it."""
        with self._writing() as connection:
            if language is None:
                connection.execute("delete from chosen_languages where chat_id = ?", (chat_id,))
                self._chosen.pop(chat_id, None)
            else:
                connection.execute(
                    "insert or replace into chosen_languages values (?, ?)", (chat_id, language)
                )
                self._chosen[chat_id] = language

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        language = self.get(old_chat_id)
        if language:
            self.put(new_chat_id, language)
            self.put(old_chat_id, None)
