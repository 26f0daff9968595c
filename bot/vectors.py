"""Texts to vectors, asking the model only for what is nowhere to be had yet."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.model import EmbeddingModel, Usage, Vector, Vectors
from bot.ports import Embedder, VectorCache

# Each batch is cached as it arrives: whatever stops a long run, nothing is paid for twice.
_BATCH = 256
_MOST_QUESTIONS = 2048


class Vectorizer:
    """An embedder with a memory: on disk for the FAQ, bounded and in memory for questions."""

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self._questions: OrderedDict[str, Vector] = OrderedDict()

    @property
    def model(self) -> EmbeddingModel:
        """The model in use."""
        return self._embedder.model

    @property
    def usage(self) -> Usage:
        """What has been used since the start."""
        return self._embedder.usage

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that the model speaks, by ISO 639-1 code; None where nobody knows."""
        return self._embedder.languages

    async def asked(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Embed what somebody asks, in one request; a phrasing of the FAQ needs no model for that.

        Raises:
            EmbedderError: a vector is not at hand and cannot be made.
        """
        prepared = self._prepared(texts)
        found = self._found(prepared)
        unknown = [text for text in prepared if text not in found]
        if unknown:
            found |= zip(unknown, await self._embedder.embed(unknown), strict=True)
        for text in prepared:
            self._questions[text] = found[text]
            self._questions.move_to_end(text)
        while len(self._questions) > _MOST_QUESTIONS:
            self._questions.popitem(last=False)
        return {text: found[self._embedder.prepare(text)] for text in texts}

    def at_hand(self, texts: Sequence[str]) -> Mapping[str, Vector] | None:
        """Give the vectors of texts without asking the model; None where one is missing."""
        found = self._found(self._prepared(texts))
        prepared = {text: self._embedder.prepare(text) for text in texts}
        if not found.keys() >= set(prepared.values()):
            return None
        return {text: found[prepared[text]] for text in texts}

    def _found(self, prepared: Sequence[str]) -> dict[str, Vector]:
        found = {text: self._questions[text] for text in prepared if text in self._questions}
        unknown = [text for text in prepared if text not in found]
        if unknown:
            found |= self._cache.get(self.model, unknown)
        return found

    async def questions(
        self, texts: Sequence[str], progress: Callable[[int, int], None]
    ) -> Mapping[str, Vector]:
        """Embed many questions in batches, remembering none of them.

        Raises:
            EmbedderError: they could not all be embedded.
        """
        prepared = self._prepared(texts)
        vectors = dict(self._cache.get(self.model, prepared))
        wanted = [text for text in prepared if text not in vectors]
        for start in range(0, len(wanted), _BATCH):
            progress(start, len(wanted))
            batch = wanted[start : start + _BATCH]
            vectors.update(zip(batch, await self._embedder.embed(batch), strict=True))
        progress(len(wanted), len(wanted))
        return {text: vectors[self._embedder.prepare(text)] for text in texts}

    async def keep(self, texts: Sequence[str]) -> None:
        """Note that the FAQ still uses these texts, so that their vectors stay."""
        await asyncio.to_thread(self._cache.keep, self.model, self._prepared(texts))

    def missing(self, texts: Sequence[str]) -> int:
        """Count the texts for which the model would have to be asked."""
        prepared = self._prepared(texts)
        return len(prepared) - len(self._cache.get(self.model, prepared))

    async def of_faq(
        self,
        texts: Sequence[str],
        progress: Callable[[int, int], None],
        *,
        afresh: bool = False,
    ) -> tuple[Mapping[str, Vector], int]:
        """Embed the FAQ's texts.

        Args:
            texts: all of them; equal ones are embedded once.
            progress: is told how many of how many texts that need the model are done.
            afresh: ask the model for all of them.

        Returns:
            A vector for each text, and how many had to be embedded.

        Raises:
            EmbedderError: what was embedded before that is kept.
        """
        prepared = self._prepared(texts)
        found: dict[str, Vector] = {}
        if afresh:
            self._questions.clear()
        else:
            found.update(await asyncio.to_thread(self._cache.get, self.model, prepared))
        embedded = await self._embed([it for it in prepared if it not in found], found, progress)
        lengths = {len(found[text]) for text in embedded}
        stale = [text for text, vector in found.items() if lengths and len(vector) not in lengths]
        if stale:
            # The same name now stands for another model: what it made before compares to nothing.
            self._questions.clear()
            embedded += await self._embed(stale, found, progress)
        await asyncio.to_thread(self._cache.keep, self.model, prepared)
        return {text: found[self._embedder.prepare(text)] for text in texts}, len(embedded)

    async def _embed(
        self, texts: Sequence[str], into: dict[str, Vector], progress: Callable[[int, int], None]
    ) -> list[str]:
        rows: Vectors | None = None
        for start in range(0, len(texts), _BATCH):
            progress(start, len(texts))
            batch = texts[start : start + _BATCH]
            fresh = await self._embedder.embed(batch)
            if rows is None or rows.shape[1] != fresh.shape[1]:
                # All of one array is given back at once when it is let go of.
                rows = np.empty((len(texts), fresh.shape[1]), dtype=np.float32)
            rows[start : start + len(batch)] = fresh
            done = dict(zip(batch, rows[start : start + len(batch)], strict=True))
            await asyncio.to_thread(self._cache.put, self.model, done)
            into.update(done)
        if texts:
            progress(len(texts), len(texts))
        return list(texts)

    def _prepared(self, texts: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(map(self._embedder.prepare, texts)))
