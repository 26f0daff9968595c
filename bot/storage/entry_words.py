"""The entries' words in a full-text table: how they are written, and how they are searched.

One row an entry, in the slot of its first phrasing, which stays when other entries come and go. It
holds the tokens of bot.matching.words and not the text, so that a question's tokens and the FAQ's
are made by the same rules in every script; SQLite's tokenizer parts them at the spaces again and
changes nothing. All functions here run within a transaction of their caller.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

import apsw

from bot.matching.words import words
from bot.model import Entry

_MOST_WORDS = 64
# A row costs about a microsecond. Where words occur in more rows than this together, the commonest
# are left out: they tell the least, and cost the most.
_FEWEST_ROWS = 100
_ROWS_AN_ENTRY = 0.1
_TIMES_ALONE = 5
"""How many times as much is looked at where nothing but words can find an entry."""


def create_entry_words(connection: apsw.Connection) -> None:
    """Create the tables."""
    connection.execute(
        """
        -- To the tokenizer ascii all beyond ASCII is a letter, so no token is ever parted.
        create virtual table entry_words using fts5(
            questions, answer, content='', tokenize="ascii tokenchars '.'"
        );
        create virtual table entry_vocabulary using fts5vocab(entry_words, row);
        -- The same counts as in the vocabulary, which counts anew whenever it is asked.
        create table word_counts (
            word text primary key,
            entries integer not null
        ) strict, without rowid;
        -- Finding the words of ten thousand entries takes a second, reading them back a moment.
        create table found_words (
            text_hash blob primary key,
            questions text not null,
            answer text not null
        ) strict, without rowid;
        """
    )


def key_entry_words_by_row(connection: apsw.Connection) -> None:
    """Note which row has which words, so that an edit exchanges a few of them and not all."""
    connection.execute(
        """
        drop table entry_vocabulary;
        drop table found_words;
        -- What stands in each row: finding the words of ten thousand entries takes a second, and
        -- the full-text table wants to be told what it is to forget.
        create table found_words (
            row integer primary key,
            text_hash blob not null,
            questions text not null,
            answer text not null
        ) strict;
        insert into entry_words (entry_words) values ('delete-all');
        delete from word_counts;
        """
    )


def write_entry_words(connection: apsw.Connection, entries: Mapping[int, Entry]) -> None:
    """Put the words of these entries, by row, in the place of what is there."""
    before: dict[int, bytes] = dict(connection.execute("select row, text_hash from found_words"))
    after = {row: _hash(entry) for row, entry in entries.items()}
    gone = [row for row, text_hash in before.items() if after.get(row) != text_hash]
    fresh = [row for row, text_hash in after.items() if before.get(row) != text_hash]
    counts: Counter[str] = Counter()
    known: dict[bytes, tuple[str, str]] = {}
    for row in gone:
        [found] = connection.execute(
            "select questions, answer from found_words where row = ?", (row,)
        )
        known[before[row]] = found
        counts.subtract(_tokens(found))
    if len(gone) == len(before):
        connection.execute(
            "insert into entry_words (entry_words) values ('delete-all'); delete from found_words"
        )
    else:
        connection.executemany(
            "insert into entry_words (entry_words, rowid, questions, answer) "
            "values ('delete', ?, ?, ?)",
            ((row, *known[before[row]]) for row in gone),
        )
        connection.executemany("delete from found_words where row = ?", ((row,) for row in gone))
    for row in fresh:
        found = known.get(after[row]) or _found(entries[row])
        counts.update(_tokens(found))
        connection.execute(
            "insert into entry_words (rowid, questions, answer) values (?, ?, ?)", (row, *found)
        )
        connection.execute(
            "insert into found_words (row, text_hash, questions, answer) values (?, ?, ?, ?)",
            (row, after[row], *found),
        )
    connection.executemany(
        "insert into word_counts (word, entries) values (?, ?) "
        "on conflict (word) do update set entries = entries + excluded.entries",
        ((word, count) for word, count in counts.items() if count),
    )
    connection.execute("delete from word_counts where entries = 0")


def _found(entry: Entry) -> tuple[str, str]:
    return (
        " ".join(words("\n".join(entry.phrasings))),
        " ".join(words("\n".join((*entry.answers, *entry.details.keywords)))),
    )


def _tokens(found: tuple[str, str]) -> set[str]:
    questions, answer = found
    return {*questions.split(" "), *answer.split(" ")} - {""}


def read_worded(
    connection: apsw.Connection,
    tokens: Sequence[str],
    limit: int,
    entries: int,
    *,
    alone: bool,
) -> tuple[str, ...]:
    """Find the entries that share the most telling words with a question, by FTS5's bm25.

    Args:
        connection: within a transaction.
        tokens: the question's, made by bot.matching.words.
        limit: how many entries are wanted at most.
        entries: how many there are.
        alone: whether nothing else finds any.

    Returns:
        Ids, the best first, equally good ones by id.
    """
    most_rows = max(_FEWEST_ROWS, int(entries * _ROWS_AN_ENTRY))
    telling = _telling(connection, tokens, most_rows * _TIMES_ALONE if alone else most_rows)
    if not telling:
        return ()
    rows = connection.execute(
        """
        with scored as materialized (
            select rowid as slot, bm25(entry_words) as score  -- the lower, the better
            from entry_words where entry_words match :query
        ), worst as (
            select max(score) as score from (select score from scored order by score limit :limit)
        )
        select entry_id from scored join phrasings using (slot)
        where scored.score <= (select score from worst)
        order by scored.score, entry_id limit :limit
        """,
        {"query": " OR ".join(map(_quoted, telling)), "limit": limit},
    )
    return tuple(id_ for (id_,) in rows)


def _telling(connection: apsw.Connection, tokens: Sequence[str], most_rows: int) -> list[str]:
    """Choose the rarest of these words that occur at all, at least one."""
    rows = connection.execute(
        """
        select word, entries from word_counts
        where word in (select value from json_each(?))
        order by entries, word limit ?
        """,
        (json.dumps(list(tokens)), _MOST_WORDS),
    )
    chosen: list[str] = []
    for word, entries in rows:
        most_rows -= entries
        if chosen and most_rows < 0:
            break
        chosen.append(word)
    return chosen


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _hash(entry: Entry) -> bytes:
    # Cleaned texts have no such character in them.
    return hashlib.sha256(
        "\0".join((*entry.answers, *entry.details.keywords, "", *entry.phrasings)).encode()
    ).digest()
