"""What was told in Telegram, so that votes, follow-ups and admins can come back to it."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import apsw

from bot.model import OutcomeKind
from bot.storage.sqlite_file import SqliteFile
from bot.told import SentAnswer, Told, Vote

_KEPT_SECONDS = 30 * 24 * 3600.0


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
        create table sent_answers (
            chat_id integer not null,
            message_id integer not null,  -- of the last message
            first_message_id integer not null,
            question text not null,
            kind text not null,
            entry_ids text not null,  -- JSON
            scores text not null,  -- JSON, pairs of an id and a score
            was_chosen integer not null,
            vote text,
            sent_at real not null,  -- seconds since the epoch
            primary key (chat_id, message_id)
        ) strict, without rowid;
        create index sent_answers_by_age on sent_answers (sent_at);
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteSentAnswers(SqliteFile):
    """Answers of the last 30 days in a SQLite file of its own: it may be deleted."""

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

    def put(self, answer: SentAnswer) -> None:
        """Remember what was told, in the place of what was told by the same messages.

        What is older than 30 days is forgotten.
        """
        now, told = self._clock(), answer.told
        with self._writing() as connection:
            connection.execute("delete from sent_answers where sent_at < ?", (now - _KEPT_SECONDS,))
            _forget(connection, answer.chat_id, answer.first_message_id, answer.message_id)
            connection.execute(
                "insert into sent_answers values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(answer.chat_id, answer.message_id, answer.first_message_id, told.question),
                    *(told.kind, json.dumps(told.entry_ids), json.dumps(told.scores)),
                    *(told.was_chosen, answer.vote, now),
                ),
            )

    def get(self, chat_id: int, message_id: int) -> SentAnswer | None:
        """Give what a message told, or one of several; None where it told nothing, or long ago."""
        with self._reading() as connection:
            row = connection.execute(
                """
                select first_message_id, message_id, question, kind, entry_ids, scores,
                       was_chosen, vote
                from sent_answers
                where chat_id = ? and message_id >= ? and sent_at >= ?
                order by message_id limit 1
                """,
                (chat_id, message_id, self._clock() - _KEPT_SECONDS),
            ).fetchone()
        if row is None or row[0] > message_id:
            return None
        first, last, question, kind, entry_ids, scores, was_chosen, vote = row
        told = Told(
            question,
            OutcomeKind(kind),
            tuple(json.loads(entry_ids)),
            tuple((id_, score) for id_, score in json.loads(scores)),
            was_chosen=bool(was_chosen),
        )
        return SentAnswer(chat_id, first, last, told, Vote(vote) if vote else None)

    def vote(self, chat_id: int, message_id: int, vote: Vote | None) -> None:
        """Note what somebody thinks of what was told; in vain where nothing was, or long ago.

        Args:
            chat_id: where.
            message_id: the last one of those that told it.
            vote: None takes back what was noted before.
        """
        with self._writing() as connection:
            connection.execute(
                "update sent_answers set vote = ? where chat_id = ? and message_id = ?",
                (vote, chat_id, message_id),
            )

    def forget(self, chat_id: int, first_message_id: int, message_id: int) -> None:
        """Forget what was told by messages that tell something else now."""
        with self._writing() as connection:
            _forget(connection, chat_id, first_message_id, message_id)

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        with self._writing() as connection:
            connection.execute(
                "update or replace sent_answers set chat_id = ? where chat_id = ?",
                (new_chat_id, old_chat_id),
            )


def _forget(
    connection: apsw.Connection, chat_id: int, first_message_id: int, message_id: int
) -> None:
    connection.execute(
        """
        delete from sent_answers
        where chat_id = ? and message_id >= ? and first_message_id <= ?
        """,
        (chat_id, first_message_id, message_id),
    )
