"""A question to an outcome: take it apart, embed, find candidates, score, decide."""

import asyncio
import logging
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.combining import CERTAIN, MOST_MATCHES, combined, readings_of
from bot.faq.aliases import by_any_id
from bot.matching.deciding import Bands, Policy, decide, decide_again
from bot.matching.explaining import Explanation
from bot.matching.self_test import rehearsed
from bot.matching.words import words
from bot.model import Candidates, Entry, Outcome, OutcomeKind, Ranking, Scoring, Vector
from bot.ports import EmbedderError, Index, IndexNotReadyError
from bot.serving import Serving, State
from bot.text import has_words
from bot.told import Told
from bot.vectors import Vectorizer
from bot.visibility import ANYBODY, Asker, hidden_ids

_log = logging.getLogger(__name__)

_CANDIDATES = 12
_FEW_ENTRIES = 300
"""Up to so many, scoring them all takes less than looking for candidates."""
_MOST_AT_WORK = 1
_MOST_QUICK = 2000
"""Up to so many phrasings, ranking takes two or three milliseconds."""
_ROOM_FOR_ERROR_OF_A_PART = 1 / 6
"""How much less than a perfect score a part may have to answer, against a whole message."""
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

    @property
    def scoring(self) -> Scoring:
        """What scores are."""
        return self._policy.scoring

    async def answer(
        self, text: str, asker: Asker = ANYBODY, *, beside: Sequence[str] = ()
    ) -> Outcome:
        """Find out what becomes of a question.

        Args:
            text: the question.
            asker: who asks.
            beside: texts that may be ranked next, to be embedded in the same request.

        Raises:
            EmbedderError: the question could not be embedded, and its words found no answer.
            IndexNotReadyError: there is no index for the model in use.
        """
        if not has_words(text):
            return self.nothing_to_ask()
        by_cosine = self._policy.scoring is Scoring.COSINE
        wanted = [text] if by_cosine else readings_of(text)
        try:
            vectors = await self._vectorizer.asked([*wanted, *beside])
        except EmbedderError as error:
            # Maybe only what was wanted beside it cannot be embedded.
            known = self._vectorizer.at_hand(wanted)
            if known is None and by_cosine:
                raise
            if known is None:
                return await self._by_words(text, asker, error)
            vectors = known
        # Many at once would share the interpreter, and all of a crowd be done last.
        async with self._at_work:
            if self._is_quick():
                await asyncio.sleep(0)  # between two questions, others have their turn
                return self.outcome(text, vectors, asker)
            return await asyncio.to_thread(self.outcome, text, vectors, asker)

    def _is_quick(self) -> bool:
        """Tell whether a question takes a few milliseconds only: a thread would take as much again.

        What is served may have to be read first, which must not keep others waiting.
        """
        held = self._serving.held
        return held is not None and len(held.matcher.evidence.vectors) <= _MOST_QUICK

    async def _by_words(self, text: str, asker: Asker, error: EmbedderError) -> Outcome:
        try:
            outcome = await asyncio.to_thread(self.outcome, text, _NO_VECTORS, asker)
        except IndexNotReadyError:
            raise error from None  # which is also why there is no index yet
        # Words alone can find an answer, but cannot tell that there is none.
        if outcome.kind is OutcomeKind.DECLINE:
            raise error
        _log.warning("A question was answered by words alone: %s", error)
        return outcome

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
        if self._policy.scoring is Scoring.COSINE or (whole.score or 0.0) >= CERTAIN:
            return whole
        parts = {
            part: self._decided(part, text, vectors, asker)
            for part in readings_of(text)[1:]
            if part in vectors or not vectors
        }
        return combined(whole, parts)

    def ranking(self, text: str, vectors: Mapping[str, Vector]) -> Ranking:
        """Rank all entries that can be found for a question taken as a whole.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        _, ranking = self._ranked(text, vectors.get(text))
        return ranking

    async def rankings(self, texts: Sequence[str], asker: Asker = ANYBODY) -> tuple[Ranking, ...]:
        """Rank all entries that someone may see for each of some questions taken as a whole.

        Raises:
            EmbedderError: they could not be embedded.
            IndexNotReadyError: there is no index for the model in use.
        """
        vectors = await self._vectorizer.asked(texts)

        def ranked() -> tuple[Ranking, ...]:
            return tuple(self._ranked(text, vectors[text], asker)[1] for text in texts)

        return await asyncio.to_thread(ranked)

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
        return served.matcher.explain(text, vector, ranking.matches[:MOST_MATCHES])

    def rehearsed(self) -> Sequence[tuple[str, str, Ranking]]:
        """Ask the FAQ its own phrasings without them: each with its entry, and what it found.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        matcher = self._serving.current().matcher
        return rehearsed(matcher, self._policy.off_topic_share)

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
        state = self._serving.latest()
        if state is None:
            return ()
        hidden = hidden_ids(state.conditional, asker, self._today())
        return tuple(it for it in state.entries if it.id not in hidden) if hidden else state.entries

    def alternatives(self, told: Told, asker: Asker = ANYBODY) -> tuple[tuple[Entry, float], ...]:
        """Give what else may have been meant where what was told was not, with its scores.

        Args:
            told: what somebody was told.
            asker: who is shown something else.
        """
        found = by_any_id(self.entries(asker))
        # What has got another id since then is still the same entry.
        scores = {found[id_].id: score for id_, score in told.scores if id_ in found}
        wrong = {found[id_].id if id_ in found else id_ for id_ in told.entry_ids}
        left = decide_again([*scores.items()], wrong, self._policy.scoring, self.bands())
        return tuple((found[id_], score) for id_, score in left)

    def languages(self) -> tuple[str, ...]:
        """Give the languages of the FAQ, the commonest first; none until it was first asked."""
        held = self._serving.held
        return held.languages if held else ()

    def generation(self) -> int | None:
        """Tell which state of the index serves; None where there is none for the model in use."""
        state = self._serving.latest()
        return state.generation if state else None

    def plausible(self, outcome: Outcome) -> tuple[Entry, ...]:
        """Give all entries of an outcome that may be meant: those shown, then others not far below.

        Raises:
            IndexNotReadyError: there is no index for the model in use.
        """
        shown = (*((outcome.entry,) if outcome.entry else ()), *outcome.further)
        if outcome.kind is OutcomeKind.DECLINE:
            return ()
        by_id = self._serving.current().by_id
        near = (
            by_id[it.entry_id]
            for it in outcome.matches
            if it.score >= outcome.suggest_threshold and it.entry_id in by_id
        )
        found = {it.id: it for it in (*shown, *outcome.suggestions, *near)}
        return tuple(found.values())

    def _decided(
        self, text: str, message: str, vectors: Mapping[str, Vector], asker: Asker
    ) -> Outcome:
        served, ranking = self._ranked(text, vectors.get(text), asker)
        best = served.by_id[ranking.matches[0].entry_id] if ranking.matches else None
        bands = self.bands(ranking.off_topic).of(best)
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
        if self._policy.scoring is Scoring.COSINE and vector is not None:
            served, found = self._found(text, vector, roughly=False)
            hidden = hidden_ids(served.conditional, asker, self._today())
            return served, served.matcher.nearest(vector, found.nearest, hidden)
        candidates: Sequence[str] | None = None
        if self._serves_few():
            served = self._serving.current()
        else:
            # What is exact, and what else is near by the model of meaning, the matcher knows.
            served, found = self._found(text, vector, roughly=True)
            candidates = (*found.nearest, *found.worded)
        ranking = served.matcher.rank(
            text,
            vector,
            candidates,
            off_topic_share=self._policy.off_topic_share,
            hidden=hidden_ids(served.conditional, asker, self._today()),
        )
        return served, ranking

    def _serves_few(self) -> bool:
        held = self._serving.held
        return held is not None and len(held.entries) <= _FEW_ENTRIES

    def _found(
        self, text: str, vector: Vector | None, *, roughly: bool
    ) -> tuple[State, Candidates]:
        """Find candidates, and the state of the index that they are of."""
        while True:
            found = self._index.candidates(
                vector,
                words(text),
                self._vectorizer.model,
                limit=_CANDIDATES,
                roughly=roughly,
            )
            served = self._serving.current(found.generation)
            if served.generation == found.generation:
                return served, found


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
        ranking.matches[:MOST_MATCHES],
        ranking.off_topic,
        bands.answer,
        bands.suggest,
    )
