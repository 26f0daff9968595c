"""What reports and plots show of judged questions beside the figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.evaluating import Judged


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """What each threshold would have given, were the best entry to answer from it on.

    Point i stands for every threshold above `thresholds[i - 1]` up to `thresholds[i]`; above the
    last one nothing would be answered.
    """

    thresholds: npt.NDArray[np.float64]
    """The scores that occur, rising, shape (n,)."""
    answered: npt.NDArray[np.float64]
    """How many questions would be answered, shape (n,)."""
    precision: npt.NDArray[np.float64]
    """Right answers / answers, shape (n,)."""
    coverage: npt.NDArray[np.float64] | None
    """Share of in-scope questions answered, shape (n,); None where there are no such questions."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """An entry that comes first where another one should."""

    expected: str
    got: str
    count: int
    """How many questions it concerns."""
    answered: int
    """How many of these got the wrong answer; for the others the score was too low."""


def threshold_curve(judged: Sequence[Judged]) -> ThresholdCurve:
    """Compute precision and coverage at every threshold.

    Questions for which nothing was found (such without words) are never answered.
    """
    found = [it for it in judged if it.ranking]
    scores = np.array([it.score for it in found], dtype=float)
    is_right = np.array([it.rank == 1 for it in found], dtype=bool)
    is_inside = np.array([it.in_scope for it in found], dtype=bool)
    thresholds, places = np.unique(scores, return_inverse=True)

    def at_least(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        counts = np.bincount(places[chosen], minlength=len(thresholds))
        return counts[::-1].cumsum()[::-1].astype(float)

    answered = at_least(np.ones(len(found), dtype=bool))
    inside = sum(it.in_scope for it in judged)
    return ThresholdCurve(
        thresholds,
        answered,
        at_least(is_right) / answered,
        at_least(is_inside) / inside if inside else None,
    )


def confusions(judged: Sequence[Judged]) -> tuple[Confusion, ...]:
    """Count which entries come first in place of which, in scope, whatever the score.

    Returns:
        The worst first: those of most questions, then those with most wrong answers.
    """
    wrong = [it for it in judged if it.in_scope and it.ranking and it.rank != 1]
    counts = Counter((it.query.expected or "", it.ranking[0]) for it in wrong)
    answered = Counter((it.query.expected or "", it.ranking[0]) for it in wrong if it.answered)
    found = (Confusion(*pair, count, answered[pair]) for pair, count in counts.items())
    return tuple(sorted(found, key=lambda it: (-it.count, -it.answered, it.expected, it.got)))
