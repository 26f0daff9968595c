"""A question to an outcome: embed, search, score, decide."""

from bot.matching.deciding import decide
from bot.matching.scoring import score_entries
from bot.model import Match, Outcome, OutcomeKind, Vector
from bot.ports import Index
from bot.text import has_words
from bot.vectors import Vectorizer

_MOST_MATCHES = 5


class Answerer:
    """Answers questions from the index."""

    def __init__(self, vectorizer: Vectorizer, index: Index, threshold: float) -> None:
        self._vectorizer = vectorizer
        self._index = index
        self._threshold = threshold

    async def answer(self, text: str) -> Outcome:
        """Find out what becomes of a question.

        Raises:
            EmbedderError: the question could not be embedded.
            IndexNotReadyError: there is no index for the model in use.
        """
        if not has_words(text):
            return self.nothing_to_ask()
        return self.outcome(await self._vectorizer.question(text))

    def nothing_to_ask(self) -> Outcome:
        """Decline a text without words, which is never embedded."""
        return Outcome(OutcomeKind.DECLINE, None, (), (), self._threshold)

    def outcome(self, vector: Vector) -> Outcome:
        """Find out what becomes of an embedded question: everything but the embedding.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        found = self._index.search(vector, self._vectorizer.model, limit=_MOST_MATCHES)
        matches = score_entries(found.candidates)[:_MOST_MATCHES]
        kind, shown = decide(matches, self._threshold)
        entries = tuple(found.entries[match.entry_id] for match in shown)
        is_answer = kind is OutcomeKind.ANSWER
        return Outcome(
            kind,
            entries[0] if is_answer else None,
            () if is_answer else entries,
            matches,
            self._threshold,
        )

    def ranking(self, vector: Vector, entries: int) -> tuple[Match, ...]:
        """Rank as many entries as can be found, whatever their scores: for evaluation.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        found = self._index.search(vector, self._vectorizer.model, limit=entries)
        return score_entries(found.candidates)
