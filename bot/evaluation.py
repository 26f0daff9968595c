"""Test questions through the engine, each judged."""

import time
from collections.abc import Callable, Mapping, Sequence

from bot.answering import Answerer
from bot.combining import readings_of
from bot.matching.deciding import decide
from bot.matching.evaluating import Judged
from bot.model import Query, Vector
from bot.text import has_words
from bot.vectors import Vectorizer

_MOST_TIMED = 100


async def evaluate(
    queries: Sequence[Query],
    answerer: Answerer,
    vectorizer: Vectorizer,
    *,
    progress: Callable[[int, int], None],
) -> list[Judged]:
    """Put each question to the engine as a person would, and keep what came of it.

    Args:
        queries: the test questions.
        answerer: the engine.
        vectorizer: what embeds the questions, all at once, so that it is not in the timing.
        progress: is told how many of how many questions have been embedded.

    Raises:
        EmbedderError: the questions could not be embedded.
        IndexNotReadyError: there is no index for the model in use.
    """
    asked = [query.text for query in queries if has_words(query.text)]
    readings = {text: readings_of(text) for text in asked}
    vectors = await vectorizer.questions(
        list(dict.fromkeys(reading for group in readings.values() for reading in group)), progress
    )
    return [
        _judged(query, answerer, {text: vectors[text] for text in readings.get(query.text, ())})
        for query in queries
    ]


def leave_one_out(answerer: Answerer) -> list[Judged]:
    """Ask the FAQ its own phrasings, each left out of the FAQ meanwhile.

    Entries of one phrasing are not asked: nothing of them would be left to find.

    Raises:
        IndexNotReadyError: there is no index for the model in use.
    """
    rehearsed = answerer.rehearsed()
    if not rehearsed:
        return []
    # Leaving out takes far longer than a question does, so that is measured apart.
    step = -(-len(rehearsed) // _MOST_TIMED)
    milliseconds = answerer.milliseconds([text for text, *_ in rehearsed[::step]])
    judged = []
    for text, entry_id, ranking in rehearsed:
        bands = answerer.bands(ranking.off_topic)
        kind, shown = decide(ranking.matches, bands)
        judged.append(
            Judged(
                Query(text, entry_id),
                tuple(match.entry_id for match in ranking.matches),
                ranking.matches[0].score,
                kind,
                tuple(match.entry_id for match in shown),
                ranking.off_topic,
                bands.answer,
                bands.suggest,
                milliseconds,
            )
        )
    return judged


def _judged(query: Query, answerer: Answerer, vectors: Mapping[str, Vector]) -> Judged:
    started = time.perf_counter()
    outcome = answerer.outcome(query.text, vectors) if vectors else answerer.nothing_to_ask()
    milliseconds = (time.perf_counter() - started) * 1000
    ranking = tuple(match.entry_id for match in outcome.matches)
    if vectors and query.expected is not None and not any(map(query.accepts, ranking)):
        # What people are shown ends early; the mean reciprocal rank does not.
        further = answerer.ranking(query.text, vectors).matches
        ranking += tuple(it.entry_id for it in further if it.entry_id not in ranking)
    answers = (outcome.entry, *outcome.further) if outcome.entry else ()
    return Judged(
        query,
        ranking,
        outcome.score or 0.0,
        outcome.kind,
        tuple(entry.id for entry in answers or outcome.suggestions),
        outcome.off_topic,
        outcome.threshold,
        outcome.suggest_threshold,
        milliseconds,
    )
