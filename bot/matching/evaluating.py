"""How good the answers are: figures over judged questions."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.model import Query

_RECALL_RANKS = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A test question and what the engine made of it."""

    query: Query
    ranking: tuple[str, ...]
    """Entry ids, best first, whatever their scores."""
    score: float
    """The best entry's score, from 0 to 1."""
    answered: bool
    milliseconds: float
    """What it took, without embedding the question."""

    @property
    def rank(self) -> int | None:
        """The place of the first right entry, from 1; None where it was not found."""
        places = (i for i, id_ in enumerate(self.ranking, start=1) if self.query.accepts(id_))
        return next(places, None)

    @property
    def right(self) -> bool:
        """Whether the reaction is the right one: the right answer, or rightly none."""
        if self.query.expected is None:
            return not self.answered
        return self.answered and self.rank == 1


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one evaluation; None where the questions cannot show one.

    In scope are the questions that an entry should answer, out of scope the others.
    """

    queries: int
    in_scope: int
    out_of_scope: int
    p_at_1: float | None
    """Share of in-scope questions whose right entry comes first, whatever its score."""
    recall_at_3: float | None
    """The same for the first three."""
    mrr: float | None
    """Mean of 1 / rank of the right entry, in scope."""
    auc: float | None
    """Chance that an in-scope question's best score exceeds an out-of-scope one's."""
    threshold: float
    combined_accuracy: float
    """(In scope answered rightly + out of scope not answered) / all."""
    answered_precision: float | None
    """Right answers / answers."""
    coverage: float | None
    """Share of in-scope questions that were answered."""
    oos_recall: float | None
    """Share of out-of-scope questions that were not answered."""
    mcc: float | None
    """Matthews correlation over all entries, with "not answered" as one more class."""
    ms_per_query_p50: float
    ms_per_query_p95: float


def figures(judged: Sequence[Judged], threshold: float) -> Figures:
    """Sum up judged questions; there must be at least one."""
    inside = [it for it in judged if it.query.expected is not None]
    outside = [it for it in judged if it.query.expected is None]
    answered = [it for it in judged if it.answered]
    milliseconds = np.array([it.milliseconds for it in judged])
    return Figures(
        queries=len(judged),
        in_scope=len(inside),
        out_of_scope=len(outside),
        p_at_1=_share([it.rank == 1 for it in inside]),
        recall_at_3=_share([it.rank is not None and it.rank <= _RECALL_RANKS for it in inside]),
        mrr=_share([1 / it.rank if it.rank else 0.0 for it in inside]),
        auc=auc(
            np.array([it.score for it in inside]),
            np.array([it.score for it in outside]),
        ),
        threshold=threshold,
        combined_accuracy=_share([it.right for it in judged]) or 0.0,
        answered_precision=_share([it.right for it in answered]),
        coverage=_share([it.answered for it in inside]),
        oos_recall=_share([not it.answered for it in outside]),
        mcc=_mcc(judged),
        ms_per_query_p50=float(np.percentile(milliseconds, 50)),
        ms_per_query_p95=float(np.percentile(milliseconds, 95)),
    )


def auc(positives: npt.NDArray[np.float64], negatives: npt.NDArray[np.float64]) -> float | None:
    """Area under the ROC curve: how often a positive exceeds a negative, ties counting half.

    Args:
        positives: scores, shape (n,).
        negatives: scores, shape (m,).

    Returns:
        From 0 to 1; None where one of them is empty.
    """
    if not len(positives) or not len(negatives):
        return None
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    not_above = np.searchsorted(ordered, positives, side="right")
    return float((below + not_above).sum() / (2 * len(positives) * len(negatives)))


def _mcc(judged: Sequence[Judged]) -> float | None:
    """Compute the multi-class Matthews correlation (Gorodkin 2004, R_K) from class counts."""
    pairs = [(_true_class(it), it.ranking[0] if it.answered else None) for it in judged]
    true, predicted = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    total = len(pairs)
    right = sum(a == b for a, b in pairs)
    covariance = right * total - sum(true[it] * predicted[it] for it in true)
    spread = (total**2 - sum(n * n for n in predicted.values())) * (
        total**2 - sum(n * n for n in true.values())
    )
    return covariance / math.sqrt(spread) if spread else None


def _true_class(judged: Judged) -> str | None:
    # Where several entries are right, the one that was given is the truth.
    if judged.answered and judged.rank == 1:
        return judged.ranking[0]
    return judged.query.expected


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
