"""A question to an outcome: take it apart, embed, find candidates, score, decide."""

import asyncio
import logging
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.matching.deciding import Bands, Policy, decide
from bot.matching.explaining import Explanation
from bot.matching.parts import parts_of
from bot.matching.words import words
from bot.model import Entry, Match, Outcome, OutcomeKind, Ranking, Scoring, Vector
from bot.ports import EmbedderError, Index, IndexNotReadyError
from bot.serving import Serving, State
from bot.text import has_words
from bot.vectors import Vectorizer
from bot.visibility import ANYBODY, Asker, hidden_ids, is_visible

_log = logging.getLogger(__name__)

_MOST_MATCHES = 5
_CANDIDATES = 12
_CERTAIN = 1.0
_MOST_AT_WORK = 1
_ROOM_FOR_ERROR_OF_A_PART = 1 / 6
"""How much less than a perfect score a part may have to answer, against a whole message."""
_TELLING_SHARE = 0.5
"""How long a part must be, against the longest, to bring suggestions for the whole message."""
_NO_VECTORS: Mapping[str, Vector] = {}


def _today() -> date:
    return datetime.now().astimezone().date()


class Answerer:
    """Answers questions from the index."""

    def __init__(
        self,
        vectorizer: Vectorizer,
        index: Index,
        policy: Policy,
        serving: Serving | None = None,
        *,
        today: Callable[[], date] = _today,
    ) -> None:
        """Prepare.

        Args:
            vectorizer: embeds questions.
            index: finds candidates.
            policy: what the operator wants of the scores.
            serving: holds what is served, shared with whoever brings the index up to date.
            today: tells the day where the bot is.
        """
        self._vectorizer = vectorizer
        self._index = index
        self._policy = policy
        self._today = today
        self._serving = serving or Serving(index, vectorizer.model)
        self._at_work = asyncio.Semaphore(_MOST_AT_WORK)

    def bands(self, off_topic: float | None = None) -> Bands:
        """Give the scores from which on to answer and to suggest.

        Args:
            off_topic: the probability that no entry answers; None where nothing was found out.
        """
        return self._policy.bands(self._vectorizer.model.name, off_topic)

    async def answer(self, text: str, asker: Asker = ANYBODY) -> Outcome:
        """Find out what becomes of a question.

        Raises:
            EmbedderError: the question could not be embedded, and its words found no answer.
            IndexNotReadyError: there is no index for the model in use.
        """
        if not has_words(text):
            return self.nothing_to_ask()
        by_cosine = self._policy.scoring is Scoring.COSINE
        try:
            vectors = await self._vectorizer.asked([text] if by_cosine else readings_of(text))
        except EmbedderError as error:
            if by_cosine:
                raise
            try:
                outcome = await asyncio.to_thread(self.outcome, text, _NO_VECTORS, asker)
            except IndexNotReadyError:
                raise error from None  # which is also why there is no index yet
            # Words alone can find an answer, but cannot tell that there is none.
            if outcome.kind is OutcomeKind.DECLINE:
                raise
            _log.warning("A question was answered by words alone: %s", error)
            return outcome
        # What is served may have to be read first, which must not keep others waiting. Many at once
        # would share the interpreter, and all of a crowd be done last.
        async with self._at_work:
            return await asyncio.to_thread(self.outcome, text, vectors, asker)

    def nothing_to_ask(self) -> Outcome:
        """Decline a text without words, which is never embedded."""
        return _outcome(OutcomeKind.DECLINE, (), (), Ranking((), None), self.bands())

    def outcome(self, text: str, vectors: Mapping[str, Vector], asker: Asker = ANYBODY) -> Outcome:
        """Find out what becomes of a question: everything but the embedding.

        Args:
            text: the question, with at least one word.
            vectors: of all that `readings_of` gives for it; none for an answer by words alone.
            asker: who asks.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        whole = self._decided(text, text, vectors, asker)
        if self._policy.scoring is Scoring.COSINE or (whole.score or 0.0) >= _CERTAIN:
            return whole
        parts = {
            part: self._decided(part, text, vectors, asker)
            for part in readings_of(text)[1:]
            if part in vectors or not vectors
        }
        return _combined(whole, parts)

    def ranking(self, text: str, vectors: Mapping[str, Vector]) -> Ranking:
        """Rank all entries that can be found for a question taken as a whole.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        _, ranking = self._ranked(text, vectors.get(text))
        return ranking

    async def explain(self, text: str) -> tuple[Explanation, ...]:
        """Tell what spoke for the best entries of a question taken as a whole, best first.

        Args:
            text: the question, or the part of a message that its outcome names as its reading.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        try:
            vector = (await self._vectorizer.asked([text]))[text]
        except EmbedderError:
            vector = None
        served, ranking = await asyncio.to_thread(self._ranked, text, vector)
        return served.matcher.explain(text, vector, ranking.matches[:_MOST_MATCHES])

    def rehearsed(self) -> Sequence[tuple[str, str, Ranking]]:
        """Ask the FAQ its own phrasings without them: each with its entry, and what it found.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        matcher = self._serving.current().matcher
        return matcher.rehearsed(self._policy.off_topic_share)

    def milliseconds(self, texts: Sequence[str]) -> float:
        """Measure what a question takes without embedding it, as the median over these texts.

        Args:
            texts: phrasings of the FAQ, whose vectors are at hand.
        """
        served = self._serving.current()
        taken = []
        for text in texts:
            vector = served.matcher.vector_of(text)
            started = time.perf_counter()
            self._ranked(text, vector)
            taken.append((time.perf_counter() - started) * 1000)
        return statistics.median(taken)

    def entries(self, asker: Asker = ANYBODY) -> tuple[Entry, ...]:
        """Give what the FAQ has for someone, in its order; nothing where there is no index yet."""
        today = self._today()
        return tuple(it for it in self._index.entries() if is_visible(it, asker, today))

    def _decided(
        self, text: str, message: str, vectors: Mapping[str, Vector], asker: Asker
    ) -> Outcome:
        served, ranking = self._ranked(text, vectors.get(text), asker)
        bands = self.bands(ranking.off_topic)
        best = served.by_id[ranking.matches[0].entry_id] if ranking.matches else None
        if best and best.details.threshold is not None:
            threshold = best.details.threshold
            bands = replace(bands, answer=threshold, suggest=min(bands.suggest, threshold))
        if not vectors:
            bands = bands.stricter()
        if text != message:
            # Of several readings one is more easily right by chance: what would answer as a whole
            # message is suggested, and much more is needed to answer.
            answer = 1 - (1 - bands.answer) * _ROOM_FOR_ERROR_OF_A_PART
            bands = replace(bands, answer=answer, suggest=bands.answer)
        kind, shown = decide(ranking.matches, bands)
        entries = tuple(served.by_id[match.entry_id] for match in shown)
        is_answer = kind is OutcomeKind.ANSWER
        outcome = _outcome(
            kind, entries if is_answer else (), () if is_answer else entries, ranking, bands
        )
        return replace(outcome, reading=text, without_embeddings=not vectors)

    def _ranked(
        self, text: str, vector: Vector | None, asker: Asker = ANYBODY
    ) -> tuple[State, Ranking]:
        while True:
            found = self._index.candidates(
                vector, words(text), self._vectorizer.model, limit=_CANDIDATES
            )
            served = self._serving.current(found.generation)
            if served.generation == found.generation:
                break
        hidden = hidden_ids(served.conditional, asker, self._today())
        if self._policy.scoring is Scoring.COSINE and vector is not None:
            return served, served.matcher.nearest(vector, found.nearest, hidden)
        ranking = served.matcher.rank(
            text,
            vector,
            (*found.nearest, *found.worded),
            off_topic_share=self._policy.off_topic_share,
            hidden=hidden,
        )
        return served, ranking


