"""Probabilities from features, and weights from examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES, Features
from bot.matching.fusion import Example, Prior, Weights, probabilities, refit
from bot.matching.segments import Floats

_WIDTH, _NONE_WIDTH = len(CANDIDATE_FEATURES), len(NONE_FEATURES)
_EVIDENCE, _RIDGE = 75.0, 3.0


def _features(seed: int, questions: int, candidates: int, scale: float = 1.0) -> Features:
    generator = np.random.default_rng(seed)
    return Features(
        np.tile(np.arange(candidates), (questions, 1)),
        scale * generator.normal(size=(questions, candidates, _WIDTH)),
        scale * generator.normal(size=(questions, _NONE_WIDTH)),
    )


def _weights(seed: int) -> Weights:
    generator = np.random.default_rng(seed)
    return Weights(generator.normal(size=_WIDTH), generator.normal(size=_NONE_WIDTH))


def _examples(seed: int, questions: int, candidates: int) -> list[Example]:
    """Make questions of which some have a right candidate and some none, in two parts."""
    generator = np.random.default_rng(seed)
    return [
        Example(
            _features(seed + part, questions, candidates),
            generator.integers(-1, candidates, questions),
            generator.uniform(0.1, 2, questions),
        )
        for part in range(2)
    ]


def _flat(weights: Weights) -> Floats:
    return np.concatenate([weights.of_candidates, weights.of_none])


def _penalised_loss(examples: list[Example], flat: Floats, prior: Weights) -> float:
    """Give what the weights are to make small, by the definition."""
    weights = Weights(flat[:_WIDTH], flat[_WIDTH:])
    total = sum(float(it.weights.sum()) for it in examples)
    loss = _RIDGE * float(((flat - _flat(prior)) ** 2).sum())
    for it in examples:
        chances = probabilities(it.features, weights)
        for row, (right, weight) in enumerate(zip(it.right, it.weights, strict=True)):
            loss -= _EVIDENCE / total * weight * math.log(chances[row, right])
    return loss


@given(st.integers(0, 999), st.integers(0, 4), st.integers(1, 6), st.sampled_from([0, 1, 100]))
def test_probabilities_sum_to_one(seed: int, questions: int, candidates: int, scale: float) -> None:
    """Each candidate and "none" share all belief, however extreme the features."""
    chances = probabilities(_features(seed, questions, candidates, scale), _weights(seed))

    assert chances.shape == (questions, candidates + 1)
    assert np.isfinite(chances).all()
    assert (chances >= 0).all()
    assert chances.sum(axis=1) == pytest.approx(np.ones(questions))


def test_what_weighs_more_is_likelier() -> None:
    """Odds grow with the weighed features as a conditional logit has it."""
    features = Features(np.array([[0, 1]]), np.zeros((1, 2, _WIDTH)), np.zeros((1, _NONE_WIDTH)))
    features.of_candidates[0, 0, 0] = math.log(2)
    features.of_none[0, 0] = math.log(5)
    weights = Weights(np.zeros(_WIDTH), np.zeros(_NONE_WIDTH))
    weights.of_candidates[0] = weights.of_none[0] = 1

    assert probabilities(features, weights)[0].tolist() == pytest.approx([2 / 8, 1 / 8, 5 / 8])


@given(st.integers(0, 999), st.integers(1, 20), st.integers(1, 5))
def test_refitting_finds_the_best_weights(seed: int, questions: int, candidates: int) -> None:
    """The weights learnt are where no small change makes examples and prior more likely."""
    examples, prior = _examples(seed, questions, candidates), _weights(seed)

    found = _flat(refit(examples, prior, evidence=_EVIDENCE, ridge=_RIDGE))

    gradient = []
    for place in range(len(found)):
        step = np.zeros_like(found)
        step[place] = 1e-5
        higher = _penalised_loss(examples, found + step, prior)
        gradient.append((higher - _penalised_loss(examples, found - step, prior)) / 2e-5)
    assert np.abs(gradient).max() < 0.05
    assert _penalised_loss(examples, found, prior) <= _penalised_loss(examples, _flat(prior), prior)


def test_without_examples_the_prior_stays() -> None:
    """A FAQ that has nothing to tell is read as other FAQs are."""
    prior = _weights(0)
    weightless = Example(_features(0, 2, 3), np.array([0, 1]), np.zeros(2))

    assert refit([], prior, evidence=_EVIDENCE, ridge=_RIDGE) is prior
    assert refit([weightless], prior, evidence=_EVIDENCE, ridge=_RIDGE) is prior


@given(st.integers(0, 99))
def test_a_firm_prior_gives_way_less(seed: int) -> None:
    """The firmer the prior, and the fewer examples count, the nearer the weights stay to it."""
    examples, prior = _examples(seed, 10, 3), _weights(seed)

    def moved(evidence: float, ridge: float) -> float:
        learnt = refit(examples, prior, evidence=evidence, ridge=ridge)
        return float(np.linalg.norm(_flat(learnt) - _flat(prior)))

    assert moved(75, 300) < moved(75, 3)
    assert moved(1, 3) < moved(75, 3)
    assert moved(75, 1e9) == pytest.approx(0, abs=1e-5)


def test_what_always_tells_the_right_candidate_gains_weight() -> None:
    """A feature that marks the right candidate counts more after learning, others hardly do."""
    features = _features(0, 60, 4, scale=0.1)
    right = np.arange(60) % 4
    features.of_candidates[np.arange(60), right, 2] += 1
    prior = Weights(np.zeros(_WIDTH), np.zeros(_NONE_WIDTH))

    learnt = refit([Example(features, right, np.ones(60))], prior, evidence=75, ridge=3)

    assert learnt.of_candidates[2] > 1
    assert learnt.of_candidates[2] > 3 * np.abs(np.delete(learnt.of_candidates, 2)).max()


def test_a_prior_follows_the_depth_of_the_faq() -> None:
    """Between one phrasing an entry and many, weights change in step."""
    shallow, deep = _weights(0), _weights(1)
    prior = Prior(shallow, deep)

    assert prior.at(0).of_candidates.tolist() == shallow.of_candidates.tolist()
    assert prior.at(1).of_candidates.tolist() == deep.of_candidates.tolist()
    halfway = (shallow.of_candidates + deep.of_candidates) / 2
    assert prior.at(0.5).of_candidates == pytest.approx(halfway)
    assert prior.at(0.5).of_none == pytest.approx(shallow.of_none + deep.of_none / 2)
