"""How good the answers are: figures over judged questions."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.confidence import ASSUMED_OFF_TOPIC_SHARE
from bot.matching.reliability import ReliabilityBin, calibration_error, reliability_bins
from bot.model import OutcomeKind, Query

_RECALL_RANKS = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A test question and what the engine made of it."""

    query: Query
    ranking: tuple[str, ...]
    """Entry ids, best first, whatever their scores."""
    score: float
    """The confidence of the best entry: the probability that it is right, from 0 to 1."""
    kind: OutcomeKind
    shown: tuple[str, ...]
    """Ids of the entries that the person gets to see, answered or suggested, in order."""
    off_topic: float | None
    """The probability that nothing in the FAQ answers; None where scoring knows none."""
    threshold: float
    """The score from which on an entry would have answered it."""
    suggest_threshold: float
    """The score from which on an entry would have been suggested."""
    milliseconds: float
    """What it took, without embedding the question."""

    @property
    def in_scope(self) -> bool:
        """Whether an entry should answer."""
        return self.query.expected is not None

    @property
    def answered(self) -> bool:
        """Whether an entry answered; a suggestion is no answer."""
        return self.kind is OutcomeKind.ANSWER

    @property
    def rank(self) -> int | None:
        """The place of the first right entry, from 1; None where it was not found."""
        places = (i for i, id_ in enumerate(self.ranking, start=1) if self.query.accepts(id_))
        return next(places, None)

    @property
    def right(self) -> bool:
        """Whether the reaction is the right one: the right answer, or rightly none."""
        if not self.in_scope:
            return not self.answered
        return self.answered and any(map(self.query.accepts, self.shown[:1]))

    @property
    def helped(self) -> bool:
        """Whether the right entry was answered, or was among the suggestions."""
        return any(map(self.query.accepts, self.shown))


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
    """The score from which on an entry answers; the mean, where it differs between questions."""
    suggest_threshold: float
    """The score from which on an entry is suggested, likewise."""
    combined_accuracy: float
    """(In scope answered rightly + out of scope not answered) / all."""
    answered_precision: float | None
    """Right answers / answers."""
    coverage: float | None
    """Share of in-scope questions that were answered."""
    oos_recall: float | None
    """Share of out-of-scope questions that were not answered."""
    helped: float | None
    """Share of in-scope questions whose right entry was answered or among the suggestions."""
    mcc: float | None
    """Matthews correlation over all entries, with "not answered" as one more class."""
    calibration_error: float
    """Expected calibration error of the confidence, for the assumed share of off-topic questions;
    see `reliability`."""
    calibration_error_raw: float
    """The same of the score over all questions as they come."""
    off_topic_share: float
    """The share of off-topic questions that was assumed."""
    ms_per_query_p50: float
    ms_per_query_p95: float


def figures(
    judged: Sequence[Judged],
    off_topic_share: float = ASSUMED_OFF_TOPIC_SHARE,
) -> Figures:
    """Sum up judged questions.

    Args:
        judged: at least one.
        off_topic_share: how much of all weight out-of-scope questions have in the calibration
            error, from 0 to 1.
    """
    inside = [it for it in judged if it.in_scope]
    outside = [it for it in judged if not it.in_scope]
    answered = [it for it in judged if it.answered]
    milliseconds = np.array([it.milliseconds for it in judged])
    as_they_come = reliability_bins(_scores(judged), _hits(judged), np.ones(len(judged)))
    return Figures(
        queries=len(judged),
        in_scope=len(inside),
        out_of_scope=len(outside),
        p_at_1=_share([it.rank == 1 for it in inside]),
        recall_at_3=_share([it.rank is not None and it.rank <= _RECALL_RANKS for it in inside]),
        mrr=_share([1 / it.rank if it.rank else 0.0 for it in inside]),
        auc=auc(_scores(inside), _scores(outside)),
        threshold=_share([it.threshold for it in judged]) or 0.0,
        suggest_threshold=_share([it.suggest_threshold for it in judged]) or 0.0,
        combined_accuracy=_share([it.right for it in judged]) or 0.0,
        answered_precision=_share([it.right for it in answered]),
        coverage=_share([it.answered for it in inside]),
        oos_recall=_share([not it.answered for it in outside]),
        helped=_share([it.helped for it in inside]),
        mcc=_mcc(judged),
        off_topic_share=off_topic_share,
        calibration_error=calibration_error(reliability(judged, off_topic_share)) or 0.0,
        calibration_error_raw=calibration_error(as_they_come) or 0.0,
        ms_per_query_p50=float(np.percentile(milliseconds, 50)),
        ms_per_query_p95=float(np.percentile(milliseconds, 95)),
    )


def reliability(
    judged: Sequence[Judged], off_topic_share: float = ASSUMED_OFF_TOPIC_SHARE
) -> tuple[ReliabilityBin, ...]:
    """Set the confidence against what came true: whether the best entry was a right one.

    A set's own share of out-of-scope questions is an accident of how it was collected, so these
    get `off_topic_share` of all weight together, and the others the rest. Where a set has none of
    one kind, only the other counts; where it has none out of scope, the confidence is that of a
    question known to be in scope.

    Args:
        judged: at least one.
        off_topic_share: from 0 to 1.
    """
    is_inside = np.array([it.in_scope for it in judged], dtype=bool)
    inside = int(is_inside.sum())
    outside = len(judged) - inside
    if not outside:
        confidence = np.array([_confidence_in_scope(it) for it in judged])
        return reliability_bins(confidence, _hits(judged), np.ones(len(judged)))
    weights = np.full(len(judged), off_topic_share / outside if inside else 1.0)
    if inside:
        weights[is_inside] = (1 - off_topic_share) / inside
    return reliability_bins(_scores(judged), _hits(judged), weights)


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
    pairs = [(_true_class(it), it.shown[0] if it.answered else None) for it in judged]
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
    if judged.in_scope and judged.right:
        return judged.shown[0]
    return judged.query.expected


def _scores(judged: Sequence[Judged]) -> npt.NDArray[np.float64]:
    return np.array([it.score for it in judged], dtype=float)


def _hits(judged: Sequence[Judged]) -> npt.NDArray[np.bool_]:
    return np.array([it.rank == 1 for it in judged], dtype=bool)


def _confidence_in_scope(judged: Judged) -> float:
    """Give P(right | in scope) = P(right) / P(in scope): what is right is always in scope."""
    in_scope = 1 - (judged.off_topic or 0.0)
    return min(judged.score / in_scope, 1.0) if in_scope > 0 else float(judged.score > 0)


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