def readings_of(text: str) -> tuple[str, ...]:
    """Give the texts to embed for a message: the whole, and the parts it may consist of."""
    return text, *parts_of(text)


def _outcome(
    kind: OutcomeKind,
    answers: Sequence[Entry],
    suggestions: tuple[Entry, ...],
    ranking: Ranking,
    bands: Bands,
) -> Outcome:
    return Outcome(
        kind,
        answers[0] if answers else None,
        tuple(answers[1:]),
        suggestions,
        ranking.matches[:_MOST_MATCHES],
        ranking.off_topic,
        bands.answer,
        bands.suggest,
    )


def _combined(whole: Outcome, parts: Mapping[str, Outcome]) -> Outcome:
    """Make one outcome of a message and its parts."""
    plausible = {match.entry_id for match in whole.matches}
    # What the whole message has nothing to do with is not one of its questions, unless it stands in
    # the FAQ word for word.
    parts = {
        text: part
        for text, part in parts.items()
        if part.matches
        and (part.matches[0].entry_id in plausible or part.matches[0].score >= _CERTAIN)
    }
    answers: dict[str, tuple[Entry, Match]] = {}
    for part in parts.values():
        if part.entry:
            answers.setdefault(part.entry.id, (part.entry, part.matches[0]))
    if len(answers) > 1:
        entries = tuple(entry for entry, _ in answers.values())
        sure = sorted((match for _, match in answers.values()), key=lambda it: -it.score)
        others = tuple(match for match in whole.matches if match.entry_id not in answers)
        return replace(
            whole,
            kind=OutcomeKind.ANSWER,
            entry=entries[0],
            further=entries[1:],
            suggestions=(),
            matches=(*sure, *others)[:_MOST_MATCHES],
        )
    if whole.kind is OutcomeKind.ANSWER:
        return whole
    # A greeting or a story around a question hides it; the question alone does not.
    surest = max(parts.values(), key=_certainty, default=whole)
    if surest.kind is OutcomeKind.ANSWER or whole.kind is OutcomeKind.SUGGEST:
        return surest if surest.kind is OutcomeKind.ANSWER else whole
    # But "could you tell me?" is no question.
    longest = max((len(words(text)) for text in parts), default=0)
    telling = [it for text, it in parts.items() if len(words(text)) > longest * _TELLING_SHARE]
    best = max(telling, key=_certainty, default=whole)
    return best if best.kind is OutcomeKind.SUGGEST else whole


def _certainty(outcome: Outcome) -> float:
    return outcome.score or 0.0
