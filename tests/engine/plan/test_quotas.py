"""Quotas: whether a dataset group and a region have room for a successor beside the object it replaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.engine.plan.quotas import full_group, full_region
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim
from tests.engine.plan.contexts import context, decided
from tests.support.builders import HEAD, change, document, live, owned

GROUP = f"{HEAD}:dataset-group/shop"
SHOP = change(document("DatasetGroup/shop"), Action.NONE, live=owned("DatasetGroup/shop"))
NEXT = document("Recommender/next", {"datasetGroup": "shop"})
FOUND = owned("Recommender/next", {"datasetGroup": GROUP})
OF_GROUP, OF_REGION = 5, 15
"""The default quotas of recommenders (docs/service/3 §13)."""


def recommenders(count: int, group: str = GROUP, **fields: Any) -> list[Live]:
    """Return recommenders of other people in a dataset group."""
    name = f"{group[-4:]}-{fields.get('status', 'x').split()[0].lower()}x"
    return [live(f"Recommender/{name}{n}", {"datasetGroup": group}, **fields) for n in range(count)]


def group_of(lives: Iterable[Live]) -> Reason | None:
    """Return why the dataset group has no room for a successor of `next`, beside these objects."""
    account = [owned("DatasetGroup/shop"), FOUND, *lives]
    return full_group(NEXT, FOUND, context([SHOP.document, NEXT], account), decided(SHOP))


@pytest.mark.parametrize(
    ("others", "is_full"),
    [
        pytest.param(recommenders(OF_GROUP - 2), False, id="one less than the quota"),
        pytest.param(recommenders(OF_GROUP - 1), True, id="the quota"),
        pytest.param(recommenders(OF_GROUP), False, id="more than the default quota, so it was raised"),
        pytest.param(recommenders(OF_GROUP - 1, status="CREATE FAILED"), False, id="failed ones"),
        pytest.param(recommenders(OF_GROUP - 1, status="DELETE IN_PROGRESS"), False, id="ones that are being deleted"),
        pytest.param(recommenders(OF_GROUP - 1, status="INACTIVE"), True, id="stopped ones"),
        pytest.param(recommenders(OF_GROUP - 1, f"{GROUP}-two"), False, id="ones of another group"),
    ],
)
def test_a_group_that_holds_exactly_the_quota_is_full(others: list[Live], is_full: bool) -> None:
    """Every object of the group counts, except those that failed or are being deleted."""
    assert (group_of(others) is not None) is is_full


def test_the_reason_says_what_uses_up_the_quota() -> None:
    """The reason holds the kind, the number of objects that exist, of those that the plan adds, and the quota."""
    found = group_of(recommenders(OF_GROUP - 1))

    assert found
    assert found.code is ReasonCode.GROUP_FULL
    assert found.params == {"kind": Verbatim("Recommender"), "held": OF_GROUP, "coming": 0, "most": OF_GROUP}


def test_a_region_is_counted_over_all_groups() -> None:
    """Recommenders of three dataset groups together fill the quota of the region."""
    lives = [FOUND, *recommenders(4), *recommenders(5, f"{GROUP}-two"), *recommenders(5, f"{GROUP}-six")]

    assert len(lives) == OF_REGION
    found = full_region(NEXT, context([NEXT], lives), decided())

    assert found
    assert (found.code, found.params["held"]) == (ReasonCode.REGION_FULL, OF_REGION)
    assert full_region(NEXT, context([NEXT], lives[:-1]), decided()) is None


@pytest.mark.parametrize(
    ("action", "exists", "comes"),
    [
        pytest.param(Action.CREATE, False, True, id="created"),
        pytest.param(Action.SUCCESSOR, True, True, id="replaced by a successor"),
        pytest.param(Action.RECREATE, True, False, id="recreated in its place"),
        pytest.param(Action.NONE, True, False, id="unchanged"),
        pytest.param(None, False, True, id="undecided, does not exist"),
        pytest.param(None, True, False, id="undecided, exists"),
    ],
)
def test_objects_that_the_plan_adds_count(action: Action | None, exists: bool, comes: bool) -> None:
    """Objects that the plan creates beside the successor count, whether they are decided before or after it."""
    other = document("Recommender/other", {"datasetGroup": "shop"})
    existing = owned("Recommender/other", {"datasetGroup": GROUP}) if exists else None
    changes = [SHOP, *([change(other, action, live=existing)] if action else [])]
    others = recommenders(OF_GROUP - 3) if exists else recommenders(OF_GROUP - 2)
    account = [owned("DatasetGroup/shop"), FOUND, *others, *([existing] if existing else [])]

    found = full_group(NEXT, FOUND, context([SHOP.document, NEXT, other], account), decided(*changes))

    assert (found is not None) is comes


def test_a_kind_without_a_quota_has_room() -> None:
    """Datasets have no quota for a group, and filters none for a region, so there is always room."""
    dataset = document("Dataset/items", {"datasetGroup": "shop", "datasetType": "Items"})
    found = owned("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items"})

    assert full_group(dataset, found, context([dataset], [found]), decided(SHOP)) is None
    assert full_region(document("Filter/seen"), context([], []), decided()) is None
