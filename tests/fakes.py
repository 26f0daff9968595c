"""Hand-written stand-ins at the ports."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from bot.errors import FaqbotError
from bot.model import EmbeddingModel, Entry, Source, Usage, Vector, Vectors
from bot.text import normalise

FAKE_MODEL = EmbeddingModel("fake words", 64)


class FakeEmbedder:
    """Embeds by words: texts that share words are near, others are not. Records what it is asked.

    Set `failure` to have every request fail with it, and `gate` to have them wait for it.
    """

    def __init__(self, model: EmbeddingModel = FAKE_MODEL) -> None:
        self.model = model
        self.usage = Usage()
        self.languages: frozenset[str] | None = None
        self.asked: list[str] = []
        self.failure: FaqbotError | None = None
        self.gate: asyncio.Event | None = None
        self.is_closed = False

    def prepare(self, text: str) -> str:
        """Fold like the local embedder does."""
        return normalise(text)

    async def warm_up(self) -> None:
        """Do nothing."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed, or fail as told."""
        if self.failure:
            raise self.failure
        self.asked += texts
        if self.gate:
            await self.gate.wait()
        self.usage += Usage(tokens=sum(len(text.split()) for text in texts))
        return np.stack([word_vector(text, self.model.dimensions or 64) for text in texts])

    async def close(self) -> None:
        """Note that it was closed."""
        self.is_closed = True


class FakeVectorCache:
    """A cache in memory that never forgets."""

    def __init__(self) -> None:
        self.vectors: dict[tuple[EmbeddingModel, str], Vector] = {}
        self.kept: list[str] = []

    def get(self, model: EmbeddingModel, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Give what is there."""
        return {text: self.vectors[model, text] for text in texts if (model, text) in self.vectors}

    def put(self, model: EmbeddingModel, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors."""
        self.vectors |= {(model, text): vector for text, vector in vectors.items()}

    def keep(self, _model: EmbeddingModel, texts: Sequence[str]) -> None:
        """Note which texts are in use."""
        self.kept = list(texts)


def word_vector(text: str, dimensions: int = 64) -> Vector:
    """Embed a text by its words: each adds to a coordinate of its own, more or less."""
    vector = np.zeros(dimensions, dtype=np.float32)
    for word in text.split() or [""]:
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % dimensions] += 1
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def entry(id_: str, *questions: str, answer: str = "An answer.", file: str = "faq.md") -> Entry:
    """Make an entry; without questions its id is the question."""
    return Entry(id_, questions or (id_,), answer, None, None, Source(file, 1))


ZOO = tuple(
    entry(id_, *questions, answer=answer)
    for id_, answer, *questions in (
        (
            *("hours", "At nine.", "when do you open", "when do you open on sunday"),
            *("opening hours when you open", "when do you close"),
        ),
        (
            *("place", "Here.", "where is the zoo", "where is the zoo on the map"),
            *("address of the zoo", "where can i find the zoo"),
        ),
        (
            *("price", "Nothing.", "what does a ticket cost", "price of a ticket"),
            *("what does a ticket for children cost", "ticket cost"),
        ),
        (
            *("food", "Yes.", "may i bring my own lunch", "can i eat my own lunch"),
            *("is there lunch to eat", "lunch to eat"),
        ),
        (
            *("dogs", "No.", "are dogs allowed", "are dogs allowed on a leash"),
            *("may my dogs come in", "dogs allowed"),
        ),
        (
            *("parking", "Behind the zoo.", "where to park a car", "park my car"),
            *("car park fee", "is there a car park"),
        ),
        (
            *("photos", "Without flash.", "may i take photos", "take photos of lions"),
            *("photos with a flash", "are photos fine"),
        ),
        (
            *("tours", "At noon.", "is there a guided tour", "guided tour through the zoo"),
            *("how long is a guided tour", "book a tour"),
        ),
        (
            *("toilets", "Near the lake.", "where are toilets", "nearest toilets please"),
            *("toilets for wheelchairs", "clean toilets"),
        ),
        (
            *("strollers", "At the gate.", "can i rent a stroller", "rent a stroller for my baby"),
            *("stroller to rent", "baby stroller"),
        ),
    )
)
"""A FAQ in which phrasings of one entry share words, so that what FakeEmbedder embeds has meaning.

It is large enough to learn from. The answers are sentences of their own.
"""
