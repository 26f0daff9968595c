"""Candidates to scored entries."""

from collections.abc import Iterable

from bot.model import Candidate, Match


def score_entries(candidates: Iterable[Candidate]) -> tuple[Match, ...]:
    """Score each entry by its nearest phrasing: plain nearest neighbour.

    Returns:
        One match an entry, best first, equal scores by entry id. A score is the cosine similarity,
        from 0 (nothing in common, or less) to 1.
    """
    best: dict[str, Match] = {}
    for candidate in candidates:
        score = min(max(candidate.similarity, 0.0), 1.0)
        known = best.get(candidate.entry_id)
        # Equal phrasings of one entry: the text decides, not the order in which they were found.
        if known is None or (score, known.question) > (known.score, candidate.question):
            best[candidate.entry_id] = Match(candidate.entry_id, candidate.question, score)
    return tuple(sorted(best.values(), key=lambda match: (-match.score, match.entry_id)))
