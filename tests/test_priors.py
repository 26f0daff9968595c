"""What is known before the FAQ is."""

import numpy as np
import pytest

from bot.matching.confidence import SUMMARY
from bot.matching.evidence import MEANING
from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES
from bot.matching.priors import WITH_EMBEDDINGS, WITHOUT_EMBEDDINGS, Priors


@pytest.mark.parametrize("priors", [WITH_EMBEDDINGS, WITHOUT_EMBEDDINGS])
def test_every_feature_has_its_weight(priors: Priors) -> None:
    """Each feature and each reading has a finite weight, in the order that they come in."""
    for weights in (priors.prior.shallow, priors.prior.deep):
        assert weights.of_candidates.shape == (len(CANDIDATE_FEATURES),)
        assert weights.of_none.shape == (len(NONE_FEATURES),)
        assert np.isfinite(weights.of_candidates).all()
        assert np.isfinite(weights.of_none).all()
    for row in (priors.calibration.right, priors.calibration.off_topic):
        assert row.shape == (len(SUMMARY),)
        assert np.isfinite(row).all()


def test_without_embeddings_meaning_weighs_nothing() -> None:
    """Where no embeddings are to be had, no voice that needs them is listened to."""
    of_meaning = [
        place
        for place, name in enumerate(CANDIDATE_FEATURES)
        if name in MEANING
        or name.removesuffix("_lead") in MEANING
        or name.removesuffix("_to_own") in MEANING
        or name.endswith("_foreign")
    ]
    for weights in (WITHOUT_EMBEDDINGS.prior.shallow, WITHOUT_EMBEDDINGS.prior.deep):
        assert not weights.of_candidates[of_meaning].any()
        assert weights.of_candidates.any()
