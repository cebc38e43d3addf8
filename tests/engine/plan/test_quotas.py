"""Quotas: whether a dataset group and a region have room for what a plan creates, and for a successor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.engine.plan.quotas import full_group, full_region
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
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
    numbers = {"held": OF_GROUP, "coming": 0, "most": OF_GROUP}
    assert found.params == {"kind": Verbatim("Recommender"), **numbers, "own": False}


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


EXPRESSION = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
FILTERS = 10
"""The default quota of filters of a dataset group, which can be raised (docs/service/3 §13.2)."""


def filters(count: int, group: str = "shop") -> list[Document]:
    """Return declared filters of a dataset group."""
    spec = {"datasetGroup": group, "filterExpression": EXPRESSION}
    return [document(f"Filter/{group[-4:]}-{number:02}", spec) for number in range(count)]


def others(count: int, **fields: Any) -> list[Live]:
    """Return filters of other people in the dataset group."""
    spec = {"datasetGroup": GROUP, "filterExpression": EXPRESSION}
    return [live(f"Filter/other-{number}", spec, **fields) for number in range(count)]


def plan(documents: Iterable[Document], lives: Iterable[Live] = (), **policy: Any) -> Plan:
    """Return the plan of these documents and the dataset group."""
    return make_plan(context([SHOP.document, *documents], lives, **policy))


def noted(found: Plan) -> dict[str, Reason]:
    """Return the notes about quotas, by address."""
    notes = [(str(change.address), note) for change in found.changes for note in change.notes]
    return {address: note for address, note in notes if note.code is ReasonCode.OVER_QUOTA}


def over(kind: str, found: int, most: int, *, adjustable: bool = True, group: str = "") -> Reason:
    """Return the reason that there would be too many objects."""
    place = {"group": Verbatim(group)} if group else {}
    return because(
        ReasonCode.OVER_QUOTA, kind=Verbatim(kind), found=found, most=most, adjustable=adjustable, own=False, **place
    )


def test_a_quota_that_can_be_raised_has_one_note() -> None:
    """Twelve filters of a new dataset group: one note at the first beyond the quota, and the plan can be applied."""
    found = plan(filters(12))

    assert noted(found) == {"Filter/shop-10": over("Filter", 12, FILTERS, group="shop")}
    assert found.applyable


def test_as_many_as_the_quota_have_no_note() -> None:
    """A plan that creates exactly the quota has no note; each dataset group counts for itself."""
    two = document("DatasetGroup/shop-two")

    assert noted(plan([*filters(FILTERS), two, *filters(FILTERS, "shop-two")])) == {}


@pytest.mark.parametrize(
    ("lives", "found"),
    [
        pytest.param(others(9), 11, id="of other people"),
        pytest.param(others(9, status="CREATE FAILED"), None, id="failed ones"),
        pytest.param(others(9, status="DELETE IN_PROGRESS"), None, id="ones that are being deleted"),
        pytest.param(others(FILTERS), 12, id="the quota"),
        pytest.param(others(FILTERS + 1), None, id="more than the default quota, so it was raised"),
    ],
)
def test_what_exists_counts(lives: list[Live], found: int | None) -> None:
    """Two new filters beside those that exist."""
    notes = noted(plan(filters(2), [owned("DatasetGroup/shop"), *lives]))

    assert list(notes.values()) == ([over("Filter", found, FILTERS, group="shop")] if found else [])


def test_what_the_plan_deletes_does_not_count() -> None:
    """A filter that the plan prunes makes room for a new one; a filter that it keeps does not."""
    spec = {"datasetGroup": GROUP, "filterExpression": EXPRESSION}
    lives = [owned("DatasetGroup/shop"), owned("Filter/old", spec), *others(9)]

    assert noted(plan(filters(1), lives, prune=True)) == {}
    assert [note.params["found"] for note in noted(plan(filters(1), lives)).values()] == [11]


def test_a_replacement_comes_before_what_is_new() -> None:
    """A failed filter is created again within the quota; the note is at the new filter, in either order of names."""
    spec = {"datasetGroup": GROUP, "filterExpression": EXPRESSION}
    again, new = document("Filter/z", {**spec, "datasetGroup": "shop"}), filters(1)
    failed = owned("Filter/z", spec, status="CREATE FAILED")

    found = plan([again, *new], [owned("DatasetGroup/shop"), failed, *others(9)])

    assert noted(found) == {"Filter/shop-00": over("Filter", 11, FILTERS, group="shop")}


def test_a_quota_that_cannot_be_raised_blocks() -> None:
    """The creations beyond the quota are blocked, those within it are not, and say how many there would be."""
    spec = {"datasetGroup": "shop", "recipe": "aws-vod-top-picks"}

    found = plan([document(f"Recommender/r{number}", spec) for number in range(OF_GROUP + 2)])

    assert [str(change.address) for change in found.blocked] == ["Recommender/r5", "Recommender/r6"]
    assert {change.reasons[-1] for change in found.blocked} == {
        over("Recommender", OF_GROUP + 2, OF_GROUP, adjustable=False, group="shop")
    }


def test_a_region_counts_what_all_groups_create() -> None:
    """Six dataset groups are one more than the region may hold, in one note."""
    found = plan([document(f"DatasetGroup/shop-{number}") for number in range(5)])

    assert noted(found) == {"DatasetGroup/shop-4": over("DatasetGroup", 6, 5)}


def test_a_second_metric_attribution_of_a_new_group_is_blocked() -> None:
    """A dataset group can have one metric attribution, so the second of two new ones is blocked."""
    found = plan([document(f"MetricAttribution/{name}", {"datasetGroup": "shop"}) for name in ("a", "b")])

    assert [str(change.address) for change in found.blocked] == ["MetricAttribution/b"]
