"""A matcher put to the test by the FAQ's own phrasings."""

from collections.abc import Iterator
from dataclasses import replace

from threadpoolctl import threadpool_limits

from bot.matching.matcher import Matcher
from bot.matching.plda import principal
from bot.matching.rehearsal import rehearse
from bot.matching.scores import best_first
from bot.model import Match, Ranking


def rehearsed(matcher: Matcher, off_topic_share: float) -> list[tuple[str, str, Ranking]]:
    """Ask a FAQ its own phrasings, each left out of the FAQ meanwhile.

    Entries of one phrasing stay whole: nothing of them would be left to find.

    Args:
        matcher: the FAQ's.
        off_topic_share: the share of questions that no entry answers, from 0 to 1.

    Returns:
        Each phrasing, the id of its entry, and what the rest of the FAQ has for it.
    """
    with threadpool_limits(limits=1):
        return list(_rehearsed(matcher, off_topic_share))


def _rehearsed(matcher: Matcher, off_topic_share: float) -> Iterator[tuple[str, str, Ranking]]:
    if matcher.scales is None:
        return
    texts = [text for group in matcher.phrasings for text in group]
    owners = matcher.evidence.phrasings.owners()
    # What was stored leaves out what only fitting needs.
    evidence = replace(matcher.evidence, projection=principal(matcher.evidence.vectors))
    for part in rehearse(evidence, matcher.scales, most=None):
        if part.entry_left_out:
            continue
        for row, phrasing in enumerate(part.phrasings):
            order, scores, off_topic = matcher.believed(
                part.features.row(row), matcher.scales, off_topic_share, with_embeddings=True
            )
            matches = (
                Match(matcher.ids[entry], matcher.phrasings[entry][0], float(score))
                for entry, score in zip(part.entries[order], scores, strict=True)
            )
            ranking = Ranking(best_first(matches), off_topic)
            yield texts[phrasing], matcher.ids[owners[phrasing]], ranking
