"""Quotas are found by name and by the kind they count."""

import pytest

from personalize_gitops.catalog.quotas import QUOTAS, Bound, Counted, Scope, quotas_on


@pytest.mark.parametrize(
    ("name", "default", "adjustable"),
    [
        ("active schemas", 500, False),
        ("active dataset groups", 5, True),
        ("pending dataset import jobs", 5, False),
        ("pending solution versions", 20, True),
        ("filters", 10, True),
        ("distinct fields of a filter", 5, False),
        ("distinct fields over all filters", 10, False),
        ("event trackers", 1, False),
        ("item interactions a filter sees of each event type", 100, True),
    ],
)
def test_figures(name: str, default: int, adjustable: bool) -> None:
    """The figures are those of docs/service/3 §13."""
    assert (QUOTAS[name].default, QUOTAS[name].adjustable) == (default, adjustable)


def test_both_recommender_quotas_hold() -> None:
    """The guide has a quota of recommenders for regions and one for dataset groups; both count."""
    assert {(quota.scope, quota.default) for quota in quotas_on("Recommender")} == {
        (Scope.REGION, 15),
        (Scope.DATASET_GROUP, 5),
    }


def test_jobs_are_counted_while_pending() -> None:
    """Finished jobs do not count towards the quota of jobs."""
    assert {quota.counted for name in ("DatasetImportJob", "BatchSegmentJob") for quota in quotas_on(name)} == {
        Counted.PENDING
    }


def test_floors() -> None:
    """Training and imports have minimums; every other quota is a maximum."""
    floors = {quota.name for quota in QUOTAS.values() if quota.bound is Bound.AT_LEAST}

    assert floors == {
        "interactions to train",
        "users with two interactions to train",
        "percent of users with two interactions to train",
        "records of an interactions import",
    }


def test_datasets_are_not_counted_together() -> None:
    """A dataset group holds one dataset of each type, so no quota counts all its datasets."""
    assert quotas_on("Dataset") == ()
    assert QUOTAS["datasets of each type"].default == 1
