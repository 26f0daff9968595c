"""Greetings and thanks, which ask for nothing that a FAQ answers."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from bot.matching.deciding import even_similarity
from bot.model import Entry, Vector
from bot.ports import EmbedderError
from bot.text import has_words, normalise
from bot.vectors import Vectorizer

MOST_WORDS: Final = 12
"""What is longer is no small talk, whatever it comes near to."""
_WORD = re.compile(r"[^\W_]+")
_LENGTHENED = re.compile(r"(\w)\1+")
_MORE_WORDS = 4
"""How many signs may stand between words, as smileys do, that do not count as such."""
_FEWEST_LETTERS = 5
"""A slip in a shorter word makes another word."""
_ALIKE = 0.88
_CLOSE_SHARE = 0.5
"""How far on the way from the usual similarity to sameness a text must be to mean the same."""


class SmallTalk:
    """What is said to what is no question; it stands behind all real answers."""

    def __init__(self, vectorizer: Vectorizer) -> None:
        self._vectorizer = vectorizer
        self._entries: tuple[Entry, ...] = ()
        self._by_words: dict[str, Entry] = {}
        self._most_words = 0
        self._vectors: list[tuple[Entry, Vector]] | None = None

    def serve(self, entries: Sequence[Entry]) -> None:
        """Say this from now on.

        Args:
            entries: each with the ways in which people put it, and the reply to it.
        """
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        self._by_words = {}
        for entry in self._entries:
            for text in entry.phrasings:
                self._by_words.setdefault(_bare(text), entry)
        self._most_words = max((len(it.split()) for it in self._by_words), default=0) + _MORE_WORDS
        self._vectors = None

    def by_words(self, text: str) -> Entry | None:
        """Find what has these very words, but for slips, lengthened letters and signs."""
        # Most questions are too long to be any of it, and need no closer look.
        if not self._by_words or len(text.split()) > self._most_words:
            return None
        bare = _bare(text)
        if not bare:
            return None
        exact = self._by_words.get(bare)
        if exact or len(bare) < _FEWEST_LETTERS:
            return exact
        first = bare[0]
        alike = (
            (ratio, known)
            for known in self._by_words
            if known[0] == first and (ratio := _alike(known, bare)) >= _ALIKE
        )
        best = max(alike, default=None)
        return self._by_words[best[1]] if best else None

    async def by_meaning(self, text: str) -> Entry | None:
        """Find what means the same; nothing where that cannot be told just now."""
        if not self._entries or not has_words(text) or len(_WORD.findall(text)) > MOST_WORDS:
            return None
        try:
            known = await self._known()
            vector = (await self._vectorizer.asked([text]))[text]
        except EmbedderError:
            return None
        usual = even_similarity(self._vectorizer.model.name)
        least = usual + (1 - usual) * _CLOSE_SHARE
        best = max(known, key=lambda it: float(it[1] @ vector), default=None)
        return best[0] if best and float(best[1] @ vector) >= least else None

    async def _known(self) -> list[tuple[Entry, Vector]]:
        """Give the vectors of all phrasings, made when they are first wanted."""
        if self._vectors is None:
            pairs = [(it, text) for it in self._entries for text in it.phrasings if has_words(text)]
            vectors = await self._vectorizer.asked([text for _, text in pairs])
            self._vectors = [(it, vectors[text]) for it, text in pairs]
        return self._vectors


def _bare(text: str) -> str:
    """Leave out signs, unless there is nothing else, and letters that are drawn out."""
    folded = normalise(text)
    found = " ".join(_WORD.findall(folded))
    return _LENGTHENED.sub(r"\1", found) or "".join(folded.split())


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # By their lengths alone, most cannot be.
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0
