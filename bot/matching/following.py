"""A question that leans on an earlier one: what both say together, less what was said already.

By itself "and for students?" may be near to much, or to nothing. Joined to the question before it,
it is nearest to what that was about, which was answered. What is left when that is set aside, and
what the words say by themselves, must agree: the geometric mean of the two is high only there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.matching.words import words
from bot.model import Match, Ranking

MOST_WORDS: Final = 7
"""What is longer says by itself what it is about."""
CLEAR: Final = 0.8
"""From this score on a question is not taken for one that leans on another."""
_SAME_TOPIC = 3.0
"""How many times likelier an entry is that belongs to what the talk is about already."""
_STILL_THERE = 0.1
"""The share of the best one's chance that an entry keeps beside the earlier question if it was
really asked for: words that say what they are about are heard beside others, "how much" is not."""
_LEAST = 0.002
"""What is less likely is as good as that: else one ranking alone would decide."""
_NEARLY = 0.9
"""What share of a score makes another one a tie."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What has been told already, as far as it says what comes next."""

    given: frozenset[str]
    """Ids of the entries that answered."""
    near: frozenset[str]
    """Ids of the entries that belong to them: of the same topic, or related."""


def is_short(text: str) -> bool:
    """Tell whether a question may be too short to stand for itself."""
    return len(words(text)) <= MOST_WORDS


def joined(earlier: str, text: str) -> str:
    """Put two questions together so that they are one."""
    return f"{earlier.rstrip('?!. ')} {text}"  # a full stop would part them again


@dataclass(frozen=True, slots=True)
class Followed:
    """What a question asks for in the light of an earlier one."""

    ranking: Ranking
    """Without what was given already."""
    beside: Mapping[str, float]
    """The chances of entries once the question is joined to the earlier one."""

    @classmethod
    def of(cls, alone: Ranking, together: Sequence[Ranking], talk: Talk) -> "Followed":
        """Combine what a question means by itself and joined to what came before it.

        Args:
            alone: the question by itself, by probability.
            together: the same joined to the earlier question, and to the one that answered it.
            talk: what has been told.
        """
        others = [_without(it, talk.given) for it in together]
        off_topic = sum(it.off_topic or 0.0 for it in others) / len(others)
        beside: dict[str, float] = {}
        for match in (match for it in others for match in it.matches):
            beside[match.entry_id] = beside.get(match.entry_id, 0.0) + match.score / len(others)
        by_itself = {it.entry_id: it for it in _of_all((alone, *others), talk.given)}
        chances = {
            id_: _agreed(by_itself[id_].score, beside.get(id_, 0.0))
            * (_SAME_TOPIC if id_ in talk.near else 1.0)
            for id_ in by_itself
        }
        nothing = _agreed(alone.off_topic or 0.0, off_topic)
        whole = sum(chances.values()) + nothing
        matches = [
            Match(id_, by_itself[id_].question, chance / whole) for id_, chance in chances.items()
        ]
        matches.sort(key=lambda it: (-it.score, it.entry_id))
        return cls(Ranking(tuple(matches), nothing / whole), beside)

    def still_there(self, id_: str) -> bool:
        """Tell whether an entry is asked for beside the earlier question, too."""
        return self.beside.get(id_, 0.0) >= _STILL_THERE * max(self.beside.values(), default=0.0)


def tie_broken(matches: Sequence[Match], talk: Talk) -> tuple[Match, ...]:
    """Put first what belongs to the topic under way, of entries that are about as likely."""
    if not matches or matches[0].entry_id in talk.near | talk.given:
        return tuple(matches)
    least = matches[0].score * _NEARLY
    tied = [it for it in matches if it.score >= least and it.entry_id in talk.near]
    return (*tied, *(it for it in matches if it not in tied))


def _without(ranking: Ranking, given: Collection[str]) -> Ranking:
    """Take what was given out of a ranking, as if it were known not to be meant."""
    left = 1 - sum(it.score for it in ranking.matches if it.entry_id in given)
    left = max(left, _LEAST)
    matches = (
        Match(it.entry_id, it.question, min(it.score / left, 1.0))
        for it in ranking.matches
        if it.entry_id not in given
    )
    off_topic = min((ranking.off_topic or 0.0) / left, 1.0)
    return Ranking(tuple(matches), off_topic)


def _of_all(rankings: Sequence[Ranking], given: Collection[str]) -> list[Match]:
    """Give each entry's match in the first ranking, or none of a chance."""
    alone, *others = rankings
    found = {it.entry_id: Match(it.entry_id, it.question, 0.0) for o in others for it in o.matches}
    found |= {it.entry_id: it for it in alone.matches if it.entry_id not in given}
    return list(found.values())


def _agreed(one: float, other: float) -> float:
    """Give the geometric mean of two chances."""
    product = max(one, _LEAST) * max(other, _LEAST)
    return float(product**0.5)
