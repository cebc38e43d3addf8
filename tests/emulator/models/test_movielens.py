"""The floor of the quality on MovieLens 100K."""

from __future__ import annotations

from statistics import fmean

import pytest

from personalize_gitops.emulator.models.evaluation import metrics_of
from tests.support.datasets import defaults, movielens

GAIN = "normalized_discounted_cumulative_gain_at_25"


@pytest.mark.movielens
def test_personal_recommendations_are_good() -> None:
    """With the guide's split and five seeds, the gain is at least .26, and 1.5 times that of popularity."""
    data = movielens()

    personal, popular = (
        fmean(metrics_of(defaults(recipe), data, seed)[GAIN] for seed in range(5))
        for recipe in ("aws-user-personalization", "aws-popularity-count")
    )

    assert personal >= 0.26
    assert personal >= 1.5 * popular
