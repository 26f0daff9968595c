"""A question to an outcome in the light of what was told before it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.answering import Answerer
from bot.matching.deciding import decide
from bot.matching.following import CLEAR, Followed, Talk, is_short, joined, tie_broken
from bot.model import Entry, Outcome, OutcomeKind, Scoring
from bot.ports import EmbedderError
from bot.told import Told
from bot.visibility import ANYBODY, Asker

_MOST_MATCHES = 5


async def answer_following(
    answerer: Answerer, text: str, earlier: Told | None, asker: Asker = ANYBODY
) -> Outcome:
    """Find out what becomes of a question that may lean on an earlier one.

    What is clear by itself is answered as ever. Where scores are no probabilities, every question
    stands for itself.

    Args:
        answerer: answers.
        text: the question.
        earlier: what was told before; None where that is long ago.
        asker: who asks.

    Raises:
        EmbedderError: the question could not be embedded, and its words found no answer.
        IndexNotReadyError: there is no index for the model in use.
    """
    entries = {it.id: it for it in answerer.entries(asker)} if earlier else {}
    if earlier is None or not entries or answerer.scoring is not Scoring.CALIBRATED:
        return await answerer.answer(text, asker)
    talk = _talk(earlier, entries)
    together = _together(earlier, text, talk, entries) if is_short(text) else []
    alone = await answerer.answer(text, asker, beside=together)
    if alone.without_embeddings or alone.further or (alone.score or 0.0) >= CLEAR:
        return alone
    alone = _in_topic(alone, talk, entries)
    if not together or not alone.matches or alone.matches[0].entry_id in talk.given:
        return alone  # what was told already is what these words mean
    try:
        by_itself, *others = await answerer.rankings([text, *together], asker)
    except EmbedderError:
        return alone
    followed = Followed.of(by_itself, others, talk)
    return _better(alone, _decided(answerer, followed, entries, together[-1]), followed)


def _talk(earlier: Told, entries: Mapping[str, Entry]) -> Talk:
    """Tell what has been told, of what is still there and may be seen."""
    answers = earlier.entry_ids if earlier.kind is OutcomeKind.ANSWER else ()
    given = [entries[id_] for id_ in answers if id_ in entries]
    topics = {it.topic for it in given if it.topic}
    related = {id_ for it in given for id_ in it.details.related}
    near = frozenset(id_ for id_, it in entries.items() if it.topic in topics or id_ in related)
    ids = frozenset(it.id for it in given)
    return Talk(ids, near - ids)


def _together(earlier: Told, text: str, talk: Talk, entries: Mapping[str, Entry]) -> list[str]:
    """Join a question to the earlier one, and to the question of the entry that answered it."""
    answered = [entries[id_].question for id_ in earlier.entry_ids if id_ in talk.given][:1]
    # One that leaned on yet another says too little.
    asked = [] if answered and is_short(earlier.question) else [earlier.question]
    return list(dict.fromkeys(joined(it, text) for it in (*asked, *answered)))


def _in_topic(alone: Outcome, talk: Talk, entries: Mapping[str, Entry]) -> Outcome:
    """Let the topic under way decide between entries that are about as likely."""
    matches = tie_broken(alone.matches, talk)
    if matches == alone.matches:
        return alone
    best = entries[matches[0].entry_id]
    if alone.kind is OutcomeKind.ANSWER:
        if best.details.threshold is not None or matches[0].score < alone.threshold:
            return alone
        return replace(alone, entry=best, matches=matches)
    order = {it.entry_id: place for place, it in enumerate(matches)}
    suggestions = sorted(alone.suggestions, key=lambda it: order.get(it.id, len(order)))
    return replace(alone, suggestions=tuple(suggestions), matches=matches)


def _decided(
    answerer: Answerer, followed: Followed, entries: Mapping[str, Entry], reading: str
) -> Outcome:
    """Decide what becomes of a question together with an earlier one."""
    ranking = followed.ranking
    matches = tuple(it for it in ranking.matches if it.entry_id in entries)
    best = entries[matches[0].entry_id] if matches else None
    bands = answerer.bands(ranking.off_topic).of(best)
    kind, shown = decide(matches, bands)
    found = tuple(entries[it.entry_id] for it in shown)
    is_answer = kind is OutcomeKind.ANSWER
    return Outcome(
        kind,
        entry=found[0] if is_answer else None,
        further=(),
        suggestions=() if is_answer else found,
        matches=matches[:_MOST_MATCHES],
        off_topic=ranking.off_topic,
        threshold=bands.answer,
        suggest_threshold=bands.suggest,
        reading=reading,
    )


def _better(alone: Outcome, together: Outcome, followed: Followed) -> Outcome:
    """Choose between a question by itself and one that leans on another."""
    if together.kind is not OutcomeKind.ANSWER or together.entry is None:
        return alone
    if alone.entry:
        stands = alone.entry == together.entry or followed.still_there(alone.entry.id)
        return alone if stands else together
    if alone.kind is OutcomeKind.SUGGEST:
        return together
    # Of words that say next to nothing by themselves, what came before says nearly all.
    return replace(together, kind=OutcomeKind.SUGGEST, entry=None, suggestions=(together.entry,))
