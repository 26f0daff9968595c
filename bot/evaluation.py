"""Test questions through the engine, each judged."""

import time
from collections.abc import Callable, Sequence

from bot.answering import Answerer
from bot.matching.evaluating import Judged
from bot.model import Query
from bot.text import has_words
from bot.vectors import Vectorizer


async def evaluate(
    queries: Sequence[Query],
    answerer: Answerer,
    vectorizer: Vectorizer,
    *,
    entries: int,
    progress: Callable[[int, int], None],
) -> list[Judged]:
    """Put each question to the engine as a person would, and keep what came of it.

    Args:
        queries: the test questions.
        answerer: the engine.
        vectorizer: what embeds the questions, all at once, so that it is not in the timing.
        entries: how many entries the FAQ has.
        progress: is told how many of how many questions have been embedded.

    Raises:
        EmbedderError: the questions could not be embedded.
        IndexNotReadyError: there is no index for the model in use.
    """
    texts = [query.text for query in queries if has_words(query.text)]
    vectors = await vectorizer.questions(texts, progress)
    judged = []
    for query in queries:
        vector = vectors.get(query.text)
        started = time.perf_counter()
        outcome = answerer.nothing_to_ask() if vector is None else answerer.outcome(vector)
        milliseconds = (time.perf_counter() - started) * 1000
        ranking = tuple(match.entry_id for match in outcome.matches)
        found = query.expected is None or any(map(query.accepts, ranking))
        if vector is not None and not found:
            ranking = tuple(match.entry_id for match in answerer.ranking(vector, entries))
        shown = (outcome.entry,) if outcome.entry else outcome.suggestions
        judged.append(
            Judged(
                query,
                ranking,
                outcome.score or 0.0,
                outcome.kind,
                tuple(entry.id for entry in shown),
                None,
                milliseconds,
            )
        )
    return judged
