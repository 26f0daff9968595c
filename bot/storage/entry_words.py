"""The entries' words in a full-text table: how they are written, and how they are searched.

One row an entry, in the row of its position. It holds the tokens of bot.matching.words and not the
text, so that a question's tokens and the FAQ's are made by the same rules in every script; SQLite's
tokenizer parts them at the spaces again and changes nothing. All functions here run within a
transaction of their caller.
"""

import hashlib
import json
from collections.abc import Sequence

import apsw

from bot.matching.words import words
from bot.model import Entry

_MOST_WORDS = 64
# A row costs about half a microsecond. Where words occur in more rows than this together, the
# commonest are left out: they tell the least, and cost the most.
_FEWEST_ROWS = 400
_ROWS_AN_ENTRY = 0.5


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


def write_entry_words(connection: apsw.Connection, entries: Sequence[Entry]) -> None:
    """Put the words of these entries, numbered from 1, in the place of what is there."""
    before = {
        text_hash: (questions, answer)
        for text_hash, questions, answer in connection.execute(
            "select text_hash, questions, answer from found_words"
        )
    }
    found = {}
    hashes = [_hash(entry) for entry in entries]
    for text_hash, entry in zip(hashes, entries, strict=True):
        found[text_hash] = before.get(text_hash) or (
            " ".join(words("\n".join(entry.phrasings))),
            " ".join(words("\n".join((*entry.answers, *entry.details.keywords)))),
        )
    connection.executemany(
        "delete from found_words where text_hash = ?", ((it,) for it in before.keys() - found)
    )
    connection.executemany(
        "insert into found_words (text_hash, questions, answer) values (?, ?, ?)",
        ((it, *found[it]) for it in found.keys() - before),
    )
    connection.execute("insert into entry_words (entry_words) values ('delete-all')")
    connection.executemany(
        "insert into entry_words (rowid, questions, answer) values (?, ?, ?)",
        ((position, *found[text_hash]) for position, text_hash in enumerate(hashes, start=1)),
    )
    connection.execute(
        """
        delete from word_counts;
        insert into word_counts (word, entries) select term, doc from entry_vocabulary
        """
    )


def read_worded(
    connection: apsw.Connection, tokens: Sequence[str], limit: int, entries: int
) -> tuple[str, ...]:
    """Find the entries that share the most telling words with a question, by FTS5's bm25.

    Args:
        connection: within a transaction.
        tokens: the question's, made by bot.matching.words.
        limit: how many entries are wanted at most.
        entries: how many there are.

    Returns:
        Ids, the best first, equally good ones by id.
    """
    telling = _telling(connection, tokens, max(_FEWEST_ROWS, int(entries * _ROWS_AN_ENTRY)))
    if not telling:
        return ()
    rows = connection.execute(
        """
        with scored as materialized (
            select rowid as position, bm25(entry_words) as score  -- the lower, the better
            from entry_words where entry_words match :query
        ), worst as (
            select max(score) as score from (select score from scored order by score limit :limit)
        )
        select id from scored join entries using (position)
        where scored.score <= (select score from worst)
        order by scored.score, id limit :limit
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
