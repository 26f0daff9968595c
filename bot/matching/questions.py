"""Questions in all the forms that evidence asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.language import foreignness
from bot.matching.lexicon import Bag, bag
from bot.matching.segments import Floats, Integers
from bot.matching.words import grams, words
from bot.model import Vectors


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions in all the forms that voices ask for; n of them."""

    vectors: Vectors | None
    """Shape (n, d); None where no embeddings are to be had."""
    words: tuple[Bag, ...]
    grams: tuple[Bag, ...]
    foreign: Floats
    """How surely each is in no language of the FAQ, from 0 to 1, shape (n,)."""

    @classmethod
    def of(
        cls, texts: Sequence[str], vectors: Vectors | None, languages: Sequence[str] = ()
    ) -> "Questions":
        """Take texts apart.

        Args:
            texts: the questions.
            vectors: theirs, shape (n, d), or None.
            languages: the FAQ's; none where the questions are its own.
        """
        return cls(
            vectors,
            tuple(bag(words(text)) for text in texts),
            tuple(bag(grams(text)) for text in texts),
            np.array([foreignness(text, languages) for text in texts]),
        )

    def __len__(self) -> int:
        return len(self.words)

    def some(self, rows: Integers) -> "Questions":
        """Keep these questions only."""
        return Questions(
            None if self.vectors is None else self.vectors[rows],
            tuple(self.words[row] for row in rows),
            tuple(self.grams[row] for row in rows),
            self.foreign[rows],
        )
