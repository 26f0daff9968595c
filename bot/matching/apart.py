"""Entries taken apart: every text that is embedded, and what evidence is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.matching.entry_parts import Parts
from bot.matching.questions import Questions
from bot.matching.sentences import plain_text, sentences
from bot.model import Entry, Vector, Vectors

_MOST_REMEMBERED = 50_000
_BEGINNING_CHARS = 300


def texts_to_embed(entries: Sequence[Entry]) -> list[str]:
    """Give every text whose vector `Matcher.fit` wants: phrasings first, then sentences."""
    texts = dict.fromkeys(question for entry in entries for question in entry.phrasings)
    texts |= dict.fromkeys(text for entry in entries for text in _sentences(entry))
    return list(texts)


def _sentences(entry: Entry) -> list[str]:
    """Give the first sentences of its answer in each language, none twice."""
    return list(dict.fromkeys(text for answer in entry.answers for text in _in_answer(answer)))


# A FAQ is taken apart with every update, and hardly any of its answers have changed.
_in_answer = lru_cache(maxsize=_MOST_REMEMBERED)(sentences)


def _words_below(entry: Entry) -> str:
    """Give the words that speak for an entry without being its questions."""
    return plain_text("\n".join((*entry.answers, *entry.details.keywords)))


def speaking(entry: Entry) -> tuple[object, ...]:
    """Give all that speaks for an entry."""
    return entry.phrasings, entry.answers, entry.details.keywords


@dataclass(frozen=True, slots=True)
class Apart:
    """Entries taken apart."""

    ids: tuple[str, ...]
    phrasings: tuple[tuple[str, ...], ...]
    """Each entry's, ascending."""
    beginnings: tuple[str, ...]
    """Of each entry's words below its questions."""
    parts: Parts

    @classmethod
    def of_faq(cls, entries: Sequence[Entry], vectors: Mapping[str, Vector]) -> "Apart":
        """Take a whole FAQ apart, by id.

        Args:
            entries: at least one.
            vectors: by text, for each of `texts_to_embed`.
        """
        ordered = sorted(entries, key=lambda entry: entry.id)
        return cls.of(ordered, vectors, len(vectors[ordered[0].question]))

    @classmethod
    def of(
        cls, ordered: Sequence[Entry], vectors: Mapping[str, Vector], dimensions: int
    ) -> "Apart":
        """Take entries apart.

        Args:
            ordered: the entries.
            vectors: by text, for each of `texts_to_embed`.
            dimensions: their length.
        """
        phrasings = tuple(tuple(sorted(entry.phrasings)) for entry in ordered)
        texts = [text for group in phrasings for text in group]
        sentences_of = [_sentences(entry) for entry in ordered]
        below = [_words_below(entry) for entry in ordered]
        parts = Parts.of(
            Questions.of(texts, _stacked([vectors[text] for text in texts], dimensions)),
            [len(group) for group in phrasings],
            below,
            [len(group) for group in sentences_of],
            _stacked([vectors[text] for group in sentences_of for text in group], dimensions),
        )
        return cls(
            tuple(entry.id for entry in ordered),
            phrasings,
            tuple(text[:_BEGINNING_CHARS] for text in below),
            parts,
        )


def _stacked(vectors: Sequence[Vector], dimensions: int) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, dimensions), dtype=np.float32)
