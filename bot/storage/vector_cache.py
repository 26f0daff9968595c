"""The FAQ's vectors between runs: by model, dimensions and text, each text embedded once."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import apsw
import numpy as np

from bot.model import EmbeddingModel, Vector
from bot.storage.database import transaction
from bot.storage.sqlite_file import SqliteFile

_DAY_SECONDS = 86_400
_MODEL_DECIDES = 0


def _first_schema(connection: apsw.Connection) -> None:
    connection.execute(
        """
        create table vectors (
            model text not null,
            dimensions integer not null,  -- as asked for; 0 leaves it to the model
            text_hash blob not null,
            vector blob not null,
            last_used_day integer not null,
            primary key (model, dimensions, text_hash)
        ) strict, without rowid;
        """
    )


MIGRATIONS = (_first_schema,)


class SqliteVectorCache(SqliteFile):
    """A cache in a SQLite file of its own: it may be deleted, and serves every FAQ here."""

    def __init__(
        self, path: Path, *, keep_days: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Open or create the cache.

        Args:
            path: the file.
            keep_days: how long a vector stays that no FAQ uses.
            clock: seconds since the epoch.

        Raises:
            StorageError: the file cannot be used.
        """
        self._keep_days = keep_days
        self._clock = clock
        super().__init__(path, MIGRATIONS)

    def get(self, model: EmbeddingModel, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Give the vectors that are there, by text."""
        found: dict[str, Vector] = {}
        # All of one array is given back at once when it is let go of; what is not filled costs no
        # memory.
        filling = np.empty((0, 0), dtype=np.float32)
        with self._reading() as connection, transaction(connection):
            for place, text in enumerate(texts):
                rows = connection.execute(
                    "select vector from vectors where model = ? and dimensions = ? "
                    "and text_hash = ?",
                    (*_key(model), _hash(text)),
                )
                for (blob,) in rows:
                    vector = np.frombuffer(blob, dtype="<f4")
                    if filling.shape[1] != len(vector):
                        filling = np.empty((len(texts), len(vector)), dtype=np.float32)
                    filling[place] = vector
                    found[text] = filling[place]
        return found

    def put(self, model: EmbeddingModel, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by text."""
        today = self._today()
        with self._writing() as connection:
            connection.executemany(
                "insert or replace into vectors values (?, ?, ?, ?, ?)",
                (
                    (*_key(model), _hash(text), vector.astype("<f4").tobytes(), today)
                    for text, vector in vectors.items()
                ),
            )

    def keep(self, model: EmbeddingModel, texts: Sequence[str]) -> None:
        """Note that these texts are in use, and drop what nobody has used for long."""
        today = self._today()
        with self._writing() as connection:
            connection.executemany(
                "update vectors set last_used_day = ? where model = ? and dimensions = ? "
                "and text_hash = ? and last_used_day <> ?",
                ((today, *_key(model), _hash(text), today) for text in texts),
            )
            connection.execute(
                "delete from vectors where last_used_day < ?", (today - self._keep_days,)
            )

    def _today(self) -> int:
        return int(self._clock() // _DAY_SECONDS)


def _key(model: EmbeddingModel) -> tuple[str, int]:
    return model.name, model.dimensions or _MODEL_DECIDES


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
