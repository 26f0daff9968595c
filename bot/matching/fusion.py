"""Features to probabilities: which candidate is right, or whether none is.

A conditional logit (McFadden 1974) over the candidates and "none". Its weights begin as priors that
held over many FAQs and are refitted on the FAQ at hand, where that has anything to learn from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.features import Features
from bot.matching.segments import Floats, Integers

_STEPS = 50  # a handful suffices, but where the prior is far off most steps must be halved
_CLOSE_ENOUGH = 1e-4


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts."""

    of_candidates: Floats
    """Shape (CANDIDATE_FEATURES,)."""
    of_none: Floats
    """Shape (NONE_FEATURES,)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Weights for FAQs of one phrasing an entry, and what changes with many."""

    shallow: Weights
    deep: Weights

    def at(self, depth: float) -> Weights:
        """Give the weights for a FAQ of this depth, from 0 to 1."""
        return Weights(
            (1 - depth) * self.shallow.of_candidates + depth * self.deep.of_candidates,
            self.shallow.of_none + depth * self.deep.of_none,
        )


@dataclass(frozen=True, slots=True)
class Example:
    """Questions with known answers, described; n of them."""

    features: Features
    right: Integers
    """The right candidate's place, or -1 where none is right, shape (n,)."""
    weights: Floats
    """How much each counts, shape (n,)."""


def probabilities(features: Features, weights: Weights) -> Floats:
    """Give each candidate's probability of being right, and last that of none; (n, c + 1)."""
    utilities = np.concatenate(
        [
            features.of_candidates @ weights.of_candidates,
            (features.of_none @ weights.of_none)[:, None],
        ],
        axis=1,
    )
    utilities -= utilities.max(axis=1, keepdims=True)
    likelihoods = np.exp(utilities)
    return np.asarray(likelihoods / likelihoods.sum(axis=1, keepdims=True))


def refit(examples: Sequence[Example], prior: Weights, *, evidence: float, ridge: float) -> Weights:
    """Learn the weights from examples, drawn towards a prior; by Newton's method.

    Args:
        examples: what to learn from.
        prior: where to begin and what to stay near.
        evidence: how many examples theirs together count for.
        ridge: how strongly the prior holds, as the precision of a normal distribution / 2.
    """
    total = sum(float(it.weights.sum()) for it in examples)
    if total <= 0:
        return prior
    start = np.concatenate([prior.of_candidates, prior.of_none])
    designs = [_design(it.features) for it in examples]
    current, loss = start, np.inf
    step = np.zeros_like(start)
    for _ in range(_STEPS):
        proposed = current + step
        new_loss, gradient, hessian = _loss(designs, examples, proposed, evidence / total)
        new_loss += ridge * float(((proposed - start) ** 2).sum())
        if new_loss > loss:
            step = step / 2
            continue
        if loss - new_loss < _CLOSE_ENOUGH:
            current = proposed
            break
        current, loss = proposed, new_loss
        gradient += 2 * ridge * (current - start)
        step = -np.linalg.solve(hessian + 2 * ridge * np.eye(len(start)), gradient)
    split = len(prior.of_candidates)
    return Weights(current[:split], current[split:])


def _design(features: Features) -> npt.NDArray[np.float64]:
    """Put candidates and none into one array, shape (n, c + 1, all features)."""
    questions, candidates, width = features.of_candidates.shape
    design = np.zeros((questions, candidates + 1, width + features.of_none.shape[1]))
    design[:, :-1, :width] = features.of_candidates
    design[:, -1, width:] = features.of_none
    return design


def _loss(
    designs: Sequence[Floats], examples: Sequence[Example], weights: Floats, scale: float
) -> tuple[float, Floats, Floats]:
    """Give the weighted log-loss, its gradient and its Hessian."""
    loss, gradient = 0.0, np.zeros_like(weights)
    hessian = np.zeros((len(weights), len(weights)))
    for design, example in zip(designs, examples, strict=True):
        counts = example.weights * scale
        utilities = design @ weights
        utilities -= utilities.max(axis=1, keepdims=True)
        likelihoods = np.exp(utilities)
        whole = likelihoods.sum(axis=1, keepdims=True)
        chances = likelihoods / whole
        rows = np.arange(len(design))
        # Not the logarithm of the chance, which may be 0: the loss must fit its gradient.
        loss -= float((counts * (utilities[rows, example.right] - np.log(whole[:, 0]))).sum())
        mean = np.einsum("nc,ncf->nf", chances, design)
        gradient += ((mean - design[rows, example.right]) * counts[:, None]).sum(axis=0)
        flat = design.reshape(-1, design.shape[2])
        hessian += (flat * (chances * counts[:, None]).reshape(-1, 1)).T @ flat
        hessian -= (mean * counts[:, None]).T @ mean
    return loss, gradient, hessian
