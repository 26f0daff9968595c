"""What the core needs from outside, as protocols, and the errors that they promise."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.errors import FaqbotError
from bot.model import (
    Candidates,
    EmbeddingModel,
    Entry,
    IndexState,
    Served,
    Usage,
    Vector,
    Vectors,
)
from bot.publication import History, Pin, Record


class EmbedderError(FaqbotError):
    """The embedding model could not be asked, or answered nonsense."""


class IndexNotReadyError(FaqbotError):
    """There is no index yet, or it was made by another model than the one in use."""


class IndexBusyError(FaqbotError):
    """Another process has been writing the index for longer than anyone should wait."""


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def model(self) -> EmbeddingModel:
        """The model in use."""
        ...

    @property
    def usage(self) -> Usage:
        """What has been used since the start."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that the model speaks, by ISO 639-1 code; None where nobody knows."""
        ...

    def prepare(self, text: str) -> str:
        """Give the text as the model is to see it. Equal results have equal vectors."""
        ...

    async def warm_up(self) -> None:
        """Load what is slow to load, so that the first question does not wait for it."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed prepared texts, each with at least one word.

        Returns:
            Shape (len(texts), dimensions), rows in the order of the texts, of length 1.

        Raises:
            EmbedderError: with a message for the operator.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class VectorCache(Protocol):
    """Keeps the FAQ's vectors between runs, by model and prepared text."""

    def get(self, model: EmbeddingModel, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Give the vectors that are there."""
        ...

    def put(self, model: EmbeddingModel, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by their prepared texts."""
        ...

    def keep(self, model: EmbeddingModel, texts: Sequence[str]) -> None:
        """Note that these texts are in use, and drop what nobody has used for long."""
        ...


class Index(Protocol):
    """The FAQ as it is served: entries, phrasings and their vectors, always of one piece."""

    def state(self) -> IndexState | None:
        """Tell what the index was built from; None before the first build."""
        ...

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries in the order of the FAQ."""
        ...

    def candidates(
        self,
        vector: Vector | None,
        words: Sequence[str],
        model: EmbeddingModel,
        *,
        limit: int,
        roughly: bool = False,
    ) -> Candidates:
        """Find the entries that may answer a question: by its vector, and by its words.

        Args:
            vector: the question's, of length 1; None where there is none, and nothing is near.
            words: the question's, made by bot.matching.words; none find nothing.
            model: what made the vectors.
            limit: how many entries are wanted at most in each way, at least 1.
            roughly: whether about so many of the nearest, in no order, will do: much sooner found.

        Raises:
            IndexNotReadyError: nothing is there for this model.
        """
        ...

    def served(self, model: EmbeddingModel, *, with_fitted: bool = True) -> Served:
        """Give all entries and what was fitted to them, of one state.

        Args:
            model: the one in use.
            with_fitted: whether to read what was fitted, which is large.

        Raises:
            IndexNotReadyError: nothing is there for this model.
        """
        ...

    def history(self) -> History:
        """Tell which states were published, and which one serves."""
        ...

    def published(self, number: int) -> tuple[Entry, ...]:
        """Give the entries of a published state; none of one that is not kept."""
        ...

    def unpin(self) -> None:
        """Let the state that serves be replaced again by whatever stands in the files."""
        ...

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Be the only writer over all processes.

        Raises:
            IndexBusyError: another writer did not come to an end.
        """
        ...

    def replace(  # noqa: PLR0913 - what becomes of the whole index
        self,
        entries: Sequence[Entry],
        vectors: Mapping[str, Vector],
        model: EmbeddingModel,
        *,
        fitted: Sequence[bytes | memoryview] | None = (),
        refreshed: bytes = b"",
        afresh: bool = False,
        state: Record | Pin | None = None,
    ) -> None:
        """Serve these entries from now on, in one transaction.

        Args:
            entries: the whole FAQ.
            vectors: by question, one for each question of each entry.
            model: what made the vectors.
            fitted: what was fitted to these entries, in parts that `served` gives back as one;
                None keeps what is there.
            refreshed: what is new to what was fitted, given back beside it.
            afresh: take over every vector, of unchanged phrasings, too.
            state: what to note of a state that is new; the pin that an earlier state is to serve
                with; None where it is the same state as before.

        Raises:
            ValueError: a vector is missing, zero, not finite, or of another length.
        """
        ...
