"""From what a FAQ tells of itself to the weights for this FAQ."""

from collections.abc import Sequence

import numpy as np

from bot.matching.fusion import Example, Prior, Weights, refit
from bot.matching.rehearsal import Rehearsed

# How many questions' worth all that a FAQ tells of itself counts, and how firmly the prior holds.
_EVIDENCE, _RIDGE = 75.0, 3.0
# An entry left out is nearer to the rest of the FAQ than most of what is off its topic, so what it
# shows of silence counts for little.
_OFF_TOPIC_WEIGHT = 0.1
_ENOUGH_QUESTIONS = 200


def learnt(
    rehearsals: Sequence[Rehearsed], prior: Prior, depth: float, *, in_words: bool = False
) -> Weights:
    """Learn the weights for one FAQ; where it has nothing to learn from, they are the prior's.

    Args:
        rehearsals: what the FAQ tells of itself.
        prior: what held over many FAQs.
        depth: the FAQ's, see `Scales`.
        in_words: for the voices that need no embeddings.
    """
    weights = prior.at(depth)
    asked = sum(len(it.right) for it in rehearsals if not it.entry_left_out)
    if not asked:
        return weights
    silent = sum(len(it.right) for it in rehearsals if it.entry_left_out)
    examples = []
    for it in rehearsals:
        share, count = (_OFF_TOPIC_WEIGHT, silent) if it.entry_left_out else (1.0, asked)
        examples.append(
            Example(
                it.without_embeddings if in_words else it.features,
                it.right_in_words if in_words else it.right,
                np.full(len(it.right), share / count),
            )
        )
    evidence = _EVIDENCE * min(1.0, asked / _ENOUGH_QUESTIONS)
    return refit(examples, weights, evidence=evidence, ridge=_RIDGE)
